"""The local metre grid the estate is laid out on, and its place on the map.

Local x runs east and y north, in metres, from the south-west corner of the
site. The grid is placed without rotation, so that the drawing stays crisp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, LineString, Point, Polygon

CRS = "EPSG:4548"
EAST, NORTH = 616438.0, 4077840.0
"""Where local (0, 0) lies: CGCS2000 / 3-degree Gauss-Kruger CM 117E."""

XY = tuple[float, float]


def placed(geometry: Geometry) -> Geometry:
    """Return a local geometry in the CRS of the project, rounded to the millimetre."""
    return shapely.transform(geometry, _placed)


def _placed(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = np.round(np.round(coordinates, 3) + np.array((EAST, NORTH)), 3)
    return result


def rect(west: float, south: float, east: float, north: float) -> Polygon:
    """Return an upright rectangle, counter-clockwise from the south-west."""
    return Polygon([(west, south), (east, south), (east, north), (west, north)])


def quad(origin: XY, along: XY, length_m: float, inward_m: float) -> Polygon:
    """Return a rectangle on a base line from `origin`; to its right if `inward_m` is positive, else left."""
    ax, ay = along
    size = float(np.hypot(ax, ay))
    ux, uy = ax / size, ay / size
    vx, vy = uy, -ux
    x, y = origin
    far = (x + ux * length_m, y + uy * length_m)
    return Polygon(
        [
            (x, y),
            far,
            (far[0] + vx * inward_m, far[1] + vy * inward_m),
            (x + vx * inward_m, y + vy * inward_m),
        ]
    )


def bend(start: XY, corner: XY, end: XY, pieces: int = 10) -> list[XY]:
    """Return points on a smooth curve from `start` to `end` that turns at `corner`."""
    t = np.linspace(0.0, 1.0, pieces + 1)[:, None]
    curve = (1 - t) ** 2 * np.array(start) + 2 * t * (1 - t) * np.array(corner) + t**2 * np.array(end)
    return [start, *(tuple(p) for p in np.round(curve[1:-1], 3).tolist()), end]


def disc(x: float, y: float, radius_m: float, pieces: int = 12) -> Polygon:
    """Return a circle as a polygon with `pieces` vertices per quarter."""
    return Point(x, y).buffer(radius_m, quad_segs=pieces)


def smooth(points: Sequence[XY], rounds: int = 3) -> Polygon:
    """Return a soft outline through the neighbourhood of some points (corner cutting)."""
    ring = np.array(points, dtype=float)
    for _ in range(rounds):
        after = np.roll(ring, -1, axis=0)
        ring = np.stack([0.75 * ring + 0.25 * after, 0.25 * ring + 0.75 * after], axis=1).reshape(-1, 2)
    return Polygon(ring)


def line(*points: XY) -> LineString:
    """Return a line through points."""
    return LineString(points)


def chance(*key: object) -> float:
    """Return a number from 0 up to 1 that depends on the key alone: repeatable variety."""
    digest = hashlib.blake2b("/".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def pick(options: Sequence[str], *key: object) -> str:
    """Return one of the options, always the same for the same key."""
    return options[int(chance(*key) * len(options))]


def steps(start: float, stop: float, spacing: float) -> Iterable[float]:
    """Yield evenly spaced values from `start` to `stop`, both ends included, about `spacing` apart."""
    count = max(round(abs(stop - start) / spacing), 1)
    return (start + (stop - start) * i / count for i in range(count + 1))
