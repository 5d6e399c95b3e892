"""The list of residents' comments: two lines each, with the outcome as a chip."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygon
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gis.i18n import tr
from layers import palette
from ui.models.comments import Comment
from ui.panels.spot_list import CHIP_WIDTH, ROW_HEIGHT, SPOT_ROLE, chip_rect
from ui.theme.appearance import base_font
from ui.theme.icons import paint_icon
from ui.theme.tokens import SMALL_PX, theme


class CommentModel(QAbstractListModel):
    """The comments that the filter lets pass."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.comments: tuple[Comment, ...] = ()

    def show(self, comments: Sequence[Comment]) -> None:
        """Show other comments."""
        self.beginResetModel()
        self.comments = tuple(comments)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.comments)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        comment = self.comments[index.row()]
        if role == SPOT_ROLE:
            return comment
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{comment.code} {comment.gist}, {tr(comment.below)}, {tr(comment.outcome_words)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{comment.code} {comment.gist}\n{tr(comment.below)}"
        return None


class CommentDelegate(QStyledItemDelegate):
    """Paints rows. Emits `outcome_pressed(Comment, QPoint)` when the outcome chip is pressed."""

    outcome_pressed = pyqtSignal(object, object)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        comment: Comment = index.data(SPOT_ROLE)
        if painter is None:
            return
        colors, box = theme(), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        ground = colors.accent_soft if chosen else colors.hover if hovered else colors.panel
        painter.fillRect(box, QColor(ground))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor(colors.line))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(colors.accent))
        _paint_code(painter, QPoint(box.left() + 26, box.center().y()), comment)
        chip = chip_rect(box)
        right = chip.left() - 14
        if not comment.placed:
            self._paint_placeless(painter, QRect(right - 16, box.center().y() - 8, 16, 16))
        text = QRect(box.left() + 52, box.top() + 5, right - 26 - box.left() - 52, box.height() - 10)
        self._paint_words(painter, text, comment)
        _paint_outcome(painter, chip, comment)
        painter.restore()

    def _paint_placeless(self, painter: QPainter, box: QRect) -> None:
        """Show that the comment has no place on the map."""
        paint_icon(painter, "map-pin-line", box, theme().line_strong)

    def _paint_words(self, painter: QPainter, box: QRect, comment: Comment) -> None:
        colors, elide = theme(), Qt.TextElideMode.ElideRight
        half = box.height() // 2
        painter.setFont(base_font())
        painter.setPen(QColor(colors.text if comment.gist else colors.text_faint))
        gist = comment.gist or tr("（未写摘要）", "(no gist)")
        first = QRect(box.left(), box.top(), box.width(), half)
        second = QRect(box.left(), box.top() + half, box.width(), half)
        align = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(first, align, painter.fontMetrics().elidedText(gist, elide, box.width()))
        painter.setFont(base_font(SMALL_PX))
        painter.setPen(QColor(colors.text_soft))
        below = painter.fontMetrics().elidedText(tr(comment.below), elide, box.width())
        painter.drawText(second, align, below)

    def editorEvent(
        self, event: QEvent | None, model: object, option: QStyleOptionViewItem, index: QModelIndex
    ) -> bool:
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and chip_rect(option.rect).contains(event.position().toPoint())
        ):
            self.outcome_pressed.emit(index.data(SPOT_ROLE), event.globalPosition().toPoint())
            return True
        return False


def outcome_tones(comment: Comment) -> tuple[str, str]:
    """Return text and ground colour of an outcome."""
    colors = theme()
    if comment.outcome in ("adopted", "partly"):
        return colors.success, colors.success_soft
    if comment.closed:
        return colors.text_soft, colors.hover
    return colors.warning, colors.warning_soft


def _paint_code(painter: QPainter, centre: QPoint, comment: Comment) -> None:
    color = QColor(palette.COMMENT)
    painter.setPen(QPen(color, 1.4))
    painter.setBrush(QColor(theme().panel) if comment.closed else color)
    painter.drawRoundedRect(QRectF(centre.x() - 17, centre.y() - 11, 34, 22), 6, 6)
    font = base_font(11)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(color if comment.closed else QColor("#FFFFFF"))
    box = QRect(centre.x() - 18, centre.y() - 11, 36, 22)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), comment.code or "–")


def _paint_outcome(painter: QPainter, box: QRect, comment: Comment) -> None:
    ink, ground = outcome_tones(comment)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, 11, 11)
    painter.setPen(QColor(ink))
    painter.setFont(base_font(SMALL_PX))
    room = CHIP_WIDTH - 30
    words = painter.fontMetrics().elidedText(tr(comment.outcome_words), Qt.TextElideMode.ElideRight, room)
    painter.drawText(box.adjusted(10, 0, -20, 0), int(Qt.AlignmentFlag.AlignVCenter), words)
    x, y = box.right() - 14, box.center().y()
    painter.setPen(QPen(QColor(ink), 1.4))
    painter.drawPolyline(QPolygon([QPoint(x - 3, y - 1), QPoint(x, y + 2), QPoint(x + 3, y - 1)]))
