"""The backgrounds of a project below an image, a sheet or an export: complete, and with whose they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from gis.progress import Progress
from gis.raster.copies import make_copy, usable_levels
from gis.render.backdrop import Backdrop, Painted, TilePainter
from gis.render.fonts import letter_font
from gis.render.grid import paint_grid
from gis.render.viewport import Viewport
from layers.background import GridBackground, RasterBackground, TileBackground, backgrounds_of
from layers.errors import Finding, PlanboardError
from layers.snapshot import Snapshot

if TYPE_CHECKING:
    from gis.raster.tiles.fetching import TileFetcher

WAIT_S: Final = 45.0
"""How long an export waits for tiles; what has not come by then is told."""
_TEXT_MM: Final = 2.0


class ProjectUnderlay:
    """Paints the visible backgrounds of a project, waiting until they are whole.

    Parameters
    ----------
    project : Path
        Relative files lie beside it.
    snapshot : Snapshot
        Its settings say which backgrounds.
    grid : bool
        Whether the coordinate grid is painted. Never on what is public: coordinates are left out there.
    progress : Progress, optional
    """

    def __init__(
        self, project: Path, snapshot: Snapshot, *, grid: bool = True, progress: Progress | None = None
    ) -> None:
        self._backgrounds = tuple(
            b
            for b in backgrounds_of(snapshot.settings)
            if b.visible and b.opacity > 0 and (grid or not isinstance(b, GridBackground))
        )
        self._project, self._crs = project, snapshot.crs
        self._progress = progress or Progress()
        self.painted = Painted()

    def __bool__(self) -> bool:
        """Tell whether there is anything to paint."""
        return bool(self._backgrounds)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What could not be painted."""
        titles = {b.uid: b.title for b in self._backgrounds}
        return tuple(
            Finding(f"background.{t.code}", t.what, "warning", layer=titles.get(t.uid))
            for t in self.painted.troubles
        )

    @property
    def covers(self) -> bool:
        """Whether there is a picture or map of the ground, not only a grid."""
        return not all(isinstance(b, GridBackground) for b in self._backgrounds)

    def __call__(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint those that lie below; see `gis.render.scene.paint_snapshot`."""
        fetcher = self._made_fetcher()
        try:
            backdrop = Backdrop(self._project, self._crs, _printing(fetcher))
            self._prepare(backdrop)
            self.painted = backdrop.paint(painter, self._backgrounds, viewport, check=self._progress.check)
        finally:
            if fetcher is not None:
                fetcher.close()

    def paint_over(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the grid over the finished map, and write whose maps lie below it."""
        for background in self._backgrounds:
            if isinstance(background, GridBackground):
                painter.save()
                painter.setOpacity(painter.opacity() * background.opacity)
                paint_grid(painter, viewport, background.step_m)
                painter.restore()
        _write_credits(painter, viewport, self.painted.credits)

    def _made_fetcher(self) -> TileFetcher | None:
        """Return what asks for tiles, if there are tiles to ask for."""
        if not any(isinstance(b, TileBackground) for b in self._backgrounds):
            return None
        from gis.raster.tiles.cache import TileCache
        from gis.raster.tiles.fetching import TileFetcher
        from gis.raster.tiles.keys import load_access

        return TileFetcher(TileCache(), load_access())

    def _prepare(self, backdrop: Backdrop) -> None:
        """Make the reduced copies that are missing; what fails is told when it is painted."""
        for background in self._backgrounds:
            if isinstance(background, RasterBackground):
                try:
                    raster = backdrop.placed(background).raster
                except PlanboardError:
                    continue
                if usable_levels(raster) is None:
                    make_copy(raster, self._progress)


def _printing(fetcher: TileFetcher | None) -> TilePainter | None:
    if fetcher is None:
        return None
    from gis.render.tile_painting import TilePictures

    return TilePictures(fetcher, wait_s=WAIT_S, printing=True)


def _write_credits(painter: QPainter, viewport: Viewport, credits_: list[str]) -> None:
    """Write whose maps lie below at the lower right of a map."""
    words = "  ".join(credits_)
    if not words:
        return
    mm = viewport.px_per_mm
    letters = letter_font(_TEXT_MM, mm)
    metrics = QFontMetricsF(letters)
    width, height = metrics.horizontalAdvance(words) + 2 * mm, metrics.height() + 0.4 * mm
    room = QRectF(viewport.width_px - width, viewport.height_px - height, width, height)
    ground = QColor("#FFFFFF")
    ground.setAlphaF(0.8)
    painter.save()
    painter.fillRect(room, ground)
    painter.setFont(letters)
    painter.setPen(QColor("#3A3A3A"))
    painter.drawText(QPointF(room.left() + mm, room.top() + metrics.ascent() + 0.2 * mm), words)
    painter.restore()
