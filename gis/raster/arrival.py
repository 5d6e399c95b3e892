"""A picture that comes in: what it is, where it lies, and whether it may be a photo instead."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from gis.crs import Bounds
from gis.raster.opening import ENDINGS, Raster, read_raster
from gis.raster.placing import ground_extent, likely_crs, place
from gis.raster.reference import reference
from gis.raster.world_file import goes_with, world_file_beside
from layers.background import RasterBackground
from layers.errors import CrsError

_PHOTOS: Final = frozenset({".jpg", ".jpeg", ".webp"})


@dataclass(frozen=True)
class Seen:
    """A picture file as far as it is understood.

    Parameters
    ----------
    raster : Raster
    background : RasterBackground
    extent : Bounds or None
        The box it covers in the project's CRS; None if that is not known.
    problem : CrsError or None
        Why not.
    assumed : bool
        Whether its CRS was guessed from its numbers.
    away_m : float
        How far it is from the plan.
    """

    raster: Raster
    background: RasterBackground
    extent: Bounds | None
    problem: CrsError | None
    assumed: bool
    away_m: float = 0.0


def look_at(path: Path, project: Path, crs: str, extent: Bounds | None) -> Seen:
    """Return what a picture file is and where it lies, as far as it says.

    Raises
    ------
    NotFoundError, BadInputError
        If there is none, or it cannot be read.
    """
    raster = read_raster(path)
    background = reference(path, project)
    assumed = False
    if raster.crs is None and (likely := likely_crs(raster, crs, extent)) is not None:
        background, assumed = replace(background, crs=likely), True
    try:
        lies = ground_extent(place(raster, background, crs), crs)
    except CrsError as problem:
        return Seen(raster, background, None, problem, assumed)
    return Seen(raster, background, lies, None, assumed, gap_m(lies, extent) if extent else 0.0)


def gap_m(one: Bounds, other: Bounds) -> float:
    """Return how far two boxes are from one another; 0 where they touch.

    Examples
    --------
    >>> gap_m((0, 0, 1, 1), (4, 5, 6, 6)), gap_m((0, 0, 2, 2), (1, 1, 3, 3))
    (5.0, 0.0)
    """
    east = max(one[0] - other[2], other[0] - one[2], 0.0)
    north = max(one[1] - other[3], other[1] - one[3], 0.0)
    return math.hypot(east, north)


def is_picture(path: Path) -> bool:
    """Tell by its ending whether a file is to be taken as a picture.

    Examples
    --------
    >>> is_picture(Path("Map.TIF")), is_picture(Path("plan.dxf"))
    (True, False)
    """
    return path.suffix.lower() in ENDINGS


def may_be_photo(path: Path) -> bool:
    """Tell whether a picture may be a photo of the site: nothing beside it says where it lies."""
    placed = world_file_beside(path) is not None or Path(f"{path}.aux.xml").is_file()
    return path.suffix.lower() in _PHOTOS and not placed


def sorted_out(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return which of several files lie below the plan, and what else there is to import.

    What only says more about one of the pictures (its world file, its ``.prj``) is in neither.

    Examples
    --------
    >>> files = [Path("a.tif"), Path("a.tfw"), Path("b.dxf")]
    >>> [[path.name for path in part] for part in sorted_out(files)]
    [['a.tif'], ['b.dxf']]
    """
    pictures = [path for path in paths if is_picture(path) and not may_be_photo(path)]
    rest = [path for path in paths if path not in pictures]
    return pictures, [path for path in rest if not any(goes_with(path, picture) for picture in pictures)]
