"""The tree of layers: groups, layers with tick, swatch and count, legend rows."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QModelIndex, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QColor, QDropEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from gis.i18n import tr
from gis.render.legend import paint_swatch
from layers.layer import Layer
from layers.schema import GeometryType
from layers.snapshot import Snapshot
from layers.style import Symbol
from ui.models.layer_list import groups_of
from ui.theme.appearance import base_font
from ui.theme.icons import paint_icon
from ui.theme.tokens import SMALL_PX, theme

LAYER_ID = Qt.ItemDataRole.UserRole
LEGEND = Qt.ItemDataRole.UserRole + 1
COUNT = Qt.ItemDataRole.UserRole + 2
SHOWN = Qt.ItemDataRole.UserRole + 3
ACTIVE = Qt.ItemDataRole.UserRole + 4
LAYER_ROW, GROUP_ROW, LEGEND_ROW = 30, 30, 24
SWATCH = QSize(22, 16)

LegendKey = tuple[Symbol, GeometryType]
_swatches: dict[tuple[int, str, float], QPixmap] = {}


def swatch(key: LegendKey, ratio: float) -> QPixmap:
    """Return the picture of a symbol for a legend row; pictures are kept."""
    symbol, geometry = key
    known = (hash(symbol), geometry, ratio)
    if known not in _swatches:
        picture = QPixmap(round(SWATCH.width() * ratio), round(SWATCH.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_swatch(painter, QRectF(0, 0, SWATCH.width(), SWATCH.height()), symbol, geometry)
        painter.end()
        _swatches[known] = picture
    return _swatches[known]


class LayerDelegate(QStyledItemDelegate):
    """Paints the rows. Emits `toggled(layer id, visible)` when a tick is pressed."""

    toggled = pyqtSignal(str, bool)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        if index.data(LAYER_ID):
            return QSize(120, LAYER_ROW)
        return QSize(120, LEGEND_ROW if index.data(LEGEND) else GROUP_ROW)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(LAYER_ID):
            self._paint_layer(painter, option, index)
        elif index.data(LEGEND):
            self._paint_legend(painter, option.rect, index)
        else:
            _write(
                painter,
                option.rect.adjusted(2, 4, -8, 0),
                str(index.data()),
                theme().text_soft,
                SMALL_PX,
                bold=True,
            )
        painter.restore()

    def editorEvent(
        self, event: QEvent | None, model: object, option: QStyleOptionViewItem, index: QModelIndex
    ) -> bool:
        if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseButtonRelease:
            return False
        near = _tick_box(option.rect).adjusted(-6, -8, 6, 8)
        if event.button() == Qt.MouseButton.LeftButton and near.contains(event.position().toPoint()):
            if index.data(LAYER_ID):
                self.toggled.emit(index.data(LAYER_ID), not index.data(SHOWN))
            return bool(index.data(LAYER_ID))
        return False

    def _paint_layer(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        colors, box = theme(), option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(
                QRect(0, box.top(), box.right() + 1, box.height()),
                QColor(colors.accent_soft if chosen else colors.hover),
            )
        shown = bool(index.data(SHOWN))
        _paint_tick(painter, _tick_box(box), shown)
        left = box.left() + 26
        key = index.data(ACTIVE + 1)
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
        if index.data(ACTIVE):
            paint_icon(
                painter, "pencil-simple", QRect(right - 14, box.center().y() - 7, 14, 14), colors.accent
            )
            right -= 20
        tone = colors.text if shown else colors.text_faint
        _write(painter, QRect(left, box.top(), right - left, box.height()), str(index.data()), tone)

    def _paint_legend(self, painter: QPainter, box: QRect, index: QModelIndex) -> None:
        key = index.data(LEGEND)
        left = box.left() + 26
        ratio = _ratio(painter)
        painter.drawPixmap(left, box.center().y() - SWATCH.height() // 2, swatch(key, ratio))
        words = QRect(
            left + SWATCH.width() + 8, box.top(), box.right() - left - SWATCH.width() - 12, box.height()
        )
        _write(painter, words, str(index.data()), theme().text_soft, SMALL_PX)


class LayerTree(QTreeWidget):
    """Shows the layers of a snapshot.

    Signals
    -------
    toggled(str, bool)
    dropped(str, str, bool)
        A layer was dragged beside another; True: above it.
    """

    toggled = pyqtSignal(str, bool)
    dropped = pyqtSignal(str, str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(14)
        self.setViewportMargins(0, 4, 0, 4)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        delegate = LayerDelegate(self)
        delegate.toggled.connect(self.toggled)
        self.setItemDelegate(delegate)
        self._active = ""

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show other layers; what was folded out and chosen stays so."""
        open_layers = {name for name, item in self._items().items() if item.isExpanded()}
        chosen = self.chosen
        self.clear()
        for group in groups_of(snapshot) if snapshot else ():
            heading = QTreeWidgetItem([tr(group.title)])
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.addTopLevelItem(heading)
            for layer in group.layers:
                item = _layer_item(layer)
                heading.addChild(item)
                item.setExpanded(layer.id in open_layers)
            heading.setExpanded(True)
        self.choose(chosen or self._active)
        self.mark_active(self._active)

    @property
    def chosen(self) -> str:
        """The id of the layer whose row is current, or empty."""
        item = self.currentItem()
        while item is not None and not item.data(0, LAYER_ID):
            item = item.parent()
        return str(item.data(0, LAYER_ID)) if item is not None else ""

    def choose(self, layer_id: str) -> None:
        """Make a layer's row current."""
        item = self._items().get(layer_id)
        if item is not None:
            self.setCurrentItem(item)

    def mark_active(self, layer_id: str) -> None:
        """Mark the layer that is drawn on."""
        self._active = layer_id
        for name, item in self._items().items():
            item.setData(0, ACTIVE, name == layer_id)

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Say where a row was dropped; the new order comes back with the next snapshot."""
        if event is None:
            return
        target = self.itemAt(event.position().toPoint())
        while target is not None and target.data(0, LEGEND):
            target = target.parent()
        moved = self.chosen
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if target is None or not moved:
            return
        other = target.data(0, LAYER_ID)
        if other and other != moved:
            above = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.AboveItem
            self.dropped.emit(moved, other, above)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Space and self.chosen:
            item = self._items()[self.chosen]
            self.toggled.emit(self.chosen, not item.data(0, SHOWN))
            return
        super().keyPressEvent(event)

    def _items(self) -> dict[str, QTreeWidgetItem]:
        found = {}
        for at in range(self.topLevelItemCount()):
            heading = self.topLevelItem(at)
            for row in range(heading.childCount() if heading else 0):
                item = heading.child(row) if heading else None
                if item is not None:
                    found[str(item.data(0, LAYER_ID))] = item
        return found


def _layer_item(layer: Layer) -> QTreeWidgetItem:
    item = QTreeWidgetItem([tr(layer.title)])
    item.setData(0, LAYER_ID, layer.id)
    item.setData(0, COUNT, len(layer.table))
    item.setData(0, SHOWN, layer.visible)
    geometry = layer.kind.geometry[0]
    rules = layer.style.rules
    item.setData(0, ACTIVE + 1, (rules[-1].symbol, geometry))
    words = tr("{t}，{n} 个对象", "{t}, {n} objects", t=tr(layer.title), n=len(layer.table))
    if layer.opacity < 1:
        words += tr("，不透明度 {o}%", ", {o}% opaque", o=round(layer.opacity * 100))
    item.setToolTip(0, words)
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled
        | Qt.ItemFlag.ItemIsSelectable
        | Qt.ItemFlag.ItemIsDragEnabled
        | Qt.ItemFlag.ItemIsDropEnabled
    )
    for rule in (*rules, *layer.style.overlays) if len(rules) > 1 or layer.style.overlays else ():
        entry = QTreeWidgetItem([tr(rule.title)])
        entry.setData(0, LEGEND, (rule.symbol, geometry))
        entry.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.addChild(entry)
    return item


def _ratio(painter: QPainter) -> float:
    device = painter.device()
    return device.devicePixelRatioF() if device is not None else 1.0


def _tick_box(box: QRect) -> QRect:
    return QRect(box.left() + 2, box.center().y() - 8, 16, 16)


def _paint_tick(painter: QPainter, box: QRect, ticked: bool) -> None:
    colors = theme()
    painter.setPen(QPen(QColor(colors.accent if ticked else colors.line_strong), 1))
    painter.setBrush(QBrush(QColor(colors.accent if ticked else colors.panel)))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if ticked:
        paint_icon(painter, "check-bold", box.adjusted(2, 2, -2, -2), colors.on_accent)


def _write(
    painter: QPainter, box: QRect, words: str, color: str, size: int = 13, *, bold: bool = False
) -> None:
    painter.setFont(base_font(size, QFont.Weight.DemiBold if bold else QFont.Weight.Normal))
    painter.setPen(QColor(color))
    short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)
