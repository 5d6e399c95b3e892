"""Qt's own dialogs beside ours."""

import re

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMessageBox,
    QTextEdit,
    QTreeView,
)

from gis.i18n import set_language
from ui.qt_words import speak_qt

ENGLISH = re.compile("[A-Za-z]{3,}")


@pytest.fixture
def chinese(qapp):
    set_language("zh")
    speak_qt()
    yield
    speak_qt()


def words_of(dialog):
    named = [w.text() for kind in (QLabel, QAbstractButton) for w in dialog.findChildren(kind)]
    return [word for word in named if word]


@pytest.mark.parametrize("saving", [False, True])
def test_a_chinese_window_opens_file_dialogs_without_an_english_word(chinese, qtbot, tmp_path, saving):
    dialog = QFileDialog(None, "", str(tmp_path), "数据 (*)")
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    mode = QFileDialog.AcceptMode
    dialog.setAcceptMode(mode.AcceptSave if saving else mode.AcceptOpen)
    view = dialog.findChild(QTreeView)
    head = view.findChild(QHeaderView).model()
    said = [*words_of(dialog), *(head.headerData(at, view.header().orientation()) for at in range(4))]
    assert len(said) > 8
    assert [word for word in said if ENGLISH.search(word)] == []
    assert "" not in said
    assert "大小" in said


def test_a_chinese_window_asks_with_chinese_buttons(chinese, qtbot):
    box = QMessageBox()
    qtbot.addWidget(box)
    for button in QMessageBox.StandardButton:
        if button.value and bin(button.value).count("1") == 1:
            box.addButton(button)
    said = [button.text() for button in box.buttons()]
    assert len(said) > 10
    assert [word for word in said if ENGLISH.search(word)] == []


@pytest.mark.parametrize("field", [QLineEdit, QTextEdit])
def test_a_chinese_window_has_chinese_menus_in_its_fields(chinese, qtbot, field):
    one = field()
    qtbot.addWidget(one)
    menu = one.createStandardContextMenu() if field is QLineEdit else one.createStandardContextMenu(QPoint())
    said = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    assert len(said) > 5
    assert [word for word in said if ENGLISH.search(word)] == []


def test_an_english_window_keeps_the_words_of_qt(qapp, qtbot):
    set_language("en")
    try:
        speak_qt()
        dialog = QFileDialog()
        qtbot.addWidget(dialog)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        assert "&Look in:" in words_of(dialog)
    finally:
        set_language("zh")
        speak_qt()
