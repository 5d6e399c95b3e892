"""The whole project as a folder: every format inside, whole or not at all."""

import ezdxf
import pytest

from gis.exchange.folder_export import FOLDER_FORMATS, export_folder
from gis.exchange.plan import plan_import
from gis.exchange.source import Near, read_source
from layers.errors import NotFoundError, RefusedError, UsageError


def test_a_folder_holds_every_format_and_says_what_is_there(tmp_path, small_plan):
    out = tmp_path / "给 设计院"
    result = export_folder(small_plan, out, [one.name for one in FOLDER_FORMATS])
    assert {path.parent.name for path in result.files} == {*(one.name for one in FOLDER_FORMATS), out.name}
    assert all(path.stat().st_size for path in result.files)
    (told,) = out.glob("*.txt")
    words = told.read_text("utf-8-sig")
    assert "EPSG:4548" in words
    assert "uid" in words
    assert list(tmp_path.iterdir()) == [out]


def test_old_cad_gets_gbk_and_new_cad_unicode(tmp_path, small_plan):
    export_folder(small_plan, tmp_path / "out", ["dxf", "dxf-gbk"])
    found = {path.parent.name: ezdxf.readfile(path) for path in (tmp_path / "out").rglob("*.dxf")}
    assert found["dxf"].dxfversion >= "AC1024"
    assert (found["dxf-gbk"].dxfversion, found["dxf-gbk"].encoding) == ("AC1015", "gbk")


@pytest.mark.parametrize("name", ["gpkg", "shp", "shp-gbk", "xlsx"])
def test_what_comes_back_from_a_folder_changes_nothing(tmp_path, small_plan, name):
    export_folder(small_plan, tmp_path / "out", [name], ["building"])
    end = next(one.ending for one in FOLDER_FORMATS if one.name == name)
    (path,) = (tmp_path / "out" / name).glob(f"*{end}")
    made = plan_import(
        small_plan,
        read_source(path, preferred=["building"], near=Near(small_plan.crs, small_plan.extent())),
        "building",
    )
    assert made.counts.unchanged == made.counts.read == len(small_plan.layers["building"].table)
    assert not made.changes


def test_a_folder_with_something_in_it_is_not_touched(tmp_path, small_plan):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "precious.txt").write_text("keep", "utf-8")
    with pytest.raises(RefusedError):
        export_folder(small_plan, tmp_path / "there", ["gpkg"])
    assert [p.name for p in (tmp_path / "there").iterdir()] == ["precious.txt"]


def test_an_empty_folder_may_be_filled(tmp_path, small_plan):
    (tmp_path / "there").mkdir()
    assert export_folder(small_plan, tmp_path / "there", ["csv"]).files


def test_unknown_formats_and_no_format_are_refused_before_anything_is_written(tmp_path, small_plan):
    for formats in (["dwg"], []):
        with pytest.raises(UsageError):
            export_folder(small_plan, tmp_path / "out", formats)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_no_folder(tmp_path, small_plan):
    with pytest.raises(NotFoundError):
        export_folder(small_plan, tmp_path / "out", ["gpkg", "csv"], ["tree"])
    assert list(tmp_path.iterdir()) == []
