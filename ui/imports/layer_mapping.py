"""Which layer of a drawing goes where: every layer with its colour, count and contents, and a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gis.exchange.dxf.aims import Aim
from gis.exchange.dxf.drawing_layers import DrawingLayer, DrawingTarget, target_title
from gis.exchange.dxf.mapping import NOWHERE, REFERENCE, DxfMapping
from gis.i18n import tr
from layers.snapshot import Snapshot
from layers.text import Text
from ui.panels.parts import column, find_line
from ui.theme.tokens import theme

_NAME = Qt.ItemDataRole.UserRole
_SWATCH_PX: Final = 12
_ROW_PX: Final = 26
_COUNT_PX, _TARGET_PX = 62, 148
_TARGET: Final = 3
_HEADS: Final = (
    Text("图纸图层", "Drawing layer"),
    Text("图元", "Count"),
    Text("内容", "Contents"),
    Text("导入到", "Goes to"),
)
_REFERENCE: Final = Text("参考底图", "Reference drawing")
_NOWHERE: Final = Text("不导入", "Leave out")
_RULE: Final = Text("按规则", "By the rules")


class LayerMapping(QWidget):
    """The layers of one drawing.

    Signals
    -------
    mapping_changed(DxfMapping)
        The user sent layers somewhere else.
    layer_chosen(object)
        The names of the layers the user looks at (a list).
    """

    mapping_changed = pyqtSignal(object)
    layer_chosen = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.mapping = DxfMapping.standard()
        self._targets: tuple[DrawingTarget, ...] = ()
        self._snapshot: Snapshot | None = None
        self.search: QLineEdit = find_line(10_000)
        self.search.setPlaceholderText(tr("查找图层", "Find a layer"))
        self.search.textChanged.connect(self._filter)
        self.tree = _LayerTree()
        self.tree.setHeaderLabels([tr(head) for head in _HEADS])
        self.tree.wanted.connect(self._offer)
        self.tree.itemSelectionChanged.connect(self._on_selection)
        self.setLayout(column(self.search, self.tree, spacing=6))

    @property
    def selected(self) -> list[str]:
        """The names of the layers that are marked."""
        return [str(item.data(0, _NAME)) for item in self.tree.selectedItems()]

    def fill(
        self, layers: Sequence[DrawingLayer], targets: Sequence[DrawingTarget], snapshot: Snapshot
    ) -> None:
        """Show the layers of a drawing."""
        self._targets, self._snapshot = tuple(targets), snapshot
        self.tree.clear()
        for layer in layers:
            item = QTreeWidgetItem([layer.name, f"{layer.rows:,}", _contents(layer), ""])
            item.setData(0, _NAME, layer.name)
            item.setIcon(0, _swatch(layer.color))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            hidden = tr("（关闭或冻结）", " (off or frozen)") if layer.hidden else ""
            item.setToolTip(0, layer.name + hidden)
            item.setToolTip(2, _contents(layer))
            for at in range(3):
                soft = layer.hidden or at == 2
                item.setForeground(at, QBrush(QColor(theme().text_faint if soft else theme().text)))
            self.tree.addTopLevelItem(item)
        self.search.setVisible(len(layers) > 12)
        self._filter(self.search.text())

    def show_mapping(
        self, mapping: DxfMapping, became: Mapping[str, Mapping[str, int]] | None = None
    ) -> None:
        """Show where each layer goes; with what really became of it once that is known."""
        self.mapping = mapping
        for at in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(at)
            if item is None:
                continue
            name = str(item.data(0, _NAME))
            target = mapping.target(name)
            words = self._words(name, became.get(name) if became is not None else None)
            item.setText(_TARGET, words)
            font = item.font(_TARGET)
            font.setBold(name in mapping.said)
            item.setFont(_TARGET, font)
            faint = target.left_out or not target.aims
            item.setForeground(_TARGET, QBrush(QColor(theme().text_soft if faint else theme().accent)))
            item.setToolTip(_TARGET, f"{words}\n{tr(target.why)}")

    def send(self, names: Sequence[str], layer_id: str, aim: Aim | None = None) -> None:
        """Send layers of the drawing somewhere else."""
        mapping = self.mapping
        for name in names:
            mapping = mapping.with_layer(name, layer_id, aim.values if aim is not None else None)
        self.show_mapping(mapping)
        self.mapping_changed.emit(mapping)

    def send_by_rules(self, names: Sequence[str]) -> None:
        """Let the rules decide about layers again."""
        said = {name: layer for name, layer in self.mapping.said.items() if name not in names}
        values = {name: given for name, given in self.mapping.values.items() if name not in names}
        mapping = DxfMapping(self.mapping.rules, said, self.mapping.everything, values)
        self.show_mapping(mapping)
        self.mapping_changed.emit(mapping)

    def target_menu(self, names: Sequence[str]) -> QMenu:
        """Return the menu of where layers may go."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_acts(menu, names)
        menu.addSeparator()
        for group in dict.fromkeys(target.group for target in self._targets):
            inner = menu.addMenu(tr(group))
            members = [target for target in self._targets if target.group == group]
            for target in members:
                act = inner.addAction(tr(target.title)) if inner is not None else None
                if act is not None:
                    act.triggered.connect(
                        lambda _=False, t=target: self.send(names, t.layer, t.aim if t.aim.values else None)
                    )
        return menu

    def _add_acts(self, menu: QMenu, names: Sequence[str]) -> None:
        for words, do in (
            (_RULE, lambda: self.send_by_rules(names)),
            (_REFERENCE, lambda: self.send(names, REFERENCE)),
            (_NOWHERE, lambda: self.send(names, NOWHERE)),
        ):
            act = menu.addAction(tr(words))
            if act is not None:
                act.triggered.connect(lambda _=False, d=do: d())

    def _words(self, name: str, became: Mapping[str, int] | None) -> str:
        assert self._snapshot is not None
        target = self.mapping.target(name)
        if target.left_out:
            return tr(_NOWHERE)
        if became:
            layers = self._snapshot.layers
            titles = [tr(layers[k].title) for k, _ in sorted(became.items(), key=lambda kn: -kn[1])]
            return tr("、", ", ").join(titles)
        if became is not None:  # off, frozen, or merged into what is on other layers
            return "–"
        if not target.aims:
            return tr(_REFERENCE)
        layer = self._snapshot.layers.get(target.aims[0].layer)
        return tr(target_title(layer, target.aims[0])) if layer is not None else tr(_REFERENCE)

    def _offer(self, where: QPoint) -> None:
        if self.selected:
            self.target_menu(self.selected).popup(where)

    def _on_selection(self) -> None:
        self.layer_chosen.emit(self.selected)

    def _filter(self, words: str) -> None:
        wanted = words.strip().casefold()
        for at in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(at)
            if item is not None:
                text = " ".join(item.text(column) for column in (0, 2, _TARGET)).casefold()
                item.setHidden(wanted not in text)


class _LayerTree(QTreeWidget):
    """The list; a click on a target, Enter or a right click asks for another one."""

    wanted = pyqtSignal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setStyleSheet(f"QTreeView::item {{ height: {_ROW_PX}px; }}")
        self.setIconSize(QSize(_SWATCH_PX, _SWATCH_PX))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setColumnCount(len(_HEADS))
        header = self.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for at, width in ((1, _COUNT_PX), (_TARGET, _TARGET_PX)):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(at, width)
        self.customContextMenuRequested.connect(self._on_context)
        self.itemClicked.connect(self._on_clicked)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        item = self.currentItem()
        if event is not None and item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_F2):
            self.wanted.emit(self._below(item))
            return
        super().keyPressEvent(event)

    def _on_clicked(self, item: QTreeWidgetItem, at: int) -> None:
        if at == _TARGET:
            self.wanted.emit(self._below(item))

    def _on_context(self, where: QPoint) -> None:
        port = self.viewport()
        if port is not None:
            self.wanted.emit(port.mapToGlobal(where))

    def _below(self, item: QTreeWidgetItem) -> QPoint:
        port, box = self.viewport(), self.visualItemRect(item)
        corner = QPoint(self.columnViewportPosition(_TARGET), box.bottom())
        return port.mapToGlobal(corner) if port is not None else corner


def _contents(layer: DrawingLayer) -> str:
    """Return what is on a layer: its texts if it has some, else the kinds of its entities."""
    texts = " · ".join(" ".join(sample.split()) for sample in layer.samples)
    forms = tr("，", ", ").join(f"{tr(form)} {count}" for form, count in layer.forms[:3])
    return f"“{texts}”  {forms}" if texts else forms


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(2 * _SWATCH_PX, 2 * _SWATCH_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(theme().line_strong))
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(1, 1, 2 * _SWATCH_PX - 2, 2 * _SWATCH_PX - 2, 5, 5)
    painter.end()
    pixmap.setDevicePixelRatio(2.0)
    return QIcon(pixmap)
