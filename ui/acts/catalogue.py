"""Every act of the window as data, and the menus made of them.

Menus, tool strip, search and the shortcut sheet are all generated from
`ACTIONS`; an act exists once. What it does lies in `ui.actions`.
"""

from __future__ import annotations

from typing import Final

from layers.text import Text
from ui.acts.act import Action, Menu, MenuItem, Need
from ui.acts.design import CLIPBOARD, DESIGN_ACTS, DESIGN_MENUS
from ui.acts.ground import BACKGROUND_ACTS, BACKGROUND_MENU, MAP_IMAGE_ACTS
from ui.acts.layers import LAYER_ACTS, LAYER_MENU
from ui.acts.plan import BRANCHES, BRANCHES_MENU, COMPARING, COMPARING_MENU, REASONS
from ui.acts.sight import SIGHT_ACTS, SIGHT_ITEMS

__all__ = ["ACTIONS", "MENUS", "TOOL_STRIP", "Action", "Menu", "MenuItem", "Need"]

_FILE: Final = (
    Action("file.new", Text("新建项目…", "New project…"), "file-plus", ("Ctrl+N",)),
    Action("file.open", Text("打开项目…", "Open project…"), "folder-open", ("Ctrl+O",)),
    Action("file.sample", Text("打开示例小区", "Open the sample estate"), "buildings"),
    Action(
        "file.save",
        Text("保存", "Save"),
        "floppy-disk",
        ("Ctrl+S",),
        "project",
        Text("每次修改都已即时写入文件", "Every edit is already in the file"),
    ),
    Action("file.save_copy", Text("另存副本…", "Save a copy…"), "copy", ("Ctrl+Shift+S",), "project"),
    Action(
        "file.import",
        Text("导入数据…", "Import data…"),
        "download-simple",
        ("Ctrl+I",),
        "editable",
        Text("图纸、空间数据、表格、照片", "Drawings, spatial data, tables, photos"),
    ),
    Action(
        "file.import_folder",
        Text("导入文件夹…", "Import a folder…"),
        "folder-open",
        ("Ctrl+Shift+I",),
        "editable",
        Text("文件夹里所有可导入的文件，一步完成", "All that can be imported in a folder, as one step"),
    ),
    Action(
        "file.paste_table",
        Text("粘贴表格…", "Paste a table…"),
        "clipboard-text",
        need="editable",
        hint=Text(
            "导入在 Excel、WPS 表格中复制的单元格；在地图上按 Ctrl+V 也可以",
            "Imports cells copied in a spreadsheet; Ctrl+V over the map does, too",
        ),
    ),
    Action("file.photo_tray", Text("待放置的照片…", "Photos to be placed …"), "tray", need="editable"),
    Action(
        "file.imports",
        Text("导入记录和发现…", "Imports and findings …"),
        "file-search",
        need="project",
        hint=Text(
            "每次导入的统计和问题，可导出表格", "What each import brought and found; exports to a sheet"
        ),
    ),
    Action(
        "file.export",
        Text("导出数据…", "Export data…"),
        "upload-simple",
        ("Ctrl+E",),
        "project",
        takes_view=True,
    ),
    Action(
        "file.publish",
        Text("发布网页…", "Publish page…"),
        "globe-simple",
        ("Ctrl+Shift+P",),
        "project",
        Text("一个可离线打开的网页文件", "One page that opens without a network"),
    ),
    Action(
        "file.draw",
        Text("出图…", "Make drawing…"),
        "printer",
        ("Ctrl+P",),
        "project",
        Text("公示栏图纸，PDF、PNG 或 SVG", "A notice-board sheet as PDF, PNG or SVG"),
    ),
    Action("file.quit", Text("退出", "Quit"), "sign-out", ("Ctrl+Q",)),
)
_EDIT: Final = (
    Action("edit.undo", Text("撤销", "Undo"), "arrow-u-up-left", ("Ctrl+Z",), "undo"),
    Action("edit.redo", Text("重做", "Redo"), "arrow-u-up-right", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Action("edit.delete", Text("删除所选", "Delete selected"), "trash", ("Del",), "edit-selection"),
    Action("edit.duplicate", Text("复制一份", "Duplicate"), "copy-simple", ("Ctrl+D",), "edit-selection"),
    Action(
        "edit.select_layer",
        Text("全选当前图层", "Select all in the layer"),
        "selection-all",
        ("Ctrl+A",),
        "project",
    ),
    Action(
        "edit.deselect",
        Text("取消选择", "Clear selection"),
        "selection-slash",
        ("Ctrl+Shift+A",),
        "selection",
    ),
    Action(
        "edit.find",
        Text("查找…", "Find…"),
        "magnifying-glass",
        ("Ctrl+K", "Ctrl+F"),
        "",
        Text("楼号、编号、坐标、命令", "Building, code, coordinate, command"),
    ),
)
_VIEW: Final = (
    Action("view.zoom_in", Text("放大", "Zoom in"), "magnifying-glass-plus", ("Ctrl++", "Ctrl+="), "project"),
    Action("view.zoom_out", Text("缩小", "Zoom out"), "magnifying-glass-minus", ("Ctrl+-",), "project"),
    Action("view.full", Text("全图", "Full extent"), "frame-corners", ("Ctrl+Shift+F",), "project"),
    Action("view.selection", Text("缩放到所选", "Zoom to selection"), "crosshair", ("Ctrl+J",), "selection"),
    Action("view.back", Text("上一视图", "Previous view"), "arrow-left", ("Alt+Left",), "project"),
    Action("view.forward", Text("下一视图", "Next view"), "arrow-right", ("Alt+Right",), "project"),
    Action("view.menus", Text("打开菜单", "Open the menus"), "list", ("F10",)),
    Action("view.full_screen", Text("全屏", "Full screen"), "arrows-out", ("F11",), checkable=True),
    Action("view.layers", Text("图层面板", "Layers panel"), "stack", ("Ctrl+1",), checkable=True),
    Action(
        "view.attributes",
        Text("属性面板", "Properties panel"),
        "sliders-horizontal",
        ("Ctrl+2",),
        checkable=True,
    ),
    Action("view.drawer", Text("底部抽屉", "Bottom drawer"), "rows", ("Ctrl+3",), checkable=True),
    Action(
        "view.timeline", Text("版次时间轴", "Revision timeline"), "git-commit", ("Ctrl+4",), checkable=True
    ),
    Action("view.reset", Text("恢复默认布局", "Reset layout"), "layout"),
    Action("view.zh", Text("简体中文", "简体中文"), "", checkable=True),
    Action("view.en", Text("English", "English"), "", checkable=True),
    Action("view.light", Text("浅色", "Light"), "", checkable=True),
    Action("view.dark", Text("深色", "Dark"), "", checkable=True),
)
_SPOTS: Final = (
    Action(
        "tool.add-drainage-spot",
        Text("添加排水问题点", "Add drainage problem spot"),
        "drop",
        ("D",),
        "editable",
        Text("在地图上点出位置，再填写表单", "Click the place on the map, then fill in the form"),
    ),
    Action(
        "tool.add-traffic-spot",
        Text("添加交通堵点", "Add traffic chokepoint"),
        "traffic-sign",
        ("T",),
        "editable",
        Text("在地图上点出位置，再填写表单", "Click the place on the map, then fill in the form"),
    ),
    Action("spots.show", Text("问题点列表", "Problem spot list"), "list-bullets", ("F7",), "project"),
    Action("spots.next_open", Text("下一个待解决问题", "Next open spot"), "caret-right", ("N",), "project"),
)
_REVISIONS: Final = (
    Action(
        "revision.freeze", Text("冻结为新版次…", "Freeze a revision…"), "snowflake", ("Ctrl+R",), "editable"
    ),
    Action(
        "revision.compare_last",
        Text("与上一版比较", "Compare with the last revision"),
        "git-diff",
        ("Ctrl+Shift+C",),
        "revision",
    ),
    Action("revision.compare_none", Text("结束比较", "Stop comparing"), "x", need="comparison"),
    Action(
        "revision.working",
        Text("回到当前方案", "Back to the working plan"),
        "pencil-line",
        ("Ctrl+0",),
        "project",
    ),
    Action(
        "revision.restore",
        Text("把当前方案恢复到此版次", "Restore the plan to this revision"),
        "clock-counter-clockwise",
        need="project",
    ),
    Action("revision.changes", Text("变更列表", "Change list"), "list-numbers", ("F8",), "project"),
    Action("revision.history", Text("历史记录", "History"), "clock-counter-clockwise", ("F9",), "project"),
)
_TOOLS: Final = (
    Action(
        "tool.select",
        Text("选择与移动", "Select and move"),
        "cursor",
        ("V",),
        "project",
        Text("单击选择，Shift 加选，拖动移动", "Click selects, Shift adds, drag moves"),
    ),
    Action(
        "tool.pan",
        Text("平移", "Pan"),
        "hand",
        ("H",),
        "project",
        Text("任何工具下按住空格或中键也可平移", "Space or the middle button pans in any tool"),
    ),
    Action(
        "tool.identify",
        Text("查看", "Identify"),
        "info",
        ("I",),
        "project",
        Text("单击列出重叠的对象", "A click lists what lies there"),
    ),
    Action("tool.measure-length", Text("量距离", "Measure length"), "ruler", ("M",), "project"),
    Action("tool.measure-area", Text("量面积", "Measure area"), "bounding-box", ("Shift+M",), "project"),
    Action("tool.edit-vertices", Text("编辑顶点", "Edit vertices"), "line-segments", ("E",), "editable"),
    Action("tool.draw-point", Text("画点", "Draw point"), "crosshair-simple", ("P",), "editable"),
    Action("tool.draw-line", Text("画线", "Draw line"), "line-segment", ("L",), "editable"),
    Action("tool.draw-polygon", Text("画面", "Draw area"), "polygon", ("A",), "editable"),
    Action("tool.draw-rectangle", Text("画矩形", "Draw rectangle"), "rectangle", ("R",), "editable"),
    Action("tool.snapping", Text("捕捉", "Snapping"), "magnet", ("S",), "project", checkable=True),
)
_HELP: Final = (
    Action("help.guide", Text("快速上手", "Getting started"), "book-open", ("F1",)),
    Action("help.keys", Text("快捷键表", "Keyboard shortcuts"), "keyboard", ("?",)),
    Action("help.log", Text("打开日志文件夹", "Open the log folder"), "file-text"),
    Action("help.about", Text("关于小区改造图板", "About Planboard"), "info"),
)

ACTIONS: Final = {
    action.id: action
    for group in (
        _FILE,
        _EDIT,
        _VIEW,
        LAYER_ACTS,
        _SPOTS,
        _REVISIONS,
        COMPARING,
        BRANCHES,
        REASONS,
        _TOOLS,
        DESIGN_ACTS,
        BACKGROUND_ACTS,
        SIGHT_ACTS,
        MAP_IMAGE_ACTS,
        _HELP,
    )
    for action in group
}
"""Every act by id."""

_MAP_TOOLS: Final = (
    "tool.select",
    "tool.pan",
    "tool.identify",
    "-",
    "tool.measure-length",
    "tool.measure-area",
    "-",
    "tool.draw-point",
    "tool.draw-line",
    "tool.draw-polygon",
    "tool.draw-rectangle",
    "tool.edit-vertices",
)
"""What the tool strip begins with, and the menu of tools."""

MENUS: Final = (
    Menu(
        Text("文件(&F)", "&File"),
        (
            "file.new",
            "file.open",
            Menu(Text("最近打开", "Open recent"), ("*recent",)),
            "file.sample",
            "-",
            "file.save",
            "file.save_copy",
            "-",
            "file.import",
            "file.import_folder",
            "file.paste_table",
            "file.photo_tray",
            "file.imports",
            "file.export",
            "map.export",
            "map.copy",
            "-",
            "file.publish",
            "file.draw",
            "-",
            "file.quit",
        ),
    ),
    Menu(
        Text("编辑(&E)", "&Edit"),
        (
            "edit.undo",
            "edit.redo",
            "revision.history",
            "-",
            *(action.id for action in CLIPBOARD),
            "-",
            "edit.delete",
            "edit.duplicate",
            "-",
            "edit.select_layer",
            "edit.deselect",
            "-",
            "edit.find",
        ),
    ),
    Menu(
        Text("视图(&V)", "&View"),
        (
            "view.zoom_in",
            "view.zoom_out",
            "view.full",
            "view.selection",
            "-",
            "view.back",
            "view.forward",
            "-",
            "view.layers",
            "view.attributes",
            "view.drawer",
            "view.timeline",
            "view.reset",
            "-",
            *SIGHT_ITEMS,
            BACKGROUND_MENU,
            "view.menus",
            "view.full_screen",
            Menu(Text("语言 Language", "Language 语言"), ("view.zh", "view.en")),
            Menu(Text("外观", "Appearance"), ("view.light", "view.dark")),
        ),
    ),
    LAYER_MENU,
    Menu(
        Text("问题与意见(&P)", "&Problems"),
        (
            "tool.add-drainage-spot",
            "tool.add-traffic-spot",
            "-",
            "spots.show",
            "spots.next_open",
            "-",
            "comments.add",
            "comments.paste",
            "comments.show",
            "-",
            "ledger.show",
            "ledger.export",
        ),
    ),
    Menu(
        Text("版次(&R)", "&Revision"),
        (
            "revision.freeze",
            "-",
            "revision.compare_last",
            "revision.compare_none",
            "revision.changes",
            "changes.reason",
            "changes.export",
            COMPARING_MENU,
            "-",
            "findings.show",
            "postings.show",
            "-",
            "revision.working",
            "revision.restore",
            "-",
            BRANCHES_MENU,
            "merge.file",
        ),
    ),
    *DESIGN_MENUS,
    Menu(
        Text("工具(&T)", "&Tools"),
        (
            *_MAP_TOOLS,
            "-",
            "tool.snapping",
        ),
    ),
    Menu(Text("帮助(&H)", "&Help"), ("help.guide", "help.keys", "-", "help.log", "help.about")),
)

TOOL_STRIP: Final = (
    *_MAP_TOOLS,
    "-",
    "tool.add-drainage-spot",
    "tool.add-traffic-spot",
    "-",
    "edit.undo",
    "edit.redo",
)
