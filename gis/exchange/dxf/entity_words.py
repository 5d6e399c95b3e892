"""What people call the things in a drawing, and what can be done about those that cannot come in."""

from __future__ import annotations

from typing import Final

from layers.text import Text

_POLYLINES: Final = Text("多段线", "polylines")
_TEXTS: Final = Text("文字", "texts")
_FILLS: Final = Text("填充", "hatches")
_LEADERS: Final = Text("引线标注", "leaders")
_SOLIDS: Final = Text("三维实体", "solids")
_SURFACES: Final = Text("曲面", "surfaces")
_EMBEDDED: Final = Text("嵌入对象", "embedded objects")
_UNDERLAYS: Final = Text("附着底图", "underlays")
_XLINES: Final = Text("构造线", "construction lines")

_WORDS: Final = {
    "LWPOLYLINE": _POLYLINES,
    "POLYLINE": _POLYLINES,
    "LINE": Text("直线", "lines"),
    "3DLINE": Text("直线", "lines"),
    "MLINE": Text("多线", "multilines"),
    "ARC": Text("圆弧", "arcs"),
    "CIRCLE": Text("圆", "circles"),
    "ELLIPSE": Text("椭圆", "ellipses"),
    "SPLINE": Text("样条曲线", "splines"),
    "HELIX": Text("螺旋线", "helices"),
    "TEXT": _TEXTS,
    "MTEXT": _TEXTS,
    "ARCALIGNEDTEXT": _TEXTS,
    "RTEXT": _TEXTS,
    "ATTRIB": Text("图块属性", "attributes"),
    "ATTDEF": Text("属性定义", "attribute definitions"),
    "INSERT": Text("图块", "blocks"),
    "HATCH": _FILLS,
    "MPOLYGON": _FILLS,
    "SOLID": _FILLS,
    "TRACE": _FILLS,
    "POINT": Text("点", "points"),
    "3DFACE": Text("三维面", "faces"),
    "MESH": Text("网格", "meshes"),
    "LEADER": _LEADERS,
    "MULTILEADER": _LEADERS,
    "MLEADER": _LEADERS,
    "TOLERANCE": Text("形位公差", "tolerances"),
    "ACAD_TABLE": Text("表格", "tables"),
    "ACAD_PROXY_ENTITY": Text("代理对象", "proxy objects"),
    "3DSOLID": _SOLIDS,
    "BODY": _SOLIDS,
    "REGION": Text("面域", "regions"),
    "SURFACE": _SURFACES,
    "IMAGE": Text("光栅图像", "images"),
    "WIPEOUT": Text("遮盖", "wipeouts"),
    "OLE2FRAME": _EMBEDDED,
    "OLEFRAME": _EMBEDDED,
    "PDFUNDERLAY": _UNDERLAYS,
    "DGNUNDERLAY": _UNDERLAYS,
    "DWFUNDERLAY": _UNDERLAYS,
    "RAY": _XLINES,
    "XLINE": _XLINES,
    "SHAPE": Text("形", "shapes of a shape file"),
    "LIGHT": Text("光源", "lights"),
    "SUN": Text("光源", "lights"),
    "CAMERA": Text("相机", "cameras"),
    "SECTION": Text("截面", "section planes"),
    "VIEWPORT": Text("视口", "viewports"),
}
_EXPLODE: Final = Text("需要时请发图方分解后重存", "if needed, ask the sender to explode them")
_WAYS: Final = {
    _SOLIDS: _EXPLODE,
    _SURFACES: _EXPLODE,
    _WORDS["REGION"]: _EXPLODE,
    _WORDS["ACAD_TABLE"]: _EXPLODE,
    _WORDS["IMAGE"]: Text(
        "图像不在图纸文件内，请另要图像文件，从“导入”中导入",
        "they are not in the drawing: ask for the files and import them by themselves",
    ),
    _EMBEDDED: Text(
        "其中的表格、图片请另要原文件", "ask for the original files of the sheets and pictures in them"
    ),
    _UNDERLAYS: Text("底图不在图纸文件内，请另要原文件", "they are not in the drawing: ask for the files"),
    _XLINES: Text("没有终点，不是实际地物", "they have no end and are nothing on the ground"),
    _WORDS["WIPEOUT"]: Text("只用于遮挡图面", "they only hide what is under them"),
    _WORDS["LIGHT"]: Text("只用于三维显示", "they only serve views in space"),
}
_DIMENSIONS: Final = Text("尺寸标注", "dimensions")
_OTHER: Final = Text("其他", "others")


def entity_words(kind: str) -> Text:
    """Return what a sort of entity is called, for many of them.

    Examples
    --------
    >>> entity_words("ACAD_PROXY_ENTITY").zh
    '代理对象'
    """
    if kind.endswith("DIMENSION"):
        return _DIMENSIONS
    return _WORDS.get(kind) or (_SURFACES if kind.endswith("SURFACE") else _OTHER)


def way_on(words: Text) -> Text | None:
    """Return what can be done about things of this name that cannot come in, if anything is to be said."""
    return _WAYS.get(words)
