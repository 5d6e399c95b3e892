"""The same map for the tools, and a hand that takes them up and types into their field."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from tests.ui.canvas.conftest import canvas, hand, messages, project, session

__all__ = ["canvas", "fill", "hand", "messages", "project", "session", "take"]


@pytest.fixture
def take(canvas, qtbot):
    """Take up a tool without snapping, and give the map the keyboard."""

    def taken(tool, layer=None):
        canvas.activateWindow()
        canvas.setFocus()
        qtbot.waitUntil(lambda: canvas.hasFocus())
        canvas.snapping = False
        canvas.active_layer = layer
        canvas.set_tool(tool)
        return canvas.tool

    return taken


@pytest.fixture
def fill(canvas):
    """Type into the entries of the field by name, then press Enter."""

    def filled(**words):
        if canvas.exact.isHidden():
            canvas.exact.open(canvas.tool.entries)
        names = [entry.name for entry in canvas.exact._entries]
        for name, text in words.items():
            canvas.exact._edits[names.index(name)].insert(text)  # keys cannot type Chinese, input methods do
        QTest.keyClick(canvas.exact._edits[0], Qt.Key.Key_Return)

    return filled
