"""Timeline, comparison, change list, history."""

import pytest
from PyQt6.QtCore import QPoint, Qt

from gis.edit.features import add_feature, move_features, remove_features, set_attributes
from gis.revisions.compare import compare
from gis.store.connection import connect
from layers.text import Text
from ui.dialogs.restore_dialog import RestoreDialog
from ui.models.words import change_words
from ui.panels.change_rows import CHANGE, GROUP
from ui.panels.changes_panel import ChangesPanel
from ui.panels.history_panel import HistoryPanel
from ui.panels.timeline import Timeline
from ui.panels.view_bar import ViewBar


@pytest.fixture
def two_revisions(project, session, keys):
    """R1 as it was, R2 with a building moved, and one more gone in the working plan."""
    project.freeze("第一版")
    session.run(Text("移", "move"), lambda s: move_features(s, [keys["3"]], 12, 0))
    project.freeze("第二版")
    session.run(Text("删", "remove"), lambda s: remove_features(s, [keys["10"]]))
    return project


@pytest.fixture
def messages_of(window):
    told = []
    window.session.message.connect(lambda what, level, advice: told.append((level, what, advice)))
    return told


@pytest.fixture
def timeline(qtbot, session, two_revisions):
    made = Timeline(session)
    qtbot.addWidget(made)
    made.resize(900, 56)
    made.show()
    return made


def at(timeline, index):
    return timeline.track.centre(index).toPoint()


def test_the_timeline_shows_every_revision_and_the_working_plan(timeline):
    assert [stop.label for stop in timeline.track.stops] == ["R1", "R2", "working"]


def test_a_click_on_a_circle_asks_to_see_that_revision(timeline, qtbot):
    with qtbot.waitSignal(timeline.view_requested) as asked:
        qtbot.mouseClick(timeline.track, Qt.MouseButton.LeftButton, pos=at(timeline, 0))
    assert asked.args == ["R1"]


def test_a_drag_from_one_to_another_compares_them_in_the_order_of_time(timeline, qtbot):
    with qtbot.waitSignal(timeline.compare_requested) as asked:
        qtbot.mousePress(timeline.track, Qt.MouseButton.LeftButton, pos=at(timeline, 2))
        qtbot.mouseMove(timeline.track, at(timeline, 1))
        qtbot.mouseRelease(timeline.track, Qt.MouseButton.LeftButton, pos=at(timeline, 0))
    assert asked.args == ["R1", "working"]


def test_a_click_beside_the_circles_does_nothing(timeline, qtbot):
    with qtbot.assertNotEmitted(timeline.view_requested):
        qtbot.mouseClick(
            timeline.track, Qt.MouseButton.LeftButton, pos=QPoint(timeline.track.width() - 2, 50)
        )


def test_the_arrow_keys_go_along_the_timeline(timeline, qtbot):
    with qtbot.waitSignal(timeline.view_requested) as asked:
        qtbot.keyClick(timeline.track, Qt.Key.Key_Left)
    assert asked.args == ["R2"]


def test_the_bar_says_which_revision_is_seen_and_that_it_is_read_only(qtbot, session, two_revisions):
    bar = ViewBar(session)
    qtbot.addWidget(bar)
    assert bar.isHidden()
    session.show_state("R1", two_revisions.state("R1"))
    assert not bar.isHidden()
    assert "R1" in bar._label.text()
    assert "只读" in bar._label.text()


def test_the_change_list_names_groups_changes_and_distances(qtbot, session, two_revisions, keys):
    panel = ChangesPanel(session)
    qtbot.addWidget(panel)
    found = compare(two_revisions.state("R1"), two_revisions.state("R2"))
    session.show_state("R2", two_revisions.state("R2"), found)
    item = panel.tree.topLevelItem(0)
    assert item.data(0, GROUP).label == "R2-1"
    change = item.child(0).data(0, CHANGE)
    assert change.key == keys["3"]
    assert "12.0 m" in change_words(change).zh
    with qtbot.waitSignal(session.zoom_requested):
        panel.tree.itemClicked.emit(item.child(0), 0)
    assert session.selection == {keys["3"]}


def test_the_number_on_the_tab_is_the_sum_of_what_the_list_says(qtbot, session, two_revisions, keys):
    session.run(Text("改", "set"), lambda s: set_attributes(s, [keys["D01"]], {"status": "answered"}))
    panel = ChangesPanel(session)
    qtbot.addWidget(panel)
    found = compare(two_revisions.state("R2"), two_revisions.snapshot)
    with qtbot.waitSignal(panel.count_changed, check_params_cb=lambda n: n == 2):
        session.show_state("working", two_revisions.snapshot, found)
    assert panel.told.startswith("R2 → 当前方案：1 处变更")
    assert panel.told.endswith("；问题点的变化 1 处")


def test_comparing_in_the_window_shows_the_later_state_with_its_changes(window, qtbot, two_revisions):
    window.revision_actions.compare("R1", "R2")
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=10_000)
    assert window.session.view == "R2"
    assert not window.session.editable
    window.revision_actions.stop_comparing()
    assert window.session.comparison is None
    assert window.session.view == "R2"


def test_a_comparison_with_the_working_plan_follows_its_edits(window, qtbot, two_revisions, keys):
    window.revision_actions.compare("R2", "working")
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=10_000)
    assert {c.key for c in window.session.comparison.changes} == {keys["10"]}
    window.session.undo()
    qtbot.waitUntil(lambda: not window.session.comparison.changes, timeout=10_000)


def restore_dialog(window):
    window.session.show_state("R1", window.session.project.state("R1"))
    window.revision_actions.restore()
    (dialog,) = window.findChildren(RestoreDialog)
    return dialog


def test_restoring_a_revision_is_asked_first_and_is_a_step_that_can_be_undone(window, two_revisions, keys):
    dialog = restore_dialog(window)
    assert two_revisions.snapshot.feature(keys["10"]) is None
    assert "建筑 2" in dialog.back.text()
    dialog.submit()
    assert window.session.view == "working"
    assert two_revisions.snapshot.feature(keys["10"]) is not None
    window.session.undo()
    assert two_revisions.snapshot.feature(keys["10"]) is None


def test_the_question_before_restoring_says_what_came_in_since_and_loses_it_only_on_demand(
    window, two_revisions
):
    values = {"code": "C9", "gist": "太少", "outcome": "open"}
    window.session.run(Text("记", "note"), lambda s: add_feature(s, "comment", None, values))
    dialog = restore_dialog(window)
    assert "居民意见 1" in dialog.stay.text()
    assert dialog.lost.isHidden()
    dialog.reports.setChecked(True)
    assert not dialog.lost.isHidden()
    assert "居民意见 1" in dialog.lost.text()
    dialog.reports.setChecked(False)
    dialog.submit()
    assert len(two_revisions.snapshot.layers["comment"].table) == 1


def test_leaving_the_question_changes_nothing(window, two_revisions, keys):
    steps = two_revisions.history.done
    restore_dialog(window).reject()
    assert two_revisions.history.done == steps
    assert window.session.view == "R1"


def test_freezing_puts_a_new_circle_on_the_timeline(window, two_revisions):
    window.revision_actions._freeze("", "第三版", "为什么", "设计院")
    assert [stop.label for stop in window.timeline.track.stops] == ["R1", "R2", "R3", "working"]
    assert window.settings.author == "设计院"


def test_a_click_in_the_history_goes_back_to_that_step_and_forward_again(qtbot, session, project):
    panel = HistoryPanel(session)
    qtbot.addWidget(panel)
    before = len(project.history.done)
    panel._go(panel.list.item(3))
    assert len(project.history.done) == before - 3
    panel._go(panel.list.item(0))
    assert len(project.history.done) == before


def test_the_undo_in_a_message_takes_back_its_own_step_and_no_other(session, keys, messages):
    def floors():
        return session.project.snapshot.feature(keys["3"]).attributes["floors"]

    session.run(Text("一", "one"), lambda s: set_attributes(s, [keys["3"]], {"floors": 7}))
    session.run(Text("二", "two"), lambda s: set_attributes(s, [keys["3"]], {"floors": 8}))
    _, act = session.undo_offer()
    session.undo()
    assert floors() == 7
    act()
    assert floors() == 7
    assert "历史" in messages[-1][2].zh
    session.redo()
    act()
    assert floors() == 7


def test_a_revision_is_seen_at_once_and_can_be_used_when_it_is_proven(window, qtbot, two_revisions):
    acts = window.actions_.qt
    session = window.session
    session.select(
        [next((layer.id, layer.table.uids[0]) for layer in session.snapshot.with_role("footprint"))]
    )
    session.show_state("R1", two_revisions.look("R1").snapshot, checking=True)
    assert "正在核对" in window.view_bar._label.text()
    for name in ("file.export", "edit.copy", "map.copy", "map.export", "revision.restore"):
        assert not acts[name].isEnabled(), name
    session.confirm()
    assert "正在核对" not in window.view_bar._label.text()
    for name in ("file.export", "edit.copy", "map.copy", "map.export", "revision.restore"):
        assert acts[name].isEnabled(), name


def test_a_click_on_a_revision_ends_with_it_proven(window, qtbot, two_revisions):
    window.revision_actions.view("R1")
    qtbot.waitUntil(lambda: window.session.view == "R1" and not window.session.checking, timeout=10_000)
    assert window.session.snapshot is two_revisions.state("R1")


def test_a_revision_that_turns_out_damaged_leaves_the_screen_with_a_word_of_why(
    window, qtbot, two_revisions, messages_of
):
    db = connect(two_revisions.path)
    db.execute("DROP TRIGGER pb_revision_update_seal")
    db.execute("UPDATE pb_revision SET digest = 'x' WHERE label = 'R1'")
    db.close()
    window.revision_actions.view("R1")
    qtbot.waitUntil(lambda: any(level == "error" for level, _, _ in messages_of), timeout=10_000)
    what = next(what for level, what, _ in messages_of if level == "error")
    assert "R1" in what.zh
    assert "已回到当前方案" in what.zh
    assert window.session.view == "working"
