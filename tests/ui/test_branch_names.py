"""Alternatives in the window: another name, removing, bringing back."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel

from gis.edit.features import set_attributes
from gis.i18n import tr
from gis.project import Project
from layers.changes import Change, ChangeSet
from layers.feature import Feature
from layers.text import Text
from ui.dialogs.branch_dialog import BranchDialog, RemoveBranchDialog, RenameBranchDialog


@pytest.fixture
def plans(project, keys):
    """R1; from it 方案A with A-R2 and one unfrozen edit. The main plan is edited."""
    project.freeze("第一版")
    project.create_branch("方案A", "R1")
    project.switch_branch("方案A")
    project.freeze("甲")
    words = Text("改", "change")
    project.apply(set_attributes(project.snapshot, [keys["2"]], {"floors": 9}), words)
    project.switch_branch("main")
    return project


def texts(menu):
    inner = [act.menu() for act in menu.actions() if act.menu() is not None]
    return {act.text(): act for one in (menu, *inner) for act in one.actions()}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "请填写名称"),
        ("方案A", "和原来的一样"),
        ("主方案", "已被使用"),
        ("R1", "已被使用"),
        ("a/b", "不能作"),
    ],
)
def test_a_name_that_will_not_do_is_told_in_the_dialog(window, plans, name, told):
    dialog = RenameBranchDialog(window, plans, "方案A")
    chosen = []
    dialog.chosen.connect(lambda *answers: chosen.append(answers))
    dialog.name.setText(name)
    dialog.submit()
    assert chosen == []
    assert told in dialog.problem.text()
    dialog.name.setText(" 南线 ")
    dialog.submit()
    assert chosen == [("方案A", "南线")]


def test_a_new_alternative_is_never_called_like_the_main_plan(window, plans):
    dialog = BranchDialog(window, plans, "working")
    dialog.name.setText("主方案")
    dialog.submit()
    assert "已被使用" in dialog.problem.text()
    dialog.reject()


def test_the_alternative_on_screen_stays_on_screen_under_its_new_name(window, qtbot, plans):
    window.revision_actions.view("方案A")
    qtbot.waitUntil(lambda: window.session.view == "方案A", timeout=10_000)
    window.branch_actions.call("方案A", "南线")
    qtbot.waitUntil(lambda: window.session.view == "南线", timeout=10_000)
    assert "南线" in {stop.branch for stop in window.timeline.track.stops}


def test_the_confirmation_counts_the_unfrozen_edits_and_names_the_revisions_that_stay(window, plans):
    dialog = RemoveBranchDialog(window, plans.plan_removal("方案A"))
    assert "1 处" in dialog.gone.text()
    assert "A-R2" in dialog.stay.text()
    dialog.reject()


def test_a_removed_alternative_goes_from_the_timeline_but_its_revisions_stay_and_it_comes_back(
    window, qtbot, plans
):
    window.revision_actions.view("方案A")
    qtbot.waitUntil(lambda: window.session.view == "方案A", timeout=10_000)
    window.branch_actions.take_away("方案A")
    qtbot.waitUntil(lambda: len(plans.branches) == 1, timeout=10_000)
    assert window.session.view == "working"
    qtbot.waitUntil(lambda: window.timeline.track.graph.index("方案A") < 0, timeout=10_000)
    assert window.timeline.track.graph.index("A-R2") >= 0
    texts(window.timeline.branch_menu())["取回已删除的“方案A”"].trigger()
    qtbot.waitUntil(lambda: len(plans.branches) == 2, timeout=10_000)


def test_the_menus_of_button_and_lane_rename_and_remove(window, plans):
    timeline = window.timeline
    lane = timeline.track.stops[timeline.track.graph.index("A-R2")]
    for menu in (timeline.branch_menu(), timeline.menu_of(lane)):
        acts = texts(menu)
        assert acts["给“方案A”改名…"].isEnabled()
        assert acts["删除“方案A”…"].isEnabled()
    first = timeline.track.stops[timeline.track.graph.index("R1")]
    assert not any("改名" in words for words in texts(timeline.menu_of(first)))


def test_the_plan_being_edited_is_renamed_but_not_removed(window, plans):
    plans.switch_branch("方案A")
    acts = texts(window.timeline.branch_menu())
    assert acts["给“方案A”改名…"].isEnabled()
    assert not acts["删除“方案A”（请先切换到其他方案）"].isEnabled()
    assert window.branch_actions._named() == [b for b in plans.branches if b.current]


def test_a_read_only_project_offers_neither(window, plans):
    path = plans.path
    window.session.set_project(None)
    plans.close()
    with Project.open(path, read_only=True) as seen:
        window.session.set_project(seen)
        acts = texts(window.timeline.branch_menu())
        assert not acts["给“方案A”改名…"].isEnabled()
        assert not acts["删除“方案A”…"].isEnabled()
        window.session.set_project(None)


def test_nobody_is_told_to_drag_what_a_frozen_revision_holds(window, qtbot, plans):
    hint = window.status.hint
    assert "移动" in hint.text()
    window.revision_actions.view("R1")
    qtbot.waitUntil(lambda: window.session.view == "R1", timeout=10_000)
    assert "移动" not in hint.text()
    assert "只能查看" in tr(window.canvas.tool.first_hint)
    window.session.show_working()
    assert "移动" in hint.text()


def test_enter_in_the_confirmation_of_a_removal_removes_nothing(window, qtbot, plans):
    dialog = RemoveBranchDialog(window, plans.plan_removal("方案A"))
    chosen = []
    dialog.chosen.connect(chosen.append)
    dialog.show()
    qtbot.waitExposed(dialog)
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert chosen == []


def test_enter_on_the_button_that_removes_does_remove(window, qtbot, plans):
    dialog = RemoveBranchDialog(window, plans.plan_removal("方案A"))
    chosen = []
    dialog.chosen.connect(chosen.append)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.go.setFocus()
    qtbot.keyClick(dialog.go, Qt.Key.Key_Return)
    assert chosen == ["方案A"]


def test_people_are_told_that_comments_and_spots_are_common_to_all_alternatives(window, qtbot, plans):
    common = "意见和问题点"
    assert any(common in words for words in texts(window.timeline.branch_menu()))
    beginning = BranchDialog(window, plans, "working")
    assert any(common in words.text() for words in beginning.findChildren(QLabel))
    assert common in RemoveBranchDialog(window, plans.plan_removal("方案A")).stay.text()
    offers = []
    window.session.offered.connect(offers.append)
    window.branch_actions.switch("方案A")
    qtbot.waitUntil(lambda: bool(offers), timeout=10_000)
    assert common in offers[0].advice.zh
    beginning.reject()


def test_undo_says_what_it_leaves_because_another_alternative_told_it_since(window, qtbot, plans):
    def tell(gist):
        table = plans.snapshot.layers["comment"].table
        told = Feature("c1", None, {"code": "C99", "gist": gist, "outcome": "open"})
        plans.apply(ChangeSet.of([Change("comment", table.get("c1"), told)]), Text("意见", "comment"))

    said = []
    window.session.message.connect(lambda what, level, advice: said.append(f"{what.zh}{advice.zh}"))
    tell("一")
    plans.switch_branch("方案A")
    tell("二")
    plans.switch_branch("main")
    window.session.undo()
    qtbot.waitUntil(lambda: any("另一方案" in words for words in said), timeout=10_000)
    assert plans.snapshot.feature(("comment", "c1")).attributes["gist"] == "二"


def test_the_history_marks_what_was_frozen_and_a_click_there_shows_it(window, qtbot, plans):
    def rows():
        found = window.history.list
        return [found.item(at).text() for at in range(found.count())]

    assert [words for words in rows() if "冻结为 R1" in words]
    assert not [words for words in rows() if "A-R2" in words]
    window.branch_actions.switch("方案A")
    qtbot.waitUntil(lambda: any("冻结为 A-R2" in words for words in rows()), timeout=10_000)
    frozen = next(at for at, words in enumerate(rows()) if "A-R2" in words)
    assert "改" in rows()[frozen - 1]
    steps = plans.history
    window.history._go(window.history.list.item(frozen))
    qtbot.waitUntil(lambda: window.session.view == "A-R2", timeout=10_000)
    assert plans.history == steps
