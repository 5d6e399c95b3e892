"""Labels of one plan follow one way: what comes in is numbered as the plan numbers its own houses."""

import pytest
import shapely

from gis.exchange.dxf.plan import plan_dxf_import
from gis.exchange.number_habit import ending_here, rewritten
from gis.exchange.plan import plan_import
from gis.exchange.source import read_source
from layers.feature import Feature
from tests.gis.exchange.conftest import plan
from tests.gis.exchange.dxf.conftest import box, made, words  # noqa: F401  # a fixture
from tests.gis.exchange.test_reading import write_geojson

HOUSE = shapely.box(616600, 4078000, 616640, 4078012)
BARE, SIGNED = ("1", "2", "3", "沿街商铺"), ("1#", "2#", "3#")


def numbered(*numbers):
    return plan(
        building=[
            Feature(f"{n:032x}", shapely.affinity.translate(HOUSE, 0, 30 * n), {"number": number})
            for n, number in enumerate(numbers)
        ]
    )


def told(result):
    return [f.message.en for f in result.findings if f.code == "import.numbers-as-here"]


@pytest.mark.parametrize(
    ("own", "number"),
    [(BARE, "25"), (SIGNED, "25#"), (("1", "2号楼", "3"), "25号楼"), (("1", "2"), "25号楼"), ((), "25号楼")],
)
def test_a_number_is_written_as_the_plan_writes_all_of_its_own(tmp_path, own, number):
    path = write_geojson(tmp_path / "a.geojson", shapely.affinity.translate(HOUSE, 90, 0), crs="EPSG:4548",
                         楼号="25号楼")  # fmt: skip
    result = plan_import(numbered(*own), read_source(path), "building")
    (change,) = result.changes
    assert change.after.attributes["number"] == number
    assert len(told(result)) == (number != "25号楼")


def test_an_update_by_shape_is_no_change_for_another_way_to_write_the_number(tmp_path):
    path = write_geojson(tmp_path / "a.geojson", HOUSE, crs="EPSG:4548", 楼号="1号楼")
    result = plan_import(numbered(*BARE), read_source(path), "building", match="shape")
    assert (result.counts.updated, result.counts.unchanged) == (0, 1)


def test_labels_of_a_drawing_follow_too(made):  # noqa: F811  # the fixture
    def draw(_, space):
        box(space, 0, 0, 40, 12, "JMD")
        words(space, "25#", 25, 4, "ZJ")

    result = plan_dxf_import(numbered(*BARE), made(draw), None, crs="EPSG:4548")
    (house,) = [c.after for c in result.changes if c.layer == "building"]
    assert house.attributes["number"] == "25"
    assert told(result) == ["1 building numbers are written as in this plan, such as 25 for 25号楼"]


def test_names_and_numbers_of_other_layers_are_left_alone():
    assert rewritten(["幼儿园", "北区3号楼", "1-2", "A3", ""], "").values == [
        "幼儿园",
        "北区3号楼",
        "1-2",
        "A3",
        "",
    ]
    assert ending_here(plan().layers["drain_node"]) is None
