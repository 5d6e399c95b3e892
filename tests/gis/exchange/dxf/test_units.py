"""The unit of a drawing, by numbers first."""

import pytest

from layers.errors import UsageError
from tests.gis.exchange.dxf.conftest import DATA, read


@pytest.mark.parametrize(
    ("header", "scale", "east", "unit"),
    [
        (4, 1, 616600.0, "m"),  # millimetres in the template, metres in truth
        (6, 1, 616600.0, "m"),
        (0, 1, 39616600.0, "m"),
        (0, 1000, 616600.0, "mm"),
        (6, 1000, 616600.0, "mm"),
        (4, 1000, 20.0, "mm"),
        (0, 1, 20.0, "m"),
        (1, 1, 20.0, "in"),
    ],
)
def test_the_unit_is_found_and_shapes_come_in_metres(made, header, scale, east, unit):
    north = 4078000.0 if east > 1e5 else 30.0

    def draw(document, space):
        document.header["$INSUNITS"] = header
        space.add_line((east * scale, north * scale), ((east + 10) * scale, north * scale))

    found = made(draw)
    assert found.unit == unit
    factor = 0.0254 if unit == "in" else 1
    assert found.geometry[0].length == pytest.approx(10 * factor)


AROUND = [(616600.0, 4078000.0), (616620.0, 4078000.0), (616620.0, 4078010.0)]


@pytest.mark.parametrize("shape", ["polyline", "edges", "spline"])
def test_areas_and_curves_alone_tell_the_unit_too(made, shape):
    def draw(document, space):
        document.header["$INSUNITS"] = 1  # as GDAL writes it, whatever the numbers are
        if shape == "spline":
            space.add_open_spline([*AROUND, (616600.0, 4078010.0)])
            return
        hatch = space.add_hatch()
        if shape == "polyline":
            hatch.paths.add_polyline_path(AROUND, is_closed=True)
            return
        path = hatch.paths.add_edge_path()
        for start, end in zip(AROUND, [*AROUND[1:], AROUND[0]], strict=True):
            path.add_line(start, end)

    found = made(draw)
    assert found.unit == "m"
    assert found.bounds[0] == pytest.approx(616600.0)


def test_letters_half_a_metre_tall_are_millimetres(made):
    def draw(document, space):
        document.header["$INSUNITS"] = 0
        space.add_text("客厅", height=350).set_placement((1200, 900))

    assert made(draw).unit == "mm"
    assert read(DATA / "libredwg_gh109_1.dxf").unit == "mm"


def test_the_user_knows_better(made):
    assert made(lambda d, s: s.add_line((0, 0), (500, 0)), unit="cm").geometry[0].length == pytest.approx(5)
    with pytest.raises(UsageError):
        made(lambda d, s: s.add_line((0, 0), (1, 0)), unit="ell")
