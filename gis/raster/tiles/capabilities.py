"""What a WMTS service says of itself: its layers, and the sets of tile matrices they come in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from gis.crs_names import parse_crs
from gis.raster.tiles.matrices import Matrix, MatrixSet, checked
from layers.errors import BadInputError, CrsError
from layers.text import Text

MOST_BYTES: Final = 8_000_000
_PIXEL_M: Final = 0.00028
"""The pixel that scale denominators of the standard are about."""
_SCREEN_PIXEL_M: Final = 0.0254 / 96
_SCREEN_SCALE: Final = 591_658_710.909
"""The whole world in one tile at 96 dots an inch: Tianditu and others count their scales from there, against
the standard."""
_WORLD_M: Final = 20_037_508.0
"""Half the width of the world of web maps."""
_DEGREE_M: Final = 6378137.0 * 3.141592653589793 / 180.0
_KEYS: Final = frozenset({"tk", "key", "token", "access_token", "ak", "apikey", "api_key", "appkey"})
_PREFERRED: Final = ("EPSG:3857", "EPSG:4490", "EPSG:4326")
_MOST_LAYERS: Final = 500


@dataclass(frozen=True)
class WmtsLayer:
    """One layer of a service.

    Parameters
    ----------
    title : str
        The service's own words.
    template : str
        Address with ``{z}``, ``{x}``, ``{y}``.
    matrices : MatrixSet
    """

    title: str
    template: str
    matrices: MatrixSet


def is_capabilities(address: str) -> bool:
    """Tell whether an address can only be that of a service's description: nothing is left open in it.

    Examples
    --------
    >>> is_capabilities("https://t0.tianditu.gov.cn/vec_c/wmts?request=GetCapabilities&service=wmts")
    True
    >>> is_capabilities("https://a.example/{z}/{x}/{y}.png")
    False
    """
    plain = address.strip().lower()
    return plain.startswith(("http://", "https://")) and "{" not in plain


def description_of(address: str) -> str:
    """Return the address to ask for a description: the request is added where it is missing."""
    plain = address.strip()
    if "getcapabilities" in plain.lower() or plain.lower().partition("?")[0].endswith(".xml"):
        return plain
    return f"{plain}{'&' if '?' in plain else '?'}SERVICE=WMTS&REQUEST=GetCapabilities"


def read_capabilities(content: bytes, address: str) -> tuple[WmtsLayer, ...]:
    """Return the layers that a description offers, in its order; those nobody could show are left out.

    Parameters
    ----------
    content : bytes
    address : str
        Where it came from: a key in it belongs to the addresses of the tiles too.

    Raises
    ------
    BadInputError
        If it is no description of a WMTS service, or offers nothing that can be shown.
    """
    root = _parsed(content)
    sets = {name: made for name, made in _matrix_sets(root) if made is not None}
    asked = _get_tile(root) or address.partition("?")[0]
    found: list[WmtsLayer] = []
    for layer in root.iter():
        if _name(layer) == "Layer" and len(found) < _MOST_LAYERS:
            made = _layer(layer, sets, asked, address)
            found += [made] if made is not None else []
    if not found:
        raise BadInputError(
            Text("这个服务没有可以显示的图层。", "The service offers no layer that can be shown."),
            Text("只支持能换算坐标系的瓦片图层。", "Tiles in coordinate systems that are known."),
            code="tiles.no-layers",
        )
    return tuple(found)


def _parsed(content: bytes) -> Element:
    hostile = b"<!DOCTYPE" in content or b"<!ENTITY" in content or len(content) > MOST_BYTES
    try:
        root = None if hostile else ElementTree.fromstring(content)
    except ElementTree.ParseError:
        root = None
    if root is None or _name(root) != "Capabilities":
        raise BadInputError(
            Text("返回的不是 WMTS 服务说明。", "The answer is no description of a WMTS service."),
            Text("请核对地址和密钥。", "Check the address and the key."),
            code="tiles.capabilities",
        )
    return root


def _layer(layer: Element, sets: dict[str, MatrixSet], asked: str, address: str) -> WmtsLayer | None:
    name, title = _said(layer, "Identifier"), _said(layer, "Title")
    links = [_said(link, "TileMatrixSet") for link in layer if _name(link) == "TileMatrixSetLink"]
    usable = sorted((link for link in links if link in sets), key=lambda link: _rank(sets[link]))
    if not name or not usable:
        return None
    link = usable[0]
    formats = [(f.text or "").strip() for f in layer if _name(f) == "Format"]
    image = next((f for f in formats if f in ("image/png", "image/jpeg")), next(iter(formats), "image/png"))
    styles = [style for style in layer if _name(style) == "Style"]
    chosen = next((s for s in styles if s.get("isDefault") == "true"), next(iter(styles), None))
    style = _said(chosen, "Identifier") if chosen is not None else "default"
    resource = _resource(layer, image)
    if resource:
        template = _filled(resource, {"TileMatrixSet": link, "Style": style, **_dimensions(layer)})
    else:
        query = {
            "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": name, "STYLE": style,
            "TILEMATRIXSET": link, "FORMAT": image,
        }  # fmt: skip
        plain = asked.rstrip("?&")
        template = f"{plain}{'&' if '?' in plain else '?'}{urlencode(query)}"
        template += "&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}"
    return WmtsLayer(title or name, _with_key(template, address), sets[link])


def _get_tile(root: Element) -> str:
    """Return where tiles are asked for with parameters, if anywhere."""
    acts = (act for act in root.iter() if _name(act) == "Operation" and act.get("name") == "GetTile")
    gets = (part.attrib.items() for act in acts for part in act.iter() if _name(part) == "Get")
    return next((value for get in gets for name, value in get if name.endswith("href")), "")


def _resource(layer: Element, image: str) -> str:
    """Return the address that a layer gives for its tiles, if it gives one."""
    found = (part for part in layer if _name(part) == "ResourceURL" and part.get("resourceType") == "tile")
    return next((r.get("template", "") for r in found if r.get("format") in (image, None)), "")


def _filled(template: str, values: dict[str, str]) -> str:
    known = {name.lower(): value for name, value in values.items()}
    return re.sub(r"\{(\w+)\}", lambda field: known.get(field[1].lower(), field[0]), template)


def _dimensions(layer: Element) -> dict[str, str]:
    found = [part for part in layer if _name(part) == "Dimension"]
    return {_said(part, "Identifier"): _said(part, "Default") for part in found}


def _with_key(template: str, address: str) -> str:
    """Return an address of tiles with the key that the description was asked with."""
    there = {name.lower() for name, _ in parse_qsl(urlsplit(template).query)}
    asked = [(n, v) for n, v in parse_qsl(urlsplit(address).query) if n.lower() in _KEYS - there]
    return f"{template}{'&' if '?' in template else '?'}{urlencode(asked)}" if asked else template


def _matrix_sets(root: Element) -> Iterator[tuple[str, MatrixSet | None]]:
    for found in root.iter():
        if _name(found) == "TileMatrixSet" and any(_name(part) == "TileMatrix" for part in found):
            yield _said(found, "Identifier"), _matrix_set(found)


def _matrix_set(found: Element) -> MatrixSet | None:
    words = _said(found, "SupportedCRS")
    code = re.search(r"(?:EPSG:+(?:[\d.]*:)?|/EPSG/[\d.]+/)(\d+)$", words, flags=re.IGNORECASE)
    try:
        crs = (
            "EPSG:4326" if "CRS84" in words.upper() else parse_crs(f"EPSG:{code.group(1)}" if code else words)
        )
        crs = "EPSG:3857" if crs == "EPSG:900913" else crs
        northing_first, degrees = _axes(crs)
        swapped = northing_first and "CRS84" not in words.upper()
        unit_m = _DEGREE_M if degrees else 1.0
        levels = [_matrix(part, unit_m, swapped) for part in found if _name(part) == "TileMatrix"]
        return checked(MatrixSet(crs, tuple(levels)))
    except (ValueError, CrsError, BadInputError):
        return None


def _axes(crs: str) -> tuple[bool, bool]:
    """Return whether the north comes first in a CRS as its authority has it, and whether it is in degrees."""
    from pyproj import CRS

    known = CRS.from_user_input(crs)
    return known.axis_info[0].direction.lower() == "north", known.is_geographic


def _matrix(part: Element, unit_m: float, swapped: bool) -> Matrix:
    first, second = (float(v) for v in _said(part, "TopLeftCorner").split())
    left, top = (second, first) if swapped else (first, second)
    against = swapped and unit_m > 1.0 and abs(first) > 90.0  # longitude first: common
    web = not swapped and unit_m == 1.0 and left >= _WORLD_M and top <= -_WORLD_M  # Tianditu: north first
    if against or web:
        left, top = top, left
    scale = float(_said(part, "ScaleDenominator"))
    return Matrix(
        _said(part, "Identifier"), scale * _pixel_m(scale) / unit_m, left, top,
        int(_said(part, "MatrixWidth")), int(_said(part, "MatrixHeight")), int(_said(part, "TileWidth")),
    )  # fmt: skip


def _pixel_m(scale: float) -> float:
    """Return how large the pixel is that a scale is about: that of the standard, or that of screens."""
    steps = math.log2(_SCREEN_SCALE / scale) if scale > 0 else 0.5
    return _SCREEN_PIXEL_M if abs(steps - round(steps)) < 1e-4 else _PIXEL_M


def _rank(found: MatrixSet) -> int:
    return _PREFERRED.index(found.crs) if found.crs in _PREFERRED else len(_PREFERRED)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _said(element: Element, name: str) -> str:
    """Return the text of the first child of a name."""
    return next(((part.text or "").strip() for part in element if _name(part) == name), "")
