"""The number of every object in a revision: ``R3-1704``.

Changes are numbered from 1; objects from 1001, layer by layer, each layer from
north to south and west to east. The count follows from the revision alone, so
the page, which shows it, and the program, which reads it in a comment, agree
without a list. Layers that are never public are counted last: their size does
not show in the numbers of the others.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from gis.publish.shapes import CENTIMETRES
from layers.changes import Key
from layers.layer import Layer
from layers.revision import FIRST_OBJECT
from layers.snapshot import Snapshot


def first_numbers(snapshot: Snapshot) -> Mapping[str, int]:
    """Return the number at which each layer begins, by layer id."""
    starts: dict[str, int] = {}
    at = FIRST_OBJECT
    for layer in _counted(snapshot):
        starts[layer.id] = at
        at += len(layer.table)
    return starts


def feature_numbered(snapshot: Snapshot, number: int) -> Key | None:
    """Return the object of a number in a revision, or None if there is none.

    Parameters
    ----------
    snapshot : Snapshot
        The revision that the number names.
    number : int
        What stands behind the revision: 1704 of ``R3-1704``.
    """
    for layer in _counted(snapshot):
        start = first_numbers(snapshot)[layer.id]
        if start <= number < start + len(layer.table):
            return layer.id, str(layer.table.uids[order(layer)[number - start]])
    return None


def number_of(snapshot: Snapshot, key: Key) -> int | None:
    """Return the number of an object in a revision, or None if it is not there."""
    layer = snapshot.layers.get(key[0])
    row = layer.table.index_of(key[1]) if layer else None
    if layer is None or row is None:
        return None
    return first_numbers(snapshot)[layer.id] + int(np.flatnonzero(order(layer) == row)[0])


def order(layer: Layer) -> NDArray[np.int64]:
    """Return the rows of a layer in the order of their numbers, shape (n,).

    By the northern edge from north to south, then by the western, southern and
    eastern edge, in whole centimetres; what has no place comes last.
    """
    boxes = np.asarray(layer.table.bounds)
    nowhere = np.isnan(boxes[:, 0])
    west, south, east, north = np.rint(np.where(nowhere[:, None], 0.0, boxes) * CENTIMETRES).T
    return np.lexsort((east, south, west, -north, nowhere))


def _counted(snapshot: Snapshot) -> list[Layer]:
    return sorted(snapshot.layers.values(), key=lambda one: (not one.kind.public, one.kind.order, one.id))
