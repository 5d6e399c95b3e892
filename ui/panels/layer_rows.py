"""The rows of the layer tree, painted: tick, swatch, name, marks and count."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QModelIndex, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QColor, QFont, QMouseEvent, QPainter, QPen, QPixmap
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gis.render.legend import paint_swatch
from layers import palette
from layers.schema import GeometryType
from layers.style import Symbol
from ui.theme.appearance import base_font
from ui.theme.icons import paint_icon
from ui.theme.tokens import SMALL_PX, theme

LAYER_ID = Qt.ItemDataRole.UserRole
LEGEND = Qt.ItemDataRole.UserRole + 1
COUNT = Qt.ItemDataRole.UserRole + 2
SHOWN = Qt.ItemDataRole.UserRole + 3
ACTIVE = Qt.ItemDataRole.UserRole + 4
SWATCH_KEY = Qt.ItemDataRole.UserRole + 5
GROUP = Qt.ItemDataRole.UserRole + 6
MARKS = Qt.ItemDataRole.UserRole + 7
"""Names of icons before the count: filtered, out of its scales."""
LAYER_ROW, GROUP_ROW, LEGEND_ROW = 30, 32, 24
SWATCH = QSize(22, 16)
_MARK_PX = 14
_MOST_SWATCHES = 600

LegendKey = tuple[Symbol, GeometryType]
_swatches: dict[tuple[Symbol, str, float, str], QPixmap] = {}


def swatch(key: LegendKey, ratio: float) -> QPixmap:
    """Return the picture of a symbol for a legend row; pictures are kept."""
    symbol, geometry = key
    known = (symbol, geometry, ratio, theme().name)
    if known not in _swatches:
        if len(_swatches) > _MOST_SWATCHES:
            _swatches.clear()  # a style being edited makes a new one with every touch
        picture = QPixmap(round(SWATCH.width() * ratio), round(SWATCH.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, QRectF(0, 0, SWATCH.width(), SWATCH.height()))
        paint_swatch(painter, QRectF(0, 0, SWATCH.width(), SWATCH.height()), symbol, geometry)
        painter.end()
        _swatches[known] = picture
    return _swatches[known]


def paint_ground(painter: QPainter, box: QRectF) -> None:
    """Lay the ground of the map below a symbol where the theme is dark: the map is light in every theme."""
    if theme().name == "dark":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.GROUND))
        painter.drawRoundedRect(box, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)


class LayerDelegate(QStyledItemDelegate):
    """Paints the rows.

    Signals
    -------
    toggled(str, bool)
        The tick of a layer was pressed.
    group_toggled(object, bool)
        The tick of a group.
    """

    toggled = pyqtSignal(str, bool)
    group_toggled = pyqtSignal(object, bool)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        if index.data(LAYER_ID):
            return QSize(120, LAYER_ROW)
        return QSize(120, LEGEND_ROW if index.data(LEGEND) else GROUP_ROW)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(LEGEND):
            self._paint_legend(painter, option.rect, index)
        else:
            _paint_ground(painter, option)
            if index.data(LAYER_ID):
                self._paint_layer(painter, option.rect, index)
            else:
                self._paint_group(painter, option.rect, index)
        painter.restore()

    def editorEvent(
        self, event: QEvent | None, model: object, option: QStyleOptionViewItem, index: QModelIndex
    ) -> bool:
        if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseButtonRelease:
            return False
        near = _tick_box(option.rect).adjusted(-6, -8, 6, 8)
        if event.button() != Qt.MouseButton.LeftButton or not near.contains(event.position().toPoint()):
            return False
        if index.data(LAYER_ID):
            self.toggled.emit(index.data(LAYER_ID), not index.data(SHOWN))
        elif index.data(GROUP) is not None:
            self.group_toggled.emit(index.data(GROUP), index.data(SHOWN) is not True)
        return not index.data(LEGEND)

    def _paint_group(self, painter: QPainter, box: QRect, index: QModelIndex) -> None:
        _paint_tick(painter, _tick_box(box), index.data(SHOWN))
        words = QRect(box.left() + 26, box.top(), box.width() - 36, box.height())
        _write(painter, words, str(index.data()), theme().text_soft, SMALL_PX, bold=True)

    def _paint_layer(self, painter: QPainter, box: QRect, index: QModelIndex) -> None:
        colors = theme()
        shown, marks = bool(index.data(SHOWN)), index.data(MARKS) or ()
        _paint_tick(painter, _tick_box(box), shown)
        left = box.left() + 26
        key = index.data(SWATCH_KEY)
        if key is not None:
            painter.setOpacity(1.0 if shown else 0.35)
            painter.drawPixmap(left, box.center().y() - SWATCH.height() // 2, swatch(key, _ratio(painter)))
            painter.setOpacity(1.0)
        left += SWATCH.width() + 8
        count = f"{index.data(COUNT):,}"
        painter.setFont(base_font(SMALL_PX))
        width = painter.fontMetrics().horizontalAdvance(count) + 2
        right = box.right() - 12
        _write(
            painter, QRect(right - width, box.top(), width, box.height()), count, colors.text_faint, SMALL_PX
        )
        right -= width + 8
        for name in (*marks, *(("pencil-simple",) if index.data(ACTIVE) else ())):
            tone = colors.accent if name in ("pencil-simple", "funnel") else colors.text_faint
            mark = QRect(right - _MARK_PX, box.center().y() - 7, _MARK_PX, _MARK_PX)
            paint_icon(painter, name, mark, tone)
            right -= _MARK_PX + 6
        tone = colors.text if shown and "eye-slash" not in marks else colors.text_faint
        _write(painter, QRect(left, box.top(), right - left, box.height()), str(index.data()), tone)

    def _paint_legend(self, painter: QPainter, box: QRect, index: QModelIndex) -> None:
        left, ratio = box.left() + 26, _ratio(painter)
        painter.drawPixmap(left, box.center().y() - SWATCH.height() // 2, swatch(index.data(LEGEND), ratio))
        left += SWATCH.width() + 8
        words = QRect(left, box.top(), box.right() - left - 4, box.height())
        _write(painter, words, str(index.data()), theme().text_soft, SMALL_PX)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Mark the row under the pointer; that of the chosen one is laid by the tree, below the fold mark."""
    state, box = option.state, option.rect
    if state & QStyle.StateFlag.State_MouseOver and not state & QStyle.StateFlag.State_Selected:
        painter.fillRect(box, QColor(theme().hover))


def _ratio(painter: QPainter) -> float:
    device = painter.device()
    return device.devicePixelRatioF() if device is not None else 1.0


def _tick_box(box: QRect) -> QRect:
    return QRect(box.left() + 2, box.center().y() - 8, 16, 16)


def _paint_tick(painter: QPainter, box: QRect, ticked: bool | None) -> None:
    """Paint a tick, an empty box, or a bar for None: some are, some are not."""
    colors, filled = theme(), ticked is not False
    painter.setPen(QPen(QColor(colors.accent if filled else colors.line_strong), 1))
    painter.setBrush(QBrush(QColor(colors.accent if filled else colors.panel)))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if filled:
        name = "check-bold" if ticked else "minus-bold"
        paint_icon(painter, name, box.adjusted(2, 2, -2, -2), colors.on_accent)


def _write(
    painter: QPainter, box: QRect, words: str, color: str, size: int = 13, *, bold: bool = False
) -> None:
    painter.setFont(base_font(size, QFont.Weight.DemiBold if bold else QFont.Weight.Normal))
    painter.setPen(QColor(color))
    short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)
