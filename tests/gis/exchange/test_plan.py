"""What an import would do: every record is accounted for, nothing is lost on the way."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.exchange.plan import plan_import
from gis.exchange.source import Counts, Source, read_source
from layers.column import Column
from layers.errors import CrsError, Finding, NotFoundError
from layers.feature import Feature
from layers.table import Table
from layers.text import Text, same
from tests.gis.exchange.conftest import plan

BOX = shapely.box(616600, 4078000, 616640, 4078012)


def source(*geometry, crs="EPSG:4548", ids=None, unreadable=0, **columns):
    array = np.empty(len(geometry), dtype=object)
    array[:] = geometry
    usable = sum(g is not None for g in geometry)
    read = len(geometry) + unreadable
    return Source(
        path=Path("a.geojson"),
        format="GeoJSON",
        layer="a",
        columns=columns,
        geometry=Column.of(array),
        records=tuple(range(1, len(geometry) + 1)),
        ids=tuple(ids or [None] * len(geometry)),
        crs=crs,
        encoding="UTF-8",
        encoding_evidence=Text("", ""),
        findings=tuple(Finding("import.record-unreadable", same("x"), "error") for _ in range(unreadable)),
        counts=Counts(read, usable, 0, read - usable),
        repaired=frozenset(),
    )


def only(made):
    (change,) = made.changes
    return change.after


def test_attributes_find_their_fields_and_the_rest_is_kept(empty_plan):
    made = plan_import(empty_plan, source(BOX, 楼号=["3号楼"], levels=["6层"], 颜色=["红"]), "building")
    values = only(made).attributes
    assert (values["number"], values["floors"]) == ("3号楼", 6)
    assert json.loads(values["imported"]) == {"颜色": "红"}
    assert made.unmapped == ("颜色",)


def test_a_value_that_does_not_fit_is_told_and_kept(empty_plan):
    made = plan_import(empty_plan, source(BOX, 层数=["许多"]), "building")
    assert only(made).attributes["floors"] is None
    assert json.loads(only(made).attributes["imported"]) == {"层数": "许多"}
    (finding,) = [f for f in made.findings if f.code == "import.value"]
    assert (finding.record, finding.field, finding.file) == (1, "层数", "a.geojson")


def test_fields_without_a_column_take_the_defaults_of_their_kind(empty_plan):
    values = only(plan_import(empty_plan, source(BOX), "building")).attributes
    assert (values["use"], values["state"]) == ("housing", "existing")


def test_a_known_uid_updates_and_keeps_identity(small_plan):
    made = plan_import(small_plan, source(BOX, uid=["A" * 32], floors=[7]), "building")
    (change,) = made.changes
    assert change.uid == "a" * 32
    assert (change.before.attributes["floors"], change.after.attributes["floors"]) == (6, 7)
    assert change.after.attributes["number"] == "1号楼"
    assert made.counts.updated == 1


def test_the_id_of_a_geojson_feature_is_a_uid_too(small_plan):
    made = plan_import(small_plan, source(BOX, ids=["a" * 32]), "building")
    assert made.counts.unchanged == 1
    assert not made.changes


def test_a_uid_that_occurs_twice_is_new_the_second_time(small_plan):
    made = plan_import(small_plan, source(BOX, BOX, uid=["a" * 32] * 2), "building")
    assert (made.counts.unchanged, made.counts.added) == (1, 1)
    assert "import.uid-twice" in {f.code for f in made.findings}


def test_what_was_imported_before_is_not_overwritten_by_less(small_plan):
    made = plan_import(small_plan, source(BOX, uid=["a" * 32], y=[2]), "building")
    assert json.loads(only(made).attributes["imported"]) == {"x": 1, "y": 2}


def test_shapes_the_layer_does_not_take_are_set_aside(empty_plan):
    made = plan_import(empty_plan, source(shapely.Point(616600, 4078000), BOX), "building")
    assert (made.counts.added, made.counts.set_aside) == (1, 1)
    assert [f.record for f in made.findings if f.severity == "error"] == [1]


def test_of_a_collection_the_fitting_parts_come_in(empty_plan):
    mixed = shapely.GeometryCollection([BOX, shapely.Point(616600, 4078000)])
    made = plan_import(empty_plan, source(mixed), "building")
    assert only(made).geometry.equals(BOX)
    assert "import.shape-parts" in {f.code for f in made.findings}


def test_a_closed_line_becomes_an_area_where_only_areas_go(empty_plan):
    made = plan_import(empty_plan, source(shapely.LineString(BOX.exterior.coords)), "boundary")
    assert only(made).geometry.area == pytest.approx(BOX.area)


def test_a_line_without_length_is_set_aside(empty_plan):
    dot = shapely.LineString([(616600, 4078000), (616600, 4078000)])
    assert plan_import(empty_plan, source(dot), "road").counts.set_aside == 1


def test_coordinates_are_brought_into_the_projects_system(empty_plan):
    made = plan_import(empty_plan, source(shapely.Point(118.3133527447, 36.8264502432), crs="GCJ-02"), "tree")
    assert only(made).geometry.x == pytest.approx(616650.295, abs=0.001)


def test_data_from_another_part_of_the_earth_are_refused(empty_plan):
    with pytest.raises(CrsError) as caught:
        plan_import(empty_plan, source(shapely.Point(14.4, 50.1), crs="EPSG:4326"), "tree")
    assert caught.value.code == "crs.elsewhere"


def test_data_far_from_the_estate_are_told(small_plan):
    made = plan_import(small_plan, source(shapely.Point(117.1, 36.6), crs="EPSG:4326"), "tree")
    assert "import.far-away" in {f.code for f in made.findings}


def test_attributes_that_no_field_can_keep_are_told(empty_plan):
    layer = empty_plan.layers["boundary"]
    fields = tuple(f for f in layer.kind.fields if f.name != "imported")
    bare = replace(layer, kind=replace(layer.kind, fields=fields), table=Table.empty(f.name for f in fields))
    plan = replace(empty_plan, layers={**empty_plan.layers, "boundary": bare})
    made = plan_import(plan, source(BOX, owner=["x"]), "boundary")
    assert "import.not-kept" in {f.code for f in made.findings}


def test_an_unknown_layer_is_refused_with_those_there_are(empty_plan):
    with pytest.raises(NotFoundError) as caught:
        plan_import(empty_plan, source(BOX), "castle")
    assert "building" in caught.value.advice.en


LINE = shapely.LineString([(616600, 4078000), (616700, 4078000)])
POINT = shapely.Point(616600, 4078000)
SHAPES = st.sampled_from(
    [None, BOX, POINT, LINE, shapely.MultiPolygon([BOX]), shapely.GeometryCollection([BOX])]
)
UIDS = st.sampled_from([None, "a" * 32, "f" * 32])


@settings(max_examples=40)
@given(
    st.lists(st.tuples(SHAPES, UIDS, st.integers(-5, 200)), min_size=1),
    st.integers(0, 3),
)
def test_every_record_is_added_updated_unchanged_or_set_aside(records, unreadable):
    small = plan(building=[Feature("a" * 32, BOX, {"floors": 6})])
    shapes, uids, floors = zip(*records, strict=True)
    given = source(*shapes, unreadable=unreadable, uid=list(uids), floors=list(floors))
    made = plan_import(small, given, "building")
    counts = made.counts
    assert counts.read == counts.added + counts.updated + counts.unchanged + counts.set_aside
    assert counts.set_aside == sum(f.severity == "error" for f in made.findings) + sum(
        s is None for s in shapes
    )
    after = small.apply(made.changes)
    assert len(after.layers["building"].table) == 1 + counts.added


def test_real_footprints_come_in_whole(data, shanghai_plan):
    made = plan_import(shanghai_plan, read_source(data / "shanghai_gbk_cpg_says_utf8.shp"), "building")
    assert made.counts.added == made.counts.read == 247
    table = shanghai_plan.apply(made.changes).layers["building"].table
    assert "上海国际会议中心" in set(table.columns["name"])
    assert shapely.is_valid(table.geometry).all()
    areas = shapely.area(table.geometry)
    assert 10 < np.median(areas) < 20_000
