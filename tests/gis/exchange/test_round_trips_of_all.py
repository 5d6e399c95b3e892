"""Whatever the plan holds: out in each format that carries ids, and back as the same features."""

import datetime as dt
import math
import warnings

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.circles import circle_note
from gis.edit.construct import arc, circle, dimension_line
from gis.edit.dimensions import measured_words
from gis.exchange.dxf.drawing import drawing_of
from gis.exchange.dxf.plan import plan_dxf_import
from gis.exchange.dxf.reading import read as read_dxf
from gis.exchange.dxf.writing import DxfOptions, dxf_writer
from gis.exchange.export import export
from gis.exchange.gdal_writing import shapefile_writer
from gis.exchange.plan import plan_import
from gis.exchange.source import Near
from layers.feature import Feature
from tests.gis.exchange.conftest import plan, read_in_this_process

EAST, NORTH = 616_600.0, 4_078_000.0
NEAR = Near("EPSG:4548", (EAST, NORTH, EAST + 500, NORTH + 500))
MILLIMETRE = 0.001
EXAMPLES = 12

hanzi = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
plain = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
words = st.text(hanzi | plain, max_size=20).map(lambda text: text or None)
metres = st.floats(0.0, 400.0).map(lambda v: round(v, 4))
number = st.none() | st.integers(0, 120)
emoji = st.sampled_from("😀🏠🚗👨‍👩‍👧")
lines_of_text = st.text(hanzi | plain | emoji, min_size=1, max_size=40)
long_words = st.none() | lines_of_text | st.sampled_from(["长" * 300, "a" * 400, "=1+1", "第一行。第二行"])
day = st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2035, 12, 31)).map(dt.date.isoformat)


@st.composite
def areas(draw):
    """Return a rectangle, perhaps with a court in it, perhaps two of them."""
    x, y, w, h = draw(metres), draw(metres), draw(st.floats(2, 60)), draw(st.floats(2, 40))
    whole = shapely.box(EAST + x, NORTH + y, EAST + x + w, NORTH + y + h)
    if draw(st.booleans()):
        whole = whole.difference(shapely.box(*shapely.buffer(whole.centroid, 0.5).bounds))
    if draw(st.booleans()):
        return shapely.MultiPolygon([whole, shapely.affinity.translate(whole, w + 5.0, 0.0)])
    return whole


@st.composite
def lines(draw):
    """Return a line of two to six vertices, each apart from the one before."""
    steps = draw(st.lists(st.tuples(st.floats(0.5, 50), st.floats(-20, 20)), min_size=1, max_size=5))
    x, y = EAST + draw(metres), NORTH + draw(metres)
    points = [(x, y)]
    for dx, dy in steps:
        points.append((points[-1][0] + dx, points[-1][1] + dy))
    return shapely.LineString(points)


@st.composite
def plans(draw):
    """Return buildings, roads and trees with values of every type."""

    def uid(kind, i):
        return f"{kind}{i:031x}"

    houses = [
        Feature(
            uid("a", i),
            draw(areas()),
            {"number": draw(words), "name": draw(words), "use": "housing", "floors": draw(number)},
        )
        for i in range(draw(st.integers(1, 3)))
    ]
    roads = [
        Feature(uid("c", i), draw(lines()), {"name": draw(words), "oneway": draw(st.booleans())})
        for i in range(draw(st.integers(1, 2)))
    ]
    trees = [
        Feature(
            uid("e", i),
            shapely.Point(EAST + draw(metres), NORTH + draw(metres)),
            {
                "species": draw(words),
                "crown_m": draw(st.none() | st.floats(0.5, 15).map(lambda v: round(v, 3))),
            },
        )
        for i in range(draw(st.integers(1, 3)))
    ]
    comments = [
        Feature(
            uid("d", i),
            shapely.Point(EAST + draw(metres), NORTH + draw(metres)),
            {
                "gist": draw(words),
                "text": draw(long_words),
                "channel": draw(st.sampled_from([None, "group", "meeting"])),
                "received_on": draw(day),
            },
        )
        for i in range(draw(st.integers(1, 3)))
    ]
    return plan(building=houses, road=roads, tree=trees, comment=comments)


def facts(snapshot, layer):
    return {uid: snapshot.layers[layer].table.get(uid) for uid in snapshot.layers[layer].table.uids}


def assert_same(before, changes, layer):
    """Check that a plan is what it was: the ids, every value, and each place within a millimetre."""
    was, now = facts(before, layer), facts(before.apply(changes), layer)
    assert was.keys() == now.keys()
    for uid, old in was.items():
        new = now[uid]
        assert shapely.hausdorff_distance(old.geometry, new.geometry) < MILLIMETRE
        assert old.geometry.geom_type == new.geometry.geom_type
        assert new.attributes == old.attributes


quick = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
OWN_LAYERS = ("building", "road", "tree", "comment")


@pytest.mark.parametrize(
    ("ending", "writer"),
    [
        ("gpkg", None), ("geojson", None), ("kml", None), ("kmz", None), ("csv", None), ("xlsx", None),
        ("shp", None), ("shp", shapefile_writer("GBK")),
    ],
    ids=["gpkg", "geojson", "kml", "kmz", "csv", "xlsx", "shp", "shp-gbk"],
)  # fmt: skip
@quick
@given(before=plans())
def test_what_goes_out_is_what_comes_back(tmp_path, ending, writer, before):
    warnings.simplefilter("ignore")
    for layer in OWN_LAYERS:
        out = tmp_path / f"{layer}.{ending}"
        result = export(before, out, [layer], writer=writer)
        count = len(before.layers[layer].table)
        assert result.counts == {layer: count}
        changes, seen = [], 0
        for file in (f for f in result.files if f.suffix == out.suffix):
            made = plan_import(before, read_in_this_process(file, NEAR), layer)
            assert (made.counts.added, made.counts.set_aside, made.counts.repaired) == (0, 0, 0)
            changes.append(made.changes)
            seen += made.counts.read
        assert seen == count
        for change in changes:
            assert_same(before, change, layer)


@quick
@given(before=plans())
def test_lines_and_points_come_back_from_gpx_and_areas_are_told(tmp_path, before):
    out = tmp_path / "a.gpx"
    result = export(before, out, ["building", "road", "tree"])
    assert [f.layer for f in result.findings if f.code == "export.no-areas"] == ["building"]
    for layer, name in (("road", "tracks"), ("tree", "waypoints")):
        made = plan_import(before, read_in_this_process(out, NEAR, name), layer)
        assert (made.counts.added, made.counts.set_aside) == (0, 0)
        assert_same(before, made.changes, layer)


@pytest.mark.parametrize("version", ["R2010", "R2000"])
@quick
@given(before=plans())
def test_a_drawing_brings_back_every_vertex_with_its_id(tmp_path, version, before):
    out = tmp_path / "a.dxf"
    export(before, out, writer=dxf_writer(DxfOptions(version)))
    drawing = drawing_of(out, *read_dxf(out, None, None))
    made = plan_dxf_import(before, drawing)
    assert made.crs == "EPSG:4548"
    for layer in OWN_LAYERS:
        assert_same(before, made.changes, layer)


@st.composite
def round_plans(draw):
    """Return a round green, an arc of a barrier, both noted as such, and a dimension."""
    radius, turn, length = draw(st.floats(0.5, 80)), draw(st.floats(0, 6.2)), draw(st.floats(0.3, 300))
    x, y = EAST + draw(metres), NORTH + draw(metres)
    sweep = draw(st.floats(0.2, 5.5))

    def at(angle, distance=radius):
        return x + distance * math.cos(angle), y + distance * math.sin(angle)

    noted = {"note": circle_note((x, y), radius)}
    bow = arc(at(turn), at(turn + sweep / 2), at(turn + sweep))
    line = dimension_line((x, y), at(turn, length), at(turn + 0.5, draw(st.floats(0.5, 20))))
    words = draw(st.none() | hanzi | st.just(measured_words("dimension", line)))
    return plan(
        green=[Feature("a" * 32, circle((x, y), radius), {**noted, "state": "new"})],
        barrier=[Feature("b" * 32, bow, noted)],
        note=[Feature("c" * 32, line, {"type": "dimension", "text": words})],
    )


@pytest.mark.parametrize("version", ["R2010", "R2000"])
@quick
@given(before=round_plans())
def test_a_drawing_brings_back_circles_arcs_and_dimensions(tmp_path, version, before):
    out = tmp_path / "a.dxf"
    export(before, out, writer=dxf_writer(DxfOptions(version)))
    made = plan_dxf_import(before, drawing_of(out, *read_dxf(out, None, None)))
    for layer in ("green", "barrier", "note"):
        assert_same(before, made.changes, layer)
