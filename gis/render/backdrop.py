"""Painting what lies below the plan: pictures, map tiles, and (on paper) the coordinate grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatchmethod
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QImage, QPainter

from gis.raster.copies import usable_levels
from gis.raster.placing import place
from gis.raster.reading import Level, Placed, View, read_view
from gis.raster.reference import path_of
from gis.render.prepare import Check, nothing
from gis.render.viewport import Viewport
from layers.background import Background, GridBackground, RasterBackground, TileBackground
from layers.errors import CancelledError, PlanboardError
from layers.text import Text

if TYPE_CHECKING:
    from gis.raster.colours import Pixels
    from gis.raster.opening import Raster

PAPER_DPI: Final = 200
"""A picture on a vector page has so many dots an inch, however fine the page counts."""
MOST_PIXELS: Final = 40_000_000
_ROWS: Final = 128
_DAMAGED: Final = (
    Text("这张图有一部分已损坏，损坏处不显示。", "A part of this picture is damaged and left out."),
    Text("请向提供者重新拷贝这个文件。", "Copy the file again from where it came."),
)


@dataclass(frozen=True)
class Trouble:
    """Why a background is not shown, or not whole.

    Parameters
    ----------
    uid : str
        Of the background.
    code : str
    what, advice : Text
    """

    uid: str
    code: str
    what: Text
    advice: Text | None = None


@dataclass
class Painted:
    """What came of painting backgrounds.

    Parameters
    ----------
    troubles : list of Trouble
    waiting : list of Raster
        Pictures of which a reduced copy must be made first.
    credits : list of str
        Whose maps are on the picture.
    pending : int
        Tiles that are still on their way.
    """

    troubles: list[Trouble] = field(default_factory=list)
    waiting: list[Raster] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    pending: int = 0


class _On(NamedTuple):
    """Where and how one background is painted."""

    painter: QPainter
    view: Viewport
    done: Painted
    check: Check


TilePainter = Callable[[QPainter, TileBackground, Viewport, str, Painted, Check], None]


class Backdrop:
    """Paints the backgrounds of a project; remembers what their files say while they do not change.

    Used from one thread at a time.

    Parameters
    ----------
    project : Path
        Relative files lie beside it.
    crs : str
        Of the project.
    tiles : TilePainter, optional
        Paints map tiles; without it they are left out.
    """

    def __init__(self, project: Path, crs: str, tiles: TilePainter | None = None) -> None:
        self.project, self.crs = project, crs
        self._tiles = tiles
        self._known: dict[tuple[object, ...], Placed] = {}

    def paint(
        self,
        painter: QPainter,
        backgrounds: Sequence[Background],
        viewport: Viewport,
        *,
        check: Check = nothing,
    ) -> Painted:
        """Paint what is visible, bottom to top; what cannot be shown is told, never raised.

        Without grids, which lie over the plan (`gis.render.grid`).

        Parameters
        ----------
        painter : QPainter
            Its unit is the viewport's pixel.
        backgrounds : sequence of Background
        viewport : Viewport
        check : callable
            Called between short steps; raises to cancel.
        """
        done = Painted()
        for background in backgrounds:
            if not background.visible or background.opacity <= 0 or isinstance(background, GridBackground):
                continue
            check()
            painter.save()
            painter.setOpacity(painter.opacity() * background.opacity)
            try:
                self._paint(background, _On(painter, viewport, done, check))
            except PlanboardError as error:
                if isinstance(error, CancelledError):
                    raise
                done.troubles.append(Trouble(background.uid, error.code, error.message, error.advice))
            finally:
                painter.restore()
        return done

    def placed(self, background: RasterBackground) -> Placed:
        """Return where a picture lies, from memory if its file did not change.

        Raises
        ------
        NotFoundError, BadInputError, CrsError
        """
        from gis.raster.opening import read_raster

        path = path_of(background, self.project)
        known: tuple[object, ...] = (path, background.crs, background.transform)
        if path.is_file():
            state = path.stat()
            known = (*known, state.st_mtime_ns, state.st_size)
        if known not in self._known:
            self._known[known] = place(read_raster(path), background, self.crs)
        return self._known[known]

    @singledispatchmethod
    def _paint(self, background: Background, _on: _On) -> None:
        raise TypeError(f"no way to paint a {type(background).__name__}")

    @_paint.register
    def _(self, background: RasterBackground, on: _On) -> None:
        placed = self.placed(background)
        levels = usable_levels(placed.raster)
        if levels is None:
            on.done.waiting.append(placed.raster)
            return
        if _paint_raster(placed, levels, self.crs, on):
            on.done.troubles.append(Trouble(background.uid, "raster.damaged", *_DAMAGED))

    @_paint.register
    def _(self, background: TileBackground, on: _On) -> None:
        if self._tiles is not None:
            self._tiles(on.painter, background, on.view, self.crs, on.done, on.check)


def _paint_raster(placed: Placed, levels: tuple[Level, ...], crs: str, on: _On) -> bool:
    """Paint a picture; tell whether a part of it could not be read."""
    coarse, view = coarsened(on.view), on.view
    shown = read_view(placed, view_of(coarse, crs), levels, on.check)
    if coarse is view:  # in short calls: the window draws a frame of a drag between two of them
        for top in range(0, view.height_px, _ROWS):
            on.check()
            on.painter.drawImage(0, top, image_of(shown.pixels[top : top + _ROWS]))
    else:
        on.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        on.painter.drawImage(QRectF(0, 0, view.width_px, view.height_px), image_of(shown.pixels))
    return shown.damaged


def view_of(viewport: Viewport, crs: str) -> View:
    """Return the pixels of a viewport as a reader of pictures wants them."""
    across, down = viewport.width_px, viewport.height_px
    c, f = (float(v) for v in viewport.to_world(0.0, 0.0))
    right, below = viewport.to_world(float(across), 0.0), viewport.to_world(0.0, float(down))
    # over the whole width: the difference of two large numbers a pixel apart would lose digits
    transform = (
        (float(right[0]) - c) / across, (float(below[0]) - c) / down, c,
        (float(right[1]) - f) / across, (float(below[1]) - f) / down, f,
    )  # fmt: skip
    return View(viewport.width_px, viewport.height_px, transform, crs)


def coarsened(viewport: Viewport) -> Viewport:
    """Return a viewport of the same ground with no more pixels than a picture needs.

    A page counts in 600 dots an inch; a photograph on it does not.
    """
    finer = viewport.px_per_mm / (PAPER_DPI / 25.4)
    too_many = math.sqrt(viewport.width_px * viewport.height_px / MOST_PIXELS)
    factor = max(finer if finer > 1.5 else 1.0, too_many, 1.0)
    if factor <= 1.0:
        return viewport
    width, height = (math.ceil(n / factor) for n in (viewport.width_px, viewport.height_px))
    # the pixels may be a hair out of square; the picture is stretched back over the whole viewport
    return replace(
        viewport,
        width_px=width,
        height_px=height,
        metres_per_px=viewport.metres_per_px * viewport.width_px / width,
        px_per_mm=viewport.px_per_mm / factor,
    )


def image_of(pixels: Pixels) -> QImage:
    """Return pixels as an image with its own memory."""
    rows, columns, _ = pixels.shape
    whole = QImage(pixels.tobytes(), columns, rows, columns * 4, QImage.Format.Format_RGBA8888)
    return whole.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
