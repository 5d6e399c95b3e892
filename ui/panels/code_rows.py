"""Rows of a list of coded things: a sign with the code, two lines of words, a chip that can be changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from PyQt6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygon
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gis.i18n import tr
from layers.changes import Key
from layers.text import Text
from ui.theme.appearance import base_font
from ui.theme.tokens import SMALL_PX, theme

ENTRY = Qt.ItemDataRole.UserRole
CHOSEN = ENTRY + 1
ROW_HEIGHT = 46
CHIP_WIDTH = 118
_LEFT_PX, _GAP_PX = 52, 12


class Coded(Protocol):
    """What can stand in such a list."""

    @property
    def key(self) -> Key:
        """The feature it is."""

    @property
    def code(self) -> str:
        """D01, C07."""

    @property
    def closed(self) -> bool:
        """Whether nothing is open about it any more."""


Row = TypeVar("Row", bound=Coded)


@dataclass(frozen=True)
class Chip:
    """A word in a rounded box, with the colours of word and box."""

    words: Text
    ink: str
    ground: str


@dataclass(frozen=True)
class RowLook(Generic[Row]):
    """How one kind of row looks.

    Parameters
    ----------
    title, below : callable
        The two lines of words.
    untitled : Text
        Stands where the title is empty.
    chip : callable
    sign : callable
        Draws the sign with the code around a point.
    mark, mark_px : callable, int
        Draws something into a box so wide, left of the chip.
    """

    title: Callable[[Row], str]
    below: Callable[[Row], Text]
    untitled: Text
    chip: Callable[[Row], Chip]
    sign: Callable[[QPainter, QPoint, Row], None]
    mark: Callable[[QPainter, QRect, Row], None]
    mark_px: int


class CodeModel(QAbstractListModel, Generic[Row]):
    """The entries that the filter lets pass, and which features are chosen.

    A selection model of Qt looks at all that is selected for each row it is told of.
    """

    def __init__(self, look: RowLook[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Row, ...] = ()
        self.chosen: frozenset[Key] = frozenset()
        self._look = look

    def show(self, entries: Sequence[Row]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry, look = self.entries[index.row()], self._look
        if role == ENTRY:
            return entry
        if role == CHOSEN:
            return entry.key in self.chosen
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return tr("已选中", "selected") if entry.key in self.chosen else ""
        words = f"{entry.code} {look.title(entry)}"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{words}, {tr(look.below(entry))}, {tr(look.chip(entry).words)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{words}\n{tr(look.below(entry))}"
        return None


class CodeDelegate(QStyledItemDelegate, Generic[Row]):
    """Paints rows. Emits `chip_pressed(entry, QPoint)` when the chip is pressed."""

    chip_pressed = pyqtSignal(object, object)

    def __init__(self, look: RowLook[Row], parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        entry, look = index.data(ENTRY), self._look
        if painter is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, option, chosen=index.data(CHOSEN))
        box = option.rect
        look.sign(painter, QPoint(box.left() + 26, box.center().y()), entry)
        chip = chip_rect(box)
        mark = QRect(chip.left() - look.mark_px - _GAP_PX, box.top(), look.mark_px, box.height())
        look.mark(painter, mark, entry)
        left = box.left() + _LEFT_PX
        self._paint_words(
            painter, QRect(left, box.top() + 5, mark.left() - 8 - left, box.height() - 10), entry
        )
        paint_chip(painter, chip, look.chip(entry))
        painter.restore()

    def _paint_words(self, painter: QPainter, box: QRect, entry: Row) -> None:
        colors, title = theme(), self._look.title(entry)
        half = box.height() // 2
        first = QRect(box.left(), box.top(), box.width(), half)
        painter.setFont(base_font())
        _line(painter, first, title or tr(self._look.untitled), colors.text if title else colors.text_faint)
        painter.setFont(base_font(SMALL_PX))
        _line(painter, first.translated(0, half), tr(self._look.below(entry)), colors.text_soft)

    def editorEvent(
        self, event: QEvent | None, model: object, option: QStyleOptionViewItem, index: QModelIndex
    ) -> bool:
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and chip_rect(option.rect).contains(event.position().toPoint())
        ):
            self.chip_pressed.emit(index.data(ENTRY), event.globalPosition().toPoint())
            return True
        return False


def chip_rect(box: QRect) -> QRect:
    """Return where the chip of a row lies."""
    return QRect(box.right() - CHIP_WIDTH - 12, box.center().y() - 11, CHIP_WIDTH, 22)


def paint_chip(painter: QPainter, box: QRect, chip: Chip) -> None:
    """Draw a chip with a caret: it can be changed here."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(chip.ground))
    painter.drawRoundedRect(box, 11, 11)
    painter.setFont(base_font(SMALL_PX))
    _line(painter, box.adjusted(10, 0, -20, 0), tr(chip.words), chip.ink)
    x, y = box.right() - 14, box.center().y()
    painter.setPen(QPen(QColor(chip.ink), 1.4))
    painter.drawPolyline(QPolygon([QPoint(x - 3, y - 1), QPoint(x, y + 2), QPoint(x + 3, y - 1)]))


def paint_code(painter: QPainter, centre: QPoint, code: str, ink: QColor) -> None:
    """Write a code into the sign around a point."""
    font = base_font(11)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(ink)
    box = sign_rect(centre).adjusted(-1, 0, 1, 0)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), code or "–")


def sign_rect(centre: QPoint) -> QRectF:
    """Return the box of the sign around a point."""
    return QRectF(centre.x() - 17, centre.y() - 11, 34, 22)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, *, chosen: bool) -> None:
    colors, box = theme(), option.rect
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    ground = colors.accent_soft if chosen else colors.hover if hovered else colors.panel
    painter.fillRect(box, QColor(ground))
    painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor(colors.line))
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(colors.accent))


def _line(painter: QPainter, box: QRect, words: str, ink: str) -> None:
    painter.setPen(QColor(ink))
    short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), short)
