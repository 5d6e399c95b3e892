"""What all forms in a dialog have in common: heading, body, one main act."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QDialog, QFileDialog, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gis.i18n import tr
from layers.text import Text
from ui.panels.parts import button, column, label, row


class FormDialog(QDialog):
    """A window-modal form; it is opened, never executed, so that nothing stands still."""

    def __init__(self, parent: QWidget, title: Text, intro: Text, act: Text, width: int = 460) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(tr(title))
        self.setMinimumWidth(width)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(10)
        self.grid.setColumnStretch(1, 1)
        self.body: QVBoxLayout = column(spacing=10)
        self.body.addLayout(self.grid)
        self.problem = label(role="error", wrap=True)
        self.problem.hide()
        self.go: QPushButton = button(tr(act), "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self.submit)
        self._fields: list[QWidget] = []
        self._cautious = False
        self._replaced: tuple[Path, ...] = ()
        self._act = tr(act)
        self._cancel = cancel = button(tr("取消", "Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.foot = row(None, cancel, self.go)
        whole = column(margins=(24, 20, 24, 18), spacing=12)
        whole.addWidget(label(tr(title).rstrip("…"), "heading"))
        if intro.zh:
            whole.addWidget(label(tr(intro), "soft", wrap=True))
        whole.addLayout(self.body, 1)
        whole.addStretch()  # spare height goes here, not between the heading and the first row
        whole.addWidget(self.problem)
        whole.addLayout(self.foot)
        self.setLayout(whole)

    def add_row(self, caption: Text, *widgets: QWidget) -> None:
        """Add a caption and what belongs to it."""
        line = self.grid.rowCount()
        self._fields.extend(widgets)
        words = label(tr(caption), "field")
        words.setBuddy(widgets[0])
        self.grid.addWidget(words, line, 0, Qt.AlignmentFlag.AlignTop)
        words.setContentsMargins(0, 7, 0, 0)
        if len(widgets) == 1:
            self.grid.addWidget(widgets[0], line, 1)
        else:
            inner = row(*widgets, spacing=6)
            inner.setStretch(0, 1)
            self.grid.addLayout(inner, line, 1)

    def lead(self, *widgets: QWidget) -> None:
        """Let Tab come to widgets that stand beside the rows, before those that are added after."""
        self._fields.extend(widgets)

    def row_of(self, first: QWidget) -> list[QWidget]:
        """Return a caption and all that `add_row` put behind it, to show or hide together."""
        found: list[QWidget] = []
        for line in range(self.grid.rowCount()):
            item = self.grid.itemAtPosition(line, 1)
            inner = item.layout() if item is not None else None
            alone = item.widget() if item is not None else None
            places = [inner.itemAt(at) for at in range(inner.count())] if inner is not None else [item]
            widgets = [w for place in places if place is not None and (w := place.widget()) is not None]
            if first in (*widgets, alone):
                caption = self.grid.itemAtPosition(line, 0)
                found = widgets + ([w] if caption is not None and (w := caption.widget()) else [])
        return found

    def may_replace(self, older: Sequence[Path], agreed: Path | None = None) -> bool:
        """Tell whether files that are there may be replaced; the main act asks first and then means it.

        Parameters
        ----------
        older : sequence of Path
            What is there.
        agreed : Path, optional
            What the dialog of the system has asked about already.
        """
        if not [path for path in older if path != agreed] or tuple(older) == self._replaced:
            return True
        self._replaced = tuple(older)
        words = Text("已有 {n}", "{n} exists already")
        if len(older) > 1:
            words = Text("已有 {n} 等 {c} 个文件", "{n} and others exist already, {c} files")
        ask = Text("{w}。点“替换”覆盖，或换一个名字。", "{w}. Replace, or choose another name.")
        self.show_problem(ask.format(w=words.format(n=older[0].name, c=len(older))))
        self.go.setText(tr("替换", "Replace"))
        self.fit()
        return False

    def ask_again(self) -> None:
        """Forget that files may be replaced: something else is asked for now."""
        if self._replaced:
            self._replaced = ()
            self.go.setText(self._act)
            self.show_problem(None)

    def showEvent(self, a0: QShowEvent | None) -> None:
        """Let Tab go from the first field to the buttons, and begin at the first field."""
        super().showEvent(a0)
        order = [*self._fields, self._cancel, self.go]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
        if self._cautious:
            self._cancel.setFocus()
            self.fit()  # it says more than it asks: words in several lines leave no gaps
        elif self._fields and self.focusWidget() in (None, self._cancel, self.go):
            self._fields[0].setFocus()

    def be_cautious(self) -> None:
        """Let Enter change nothing unless the main act is in hand: it takes something away."""
        self._cautious = True
        self._cancel.setAutoDefault(True)
        self._cancel.setDefault(True)

    def fit(self) -> None:
        """Be as high as what is shown needs; rows came or went."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def show_problem(self, words: Text | None) -> None:
        """Say what is missing, in place."""
        self.problem.setText(tr(words) if words else "")
        self.problem.setVisible(words is not None)

    def submit(self) -> None:
        """Take the answers; overridden."""
        self.accept()


class PathField(QLineEdit):
    """A target file as text, with a button that asks for one."""

    def __init__(self, suggested: Path, what: Text, pattern: str) -> None:
        super().__init__(str(suggested))
        self.agreed: Path | None = None
        """What the dialog of the system has asked about: a file that is there may be replaced."""
        self._what, self._pattern = what, pattern
        self.setCursorPosition(len(self.text()))
        self.browse = button(tr("浏览…", "Browse…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)

    @property
    def path(self) -> Path:
        """The file that is written there."""
        return Path(self.text().strip()).expanduser()

    def look_for(self, pattern: str) -> None:
        """Look for another kind of file; an empty pattern means a new folder."""
        self._pattern = pattern

    def _browse(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self.window(), tr(self._what), self.text(), self._pattern)
        if name:
            self.agreed = Path(name)
            self.setText(name)
