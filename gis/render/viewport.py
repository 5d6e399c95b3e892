"""Which piece of the world is seen, and how large."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from layers.style import SCREEN_PX_PER_MM

Extent: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in metres of the project's CRS."""


@dataclass(frozen=True)
class Viewport:
    """A rectangle of device pixels over the world, north up.

    Parameters
    ----------
    centre_x, centre_y : float
        World place (metres, project CRS) in the middle of the rectangle.
    metres_per_px : float
        Size of a device pixel on the ground.
    width_px, height_px : int
    px_per_mm : float
        Device pixels of one millimetre of paper: 3.8 on a screen at 100 %,
        ``dpi / 25.4`` in print. Line widths and text follow it.

    Examples
    --------
    >>> view = Viewport(500.0, 200.0, 0.5, 400, 300)
    >>> view.extent
    (400.0, 125.0, 600.0, 275.0)
    >>> view.to_px(500.0, 200.0)
    (200.0, 150.0)
    """

    centre_x: float
    centre_y: float
    metres_per_px: float
    width_px: int
    height_px: int
    px_per_mm: float = SCREEN_PX_PER_MM

    @classmethod
    def fitted(
        cls,
        extent: Extent,
        width_px: int,
        height_px: int,
        margin: float = 0.04,
        px_per_mm: float = SCREEN_PX_PER_MM,
    ) -> Viewport:
        """Return the viewport that shows a whole extent in the middle.

        `margin` is the part of width and height kept free on each side. An
        extent without size is shown 100 m wide.
        """
        west, south, east, north = extent
        inner_x, inner_y = width_px * (1 - 2 * margin), height_px * (1 - 2 * margin)
        size = max((east - west) / inner_x, (north - south) / inner_y)
        return cls(
            (west + east) / 2, (south + north) / 2, size or 100.0 / inner_x, width_px, height_px, px_per_mm
        )

    @property
    def extent(self) -> Extent:
        """West, south, east, north in metres."""
        half_x, half_y = self.width_px * self.metres_per_px / 2, self.height_px * self.metres_per_px / 2
        return self.centre_x - half_x, self.centre_y - half_y, self.centre_x + half_x, self.centre_y + half_y

    @property
    def scale_denominator(self) -> float:
        """The n of 1:n: metres on the ground of one metre of paper."""
        return self.metres_per_px * self.px_per_mm * 1000.0

    def to_px(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return device pixels of world places; numbers or arrays of one shape."""
        return (
            (x - self.centre_x) / self.metres_per_px + self.width_px / 2,
            (self.centre_y - y) / self.metres_per_px + self.height_px / 2,
        )

    def to_world(self, px: Any, py: Any) -> tuple[Any, Any]:
        """Return world places of device pixels; numbers or arrays of one shape."""
        return (
            (px - self.width_px / 2) * self.metres_per_px + self.centre_x,
            self.centre_y - (py - self.height_px / 2) * self.metres_per_px,
        )

    def zoomed_at(self, px: float, py: float, factor: float) -> Viewport:
        """Return the view enlarged by `factor`, the place under a pixel staying there."""
        x, y = self.to_world(px, py)
        size = self.metres_per_px / factor
        return replace(
            self,
            metres_per_px=size,
            centre_x=x - (px - self.width_px / 2) * size,
            centre_y=y + (py - self.height_px / 2) * size,
        )

    def panned(self, dx_px: float, dy_px: float) -> Viewport:
        """Return the view after the map was dragged by so many pixels right and down."""
        return replace(
            self,
            centre_x=self.centre_x - dx_px * self.metres_per_px,
            centre_y=self.centre_y + dy_px * self.metres_per_px,
        )

    def resized(self, width_px: int, height_px: int) -> Viewport:
        """Return the view in a rectangle of another size; centre and scale stay."""
        return replace(self, width_px=width_px, height_px=height_px)

    def at_scale(self, denominator: float) -> Viewport:
        """Return the view at 1:`denominator` around the same centre."""
        return replace(self, metres_per_px=denominator / (self.px_per_mm * 1000.0))

    def centred(self, x: float, y: float) -> Viewport:
        """Return the view around another place at the same scale."""
        return replace(self, centre_x=x, centre_y=y)

    def grown(self, margin_px: float) -> Extent:
        """Return the extent with a margin of so many pixels around."""
        west, south, east, north = self.extent
        margin = margin_px * self.metres_per_px
        return west - margin, south - margin, east + margin, north + margin
