"""Replacing the shapes of several features at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import shapely
from shapely import Geometry

from gis.edit.features import check_geometry, found, layer_of
from layers.changes import Change, ChangeSet, Key
from layers.errors import RefusedError
from layers.snapshot import Snapshot
from layers.text import Text


def reshaped(
    snapshot: Snapshot, keys: Iterable[Key], shape: Callable[[Geometry], Geometry | None]
) -> ChangeSet:
    """Return the change that gives each feature the shape a function makes of its own.

    A feature without a shape, or for which the function returns None, stays as it is.

    Raises
    ------
    RefusedError
        If a layer cannot take a new shape.
    """
    changes = []
    for key in keys:
        feature = found(snapshot, key)
        made = None if feature.geometry is None else shape(feature.geometry)
        if made is not None:
            check_geometry(layer_of(snapshot, key[0]), made)
            changes.append(Change(key[0], feature, feature.with_geometry(made)))
    return ChangeSet.of(changes)


def shape_of(snapshot: Snapshot, key: Key) -> Geometry:
    """Return the shape of a feature, or raise `RefusedError` if it has none."""
    geometry = found(snapshot, key).geometry
    if geometry is None:
        raise RefusedError(Text("该对象没有图形。", "That object has no shape."), code="geometry.missing")
    return geometry


def size(geometry: Geometry) -> float:
    """Return the area of areas and the length of lines: what makes one part larger than another."""
    return float(geometry.area if shapely.get_dimensions(geometry) == 2 else geometry.length)


def refused(code: str, zh: str, en: str, advice: Text | None = None) -> RefusedError:
    """Return a refusal with its words."""
    return RefusedError(Text(zh, en), advice, code=code)
