"""Alternatives: the graph of the timeline, beginning, switching and adopting one."""

import pytest
from PyQt6.QtCore import QPoint, Qt

from gis.edit.features import move_features, set_attributes
from gis.project import Project
from layers.revision import Branch, Revision
from layers.text import Text
from ui.dialogs.branch_dialog import BranchDialog
from ui.models.branch_graph import graph_of
from ui.panels.change_rows import CHANGE
from ui.panels.timeline import Timeline
from ui.panels.view_bar import ViewBar


def revision(label, parent=None, branch="main", merged=None):
    return Revision(
        label, label, parent, "", "", "", "2020-07-25T10:00:00+08:00", "", "frozen", branch, merged
    )


WORD = Text("改", "change")
FORKED = graph_of(
    [
        revision("R1"),
        revision("R2", "R1"),
        revision("A-R2", "R1", "方案A"),
        revision("R3", "R2", merged="A-R2"),
    ],
    [Branch("main", "R3", None, True), Branch("方案A", "A-R2", "R1", False)],
)


def test_one_plan_is_one_line_of_circles():
    graph = graph_of([revision("R1"), revision("R2", "R1")], [Branch("main", "R2", None, True)])
    assert [(s.label, s.column, s.lane) for s in graph.stops] == [
        ("R1", 0, 0),
        ("R2", 1, 0),
        ("working", 2, 0),
    ]


def test_an_alternative_has_its_own_lane_and_forks_at_its_parent():
    at = {stop.label: (stop.column, stop.lane) for stop in FORKED.stops}
    assert at == {
        "R1": (0, 0),
        "R2": (1, 0),
        "A-R2": (1, 1),
        "R3": (2, 0),
        "working": (3, 0),
        "方案A": (3, 1),
    }
    named = {
        (FORKED.stops[link.start].label, FORKED.stops[link.end].label, link.kind) for link in FORKED.links
    }
    assert ("R1", "A-R2", "line") in named
    assert ("A-R2", "方案A", "open") in named


def test_a_merge_is_a_link_of_its_own():
    named = [
        (FORKED.stops[link.start].label, FORKED.stops[link.end].label)
        for link in FORKED.links
        if link.kind == "merge"
    ]
    assert named == [("A-R2", "R3")]


def test_revisions_that_came_along_with_a_merge_stand_below_and_hide_none():
    graph = graph_of(
        [
            revision("R1"),
            revision("R2", "R1"),
            revision("R2b", "R1"),
            revision("R3b", "R2b"),
            revision("R2c", "R1"),
        ],
        [Branch("main", "R2", None, True), Branch("方案A", "R1", "R1", False)],
    )
    places = {stop.label: (stop.lane, stop.column) for stop in graph.stops}
    assert len(set(places.values())) == len(places)
    assert places["R2"] == (0, 1)
    assert places["R2b"][0] == places["R3b"][0] == 2
    assert places["R2c"] == (3, 1)
    assert graph.lanes == 4


def test_the_arrow_keys_go_along_a_lane_and_across():
    assert FORKED.beside("R1", 1, 0).label == "R2"
    assert FORKED.beside("R2", 0, 1).label == "A-R2"
    assert FORKED.beside("A-R2", 1, 0).label == "方案A"
    assert FORKED.beside("working", 1, 0) is None


@pytest.fixture
def two_plans(project, session, keys):
    """R1, from it 方案A with a moved building; in the main plan another number of floors."""
    project.freeze("第一版")
    project.create_branch("方案A", "R1")
    project.switch_branch("方案A")
    session.run(Text("移", "move"), lambda s: move_features(s, [keys["3"]], 12, 0))
    project.switch_branch("main")
    session.run(Text("改", "set"), lambda s: set_attributes(s, [keys["2"]], {"floors": 5}))
    return project


def test_the_timeline_compares_two_alternatives_in_the_order_of_the_drag(qtbot, session, two_plans):
    timeline = Timeline(session)
    qtbot.addWidget(timeline)
    timeline.resize(900, 90)
    timeline.show()
    track = timeline.track
    start, end = (track.centre(track.graph.index(label)).toPoint() for label in ("方案A", "working"))
    with qtbot.waitSignal(timeline.compare_requested) as asked:
        qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(track, end)
        qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=end)
    assert asked.args == ["方案A", "working"]


def test_any_revision_can_be_the_beginning_of_an_alternative(qtbot, session, two_plans):
    timeline = Timeline(session)
    qtbot.addWidget(timeline)
    stop = timeline.track.stops[timeline.track.graph.index("R1")]
    menu = timeline.menu_of(stop)
    act = next(act for act in menu.actions() if act.text() == "从这里新建比选方案…")
    with qtbot.waitSignal(timeline.branch_requested) as asked:
        act.trigger()
    assert asked.args == ["R1"]


def test_the_menu_marks_the_alternative_that_is_edited(qtbot, session, two_plans):
    timeline = Timeline(session)
    qtbot.addWidget(timeline)
    marked = [act.text() for act in timeline.branch_menu().actions() if act.isChecked()]
    assert marked == ["主方案"]


def test_the_bar_offers_to_switch_to_the_alternative_on_screen(qtbot, session, two_plans):
    bar = ViewBar(session)
    qtbot.addWidget(bar)
    session.show_state("方案A", two_plans.state("方案A"))
    assert "方案A" in bar._label.text()
    with qtbot.waitSignal(bar.switch_requested) as asked:
        bar._switch.click()
    assert asked.args == ["方案A"]


def test_a_new_alternative_needs_a_free_name(window, project):
    project.create_branch("方案A")
    dialog = BranchDialog(window, project, "working")
    assert dialog.name.text() == "方案B"
    chosen = []
    dialog.chosen.connect(lambda *answers: chosen.append(answers))
    dialog.name.setText("方案A")
    dialog.submit()
    assert chosen == []
    dialog.name.setText("南线")
    dialog.submit()
    assert chosen == [("南线", "working", True)]


def test_switching_keeps_the_unfrozen_work_of_both(window, qtbot, two_plans, keys):
    before = two_plans.snapshot.feature(keys["3"])
    window.branch_actions.switch("方案A")
    qtbot.waitUntil(lambda: two_plans.branch == "方案A", timeout=10_000)
    qtbot.waitUntil(lambda: window.session.snapshot.feature(keys["3"]) != before, timeout=10_000)
    assert window.session.view == "working"
    assert window.session.snapshot.feature(keys["2"]).attributes["floors"] == 6
    window.branch_actions.switch("main")
    qtbot.waitUntil(lambda: two_plans.branch == "main", timeout=10_000)
    assert two_plans.snapshot.feature(keys["2"]).attributes["floors"] == 5


def test_an_alternative_is_seen_and_compared_without_switching_to_it(window, qtbot, two_plans, keys):
    window.revision_actions.compare("working", "方案A")
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=10_000)
    assert {c.key for c in window.session.comparison.changes} == {keys["3"], keys["2"]}
    assert window.session.view == "方案A"
    assert not window.session.editable
    assert two_plans.branch == "main"


def test_adopting_the_selected_objects_takes_only_those(window, qtbot, two_plans, keys):
    window.session.select([keys["3"]])
    window.branch_actions.adopt_selection("方案A")
    qtbot.waitUntil(lambda: window.merge.merge is not None, timeout=10_000)
    assert window.drawer.current == "merge"
    assert [change.key for change in window.merge.merge.plan.changes] == [keys["3"]]
    before = two_plans.snapshot.feature(keys["3"])
    window.merge._confirm()
    qtbot.waitUntil(lambda: window.merge.merge is None, timeout=10_000)
    assert two_plans.snapshot.feature(keys["3"]) != before
    window.session.undo()
    assert two_plans.snapshot.feature(keys["3"]) == before


def test_a_project_that_is_changed_in_a_worker_is_heard_of_in_the_thread_of_the_window(
    session, project, qtbot
):
    from threading import Thread, get_ident

    heard = []
    session.branches_changed.connect(lambda: heard.append(get_ident()))
    worker = Thread(target=project.create_branch, args=("方案A",))
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(heard), timeout=5_000)
    assert heard == [get_ident()]


@pytest.fixture
def compared_plans(window, qtbot, two_plans):
    window.revision_actions.compare("working", "方案A")
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=10_000)
    window.show_page("changes")
    return window.changes


def boxes(panel):
    """The rows of single changes, by feature."""
    heads = [panel.tree.topLevelItem(at) for at in range(panel.tree.topLevelItemCount())]
    children = [head.child(i) for head in heads for i in range(head.childCount())]
    return {item.data(0, CHANGE).key: item for item in children}


def test_ticked_changes_of_an_alternative_are_adopted_and_no_others(
    window, qtbot, two_plans, keys, compared_plans
):
    panel, taken = compared_plans, keys["3"]
    assert not panel.adopt.isEnabled()
    boxes(panel)[taken].setCheckState(0, Qt.CheckState.Checked)
    assert panel.ticked == (taken,)
    panel.adopt.click()
    qtbot.waitUntil(lambda: window.merge.merge is not None, timeout=10_000)
    assert {change.key for change in window.merge.merge.plan.changes} <= {taken}


def test_a_tick_on_a_number_ticks_all_that_is_under_it(compared_plans):
    head = compared_plans.tree.topLevelItem(0)
    head.setCheckState(0, Qt.CheckState.Checked)
    assert compared_plans.ticked
    assert {item.checkState(0) for item in boxes(compared_plans).values() if item.parent() is head} == {
        Qt.CheckState.Checked
    }


def test_ticks_are_set_by_the_mouse_in_the_box_and_by_the_keyboard(window, qtbot, compared_plans):
    tree = compared_plans.tree
    tree.expandAll()
    item = next(iter(boxes(compared_plans).values()))
    tree.scrollToItem(item)
    box = tree.visualItemRect(item)
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert item.checkState(0) == Qt.CheckState.Unchecked
    place = QPoint(box.left() + 12, box.center().y())
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert item.checkState(0) == Qt.CheckState.Checked
    tree.setCurrentItem(item)
    qtbot.keyClick(tree, Qt.Key.Key_Space)
    assert item.checkState(0) == Qt.CheckState.Unchecked


def test_between_two_revisions_there_is_nothing_to_tick(window, qtbot, two_plans):
    window.revision_actions.compare("R1", "working")
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=10_000)
    assert window.changes.alternative is None
    assert window.changes.adopt.isHidden()


def test_the_quantities_of_two_alternatives_stand_under_their_names(compared_plans):
    assert compared_plans._side_words() == ("主方案", "方案A")


def test_a_part_with_a_conflict_is_adopted_decided_undone_and_still_undone_after_reopening(
    window, qtbot, project, keys
):
    """方案A raises 2 and 10; here 2 is raised otherwise. Only 2 is ticked, and our number of floors kept."""
    project.freeze("第一版")
    project.create_branch("方案A", "R1")
    project.switch_branch("方案A")
    for number in ("2", "10"):
        project.apply(set_attributes(project.snapshot, [keys[number]], {"floors": 9, "year": 1999}), WORD)
    project.switch_branch("main")
    project.apply(set_attributes(project.snapshot, [keys["2"]], {"floors": 8}), WORD)
    window.revision_actions.compare("working", "方案A")
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=10_000)
    window.show_page("changes")
    boxes(window.changes)[keys["2"]].setCheckState(0, Qt.CheckState.Checked)
    window.changes.adopt.click()
    qtbot.waitUntil(lambda: window.merge.merge is not None, timeout=10_000)
    assert [c.id for c in window.merge.undecided] == [(keys["2"], "floors")]
    window.merge.decide_rest("ours")
    window.merge._confirm()
    qtbot.waitUntil(lambda: window.merge.merge is None, timeout=20_000)
    assert window.drawer.current == "changes"

    def floors_and_year(number):
        attributes = window.session.project.snapshot.feature(keys[number]).attributes
        return attributes["floors"], attributes["year"]

    assert (floors_and_year("2"), floors_and_year("10")) == ((8, 1999), (6, None))
    window.session.undo()
    assert floors_and_year("2") == (8, None)
    window.session.redo()
    window.session.set_project(None)
    project.close()
    with Project.open(project.path) as again:
        window.session.set_project(again)
        assert floors_and_year("2") == (8, 1999)
        window.session.undo()
        assert floors_and_year("2") == (8, None)
        window.session.set_project(None)
