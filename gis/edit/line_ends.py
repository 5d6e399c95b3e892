"""What belongs to the ends of lines, such as invert levels, when lines are cut, joined or turned round.

A level belongs to a place, not to a field: turning a pipe round exchanges the two, joining pipes keeps the
outer ones, and where one is cut, the level lies on the straight grade between its ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, TypeAlias

import shapely
from shapely import Geometry

from gis.measure import XY
from layers.changes import ChangeSet, Key
from layers.feature import Feature
from layers.layer import Layer
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text

_SAME_M: Final = 1e-6
_DECIMALS: Final = 3
_MOST_TOLD: Final = 4
Ends: TypeAlias = tuple[str, str]


def end_names(layer: Layer) -> Ends | None:
    """Return the fields of a layer that belong to the first and the last point of a line."""
    ends = layer.kind.ends
    return None if ends is None else (ends[0].name, ends[1].name)


def exchanged(layer: Layer, feature: Feature) -> dict[str, Value]:
    """Return the values of a line that was turned round: what each end has goes with its place."""
    names = end_names(layer)
    if names is None:
        return {}
    first, last = (feature.attributes.get(name) for name in names)
    return {} if first is None and last is None else {names[0]: last, names[1]: first}


def of_pieces(layer: Layer, feature: Feature, pieces: Sequence[Geometry]) -> list[dict[str, Value]]:
    """Return the values of the pieces that a line was cut into.

    What an end keeps it has from the line; a level at a cut is on the straight grade, to the millimetre, and
    empty where an end of the line has none.
    """
    names = end_names(layer)
    line = feature.geometry
    if names is None or line is None or shapely.get_dimensions(line) != 1:
        return [{} for _ in pieces]
    values = (feature.attributes.get(names[0]), feature.attributes.get(names[1]))
    if values == (None, None):
        return [{} for _ in pieces]
    return [dict(zip(names, _grade(line, piece, values), strict=True)) for piece in pieces]


def _grade(line: Geometry, piece: Geometry, values: tuple[Value, Value]) -> tuple[Value, Value]:
    if line.geom_type != "LineString" or piece.geom_type != "LineString":
        return None, None
    start, end = _ends(line)
    first, last = _ends(piece)
    return (
        values[0] if first == start else values[1] if first == end else _level(line, first, values),
        values[1] if last == end else values[0] if last == start else _level(line, last, values),
    )


def _level(line: Geometry, place: XY, values: tuple[Value, Value]) -> Value:
    first, last = values
    if not isinstance(first, (int, float)) or not isinstance(last, (int, float)) or not line.length:
        return None
    share = shapely.line_locate_point(line, shapely.Point(place)) / line.length
    return round(float(first + (last - first) * share), _DECIMALS)


def of_joined(layer: Layer, features: Sequence[Feature], merged: Geometry) -> dict[str, Value]:
    """Return the values of a line that several were joined to: those of the outer ends, by their places."""
    names = end_names(layer)
    if names is None or merged.geom_type != "LineString" or not _has_any(features, names):
        return {}
    return {name: _at(place, features, names) for name, place in zip(names, _ends(merged), strict=True)}


def directed(merged: Geometry, leading: Geometry | None) -> Geometry:
    """Return a line that runs as one that became part of it."""
    if leading is None or merged.geom_type != "LineString" or leading.geom_type != "LineString":
        return merged
    first, second = (
        shapely.line_locate_point(merged, leading.interpolate(m)) for m in (0.0, leading.length / 2)
    )
    if merged.is_closed and abs(first) < _SAME_M:
        first = 0.0 if second < merged.length / 2 else merged.length
    return shapely.reverse(merged) if first > second else merged


def reversal_words(snapshot: Snapshot, keys: Collection[Key]) -> Text | None:
    """Say that levels were exchanged, and which lines rise now; None where there is nothing to say.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before the lines were turned round.
    """
    told, count, rising = None, 0, 0
    for layer_id, uid in keys:
        layer, feature = snapshot.layers[layer_id], snapshot.feature((layer_id, uid))
        ends = layer.kind.ends
        if ends is None or feature is None or not (values := exchanged(layer, feature)):
            continue
        told, count = ends, count + 1
        first, last = values.values()
        rising += isinstance(first, (int, float)) and isinstance(last, (int, float)) and first < last
    if told is None:
        return None
    up, down = told[0].title, told[1].title
    words = Text(
        f"{up.zh}与{down.zh}已随端点对调（{count} 条）。",
        f"{up.en} and {down.en} were exchanged with the ends ({count}).",
    )
    if not rising:
        return words
    return Text(
        f"{words.zh}{rising} 条成为倒坡，请核对。",
        f"{words.en} {rising} now rise along their direction: please check.",
    )


def cut_words(snapshot: Snapshot, changes: ChangeSet) -> Text | None:
    """Say which levels were worked out where lines were cut; None if there are none.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before.
    """
    known = {v for c in changes if c.before is not None for v in _values(snapshot, c.layer, c.before)}
    made = sorted(
        {v for c in changes if c.after is not None for v in _values(snapshot, c.layer, c.after)} - known
    )
    if not made:
        return None
    shown = [f"{value:.{_DECIMALS}f}" for value in made[:_MOST_TOLD]]
    more = "…" if len(made) > _MOST_TOLD else ""
    return Text(
        f"切点标高按两端直线内插：{'、'.join(shown)}{more}，请核对。",
        f"Levels at the cuts lie on the straight grade: {', '.join(shown)}{more}. Please check.",
    )


def extension_words(snapshot: Snapshot, changes: ChangeSet) -> Text | None:
    """Say that the level of an end that was moved on is still the old one; None if it has none."""
    for change in changes:
        ends, before, after = snapshot.layers[change.layer].kind.ends, change.before, change.after
        if (
            ends is None
            or before is None
            or after is None
            or before.geometry is None
            or after.geometry is None
        ):
            continue
        for field, old, new in zip(ends, _ends(before.geometry), _ends(after.geometry), strict=True):
            if old != new and after.attributes.get(field.name) is not None:
                return Text(
                    f"{field.title.zh}仍是原来的数值，请核对。",
                    f"{field.title.en} is still that of the old end. Please check.",
                )
    return None


def joined_words(snapshot: Snapshot, keys: Collection[Key], merged: Feature) -> Text | None:
    """Say which levels a joined line has, and which are no longer kept; None if it has none.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before.
    """
    layer_id = next(iter(keys))[0]
    ends = snapshot.layers[layer_id].kind.ends
    features = [f for key in keys if (f := snapshot.feature(key)) is not None]
    if ends is None or not _has_any(features, (ends[0].name, ends[1].name)):
        return None
    empty = Text("空", "empty")
    values = [merged.attributes.get(field.name) for field in ends]
    words = [
        Text(f"{v:.{_DECIMALS}f}", f"{v:.{_DECIMALS}f}") if isinstance(v, (int, float)) else empty
        for v in values
    ]
    parts = [Text(f"{f.title.zh} {w.zh}", f"{f.title.en} {w.en}") for f, w in zip(ends, words, strict=True)]
    before = {v for feature in features for v in _values(snapshot, layer_id, feature)}
    inner = sorted(before - {v for v in values if isinstance(v, (int, float))})
    if not inner:
        return Text(f"两端：{parts[0].zh}、{parts[1].zh}。", f"At the ends: {parts[0].en}, {parts[1].en}.")
    gone = [f"{value:.{_DECIMALS}f}" for value in inner[:_MOST_TOLD]]
    more = "…" if len(inner) > _MOST_TOLD else ""
    return Text(
        f"两端：{parts[0].zh}、{parts[1].zh}；中间接点的 {'、'.join(gone)}{more} 不再保留。",
        f"At the ends: {parts[0].en}, {parts[1].en}; {', '.join(gone)}{more} between them are gone.",
    )


def _values(snapshot: Snapshot, layer_id: str, feature: Feature) -> Iterator[float]:
    for name in end_names(snapshot.layers[layer_id]) or ():
        value = feature.attributes.get(name)
        if isinstance(value, (int, float)):
            yield float(value)


def _has_any(features: Sequence[Feature], names: Ends) -> bool:
    return any(feature.attributes.get(name) is not None for feature in features for name in names)


def _at(place: XY, features: Sequence[Feature], names: Ends) -> Value:
    """Return what the line that ends in a place has there."""
    for feature in features:
        if feature.geometry is None or feature.geometry.geom_type != "LineString":
            continue
        for name, end in zip(names, _ends(feature.geometry), strict=True):
            if abs(end[0] - place[0]) < _SAME_M and abs(end[1] - place[1]) < _SAME_M:
                return feature.attributes.get(name)
    return None


def _ends(line: Geometry) -> tuple[XY, XY]:
    first, last = line.coords[0], line.coords[-1]
    return (first[0], first[1]), (last[0], last[1])
