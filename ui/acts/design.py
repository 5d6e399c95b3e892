"""The acts of drawing and changing shapes, and the menus they are in."""

from __future__ import annotations

from typing import Final

from layers.text import Text
from ui.acts.act import Action, Menu

CLIPBOARD: Final = (
    Action(
        "edit.copy",
        Text("复制", "Copy"),
        "copy",
        ("Ctrl+C",),
        "selection",
        Text("其他程序得到 GeoJSON", "Other programs get GeoJSON"),
        takes_view=True,
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
    Action("tool.trim", Text("修剪", "Trim"), "scissors", ("X",), "editable"),
    Action("tool.extend", Text("延伸", "Extend"), "arrow-line-right", ("Shift+X",), "editable"),
    Action("tool.fillet", Text("圆角", "Fillet"), "arrow-bend-up-right", ("F",), "editable"),
    Action("tool.reshape", Text("改形", "Reshape"), "pencil-line", ("Shift+E",), "editable"),
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
    Action(
        "edit.shared_borders",
        Text("公共边界一起移动", "Shared borders move together"),
        "link",
        ("J",),
        "editable",
        Text(
            "编辑顶点和改形时，相邻对象的同一边界一起动",
            "Neighbours go along with vertices and redrawn edges",
        ),
        checkable=True,
    ),
    Action("shape.reverse", Text("反转方向", "Reverse"), "swap", ("Shift+I",), "edit-selection"),
)
_DRAW: Final = (
    Action(
        "tool.draw-rectangle-3",
        Text("三点矩形", "Rectangle by three points"),
        "rectangle",
        ("Shift+R",),
        "editable",
    ),
    Action("tool.draw-circle", Text("画圆", "Draw circle"), "circle", ("C",), "editable"),
    Action("tool.draw-arc", Text("画圆弧", "Draw arc"), "arrow-arc-right", ("Shift+C",), "editable"),
    Action(
        "tool.draw-parking-row",
        Text("停车位排列", "Parking row"),
        "car",
        ("B",),
        "editable",
        Text("沿一条线排车位，每个车位是一个对象", "Bays along a line, each an object of its own"),
    ),
    Action(
        "tool.draw-building",
        Text("板楼", "Slab building"),
        "buildings",
        ("Shift+B",),
        "editable",
        Text("给出楼长、进深、单元数", "By length, depth and stairwells"),
    ),
    Action(
        "tool.draw-band",
        Text("画道路带", "Draw a band"),
        "equals",
        ("Shift+A",),
        "editable",
        Text("由中心线和宽度画道路或带状用地", "A road or strip by its centre line and width"),
    ),
    Action("tool.array-line", Text("沿线阵列", "Array along a line"), "path", ("Y",), "editable"),
    Action("tool.array-grid", Text("矩形阵列", "Rectangular array"), "dots-nine", ("Shift+Y",), "editable"),
    Action("tool.array-polar", Text("环形阵列", "Polar array"), "spinner", ("Shift+O",), "editable"),
    Action("tool.draw-text", Text("写注记", "Write a note"), "text-t", ("Shift+T",), "editable"),
    Action(
        "tool.draw-dimension",
        Text("尺寸标注", "Dimension"),
        "arrows-out-line-horizontal",
        ("Shift+D",),
        "editable",
        Text("跟随所量的对象", "Follows what it measures"),
    ),
    Action("tool.draw-radius", Text("半径标注", "Radius dimension"), "circle-half", ("Shift+U",), "editable"),
    Action(
        "tool.draw-area-label", Text("面积标注", "Area dimension"), "frame-corners", ("Shift+F",), "editable"
    ),
    Action(
        "tool.draw-leader", Text("引线注记", "Leader with text"), "arrow-down-left", ("Shift+N",), "editable"
    ),
    Action(
        "shape.refresh_dimensions",
        Text("更新尺寸", "Refresh dimensions"),
        "arrows-clockwise",
        need="edit-selection",
        hint=Text("按现在的测点重写所选尺寸的数值", "Writes the present distance into what is selected"),
    ),
)

_AS_EXISTING: Final = Action(
    "edit.draw_existing",
    Text("画的是现状", "Draw what exists"),
    "house-line",
    need="editable",
    hint=Text(
        "描绘现状时打开：新画的对象和副本为“现状保留”，平时为“新建”",
        "While tracing a survey: what is drawn or copied is “Existing”, otherwise “New”",
    ),
    checkable=True,
)

DESIGN_ACTS: Final = (*CLIPBOARD, *_CHANGE, *_DRAW, _AS_EXISTING)

DESIGN_MENUS: Final = (
    Menu(Text("绘图(&D)", "&Draw"), (*(action.id for action in _DRAW), "-", _AS_EXISTING.id)),
    Menu(Text("修改(&M)", "&Modify"), tuple(action.id for action in _CHANGE)),
)
