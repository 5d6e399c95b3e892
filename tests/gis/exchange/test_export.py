"""What goes out comes back the same, and old files survive a failure."""

import csv
import json
import tempfile

import pytest
import shapely

from gis.exchange.export import export
from gis.exchange.looking import list_source_layers
from gis.exchange.plan import plan_import
from gis.exchange.source import read_source
from gis.i18n import set_language
from gis.progress import Progress
from layers.errors import CancelledError, NotFoundError, StorageError, UsageError
from layers.feature import Feature
from tests.gis.exchange.conftest import plan


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "shp"])
@pytest.mark.parametrize("layer", ["building", "road", "traffic_spot"])
def test_what_goes_out_comes_back_unchanged(small_plan, tmp_path, ending, layer):
    result = export(small_plan, tmp_path / f"a.{ending}", [layer])
    back = [plan_import(small_plan, read_source(f), layer) for f in result.files if f.suffix == f".{ending}"]
    assert sum(made.counts.unchanged for made in back) == result.counts[layer] == 2 - (layer == "road")
    assert not any(made.changes for made in back)


def test_a_geojson_of_several_layers_gives_each_back(small_plan, tmp_path):
    export(small_plan, tmp_path / "a.geojson")
    assert {one.name for one in list_source_layers(tmp_path / "a.geojson")} == {
        "building",
        "road",
        "traffic_spot",
    }
    source = read_source(tmp_path / "a.geojson", preferred=("road",))
    assert plan_import(small_plan, source, "road").counts.unchanged == 1


def test_geojson_is_lon_lat_with_outer_rings_counter_clockwise(small_plan, tmp_path):
    export(small_plan, tmp_path / "a.geojson", ["building"])
    feature = json.loads((tmp_path / "a.geojson").read_text("utf-8"))["features"][0]
    ring = shapely.LinearRing(feature["geometry"]["coordinates"][0])
    assert ring.is_ccw
    assert ring.coords[0] == pytest.approx((118.307, 36.826), abs=0.01)
    assert feature["id"] == "a" * 32


def test_equal_plans_make_equal_geojson(small_plan, tmp_path):
    export(small_plan, tmp_path / "a.geojson")
    export(small_plan, tmp_path / "b.geojson")
    assert (tmp_path / "a.geojson").read_bytes() == (tmp_path / "b.geojson").read_bytes()


def test_text_too_long_for_a_shapefile_is_told_and_not_lost_on_return(small_plan, tmp_path):
    result = export(small_plan, tmp_path / "a.shp", ["traffic_spot"])
    assert [f.field for f in result.findings] == ["description"]
    source = read_source(tmp_path / "a_polygon.shp")
    assert source.columns["descriptio"][0] == "长" * 84
    assert plan_import(small_plan, source, "traffic_spot").counts.unchanged == 1


def test_points_and_groups_of_points_share_a_shapefile(tmp_path):
    one, group = shapely.Point(616600, 4078000), shapely.MultiPoint([(616600, 4078000), (616605, 4078000)])
    trees = plan(tree=[Feature("a" * 32, one, {}), Feature("b" * 32, group, {}),
                       Feature("c" * 32, shapely.MultiPoint([one]), {})])  # fmt: skip
    export(trees, tmp_path / "a.shp", ["tree"])
    assert plan_import(trees, read_source(tmp_path / "a.shp"), "tree").counts.unchanged == 3


def test_an_area_of_one_part_comes_back_as_it_was(tmp_path):
    area = shapely.MultiPolygon([shapely.box(616600, 4078000, 616640, 4078012)])
    houses = plan(building=[Feature("a" * 32, area, {})])
    for ending in ("shp", "gpkg", "geojson"):
        export(houses, tmp_path / f"a.{ending}", ["building"])
        assert plan_import(houses, read_source(tmp_path / f"a.{ending}"), "building").counts.unchanged == 1


def test_a_shapefile_comes_with_its_table_of_names(small_plan, tmp_path):
    result = export(small_plan, tmp_path / "a.shp", ["road"])
    (names,) = [f for f in result.files if f.name.endswith("字段对照表.csv")]
    rows = list(csv.reader(names.read_text("utf-8-sig").splitlines()))
    assert ["road", "width_m", "width_m", "宽度", "m"] in rows


def test_a_spreadsheet_runs_nothing_and_reads_words(small_plan, tmp_path):
    export(small_plan, tmp_path / "a.csv", ["building"])
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert rows[0]["用途"] == "住宅"
    assert rows[1]["备注"] == "'=1+1"


def test_titles_follow_the_language(small_plan, tmp_path):
    set_language("en")
    export(small_plan, tmp_path / "a.csv", ["building"])
    assert "Floors" in (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[0]


@pytest.mark.parametrize("name", ["a.dwg", "a"])
def test_an_unknown_ending_is_refused(small_plan, tmp_path, name):
    with pytest.raises(UsageError):
        export(small_plan, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_nothing_to_write_writes_nothing(small_plan, empty_plan, tmp_path):
    for snapshot, layers in ((empty_plan, None), (small_plan, ["castle"]), (small_plan, ["tree"])):
        with pytest.raises(NotFoundError):
            export(snapshot, tmp_path / "a.gpkg", layers)
    assert not list(tmp_path.iterdir())


def test_the_project_itself_is_never_overwritten(small_plan, tmp_path):
    project = tmp_path / "p.gpkg"
    project.write_bytes(b"precious")
    (tmp_path / "link.gpkg").hardlink_to(project)
    with pytest.raises(UsageError):
        export(small_plan, tmp_path / "link.gpkg", forbidden=(project,))
    assert project.read_bytes() == b"precious"


def test_a_failure_leaves_the_older_file_and_no_rubbish(small_plan, tmp_path, monkeypatch):
    out = tmp_path / "a.geojson"
    out.write_bytes(b"older")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gis.exchange.geojson_writing._features", full)
    with pytest.raises(StorageError):
        export(small_plan, out)
    assert out.read_bytes() == b"older"
    assert [p.name for p in tmp_path.iterdir()] == ["a.geojson"]


@pytest.mark.parametrize("ending", ["gpkg", "shp", "geojson", "csv", "xlsx", "kml", "kmz", "gpx", "dxf"])
def test_an_export_that_is_stopped_half_way_leaves_nothing_anywhere(
    small_plan, tmp_path, monkeypatch, ending, capfd
):
    (tmp_path / "temp").mkdir()
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    told = []
    progress = Progress(lambda share, _: told.append(share), lambda: bool(told) and told[-1] > 0.4)
    with pytest.raises(CancelledError):
        export(small_plan, tmp_path / "out" / f"a.{ending}", progress=progress)
    assert list((tmp_path / "out").iterdir()) == []
    assert list((tmp_path / "temp").iterdir()) == []
    assert capfd.readouterr().err == ""
