"""Residents' comments: list, outcome, adding, pasting; the ledger and its tables."""

import datetime as dt

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from shapely import Point

from gis.edit.features import add_feature, move_features
from layers.text import Text
from tests.ui.conftest import EAST, NORTH
from ui.panels.comments_panel import CommentsPanel
from ui.panels.parts import Chip


@pytest.fixture
def comments(project):
    """C01 open with a place about D01, C02 adopted without one."""
    for place, values in (
        (
            Point(EAST, NORTH + 60),
            {"code": "C01", "gist": "北门积水", "about": "D01,R2-1", "channel": "phone"},
        ),
        (None, {"code": "C02", "gist": "加装电梯", "outcome": "adopted", "channel": "meeting"}),
    ):
        project.apply(add_feature(project.snapshot, "comment", place, values), Text("记", "note"))
    return {f.attributes["code"]: ("comment", f.uid) for f in project.snapshot.layers["comment"].table}


@pytest.fixture
def panel(qtbot, session, comments):
    made = CommentsPanel(session)
    qtbot.addWidget(made)
    return made


def codes(panel):
    return [comment.code for comment in panel.shown]


def test_comments_that_wait_for_an_answer_come_first(panel):
    assert codes(panel) == ["C01", "C02"]


def test_the_list_is_filtered_by_state_channel_and_words(panel):
    panel.bar.segments["open"].setChecked(True)
    assert codes(panel) == ["C01"]
    panel.bar.clear()
    panel.bar.combos[1].setCurrentIndex(panel.bar.combos[1].findData("meeting"))
    panel._apply()
    assert codes(panel) == ["C02"]
    panel.bar.clear()
    panel.bar.line.setText("电梯")
    assert codes(panel) == ["C02"]


def test_a_decision_is_dated_today_and_one_step(panel, session, project, comments):
    steps = len(project.history.done)
    panel.set_outcome(panel.shown[0], "partly")
    values = project.snapshot.feature(comments["C01"]).attributes
    assert values["outcome"] == "partly"
    assert values["answered_on"] == dt.datetime.now().astimezone().date().isoformat()
    assert len(project.history.done) == steps + 1
    panel.set_outcome(next(c for c in panel.shown if c.code == "C01"), "open")
    assert project.snapshot.feature(comments["C01"]).attributes["answered_on"] is None


def test_a_comment_can_be_added_with_a_click_for_its_place_and_without(window, qtbot, project, comments):
    window.comment_actions.add(None)
    form = window.attributes.draft
    form.form.editors["gist"].show_value("路灯太暗")
    form.place_wanted.emit()
    assert window.picker.active
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert not window.picker.active
    x, y = window.canvas.viewport.to_world(200, 150)
    assert form.place.equals_exact(Point(x, y), 0.01)
    form.set_place(None)
    form.save()
    added = next(f for f in project.snapshot.layers["comment"].table if f.attributes["code"] == "C03")
    assert added.geometry is None
    assert added.attributes["gist"] == "路灯太暗"


def test_escape_gives_up_the_click_and_the_tool_gets_its_clicks_again(window, qtbot, comments):
    window.comment_actions.add(None)
    window.attributes.draft.place_wanted.emit()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.picker.active


def test_a_comment_without_a_gist_is_not_saved(window, project, comments):
    window.comment_actions.add(None)
    window.attributes.draft.save()
    assert window.attributes.draft is not None
    assert len(project.snapshot.layers["comment"].table) == 2


def test_a_comment_copied_from_the_page_brings_words_number_and_place(window, qtbot, project, keys, comments):
    project.freeze("第一版")
    window.session.run(Text("移", "move"), lambda s: move_features(s, [keys["3"]], 12, 0))
    project.freeze("第二版")
    QGuiApplication.clipboard().setText("张三 09:12\n【改造意见 R2-1】\n意见：离我家太近")
    window.comment_actions.paste()
    qtbot.waitUntil(lambda: window.attributes.draft is not None, timeout=20_000)
    form = window.attributes.draft
    values = form.form.values()
    assert values["text"] == "离我家太近"
    assert values["about"] == "R2-1"
    assert not values["gist"]
    assert form.place.distance(project.snapshot.feature(keys["3"]).geometry) < 30


def test_several_copied_comments_are_asked_for_in_turn(window, qtbot, project, comments):
    project.freeze("第一版")
    QGuiApplication.clipboard().setText("【改造意见 R1-1001】意见：一\n【改造意见 R1-1002】意见：二")
    window.comment_actions.paste()
    qtbot.waitUntil(lambda: window.attributes.draft is not None, timeout=20_000)
    first = window.attributes.draft
    first.form.editors["gist"].show_value("第一条")
    first.save()
    assert window.attributes.draft is not first
    assert window.attributes.draft.form.values()["text"] == "二"


def test_a_clipboard_without_a_comment_is_told(window, qtbot):
    told = []
    window.session.message.connect(lambda what, level, advice: told.append(level))
    QGuiApplication.clipboard().setText("今天天气不错")
    window.comment_actions.paste()
    assert told == ["warning"]
    assert window.attributes.draft is None


def chips(window):
    return {chip.text() for chip in window.attributes.findChildren(Chip) if chip.isVisible()}


def test_a_spot_shows_the_comments_about_it_and_a_comment_what_it_is_about(window, qtbot, comments, keys):
    window.session.select([keys["D01"]])
    qtbot.waitUntil(lambda: "C01 北门积水" in chips(window))
    window.session.select([comments["C01"]])
    qtbot.waitUntil(lambda: {"D01 北门积水", "变更 R2-1"} <= chips(window))


def test_the_number_of_a_change_leads_to_its_comparison(window, qtbot, project, keys, comments):
    project.freeze("第一版")
    window.session.run(Text("移", "move"), lambda s: move_features(s, [keys["3"]], 12, 0))
    project.freeze("第二版")
    window.comment_actions.show_change("R2-1")
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    assert window.session.view == "R2"
    assert window.drawer.current == "changes"


def ledger_of(window, qtbot):
    window.show_page("ledger")
    qtbot.waitUntil(lambda: window.ledger.ledger is not None, timeout=20_000)
    return window.ledger


def test_the_ledger_lists_spots_and_comments_and_finds_those_without_an_answer(window, qtbot, comments):
    panel = ledger_of(window, qtbot)
    assert [entry.code for entry in panel.shown] == ["D01", "T01", "T02", "C01", "C02"]
    panel.bar.segments["comment"].setChecked(True)
    assert [entry.code for entry in panel.shown] == ["C01", "C02"]
    panel.bar.segments["silent"].setChecked(True)
    assert "C01" in [entry.code for entry in panel.shown]


def test_ledger_and_changes_are_exported_as_tables(
    window, qtbot, project, keys, comments, tmp_path, monkeypatch
):
    from openpyxl import load_workbook
    from PyQt6.QtWidgets import QFileDialog

    project.freeze("第一版")
    window.session.run(Text("移", "move"), lambda s: move_features(s, [keys["3"]], 12, 0))
    window.revision_actions.compare("R1", "working")
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    for name, act in (("ledger", "ledger.export"), ("changes", "changes.export")):
        out = tmp_path / f"{name}.xlsx"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, out=out: (str(out), "Excel (*.xlsx)"))
        window.actions_.trigger(act)
        qtbot.waitUntil(out.exists, timeout=20_000)
    words = {str(cell.value) for row in load_workbook(tmp_path / "ledger.xlsx").worksheets[0] for cell in row}
    assert {"C01", "加装电梯"} <= words
    words = {
        str(cell.value) for row in load_workbook(tmp_path / "changes.xlsx").worksheets[0] for cell in row
    }
    assert "3号楼" in words


def test_a_pasted_number_finds_its_revision_however_it_is_written(window, project):
    from gis.publish.comment_text import CommentText
    from layers.revision import FIRST_OBJECT
    from ui.actions.comments import _place_of

    project.freeze("第一版")
    places = {_place_of(project, CommentText(label, FIRST_OBJECT)) for label in ("R1", "r1", "Ｒ１")}
    assert len(places) == 1
    assert None not in places
    assert _place_of(project, CommentText("R9", FIRST_OBJECT)) is None


def numbered(project, layer, label="R1"):
    from gis.publish.numbering import number_of

    key = (layer, str(project.snapshot.layers[layer].table.uids[0]))
    return key, number_of(project.state(label), key)


def test_a_pasted_comment_on_a_problem_spot_names_the_spot_and_one_on_a_building_its_number(project):
    from gis.publish.comment_text import CommentText
    from ui.actions.comments import _subject

    project.freeze("第一版")
    (layer, uid), at = numbered(project, "drainage_spot")
    spot = project.snapshot.feature((layer, uid))
    assert _subject(project, CommentText("R1", at)).about == spot.attributes["code"]
    _, at = numbered(project, "building")
    assert _subject(project, CommentText("R1", at)).about == f"R1-{at}"


def test_the_number_of_an_object_is_no_change_and_selects_the_object(window, qtbot, project):
    from ui.models.references import references_of

    project.freeze("第一版")
    key, at = numbered(project, "building")
    (reference, change) = references_of(project.snapshot, [f"R1-{at}", "R1-3"])
    assert (reference.words.zh, change.words.zh) == (f"对象 R1-{at}", "变更 R1-3")
    window.comment_actions.show_change(reference.code)
    qtbot.waitUntil(lambda: key in window.session.selection, timeout=20_000)
    assert window.session.comparison is None


def test_a_reply_that_is_being_typed_survives_another_language_and_theme(window, project, comments):
    window.session.select([comments["C01"]])
    window.attributes.form.editors["reply"]._input().setPlainText("下月修好")
    window.view_actions._speak("en")
    try:
        assert project.snapshot.feature(comments["C01"]).attributes["reply"] == "下月修好"
        assert window.attributes.form.editors["reply"].value == "下月修好"
    finally:
        window.view_actions._speak("zh")


def test_pasting_is_a_button_of_the_list(panel, qtbot):
    with qtbot.waitSignal(panel.paste_requested):
        panel._paste.click()


def test_giving_up_one_pasted_comment_loses_no_other(window, qtbot, project, comments):
    chat = "".join(f"王芳:\n【改造意见 R1-{n}】\n意见：第{n}条\n\n" for n in (1, 2))
    QGuiApplication.clipboard().setText(chat)
    offers = []
    window.session.offered.connect(offers.append)
    window.comment_actions.paste()
    qtbot.waitUntil(lambda: window.attributes.draft is not None, timeout=10_000)
    window.attributes.draft.finished.emit(False)
    assert "还有 1 条" in offers[-1].what.zh
    offers[-1].acts[0][1]()
    assert window.attributes.draft.form.values()["text"] == "第2条"
