# ruff: noqa: F811 (a fixture is named as an argument)
"""The form of publishing beside the window: the notice period, Enter, another language, edits meanwhile."""

import datetime as dt

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPlainTextEdit

from tests.ui.test_publishing import edited, form, looked, published, put_down  # noqa: F401


def test_what_says_that_comments_come_too_late_is_published_only_after_a_clear_yes(
    form, qtbot, project, tmp_path
):
    project.freeze("第一版")
    dialog = form()
    put_down(dialog.notice.comment_until, "2020-07-17")
    looked(qtbot, dialog)
    assert "2020年7月17日" in dialog.target.period.words.text()
    dialog.submit()
    assert not dialog.foot.busy
    assert dialog.foot.problem.isVisible()
    assert list(tmp_path.glob("*.html")) == []
    dialog.notice.period.yes.setChecked(True)
    assert dialog.target.period.yes.isChecked()
    published(qtbot, dialog)
    assert dialog.made.path.is_file()


def test_a_yes_to_one_period_counts_for_no_other(form, project):
    dialog = form()
    put_down(dialog.notice.comment_until, "2020-07-17")
    dialog.target.period.yes.setChecked(True)
    put_down(dialog.notice.comment_until, "2020-07-18")
    assert dialog.target.period.stands_in_the_way


def test_one_click_sets_seven_days_from_today(form, qtbot, project):
    dialog = form()
    put_down(dialog.notice.comment_until, "2020-07-17")
    dialog.target.period.propose.click()
    today = dt.date.today()
    assert dialog.notice.comment_from.value == today.isoformat()
    assert dialog.notice.comment_until.value == (today + dt.timedelta(days=6)).isoformat()
    assert not dialog.target.period.stands_in_the_way
    assert dialog.target.period.words.isHidden()


def test_the_period_of_a_followed_revision_is_history_and_asks_nothing(form, qtbot, project):
    project.freeze("第一版")
    project.freeze("第二版")
    dialog = form("R1")
    dialog.draft.put("publish.comment_until", "2020-07-17")
    assert not dialog.target.period.stands_in_the_way


def test_enter_publishes_only_from_the_button_itself(form, qtbot, project, tmp_path):
    project.freeze("第一版")
    dialog = form()
    for field in (dialog.target.as_page, dialog.target.as_site, dialog.target.path, dialog.nav):
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert not dialog.foot.busy
    dialog.target.as_page.setChecked(True)
    looked(qtbot, dialog)
    dialog.go.setFocus()
    qtbot.keyClick(dialog.go, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.views.currentWidget() is dialog.made, timeout=30_000)


@pytest.fixture
def english(window):
    yield lambda: window.session.speak("en")
    window.session.speak("zh")


def test_another_language_keeps_all_that_was_typed_into_the_form(window, qtbot, project, english, tmp_path):
    project.freeze("第一版")
    project.freeze("第二版")
    publishing = window.file_actions._publishing
    publishing.open()
    old = publishing._form
    old.target.states.choose("R1", None)
    old.nav.setCurrentRow(2)
    old.target.path.setText(str(tmp_path / "mine.html"))
    put_down(old.notice.office, "稷下街道")
    line = old.notice.contact.findChild(QPlainTextEdit)
    line.setFocus()
    line.setPlainText("打了一半")
    english()
    new = publishing._form
    assert new is not old
    assert new.windowTitle() == "Publish page"
    assert new.target.states.state == "R1"
    assert new.target.path.text() == str(tmp_path / "mine.html")
    assert new.notice.office.value == "稷下街道"
    assert new.notice.contact.value == "打了一半"
    assert new.nav.currentRow() == 2
    new.reject()


def test_the_window_behind_the_form_stays_in_use_and_the_form_follows_it(window, qtbot, project, keys):
    publishing = window.file_actions._publishing
    publishing.open()
    dialog = publishing._form
    assert not dialog.isModal()
    looked(qtbot, dialog)
    before = dialog.reviewed
    edited(project, *keys["T01"], title="别的名称")
    looked(qtbot, dialog)
    assert not before.same_as(dialog.order)
    project.freeze("第一版")
    assert dialog.target.states.revision.findData("R1") >= 0
    dialog.reject()


def test_a_site_lets_choose_what_its_pages_are_compared_with(form, qtbot, project, tmp_path):
    for title in ("第一版", "第二版", "第三版"):
        project.freeze(title)
    dialog = form()
    dialog.target.as_site.setChecked(True)
    compare = dialog.target.states.compare
    assert compare.isEnabled()
    assert compare.currentText() == "每版与上一版"
    compare.setCurrentIndex(compare.findData("R1"))
    published(qtbot, dialog)
    assert [one.compared_with for one in project.postings] == [None, "R1", "R1"]
