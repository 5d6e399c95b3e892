"""Which tiles a view needs, and where their corners lie in the project's CRS."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import transform
from gis.raster.tiles.matrices import MatrixSet

Tile: TypeAlias = tuple[int, int, int]
"""Zoom, column, row from the north."""
Points: TypeAlias = NDArray[np.float64]

TILE_PX: Final = 256
MOST_TILES: Final = 260
"""A view never asks for more: a coarser zoom is taken instead."""
_EQUATOR_M_PER_PX: Final = 156_543.033_928
_MOST_LAT: Final = 85.05
_SIDES: Final = 9
_COARSER: Final = 1.35
"""A level is left for the finer one when its pixels are so much larger than those of the view."""


@dataclass(frozen=True)
class Lattice:
    """A block of tiles.

    Parameters
    ----------
    zoom, west, north : int
        Zoom, first column, first row.
    corners : array, shape (rows + 1, columns + 1, 2)
        Where the corners lie, metres of the project's CRS.
    """

    zoom: int
    west: int
    north: int
    corners: Points

    def tiles(self) -> list[tuple[Tile, Points]]:
        """Return the tiles with their corners (4, 2): upper left, upper right, lower right, lower left.

        Those in the middle come first: they are asked for first.
        """
        rows, columns = self.corners.shape[0] - 1, self.corners.shape[1] - 1
        found = [
            ((self.zoom, self.west + i, self.north + j), self._quad(i, j))
            for j in range(rows)
            for i in range(columns)
        ]
        middle = (self.west + columns / 2 - 0.5, self.north + rows / 2 - 0.5)
        return sorted(found, key=lambda t: math.hypot(t[0][1] - middle[0], t[0][2] - middle[1]))

    def _quad(self, i: int, j: int) -> Points:
        c = self.corners
        return np.array([c[j, i], c[j, i + 1], c[j + 1, i + 1], c[j + 1, i]])


def lattice(corners: Points, metres_per_px: float, crs: str, datum: str, most_zoom: int) -> Lattice | None:
    """Return the tiles that cover a view.

    Parameters
    ----------
    corners : array, shape (4, 2)
        Of the view, in order round it, metres of `crs`.
    metres_per_px : float
    crs : str
        Of the project.
    datum : str
        What the service calls longitude and latitude: `gis.crs_names.WGS84` or `gis.crs_names.GCJ02`.
    most_zoom : int

    Returns
    -------
    Lattice or None
        None if the view lies outside the world of web maps.
    """
    lonlat = _moved(_around(corners), crs, datum)
    lonlat = lonlat[np.isfinite(lonlat).all(axis=1)]
    if not len(lonlat):
        return None
    west, south = lonlat.min(axis=0)
    east, north = lonlat.max(axis=0)
    if south > _MOST_LAT or north < -_MOST_LAT or east - west > 180.0:
        return None
    middle = math.radians((south + north) / 2)
    fine = math.log2(_EQUATOR_M_PER_PX * math.cos(middle) / metres_per_px)
    zoom = min(most_zoom, max(0, round(fine - 0.1)))
    while True:
        box = _tile_box(zoom, (float(west), float(south), float(east), float(north)))
        if (box[2] - box[0] + 1) * (box[3] - box[1] + 1) <= MOST_TILES or zoom == 0:
            return _placed(zoom, box, crs, datum)
        zoom -= 1


def lattice_in(corners: Points, metres_per_px: float, crs: str, matrices: MatrixSet) -> Lattice | None:
    """Return the tiles of another set of matrices that cover a view; see `lattice`."""
    there = _moved(_around(corners), crs, matrices.crs)
    there = there[np.isfinite(there).all(axis=1)]
    if not len(there):
        return None
    (west, south), (east, north) = there.min(axis=0), there.max(axis=0)
    wide_m = float(np.hypot(*(corners[1] - corners[0]))) + float(np.hypot(*(corners[3] - corners[0])))
    unit_m = wide_m / max(float(east - west + north - south), 1e-12)
    fitting = [n for n, m in enumerate(matrices.levels) if m.unit_px * unit_m >= metres_per_px * _COARSER]
    level = max(fitting, default=-1) + 1
    for zoom in range(min(level, len(matrices.levels) - 1), -1, -1):
        m = matrices.levels[zoom]
        left, right = (math.floor((x - m.left) / m.tile_units) for x in (west, east))
        top, bottom = (math.floor((m.top - y) / m.tile_units) for y in (north, south))
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, m.columns - 1), min(bottom, m.rows - 1)
        if left > right or top > bottom:
            return None
        if (right - left + 1) * (bottom - top + 1) <= MOST_TILES:
            columns, rows = np.meshgrid(np.arange(left, right + 2), np.arange(top, bottom + 2))
            xy = np.column_stack(
                [m.left + columns.ravel() * m.tile_units, m.top - rows.ravel() * m.tile_units]
            )
            return Lattice(zoom, left, top, _moved(xy, matrices.crs, crs).reshape(*columns.shape, 2))
    return None


def _placed(zoom: int, box: tuple[int, int, int, int], crs: str, datum: str) -> Lattice:
    left, top, right, bottom = box
    columns, rows = np.meshgrid(np.arange(left, right + 2), np.arange(top, bottom + 2))
    size = 2.0**zoom
    lon = columns / size * 360.0 - 180.0
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * rows / size))))
    places = _moved(np.column_stack([lon.ravel(), lat.ravel()]), datum, crs)
    return Lattice(zoom, left, top, places.reshape(*columns.shape, 2))


def _tile_box(zoom: int, box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    west, south, east, north = box
    left, top = _tile_at(zoom, west, north)
    right, bottom = _tile_at(zoom, east, south)
    return left, top, right, bottom


def _tile_at(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    size = 2**zoom
    held = math.radians(max(-_MOST_LAT, min(_MOST_LAT, lat)))
    column = math.floor((lon + 180.0) / 360.0 * size)
    row = math.floor((1.0 - math.asinh(math.tan(held)) / math.pi) / 2.0 * size)
    return max(0, min(size - 1, column)), max(0, min(size - 1, row))


def _around(corners: Points) -> Points:
    """Return points along the edge of a view: it is bent on the globe."""
    share = np.linspace(0.0, 1.0, _SIDES)[:, None]
    sides = [corners[i] * (1 - share) + corners[(i + 1) % 4] * share for i in range(4)]
    return np.vstack(sides)


def _moved(xy: Points, source: str, target: str) -> Points:
    there: NDArray[Any] = np.empty(1, dtype=object)
    there[0] = shapely.multipoints(xy)
    moved: Points = shapely.get_coordinates(transform(there, source, target))
    return moved
