"""Which layer a foreign file most likely belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.mapping import automatic_mapping
from layers.layer import Layer
from layers.schema import GeometryType
from layers.snapshot import Snapshot
from layers.told import holds_reports

_SHAPES: Mapping[str, GeometryType] = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "LinearRing": "line",
    "Polygon": "polygon",
    "MultiPolygon": "polygon",
}


_BESIDE: Final = ("annotation", "reference")
_TYPES = (
    "Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
"""By shapely's numbers of types."""


def shapes_of(geometry: NDArray[np.object_]) -> list[str]:
    """Return the names of the types of geometry that there are."""
    numbers = np.unique(shapely.get_type_id(geometry)).tolist()
    return sorted(_TYPES[number] for number in numbers if number >= 0)


_WALKS: Final = frozenset(("tracks", "routes"))
"""How a GPX calls the ways that somebody went: they are no roads."""


def likely_layer(snapshot: Snapshot, name: str, columns: Sequence[str], shapes: Sequence[str]) -> str:
    """Return the id of the layer that fits best.

    A layer of the same name wins, or the one that such a layer of a drawing goes to; else the one that takes
    the shapes and knows most of the columns that no other layer has. Problem spots and comments have many
    fields of general names: they are guessed only by those of their own. Areas of which nothing is known are
    buildings.

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
    beside = next((layer.id for layer in snapshot.with_role("reference")), None)
    if name in _WALKS and beside is not None:
        return beside
    wanted = {_SHAPES[shape] for shape in shapes if shape in _SHAPES}
    named = _by_name(snapshot, name, wanted)
    if named is not None:
        return named
    shared = Counter(field.name for layer in snapshot.layers.values() for field in layer.fields)

    def fitness(layer: Layer) -> tuple[int, ...]:
        takes = len(wanted & set(layer.kind.geometry))
        known = set(automatic_mapping(columns, layer.fields).values())
        own = sum(shared[field] == 1 for field in known)
        if holds_reports(layer.kind) and own == 1:
            own = 0  # a word as general as “time”
        plan = int(not holds_reports(layer.kind) and layer.kind.role not in _BESIDE)
        house = int(layer.kind.role == "footprint" and "polygon" in layer.kind.geometry)
        return takes, own, plan, house, len(known), -len(layer.kind.geometry)

    return max(snapshot.layers.values(), key=fitness).id


def _by_name(snapshot: Snapshot, name: str, wanted: Collection[GeometryType]) -> str | None:
    """Return the layer that a drawing's layer of such a name would go to, if it takes the shapes."""
    from gis.exchange.dxf.mapping import DxfMapping  # late: patterns are compiled with it

    aims = DxfMapping.standard().target(name).aims
    layers = (snapshot.layers.get(aim.layer) for aim in aims)
    fits = (layer.id for layer in layers if layer is not None and set(wanted) <= set(layer.kind.geometry))
    return next(fits, None)


def key_fields(layer: Layer) -> list[str]:
    """Return the fields that may tell which feature a record is: the number, then other short texts."""
    number = layer.kind.number_field
    texts = [f.name for f in layer.fields if f.type == "text" and f.name != number]
    return [*([number] if number else []), *texts][:6]
