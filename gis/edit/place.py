"""Edits stay on the ground that the coordinate system of the plan is made for."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import distance_from_area_deg
from gis.edit.geometries import refused
from layers.changes import Change, ChangeSet
from layers.column import objects
from layers.packed_changes import PackedChanges
from layers.snapshot import Snapshot
from layers.text import Text

_NEAR_M: Final = 50_000.0
"""An edit this close to what is in the plan is where the plan is, whatever the system says."""
STRAY_M: Final = 2_000.0
"""What is farther from everything in the plan is asked about: no estate is that large."""
_STEP_M: Final = 1_000.0
_BESIDE_DEG: Final = 1.5
"""Neighbouring zones overlap in use."""


def check_place(snapshot: Snapshot, changes: ChangeSet) -> None:
    """Raise `RefusedError` if an edit puts something far outside the area of the coordinate system.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before the edit.
    """
    boxes = _reached(changes)
    if not len(boxes):
        return
    box = np.array([*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)])
    extent = snapshot.extent()
    if extent is not None:
        low, high = np.array(extent[:2]) - _NEAR_M, np.array(extent[2:]) + _NEAR_M
        if (box[:2] >= low).all() and (box[2:] <= high).all():
            return
    west, south, east, north = (float(v) for v in box)
    for corner in ((west, south), (east, north)):
        if distance_from_area_deg(snapshot.crs, (*corner, *corner), snapshot.crs) > _BESIDE_DEG:
            raise refused(
                "edit.outside",
                f"E {corner[0]:,.0f}，N {corner[1]:,.0f} 超出本项目坐标系（{snapshot.crs}）的适用范围。",
                f"E {corner[0]:,.0f}, N {corner[1]:,.0f} is outside the area of this project's"
                f" coordinate system ({snapshot.crs}).",
                Text(
                    "请检查坐标；图上没有任何改动。", "Check the coordinate; nothing on the map was changed."
                ),
            )


def strayed(snapshot: Snapshot, changes: ChangeSet) -> float | None:
    """Return how far from everything in the plan an edit puts something; None if it is no farther than usual.

    It may be meant: a point of the town's levelling, an outfall. More often it is a slip of the keyboard.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before the edit.

    Returns
    -------
    float or None
        Metres.
    """
    extent = snapshot.extent()
    if extent is None:
        return None
    corners = _reached(changes).reshape(-1, 2)
    beyond = np.maximum(np.maximum(extent[:2] - corners, corners - extent[2:]), 0.0)
    farthest = float(np.hypot(*beyond.T).max(initial=0.0))
    return farthest if farthest > STRAY_M else None


def stray_words(away_m: float) -> str:
    """Say how far something lies from the plan, such as ``48 km``."""
    return f"{away_m / 1000:,.0f} km" if away_m >= 10_000 else f"{away_m / 1000:,.1f} km"


def _reached(changes: ChangeSet) -> NDArray[np.float64]:
    """Return the boxes of what an edit puts elsewhere than just beside where it was, shape (n, 4)."""
    packed = PackedChanges.of(changes.features)
    shapes = [c.after.geometry for c in packed.others.values() if c.after is not None and not _stays_near(c)]
    boxes = [np.asarray(table.bounds) for table in packed.come.values()]
    found = np.concatenate([shapely.bounds(objects(shapes)).reshape(-1, 4), *boxes])
    return np.asarray(found[np.isfinite(found).all(axis=1)])


def _stays_near(change: Change) -> bool:
    """Tell whether a feature keeps its shape, or goes no farther than across an estate."""
    before = change.before.geometry if change.before is not None else None
    after = change.after.geometry if change.after is not None else None
    if before is None or after is None or before.is_empty or after.is_empty:
        return False
    return before is after or float(np.abs(np.subtract(before.bounds, after.bounds)).max()) < _STEP_M
