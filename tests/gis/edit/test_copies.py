"""Copies are things of their own, drawn in the plan."""

import pytest
import shapely

from gis.edit.copies import copy_words
from gis.edit.outlines import add_parallel
from gis.edit.transform import copy_features, shift
from layers.kinds import standard_kinds
from tests.gis.edit.plan import all_keys, plan

BAY = shapely.box(0, 0, 2.5, 5.3)
WAY = shapely.LineString([(0, 0), (10, 0)])


def copied(before, layer, **options):
    changes = copy_features(before, all_keys(before), [shift(10, 0)], **options)
    return before.apply(changes).layers[layer].table.at(-1 + len(before.layers[layer].table) * 2)


@pytest.mark.parametrize(
    ("state", "planned", "traced"),
    [
        ("existing", "new", "existing"),
        ("renovated", "new", "existing"),
        ("demolish", "new", "existing"),
        ("new", "new", "existing"),
        ("reserved", "reserved", "existing"),
        (None, "new", "existing"),
    ],
)
def test_a_copy_is_new_unless_its_original_is_planned_or_what_exists_is_traced(state, planned, traced):
    before = plan(parking=[(BAY, {"state": state})])
    assert copied(before, "parking").attributes["state"] == planned
    assert copied(before, "parking", existing=True).attributes["state"] == traced
    kept = before.apply(copy_features(before, all_keys(before), [shift(1, 0)])).layers["parking"].table.at(0)
    assert kept.attributes["state"] == state


def test_only_a_copy_of_what_is_planned_has_the_reason_of_its_original():
    why = {"answers": "T07", "reason": "会议纪要", "note": "塑木"}
    new = copied(plan(parking=[(BAY, {"state": "new", **why})]), "parking").attributes
    assert (new["answers"], new["reason"], new["note"]) == ("T07", "会议纪要", "塑木")
    anew = copied(plan(parking=[(BAY, {"state": "renovated", **why})]), "parking").attributes
    assert (anew.get("answers"), anew.get("reason"), anew["note"]) == (None, None, "塑木")


def test_a_copy_has_no_photos_and_no_number():
    kinds = standard_kinds()
    for name, kind in kinds.items():
        photos = next((f.name for f in kind.fields if f.type == "photos"), None)
        values = {k: "1" for k in (photos, kind.number_field) if k}
        assert not set(kind.copied(values)) & set(values), name


def test_parallels_are_copies():
    before = plan(road=[(WAY, {"state": "existing", "width_m": 4.0})])
    road = before.apply(add_parallel(before, all_keys(before), 3.0)).layers["road"].table.at(1)
    assert (road.attributes["state"], road.attributes["width_m"]) == ("new", 4.0)
    traced = add_parallel(before, all_keys(before), 3.0, existing=True)
    assert before.apply(traced).layers["road"].table.at(1).attributes["state"] == "existing"


def test_what_differs_in_a_copy_is_told():
    before = plan(
        parking=[(BAY, {"state": "existing"}), (BAY, {"state": "demolish"})],
        building=[(BAY, {"number": "3", "state": "new"})],
        note=[(WAY, {"text": "a"})],
    )
    bays = [key for key in all_keys(before) if key[0] == "parking"]
    assert copy_words(before, bays).zh == "副本为“新建”。"
    assert copy_words(before, bays, existing=True).en == "Copies are “Existing”."
    house = [key for key in all_keys(before) if key[0] == "building"]
    assert copy_words(before, house).zh == "编号不能重复，副本的编号留空待填。"
    assert copy_words(before, [key for key in all_keys(before) if key[0] == "note"]) is None
