"""The tree of layers: groups, layers with tick, swatch and count, legend rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PyQt6.QtCore import QModelIndex, QRect, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QDropEvent, QKeyEvent, QPainter
from PyQt6.QtWidgets import QAbstractItemView, QFrame, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem

from gis.expression import write_condition
from gis.i18n import tr
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.layer_list import LayerGroup, groups_of
from ui.panels.layer_rows import (
    ACTIVE,
    COUNT,
    GROUP,
    LAYER_ID,
    LEGEND,
    MARKS,
    SHOWN,
    SWATCH_KEY,
    LayerDelegate,
)
from ui.theme.tokens import theme

_ROW_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemIsDropEnabled
)


class LayerTree(QTreeWidget):
    """Shows the layers of a snapshot.

    Signals
    -------
    toggled(str, bool)
    group_toggled(Text, bool)
    dropped(object, object, bool)
        A layer (id) or group (its title) was dragged beside another layer or group; True: above it.
    """

    toggled = pyqtSignal(str, bool)
    group_toggled = pyqtSignal(object, bool)
    dropped = pyqtSignal(object, object, bool)

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
        delegate.group_toggled.connect(self.group_toggled)
        self.setItemDelegate(delegate)
        self._active = ""
        self._closed: set[str] = set()
        self._open: set[str] = set()
        self._scale = 0.0
        self.itemCollapsed.connect(self._on_collapsed)
        self.itemExpanded.connect(self._on_expanded)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show other layers; what was folded and chosen stays so."""
        chosen, group = self.chosen, self.chosen_group
        self.clear()
        for shown in groups_of(snapshot) if snapshot else ():
            heading = _group_item(shown)
            self.addTopLevelItem(heading)
            for layer in shown.layers:
                item = _layer_item(layer, self._scale)
                heading.addChild(item)
                item.setExpanded(layer.id in self._open)
            heading.setExpanded(shown.title.zh not in self._closed)
        if group is not None:
            self.choose_group(group)
        else:
            self.choose(chosen or self._active)
        self.mark_active(self._active)

    def show_scale(self, snapshot: Snapshot | None, denominator: float) -> None:
        """Mark the layers that a map of 1:`denominator` leaves out."""
        self._scale = denominator
        for layer_id, item in self._items().items():
            layer = snapshot.layers.get(layer_id) if snapshot is not None else None
            if layer is not None and item.data(0, MARKS) != (marks := _marks(layer, denominator)):
                item.setData(0, MARKS, marks)

    @property
    def folds(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The groups that are folded, by their Chinese names, and the layers whose legend is open."""
        return tuple(sorted(self._closed)), tuple(sorted(self._open))

    def set_folds(self, groups: Iterable[str], legends: Iterable[str]) -> None:
        """Fold groups and open legends; those that are not here are kept in mind."""
        self._closed, self._open = set(groups), set(legends)
        for heading in self._headings():
            heading.setExpanded(heading.data(0, GROUP).zh not in self._closed)
        for layer_id, item in self._items().items():
            item.setExpanded(layer_id in self._open)

    @property
    def chosen(self) -> str:
        """The id of the layer whose row is current, or empty."""
        item = self.currentItem()
        while item is not None and not item.data(0, LAYER_ID):
            item = item.parent()
        return str(item.data(0, LAYER_ID)) if item is not None else ""

    @property
    def chosen_group(self) -> Text | None:
        """The group whose row is current, or None."""
        item = self.currentItem()
        title: Text | None = item.data(0, GROUP) if item is not None else None
        return title

    def choose(self, layer_id: str) -> None:
        """Make a layer's row current."""
        item = self._items().get(layer_id)
        if item is not None:
            self.setCurrentItem(item)

    def choose_group(self, title: Text) -> None:
        """Make a group's row current."""
        for heading in self._headings():
            if heading.data(0, GROUP) == title:
                self.setCurrentItem(heading)

    def mark_active(self, layer_id: str) -> None:
        """Mark the layer that is drawn on."""
        self._active = layer_id
        for name, item in self._items().items():
            item.setData(0, ACTIVE, name == layer_id)

    def drawRow(self, painter: QPainter | None, options: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Lay the ground of the chosen row before its fold mark is drawn."""
        if painter is not None and index == self.currentIndex() and not index.data(LEGEND):
            box = options.rect
            painter.fillRect(QRect(0, box.top(), self.width(), box.height()), QColor(theme().accent_soft))
        super().drawRow(painter, options, index)

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Say where a row was dropped; the new order comes back with the next snapshot."""
        if event is None:
            return
        target = self.itemAt(event.position().toPoint())
        while target is not None and target.data(0, LEGEND):
            target = target.parent()
        moved = self.chosen_group or self.chosen
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if target is None or not moved:
            return
        other = target.data(0, LAYER_ID) or target.data(0, GROUP)
        if other and other != moved:
            above = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.AboveItem
            self.dropped.emit(moved, other, above)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Space and self.currentItem() is not None:
            self._toggle_current()
            return
        super().keyPressEvent(event)

    def _toggle_current(self) -> None:
        item, group = self.currentItem(), self.chosen_group
        if item is not None and group is not None:
            self.group_toggled.emit(group, item.data(0, SHOWN) is not True)
        elif self.chosen:
            self.toggled.emit(self.chosen, not self._items()[self.chosen].data(0, SHOWN))

    def _on_collapsed(self, item: QTreeWidgetItem) -> None:
        title: Text | None = item.data(0, GROUP)
        if title is not None:
            self._closed.add(title.zh)
        self._open.discard(str(item.data(0, LAYER_ID)))

    def _on_expanded(self, item: QTreeWidgetItem) -> None:
        title: Text | None = item.data(0, GROUP)
        if title is not None:
            self._closed.discard(title.zh)
        else:
            self._open.add(str(item.data(0, LAYER_ID)))

    def _headings(self) -> Iterator[QTreeWidgetItem]:
        for at in range(self.topLevelItemCount()):
            heading = self.topLevelItem(at)
            if heading is not None:
                yield heading

    def _items(self) -> dict[str, QTreeWidgetItem]:
        found = {}
        for heading in self._headings():
            for row in range(heading.childCount()):
                item = heading.child(row)
                if item is not None:
                    found[str(item.data(0, LAYER_ID))] = item
        return found


def _group_item(group: LayerGroup) -> QTreeWidgetItem:
    item = QTreeWidgetItem([tr(group.title)])
    item.setData(0, GROUP, group.title)
    item.setData(0, SHOWN, group.shown)
    item.setFlags(_ROW_FLAGS)
    item.setToolTip(0, tr("{t}，{n} 个图层", "{t}, {n} layers", t=tr(group.title), n=len(group.layers)))
    return item


def _layer_item(layer: Layer, denominator: float) -> QTreeWidgetItem:
    item = QTreeWidgetItem([tr(layer.title)])
    item.setData(0, LAYER_ID, layer.id)
    item.setData(0, COUNT, len(layer.table))
    item.setData(0, SHOWN, layer.visible)
    item.setData(0, MARKS, _marks(layer, denominator))
    geometry = layer.kind.geometry[0]
    rules = layer.style.rules
    item.setData(0, SWATCH_KEY, (rules[-1].symbol, geometry))
    item.setToolTip(0, _tip(layer))
    item.setFlags(_ROW_FLAGS)
    for rule in (*rules, *layer.style.overlays) if len(rules) > 1 or layer.style.overlays else ():
        entry = QTreeWidgetItem([tr(rule.title)])
        entry.setData(0, LEGEND, (rule.symbol, geometry))
        entry.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.addChild(entry)
    return item


def _marks(layer: Layer, denominator: float) -> tuple[str, ...]:
    """Return the icons that say why a layer shows less than it holds."""
    out = bool(denominator) and not layer.seen_at(denominator)
    return (("funnel",) if layer.filter is not None else ()) + (("eye-slash",) if out else ())


def _tip(layer: Layer) -> str:
    words = tr("{t}，{n} 个对象", "{t}, {n} objects", t=tr(layer.title), n=len(layer.table))
    if layer.opacity < 1:
        words += tr("，不透明度 {o}%", ", {o}% opaque", o=round(layer.opacity * 100))
    if layer.filter is not None:
        words += "\n" + tr("筛选：{f}", "Filter: {f}", f=write_condition(layer.filter))
    nearest, farthest = layer.scales
    if nearest or farthest:
        a, b = (f"1:{n:,}" if n else "…" for n in (nearest, farthest))
        words += "\n" + tr("显示比例：{a} 至 {b}", "Shown from {a} to {b}", a=a, b=b)
    return words
