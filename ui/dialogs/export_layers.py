"""The layers and fields that an export takes, as a list to tick; personal data is marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush, QColor
from PyQt6.QtWidgets import QTreeWidget, QTreeWidgetItem

from gis.exchange.personal_fields import PersonalField, fields_kept
from gis.i18n import tr
from layers.layer import Layer
from layers.text import Text
from ui.theme.tokens import theme

_NAME: Final = Qt.ItemDataRole.UserRole
_PERSONAL: Final = Text("{f}　含个人信息（{n}）", "{f} – personal data ({n})")
_STAYS: Final = Text("{f}　不导出", "{f} – left out")
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class ExportLayers(QTreeWidget):
    """A line a layer with its fields below; unticked fields stay."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ExportTree")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self._layers: Mapping[str, Layer] = {}
        self._personal: tuple[PersonalField, ...] = ()
        self._bare = False
        self._unticked: set[tuple[str, str]] = set()
        """Layer and field, or layer and an empty text: kept while a format or a scope does not show them."""
        self.itemChanged.connect(self._on_changed)

    def fill(self, layers: Mapping[str, Layer], *, fields: bool) -> None:
        """List the layers that hold something, the uppermost first; what was unticked stays unticked."""
        open_ones = {str(i.data(0, _NAME)) for i in self._items() if i.isExpanded()}
        first = self.topLevelItemCount() == 0
        self._layers = layers
        blocked = self.blockSignals(True)
        self.setRootIsDecorated(fields)
        self.clear()
        for layer in reversed(list(layers.values())):
            if not len(layer.table):
                continue
            item = QTreeWidgetItem([f"{tr(layer.title)}  ({len(layer.table):,})"])
            item.setData(0, _NAME, layer.id)
            item.setCheckState(0, _OFF if (layer.id, "") in self._unticked else _ON)
            self.addTopLevelItem(item)
            for field in layer.fields if fields else ():
                child = QTreeWidgetItem([tr(field.title)])
                child.setData(0, _NAME, field.name)
                child.setCheckState(0, _OFF if (layer.id, field.name) in self._unticked else _ON)
                item.addChild(child)
            item.setExpanded(layer.id in open_ones)
        self.blockSignals(blocked)
        self._mark()
        if first and self.topLevelItemCount():
            self.setCurrentItem(self.topLevelItem(0))

    def show_personal(self, personal: tuple[PersonalField, ...], *, bare: bool) -> None:
        """Mark the fields with personal data; if it is left out, all that goes with it is said to stay."""
        self._personal, self._bare = personal, bare
        self._mark()

    @property
    def chosen(self) -> list[str]:
        """The ids of the ticked layers."""
        return [str(i.data(0, _NAME)) for i in self._items() if i.checkState(0) == _ON]

    @property
    def without(self) -> dict[str, Collection[str]]:
        """The names of unticked fields by layer."""
        found: dict[str, set[str]] = {}
        for layer, field in self._unticked:
            if field:
                found.setdefault(layer, set()).add(field)
        return dict(found)

    def tick(self, *, every: bool) -> None:
        """Tick all layers, or none."""
        for item in self._items():
            item.setCheckState(0, _ON if every else _OFF)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(at) for at in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _on_changed(self, item: QTreeWidgetItem) -> None:
        """Note what is ticked."""
        parent, name = item.parent(), str(item.data(0, _NAME))
        key = (name, "") if parent is None else (str(parent.data(0, _NAME)), name)
        (self._unticked.discard if item.checkState(0) == _ON else self._unticked.add)(key)

    def _mark(self) -> None:
        """Say beside each field what becomes of it."""
        counts = {(one.layer, one.field.name): one.filled for one in self._personal}
        blocked = self.blockSignals(True)
        for item in self._items():
            layer = self._layers[str(item.data(0, _NAME))]
            kept = fields_kept(layer, self._personal) if self._bare else {f.name for f in layer.fields}
            titles = {f.name: f.title for f in layer.fields}
            for at in range(item.childCount()):
                child = item.child(at)
                if child is None:
                    continue
                name = str(child.data(0, _NAME))
                count = counts.get((layer.id, name), 0)
                words = _PERSONAL.format(f=titles[name], n=count) if count else titles[name]
                child.setText(0, tr(words if name in kept else _STAYS.format(f=titles[name])))
                tone = theme().danger if count and name in kept else theme().text
                child.setForeground(0, QBrush(QColor(tone if name in kept else theme().text_soft)))
                child.setDisabled(name not in kept)
        self.blockSignals(blocked)
