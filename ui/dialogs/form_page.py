"""One page of a form that has several: captions left, fields right, scrolling when it must."""

from __future__ import annotations

from itertools import pairwise

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QGridLayout, QLayout, QVBoxLayout, QWidget

from gis.i18n import tr
from layers.text import Text
from ui.panels.parts import column, label, row

_LEAST_PX = (1240, 700)
_MOST_PX = (1680, 1000)


class FormPage(QWidget):
    """A page with a heading, a line of why, rows of fields, and room below."""

    def __init__(self, title: Text, why: Text | None = None) -> None:
        super().__init__()
        self.setObjectName("PanelBody")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body: QVBoxLayout = column(margins=(16, 14, 16, 14), spacing=10)
        self.body.addWidget(label(tr(title), "heading"))
        if why is not None:
            self.body.addWidget(label(tr(why), "soft", wrap=True))
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(10)
        self.grid.setVerticalSpacing(9)
        self.grid.setColumnStretch(1, 1)
        self.body.addLayout(self.grid)
        self.setLayout(self.body)

    def add_row(self, caption: Text, *widgets: QWidget) -> None:
        """Add a caption and what belongs to it."""
        line = self.grid.rowCount()
        words = label(tr(caption), "field")
        words.setBuddy(widgets[0])
        words.setContentsMargins(0, 6, 0, 0)
        self.grid.addWidget(words, line, 0, Qt.AlignmentFlag.AlignTop)
        if len(widgets) == 1:
            self.grid.addWidget(widgets[0], line, 1)
        else:
            inner = row(*widgets, spacing=6)
            inner.setStretch(0, 1)
            self.grid.addLayout(inner, line, 1)

    def add_section(self, words: Text) -> None:
        """Add a small heading between rows."""
        head = label(tr(words), "section")
        head.setContentsMargins(0, 8, 0, 0)
        self.grid.addWidget(head, self.grid.rowCount(), 0, 1, 2)

    def add_wide(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Add something over the whole width."""
        if isinstance(item, QWidget):
            self.body.addWidget(item, stretch)
        else:
            self.body.addLayout(item, stretch)


def fit_into(form: QWidget, parent: QWidget) -> None:
    """Size a form with a preview for its window: as large as helps, never larger than the window."""
    window = parent.window() or parent
    width = min(max(_LEAST_PX[0], round(window.width() * 0.82)), _MOST_PX[0], window.width() - 40)
    height = min(max(_LEAST_PX[1], round(window.height() * 0.84)), _MOST_PX[1], window.height() - 40)
    form.resize(width, height)


def tab_through(*parts: QWidget) -> None:
    """Let Tab go through the fields of some parts, one part after the other."""
    order: list[QWidget] = []
    for part in parts:
        inner = [w for w in part.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        own = [part] if part.focusPolicy() & Qt.FocusPolicy.TabFocus else []
        order += [w for w in (*own, *inner) if w.focusProxy() is None and w.window() is part.window()]
    for before, after in pairwise(order):
        QWidget.setTabOrder(before, after)


def narrow(combo: QComboBox, letters: int = 12) -> QComboBox:
    """Let a drop-down be narrower than its longest line."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(letters)
    return combo
