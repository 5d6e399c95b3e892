"""The acts of drawing and changing shapes, and the menus they are in."""

from __future__ import annotations

from typing import Final

from layers.text import Text
from ui.act import Action, Menu

CLIPBOARD: Final = (
    Action(
        "edit.copy",
        Text("复制", "Copy"),
        "copy",
        ("Ctrl+C",),
        "selection",
        Text("其他程序得到 GeoJSON", "Other programs get GeoJSON"),
    ),
    Action("edit.cut", Text("剪切", "Cut"), "scissors", ("Ctrl+X",), "edit-selection"),
    Action(
        "edit.paste",
        Text("粘贴到指针处", "Paste at the pointer"),
        "clipboard",
        ("Ctrl+V",),
        "editable",
        Text("也接受 GeoJSON 和 WKT 文字", "Takes GeoJSON and WKT text too"),
    ),
    Action(
        "edit.paste_in_place",
        Text("原位粘贴", "Paste in place"),
        "clipboard-text",
        ("Ctrl+Shift+V",),
        "editable",
    ),
)

_CHANGE: Final = (
    Action("tool.move", Text("移动", "Move"), "arrows-out-cardinal", ("G",), "editable"),
    Action("tool.copy", Text("复制到", "Copy to"), "copy-simple", ("Shift+G",), "editable"),
    Action("tool.rotate", Text("旋转", "Rotate"), "arrow-clockwise", ("Q",), "editable"),
    Action("tool.scale", Text("缩放", "Scale"), "arrows-out-simple", ("Shift+Q",), "editable"),
    Action("tool.mirror", Text("镜像", "Mirror"), "arrows-left-right", ("W",), "editable"),
    Action("tool.offset", Text("偏移", "Offset"), "copy", ("O",), "editable"),
    Action("tool.split", Text("分割", "Split"), "knife", ("K",), "editable"),
    Action("tool.cut-hole", Text("挖洞", "Cut a hole"), "selection-inverse", ("Shift+K",), "editable"),
    Action(
        "shape.merge",
        Text("合并", "Merge"),
        "intersect",
        ("U",),
        "edit-selection",
        Text("相接的面或首尾相接的线合成一个", "Areas that touch, or lines end to end, become one"),
    ),
    Action("tool.simplify", Text("简化", "Simplify"), "line-segments", ("Shift+P",), "editable"),
    Action(
        "shape.square",
        Text("摆正直角", "Square"),
        "square",
        ("Shift+S",),
        "edit-selection",
        Text("把接近直角的角变成直角", "Makes nearly right angles right"),
    ),
    Action("shape.straighten", Text("拉直", "Straighten"), "minus", ("Shift+L",), "edit-selection"),
    Action("shape.reverse", Text("反转方向", "Reverse"), "swap", ("Shift+I",), "edit-selection"),
)
_DRAW: Final[tuple[Action, ...]] = ()

DESIGN_ACTS: Final = (*CLIPBOARD, *_CHANGE, *_DRAW)

DESIGN_MENUS: Final = (Menu(Text("修改(&M)", "&Modify"), tuple(action.id for action in _CHANGE)),)
