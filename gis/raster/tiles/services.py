"""Map services as data, and addresses typed by the user."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from gis.crs_names import GCJ02, WGS84
from gis.raster.tiles.matrices import GEOGRAPHIC, MatrixSet, read_matrices
from layers.background import TileBackground
from layers.errors import BadInputError
from layers.text import Text, same

_TIANDITU: Final = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)
_AMAP_NOTE: Final = Text(
    "GCJ-02 坐标，已移回真实位置。仅供屏幕参考，不进入图纸和导出文件。",
    "In GCJ-02, drawn at its true place. For the screen only, never in a file.",
)
_KEY_WORDS: Final = "tk|key|token|access_token|ak|apikey|api_key|appkey"
_LONGEST: Final = 2000


@dataclass(frozen=True)
class TileService:
    """A map service.

    Parameters
    ----------
    id : str
    title : Text
    template : str
        Address with ``{z}``, ``{x}``, ``{y}`` (or ``{-y}``, counted from the south), ``{s}`` for one of
        `servers`, and ``{key}``.
    attribution : str
        Shown wherever its tiles are.
    datum : str
        ``"EPSG:4326"`` or ``"GCJ-02"``.
    most_zoom : int
    servers : str
        One letter each.
    printable : bool
        Whether its terms allow drawings and exports.
    note : Text
    matrices : MatrixSet or None
        None for the set of web maps.
    """

    id: str
    title: Text
    template: str
    attribution: str
    datum: str = WGS84
    most_zoom: int = 18
    servers: str = ""
    printable: bool = True
    note: Text = same("")
    matrices: MatrixSet | None = None

    @property
    def needs_key(self) -> bool:
        """Whether the user must have a key of their own."""
        return "{key}" in self.template

    @property
    def host(self) -> str:
        """The host that is asked, without the number of a server; keys and consent belong to it."""
        return host_of(self.template)


def _tianditu(layer: str, zh: str, en: str) -> TileService:
    return TileService(
        f"tianditu-{layer}", Text(zh, en), _TIANDITU.format(layer=layer), "© 国家地理信息公共服务平台 天地图",
        servers="01234567",
        note=Text("需要自己的天地图密钥（浏览器端 tk）。", "Needs your own Tianditu key (tk)."),
    )  # fmt: skip


SERVICES: Final = {
    service.id: service
    for service in (
        _tianditu("vec", "天地图 矢量", "Tianditu map"),
        _tianditu("cva", "天地图 矢量注记", "Tianditu map labels"),
        _tianditu("img", "天地图 影像", "Tianditu imagery"),
        _tianditu("cia", "天地图 影像注记", "Tianditu imagery labels"),
        TileService(
            "osm", Text("OpenStreetMap 地图", "OpenStreetMap"),
            "https://tile.openstreetmap.org/{z}/{x}/{y}.png", "© OpenStreetMap contributors", most_zoom=19,
            note=Text("不得批量下载；国内覆盖较少。", "No bulk download; sparse in China."),
        ),
        TileService(
            "amap-map", Text("高德 地图（GCJ-02）", "Amap (GCJ-02)"),
            "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}",
            "© 高德地图", GCJ02, servers="1234", printable=False, note=_AMAP_NOTE,
        ),
        TileService(
            "amap-image", Text("高德 影像（GCJ-02）", "Amap imagery (GCJ-02)"),
            "https://webst0{s}.is.autonavi.com/appmaptile?style=6&x={x}&y={y}&z={z}",
            "© 高德地图", GCJ02, servers="1234", printable=False, note=_AMAP_NOTE,
        ),
    )
}  # fmt: skip


class Typed(NamedTuple):
    """An address as it is kept: with ``{key}`` in the place of a key, which stays with the user."""

    template: str
    key: str


def service_of(background: TileBackground) -> TileService:
    """Return the service of a background; one typed by the user if it names no known one."""
    known = SERVICES.get(background.service)
    if known is not None:
        return known
    datum = GCJ02 if background.datum == GCJ02 else WGS84
    owner = owner_of(background.template)
    return TileService(
        "xyz", same(background.title), background.template,
        background.attribution or (owner.attribution if owner is not None else ""), datum,
        min(max(background.most_zoom, 0), owner.most_zoom if owner is not None else 22), "abc",
        printable=owner is None or owner.printable,
        matrices=read_matrices(background.matrices),
    )  # fmt: skip


def owner_of(template: str) -> TileService | None:
    """Return a known service of the same owner as an address; None for all others.

    Examples
    --------
    >>> owner_of("https://t3.tianditu.gov.cn/DataServer?T=img_w&x={x}&y={y}&l={z}").id
    'tianditu-vec'
    """
    host = host_of(template).partition(":")[0]
    found = (s for s in SERVICES.values() if host.endswith("." + _domain(s.host)) or host == _domain(s.host))
    return next(found, None)


def _domain(host: str) -> str:
    """Return what the hosts of an owner end with: the host without its first part."""
    return host.partition(".")[2]


def read_template(words: str) -> Typed:
    """Return a typed or pasted address of tiles, its key taken out.

    WMTS names (``{TileMatrix}``, ``{TileRow}``, ``{TileCol}``) are understood.

    Raises
    ------
    BadInputError
        If it is no address of tiles.

    Examples
    --------
    >>> read_template("https://t.example/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=abc")
    Typed(template='https://t.example/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}', key='abc')
    """
    template = words.strip()
    for name, plain in (("TileMatrix", "z"), ("TileRow", "y"), ("TileCol", "x"), ("zoom", "z")):
        template = re.sub(rf"\$?\{{{name}\}}", f"{{{plain}}}", template, flags=re.IGNORECASE)
    template = re.sub(r"\$\{(\w)\}", r"{\1}", template)
    template = re.sub(r"\{switch:[^}]*\}", "{s}", template)
    found = re.search(rf"(?i)([?&](?:{_KEY_WORDS})=)([^&{{}}]+)", template)
    key = found.group(2) if found else ""
    if found:
        template = template.replace(found.group(0), found.group(1) + "{key}")
    fields = set(re.findall(r"\{([^}]*)\}", template))
    if _has_password(template):
        raise BadInputError(
            Text("地址里不能写用户名和密码。", "An address must not hold a name and a password."),
            Text(
                "它会随项目传给别人。请用密钥，或向服务方要不带密码的地址。",
                "It would travel with the project. Use a key, or ask for an address without them.",
            ),
            code="tiles.template",
        )
    whole = {"z", "x"} <= fields and ({"y"} <= fields or {"-y"} <= fields)
    if not whole or fields - {"z", "x", "y", "-y", "s", "key"} or not _is_web(template):
        raise BadInputError(
            Text("这不是瓦片地址。", "This is no address of tiles."),
            Text(
                "地址以 http 开头，并含 {z}、{x}、{y}，例如 https://…/{z}/{x}/{y}.png",
                "It begins with http and holds {z}, {x} and {y}, such as https://…/{z}/{x}/{y}.png",
            ),
            code="tiles.template",
        )
    return Typed(template, key)


def matrices_of(template: str) -> str:
    """Return the set of matrices that an address of tiles tells by itself, as it is kept; or nothing.

    Examples
    --------
    >>> matrices_of("https://t0.tianditu.gov.cn/vec_c/wmts?TILEMATRIXSET=c&TILEMATRIX={z}")
    'geographic'
    """
    wmts = re.search(r"(?i)[?&]tilematrixset=c(&|$)", template)
    server = re.search(r"(?i)/dataserver\?(?:.*&)?t=[a-z]+_c(&|$)", template)
    return GEOGRAPHIC if wmts or server else ""


def host_of(template: str) -> str:
    """Return the host of an address, with a star where one of several servers stands.

    Examples
    --------
    >>> host_of("https://t{s}.tianditu.gov.cn/vec_w/wmts")
    't*.tianditu.gov.cn'
    """
    return urlsplit(template.replace("{s}", "*")).netloc.rpartition("@")[2].lower()


def address_of(service: TileService, tile: tuple[int, int, int], key: str) -> str:
    """Return the address of one tile (zoom, column, row from the north)."""
    zoom, column, row = tile
    server = service.servers[(column + row) % len(service.servers)] if service.servers else ""
    level = service.matrices.levels[zoom] if service.matrices is not None else None
    rows = level.rows if level is not None else 2**zoom
    values = {
        "{z}": level.id if level is not None else str(zoom),
        "{x}": str(column), "{y}": str(row), "{-y}": str(rows - 1 - row), "{s}": server,
        "{key}": key,
    }  # fmt: skip
    return re.sub(r"\{[^}]*\}", lambda field: values.get(field.group(), ""), service.template)


def _has_password(template: str) -> bool:
    return "@" in re.sub(r"^[^:]*://", "", template.strip()).partition("/")[0]


def _is_web(template: str) -> bool:
    try:
        parts = urlsplit(template.replace("{s}", "a"))
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and len(template) <= _LONGEST
