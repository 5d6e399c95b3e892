"""The layer panel: what is shown, in which order, how strongly, and which layer is drawn on."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import QInputDialog, QMenu, QSlider, QWidget

from gis.i18n import tr
from layers.changes import ChangeSet
from layers.layer import Layer
from layers.text import Text
from ui.models.layer_list import (
    Edit,
    place_above,
    place_below,
    rename,
    set_opacity,
    set_visible,
    shifted,
    solo,
)
from ui.panels.layer_tree import LayerTree
from ui.panels.parts import Glyph, Wording, column, dress_panel, icon_button, label, row
from ui.session import Session


class LayersPanel(QWidget):
    """The tree of layers and the controls of the current one.

    Signals
    -------
    active_layer_changed(str)
        The layer that drawing tools add to.
    table_requested(str)
    """

    active_layer_changed = pyqtSignal(str)
    table_requested = pyqtSignal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self._active = ""
        self._tree = LayerTree()
        self._build_foot()
        whole = column(spacing=0)
        whole.addWidget(self._tree, 1)
        whole.addWidget(self._foot)
        self.setLayout(whole)
        self._tree.toggled.connect(self.set_visible)
        self._tree.dropped.connect(self._on_dropped)
        self._tree.currentItemChanged.connect(lambda *_: self._on_current())
        self._tree.itemDoubleClicked.connect(lambda *_: self.zoom())
        self._tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._tree.customContextMenuRequested.connect(self._offer)
        for signal in (session.project_opened, session.viewed, session.language_changed):
            signal.connect(self.reload)
        session.changed.connect(self._on_changed)
        self.reload()

    @property
    def tree(self) -> LayerTree:
        """The tree, for those who drive it."""
        return self._tree

    @property
    def active_layer(self) -> str:
        """The id of the layer that is drawn on."""
        return self._active

    def reload(self) -> None:
        """Show the layers of the state on screen."""
        snapshot = self._session.snapshot
        self._tree.blockSignals(True)
        self._tree.show_snapshot(snapshot)
        self._tree.blockSignals(False)
        if snapshot is not None and self._active not in snapshot.layers:
            footprints = snapshot.with_role("footprint") or tuple(snapshot.layers.values())[-1:]
            if footprints:
                self.set_active(footprints[0].id)
        self._show_current()

    def set_active(self, layer_id: str) -> None:
        """Draw on another layer from now on."""
        self._active = layer_id
        self._tree.mark_active(layer_id)
        self._tree.choose(layer_id)
        self.active_layer_changed.emit(layer_id)

    def set_visible(self, layer_id: str, visible: bool) -> None:
        """Show or hide a layer, as a step that can be undone."""
        title = Text("显示图层 {n}", "Show layer {n}") if visible else Text("隐藏图层 {n}", "Hide layer {n}")
        self._run(title, layer_id, set_visible([layer_id], visible))

    def show_all(self) -> None:
        """Show every layer."""
        snapshot = self._session.snapshot
        if snapshot is not None:
            self._session.run(
                Text("显示全部图层", "Show all layers"), set_visible(list(snapshot.layers), True)
            )

    def solo(self) -> None:
        """Show only the current layer."""
        self._run(Text("只看图层 {n}", "Show only layer {n}"), self._tree.chosen, solo(self._tree.chosen))

    def shift(self, up: bool) -> None:
        """Move the current layer past its neighbour."""
        snapshot = self._session.snapshot
        edit = shifted(snapshot, self._tree.chosen, up) if snapshot is not None else None
        if edit is not None:
            self._run(Text("移动图层 {n}", "Move layer {n}"), self._tree.chosen, edit)

    def rename(self) -> None:
        """Ask for another name of the current layer."""
        layer = self._layer()
        if layer is None:
            return
        name, ok = QInputDialog.getText(
            self, tr("重命名图层", "Rename layer"), tr("图层名称", "Layer name"), text=tr(layer.title)
        )
        if ok:
            self._run(Text("重命名图层 {n}", "Rename layer {n}"), layer.id, rename(layer.id, name))

    def zoom(self) -> None:
        """Show the whole of the current layer."""
        layer = self._layer()
        extent = layer.table.extent() if layer is not None else None
        if extent is not None:
            self._session.zoom_requested.emit(extent)
        elif layer is not None:
            self._session.tell(
                Text("图层“{n}”还没有对象。", "Layer “{n}” has no objects yet.").format(n=layer.title)
            )

    def _build_foot(self) -> None:
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 100)
        self._slider.setPageStep(10)
        self._slider.sliderReleased.connect(self._commit_opacity)
        self._slider.valueChanged.connect(self._on_slid)
        self._percent = label(role="soft")
        self._percent.setFixedWidth(38)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        caption = Glyph("circle-half", 16)
        self._words.bind(caption.setToolTip, Text("不透明度", "Opacity"))
        self._words.bind(self._slider.setToolTip, Text("不透明度", "Opacity"))
        up, down = icon_button("arrow-up", 16), icon_button("arrow-down", 16)
        self._slider.setMinimumWidth(56)
        self._words.bind(up.setToolTip, Text("上移一层 (Ctrl+Shift+↑)", "Move up (Ctrl+Shift+Up)"))
        self._words.bind(down.setToolTip, Text("下移一层 (Ctrl+Shift+↓)", "Move down (Ctrl+Shift+Down)"))
        up.clicked.connect(lambda: self.shift(True))
        down.clicked.connect(lambda: self.shift(False))
        self._foot = QWidget()
        self._foot.setObjectName("PanelFoot")
        self._foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = row(caption, margins=(14, 6, 8, 6), spacing=6)
        line.addWidget(self._slider, 1)
        for item in (self._percent, up, down):
            line.addWidget(item)
        self._foot.setLayout(line)

    def _layer(self) -> Layer | None:
        snapshot = self._session.snapshot
        return snapshot.layers.get(self._tree.chosen) if snapshot is not None else None

    def _run(self, title: Text, layer_id: str, edit: Edit) -> None:
        snapshot = self._session.snapshot
        layer = snapshot.layers.get(layer_id) if snapshot is not None else None
        if layer is not None and not self._session.run(title.format(n=layer.title), edit):
            self.reload()

    def _on_current(self) -> None:
        chosen = self._tree.chosen
        if chosen and chosen != self._active:
            self.set_active(chosen)
        self._show_current()

    def _show_current(self) -> None:
        layer = self._layer()
        self._slider.blockSignals(True)
        self._slider.setValue(round(layer.opacity * 100) if layer else 100)
        self._slider.blockSignals(False)
        self._slider.setEnabled(layer is not None and self._session.editable)
        self._percent.setText(f"{self._slider.value()}%")

    def _on_slid(self, value: int) -> None:
        self._percent.setText(f"{value}%")
        if not self._slider.isSliderDown():
            self._commit_opacity()

    def _commit_opacity(self) -> None:
        layer = self._layer()
        value = self._slider.value() / 100
        if layer is not None and abs(layer.opacity - value) > 1e-6:
            self._run(
                Text("图层 {n} 不透明度", "Opacity of layer {n}"), layer.id, set_opacity(layer.id, value)
            )

    def _on_dropped(self, layer_id: str, other: str, above: bool) -> None:
        edit = place_above(layer_id, other) if above else place_below(layer_id, other)
        self._run(Text("移动图层 {n}", "Move layer {n}"), layer_id, edit)

    def _on_changed(self, changes: ChangeSet) -> None:
        touched = any(name.startswith(("layer.", "layers.")) for name in changes.settings)
        counts = any(change.action != "modify" for change in changes)
        if touched or counts:
            self.reload()

    def _offer(self, where: QPoint) -> None:
        if not self._tree.chosen:
            return
        menu = QMenu(self)
        acts = (
            (tr("缩放到图层", "Zoom to layer"), self.zoom, True),
            (tr("属性表", "Attribute table"), lambda: self.table_requested.emit(self._tree.chosen), True),
            (tr("只看此图层", "Show only this layer"), self.solo, False),
            (tr("全部显示", "Show all layers"), self.show_all, False),
            (tr("上移一层", "Move up"), lambda: self.shift(True), False),
            (tr("下移一层", "Move down"), lambda: self.shift(False), False),
            (tr("重命名…", "Rename…"), self.rename, False),
        )
        for words, do, reading in acts:
            act = menu.addAction(words)
            if act is not None:
                act.setEnabled(reading or self._session.editable)
                act.triggered.connect(lambda _=False, d=do: d())
        viewport = self._tree.viewport()
        menu.popup((viewport or self._tree).mapToGlobal(where))
