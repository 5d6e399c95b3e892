"""Notes that say what an outline with dense vertices was drawn as: they stay true, or go."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import shapely
from shapely import Geometry

from gis.edit.construct import centre_of, circle_note
from gis.measure import XY
from layers.changes import Change, ChangeSet
from layers.errors import RefusedError

NOTE: Final = "note"
_NUMBER: Final = r"-?\d+\.\d{3}"
_WRITTEN: Final = re.compile(rf"R=({_NUMBER}) C=({_NUMBER}),({_NUMBER})")
_OFF_M: Final = 0.0015
"""What rounding to millimetres and moving to plan coordinates makes of a radius or a centre."""
_LONGEST: Final = 0.6
"""Edges of a circle to its radius; longer ones are those of a polygon, or of a circle that was cut."""


def with_arc_notes(changes: ChangeSet) -> ChangeSet:
    """Return an edit together with what it makes of the notes of circles and arcs.

    Where the shape is still round, radius and centre are those it has now; where it is no longer, the note
    goes. Words that somebody wrote are left alone.
    """
    made = [new for change in changes if (new := _renoted(change)) is not None]
    return changes.then(ChangeSet.of(made)) if made else changes


def _renoted(change: Change) -> Change | None:
    before, after = change.before, change.after
    if after is None or after.geometry is None or (before is not None and before.geometry is after.geometry):
        return None
    noted = _WRITTEN.fullmatch(str(after.attributes.get(NOTE) or ""))
    if noted is None:
        return None
    found = circle_of(after.geometry)
    if found is not None:
        now = (found[1], *found[0])
        if max(abs(a - float(b)) for a, b in zip(now, noted.groups(), strict=True)) <= _OFF_M:
            return None
    note = None if found is None else circle_note(*found)
    return Change(change.layer, after, after.with_attributes(**{NOTE: note}))


def circle_of(shape: Geometry) -> tuple[XY, float] | None:
    """Return the centre and radius of the circle that all vertices of a shape lie on; None if there is none.

    Examples
    --------
    >>> from gis.edit.construct import arc
    >>> circle_of(arc((-5.0, 0.0), (0.0, 5.0), (5.0, 0.0)))
    ((0.0, 0.0), 5.0)
    >>> circle_of(shapely.box(0, 0, 5, 3)) is None
    True
    """
    if shape.geom_type not in ("LineString", "Polygon") or shapely.get_num_interior_rings(shape):
        return None
    xy = shapely.get_coordinates(shape)
    third = len(xy) // 3
    first, second, last = ((float(x), float(y)) for x, y in (xy[0], xy[third or 1], xy[2 * third or -1]))
    try:
        x, y = centre_of(first, second, last)
    except RefusedError:
        return None
    radii = np.hypot(*(xy - (x, y)).T)
    if np.ptp(radii) > max(_OFF_M, 1e-6 * float(radii.mean())):
        return None
    if shape.geom_type == "Polygon" and np.hypot(*np.diff(xy, axis=0).T).max() > _LONGEST * radii.mean():
        return None
    return (round(x, 6) + 0.0, round(y, 6) + 0.0), round(float(radii.mean()), 6)
