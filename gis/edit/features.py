"""Adding, removing, moving and rewriting features."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import shapely
from shapely import Geometry, affinity

from gis.invalid import why_invalid
from layers.changes import Change, ChangeSet, Key
from layers.errors import NotFoundError, RefusedError
from layers.feature import Feature, new_uid
from layers.layer import Layer
from layers.schema import GeometryType, Value
from layers.snapshot import Snapshot
from layers.text import Text

_SHAPES: Mapping[str, GeometryType] = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "LinearRing": "line",
    "Polygon": "polygon",
    "MultiPolygon": "polygon",
}


def add_feature(
    snapshot: Snapshot,
    layer_id: str,
    geometry: Geometry | None,
    attributes: Mapping[str, Value] | None = None,
) -> ChangeSet:
    """Return the change that adds one feature with a new id.

    Attributes not given take the defaults of the kind.

    Raises
    ------
    NotFoundError
        If there is no such layer.
    RefusedError
        If the geometry is empty, invalid, or of a shape the layer does not take.
    """
    layer = layer_of(snapshot, layer_id)
    check_geometry(layer, geometry)
    values = {**layer.kind.defaults(), **layer.kind.kept(attributes or {})}
    return ChangeSet.of([Change(layer_id, None, Feature(new_uid(), geometry, values))])


def remove_features(snapshot: Snapshot, keys: Iterable[Key]) -> ChangeSet:
    """Return the change that removes the features."""
    return ChangeSet.of(Change(layer, found(snapshot, (layer, uid)), None) for layer, uid in keys)


def move_features(snapshot: Snapshot, keys: Iterable[Key], dx_m: float, dy_m: float) -> ChangeSet:
    """Return the change that shifts the features by metres east and north."""

    def moved(feature: Feature) -> Feature:
        if feature.geometry is None:  # a comment about the whole plan
            return feature
        return feature.with_geometry(affinity.translate(feature.geometry, dx_m, dy_m))

    features = [(key[0], found(snapshot, key)) for key in keys]
    return ChangeSet.of(Change(layer, f, moved(f)) for layer, f in features if f.geometry is not None)


def set_geometry(snapshot: Snapshot, key: Key, geometry: Geometry) -> ChangeSet:
    """Return the change that gives one feature another shape."""
    check_geometry(layer_of(snapshot, key[0]), geometry)
    feature = found(snapshot, key)
    return ChangeSet.of([Change(key[0], feature, feature.with_geometry(geometry))])


def set_attributes(snapshot: Snapshot, keys: Iterable[Key], values: Mapping[str, Value]) -> ChangeSet:
    """Return the change that sets the same attributes on every feature.

    Raises
    ------
    RefusedError
        If a layer has no such field, or a value does not fit its field.
    """
    changes = []
    for key in keys:
        layer = layer_of(snapshot, key[0])
        check_values(layer, values)
        feature = found(snapshot, key)
        changes.append(Change(key[0], feature, feature.with_attributes(**layer.kind.kept(values))))
    return ChangeSet.of(changes)


def layer_of(snapshot: Snapshot, layer_id: str) -> Layer:
    """Return a layer by id, or raise `NotFoundError` that names those there are."""
    layer = snapshot.layers.get(layer_id)
    if layer is None:
        raise NotFoundError(
            Text("没有图层“{name}”。", "There is no layer “{name}”.").format(name=layer_id),
            Text("现有图层：{names}", "Layers: {names}").format(names=", ".join(snapshot.layers)),
            code="layer.unknown",
        )
    return layer


def found(snapshot: Snapshot, key: Key) -> Feature:
    """Return a feature by key, or raise `NotFoundError`."""
    feature = snapshot.feature(key)
    if feature is None:
        raise NotFoundError(
            Text("对象已不存在，可能已被删除。", "That object no longer exists; it may have been deleted."),
            code="feature.unknown",
        )
    return feature


def check_geometry(layer: Layer, geometry: Geometry | None) -> None:
    """Raise `RefusedError` with the reason if a layer cannot take a geometry."""
    if geometry is None and not layer.kind.geometry_required:
        return
    if geometry is None or geometry.is_empty:
        raise RefusedError(Text("图形为空。", "The shape is empty."), code="geometry.empty")
    shape = _SHAPES.get(geometry.geom_type)
    if shape not in layer.kind.geometry:
        raise RefusedError(
            Text("图层“{layer}”不接受此类图形。", "Layer “{layer}” does not take this kind of shape.").format(
                layer=layer.title
            ),
            code="geometry.kind",
        )
    if not shapely.is_valid(geometry):
        raise RefusedError(
            Text("图形无效：{why}。", "The shape is invalid: {why}.").format(why=why_invalid(geometry)),
            Text("请移动该处的顶点后再完成。", "Move the vertex at that place, then finish."),
            code="geometry.invalid",
        )
    if shape == "line" and geometry.length == 0:
        raise RefusedError(Text("线段长度为零。", "The line has no length."), code="geometry.zero")


def check_values(layer: Layer, values: Mapping[str, Value]) -> None:
    """Raise `RefusedError` naming the field if a value does not fit."""
    for name, value in values.items():
        field = layer.kind.field(name)
        if field is None:
            raise RefusedError(
                Text("图层“{layer}”没有字段“{field}”。", "Layer “{layer}” has no field “{field}”.").format(
                    layer=layer.title, field=name
                ),
                code="field.unknown",
            )
        if problem := field.problem(value):
            raise RefusedError(
                Text("{field}：{problem}", "{field}: {problem}").format(field=field.title, problem=problem),
                code="value.refused",
            )
