"""Painting map tiles where they truly lie: each tile is stretched between its four corners on the ground."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np
from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF
from PyQt6.QtGui import QImage, QImageReader, QPainter, QPolygonF, QTransform

from gis.raster.tiles.fetching import State, TileFetcher
from gis.raster.tiles.lattice import TILE_PX, Lattice, Points, Tile, lattice, lattice_in
from gis.raster.tiles.services import TileService, service_of
from gis.render.backdrop import Painted, Trouble
from gis.render.prepare import Check
from gis.render.viewport import Viewport
from layers.background import TileBackground
from layers.text import Text

_KEPT: Final = 400
_LARGEST_PX: Final = 1024
_PARENTS: Final = 8
_CHILDREN: Final = 2
"""So many levels coarser and finer stand in for a tile that is not here."""
_Square: TypeAlias = tuple[float, float, float]
"""Left, top and side of a part of a tile, in sides of the tile."""
_Piece: TypeAlias = tuple[QImage, QRectF, _Square]
"""An image, the part of it that is drawn, and the part of the tile it stands for."""
_WHOLE: Final[_Square] = (0.0, 0.0, 1.0)
_NOTHING: Final = (
    Text("服务在这里没有地图。", "The service has no map here."),
    Text(
        "换个位置或比例再看；若处处都没有，请核对地址。",
        "Look elsewhere or at another scale; if there is none anywhere, check the address.",
    ),
)
_WORDS: Final[dict[State, tuple[Text, Text]]] = {
    "ask": (
        Text("这个底图要联网：{d}", "This background needs the net: {d}"),
        Text("允许后才会发出请求。", "Nothing is asked before you agree."),
    ),
    "no-key": (
        Text("需要密钥才能显示。", "A key is needed to show it."),
        Text("密钥只保存在本机，不写入项目。", "The key stays on this machine, not in the project."),
    ),
    "refused": (
        Text("服务不接受这个密钥（{d}），请核对。", "The service does not take the key ({d}); check it."),
        Text(
            "可能抄错、类型不对、限定了使用范围，或当日额度用完。",
            "It may be mistyped, of another type, restricted or used up for today.",
        ),
    ),
    "forbidden": (
        Text(
            "服务不许访问（{d}），显示已缓存的部分。",
            "The service says no ({d}); what it sent before is shown.",
        ),
        Text(
            "它不用密钥；可能只对自己的网页或网络开放，请换一个服务。",
            "It has no key; it may serve its own pages or network only. Take another service.",
        ),
    ),
    "busy": (
        Text("请求太多（{d}），服务要稍后再来。", "Too many requests ({d}); the service wants a rest."),
        Text(
            "一分钟后自动再试，已缓存的照常显示。", "It is tried again in a minute; what was seen is shown."
        ),
    ),
    "offline": (
        Text("连接不上，显示已缓存的部分。", "Out of reach; what was seen before is shown."),
        Text("一分钟后自动再试。（{d}）", "It is tried again in a minute. ({d})"),
    ),
    "failing": (
        Text("服务出错（{d}），显示已缓存的部分。", "The service fails ({d}); what it sent before is shown."),
        Text("一分钟后自动再试。", "It is tried again in a minute."),
    ),
    "spoiled": (
        Text(
            "服务返回的图片损坏或太大，无法显示。",
            "The service sends pictures that are damaged or too large.",
        ),
        Text("请核对地址，或换一个服务。（{d}）", "Check the address, or take another service. ({d})"),
    ),
    "elsewhere": (
        Text(
            "服务要转到另一台主机（{d}），没有照办。",
            "The service sends on to another host ({d}); not followed.",
        ),
        Text(
            "若信得过，请直接添加那台主机的地址。", "If you trust it, add the address at that host instead."
        ),
    ),
    "wrong": (
        Text("服务返回的不是图片。", "The service does not answer with pictures."),
        Text("请核对地址。（{d}）", "Check the address. ({d})"),
    ),
}


class TilePictures:
    """Paints tiles from the cache, and wishes for those that are missing.

    Parameters
    ----------
    fetcher : TileFetcher
    wait_s : float
        How long to wait for missing tiles: 0 on the screen, which is painted again as they come.
    printing : bool
        Leave out services whose terms forbid it.
    """

    def __init__(self, fetcher: TileFetcher, *, wait_s: float = 0.0, printing: bool = False) -> None:
        self._fetcher = fetcher
        self._wait_s, self._printing = wait_s, printing
        self._images: OrderedDict[tuple[str, Tile], QImage] = OrderedDict()
        self._seen: set[str] = set()
        """The services of which something could be shown."""

    def __call__(
        self,
        painter: QPainter,
        background: TileBackground,
        view: Viewport,
        crs: str,
        done: Painted,
        check: Check,
    ) -> None:
        """Paint the tiles of one background; see `gis.render.backdrop.TilePainter`."""
        service = service_of(background)
        if self._printing and not service.printable:
            words = Text("“{n}”不能用于图纸和导出，已略去。", "“{n}” may not be exported; it is left out.")
            done.troubles.append(
                Trouble(background.uid, "tiles.screen-only", words.format(n=background.title))
            )
            return
        asked = self._fetcher.state(service)[0] != "ask"
        covering = _covering(service, view, crs)
        tiles = covering.tiles() if covering is not None and asked else []
        wished = self._asked(service, tiles, done, check)
        shown = self._draw(painter, service, tiles, view, check)
        if shown and service.attribution and service.attribution not in done.credits:
            done.credits.append(service.attribution)
        gone = tiles and not shown and all(self._fetcher.is_missing(service, tile) for tile in wished)
        if gone and self._fetcher.state(service)[0] == "ready":
            done.troubles.append(Trouble(background.uid, "tiles.nothing", *_NOTHING))
        self._tell(background, service, done)

    def _asked(
        self, service: TileService, tiles: list[tuple[Tile, Points]], done: Painted, check: Check
    ) -> list[Tile]:
        """Ask for the tiles that are not here, and return those that are wanted in the end."""
        wished: list[Tile] = []
        for _ in range(_PARENTS + 1):
            before, wished = wished, list(dict.fromkeys(self._there(service, tile) for tile, _ in tiles))
            missing = [tile for tile in wished if not self._fetcher.cache.is_fresh(service, tile)]
            if not missing or wished == before:
                break
            pending = self._fetcher.want(service, missing)
            if not self._wait_s:
                done.pending += pending
                break
            self._fetcher.wait(self._wait_s, check)
        return wished

    def _there(self, service: TileService, tile: Tile) -> Tile:
        """Return a tile, or the coarser one that stands in where the service has none so fine."""
        nested = service.matrices is None or service.matrices.nested
        for _ in range(min(_PARENTS, tile[0]) if nested else 0):
            if not self._fetcher.is_missing(service, tile):
                break
            tile = tile[0] - 1, tile[1] >> 1, tile[2] >> 1
        return tile

    def _draw(
        self,
        painter: QPainter,
        service: TileService,
        tiles: list[tuple[Tile, Points]],
        view: Viewport,
        check: Check,
    ) -> bool:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # or hairlines show between tiles
        before, shown = painter.transform(), False
        for tile, corners in tiles:
            check()
            px, py = view.to_px(corners[:, 0], corners[:, 1])
            for image, part, square in self._pieces(service, tile):
                placed = _stretch(part, _within(np.column_stack([px, py]), square))
                if placed is not None:
                    painter.setTransform(placed * before)
                    painter.drawImage(part, image, part)
                    shown = True
        painter.setTransform(before)
        return shown

    def _pieces(self, service: TileService, tile: Tile) -> Iterator[_Piece]:
        """Yield a tile; or the part of a coarser one that covers its ground, and finer ones over it."""
        image = self._image(service, tile)
        if image is not None:
            yield image, QRectF(image.rect()), _WHOLE
        elif service.matrices is None or service.matrices.nested:
            finer = list(self._finer(service, tile, _WHOLE, _CHILDREN))
            if sum(side**2 for _, _, (_, _, side) in finer) < 1.0:
                yield from self._coarser(service, tile)
            yield from finer

    def _coarser(self, service: TileService, tile: Tile) -> Iterator[_Piece]:
        zoom, column, row = tile
        for up in range(1, min(_PARENTS, zoom) + 1):
            image = self._image(service, (zoom - up, column >> up, row >> up))
            if image is not None:
                wide, high = image.width() / 2**up, image.height() / 2**up
                yield image, QRectF((column % 2**up) * wide, (row % 2**up) * high, wide, high), _WHOLE
                return

    def _finer(self, service: TileService, tile: Tile, square: _Square, levels: int) -> Iterator[_Piece]:
        """Yield the tiles of the next levels that lie in one, each with its square of it."""
        zoom, column, row = tile
        left, top, size = square
        for i, j in ((0, 0), (1, 0), (0, 1), (1, 1)) if levels else ():
            child = (zoom + 1, 2 * column + i, 2 * row + j)
            own = (left + i * size / 2, top + j * size / 2, size / 2)
            image = self._image(service, child)
            if image is not None:
                yield image, QRectF(image.rect()), own
            else:
                yield from self._finer(service, child, own, levels - 1)

    def _image(self, service: TileService, tile: Tile) -> QImage | None:
        name = (service.template, tile)
        if name in self._images:
            self._images.move_to_end(name)
            return self._images[name]
        content = self._fetcher.cache.read(service, tile)
        if content is None:
            return None
        image = _decoded(content)
        if image is None:
            self._fetcher.on_spoiled(service, tile, all_of_them=service.template not in self._seen)
            return None
        self._seen.add(service.template)
        self._images[name] = image
        while len(self._images) > _KEPT:
            self._images.popitem(last=False)
        return image

    def _tell(self, background: TileBackground, service: TileService, done: Painted) -> None:
        state, detail = self._fetcher.state(service)
        if state in _WORDS:
            what, advice = (words.format(d=detail) for words in _WORDS[state])
            done.troubles.append(Trouble(background.uid, f"tiles.{state}", what, advice))


def _covering(service: TileService, view: Viewport, crs: str) -> Lattice | None:
    if service.matrices is not None:
        return lattice_in(_corners(view), view.metres_per_px, crs, service.matrices)
    return lattice(_corners(view), view.metres_per_px, crs, service.datum, service.most_zoom)


def _corners(view: Viewport) -> Points:
    pixels = ((0, 0), (view.width_px, 0), (view.width_px, view.height_px), (0, view.height_px))
    return np.array([[float(v) for v in view.to_world(x, y)] for x, y in pixels])


def _within(corners: Points, square: _Square) -> Points:
    """Return the corners of a part of a tile; a tile is so small that its sides are straight."""
    left, top, size = square
    if square == _WHOLE:
        return corners
    across, down = (np.array([start, start + size]) for start in (left, top))
    upper_left, upper_right, lower_right, lower_left = corners
    return np.array(
        [
            (upper_left * (1 - x) + upper_right * x) * (1 - y) + (lower_left * (1 - x) + lower_right * x) * y
            for x, y in (
                (across[0], down[0]),
                (across[1], down[0]),
                (across[1], down[1]),
                (across[0], down[1]),
            )
        ]
    )


def _stretch(part: QRectF, corners: Points) -> QTransform | None:
    """Return how a part of a tile comes onto its four corners in pixels of the view."""
    if not np.isfinite(corners).all():
        return None
    start = QPolygonF([part.topLeft(), part.topRight(), part.bottomRight(), part.bottomLeft()])
    made = QTransform()
    return (
        made if QTransform.quadToQuad(start, QPolygonF([QPointF(x, y) for x, y in corners]), made) else None
    )


def _decoded(content: bytes) -> QImage | None:
    """Return a tile as an image; None for what is none, or is larger than any tile."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    fits = size.isValid() and TILE_PX // 4 <= size.width() <= _LARGEST_PX >= size.height()
    image = reader.read() if fits else QImage()
    del reader  # before what it reads from: of some formats it looks there once more, and would crash
    return None if image.isNull() else image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
