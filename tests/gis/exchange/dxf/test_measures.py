"""Dimensions: CAD gets dimensions that show what the plan shows, and the plan its lines back."""

from itertools import pairwise

import ezdxf
import pytest
import shapely

from gis.edit.construct import dimension_line
from gis.edit.dimensions import measured_words, radius_line
from gis.exchange.dxf.plan import plan_dxf_import
from gis.exchange.dxf.writing import DxfOptions, write_dxf
from layers.feature import Feature
from tests.gis.exchange.conftest import plan
from tests.gis.exchange.dxf.conftest import SOUTH, WEST, read


def at(x, y):
    return WEST + x, SOUTH + y


def note(uid, sort, line, words=None):
    return Feature(uid * 32, line, {"type": sort, "text": words or measured_words(sort, line)})


ALIGNED = note("a", "dimension", dimension_line(at(0, 0), at(40, 10), at(0, 6)))
BARE = note("b", "dimension", shapely.LineString([at(0, -5), at(14.8, -5)]), "14.8")
RADIUS = note("c", "radius", radius_line(at(60, 0), at(65, 0), at(70, 3)))
SHORT = note("d", "radius", radius_line(at(60, 0), at(60, 5), at(60, 5)))
BENT = note("e", "dimension", shapely.LineString([at(0, 20), at(1, 26), at(9, 25), at(9, 20)]), "9.00 m")


@pytest.fixture
def measured_plan():
    return plan(note=[ALIGNED, BARE, RADIUS, SHORT, BENT])


def written(snapshot, tmp_path, version="R2010"):
    path = tmp_path / "a.dxf"
    write_dxf(snapshot, [snapshot.layers["note"]], path, options=DxfOptions(version))
    document = ezdxf.readfile(path)
    auditor = document.audit()
    assert (auditor.errors, auditor.fixes) == ([], [])
    return path, document


@pytest.mark.parametrize("version", ["R2000", "R2010", "R2018"])
def test_dimensions_leave_as_such_and_every_vertex_comes_back(measured_plan, tmp_path, version):
    path, document = written(measured_plan, tmp_path, version)
    assert len(document.modelspace().query("DIMENSION")) == 4
    assert len(document.modelspace().query("LWPOLYLINE")) == 1  # CAD would draw it otherwise
    assert not plan_dxf_import(measured_plan, read(path)).changes
    empty = plan()
    back = empty.apply(plan_dxf_import(empty, read(path)).changes)
    for feature in measured_plan.layers["note"].table:
        again = back.layers["note"].table.get(feature.uid)
        assert shapely.equals_exact(again.geometry, feature.geometry, tolerance=1e-6)


def test_the_number_is_left_to_cad_where_the_words_are_just_that(measured_plan, tmp_path):
    _, document = written(measured_plan, tmp_path)
    dimensions = list(document.modelspace().query("DIMENSION"))
    assert [d.dxf.text for d in dimensions] == ["<> m", "14.8", "R <> m", "R <> m"]
    assert [round(d.get_measurement(), 2) for d in dimensions] == [41.23, 14.8, 5.0, 5.0]


def test_every_dimension_has_its_picture_with_the_words_of_the_plan(measured_plan, tmp_path):
    _, document = written(measured_plan, tmp_path)
    for made, feature in zip(
        document.modelspace().query("DIMENSION"), (ALIGNED, BARE, RADIUS, SHORT), strict=True
    ):
        picture = document.blocks.get(made.dxf.geometry)
        (text,) = picture.query("TEXT")
        assert text.dxf.text == feature.attributes["text"]
        drawn = [{(p.x, p.y) for p in (e.dxf.start, e.dxf.end)} for e in picture.query("LINE")]
        for segment in pairwise(feature.geometry.coords):
            assert set(segment) in drawn


def test_sizes_follow_the_scale_of_the_plot(measured_plan, tmp_path):
    path = tmp_path / "a.dxf"
    for scale, height in ((500, 1.1), (1000, 2.2)):
        write_dxf(measured_plan, [measured_plan.layers["note"]], path, options=DxfOptions(scale=scale))
        document = ezdxf.readfile(path)
        assert document.header["$DIMTXT"] == pytest.approx(height)
        assert document.dimstyles.get("PLANBOARD").dxf.dimtxt == pytest.approx(height)


def test_a_dimension_stretched_in_cad_is_that_change(measured_plan, tmp_path):
    path, document = written(measured_plan, tmp_path)
    first, second, *_ = document.modelspace().query("DIMENSION")
    first.dxf.defpoint3 = (*at(44, 11), 0)
    second.translate(0.0, -2.0, 0.0)
    document.saveas(path)
    changed = {c.uid[0]: c.after.geometry for c in plan_dxf_import(measured_plan, read(path)).changes}
    assert set(changed) == {"a", "b"}
    assert len(changed["a"].coords) == 4
    assert (changed["a"].coords[0], changed["a"].coords[-1]) == (at(0, 0), at(44, 11))
    assert list(changed["b"].coords) == [at(0, -7), at(14.8, -7)]


def test_ink_is_black_or_white_for_cad_but_not_on_a_fill(tmp_path):
    house = Feature("f" * 32, shapely.box(*at(0, 0), *at(9, 9)), {"name": "3号楼"})
    snapshot = plan(note=[ALIGNED], building=[house])
    path = tmp_path / "a.dxf"
    write_dxf(snapshot, [snapshot.layers["note"], snapshot.layers["building"]], path)
    document = ezdxf.readfile(path)
    assert document.layers.get("注记与尺寸").dxf.color == 7
    assert not document.layers.get("注记与尺寸").dxf.hasattr("true_color")
    assert document.layers.get("建筑_文字").dxf.hasattr("true_color")


def test_a_tint_is_as_pale_on_paper_as_in_the_plan_and_pale_without_transparency_too(tmp_path):
    snapshot = plan(green=[Feature("f" * 32, shapely.box(*at(0, 0), *at(9, 9)), {"state": "renovated"})])
    path = tmp_path / "a.dxf"
    write_dxf(snapshot, [snapshot.layers["green"]], path)
    (tint,) = [h for h in ezdxf.readfile(path).modelspace().query("HATCH") if 0 < h.transparency < 1]
    red, green, blue = tint.rgb
    opacity = 1 - tint.transparency
    on_white = [round(255 + (c - 255) * opacity) for c in (red, green, blue)]
    assert on_white == pytest.approx(
        [255 - 255 * 0.18, 255 - (255 - 0x72) * 0.18, 255 - (255 - 0xB2) * 0.18], abs=2
    )
    assert min(red, green, blue) > 100
