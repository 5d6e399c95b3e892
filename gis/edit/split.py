"""Splitting features with a line."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

import shapely
from shapely import Geometry

from gis.edit.counts import shares
from gis.edit.features import check_geometry, found, layer_of
from gis.edit.geometries import refused, size
from gis.edit.line_ends import of_pieces
from layers.changes import Change, ChangeSet, Key
from layers.feature import Feature, new_uid
from layers.snapshot import Snapshot
from layers.text import Text


def split_features(snapshot: Snapshot, keys: Iterable[Key], line: Geometry) -> ChangeSet:
    """Return the change that splits every feature a line cuts through.

    Raises
    ------
    RefusedError
        If the line cuts none of them in two.
    """
    parts: dict[Key, list[Geometry]] = {}
    for key in keys:
        feature = snapshot.feature(key)
        if feature is not None and feature.geometry is not None:
            pieces = split(feature.geometry, line)
            if len(pieces) > 1:
                parts[key] = pieces
    if not parts:
        raise refused(
            "split.nothing",
            "这条线没有把任何对象切成两块。",
            "The line cuts nothing in two.",
            Text("面要从一侧边线画到另一侧边线之外。", "Draw right across an area, from outside to outside."),
        )
    return replaced_by_parts(snapshot, parts)


def replaced_by_parts(snapshot: Snapshot, parts: Mapping[Key, list[Geometry]]) -> ChangeSet:
    """Return the change that puts the parts of each feature in its place.

    The largest part keeps the id and the attributes. The others are new
    features with the same attributes but without the number, which must stay unique;
    the one they were split off is their ancestor. Counts that add up are shared by size; invert levels at
    a cut lie on the grade (`gis.edit.line_ends`).
    """
    changes = []
    for key, pieces in parts.items():
        layer, feature = layer_of(snapshot, key[0]), found(snapshot, key)
        ordered = sorted(pieces, key=size, reverse=True)
        for piece in pieces:
            check_geometry(layer, piece)
        counts, ends = shares(layer, feature, ordered), of_pieces(layer, feature, ordered)
        own, *rest = ({**count, **end} for count, end in zip(counts, ends, strict=True))
        first, *others = ordered
        changes.append(Change(key[0], feature, feature.with_geometry(first).with_attributes(**own)))
        values = {name: v for name, v in feature.attributes.items() if name != layer.kind.number_field}
        changes += [
            Change(key[0], None, Feature(new_uid(), piece, {**values, **different}, (feature.uid,)))
            for piece, different in zip(others, rest, strict=True)
        ]
    return ChangeSet.of(changes)


def split(geometry: Geometry, line: Geometry) -> list[Geometry]:
    """Return the parts that a line cuts a geometry into; one if it does not cut it.

    Examples
    --------
    >>> [part.area for part in split(shapely.box(0, 0, 4, 2), shapely.LineString([(1, -1), (1, 3)]))]
    [2.0, 6.0]
    """
    if shapely.get_dimensions(geometry) == 2:
        return [piece for part in shapely.get_parts(geometry) for piece in _split_area(part, line)]
    if shapely.get_dimensions(geometry) == 1:
        return [piece for part in shapely.get_parts(geometry) for piece in _split_line(part, line)]
    return [geometry]


def _split_area(area: Geometry, line: Geometry) -> list[Geometry]:
    if not shapely.intersects(area, line):
        return [area]
    noded = shapely.node(shapely.union_all([shapely.boundary(area), line]))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = [face for face in faces if shapely.contains_properly(area, shapely.point_on_surface(face))]
    return sorted(inside, key=lambda f: tuple(f.bounds)) if len(inside) > 1 else [area]


def _split_line(path: Geometry, line: Geometry) -> list[Geometry]:
    cuts = shapely.get_parts(shapely.intersection(path, line))
    places = [shapely.line_locate_point(path, c) for c in cuts if c.geom_type == "Point"]
    inner = sorted({round(float(p), 9) for p in places if 1e-6 < p < path.length - 1e-6})
    if not inner:
        return [path]
    ends = [0.0, *inner, path.length]
    return [piece_between(path, a, b) for a, b in itertools.pairwise(ends)]


def piece_between(path: Geometry, start_m: float, end_m: float) -> Geometry:
    """Return the piece of a line between two distances along it; its own vertices stay exact.

    Examples
    --------
    >>> piece_between(shapely.LineString([(0, 0), (4, 0), (4, 4)]), 1, 6).wkt
    'LINESTRING (1 0, 4 0, 4 2)'
    """
    from shapely.ops import substring

    piece: Geometry = substring(path, start_m, end_m)
    return piece
