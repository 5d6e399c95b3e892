"""A form that makes files: it stands beside the map, and only its own button begins the work."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QDialog, QPushButton, QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WorkForm(QDialog):
    """A dialog with a preview; the window behind it stays in use, its language and its menus included."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Let Enter press the button that has the focus; a dialog by itself would press its main one."""
        if a0 is None or a0.key() not in _ENTER:
            super().keyPressEvent(a0)
            return
        at = self.focusWidget()
        if isinstance(at, QPushButton) and at.isEnabled():
            at.click()
        a0.accept()
