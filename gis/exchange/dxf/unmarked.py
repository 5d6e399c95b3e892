"""Our own exports coming back from a program that dropped their marks: known by their layers and shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import shapely

from gis.circles import ROUND_M, circle_of
from gis.exchange.dxf.lettering import letterings
from gis.exchange.dxf.measures import measure_of
from gis.exchange.dxf.own_layers import OwnName, own_names
from gis.exchange.dxf.rounds import round_of
from gis.exchange.dxf.sorting import MERGED, TEXTS, Placed, Sorting
from gis.exchange.feature_look import Looks
from gis.exchange.matching import match_shapes
from gis.exchange.sameness import same_places
from gis.exchange.shapes import joined
from layers.feature import Feature
from layers.layer import Layer
from layers.table import Table
from layers.text import Text

_SAME_M: Final = 0.001
_SHARE: Final = 0.5
"""Of the shapes on layers called like ours: so many must be as the plan has them."""
_MEASURED: Final = "DIMENSION"
_WHY: Final = Text("与项目图层同名", "called like a layer of the project")


class _Part(NamedTuple):
    """A ring, a line or a point of a feature, as it went out."""

    feature: Feature
    number: int
    ring: int
    shape: shapely.Geometry


class _Met(NamedTuple):
    """A row of the drawing that is a part of a feature, and whether it is as it went out."""

    row: int
    part: _Part
    drawn: shapely.Geometry
    is_same: bool


def settle_unmarked(sorting: Sorting, *, has_marks: bool) -> None:
    """Settle what our own export drew, if the drawing is one without marks and lies where it went out.

    Layers called like those of the project lead there in any drawing. This is one of ours if our fills or
    texts are among them, and most of the shapes on them are those of the plan. What is then not met is new.
    """
    names = own_names(sorting.snapshot)
    ours = {name: names[name] for name in sorting.layer_names if name in names}
    _aim(sorting, {name: own for name, own in ours.items() if not own.is_code})
    if has_marks or not any(own.decorates for own in ours.values()):
        return
    rows: dict[str, list[int]] = {}
    for row in sorting.open_rows():
        own = ours.get(sorting.names[row])
        if own is not None and not own.decorates and not sorting.drawing.sparse("parent")[row]:
            rows.setdefault(own.layer, []).append(row)
    met = {name: _met(sorting, sorting.snapshot.layers[name], some) for name, some in rows.items()}
    same = sum(m.is_same for some in met.values() for m in some)
    if not same or same < _SHARE * sum(map(len, rows.values())):
        return
    for name, some in met.items():
        _put(sorting, sorting.snapshot.layers[name], some)
    _merge_decorations(sorting, ours)
    _aim(sorting, ours)


def _aim(sorting: Sorting, ours: Mapping[str, OwnName]) -> None:
    for name, own in ours.items():
        if not own.decorates:
            sorting.aim_at(name, own.layer, _WHY)


def _met(sorting: Sorting, layer: Layer, rows: Sequence[int]) -> list[_Met]:
    """Return the rows that are parts of the features of a layer."""
    parts = [part for feature in layer.table for part in _parts(feature)]
    shapes = np.array([*(part.shape for part in parts), None], dtype=object)[:-1]
    as_layer = layer.with_table(
        Table.from_features([Feature(str(i), shape, {}) for i, shape in enumerate(shapes)], ())
    )
    plain = [row for row in rows if not sorting.types[row].endswith(_MEASURED)]
    outlines = [_as_part(layer, shape) for shape in sorting.drawing.geometry[np.array(plain, dtype=np.intp)]]
    drawn = np.array([*outlines, None], dtype=object)[:-1]
    found = match_shapes([None] * len(plain), as_layer, drawn)
    at = [i for i, uid in enumerate(found) if uid is not None]
    meant = [parts[int(uid)] for uid in found if uid is not None]
    same = same_places(shapes[[int(uid) for uid in found if uid is not None]], drawn[at])
    met = [
        _Met(plain[i], part, drawn[i], bool(alike) or _same_round(part, drawn[i]))
        for i, part, alike in zip(at, meant, same, strict=True)
    ]
    measured = [row for row in rows if sorting.types[row].endswith(_MEASURED)]
    return [*met, *_measured(sorting, layer, measured)]


def _parts(feature: Feature) -> Iterator[_Part]:
    if feature.geometry is None or feature.geometry.is_empty:
        return
    for number, part in enumerate(shapely.get_parts([feature.geometry])):
        if part.geom_type != "Polygon":
            yield _Part(feature, number, 0, part)
            continue
        for ring, line in enumerate((part.exterior, *part.interiors)):
            yield _Part(feature, number, ring, shapely.Polygon(line))


def _as_part(layer: Layer, shape: Any) -> Any:
    """Return a shape of the drawing as the plan has its parts: outlines of areas as areas."""
    is_ring = shape.geom_type == "LineString" and shape.is_closed and len(shape.coords) > 3
    return shapely.Polygon(shape) if is_ring and "polygon" in layer.kind.geometry else shape


def _same_round(part: _Part, drawn: Any) -> bool:
    """Tell whether a circle or an arc came back as it went out, whatever vertices now stand for it."""
    if round_of(part.feature) is None:
        return False
    now, then = circle_of(drawn), circle_of(part.shape)
    if now is None or then is None:
        return False
    apart = max(abs(a - b) for a, b in zip((*now[0], now[1]), (*then[0], then[1]), strict=True))
    if part.shape.geom_type == "LineString":
        apart = max(apart, part.shape.boundary.hausdorff_distance(drawn.boundary))
    return apart <= ROUND_M


def _measured(sorting: Sorting, layer: Layer, rows: Sequence[int]) -> Iterator[_Met]:
    """Yield the dimensions that go through the points of one of the plan."""
    free = set(rows)
    for feature in layer.table if free else ():
        if measure_of(layer, feature) is None:
            continue
        points = shapely.points(shapely.get_coordinates(feature.geometry))
        for row in sorted(free):
            if shapely.distance(sorting.drawing.geometry[row], points).max() <= _SAME_M:
                free.discard(row)
                yield _Met(row, _Part(feature, 0, 0, feature.geometry), feature.geometry, is_same=True)
                break


def _put(sorting: Sorting, layer: Layer, met: Sequence[_Met]) -> None:
    by_uid: dict[str, list[_Met]] = {}
    for one in met:
        by_uid.setdefault(one.part.feature.uid, []).append(one)
    rows: set[int] = set()
    for uid, members in by_uid.items():
        shape = _shape(members)
        if shape is None:
            continue
        first, *others = (one.row for one in members)
        sorting.put(Placed(first, layer.id, shape=shape, uid=uid, ours=True))
        for row in others:
            sorting.fate[row] = MERGED
        rows.update(one.row + 1 for one in members)
        sorting.remarkable.recognised += 1
    parents = sorting.drawing.sparse("parent")
    for row in sorting.open_rows():
        if parents[row] in rows:
            sorting.fate[row] = MERGED  # the picture inside our own symbols
    sorting.note_unmet(layer, len(by_uid))


def _shape(members: Sequence[_Met]) -> shapely.Geometry | None:
    """Return the shape of a feature as its parts are now; None if the outline of all of them is gone."""
    feature = members[0].part.feature
    if all(one.is_same for one in members) and len(members) == sum(1 for _ in _parts(feature)):
        return feature.geometry
    rings: dict[int, dict[int, Any]] = {}
    for one in members:
        rings.setdefault(one.part.number, {})[one.part.ring] = one.part.shape if one.is_same else one.drawn
    shapes = [_with_holes(found) for _, found in sorted(rings.items()) if 0 in found]
    return joined(shapes)


def _with_holes(rings: Mapping[int, Any]) -> Any:
    outer, *holes = (shape for _, shape in sorted(rings.items()))
    return shapely.Polygon(outer.exterior, [h.exterior for h in holes]) if holes else outer


def _merge_decorations(sorting: Sorting, ours: Mapping[str, OwnName]) -> None:
    """Let fills and edges, and the words that the plan itself writes, go with what they decorate."""
    words: dict[str, set[str]] = {}
    texts = sorting.drawing.sparse("text")
    for row in sorting.open_rows():
        own = ours.get(sorting.names[row])
        if own is None or not own.decorates:
            continue
        if sorting.types[row] in TEXTS:
            if own.layer not in words:
                words[own.layer] = _labels(sorting.snapshot.layers[own.layer])
            if texts[row] not in words[own.layer]:
                continue
        sorting.fate[row] = MERGED


def _labels(layer: Layer) -> set[str]:
    """Return what the plan writes on a layer."""
    looks = Looks(layer)
    return {
        lettering.text
        for feature in layer.table
        for lettering in letterings(layer, feature, looks.of(feature.attributes), 0.0)
    }
