"""The sheet of shortcuts, the first steps, and what this program is."""

from __future__ import annotations

from collections.abc import Iterator

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from gis.i18n import tr
from layers.text import Text, same
from ui.acts.bound import key_words
from ui.acts.catalogue import ACTIONS, MENUS, Action, Menu
from ui.panels.parts import Glyph, button, column, label, row, scrolled

_GAP_PX, _EDGE_PX = 36, 24
_MAP_KEYS = (
    (Text("滚轮", "Wheel"), Text("在光标处缩放", "Zoom at the pointer")),
    (Text("中键拖动，空格拖动", "Middle drag, Space drag"), Text("平移", "Pan")),
    (Text("方向键", "Arrows"), Text("平移", "Pan")),
    (
        Text("Shift+单击，Ctrl+单击", "Shift+click, Ctrl+click"),
        Text("加选，切换选择", "Add to, toggle the selection"),
    ),
    (
        Text("Esc", "Esc"),
        Text(
            "取消当前操作，清除选择；从面板回到地图", "Cancel, clear the selection; from a panel to the map"
        ),
    ),
    (Text("Enter，双击，右键", "Enter, double-click, right-click"), Text("完成绘制", "Finish drawing")),
    (Text("Enter（已选中）", "Enter (selected)"), Text("到属性表单", "To the form of properties")),
    (same("Backspace"), Text("退回一个顶点", "Take back a vertex")),
    (Text("Alt", "Alt"), Text("暂停捕捉", "Suspend snapping")),
    (
        same("Shift"),
        Text("与上一段成 45° 的倍数；第一段按屏幕", "45° to the last segment; the first along the screen"),
    ),
    (same("0-9  @  <"), Text("输入距离、坐标、角度", "Type a distance, a coordinate, an angle")),
    (same("Tab"), Text("下一个顶点；到提示的按钮", "Next vertex; to the buttons of a message")),
    (same("Insert  Delete"), Text("插入、删除顶点", "Insert, remove a vertex")),
    (Text("Ctrl+方向键", "Ctrl+arrows"), Text("微移 0.1 m，加 Shift 1 m", "Nudge by 0.1 m, with Shift 1 m")),
    (
        Text("双击注记，Enter", "Double-click, Enter on a note"),
        Text("就地改文字", "Change its words in place"),
    ),
    (Text("菜单键", "Menu key"), Text("列出这里的对象", "List the objects here")),
    (
        Text("表中 Enter，Ctrl+C，Ctrl+V", "Enter, Ctrl+C, Ctrl+V in the table"),
        Text("改一格；与 Excel 互相复制", "Edit a cell; copy to and from Excel"),
    ),
)
_STEPS = (
    (
        "map-trifold",
        Text("看图", "Look"),
        Text(
            "滚轮缩放，中键或空格拖动平移。左边打开或关闭图层。",
            "The wheel zooms, the middle button or Space pans. Switch layers on the left.",
        ),
    ),
    (
        "map-pin",
        Text("标问题", "Mark problems"),
        Text(
            "按 D 或 T，在地图上点一下，填好表单。底部“问题点”里可以筛选、改状态。",
            "Press D or T, click on the map, fill in the form. The list below filters and changes states.",
        ),
    ),
    (
        "pencil-simple",
        Text("改方案", "Change the plan"),
        Text(
            "选一个图层，用左边的工具画；单击对象，在右边改属性。在“回应问题”里写上问题编号，说明为什么改。",
            "Choose a layer and draw with the tools on the left; click something and edit it on the right. "
            "Name the spots it answers: that is the reason.",
        ),
    ),
    (
        "snowflake",
        Text("冻结版次", "Freeze"),
        Text(
            "方案要公示时冻结为新版次。时间轴上把一版拖到另一版，变更会自动圈出。",
            "Freeze a revision before posting. Drag one onto another on the timeline to see the changes.",
        ),
    ),
    (
        "globe-simple",
        Text("发布与出图", "Publish and draw"),
        Text(
            "右上角“发布”生成离线网页，“出图”生成公示栏图纸。",
            "Publish makes an offline page, Draw makes the notice-board sheet.",
        ),
    ),
    (
        "arrow-u-up-left",
        Text("放心修改", "No fear"),
        Text(
            "每次修改都已存盘，任何一步都能撤销，重新打开后也行。",
            "Every edit is on disk at once, and every step can be undone, even after a restart.",
        ),
    ),
)


def _sheet(parent: QWidget, title: Text, body: QWidget, width: int, height: int) -> QDialog:
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr(title))
    close = button(tr("关闭", "Close"))
    close.clicked.connect(dialog.close)
    whole = column(spacing=0)
    whole.addWidget(body, 1)
    whole.addLayout(row(None, close, margins=(20, 12, 20, 14)))
    dialog.setLayout(whole)
    dialog.resize(min(width, parent.width() - 40), min(height, parent.height() - 40))
    return dialog


def show_keys(parent: QWidget) -> QDialog:
    """Open the sheet of shortcuts; it is made from the acts themselves."""
    body = QWidget()
    body.setObjectName("PanelBody")
    blocks = [_key_block(tr(menu.title).split("(")[0].replace("&", ""), list(_keyed(menu))) for menu in MENUS]
    blocks.append(_key_rows(tr("地图", "Map"), [(tr(keys), tr(what)) for keys, what in _MAP_KEYS]))
    width = _spread(body, [block for block in blocks if block is not None], parent.width() - 60)
    dialog = _sheet(parent, Text("快捷键表", "Keyboard shortcuts"), scrolled(body), width + 20, 900)
    dialog.show()
    return dialog


def show_guide(parent: QWidget) -> QDialog:
    """Open the first steps."""
    body = QWidget()
    body.setObjectName("PanelBody")
    inner = column(margins=(28, 22, 28, 12), spacing=16)
    inner.addWidget(label(tr("六步上手", "Six steps"), "heading"))
    for glyph, title, words in _STEPS:
        said = column(label(tr(title)), label(tr(words), "soft", wrap=True), spacing=2)
        line = row(spacing=14)
        line.addWidget(Glyph(glyph, 24, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(said, 1)
        inner.addLayout(line)
    inner.addStretch(1)
    body.setLayout(inner)
    dialog = _sheet(parent, Text("快速上手", "Getting started"), scrolled(body), 560, 560)
    dialog.show()
    return dialog


def show_about(parent: QWidget) -> QDialog:
    """Open what this program is, and under which licence."""
    body = QWidget()
    body.setObjectName("PanelBody")
    inner = column(margins=(28, 24, 28, 12), spacing=10)
    inner.addWidget(Glyph("map-trifold", 40, "accent"))
    inner.addWidget(label(tr("小区改造图板", "Planboard"), "heading"))
    inner.addWidget(label(tr("版本 {v}", "Version {v}", v="0.1.0"), "soft"))
    inner.addWidget(
        label(
            tr(
                "老旧小区改造的地图、版次、公示网页和图纸。",
                "Maps, revisions, pages and notice-board drawings for renovating old housing estates.",
            ),
            wrap=True,
        )
    )
    inner.addWidget(
        label(
            tr(
                "自由软件，GPL-3.0 或更新版本，不提供任何担保。图标 Phosphor（MIT）。",
                "Free software under GPL-3.0 or later, without any warranty. Icons: Phosphor (MIT).",
            ),
            "soft",
            wrap=True,
        )
    )
    inner.addStretch(1)
    body.setLayout(inner)
    dialog = _sheet(parent, Text("关于小区改造图板", "About Planboard"), body, 440, 320)
    dialog.show()
    return dialog


def _keyed(menu: Menu) -> Iterator[Action]:
    for item in menu.items:
        if isinstance(item, Menu):
            yield from _keyed(item)
        elif item in ACTIONS and ACTIONS[item].keys:
            yield ACTIONS[item]


def _key_block(title: str, actions: list[Action]) -> QWidget | None:
    return _key_rows(title, [(key_words(a), tr(a.title).rstrip("…")) for a in actions]) if actions else None


def _key_rows(title: str, rows: list[tuple[str, str]]) -> QWidget:
    block = QWidget()
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 14)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.addWidget(label(title, "section"), 0, 0, 1, 2)
    for line, (keys, what) in enumerate(rows, 1):
        grid.addWidget(label(what), line, 0)
        cap: QLabel = label(keys, "code")
        grid.addWidget(cap, line, 1, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return block


def _spread(body: QWidget, blocks: list[QWidget], most_px: int) -> int:
    """Put blocks into columns of about equal height, as many as fit; return how wide they are."""
    for count in (4, 3, 2):
        stacks = _shared_out(blocks, count)
        wide = sum(max(b.sizeHint().width() for b in stack) for stack in stacks if stack)
        width = wide + _GAP_PX * (count - 1) + 2 * _EDGE_PX
        if width <= most_px:
            break
    columns = row(margins=(_EDGE_PX, 20, _EDGE_PX, 12), spacing=_GAP_PX)
    for stack in stacks:
        columns.addLayout(column(*stack, None, spacing=4), 1)
    body.setLayout(columns)
    return width


def _shared_out(blocks: list[QWidget], count: int) -> list[list[QWidget]]:
    heights, stacks = [0] * count, list[list[QWidget]]([] for _ in range(count))
    for block in blocks:
        at = heights.index(min(heights))
        stacks[at].append(block)
        heights[at] += block.sizeHint().height()
    return stacks
