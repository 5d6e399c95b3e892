"""The list of what an update changes: in the order people read, one choice for thousands."""

import pytest
from PyQt6.QtCore import Qt

from gis.exchange.update import UpdateRow
from layers.text import same
from ui.imports.update_list import UpdateList, in_order

ON, OFF, SOME = Qt.CheckState.Checked, Qt.CheckState.Unchecked, Qt.CheckState.PartiallyChecked


def rows(count, fate="changed", layer="building"):
    return [UpdateRow(fate, (layer, f"{fate}{n}"), same(f"{n}号楼"), ()) for n in range(count)]


@pytest.fixture
def made(qtbot):
    one = UpdateList()
    qtbot.addWidget(one)
    return one


def test_numbers_of_buildings_are_sorted_as_numbers_also_where_there_are_many():
    found = in_order(rows(5000)[::-1])
    assert [row.name.zh for row in found] == [f"{n}号楼" for n in range(5000)]


def test_a_head_ticks_its_rows_and_tells_once(made, qtbot):
    made.fill(rows(1500))
    qtbot.waitUntil(lambda: made.topLevelItem(0).childCount() == 1500)
    told = []
    made.ticked.connect(lambda: told.append(made.dropped))
    made.topLevelItem(0).setCheckState(0, OFF)
    qtbot.waitUntil(lambda: bool(told))
    assert [len(dropped) for dropped in told] == [1500]
    assert made.topLevelItem(0).child(7).checkState(0) == OFF


def test_a_head_shows_whether_all_some_or_none_are_ticked(made):
    made.fill(rows(3))
    head = made.topLevelItem(0)
    assert head.checkState(0) == ON
    head.child(0).setCheckState(0, OFF)
    assert head.checkState(0) == SOME
    for at in range(3):
        head.child(at).setCheckState(0, OFF)
    assert head.checkState(0) == OFF


def test_what_is_gone_is_not_ticked_at_first_and_what_was_chosen_before_is(made):
    members = [*rows(2), *rows(2, "gone")]
    made.fill(members)
    assert [made.topLevelItem(at).checkState(0) for at in range(2)] == [ON, OFF]
    made.fill(members, frozenset({("building", "changed0")}))
    assert [made.topLevelItem(at).checkState(0) for at in range(2)] == [SOME, ON]


def test_several_layers_have_heads_of_their_own(made):
    made.fill([*rows(2), *rows(1, layer="road")], titles={"building": "建筑", "road": "道路"})
    assert [made.topLevelItem(at).text(0) for at in range(2)] == ["建筑 · 变更  2", "道路 · 变更  1"]
    made.topLevelItem(1).setCheckState(0, OFF)
    assert made.dropped == {("road", "changed0")}
