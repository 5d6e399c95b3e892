"""Which layer a foreign file most likely belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.mapping import automatic_mapping
from layers.layer import Layer
from layers.schema import GeometryType
from layers.snapshot import Snapshot

_SHAPES: Mapping[str, GeometryType] = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "LinearRing": "line",
    "Polygon": "polygon",
    "MultiPolygon": "polygon",
}


_TYPES = (
    "Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
"""By shapely's numbers of types."""


def shapes_of(geometry: NDArray[np.object_]) -> list[str]:
    """Return the names of the types of geometry that there are."""
    numbers = np.unique(shapely.get_type_id(geometry)).tolist()
    return sorted(_TYPES[number] for number in numbers if number >= 0)


def likely_layer(snapshot: Snapshot, name: str, columns: Sequence[str], shapes: Sequence[str]) -> str:
    """Return the id of the layer that fits best.

    A layer of the same name wins; else the one that takes the shapes and
    knows most of the columns, the kind with the plainest shape first.

    Parameters
    ----------
    snapshot : Snapshot
    name : str
        What the file calls its layer.
    columns : sequence of str
    shapes : sequence of str
        Geometry types of the file, such as ``"Polygon"``.
    """
    if name in snapshot.layers:
        return name
    wanted = {_SHAPES[shape] for shape in shapes if shape in _SHAPES}

    def fitness(layer: Layer) -> tuple[int, int, int, int]:
        takes = len(wanted & set(layer.kind.geometry))
        known = len(automatic_mapping(columns, layer.fields))
        return takes, known, -len(layer.kind.geometry), int(layer.kind.role == "footprint")

    return max(snapshot.layers.values(), key=fitness).id


def key_fields(layer: Layer) -> list[str]:
    """Return the fields that may tell which feature a record is: the number, then other short texts."""
    number = layer.kind.number_field
    texts = [f.name for f in layer.fields if f.type == "text" and f.name != number]
    return [*([number] if number else []), *texts][:6]
