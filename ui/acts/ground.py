"""The acts of backgrounds as data: pictures, online maps, the grid."""

from __future__ import annotations

from typing import Final

from layers.text import Text
from ui.acts.act import Action, Menu

BACKGROUND_ACTS: Final = (
    Action(
        "background.picture",
        Text("添加影像或扫描图…", "Add a picture…"),
        "image",
        need="editable",
        hint=Text("GeoTIFF，或带坐标文件的 JPEG、PNG、TIFF", "GeoTIFF, or JPEG, PNG, TIFF with a world file"),
    ),
    Action(
        "background.georeference",
        Text("配准扫描图…", "Georeference a scan…"),
        "crosshair-simple",
        need="editable",
        hint=Text("用控制点把没有坐标的图放到地图上", "Place a picture by control points"),
    ),
    Action(
        "background.tiles",
        Text("添加在线地图…", "Add an online map…"),
        "map-trifold",
        need="editable",
        hint=Text("天地图（自己的密钥）或任意瓦片地址", "Tianditu with your own key, or any tile address"),
    ),
    Action(
        "background.grid", Text("坐标网格", "Coordinate grid"), "grid-four", need="editable", checkable=True
    ),
    Action("background.none", Text("不显示底图", "No background"), "prohibit", need="editable"),
)

MAP_IMAGE_ACTS: Final = (
    Action(
        "map.export",
        Text("导出地图图片…", "Export the map as a picture…"),
        "image-square",
        need="project",
        hint=Text("GeoTIFF，或带坐标文件的 PNG、JPEG", "GeoTIFF, or PNG and JPEG with a world file"),
        takes_view=True,
    ),
    Action(
        "map.copy",
        Text("复制地图图片", "Copy the map as a picture"),
        "clipboard",
        ("Ctrl+Shift+M",),
        "project",
        Text("当前视图，可粘贴到 Word、WPS、微信", "What is shown, to paste into a document or a chat"),
        takes_view=True,
    ),
)

BACKGROUND_MENU: Final = Menu(
    Text("底图", "Background"),
    (
        "background.picture",
        "background.georeference",
        "background.tiles",
        "-",
        "background.grid",
        "background.none",
    ),
)
