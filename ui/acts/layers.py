"""The acts of the layer menu: order, groups, looks, themes, bookmarks."""

from __future__ import annotations

from typing import Final

from layers.text import Text
from ui.acts.act import Action, Menu

LAYER_ACTS: Final = (
    Action("layer.show_all", Text("全部显示", "Show all layers"), "eye", need="editable"),
    Action("layer.solo", Text("只看当前图层", "Show only this layer"), "eye-slash", need="editable"),
    Action("layer.up", Text("上移一层", "Move up"), "arrow-up", ("Ctrl+Shift+Up",), "editable"),
    Action("layer.down", Text("下移一层", "Move down"), "arrow-down", ("Ctrl+Shift+Down",), "editable"),
    Action("layer.rename", Text("重命名", "Rename"), "pencil-simple", ("F2",), "editable"),
    Action("layer.group", Text("新建分组…", "New group…"), "folder-plus", need="editable"),
    Action("layer.zoom", Text("缩放到图层", "Zoom to layer"), "frame-corners", need="project"),
    Action("layer.table", Text("属性表", "Attribute table"), "table", ("F6",), "project"),
    Action(
        "layer.replace",
        Text("查找和替换", "Find and replace"),
        "swap",
        ("Ctrl+H",),
        "editable",
        Text("在属性表中改写多行", "Rewrites many rows of the table"),
    ),
    Action(
        "layer.calculate",
        Text("计算字段", "Calculate a field"),
        "calculator",
        need="editable",
        hint=Text("用公式计算所选或所示各行", "By a formula, for the rows chosen or shown"),
    ),
    Action(
        "layer.style",
        Text("样式…", "Style…"),
        "paint-brush",
        ("F4",),
        "editable",
        Text("单一、分类、分级、规则；边改边看", "Single, by category, class or rule; the map follows"),
    ),
    Action("layer.labels", Text("注记…", "Labels…"), "text-aa", need="editable"),
    Action(
        "layer.filter", Text("筛选与显示比例…", "Filter and scales…"), "funnel", ("Ctrl+Alt+F",), "editable"
    ),
    Action(
        "layer.copy_style",
        Text("复制样式", "Copy style"),
        "copy",
        ("Ctrl+Alt+C",),
        "project",
        takes_view=True,
    ),
    Action("layer.paste_style", Text("粘贴样式", "Paste style"), "clipboard", ("Ctrl+Alt+P",), "editable"),
    Action(
        "layer.reset_style",
        Text("恢复默认样式", "Standard style"),
        "arrow-counter-clockwise",
        need="editable",
    ),
    Action(
        "theme.next",
        Text("下一个主题", "Next theme"),
        "swatches",
        ("Ctrl+Alt+T",),
        "editable",
        Text("Ctrl+Alt+1 到 9 直接切换", "Ctrl+Alt+1 to 9 switch at once"),
    ),
    Action("theme.keep", Text("保存为主题…", "Keep as theme…"), "bookmark-simple", need="editable"),
)

LAYER_MENU: Final = Menu(
    Text("图层(&L)", "&Layer"),
    (
        "layer.table",
        "layer.replace",
        "layer.calculate",
        "layer.zoom",
        "-",
        "layer.style",
        "layer.labels",
        "layer.filter",
        "layer.copy_style",
        "layer.paste_style",
        "layer.reset_style",
        "-",
        "layer.up",
        "layer.down",
        "layer.rename",
        "layer.group",
        "-",
        "layer.solo",
        "layer.show_all",
        "-",
        "theme.next",
        "theme.keep",
    ),
)
