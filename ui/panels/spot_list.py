"""The rows of the problem-spot list: a pin, what it is, how bad, how far."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPainterPath, QPen, QPolygon
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gis.i18n import tr
from layers import palette
from ui.models.spots import Spot
from ui.theme.appearance import base_font
from ui.theme.tokens import SMALL_PX, theme

SPOT_ROLE = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 46
CHIP_WIDTH = 118
DOTS_WIDTH = 66


class SpotModel(QAbstractListModel):
    """The spots that the filter lets pass."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spots: tuple[Spot, ...] = ()

    def show(self, spots: Sequence[Spot]) -> None:
        """Show other spots."""
        self.beginResetModel()
        self.spots = tuple(spots)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.spots)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        spot = self.spots[index.row()]
        if role == SPOT_ROLE:
            return spot
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{spot.code} {spot.title}, {tr(spot.about)}, {tr(spot.status_words)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{spot.code} {spot.title}\n{tr(spot.about)}"
        return None


class SpotDelegate(QStyledItemDelegate):
    """Paints rows. Emits `status_pressed(Spot, QPoint)` when the status chip is pressed."""

    status_pressed = pyqtSignal(object, object)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        spot: Spot = index.data(SPOT_ROLE)
        if painter is None:
            return
        colors = theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        box = option.rect
        painter.fillRect(
            box, QColor(colors.accent_soft if chosen else colors.hover if hovered else colors.panel)
        )
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor(colors.line))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(colors.accent))
        paint_pin(painter, QPoint(box.left() + 26, box.center().y()), spot)
        chip = chip_rect(box)
        dots = QRect(chip.left() - DOTS_WIDTH - 12, box.top(), DOTS_WIDTH, box.height())
        text = QRect(box.left() + 52, box.top() + 5, dots.left() - box.left() - 60, box.height() - 10)
        self._paint_words(painter, text, spot)
        paint_severity(painter, dots, spot)
        paint_status(painter, chip, spot)
        painter.restore()

    def _paint_words(self, painter: QPainter, box: QRect, spot: Spot) -> None:
        colors = theme()
        half = box.height() // 2
        painter.setFont(base_font())
        painter.setPen(QColor(colors.text if spot.title else colors.text_faint))
        title = spot.title or tr("（未填写问题）", "(no problem given)")
        elide = Qt.TextElideMode.ElideRight
        first = QRect(box.left(), box.top(), box.width(), half)
        second = QRect(box.left(), box.top() + half, box.width(), half)
        painter.drawText(
            first, Qt.AlignmentFlag.AlignVCenter, painter.fontMetrics().elidedText(title, elide, box.width())
        )
        painter.setFont(base_font(SMALL_PX))
        painter.setPen(QColor(colors.text_soft))
        about = painter.fontMetrics().elidedText(tr(spot.about), elide, box.width())
        painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, about)

    def editorEvent(
        self, event: QEvent | None, model: object, option: QStyleOptionViewItem, index: QModelIndex
    ) -> bool:
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and chip_rect(option.rect).contains(event.position().toPoint())
        ):
            self.status_pressed.emit(index.data(SPOT_ROLE), event.globalPosition().toPoint())
            return True
        return False


def chip_rect(box: QRect) -> QRect:
    """Return where the status chip of a row lies."""
    return QRect(box.right() - CHIP_WIDTH - 12, box.center().y() - 11, CHIP_WIDTH, 22)


def paint_pin(painter: QPainter, centre: QPoint, spot: Spot) -> None:
    """Draw the sign of the map with the code inside: a drop or a diamond, hollow when answered."""
    water = spot.role == "drainage-spot"
    color = QColor(palette.DRAINAGE_SPOT if water else palette.TRAFFIC_SPOT)
    path = QPainterPath()
    if water:
        path.addRoundedRect(QRectF(centre.x() - 17, centre.y() - 11, 34, 22), 11, 11)
    else:
        x, y = centre.x(), centre.y()
        path.moveTo(x - 18, y)
        for px, py in ((x - 10, y - 11), (x + 10, y - 11), (x + 18, y), (x + 10, y + 11), (x - 10, y + 11)):
            path.lineTo(px, py)
        path.closeSubpath()
    painter.setPen(QPen(color if water or spot.closed else QColor("#6B4A00"), 1.4))
    painter.setBrush(QBrush(QColor(theme().panel) if spot.closed else color))
    painter.drawPath(path)
    ink = (
        (color if water else QColor("#8A5F00")) if spot.closed else QColor("#FFFFFF" if water else "#1E1E1E")
    )
    painter.setPen(ink)
    font = base_font(11)
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(
        QRect(centre.x() - 18, centre.y() - 11, 36, 22), Qt.AlignmentFlag.AlignCenter, spot.code or "–"
    )


def paint_severity(painter: QPainter, box: QRect, spot: Spot) -> None:
    """Draw one to five dots."""
    colors = theme()
    painter.setPen(Qt.PenStyle.NoPen)
    for step in range(5):
        painter.setBrush(QColor(colors.danger if spot.severity >= 4 else colors.text_soft))
        if step >= spot.severity:
            painter.setBrush(QColor(colors.line))
        painter.drawEllipse(QRectF(box.left() + step * 13, box.center().y() - 3.5, 8, 8))


def status_tones(spot_status: str, closed: bool) -> tuple[str, str]:
    """Return text and ground colour of a status chip."""
    colors = theme()
    if closed:
        return (
            (colors.text_soft, colors.hover)
            if spot_status == "not-adopted"
            else (colors.success, colors.success_soft)
        )
    return (
        (colors.info, colors.info_soft)
        if spot_status == "in-design"
        else (colors.warning, colors.warning_soft)
    )


def paint_status(painter: QPainter, box: QRect, spot: Spot) -> None:
    """Draw the status as a chip with a caret: it can be changed here."""
    ink, ground = status_tones(spot.status, spot.closed)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, 11, 11)
    painter.setPen(QColor(ink))
    painter.setFont(base_font(SMALL_PX))
    words = painter.fontMetrics().elidedText(
        tr(spot.status_words), Qt.TextElideMode.ElideRight, box.width() - 30
    )
    painter.drawText(box.adjusted(10, 0, -20, 0), Qt.AlignmentFlag.AlignVCenter, words)
    x, y = box.right() - 14, box.center().y()
    painter.setPen(QPen(QColor(ink), 1.4))
    painter.drawPolyline(QPolygon([QPoint(x - 3, y - 1), QPoint(x, y + 2), QPoint(x + 3, y - 1)]))


class SpotListView(QListView):
    """The list. Emits `chosen(Spot)` on click or Enter."""

    chosen = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(SPOT_ROLE))
