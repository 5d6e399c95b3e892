"""What goes out comes back as the same features: ids, values, places."""

import json

import numpy as np
import openpyxl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.exchange.dxf.plan import plan_dxf_import
from gis.exchange.export import export
from gis.exchange.gdal_writing import shapefile_writer
from gis.exchange.plan import plan_import
from gis.exchange.source import Near, read_source
from layers.changes import Change, ChangeSet
from layers.errors import UsageError
from layers.feature import Feature
from tests.gis.exchange.conftest import plan, read_in_this_process
from tests.gis.exchange.dxf.conftest import read

NEAR = Near("EPSG:4548", (616600, 4077990, 616700, 4078050))


def back(snapshot, path, layer, **options):
    return plan_import(snapshot, read_source(path, near=NEAR, **options), layer)


@pytest.mark.parametrize("ending", ["kml", "kmz", "csv", "xlsx", "geojson", "gpkg", "shp"])
@pytest.mark.parametrize("layer", ["building", "road"])
def test_an_export_that_comes_back_changes_nothing(small_plan, tmp_path, ending, layer):
    out = tmp_path / f"导出.{ending}"
    count = len(small_plan.layers[layer].table)
    assert export(small_plan, out, [layer]).counts == {layer: count}
    made = back(small_plan, out, layer)
    assert made.counts[:5] == (count, 0, 0, count, 0), made.findings
    assert not made.changes


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "shp", "dxf", "kml", "csv", "xlsx"])
def test_an_older_export_that_comes_back_updates_the_very_features_it_holds(small_plan, tmp_path, ending):
    out = tmp_path / f"导出.{ending}"
    export(small_plan, out, ["building"])
    first, *others = list(small_plan.layers["building"].table)
    moved = first.with_geometry(shapely.affinity.translate(first.geometry, 7, 3)).with_attributes(floors=31)
    since = small_plan.apply(ChangeSet.of([Change("building", first, moved)]))
    if ending == "dxf":
        made = plan_dxf_import(since, read(out))
        told = {
            "added": sum(c.before is None for c in made.changes),
            "same": made.layers["building"].unchanged,
        }
    else:
        made = back(since, out, "building")
        told = {"added": made.counts.added, "same": made.counts.unchanged}
    assert told == {"added": 0, "same": len(others)}
    (change,) = made.changes
    assert (change.uid, change.action) == (first.uid, "modify")
    as_before = (shapely.normalize(f.geometry) for f in (change.after, first))
    assert shapely.equals_exact(*as_before, tolerance=1e-3)
    if ending not in ("dxf", "kml"):  # a drawing holds what is drawn
        assert change.after.attributes["floors"] == first.attributes.get("floors")


def test_a_gpx_brings_lines_and_points_back_with_their_ids(small_plan, tmp_path):
    out = tmp_path / "a.gpx"
    result = export(small_plan, out, ["road", "traffic_spot", "building"])
    assert result.counts == {"road": 1, "traffic_spot": 1}
    assert {(f.layer, f.code) for f in result.findings} == {
        ("building", "export.no-areas"), ("traffic_spot", "export.no-areas")
    }  # fmt: skip
    source = read_source(out, source_layer="tracks")
    assert list(source.columns["uid"]) == ["c" * 32]
    made = plan_import(small_plan, source, "road")
    assert all(c.uid == "c" * 32 and c.after.geometry is c.before.geometry for c in made.changes)


def test_an_edited_workbook_updates_the_plan(small_plan, tmp_path):
    out = tmp_path / "a.xlsx"
    export(small_plan, out, ["building"])
    book = openpyxl.load_workbook(out)
    sheet = book.active
    titles = [cell.value for cell in sheet[1]]
    sheet.cell(2, titles.index("层数") + 1).value = 7
    book.save(out)
    made = back(small_plan, out, "building")
    (change,) = made.changes
    assert (change.uid, change.after.attributes["floors"]) == ("a" * 32, 7)
    assert change.after.geometry is change.before.geometry


def test_a_workbook_holds_text_and_no_formulas(small_plan, tmp_path):
    export(small_plan, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


def test_a_kml_is_well_formed_whatever_the_words(tmp_path):
    house = shapely.box(616600, 4078000, 616640, 4078012)
    words = '<script>&"\x07\ud800]]>'
    before = plan(building=[Feature("a" * 32, house, {"number": words, "note": words})])
    export(before, tmp_path / "a.kml", ["building"])
    source = read_source(tmp_path / "a.kml")
    assert source.columns["number"] == ['<script>&"]]>']
    assert not [f for f in source.findings if f.severity != "info"]


def test_gbk_shapefiles_are_read_by_old_programs_and_tell_what_does_not_fit(tmp_path):
    house = shapely.box(616600, 4078000, 616640, 4078012)
    before = plan(
        building=[
            Feature("a" * 32, house, {"number": "1号楼", "name": "幼儿园", "note": "张㛃䶮"}),
            Feature("b" * 32, house, {"number": "2号楼", "note": "字" * 127}),
        ]
    )
    result = export(before, tmp_path / "a.shp", ["building"], writer=shapefile_writer("GBK"))
    assert [(f.code, f.uid, f.field) for f in result.findings] == [("export.characters", "a" * 32, "note")]
    stored = (tmp_path / "a.dbf").read_bytes()
    assert "幼儿园".encode("gbk") in stored
    assert stored[29] == 0x4D
    source = read_source(tmp_path / "a.shp")
    assert list(source.columns["number"]) == ["1号楼", "2号楼"]
    assert source.columns["note"][1] == "字" * 127
    with pytest.raises(UsageError):
        shapefile_writer("klingon")


TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Co", "Cn"), blacklist_characters="\xa0\u3000"),
    max_size=30,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.floats(0, 90), st.floats(0, 40), TEXT, st.none() | st.integers(0, 99)),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["kml", "csv", "xlsx", "geojson"]),
)
def test_any_features_come_back_within_a_millimetre(tmp_path, rows, ending):
    trees = [
        Feature(
            f"{i:032x}",
            shapely.Point(616600 + x, 4078000 + y),
            {"species": word.strip() or None, "note": word.strip()},
        )
        for i, (x, y, word, _) in enumerate(rows)
    ]
    before = plan(tree=trees)
    out = tmp_path / f"a.{ending}"
    out.unlink(missing_ok=True)
    export(before, out, ["tree"])
    made = plan_import(before, read_in_this_process(out, NEAR), "tree")
    moved = [c for c in made.changes if c.after.geometry is not c.before.geometry]
    assert (made.counts.added, made.counts.set_aside, moved) == (0, 0, [])
    after = before.apply(made.changes).layers["tree"].table
    for tree in trees:
        told = after.get(tree.uid)
        assert " ".join(str(told.attributes["species"] or "").split()) == " ".join(
            (tree.attributes["species"] or "").split()
        )
    assert np.isfinite(shapely.get_coordinates(after.geometry)).all()
    assert json.dumps(made.mapping)
