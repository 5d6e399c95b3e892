"""The menus of a layer and of a group in the layer panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMenu

from gis.i18n import tr
from layers.text import Text
from ui.models.layer_list import groups_of
from ui.theme.icons import icon

if TYPE_CHECKING:
    from ui.panels.layers_panel import LayersPanel

Entry: TypeAlias = tuple[Text, str, Callable[[], object], bool] | None
"""Words, icon, what it does, whether a plan that is only read offers it too; None is a line."""


def layer_menu(panel: LayersPanel) -> QMenu:
    """Return what can be done with the current layer."""
    table = panel.table_requested
    menu = _menu(
        panel,
        (
            (Text("缩放到图层", "Zoom to layer"), "frame-corners", panel.zoom, True),
            (Text("属性表", "Attribute table"), "table", lambda: table.emit(panel.tree.chosen), True),
            None,
            (Text("样式…", "Style…"), "paint-brush", panel.edit_look, False),
            (Text("注记…", "Labels…"), "text-aa", lambda: panel.edit_look("label"), False),
            (
                Text("筛选与显示比例…", "Filter and scales…"),
                "funnel",
                lambda: panel.edit_look("shown"),
                False,
            ),
            (Text("复制样式", "Copy style"), "copy", panel.copy_style, True),
            (Text("粘贴样式", "Paste style"), "clipboard", panel.paste_style, False),
            (Text("恢复默认样式", "Standard style"), "arrow-counter-clockwise", panel.reset_style, False),
            None,
            (Text("只看此图层", "Show only this layer"), "eye", panel.solo, False),
            (Text("全部显示", "Show all layers"), "", panel.show_all, False),
            None,
            (Text("上移一层", "Move up"), "arrow-up", lambda: panel.shift(True), False),
            (Text("下移一层", "Move down"), "arrow-down", lambda: panel.shift(False), False),
            (Text("重命名…", "Rename…"), "pencil-simple", panel.rename, False),
        ),
    )
    menu.addMenu(_groups(panel, menu))
    return menu


def group_menu(panel: LayersPanel) -> QMenu:
    """Return what can be done with the current group."""
    group = panel.tree.chosen_group
    assert group is not None, "there is a menu of a group only on its row"
    return _menu(
        panel,
        (
            (Text("显示整组", "Show the group"), "eye", lambda: panel.set_group_visible(group, True), False),
            (
                Text("隐藏整组", "Hide the group"),
                "eye-slash",
                lambda: panel.set_group_visible(group, False),
                False,
            ),
            None,
            (Text("上移", "Move up"), "arrow-up", lambda: panel.shift(True), False),
            (Text("下移", "Move down"), "arrow-down", lambda: panel.shift(False), False),
            None,
            (Text("重命名…", "Rename…"), "pencil-simple", panel.rename, False),
            (Text("解散分组", "Dissolve group"), "folder-minus", panel.dissolve_group, False),
        ),
    )


def _groups(panel: LayersPanel, menu: QMenu) -> QMenu:
    inner = QMenu(tr("移入分组", "Put into group"), menu)
    inner.setIcon(icon("folder"))
    inner.setEnabled(panel.session.editable)
    snapshot, layer = panel.session.snapshot, panel.current_layer
    for group in groups_of(snapshot) if snapshot is not None and layer is not None else ():
        act = inner.addAction(tr(group.title))
        if act is not None and layer is not None:
            act.setEnabled(group.title != layer.group)
            act.triggered.connect(lambda _=False, a=layer.id, t=group.title: panel.join_group(a, t))
    inner.addSeparator()
    new = inner.addAction(tr("新建分组…", "New group…"))
    if new is not None:
        new.triggered.connect(panel.make_group)
    return inner


def _menu(panel: LayersPanel, entries: Sequence[Entry]) -> QMenu:
    menu = QMenu(panel)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for entry in entries:
        if entry is None:
            menu.addSeparator()
            continue
        words, glyph, do, reading = entry
        act = menu.addAction(tr(words))
        if act is not None:
            if glyph:
                act.setIcon(icon(glyph))
            act.setEnabled(reading or panel.session.editable)
            act.triggered.connect(lambda _=False, d=do: d())
    return menu
