"""Painting map tiles where they truly lie: each tile is stretched between its four corners on the ground."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

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
_PARENTS: Final = 5
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
        Text("服务拒绝了请求（{d}），请核对密钥。", "The service refuses ({d}); check the key."),
        Text(
            "可能是密钥无效、域名受限或当日额度用完。",
            "The key may be wrong, restricted or used up.",
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
        missing = [tile for tile, _ in tiles if not self._fetcher.cache.is_fresh(service, tile)]
        if missing:
            done.pending += self._fetcher.want(service, missing)
            if self._wait_s:
                self._fetcher.wait(self._wait_s, check)
        shown = self._draw(painter, service, tiles, view, check)
        if shown and service.attribution and service.attribution not in done.credits:
            done.credits.append(service.attribution)
        self._tell(background, service, done)

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
            found = self._best(service, tile)
            if found is None:
                continue
            image, part = found
            px, py = view.to_px(corners[:, 0], corners[:, 1])
            placed = _stretch(part, np.column_stack([px, py]))
            if placed is not None:
                painter.setTransform(placed * before)
                painter.drawImage(part, image, part)
                shown = True
        painter.setTransform(before)
        return shown

    def _best(self, service: TileService, tile: Tile) -> tuple[QImage, QRectF] | None:
        """Return a tile, or the part of a coarser one that covers its ground."""
        zoom, column, row = tile
        nested = service.matrices is None or service.matrices.nested
        for up in range((min(_PARENTS, zoom) if nested else 0) + 1):
            image = self._image(service, (zoom - up, column >> up, row >> up))
            if image is not None:
                size = image.width() / 2**up
                left, top = (column % 2**up) * size, (row % 2**up) * size
                return image, QRectF(left, top, size, size * image.height() / image.width())
        return None

    def _image(self, service: TileService, tile: Tile) -> QImage | None:
        name = (service.template, tile)
        if name in self._images:
            self._images.move_to_end(name)
            return self._images[name]
        content = self._fetcher.cache.read(service, tile)
        image = _decoded(content) if content is not None else None
        if image is None:
            return None
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
