"""Personal data in an export of layers: named before, left out when asked, never blanked on the way back."""

import zipfile

import pytest
import shapely

from gis.exchange.export import export
from gis.exchange.joint_plan import plan_together
from gis.exchange.parts import list_parts, read_parts, recorded_layer
from gis.exchange.personal_fields import personal_fields, without_personal
from gis.privacy import Masks
from gis.progress import Progress
from layers.feature import Feature
from tests.gis.exchange.conftest import plan

PLACE = shapely.Point(616600, 4078000)
SAID = "我是3号楼2单元501的，希望修路灯"
PHONE = "13812345678"


@pytest.fixture
def told_plan():
    house = shapely.box(616600, 4078000, 616640, 4078012)
    return plan(
        comment=[
            Feature(
                "a" * 32, PLACE, {"code": "C01", "gist": "修路灯", "text": "晚上太黑", "channel": "phone"}
            ),
            Feature("b" * 32, PLACE, {"code": "C02", "gist": "联系赵建国", "reply": "已采纳"}),
        ],
        building=[
            Feature(
                "c" * 32,
                house,
                {"number": "1", "name": "住宅", "note": "平顶", "imported": f'{{"电话": "{PHONE}"}}'},
            )
        ],
        road=[
            Feature(
                "d" * 32,
                shapely.LineString([(616600, 4078000), (616700, 4078000)]),
                {"name": "环南路", "note": "沥青"},
            )
        ],
    )


def content(files):
    """Return the bytes of files, those of a workbook unpacked."""
    held = b""
    for path in files:
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                held += b"".join(book.read(name) for name in book.namelist())
        held += path.read_bytes()
    return held


def found(snapshot):
    names = [name for name, layer in snapshot.layers.items() if len(layer.table)]
    return personal_fields(snapshot, names, Masks(["赵建国"]))


def test_what_people_said_and_every_number_or_name_in_a_text_is_found(told_plan):
    assert {(one.layer, one.field.name, one.filled) for one in found(told_plan)} == {
        ("comment", "text", 1),
        ("comment", "gist", 1),
        ("building", "imported", 1),
    }


def test_a_plan_without_personal_data_has_nothing_to_tell(small_plan):
    assert found(small_plan) == ()


@pytest.mark.parametrize("end", [".gpkg", ".geojson", ".kml", ".xlsx", ".csv", ".shp", ".dxf", ".gpx"])
def test_an_export_without_them_holds_none_of_it_in_any_format(told_plan, tmp_path, end):
    clean = without_personal(told_plan, found(told_plan))
    files = export(clean, tmp_path / f"a{end}").files
    held = content(files)
    for word in (PHONE, "赵建国", "晚上太黑", "平顶"):
        assert word.encode() not in held
        assert word.encode("gb18030") not in held
    assert b"{gist}" not in held
    whole = content(export(told_plan, tmp_path / f"b{end}").files)
    assert end in (".dxf", ".gpx") or PHONE.encode() in whole


def test_layers_without_personal_data_stay_whole(told_plan):
    clean = without_personal(told_plan, found(told_plan))
    assert clean.layers["road"] is told_plan.layers["road"]
    kept = {f.name for f in clean.layers["comment"].fields}
    assert {"code", "outcome", "reply", "channel"} <= kept
    assert kept & {"text", "gist", "imported"} == set()


def test_what_was_left_out_stays_as_it_is_when_the_file_comes_back(told_plan, tmp_path):
    out = export(without_personal(told_plan, found(told_plan)), tmp_path / "a.gpkg").files[0]
    parts = list_parts([out], Progress())
    targets = {part: recorded_layer(told_plan, part) for part in parts}
    back = plan_together(told_plan, read_parts(parts, Progress()), targets)
    assert back.counts["unchanged"] == back.counts["read"] == 4
    assert not back.chosen(())
