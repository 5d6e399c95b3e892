"""Codes have one spelling, wherever they are entered."""

import json

import pytest
from shapely import Point

from gis.clipboard import pasted_text
from gis.edit.attributes import calculate_field, replace_values
from gis.edit.construct import add_features
from gis.edit.features import add_feature, set_attributes
from gis.exchange.plan import plan_import
from tests.gis.edit.plan import plan
from tests.gis.exchange.test_plan import source

HERE = Point(616650, 4077999)
TREE = ("tree", "tree0")


@pytest.fixture
def one_tree():
    return plan(tree=[(HERE, {"answers": "D01", "species": "槐"})], comment=[(HERE, {"code": "c01"})])


def pasting(snapshot):
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [616650, 4077999]}}
    text = json.dumps({**feature, "properties": {"answers": "t13、ｄ05"}})
    return pasted_text(snapshot, text, "tree").changes


ENTRANCES = {
    "form and table": lambda s: set_attributes(s, [TREE], {"answers": " t13、ｄ05"}),
    "drawing": lambda s: add_feature(s, "tree", HERE, {"answers": "t13,d05"}),
    "rows of bays": lambda s: add_features(s, "tree", [HERE], {"answers": "t13 d05"}),
    "formula": lambda s: calculate_field(s, [TREE], "answers", "'t13,' + 'd05'"),
    "find and replace": lambda s: replace_values(s, [TREE], ["answers"], "D01", "t13；d05"),
    "import": lambda s: plan_import(s, source(HERE, answers=["t13, d05"]), "tree").changes,
    "pasting": pasting,
}


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_codes_are_kept_in_one_spelling_whichever_way_they_come_in(one_tree, entrance):
    (change,) = ENTRANCES[entrance](one_tree)
    assert change.after.attributes["answers"] == "T13,D05"


def test_a_file_that_spells_the_codes_of_the_plan_otherwise_changes_nothing(one_tree):
    again = source(HERE, uid=["tree0"], answers=["d01"], species=["槐"])
    assert not plan_import(one_tree, again, "tree", match="species").changes


def test_a_pasted_comment_does_not_take_a_number_that_is_spelled_otherwise_in_the_plan(one_tree):
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [616650, 4077999]}}
    text = json.dumps({**feature, "properties": {"code": "Ｃ01", "gist": "路灯不亮"}})
    made = pasted_text(one_tree, text, "comment")
    assert made.taken == 1
    (change,) = made.changes
    assert change.after.attributes.get("code") is None
