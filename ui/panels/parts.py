"""Small pieces that all panels are built from."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gis.i18n import tr
from layers.text import Text
from ui.session import Session
from ui.theme.icons import icon, paint_icon
from ui.theme.tokens import GRID_PX, theme

_EDGE_PX = 6


class Wording(QObject):
    """Keeps the texts of one panel in the language in force."""

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner)
        self._bound: list[tuple[Callable[[str], object], Text]] = []
        session.language_changed.connect(self.apply)

    def bind(self, setter: Callable[[str], object], words: Text) -> None:
        """Set a text now and after every change of language."""
        self._bound.append((setter, words))
        setter(tr(words))

    def apply(self) -> None:
        """Set every bound text again."""
        for setter, words in self._bound:
            setter(tr(words))


def label(words: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label of plain text; `role` picks its look in the style sheet."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


def find_line(most_px: int = 220) -> QLineEdit:
    """Return a line for searching, with a glass before and, when filled, a cross behind.

    Qt's own clear button looks through the icon themes of the desktop, which takes a tenth of a second.
    """
    made = QLineEdit()
    made.setMaximumWidth(most_px)
    made.addAction(icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
    cross = made.addAction(icon("x"), QLineEdit.ActionPosition.TrailingPosition)
    assert cross is not None
    cross.setVisible(False)
    cross.triggered.connect(made.clear)
    made.textChanged.connect(lambda words: cross.setVisible(bool(words)))
    return made


def later(owner: QObject, milliseconds: int, do: Callable[[], object]) -> None:
    """Do something after a while, unless its owner is gone by then."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.timeout.connect(lambda: do())
    timer.timeout.connect(timer.deleteLater)
    timer.start(milliseconds)


def dress_panel(panel: QWidget) -> None:
    """Give a panel its ground; a plain widget paints none by itself."""
    panel.setObjectName("Panel")
    panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet looks at, and make it look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        style = widget.style()
        if style is not None:
            style.unpolish(widget)
            style.polish(widget)


def button(words: str, role: str = "", glyph: str = "") -> QPushButton:
    """Return a push button; ``role="primary"`` once a panel at most."""
    made = QPushButton(words)
    made.setProperty("role", role)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if glyph:
        made.setIcon(icon(glyph, theme().on_accent if role == "primary" else None))
        made.setIconSize(QSize(16, 16))
    return made


def icon_button(glyph: str, size: int = 18) -> QToolButton:
    """Return a flat button with an icon only; give it a tool tip."""
    made = QToolButton()
    made.setIcon(icon(glyph))
    made.setIconSize(QSize(size, size))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def segment(words: str = "") -> QToolButton:
    """Return a button of a segmented control."""
    made = QToolButton()
    made.setText(words)
    made.setCheckable(True)
    made.setProperty("role", "segment")
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def rule() -> QFrame:
    """Return a hairline."""
    made = QFrame()
    made.setProperty("role", "rule")
    made.setFixedHeight(1)
    return made


def row(
    *items: QWidget | int | None, spacing: int = GRID_PX, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """Return widgets side by side; a number is a gap, None takes the spare room."""
    made = QHBoxLayout()
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    _put(made, items)
    return made


def column(
    *items: QWidget | int | None, spacing: int = GRID_PX, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """Return widgets above one another; a number is a gap, None takes the spare room."""
    made = QVBoxLayout()
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    _put(made, items)
    return made


def stacked(above: QWidget, below: QWidget) -> QWidget:
    """Return two panels as one; the upper takes the spare room."""
    both = QWidget()
    whole = column(spacing=0)
    whole.addWidget(above, 1)
    whole.addWidget(below)
    both.setLayout(whole)
    return both


def _put(layout: QHBoxLayout | QVBoxLayout, items: tuple[QWidget | int | None, ...]) -> None:
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        else:
            layout.addWidget(item)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


def scrolled(body: QWidget) -> QScrollArea:
    """Return a panel body that scrolls up and down only."""
    area = QScrollArea()
    area.setObjectName("PanelScroll")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(body)
    return area


class Choice(QComboBox):
    """A list to choose from that shortens what finds no room with … instead of cutting it off.

    The wheel scrolls the panel it stands in: what is passed on the way must not change.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, e: QWheelEvent | None) -> None:
        if e is not None:
            e.ignore()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        control = QStyle.ComplexControl.CC_ComboBox
        painter.drawComplexControl(control, option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = painter.style().subControlRect(control, option, field, self)  # type: ignore[union-attr]
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - _EDGE_PX
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class Elided(QLabel):
    """A one-line label that shortens its text with … and shows the whole in its tip."""

    def __init__(self, role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._mode = mode

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        inside = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), self._mode, inside.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        if len(text) > 1 or text == self.text():
            painter.drawText(inside, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)

    def setText(self, a0: str | None) -> None:
        super().setText(a0)
        self.setToolTip(a0 or "")


class Glyph(QWidget):
    """An icon as a picture, sharp at any scaling and in the theme's colour."""

    def __init__(self, name: str, size: int = 18, tone: str = "text_soft") -> None:
        super().__init__()
        self._name, self._tone = name, tone
        self.setFixedSize(size, size)

    def show_icon(self, name: str, tone: str) -> None:
        """Show another icon; `tone` names a colour of the theme."""
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._name, self.rect(), getattr(theme(), self._tone))


class EmptyState(QWidget):
    """Says why nothing is here and offers the next act. Emits `chosen`."""

    chosen = pyqtSignal()

    def __init__(self, glyph: str, wording: Wording, what: Text, why: Text, act: Text | None = None) -> None:
        super().__init__()
        title, reason = label(role="heading"), label(role="soft", wrap=True)
        for item in (title, reason):
            item.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        reason.setFixedWidth(340)
        wording.bind(title.setText, what)
        wording.bind(reason.setText, why)
        inner = column(spacing=6, margins=(20, 16, 20, 16))
        inner.addStretch(1)
        inner.addWidget(Glyph(glyph, 32, "line_strong"), 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(title)
        inner.addLayout(row(None, reason, None))
        if act is not None:
            go = button("", glyph="")
            wording.bind(go.setText, act)
            go.clicked.connect(self.chosen)
            inner.addSpacing(4)
            inner.addWidget(go, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addStretch(2)
        self.setLayout(inner)


class Chip(QLabel):
    """A small rounded word in a colour pair of the theme; `clicked` if it leads somewhere."""

    clicked = pyqtSignal()

    def __init__(self, words: str, color: str, back: str, *, leads: bool = False) -> None:
        super().__init__(words)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setStyleSheet(
            f"color: {color}; background: {back}; border-radius: 9px; padding: 1px 8px; font-size: 12px;"
        )
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if leads:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, ev: QMouseEvent | None) -> None:
        self.clicked.emit()
