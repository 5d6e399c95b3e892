"""Cells copied in a spreadsheet come in by Ctrl+V and from the menu, through the form of files."""

from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData
from PyQt6.QtWidgets import QApplication

from gis.clipboard import MIME
from ui.imports.table_import import TableImport

READY_MS = 30_000
CELLS = "楼号\t户数\n3\t77\n10\t78\n"


@pytest.fixture
def clipboard():
    board = QApplication.clipboard()
    yield board
    board.clear()


def opened(window, qtbot):
    dock = window.file_actions.importing
    qtbot.waitUntil(lambda: dock.form is not None and not dock.form.busy, timeout=READY_MS)
    assert isinstance(dock.form, TableImport)
    return dock.form


@pytest.mark.parametrize("act", ["edit.paste", "file.paste_table"])
def test_pasted_cells_open_the_import_and_come_in(window, qtbot, project, clipboard, act):
    clipboard.setText(CELLS)
    window.actions_.qt[act].trigger()
    form = opened(window, qtbot)
    assert form.plan.counts.updated == 2
    window.session.speak("en")
    form = opened(window, qtbot)
    assert form.plan.counts.updated == 2
    window.session.speak("zh")
    form = opened(window, qtbot)
    path = form._path
    assert path.is_file()
    form.submit()
    qtbot.waitUntil(lambda: window.file_actions.importing.form is None, timeout=READY_MS)
    assert not path.exists()
    households = project.snapshot.layers["building"].table.columns["households"]
    assert sorted(v for v in households if v in (77, 78)) == [77, 78]


def test_giving_up_leaves_no_file_of_what_was_pasted(window, qtbot, clipboard):
    clipboard.setText(CELLS)
    window.actions_.qt["file.paste_table"].trigger()
    form = opened(window, qtbot)
    folder = Path(form._path).parent
    form.give_up()
    assert not folder.exists()


def test_without_cells_in_the_clipboard_the_way_is_said(window, clipboard):
    clipboard.setText("三号楼")
    told = []
    window.session.message.connect(lambda words, *_: told.append(words.zh))
    window.actions_.qt["file.paste_table"].trigger()
    assert window.file_actions._importing is None
    assert told == ["剪贴板里没有表格。"]


def test_features_copied_here_are_pasted_as_such_though_they_are_cells_too(window, clipboard):
    data = QMimeData()
    data.setData(MIME, b"{}")
    data.setText(CELLS)
    clipboard.setMimeData(data)
    window.actions_.qt["edit.paste"].trigger()
    assert window.file_actions._importing is None
