"""What happened to a single feature: moved, reshaped, or changed in words."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely import Geometry

from gis.revisions.comparison import ChangeKind, FeatureChange, FieldChange
from layers.changes import Change
from layers.feature import Feature
from layers.layer import Layer

SAME_PLACE_M = 0.001
"""Shifts below a millimetre are noise of formats, not changes of a plan."""


def classify(change: Change, layer: Layer) -> FeatureChange | None:
    """Describe one change; None if only the encoding of the geometry differs.

    Parameters
    ----------
    change : Change
    layer : Layer
        The layer it belongs to, for fields and names.
    """
    before, after = change.before, change.after
    fields = field_changes(layer, before, after)
    shift = _shift(before, after)
    kind = _kind(change, shift, bool(fields))
    if kind is None:
        return None
    dx, dy = shift if kind == "moved" and shift else (0.0, 0.0)
    old, new = _sizes(before), _sizes(after)
    return FeatureChange(
        kind=kind,
        layer=change.layer,
        uid=change.uid,
        layer_title=layer.title,
        name=layer.name_of(after or before),  # type: ignore[arg-type]
        before=before,
        after=after,
        fields=fields,
        distance_m=math.hypot(dx, dy),
        bearing_deg=math.degrees(math.atan2(dx, dy)) % 360 if dx or dy else 0.0,
        area_change_m2=new[0] - old[0],
        length_change_m=new[1] - old[1],
        noun=layer.noun_of(after or before),  # type: ignore[arg-type]
    )


def field_changes(layer: Layer, before: Feature | None, after: Feature | None) -> tuple[FieldChange, ...]:
    """Return the attributes that differ, in form order; none for an added or removed feature."""
    if before is None or after is None:
        return ()
    pairs = ((f, before.attributes.get(f.name), after.attributes.get(f.name)) for f in layer.fields)
    return tuple(FieldChange(f, old, new) for f, old, new in pairs if not f.is_same(old, new))


def _kind(change: Change, shift: tuple[float, float] | None, fields: bool) -> ChangeKind | None:
    if change.before is None:
        return "added"
    if change.after is None:
        return "removed"
    if shift is None:
        return "reshaped"
    if math.hypot(*shift) > SAME_PLACE_M:
        return "moved"
    return "changed" if fields else None


def _shift(before: Feature | None, after: Feature | None) -> tuple[float, float] | None:
    """Return metres east and north if the shape only moved, else None."""
    if before is None or after is None:
        return None
    old, new = before.geometry, after.geometry
    if old is None or new is None:
        return (0.0, 0.0) if old is new else None
    if old.geom_type == new.geom_type and shapely.get_num_coordinates(old) == shapely.get_num_coordinates(
        new
    ):
        offsets = shapely.get_coordinates(new) - shapely.get_coordinates(old)
        if not len(offsets):
            return 0.0, 0.0
        if np.ptp(offsets, axis=0).max() <= SAME_PLACE_M and _same_parts(old, new):
            return float(offsets[:, 0].mean()), float(offsets[:, 1].mean())
    return (0.0, 0.0) if shapely.equals(old, new) else None


def _same_parts(old: Geometry, new: Geometry) -> bool:
    return bool(shapely.get_num_geometries(old) == shapely.get_num_geometries(new)) and _rings(old) == _rings(
        new
    )


def _rings(geometry: Geometry) -> list[int]:
    parts = shapely.get_parts(geometry)
    return [int(n) for n in shapely.get_num_interior_rings(parts)]


def _sizes(feature: Feature | None) -> tuple[float, float]:
    geometry = feature.geometry if feature else None
    if geometry is None:
        return 0.0, 0.0
    area = float(geometry.area)
    return area, 0.0 if area else float(geometry.length)
