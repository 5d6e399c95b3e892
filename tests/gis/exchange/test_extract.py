"""A part of the plan goes out: some layers, features, fields, in another coordinate system."""

import json
import os
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pytest
import shapely

from gis.crs import transform
from gis.exchange.dxf.plan import plan_dxf_import
from gis.exchange.dxf.writing import DxfOptions, dxf_writer
from gis.exchange.export import export, older_files
from gis.exchange.extract import Extract, extracted
from gis.exchange.plan import plan_import
from gis.exchange.source import Near, read_source
from gis.expression import parse_expression
from gis.progress import Progress
from layers.errors import CancelledError, CrsError, NotFoundError, StorageError, UsageError
from layers.feature import Feature
from tests.gis.exchange.conftest import plan
from tests.gis.exchange.dxf.conftest import read

NEAR = Near("EPSG:4548", (616600, 4077990, 616700, 4078050))


def test_only_the_wanted_features_and_fields_stay_in_the_order_of_the_plan(small_plan):
    wish = Extract(
        ("road", "building"), frozenset({("building", "a" * 32)}), without={"building": {"number"}}
    )
    part = extracted(small_plan, wish)
    assert list(part.layers) == [name for name in small_plan.layers if name in ("building", "road")]
    assert list(part.layers["building"].table.uids) == ["a" * 32]
    assert "number" not in part.layers["building"].table.columns
    assert len(part.layers["road"].table) == 0
    assert len(small_plan.layers["building"].table) == 2


def test_what_is_hidden_or_filtered_out_is_not_shown(small_plan):
    layers = dict(small_plan.layers)
    layers["road"] = replace(layers["road"], visible=False)
    layers["building"] = replace(
        layers["building"], filter=parse_expression("floors > 3", layers["building"].fields).condition
    )
    part = extracted(replace(small_plan, layers=layers), Extract(shown=True))
    assert "road" not in part.layers
    assert list(part.layers["building"].table.uids) == ["a" * 32]


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4527", "EPSG:4549", "EPSG:32650"])
@pytest.mark.parametrize("ending", ["gpkg", "shp"])
def test_another_system_is_written_and_said_and_the_place_is_the_same(small_plan, tmp_path, crs, ending):
    out = tmp_path / f"a.{ending}"
    export(extracted(small_plan, Extract(("building",), crs=crs), f".{ending}"), out)
    source = read_source(out, near=NEAR)
    assert source.crs == crs
    back = transform(source.geometry, crs, "EPSG:4548")
    there = small_plan.layers["building"].table.geometry
    assert max(shapely.hausdorff_distance(a, b) for a, b in zip(back, there, strict=True)) < 0.001


@pytest.mark.parametrize("crs", ["GCJ-02", "BD-09"])
def test_a_geojson_for_online_maps_says_whose_coordinates_it_has_and_comes_back_unmoved(
    small_plan, tmp_path, crs
):
    out = tmp_path / "a.geojson"
    export(extracted(small_plan, Extract(("building",), crs=crs), ".geojson"), out)
    assert json.loads(out.read_text("utf-8"))["planboard_crs"] == crs
    source = read_source(out, near=NEAR)
    assert source.crs == crs
    made = plan_import(small_plan, source, "building")
    assert not made.changes


def test_degrees_in_a_table_are_called_so_and_keep_their_digits(small_plan, tmp_path):
    out = tmp_path / "a.xlsx"
    export(extracted(small_plan, Extract(("building",), crs="4490"), ".xlsx"), out)
    sheet = openpyxl.load_workbook(out).active
    head = [cell.value for cell in sheet[1]]
    lon, lat = (sheet.cell(2, head.index(f"{w} (EPSG:4490)") + 1).value for w in ("经度", "纬度"))
    point = transform(np.array([shapely.Point(lon, lat)]), "EPSG:4490", "EPSG:4548")[0]
    assert small_plan.layers["building"].table.geometry[0].distance(point) < 0.001


@pytest.mark.parametrize(
    ("ending", "crs", "error"),
    [
        (".kml", "GCJ-02", UsageError), (".gpkg", "BD-09", UsageError), (".dxf", "EPSG:4490", CrsError),
        ("", "EPSG:4326", CrsError), (".gpkg", "EPSG:2384", CrsError), (".csv", "EPSG:99999", CrsError),
        (".geojson", "EPSG:4548", UsageError),
    ],
)  # fmt: skip
def test_a_system_that_a_format_cannot_be_in_is_refused(small_plan, ending, crs, error):
    with pytest.raises(error):
        extracted(small_plan, Extract(crs=crs), ending)


def test_unknown_layers_and_fields_are_named(small_plan):
    with pytest.raises(NotFoundError):
        extracted(small_plan, Extract(("nowhere",)))
    with pytest.raises(UsageError):
        extracted(small_plan, Extract(without={"building": {"nothing"}}))


@pytest.mark.parametrize(
    "name", ["CON.gpkg", "nul.csv", "a?.gpkg", "a:b.dxf", "a .gpkg ", "字" * 90 + ".csv"]
)
def test_a_name_that_some_system_would_not_take_is_refused(small_plan, tmp_path, name):
    with pytest.raises(UsageError):
        export(small_plan, tmp_path / name, ["building"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "shp", "dxf", "kml", "gpx", "csv", "xlsx"])
def test_a_cancelled_export_leaves_the_older_file_and_nothing_else(small_plan, tmp_path, ending):
    out = tmp_path / f"a.{ending}"
    out.write_bytes(b"old")
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 1

    with pytest.raises(CancelledError):
        export(small_plan, out, ["road"], progress=Progress(None, cancelled))
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [(out.name, b"old")]


def test_of_a_set_of_files_all_are_replaced_or_none(small_plan, tmp_path, monkeypatch):
    out = tmp_path / "a.csv"
    export(small_plan, out, ["building", "road"])
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    changed = plan(
        building=[Feature("e" * 32, shapely.box(0, 0, 1, 1), {})], road=list(small_plan.layers["road"].table)
    )
    replaced = os.replace

    def refused(source, target):
        if str(target).endswith("a_road.csv") and "older" not in str(source):
            raise PermissionError(13, "held by a spreadsheet")
        replaced(source, target)

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(StorageError):
        export(changed, out, ["building", "road"])
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_files_that_would_be_replaced_are_known_beforehand(small_plan, tmp_path):
    for ending in ("shp", "csv", "gpkg"):
        out = tmp_path / f"a.{ending}"
        assert older_files(out, ["building", "traffic_spot"]) == ()
        made = export(small_plan, out, ["building", "traffic_spot"]).files
        wanted = {p for p in made if p.suffix == out.suffix and "对照" not in p.name}
        assert set(older_files(out, ["building", "traffic_spot"])) == wanted


def test_the_way_is_told_from_none_to_all(small_plan, tmp_path):
    told = []
    export(small_plan, tmp_path / "a.dxf", progress=Progress(lambda share, _: told.append(share)))
    assert told == sorted(told)
    assert 0.0 <= told[0] < told[-1] <= 1.0


@pytest.mark.parametrize("ending", ["gpkg", "shp"])
def test_dates_are_dates_for_other_programs_and_missing_ones_are_missing(tmp_path, ending):
    import pyogrio

    spots = [
        Feature("a" * 32, shapely.Point(616600, 4078000), {"received_on": "2024-02-29", "text": "x"}),
        Feature("b" * 32, shapely.Point(616610, 4078000), {"text": "y"}),
    ]
    before = plan(comment=spots)
    out = tmp_path / f"图[1] 空.{ending}"
    assert out in export(before, out, ["comment"]).files
    meta, _, _, columns = pyogrio.raw.read(out)
    field = list(meta["fields"]).index("received_on"[:10] if ending == "shp" else "received_on")
    assert columns[field].dtype.kind == "M"
    assert [str(v) for v in columns[field].astype("datetime64[D]")] == ["2024-02-29", "NaT"]
    assert not plan_import(before, read_source(out, near=NEAR), "comment").changes


def test_a_date_that_is_only_a_year_stays_the_text_it_is(tmp_path):
    spots = [Feature("a" * 32, shapely.Point(616600, 4078000), {"received_on": "2024", "text": "x"})]
    before = plan(comment=spots)
    export(before, tmp_path / "a.gpkg", ["comment"])
    assert read_source(tmp_path / "a.gpkg", near=NEAR).columns["received_on"] == ["2024"]


@pytest.mark.parametrize(
    ("ending", "crs"),
    [
        ("gpkg", "EPSG:4527"), ("gpkg", "EPSG:4490"), ("shp", "EPSG:32650"), ("csv", "EPSG:4549"),
        ("csv", "EPSG:4490"), ("csv", "GCJ-02"), ("xlsx", "EPSG:4490"), ("dxf", "EPSG:4549"),
    ],
)  # fmt: skip
def test_what_went_out_in_another_system_comes_back_unmoved(small_plan, tmp_path, ending, crs):
    out = tmp_path / f"a.{ending}"
    export(extracted(small_plan, Extract(("building",), crs=crs), f".{ending}"), out)
    if ending == "dxf":
        drawing = read(out)
        assert drawing.crs == crs
        made = plan_dxf_import(small_plan, drawing)
    else:
        made = plan_import(small_plan, read_source(out, near=NEAR), "building")
    after = small_plan.apply(made.changes).layers["building"].table
    before = small_plan.layers["building"].table
    assert set(after.uids) == set(before.uids)
    for uid in before.uids:
        was, now = before.get(uid), after.get(uid)
        assert shapely.hausdorff_distance(was.geometry, now.geometry) < 0.001
        assert {n: v or None for n, v in was.attributes.items()} == {
            n: v or None for n, v in now.attributes.items()
        }


def test_a_drawing_opens_on_the_whole_plan_with_texts_for_its_plot_scale(small_plan, tmp_path):
    import ezdxf

    heights = {}
    for scale in (500, 1000):
        out = tmp_path / f"{scale}.dxf"
        export(small_plan, out, writer=dxf_writer(DxfOptions(scale=scale)))
        document = ezdxf.readfile(out)
        assert not document.audit().errors
        west, south, east, north = small_plan.extent()
        header = document.header
        assert tuple(header["$EXTMIN"])[:2] == tuple(header["$LIMMIN"]) == (west, south)
        assert tuple(header["$EXTMAX"])[:2] == tuple(header["$LIMMAX"]) == (east, north)
        assert (header["$INSUNITS"], header["$LWDISPLAY"]) == (6, 1)
        heights[scale] = sorted(text.dxf.height for text in document.modelspace().query("TEXT"))
    assert heights[1000] == pytest.approx([2 * height for height in heights[500]])
    assert heights[500][-1] >= 1.0


def test_cass_codes_name_the_layers_and_the_drawing_still_comes_home(small_plan, tmp_path):
    out = tmp_path / "a.dxf"
    export(small_plan, out, writer=dxf_writer(DxfOptions(names="cass")))
    drawing = read(out)
    assert {"JMD", "DLSS"} <= set(drawing.columns["layer"].tolist())
    assert not plan_dxf_import(small_plan, drawing).changes
    for options in (DxfOptions(names="klingon"), DxfOptions(scale=0)):
        with pytest.raises(UsageError):
            dxf_writer(options)


def test_what_is_dashed_on_a_layer_of_solid_lines_is_dashed_in_the_drawing(tmp_path):
    import ezdxf

    line = shapely.LineString([(616600, 4078000), (616650, 4078000)])
    pipes = [
        Feature("a" * 32, line, {"system": "storm"}),
        Feature("b" * 32, shapely.affinity.translate(line, 0, 5), {"system": "foul"}),
    ]
    export(plan(pipe=pipes), tmp_path / "a.dxf", ["pipe"])
    document = ezdxf.readfile(tmp_path / "a.dxf")
    lines = document.modelspace().query("LWPOLYLINE")
    types = [e.dxf.get("linetype") or document.layers.get(e.dxf.layer).dxf.linetype for e in lines]
    assert {t == "Continuous" for t in map(str, types)} == {True, False}


def test_a_kml_has_the_colours_of_the_plan_and_hides_what_is_hidden(small_plan, tmp_path):
    layers = dict(small_plan.layers)
    layers["road"] = replace(layers["road"], visible=False)
    export(replace(small_plan, layers=layers), tmp_path / "a.kml", ["building", "road"])
    root = ElementTree.parse(tmp_path / "a.kml").getroot()
    space = {"k": "http://www.opengis.net/kml/2.2"}
    styles = {s.get("id") for s in root.iterfind(".//k:Style", space)}
    used = {u.text.lstrip("#") for u in root.iterfind(".//k:styleUrl", space)}
    assert used
    assert used == styles
    hidden = [
        folder.find("k:name", space).text
        for folder in root.iterfind(".//k:Folder", space)
        if folder.find("k:visibility", space) is not None
    ]
    assert hidden == ["道路"]


def test_a_workbook_is_ready_to_be_read_and_printed(small_plan, tmp_path):
    export(small_plan, tmp_path / "a.xlsx", ["building"])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.auto_filter.ref.startswith("A1:")
    printed = sheet.print_area.replace("$", "").rpartition("!")[2]
    titles = [c.value for c in sheet[printed][0]]
    assert titles[-1] == "N (EPSG:4548)"
    assert not {"uid", "WKT"} & set(titles)
    widths = [sheet.column_dimensions[c.column_letter].width for c in sheet[1]]
    assert min(widths) >= 8
    assert max(widths) <= 40
    floors = [c.value for c in sheet[1]].index("层数")
    assert sheet.cell(2, floors + 1).value == 6


def test_words_that_the_map_does_not_show_are_not_in_the_drawing_and_none_is_struck_through(tmp_path):
    import ezdxf

    bay = shapely.box(616600, 4078000, 616605, 4078003)
    line = shapely.LineString([(616600, 4078010), (616620, 4078010)])
    notes = [
        Feature("c" * 32, line, {"type": "dimension", "text": "20.0"}),
        Feature("d" * 32, shapely.Point(616600, 4078020), {"type": "level", "text": "37.96"}),
    ]
    bays = [
        Feature("a" * 32, bay, {"bays": 1}),
        Feature("b" * 32, shapely.affinity.translate(bay, 20, 0), {"bays": 4}),
    ]
    export(plan(parking=bays, note=notes), tmp_path / "a.dxf")
    document = ezdxf.readfile(tmp_path / "a.dxf")
    (measured,) = document.modelspace().query("DIMENSION")
    picture = document.blocks.get(measured.dxf.geometry)
    texts = {t.dxf.text: t for space in (document.modelspace(), picture) for t in space.query("TEXT")}
    assert sorted(texts) == ["20.0", "37.96", "P 4"]
    assert texts["20.0"].get_placement()[1].y > 4078010 + texts["20.0"].dxf.height / 2
    assert texts["37.96"].get_placement()[1].x > 616600
