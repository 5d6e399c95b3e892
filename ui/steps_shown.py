"""Where undo and redo changed something, worked out beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gis.pick import Box
from layers.changes import ChangeSet

_MOST: Final = 150
"""Of more features than these only the box around them lights up: they are painted twenty times a second."""


@dataclass(frozen=True, eq=False)
class Place:
    """What the map shows of a step.

    Parameters
    ----------
    box : (west, south, east, north)
        Around all of it.
    shapes : list of shapely.Geometry
        What lights up.
    """

    box: Box
    shapes: list[shapely.Geometry]


def place_of(changes: ChangeSet) -> Place | None:
    """Return where a change is, before and after; None if it is nowhere."""
    sides = (feature for change in changes for feature in (change.before, change.after))
    shapes = [f.geometry for f in sides if f is not None and f.geometry is not None]
    if not shapes:
        return None
    west, south, east, north = (float(v) for v in shapely.total_bounds(np.array(shapes, dtype=object)))
    box = west, south, east, north
    return Place(box, shapes if len(shapes) <= _MOST else [shapely.box(*box)])
