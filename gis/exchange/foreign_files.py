"""Files that only other programs open, by their endings: what they are, and the way on."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from layers.text import Text


class Foreign(NamedTuple):
    """What a file of another program is, and what to do with it."""

    looks: Text
    advice: Text


_AS_PICTURE: Final = Text(
    "请向对方要 GeoTIFF 或带坐标文件的 JPG，或在 QGIS、Global Mapper 中另存，再作为底图添加。",
    "Ask for a GeoTIFF or a JPEG with a world file, or save it as one in QGIS, and add it below the plan.",
)
_AS_LAYERS: Final = Text(
    "请在 ArcGIS 或 QGIS 中导出为 GeoPackage 或 Shapefile 再导入。",
    "Export it as GeoPackage or shapefiles in ArcGIS or QGIS, and import that.",
)
_AS_DXF: Final = Text(
    "请在原来的软件中另存为 DXF 再导入。", "Save it as DXF in the program it comes from, and import that."
)
_FOREIGN: Final = {
    ".ecw": Foreign(Text("是 ECW 影像，格式不公开", "it is an ECW image, a closed format"), _AS_PICTURE),
    ".sid": Foreign(Text("是 MrSID 影像，格式不公开", "it is a MrSID image, a closed format"), _AS_PICTURE),
    ".gdb": Foreign(Text("是 ArcGIS 地理数据库", "it is a geodatabase of ArcGIS"), _AS_LAYERS),
    ".mdb": Foreign(Text("是 Access 或 ArcGIS 数据库", "it is a database of Access or ArcGIS"), _AS_LAYERS),
    ".mxd": Foreign(
        Text("是 ArcGIS 地图文档，不含数据", "it is a map of ArcGIS without its data"), _AS_LAYERS
    ),
    ".qgz": Foreign(Text("是 QGIS 工程，不含数据", "it is a project of QGIS without its data"), _AS_LAYERS),
    ".dgn": Foreign(Text("是 MicroStation 图纸", "it is a drawing of MicroStation"), _AS_DXF),
    ".skp": Foreign(Text("是 SketchUp 模型", "it is a model of SketchUp"), _AS_DXF),
    ".dwf": Foreign(Text("是 DWF 图纸，只供查看", "it is a DWF drawing, for looking only"), _AS_DXF),
    ".dws": Foreign(Text("是 CAD 图层标准，不是图纸", "it holds CAD standards and no drawing"), _AS_DXF),
}


def foreign_file(path: Path) -> Foreign | None:
    """Return what a file or folder of another program is, or None if its ending says nothing.

    Examples
    --------
    >>> foreign_file(Path("影像.ECW")).looks.en
    'it is an ECW image, a closed format'
    >>> foreign_file(Path("a.dxf")) is None
    True
    """
    return _FOREIGN.get(path.suffix.lower())
