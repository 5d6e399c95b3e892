"""Where clouds and their numbers run: arithmetic without a painter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from gis.render.marks import Frame
from gis.render.room import Box
from gis.render.shapes import Floats
from gis.render.viewport import Viewport

if TYPE_CHECKING:
    from gis.revisions.comparison import ChangeGroup, Comparison

ARC_MM: Final = 6.5
"""Wanted chord of an arc; whole numbers of arcs keep it between 5 and 8 mm."""
LEAST_MM: Final = 9.0
"""A cloud is never drawn smaller than this across."""
BULGE: Final = 0.3
"""Height of an arc as part of its chord."""
SIDE_MM: Final = 7.0
"""Side of the triangle with the number."""
BARE: Final = 0.38
"""Letters of a number without a triangle, in sides of one."""


@dataclass(frozen=True)
class Badge:
    """A triangle with a number, and the sign of what prevails beside it.

    Parameters
    ----------
    text, sign : str
    corners : tuple of (x, y)
        In pixels.
    x, y : float
        Middle of the number.
    text_px : float
        Font size of the number.
    sign_x, sign_y : float
        Middle of the sign.
    box : Box
        What all of it covers.
    """

    text: str
    sign: str
    corners: tuple[tuple[float, float], ...]
    x: float
    y: float
    text_px: float
    sign_x: float
    sign_y: float
    box: Box


def cloud_lines(comparison: Comparison, viewport: Viewport) -> list[Floats]:
    """Return the clouds in view as cubic curves in pixels, shape (3 k + 1, 2) each."""
    seen = shapely.box(*viewport.grown(20 * viewport.px_per_mm))
    lines = []
    for group in comparison.groups:
        if group.cloud is not None and shapely.intersects(group.cloud, seen):
            lines += [scalloped(ring, ARC_MM * viewport.px_per_mm) for ring in _rings(group, viewport)]
    return lines


def traces(comparison: Comparison, viewport: Viewport) -> list[Floats]:
    """Return the outlines in pixels of the changes that a district tells under its letter."""
    held = [part.cloud for group in comparison.groups for part in group.parts if part is not group]
    rings = [shapely.get_exterior_ring(cloud) for cloud in held if cloud is not None]
    return [Frame.of(viewport).to_px(shapely.get_coordinates(ring)) for ring in rings]


def scalloped(ring: Floats, chord: float) -> Floats:
    """Turn a closed ring (counter-clockwise on the page, y down) into outward arcs.

    Parameters
    ----------
    ring : array, shape (n, 2)
    chord : float
        Wanted distance from cusp to cusp.

    Returns
    -------
    array, shape (3 k + 1, 2)
        A start and k cubic curves.
    """
    step = np.diff(ring, axis=0)
    along = np.r_[0.0, np.cumsum(np.hypot(step[:, 0], step[:, 1]))]
    count = max(4, round(along[-1] / chord))
    at = np.linspace(0.0, along[-1], count + 1)
    cusp = np.c_[np.interp(at, along, ring[:, 0]), np.interp(at, along, ring[:, 1])]
    side = np.diff(cusp, axis=0)
    outward = np.c_[-side[:, 1], side[:, 0]] * (BULGE * 4 / 3)
    first = cusp[:-1] + side * 0.04 + outward
    second = cusp[1:] - side * 0.04 + outward
    curves = np.stack([first, second, cusp[1:]], axis=1).reshape(-1, 2)
    return np.concatenate([cusp[:1], curves])


def badges(
    comparison: Comparison,
    viewport: Viewport,
    avoid: Sequence[Box] = (),
    side_mm: float = SIDE_MM,
    *,
    members: bool = True,
) -> list[Badge]:
    """Return the numbered triangles in view, moved where they would cover each other or a pin of `avoid`.

    The members of a district have their numbers alone, as far as there is room; on a screen, where one
    comes nearer with a click, they may be left out.
    """
    side = side_mm * viewport.px_per_mm
    placed: list[Badge] = []
    for group in comparison.groups:
        if group.anchor is None or group.anchor.is_empty:
            continue
        x, y = viewport.to_px(group.anchor.x, group.anchor.y)
        if not (0 <= x <= viewport.width_px and 0 <= y <= viewport.height_px):
            continue
        taken = [*(badge.box for badge in placed), *avoid]
        placed.append(_apart((group.mark, group.sign), x, y, side, taken, disc=group.parts[0] is not group))
    for group in comparison.groups if members else ():
        for part in group.parts if group.parts[0] is not group else ():
            bare = _bare(part, viewport, side)
            if not any(_overlap(bare.box, badge.box) for badge in placed):
                placed.append(bare)
    return placed


def _bare(group: ChangeGroup, viewport: Viewport, side: float) -> Badge:
    """Return the number of a member of a district, in the middle of its cloud."""
    x, y = viewport.to_px(*shapely.get_coordinates(shapely.centroid(group.cloud))[0])
    size, half = side * BARE, side * BARE * 0.33 * len(group.mark)
    box = (x - half, y - size * 0.4, x + half, y + size * 0.4)
    return Badge(group.mark, "", (), x, y, size, x, y, box)


def _apart(
    words: tuple[str, str], x: float, y: float, side: float, taken: Sequence[Box], *, disc: bool
) -> Badge:
    """Return a badge at a place, or beside it if something stands there."""
    steps = [
        (0, 0),
        (0, -1),
        (1, 0),
        (-1, 0),
        (0, 1),
        (1, -1),
        (-1, -1),
        (1, 1),
        (-1, 1),
        (0, -2),
        (2, 0),
        (-2, 0),
    ]
    badge = _disc if disc else _badge
    candidates = [badge(*words, x + dx * side * 1.5, y + dy * side * 0.95, side) for dx, dy in steps]
    free = (badge for badge in candidates if not any(_overlap(badge.box, box) for box in taken))
    return next(free, candidates[0])


def _badge(text: str, sign: str, x: float, y: float, side: float) -> Badge:
    height = side * 0.866
    top, bottom = y - height * 0.62, y + height * 0.38
    corners = ((x, top), (x + side / 2, bottom), (x - side / 2, bottom))
    size = side * (0.46 if len(text) < 2 else 0.4 if len(text) < 3 else 0.3)
    right = x + side * (0.86 if sign else 0.5)
    box = (x - side / 2, top, right, bottom)
    return Badge(text, sign, corners, x, y + height * 0.1, size, x + side * 0.62, bottom - side * 0.2, box)


def _disc(text: str, sign: str, x: float, y: float, side: float) -> Badge:
    """Return the round badge of a district."""
    radius, turns = side * 0.5, np.linspace(0.0, 2 * np.pi, 40, endpoint=False)
    corners = tuple((float(x + radius * np.cos(t)), float(y + radius * np.sin(t))) for t in turns)
    size = side * (0.6 if len(text) < 2 else 0.44)
    return Badge(text, sign, corners, x, y, size, x, y, (x - radius, y - radius, x + radius, y + radius))


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _rings(group: ChangeGroup, viewport: Viewport) -> list[Floats]:
    """Return the outer rings of a cloud in pixels, calm enough for arcs."""
    metres_per_mm = viewport.metres_per_px * viewport.px_per_mm
    cloud = group.cloud
    west, south, east, north = cloud.bounds
    lacking = LEAST_MM * metres_per_mm - max(east - west, north - south)
    cloud = cloud.buffer(max(0.0, lacking / 2))
    calm = 2.0 * metres_per_mm
    cloud = shapely.simplify(cloud.buffer(calm).buffer(-calm), 0.3 * metres_per_mm)
    rings = shapely.get_exterior_ring(shapely.get_parts(shapely.orient_polygons(cloud)))
    # counter-clockwise in the world is counter-clockwise on the page as well: both are seen from above
    return [Frame.of(viewport).to_px(shapely.get_coordinates(ring)) for ring in rings]
