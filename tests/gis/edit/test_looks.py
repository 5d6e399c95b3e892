"""How layers look: every act is a change of settings that undo takes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gis.edit.bookmarks import (
    BOOKMARKS,
    Bookmark,
    bookmarks_of,
    drop_bookmark,
    keep_bookmark,
    rename_bookmark,
)
from gis.edit.looks import move_layers, put_in_group, set_filter, set_scales, set_style
from gis.edit.themes import (
    current_theme,
    drop_theme,
    keep_theme,
    rename_theme,
    switch_theme,
    themes_of,
    with_theme,
)
from layers.changes import ChangeSet, SettingChange
from layers.condition import Compare, Constant, FieldValue
from layers.errors import NotFoundError, RefusedError
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import LAYER_ORDER, Snapshot, shown
from layers.style import Fill, Rule, Style
from layers.text import Text

RED = Style((Rule(Text("红", "Red"), (Fill("#CC0000"),)),))
HIGH = Compare(FieldValue("floors"), ">", Constant(6))


@pytest.fixture
def plan():
    kinds = standard_kinds()
    layers = {name: Layer.of(kinds[name]) for name in ("green", "road", "building", "tree")}
    return Snapshot("", "EPSG:4548", shown(layers, {}))


def test_a_style_comes_and_goes_with_its_step(plan):
    changes = set_style(plan, "building", RED)
    styled = plan.apply(changes)
    assert styled.layers["building"].style == RED
    assert styled.apply(changes.inverse()).layers["building"].style is standard_kinds()["building"].style


def test_the_style_of_the_kind_is_no_style_of_ones_own(plan):
    styled = plan.apply(set_style(plan, "building", RED))
    back = set_style(styled, "building", standard_kinds()["building"].style)
    assert styled.apply(back).settings == plan.settings


def test_a_filter_and_a_range_of_scales_are_kept(plan):
    after = plan.apply(set_filter(plan, "building", HIGH).then(set_scales(plan, "building", 200, 2000)))
    assert after.layers["building"].filter == HIGH
    assert after.layers["building"].scales == (200, 2000)


def test_an_empty_range_of_scales_is_refused(plan):
    with pytest.raises(RefusedError):
        set_scales(plan, "building", 2000, 500)


def test_layers_of_a_group_move_together_and_keep_their_order(plan):
    names = list(plan.layers)
    after = plan.apply(move_layers(plan, ["building", "green"], names[-1], above=True))
    assert list(after.layers)[-2:] == [n for n in names if n in ("building", "green")]


def test_a_layer_dropped_beside_one_of_another_group_joins_that(plan):
    grouped = plan.apply(put_in_group(plan, ["road"], "交通"))
    after = grouped.apply(move_layers(grouped, ["tree"], "road", above=False, join=True))
    assert after.layers["tree"].group.zh == "交通"
    back = after.apply(move_layers(after, ["tree"], "building", above=True, join=True))
    assert back.layers["tree"].heading is None or back.layers["tree"].group == back.layers["building"].group


def test_a_group_without_a_name_gives_the_layers_back_to_their_kind(plan):
    grouped = plan.apply(put_in_group(plan, ["road"], "交通"))
    assert grouped.apply(put_in_group(grouped, ["road"], " ")).settings == plan.settings


def test_a_theme_brings_back_what_was_shown_and_how(plan):
    shown_then = plan.apply(set_style(plan, "building", RED))
    kept = shown_then.apply(keep_theme(shown_then, "公示"))
    hidden = {"layer.road.visible": SettingChange(None, False)}
    later = kept.apply(ChangeSet({}, hidden).then(set_style(kept, "building", None)))
    back = later.apply(switch_theme(later, "公示"))
    assert back.layers["road"].visible
    assert back.layers["building"].style == RED
    assert (current_theme(later), current_theme(back)) == ("", "公示")
    assert with_theme(later, "公示").layers == back.layers


def test_themes_are_replaced_renamed_and_dropped_by_name(plan):
    one = plan.apply(keep_theme(plan, "甲"))
    two = one.apply(keep_theme(one, "乙"))
    again = two.apply(keep_theme(two, "甲"))
    assert [t.name for t in themes_of(again)] == ["甲", "乙"]
    renamed = again.apply(rename_theme(again, "甲", "丙"))
    assert [t.name for t in themes_of(renamed)] == ["丙", "乙"]
    assert [t.name for t in themes_of(renamed.apply(drop_theme(renamed, "丙")))] == ["乙"]
    with pytest.raises(RefusedError):
        rename_theme(renamed, "丙", "乙")
    with pytest.raises(NotFoundError):
        switch_theme(renamed, "甲")


@pytest.mark.parametrize("name", ["", "   ", "长" * 61])
def test_names_of_nothing_and_endless_names_are_refused(plan, name):
    with pytest.raises(RefusedError):
        keep_theme(plan, name)
    with pytest.raises(RefusedError):
        keep_bookmark(plan, Bookmark(name, 0, 0, 500))


def test_a_layer_the_theme_does_not_know_stays_as_it_is(plan):
    fewer = replace(plan, layers={n: a for n, a in plan.layers.items() if n != "tree"})
    kept = fewer.apply(keep_theme(fewer, "甲"))
    whole = replace(kept, layers=plan.layers).apply(
        ChangeSet({}, {"layer.tree.visible": SettingChange(None, False)})
    )
    assert not whole.apply(switch_theme(whole, "甲")).layers["tree"].visible


def test_bookmarks_are_kept_replaced_and_dropped(plan):
    one = plan.apply(keep_bookmark(plan, Bookmark("北门", 1.0, 2.0, 500.0, 30.0)))
    two = one.apply(keep_bookmark(one, Bookmark(" 北门 ", 3.0, 4.0, 200.0)))
    assert bookmarks_of(two) == (Bookmark("北门", 3.0, 4.0, 200.0, 0.0),)
    assert two.apply(drop_bookmark(two, "北门")).settings == plan.settings


def test_a_renamed_bookmark_keeps_view_and_place_in_the_list_and_takes_no_others_name(plan):
    kept = plan
    for number, name in enumerate(("甲", "乙", "丙")):
        kept = kept.apply(keep_bookmark(kept, Bookmark(name, float(number), 0.0, 500.0)))
    renamed = kept.apply(rename_bookmark(kept, "甲", " 北  门 "))
    assert [(m.name, m.x) for m in bookmarks_of(renamed)] == [("北 门", 0.0), ("乙", 1.0), ("丙", 2.0)]
    for wrong in ("乙", "", "长" * 61):
        with pytest.raises(RefusedError):
            rename_bookmark(renamed, "北 门", wrong)


@pytest.mark.parametrize(
    "junk", ["x", [1], [{"name": 3}], [{"name": "a", "x": 1, "y": 2, "scale": 0, "turn": 0}]]
)
def test_damaged_bookmarks_and_themes_are_passed_over(plan, junk):
    settings = {BOOKMARKS: SettingChange(None, junk), "view.themes": SettingChange(None, junk)}
    damaged = plan.apply(ChangeSet({}, settings))
    assert bookmarks_of(damaged) == ()
    assert themes_of(damaged) == ()


def test_the_order_of_layers_is_the_one_setting_of_a_move(plan):
    assert list(move_layers(plan, ["green"], "building", above=True).settings) == [LAYER_ORDER]
