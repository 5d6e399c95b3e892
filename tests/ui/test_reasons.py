"""The line below the list of changes where a change says why."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QInputMethodEvent
from PyQt6.QtWidgets import QApplication

from gis.edit.features import move_features, remove_features
from gis.explaining import explained
from gis.revisions.chapters import compare_states
from layers.reason import Reason
from layers.revision import WORKING
from layers.text import same
from ui.panels.change_rows import CHANGE, GROUP


@pytest.fixture
def changed(window, project, keys, qtbot):
    """R1; since then one building gone and another moved, compared on screen."""
    project.freeze("1")
    project.apply(remove_features(project.snapshot, [keys["10"]]), same("x"))
    project.apply(move_features(project.snapshot, [keys["2"]], -60.0, 0.0), same("x"))
    compared(window, qtbot, "R1", WORKING)
    return window


def compared(window, qtbot, before, after):
    window.show_page("changes")
    old = window.session.comparison
    window.revision_actions.compare(before, after)

    def shown():
        found = window.session.comparison
        assert found is not old
        assert (found.before, found.after) == (before, after)

    qtbot.waitUntil(shown, timeout=20_000)


def rows(window, role):
    tree = window.changes.tree
    heads = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    items = [*heads, *(head.child(i) for head in heads for i in range(head.childCount()))]
    return [item for item in items if item.data(0, role) is not None]


def choose(window, key):
    (row,) = [item for item in rows(window, CHANGE) if item.data(0, CHANGE).key == key]
    window.changes.tree.setCurrentItem(row)
    return window.changes.chosen.bar


def compose(line, words):
    """Type as an input method does; the keys of a test know no Chinese."""
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(line, event)


def type_into(qtbot, line, words):
    line.setFocus()
    line.clear()
    compose(line, words)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def why(project, key):
    return next(c.reason for c in compare_states(project, "R1", WORKING).changes if c.key == key)


def test_a_removed_object_is_given_a_reason_in_one_step(changed, project, keys, qtbot):
    bar = choose(changed, keys["10"])
    steps = len(project.history.done)
    type_into(qtbot, bar.codes, "ｔ01")
    qtbot.waitUntil(lambda: why(project, keys["10"]).answers == ("T01",))
    assert len(project.history.done) == steps + 1
    type_into(qtbot, bar.because, "4月28日会议")
    qtbot.waitUntil(lambda: why(project, keys["10"]) == Reason(("T01",), ("4月28日会议",)))
    changed.session.undo()
    qtbot.waitUntil(lambda: why(project, keys["10"]) == Reason(("T01",)))


def test_what_was_chosen_stays_chosen_when_the_list_is_made_anew(changed, project, keys, qtbot):
    bar = choose(changed, keys["10"])
    type_into(qtbot, bar.because, "会议")
    old = changed.session.comparison
    qtbot.waitUntil(lambda: changed.session.comparison is not old, timeout=20_000)
    assert changed.changes.chosen.keys == (keys["10"],)
    assert (bar.because.text(), bar.is_form) == ("会议", True)


def test_a_code_that_nothing_has_is_said_in_place_and_nothing_is_written(changed, project, keys, qtbot):
    bar = choose(changed, keys["10"])
    steps = len(project.history.done)
    type_into(qtbot, bar.codes, "T01 T99")
    assert "T99" in bar.told
    assert len(project.history.done) == steps


def test_codes_are_offered_by_code_and_by_title_those_that_wait_first(changed, keys, qtbot):
    bar = choose(changed, keys["10"])
    qtbot.keyClicks(bar.codes, "t")
    assert bar.codes.offered() == ["T02 断头路", "T01 幼儿园门口拥堵"]
    bar.codes.clear()
    bar.codes.setText("T01,")
    compose(bar.codes, "北")
    assert bar.codes.offered() == ["D01 北门积水"]


def test_a_whole_number_gives_its_reason_to_every_change_under_it(window, project, keys, qtbot):
    project.freeze("1")
    both = [keys["10"], keys["3"]]
    moved = move_features(project.snapshot, [keys["3"]], -5.0, 0.0)
    project.apply(moved, same("x"))
    project.apply(remove_features(project.snapshot, [keys["10"]]), same("x"))
    compared(window, qtbot, "R1", WORKING)
    (head,) = [item for item in rows(window, GROUP) if len(item.data(0, GROUP).changes) == 2]
    window.changes.tree.setCurrentItem(head)
    bar = window.changes.chosen.bar
    assert not bar.others.isVisible()
    type_into(qtbot, bar.because, "会议")
    qtbot.waitUntil(lambda: all(why(project, key).words == ("会议",) for key in both))


def test_a_reason_for_several_keeps_what_each_was_given_since_the_list_was_made(window, project, keys, qtbot):
    project.freeze("1")
    both = [keys["10"], keys["2"]]
    project.apply(move_features(project.snapshot, [keys["2"]], -60.0, 0.0), same("x"))
    project.apply(remove_features(project.snapshot, [keys["10"]]), same("x"))
    compared(window, qtbot, "R1", WORKING)
    for row in rows(window, CHANGE):
        row.setSelected(row.data(0, CHANGE).key in both)
    bar = window.changes.chosen.bar
    compose(bar.because, "会议")  # the comparison is made anew a moment after each of these
    edit = explained(project, {keys["10"]: Reason(("T01",), ()), keys["2"]: Reason(("T02",), ())})
    project.apply(edit(project.snapshot), same("x"))
    qtbot.keyClick(bar.because, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: why(project, keys["10"]) == Reason(("T01",), ("会议",)))
    assert why(project, keys["2"]) == Reason(("T02",), ("会议",))


def test_the_reason_of_one_change_is_given_to_the_others_of_its_number_on_demand(
    window, project, keys, qtbot
):
    project.freeze("1")
    project.apply(move_features(project.snapshot, [keys["3"]], -5.0, 0.0), same("x"))
    project.apply(remove_features(project.snapshot, [keys["10"]]), same("x"))
    compared(window, qtbot, "R1", WORKING)
    bar = choose(window, keys["10"])
    assert bar.others.isVisible()
    type_into(qtbot, bar.because, "会议")
    qtbot.waitUntil(lambda: why(project, keys["10"]).words == ("会议",))
    assert not why(project, keys["3"])
    bar.others.click()
    qtbot.waitUntil(lambda: why(project, keys["3"]).words == ("会议",))


def test_several_changes_keep_what_only_one_of_them_says(changed, project, keys, qtbot):
    edit = explained(project, {keys["10"]: Reason(("T01",))})
    project.apply(edit(project.snapshot), same("x"))
    compared(changed, qtbot, "R1", WORKING)
    for item in rows(changed, CHANGE):
        item.setSelected(True)
    bar = changed.changes.chosen.bar
    assert bar.codes.text() == ""
    type_into(qtbot, bar.because, "会议")
    qtbot.waitUntil(lambda: why(project, keys["2"]) == Reason((), ("会议",)))
    assert why(project, keys["10"]) == Reason(("T01",), ("会议",))


def test_a_frozen_comparison_says_why_no_reason_can_be_written(changed, project, keys, qtbot):
    project.freeze("2")
    compared(changed, qtbot, "R1", "R2")
    bar = choose(changed, keys["10"])
    assert not bar.is_form
    assert "R2" in bar.told


def test_a_finding_without_a_reason_leads_to_the_line_with_the_cursor_in_it(window, project, keys, qtbot):
    project.freeze("1")
    project.apply(remove_features(project.snapshot, [keys["10"]]), same("x"))
    window.reason_actions.explain(WORKING, keys["10"])
    bar = window.changes.chosen.bar
    qtbot.waitUntil(lambda: window.session.comparison is not None and bar.is_form, timeout=20_000)
    assert window.changes.chosen.keys == (keys["10"],)
    assert bar.isVisible()
    assert window.focusWidget() is bar.codes


def test_the_act_finds_the_first_change_without_a_reason(window, project, keys, qtbot):
    project.freeze("1")
    project.apply(move_features(project.snapshot, [keys["2"]], -60.0, 0.0), same("x"))
    edit = explained(project, {keys["2"]: Reason(("T01",))})
    project.apply(edit(project.snapshot), same("x"))
    project.apply(remove_features(project.snapshot, [keys["3"]]), same("x"))
    window.reason_actions.begin()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    assert window.changes.chosen.keys == (keys["3"],)
