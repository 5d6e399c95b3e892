"""Sets of tile matrices other than that of web maps: their CRS, and for each level its origin and pixel size.

A set is kept in a project as one line of text, and read back without trust.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gis.crs_names import parse_crs
from layers.errors import BadInputError, CrsError
from layers.text import Text

GEOGRAPHIC: Final = "geographic"
"""Longitude and latitude halved from level to level, as the ``c`` sets of Tianditu (CGCS2000)."""
_MOST_LEVELS: Final = 40
_LARGEST: Final = 2**31


@dataclass(frozen=True)
class Matrix:
    """One level.

    Parameters
    ----------
    id : str
        As it stands in the address of a tile.
    unit_px : float
        Units of the CRS (metres or degrees) of one pixel.
    left, top : float
        The upper left corner of tile (0, 0), easting or longitude first.
    columns, rows : int
    tile_px : int
    """

    id: str
    unit_px: float
    left: float
    top: float
    columns: int
    rows: int
    tile_px: int = 256

    @property
    def tile_units(self) -> float:
        """How many units of the CRS a tile is wide and high."""
        return self.unit_px * self.tile_px


@dataclass(frozen=True)
class MatrixSet:
    """The levels of a service, the coarsest first.

    Parameters
    ----------
    crs : str
        ``AUTHORITY:code``, easting or longitude first.
    levels : tuple of Matrix
    """

    crs: str
    levels: tuple[Matrix, ...]

    @cached_property
    def nested(self) -> bool:
        """Whether each tile is a quarter of one of the level above."""
        first = self.levels[0]
        return all(
            math.isclose(level.unit_px * 2**step, first.unit_px, rel_tol=1e-6)
            and math.isclose(level.left, first.left, abs_tol=level.unit_px)
            and math.isclose(level.top, first.top, abs_tol=level.unit_px)
            and level.tile_px == first.tile_px
            for step, level in enumerate(self.levels)
        )

    def text(self) -> str:
        """Return the set as one line."""
        levels = (
            ",".join((m.id, *(repr(v) for v in (m.unit_px, m.left, m.top, m.columns, m.rows, m.tile_px))))
            for m in self.levels
        )
        return f"{self.crs}|" + ";".join(levels)


def geographic(crs: str = "EPSG:4490", levels: int = 18) -> MatrixSet:
    """Return the set of longitude and latitude: level 1 has two tiles.

    Examples
    --------
    >>> geographic().levels[0].columns, geographic().levels[0].tile_units
    (2, 180.0)
    """
    made = (
        Matrix(str(n), 360.0 / 256 / 2**n, -180.0, 90.0, 2**n, 2 ** (n - 1)) for n in range(1, levels + 1)
    )
    return MatrixSet(crs, tuple(made))


def read_matrices(text: str) -> MatrixSet | None:
    """Return the set that a line of text names or holds; None for the set of web maps, and for nonsense.

    Examples
    --------
    >>> read_matrices(geographic().text()) == geographic()
    True
    >>> read_matrices("EPSG:4490|1,x") is None
    True
    """
    if text == GEOGRAPHIC:
        return geographic()
    crs, _, rest = text.partition("|")
    if not rest:
        return None
    try:
        levels = tuple(_level(part) for part in rest.split(";")[: _MOST_LEVELS + 1])
        return checked(MatrixSet(parse_crs(crs), levels))
    except (ValueError, CrsError, BadInputError):
        return None


def checked(found: MatrixSet) -> MatrixSet:
    """Return a set, its levels from coarse to fine.

    Raises
    ------
    BadInputError
        If it has no levels, too many, or some that cannot be.
    """
    levels = sorted(found.levels, key=lambda m: -m.unit_px)
    sane = all(
        0 < m.unit_px < _LARGEST
        and math.isfinite(m.left)
        and math.isfinite(m.top)
        and 0 < m.columns < _LARGEST
        and 0 < m.rows < _LARGEST
        and 16 <= m.tile_px <= 1024
        and not set(m.id) & set(",;|{}")
        for m in levels
    )
    if not levels or len(levels) > _MOST_LEVELS or not sane:
        raise BadInputError(
            Text("瓦片级别的定义不完整或不合理。", "The levels of the tiles are incomplete or impossible."),
            code="tiles.matrices",
        )
    return MatrixSet(found.crs, tuple(levels))


def _level(part: str) -> Matrix:
    name, unit_px, left, top, columns, rows, tile_px = part.split(",")
    return Matrix(name, float(unit_px), float(left), float(top), int(columns), int(rows), int(tile_px))
