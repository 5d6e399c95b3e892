"""Conflicts about settings are told by what they mean, never by the name they are kept under."""

import re
from dataclasses import replace

import pytest
from shapely import box

from gis.revisions.merge import Conflict
from layers.kinds import standard_kinds
from layers.style import Fill, Style
from layers.style_data import style_data
from layers.text import Text, same
from tests.gis.edit.plan import plan
from ui.models.merge_words import conflict_words
from ui.models.setting_words import setting_title

STATE = plan(building=[box(0, 0, 9, 9)], green=[box(20, 0, 29, 9)])


def colored(color):
    style = standard_kinds()["building"].style
    rules = tuple(replace(rule, symbol=(Fill(color),)) for rule in style.rules)
    return style_data(Style(rules, style.overlays, style.labels))


def test_a_conflict_of_styles_names_the_layer_and_both_colours():
    conflict = Conflict(None, "style.building", None, colored("#AA0000"), colored("#00BB00"))
    words = conflict_words(conflict, STATE)
    assert words.name.zh == "建筑"
    assert words.cell == Text("图层样式", "Style of the layer")
    assert "#AA0000" in words.ours.zh
    assert "#00BB00" in words.theirs.zh
    assert "#AA0000" not in words.theirs.zh
    assert "#" in words.base.zh
    assert not re.search(r"\{|rules|style\.", f"{words.ours.zh}{words.theirs.en}{words.base.en}")


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "cell", "said"),
    [
        ("layer.building.opacity", 0.5, 0.25, "不透明度", "50%"),
        ("layer.building.visible", False, None, "显示或隐藏", "否"),
        ("layer.building.title", "楼", "房屋", "图层名称", "楼"),
        ("layers.order", ["green", "building"], ["building", "green"], "图层次序", "建筑"),
        ("publish.contact", "张三 0533", "李四", "联系方式", "张三 0533"),
        ("view.bookmarks", [{"name": "北门"}], [], "书签", "北门"),
    ],
)
def test_each_setting_is_told_in_words(name, ours, theirs, cell, said):
    words = conflict_words(Conflict(None, name, None, ours, theirs), STATE)
    assert words.cell.zh == cell
    assert said in words.ours.zh
    assert name not in f"{words.name.zh}{words.cell.zh}{words.ours.zh}{words.theirs.zh}{words.base.zh}"


def test_a_setting_nobody_foresaw_is_still_not_called_by_its_name():
    assert setting_title("later.thing", STATE)[1] == Text("其他设置", "Another setting")


def test_a_layer_that_is_gone_is_called_by_its_id_not_by_the_setting():
    assert setting_title("style.gone", STATE)[0] == same("gone")
