"""Which piece of the world is seen, and how large."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from layers.style import SCREEN_PX_PER_MM

Extent: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in metres of the project's CRS."""


@dataclass(frozen=True)
class Viewport:
    """A rectangle of device pixels over the world, north up unless it is turned.

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
    turn_deg : float
        How far the map is turned clockwise: at 90 north points to the right. Words stay upright.

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
    turn_deg: float = 0.0

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
        """West, south, east, north in metres of the box around what is seen; more than that if turned."""
        return self.grown(0.0)

    @property
    def outline(self) -> tuple[tuple[float, float], ...]:
        """The four corners of what is seen, in metres, clockwise on the screen."""
        width, height = self.width_px, self.height_px
        return tuple(self.to_world(x, y) for x, y in ((0, 0), (width, 0), (width, height), (0, height)))

    @property
    def scale_denominator(self) -> float:
        """The n of 1:n: metres on the ground of one metre of paper."""
        return self.metres_per_px * self.px_per_mm * 1000.0

    def to_px(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return device pixels of world places; numbers or arrays of one shape."""
        across, down = (x - self.centre_x) / self.metres_per_px, (self.centre_y - y) / self.metres_per_px
        if self.turn_deg:
            cos, sin = turning(self.turn_deg)
            across, down = across * cos - down * sin, across * sin + down * cos
        return across + self.width_px / 2, down + self.height_px / 2

    def to_world(self, px: Any, py: Any) -> tuple[Any, Any]:
        """Return world places of device pixels; numbers or arrays of one shape."""
        east, north = self.ground(px - self.width_px / 2, py - self.height_px / 2)
        return east + self.centre_x, self.centre_y + north

    def ground(self, dx_px: Any, dy_px: Any) -> tuple[Any, Any]:
        """Return how far a way in pixels (right, down) leads on the ground: metres east and north."""
        if self.turn_deg:
            cos, sin = turning(self.turn_deg)
            dx_px, dy_px = dx_px * cos + dy_px * sin, dy_px * cos - dx_px * sin
        return dx_px * self.metres_per_px, -dy_px * self.metres_per_px

    def zoomed_at(self, px: float, py: float, factor: float) -> Viewport:
        """Return the view enlarged by `factor`, the place under a pixel staying there."""
        return replace(self, metres_per_px=self.metres_per_px / factor)._with_place(
            *self.to_world(px, py), px, py
        )

    def turned(self, turn_deg: float, px: float | None = None, py: float | None = None) -> Viewport:
        """Return the view turned to an angle, the place under a pixel (the middle) staying there.

        Examples
        --------
        >>> Viewport(0.0, 0.0, 1.0, 200, 100).turned(90).to_px(0.0, 50.0)
        (150.0, 50.0)
        """
        turn = (turn_deg + 180.0) % 360.0 - 180.0
        if px is None or py is None:
            return replace(self, turn_deg=turn)
        return replace(self, turn_deg=turn)._with_place(*self.to_world(px, py), px, py)

    def panned(self, dx_px: float, dy_px: float) -> Viewport:
        """Return the view after the map was dragged by so many pixels right and down."""
        east, north = self.ground(dx_px, dy_px)
        return replace(self, centre_x=self.centre_x - east, centre_y=self.centre_y - north)

    def _with_place(self, x: float, y: float, px: float, py: float) -> Viewport:
        """Return the view in which a world place lies under a pixel."""
        east, north = self.ground(px - self.width_px / 2, py - self.height_px / 2)
        return replace(self, centre_x=x - east, centre_y=y - north)

    def resized(self, width_px: int, height_px: int) -> Viewport:
        """Return the view in a rectangle of another size; centre and scale stay."""
        return replace(self, width_px=width_px, height_px=height_px)

    def at_scale(self, denominator: float) -> Viewport:
        """Return the view at 1:`denominator` around the same centre."""
        return replace(self, metres_per_px=denominator / (self.px_per_mm * 1000.0))

    def part(self, left: int, top: int, width_px: int, height_px: int) -> Viewport:
        """Return the view of some of its pixels.

        Examples
        --------
        >>> Viewport(500.0, 200.0, 0.5, 400, 300).part(0, 0, 200, 100).extent
        (400.0, 225.0, 500.0, 275.0)
        """
        x, y = self.to_world(left + width_px / 2, top + height_px / 2)
        return replace(self, centre_x=x, centre_y=y, width_px=width_px, height_px=height_px)

    def centred(self, x: float, y: float) -> Viewport:
        """Return the view around another place at the same scale."""
        return replace(self, centre_x=x, centre_y=y)

    def grown(self, margin_px: float) -> Extent:
        """Return the extent with a margin of so many pixels around."""
        half_x, half_y = self.width_px / 2 + margin_px, self.height_px / 2 + margin_px
        if self.turn_deg:
            cos, sin = (abs(part) for part in turning(self.turn_deg))
            half_x, half_y = half_x * cos + half_y * sin, half_x * sin + half_y * cos
        across, up = half_x * self.metres_per_px, half_y * self.metres_per_px
        return self.centre_x - across, self.centre_y - up, self.centre_x + across, self.centre_y + up


def turning(turn_deg: float) -> tuple[float, float]:
    """Return cosine and sine of an angle; exact for quarter turns."""
    quarter = turn_deg % 360.0
    if quarter % 90.0 == 0.0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarter // 90.0)]
    angle = math.radians(turn_deg)
    return math.cos(angle), math.sin(angle)
