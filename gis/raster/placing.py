"""Where a picture lies: what its file says, what the user said, and whether it can be believed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gis.crs import Bounds, check_conversion, transform_bounds
from gis.crs_names import parse_crs
from gis.crs_numbers import check_numbers, guess_advice, guess_crs
from gis.raster.opening import Raster, read_raster
from gis.raster.reading import Placed
from gis.raster.reference import path_of
from gis.raster.world_file import world_file_beside
from layers.background import RasterBackground
from layers.errors import CrsError
from layers.text import Text

_AROUND_M: Final = 3000.0


def placed(background: RasterBackground, project: Path, crs: str) -> Placed:
    """Open the file of a background and return where it lies.

    Raises
    ------
    NotFoundError, BadInputError
        If the file is gone or is no picture.
    CrsError
        As `place`.
    """
    raster = read_raster(path_of(background, project))
    return place(raster, background, crs)


def place(raster: Raster, background: RasterBackground, crs: str) -> Placed:
    """Return where a picture lies.

    Raises
    ------
    CrsError
        If nothing says where (``raster.unplaced``) or in which system (``raster.no-crs``), or the
        conversion to the project's system would be guesswork.
    """
    transform = background.transform or raster.transform
    bounds = raster.bounds(transform)
    if transform is None or bounds is None:
        beside = world_file_beside(raster.path)
        if beside is not None:
            raise CrsError(
                Text("坐标文件 {name} 读不懂。", "The world file {name} cannot be understood.").format(
                    name=beside.name
                ),
                Text(
                    "它应有六行数字。请更正或重新拷贝，也可用控制点配准。",
                    "It should hold six lines of numbers. Correct it, copy it again, or use control points.",
                ),
                code="raster.unplaced",
            )
        raise CrsError(
            Text("这张图没有位置信息：{name}", "This picture does not say where it lies: {name}").format(
                name=raster.path.name
            ),
            Text(
                "请用控制点配准，或把坐标文件（.tfw、.jgw、.pgw）放在它旁边。",
                "Georeference it with control points, or put its world file (.tfw, .jgw, .pgw) beside it.",
            ),
            code="raster.unplaced",
        )
    named = background.crs or raster.crs
    if named is None:
        raise CrsError(
            Text("这张图没有标明坐标系：{name}", "This picture names no CRS: {name}").format(
                name=raster.path.name
            ),
            guess_advice(guess_crs(bounds)),
            code="raster.no-crs",
        )
    system = parse_crs(named)
    check_numbers(system, bounds)
    check_conversion(system, crs)
    return Placed(raster, system, transform)


def likely_crs(raster: Raster, crs: str, extent: Bounds | None) -> str | None:
    """Return the CRS that a picture without one is most likely in, or None.

    The project's own if the picture lies at the project by its numbers; else
    what the numbers look like, if that leads to a place at the project.
    """
    bounds = raster.bounds()
    if bounds is None or extent is None:
        return None
    if _near(bounds, extent):
        return crs
    guess = guess_crs(bounds).crs
    if guess is None:
        return None
    try:
        check_conversion(guess, crs)
        return guess if _near(transform_bounds(bounds, guess, crs), extent) else None
    except CrsError:
        return None


def _near(box: Bounds, extent: Bounds) -> bool:
    return (
        box[0] <= extent[2] + _AROUND_M
        and box[2] >= extent[0] - _AROUND_M
        and box[1] <= extent[3] + _AROUND_M
        and box[3] >= extent[1] - _AROUND_M
    )


def ground_extent(placed_raster: Placed, crs: str) -> Bounds:
    """Return the box a picture covers in the project's CRS."""
    bounds = placed_raster.raster.bounds(placed_raster.transform)
    assert bounds is not None, "a placed picture has a place"
    return transform_bounds(bounds, placed_raster.crs, crs)
