"""Large projects for measuring speed: town blocks of stepped houses, alike on every run.

Every house is a polygon of 13 points (12 corners) with 8 attributes. Houses
stand in blocks of ten by ten with streets between, as in a real town, so that
culling, batching and indexing meet what they will meet in use.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.changes import Change, ChangeSet
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.table import Table
from layers.text import Text
from sample_data.grid import CRS, EAST, NORTH

LAYER = "building"
PITCH_X, PITCH_Y = 58.0, 27.0
"""From house to house, metres."""
STREET_M = 24.0
"""Added after every ten houses both ways."""
BLOCK = 10
STEP = 20_000
"""Houses put into a project in one transaction."""

_X = np.array([0, 15, 15, 30, 30, 45, 45, 30, 30, 15, 15, 0, 0], dtype=float)
_Y = np.array([0, 0, 1.2, 1.2, 0, 0, 11.4, 11.4, 12.6, 12.6, 11.4, 11.4, 0], dtype=float)


def large_outlines(n: int) -> NDArray[np.object_]:
    """Return `n` outlines of 13 points each, shape (n,), metres in the sample's CRS, valid and apart."""
    row, column, size = _places(n)
    west = EAST + column * PITCH_X + column // BLOCK * STREET_M
    south = NORTH + row * PITCH_Y + row // BLOCK * STREET_M
    corners = np.empty((n, 13, 2))
    corners[:, :, 0] = west[:, None] + _X * size[:, None]
    corners[:, :, 1] = south[:, None] + _Y
    polygons: NDArray[np.object_] = shapely.polygons(np.round(corners, 3))
    return polygons


def _places(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return row and column of each house in a town twice as wide as high, and its stretch in length."""
    across = max(round((n * 0.93) ** 0.5), 1)
    index = np.arange(n)
    return index // across, index % across, 0.65 + 0.45 * _mixed(n, 1)


def _mixed(n: int, salt: int) -> NDArray[np.float64]:
    """Return `n` numbers from 0 up to 1 without visible order, the same on every machine."""
    value = (np.arange(1, n + 1, dtype=np.uint64) + np.uint64(salt * 7_919)) * np.uint64(0x9E3779B97F4A7C15)
    value ^= value >> np.uint64(29)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(32)
    numbers: NDArray[np.float64] = (value >> np.uint64(11)).astype(np.float64) / 2.0**53
    return numbers


def _attributes(n: int) -> dict[str, NDArray[np.object_]]:
    units = 2 + (_mixed(n, 2) * 3).astype(int)
    floors = 5 + (_mixed(n, 3) * 2).astype(int)
    return {
        "number": _shared([str(i) for i in range(1, n + 1)]),
        "use": _chosen(("housing", "housing", "housing", "shop", "service"), _mixed(n, 4)),
        "units": _shared(units.tolist()),
        "floors": _shared(floors.tolist()),
        "year": _shared((1985 + (_mixed(n, 5) * 15).astype(int)).tolist()),
        "households": _shared((units * (floors - 1) * 2).tolist()),
        "structure": _chosen(("brick", "brick", "frame"), _mixed(n, 6)),
        "state": _chosen(("existing",) * 8 + ("renovated", "new"), _mixed(n, 7)),
    }


def _shared(values: list[object]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _chosen(options: tuple[str, ...], share: NDArray[np.float64]) -> NDArray[np.object_]:
    column: NDArray[np.object_] = _shared(list(options))[(share * len(options)).astype(int)]
    return column


def _uids(n: int) -> NDArray[np.object_]:
    """Return ids as spread out as real ones."""
    spread = 0x9E3779B97F4A7C15F39CC0605CEDC835
    return _shared([f"{i * spread & (1 << 128) - 1:032x}" for i in range(1, n + 1)])


def large_table(n: int) -> Table:
    """Return a table of `n` buildings with all columns of the kind, eight of them filled.

    Examples
    --------
    >>> table = large_table(100)
    >>> len(table), table.geometry[0].geom_type, len(table.geometry[0].exterior.coords)
    (100, 'Polygon', 13)
    """
    columns = {field.name: _shared([None] * n) for field in standard_kinds()[LAYER].fields}
    return Table(_uids(n), large_outlines(n), {**columns, **_attributes(n)}).packed()


def large_changes(n: int) -> Iterator[ChangeSet]:
    """Yield change sets that together add `n` buildings."""
    uids, outlines, columns = _uids(n), large_outlines(n), _attributes(n)
    names = list(columns)
    rows = zip(*columns.values(), strict=True)
    features = (
        Feature(uid, outline, dict(zip(names, row, strict=True)))
        for uid, outline, row in zip(uids, outlines, rows, strict=True)
    )
    changes = (Change(LAYER, None, feature) for feature in features)
    for start in range(0, n, STEP):
        yield ChangeSet.of(next(changes) for _ in range(min(STEP, n - start)))


def write_large(path: Path | str, n: int) -> None:
    """Write a new project with `n` buildings.

    Raises
    ------
    StorageError
        If the file cannot be written.
    """
    from gis.project import Project  # late: the shapes alone need no store

    project = Project.create(Path(path), f"速度测试 {n}", CRS)
    try:
        for number, changes in enumerate(large_changes(n), 1):
            project.apply(changes, Text(f"第 {number} 批建筑", f"Buildings, part {number}"))
    finally:
        project.close()


def write_plain(path: Path | str, n: int) -> None:
    """Write the same buildings as an ordinary GeoPackage, for comparison with other programs."""
    import pyogrio.raw  # late: GDAL takes a while to load

    columns = _attributes(n)
    data = [
        np.array(c.tolist(), dtype=np.int32 if isinstance(c[0], int) else object) for c in columns.values()
    ]
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(large_outlines(n)),
        data,
        list(columns),
        geometry_type="Polygon",
        crs=CRS,
        driver="GPKG",
        layer=LAYER,
    )
