"""What the form of the sheet promises: seen before it is drawn, true to scale, errors in place."""

import pytest
from PyQt6.QtGui import QPdfWriter
from PyQt6.QtWidgets import QComboBox

from gis.drawing.printing import page_layout, print_sheet
from layers.revision import WORKING
from ui.dialogs.draw_dialog import MEMORY, DrawDialog


@pytest.fixture
def form(window, qtbot, project, tmp_path):
    def make():
        dialog = DrawDialog(window, window.session, WORKING, tmp_path, window.tasks)
        dialog.show()
        seen(qtbot, dialog)
        return dialog

    return make


def seen(qtbot, dialog):
    dialog.proof = None
    dialog._on_choice()
    qtbot.waitUntil(lambda: dialog.proof is not None, timeout=20_000)


def choose(combo: QComboBox, data):
    assert combo.findData(data) >= 0
    combo.setCurrentIndex(combo.findData(data))


def test_the_sheet_is_seen_before_it_is_drawn_and_follows_the_answers(form, qtbot):
    dialog = form()
    wide = dialog.proof.pages[0].size()
    assert wide.width() > wide.height()
    choose(dialog.way, True)
    seen(qtbot, dialog)
    tall = dialog.proof.pages[0].size()
    assert (tall.width(), tall.height()) == (wide.height(), wide.width())
    dialog.reject()


def test_only_scales_that_fit_are_offered_and_one_that_no_longer_does_is_said(form, qtbot):
    dialog = form()
    largest = dialog.proof.scale
    choose(dialog.scale, largest)
    seen(qtbot, dialog)
    assert dialog.proof.scale == largest
    choose(dialog.sheet, "A4")
    dialog.proof = None
    qtbot.waitUntil(lambda: dialog.foot.problem.text() != "", timeout=20_000)
    assert not dialog.go.isEnabled()
    choose(dialog.scale, 0)
    qtbot.waitUntil(lambda: dialog.proof is not None, timeout=20_000)
    assert dialog.go.isEnabled()
    assert dialog.scale.findData(largest) < 0
    dialog.reject()


def test_the_file_is_drawn_and_the_answers_are_kept(form, qtbot, project, tmp_path):
    project.freeze("第一版")
    dialog = form()
    choose(dialog.sheet, "A3")
    choose(dialog.format, "svg")
    dialog.fields["draw.designer"].setText("某某设计院")
    with qtbot.waitSignal(dialog.drawn, timeout=30_000) as told:
        dialog.submit()
    assert told.args[0].paths[0].read_text("utf-8").count("某某设计院") == 1
    assert project.postings[-1].profile == "notice-board"
    assert project.snapshot.settings["draw.designer"] == "某某设计院"
    assert project.snapshot.settings[MEMORY]["sheet"] == "A3"
    again = form()
    assert again.sheet.currentData() == "A3"
    assert again.fields["draw.designer"].text() == "某某设计院"
    again.reject()


def test_a_folder_that_is_gone_is_said_in_the_form_and_the_form_stays(form, qtbot, tmp_path):
    dialog = form()
    dialog.path.setText(str(tmp_path / "nowhere" / "a.pdf"))
    dialog.submit()
    qtbot.waitUntil(lambda: dialog.foot.problem.text() != "", timeout=20_000)
    assert dialog.isVisible()
    assert dialog.go.isEnabled()
    dialog.reject()


def test_the_code_leads_to_the_address_and_without_one_there_is_none(form, qtbot):
    dialog = form()
    assert "没有填网址" in dialog.told.text()
    dialog.draft.put_words("publish.address", "https://example.org/R1")
    seen(qtbot, dialog)
    assert dialog.proof.address.startswith("https://example.org/R1#")
    assert "https://example.org/R1" in dialog.told.text()
    dialog.reject()


def test_a_sheet_is_printed_true_to_scale_or_shrunk_and_it_is_said(form, qtbot, tmp_path):
    import pikepdf

    dialog = form()
    choose(dialog.sheet, "A3")
    wish = dialog.wish
    device = QPdfWriter(str(tmp_path / "a3.pdf"))
    device.setPageLayout(page_layout(wish))
    assert print_sheet(dialog.project, wish, None, device) == 1.0
    with pikepdf.open(tmp_path / "a3.pdf") as made:
        box = [float(v) for v in made.pages[0].mediabox]
    assert [round(v / 72 * 25.4) for v in box[2:]] == [420, 297]
    choose(dialog.sheet, "A4")
    smaller = QPdfWriter(str(tmp_path / "a4.pdf"))
    smaller.setPageLayout(page_layout(dialog.wish))
    size = print_sheet(dialog.project, wish, None, smaller)
    assert size == pytest.approx(210 / 297, abs=0.01)
    dialog._on_printed(size)
    assert "71%" in dialog.told.text()
    dialog.reject()


def test_pages_are_turned_and_zoomed_with_the_keyboard(form, qtbot):
    from PyQt6.QtCore import Qt

    dialog = form()
    canvas = dialog.preview.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.zoom == 1.25
    qtbot.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.zoom == 1.0
    dialog.reject()
