"""The layer panel: what is shown, in which order, how strongly, and which layer is drawn on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PyQt6.QtCore import QPoint, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QInputDialog, QSlider, QSpinBox, QWidget

from gis.edit.looks import put_in_group, set_style
from gis.i18n import tr
from gis.styling import refuse_unseen
from layers.changes import ChangeSet
from layers.errors import PlanboardError
from layers.layer import Layer
from layers.text import Text, same
from ui.models.layer_list import (
    Edit,
    beside_group,
    group_shifted,
    into_group,
    members,
    place_above,
    place_below,
    rename,
    rename_group,
    set_opacity,
    set_visible,
    shifted,
    solo,
)
from ui.models.style_text import read_style, write_style
from ui.panels.layer_menu import group_menu, layer_menu
from ui.panels.layer_tree import LayerTree
from ui.panels.parts import Glyph, Wording, column, dress_panel, icon_button, row
from ui.panels.theme_button import ThemeButton
from ui.session import Session

_SETTLED_MS: Final = 400


class LayersPanel(QWidget):
    """The tree of layers and the controls of the current one.

    Signals
    -------
    active_layer_changed(str)
        The layer that drawing tools add to.
    table_requested(str)
    look_requested(str, str)
        Somebody wants to edit how a layer looks: its id, and the page ("symbol", "label" or "shown").
    opacity_tried(str, object)
        While the slider is dragged: the layer, and the opacity the map should show; None: as it is.
    """

    active_layer_changed = pyqtSignal(str)
    table_requested = pyqtSignal(str)
    look_requested = pyqtSignal(str, str)
    opacity_tried = pyqtSignal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self.session = session
        self._words = Wording(session, self)
        self._active = self._fading = ""
        self._tree = LayerTree()
        self.themes = ThemeButton(session)
        self._build_head()
        self._build_foot()
        whole = column(spacing=0)
        whole.addWidget(self._head)
        whole.addWidget(self._tree, 1)
        whole.addWidget(self._foot)
        self.setLayout(whole)
        self._tree.toggled.connect(self.set_visible)
        self._tree.group_toggled.connect(self.set_group_visible)
        self._tree.dropped.connect(self._on_dropped)
        self._tree.currentItemChanged.connect(lambda *_: self._on_current())
        self._tree.itemDoubleClicked.connect(lambda *_: self.edit_look())
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
        snapshot = self.session.snapshot
        self._tree.blockSignals(True)
        self._tree.show_snapshot(snapshot)
        self._tree.blockSignals(False)
        if snapshot is not None and self._active not in snapshot.layers:
            footprints = snapshot.with_role("footprint") or tuple(snapshot.layers.values())[-1:]
            if footprints:
                self.set_active(footprints[0].id)
        self._show_current()

    def show_scale(self, denominator: float) -> None:
        """Mark the layers that the map leaves out at its scale."""
        self._tree.show_scale(self.session.snapshot, denominator)

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

    def set_group_visible(self, title: Text, visible: bool) -> None:
        """Show or hide all layers of a group in one step."""
        what = Text("显示分组 {n}", "Show group {n}") if visible else Text("隐藏分组 {n}", "Hide group {n}")
        snapshot = self.session.snapshot
        if snapshot is not None:
            self._change(what.format(n=title), set_visible(members(snapshot, title), visible))

    def show_all(self) -> None:
        """Show every layer."""
        snapshot = self.session.snapshot
        if snapshot is not None:
            self._change(Text("显示全部图层", "Show all layers"), set_visible(list(snapshot.layers), True))

    def solo(self) -> None:
        """Show only the current layer."""
        self._run(Text("只看图层 {n}", "Show only layer {n}"), self._tree.chosen, solo(self._tree.chosen))

    def shift(self, up: bool) -> None:
        """Move the current layer or group past its neighbour."""
        snapshot, group = self.session.snapshot, self._tree.chosen_group
        if snapshot is None:
            return
        if group is not None:
            edit = group_shifted(snapshot, group, up)
            if edit is not None:
                self._change(Text("移动分组 {n}", "Move group {n}").format(n=group), edit)
            return
        edit = shifted(snapshot, self._tree.chosen, up)
        if edit is not None:
            self._run(Text("移动图层 {n}", "Move layer {n}"), self._tree.chosen, edit)

    def rename(self) -> None:
        """Ask for another name of the current layer or group."""
        layer, group = self.current_layer, self._tree.chosen_group
        if group is not None:
            name = self._asked(Text("重命名分组", "Rename group"), tr(group))
            if name is not None and name.strip() != tr(group):
                self._change(
                    Text("重命名分组 {n}", "Rename group {n}").format(n=group), rename_group(group, name)
                )
                self._tree.choose_group(same(name.strip()))
        elif layer is not None:
            name = self._asked(Text("重命名图层", "Rename layer"), tr(layer.title))
            if name is not None:
                self._run(Text("重命名图层 {n}", "Rename layer {n}"), layer.id, rename(layer.id, name))

    def make_group(self) -> None:
        """Ask for the name of a new group and put the current layer into it."""
        layer = self.current_layer
        name = self._asked(Text("新建分组", "New group"), "") if layer is not None else None
        if layer is not None and name is not None and name.strip():
            self.put_in_group(layer.id, name)

    def put_in_group(self, layer_id: str, name: str) -> None:
        """Put a layer under a heading of the user's own."""
        self._run(
            Text("图层 {n} 移入分组", "Put layer {n} into a group"),
            layer_id,
            lambda snapshot: put_in_group(snapshot, [layer_id], name),
        )

    def dissolve_group(self) -> None:
        """Give the layers of the current group back to the groups of their kinds."""
        group = self._tree.chosen_group
        if group is not None:
            self._change(Text("解散分组 {n}", "Dissolve group {n}").format(n=group), rename_group(group, ""))

    def join_group(self, layer_id: str, title: Text) -> None:
        """Put a layer on top of a group that is there."""
        snapshot = self.session.snapshot
        edit = into_group(snapshot, layer_id, title) if snapshot is not None else None
        if edit is not None:
            self._run(Text("图层 {n} 移入分组", "Put layer {n} into a group"), layer_id, edit)

    def zoom(self) -> None:
        """Show the whole of the current layer."""
        layer = self.current_layer
        extent = layer.table.extent() if layer is not None else None
        if extent is not None:
            self.session.zoom_requested.emit(extent)
        elif layer is not None:
            self.session.tell(
                Text("图层“{n}”还没有对象。", "Layer “{n}” has no objects yet.").format(n=layer.title)
            )

    def edit_look(self, page: str = "symbol") -> None:
        """Ask for the editor of how the current layer looks."""
        if self._tree.chosen and self.session.may_edit():
            self.look_requested.emit(self._tree.chosen, page)

    def copy_style(self) -> None:
        """Put the style of the current layer into the clipboard, as text."""
        layer = self.current_layer
        if layer is not None:
            write_style(layer.style)
            self.session.tell(
                Text("已复制“{n}”的样式。", "The style of “{n}” is copied.").format(n=layer.title),
                advice=Text(
                    "选中另一图层后粘贴，也可粘贴为文字。", "Choose another layer and paste; it is text too."
                ),
            )

    def paste_style(self) -> None:
        """Give the current layer the style in the clipboard."""
        layer = self.current_layer
        if layer is None:
            return
        try:
            style = read_style()
            refuse_unseen(style, layer)
        except PlanboardError as error:
            self.session.tell_error(error)
            return
        title = Text("粘贴样式到 {n}", "Paste style to {n}")
        self._run(title, layer.id, lambda snapshot: set_style(snapshot, layer.id, style))

    def reset_style(self) -> None:
        """Give the current layer the style of its kind back."""
        layer = self.current_layer
        if layer is not None:
            title = Text("恢复 {n} 的默认样式", "Standard style of {n}")
            self._run(title, layer.id, lambda snapshot: set_style(snapshot, layer.id, None))

    @property
    def current_layer(self) -> Layer | None:
        """The layer whose row is current."""
        snapshot = self.session.snapshot
        return snapshot.layers.get(self._tree.chosen) if snapshot is not None else None

    def _build_head(self) -> None:
        self._head = QWidget()
        self._head.setObjectName("Strip")
        self._head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = row(self.themes, None, margins=(8, 3, 8, 3), spacing=2)
        acts: tuple[tuple[str, Text, Callable[[], object]], ...] = (
            ("paint-brush", Text("样式… (F4)", "Style… (F4)"), self.edit_look),
            ("funnel", Text("筛选与显示比例…", "Filter and scales…"), lambda: self.edit_look("shown")),
            ("folder-plus", Text("新建分组…", "New group…"), self.make_group),
        )
        for glyph, words, act in acts:
            made = icon_button(glyph, 16)
            self._words.bind(made.setToolTip, words)
            self._words.bind(made.setAccessibleName, words)
            made.clicked.connect(lambda _=False, do=act: do())
            line.addWidget(made)
        self._head.setLayout(line)

    def _build_foot(self) -> None:
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 100)
        self._slider.setPageStep(10)
        self._slider.sliderReleased.connect(self._commit_opacity)
        self._slider.valueChanged.connect(self._on_slid)
        self._percent = QSpinBox()
        self._percent.setRange(0, 100)
        self._percent.setSuffix("%")
        self._percent.setKeyboardTracking(False)
        self._percent.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._percent.setFixedWidth(56)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._percent.valueChanged.connect(self._slider.setValue)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLED_MS)
        self._settling.timeout.connect(self._commit_opacity)
        caption = Glyph("circle-half", 16)
        self._words.bind(caption.setToolTip, Text("不透明度", "Opacity"))
        for made in (self._slider, self._percent):
            self._words.bind(made.setToolTip, Text("不透明度", "Opacity"))
            self._words.bind(made.setAccessibleName, Text("不透明度", "Opacity"))
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

    def _asked(self, title: Text, name: str) -> str | None:
        answer, ok = QInputDialog.getText(self, tr(title), tr("名称", "Name"), text=name)
        return answer if ok else None

    def _run(self, title: Text, layer_id: str, edit: Edit) -> None:
        snapshot = self.session.snapshot
        layer = snapshot.layers.get(layer_id) if snapshot is not None else None
        if layer is not None:
            self._change(title.format(n=layer.title), edit)

    def _change(self, title: Text, edit: Edit) -> None:
        if not self.session.run(title, edit):
            self.reload()

    def _on_current(self) -> None:
        chosen = self._tree.chosen
        if self._fading and chosen != self._fading:
            self._commit_opacity()
        if chosen and chosen != self._active:
            self.set_active(chosen)
        self._show_current()

    def _show_current(self) -> None:
        layer = self.current_layer
        if self._fading:  # what the keys or the wheel asked for a moment ago is on its way
            return
        for made in (self._slider, self._percent):
            made.blockSignals(True)
            made.setValue(round(layer.opacity * 100) if layer else 100)
            made.blockSignals(False)
            made.setEnabled(layer is not None and self.session.editable)

    def _on_slid(self, value: int) -> None:
        """Show it on the map; keys and the wheel are one step once they rest, a drag when it is let go."""
        self._percent.blockSignals(True)
        self._percent.setValue(value)
        self._percent.blockSignals(False)
        self._fading = self._fading or self._tree.chosen
        self.opacity_tried.emit(self._fading, value / 100)
        if not self._slider.isSliderDown():
            self._settling.start()

    def _commit_opacity(self) -> None:
        self._settling.stop()
        layer_id, self._fading = self._fading, ""
        snapshot = self.session.snapshot
        layer = snapshot.layers.get(layer_id) if snapshot is not None else None
        as_it_is = partial(self.opacity_tried.emit, layer_id, None)
        value = self._slider.value() / 100
        if layer is None or abs(layer.opacity - value) <= 1e-6:
            as_it_is()
            return
        title = Text("图层 {n} 不透明度", "Opacity of layer {n}").format(n=layer.title)
        if not self.session.run(title, set_opacity(layer.id, value), as_it_is, as_it_is):
            as_it_is()
            self.reload()

    def _on_dropped(self, moved: str | Text, other: str | Text, above: bool) -> None:
        snapshot = self.session.snapshot
        if snapshot is None:
            return
        if isinstance(moved, Text):
            title = other if isinstance(other, Text) else snapshot.layers[other].group
            edit = beside_group(snapshot, moved, title, above)
            if edit is not None:
                self._change(Text("移动分组 {n}", "Move group {n}").format(n=moved), edit)
        elif isinstance(other, Text):
            self.join_group(moved, other)
        else:
            move = place_above(moved, other) if above else place_below(moved, other)
            self._run(Text("移动图层 {n}", "Move layer {n}"), moved, move)

    def _on_changed(self, changes: ChangeSet) -> None:
        touched = any(name.startswith(("layer.", "layers.", "style.")) for name in changes.settings)
        if touched or changes.counts_change:
            self.reload()

    def _offer(self, where: QPoint) -> None:
        make = group_menu if self._tree.chosen_group is not None else layer_menu
        if self._tree.chosen or self._tree.chosen_group is not None:
            viewport = self._tree.viewport()
            make(self).popup((viewport or self._tree).mapToGlobal(where))
