"""Merging features that touch into one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import shapely
from shapely import Geometry

from gis.edit.counts import sums
from gis.edit.features import check_geometry, found, layer_of
from gis.edit.geometries import refused, size
from gis.edit.line_ends import directed, joined_words, of_joined
from layers.changes import Change, ChangeSet, Key
from layers.feature import Feature
from layers.snapshot import Snapshot
from layers.text import Text


def merge_features(snapshot: Snapshot, keys: Collection[Key]) -> ChangeSet:
    """Return the change that makes one feature of several; the largest keeps its id and attributes.

    Counts that add up (households, bays) become their sum; `merge_words` tells which. A line runs on as the
    largest did, with the invert levels of its outer ends. The others become its ancestors.

    Raises
    ------
    RefusedError
        If there are fewer than two, if they are of several layers or sorts, or
        if they do not make one area or one line.
    """
    if len(keys) < 2:
        raise refused("merge.few", "合并至少要选两个对象。", "Select two objects at least to merge.")
    layers = {layer for layer, _ in keys}
    if len(layers) > 1:
        raise refused("merge.layers", "只能合并同一图层的对象。", "Only objects of one layer can be merged.")
    layer = layer_of(snapshot, layers.pop())
    features = sorted((found(snapshot, key) for key in keys), key=_size, reverse=True)
    shapes = [f.geometry for f in features if f.geometry is not None]
    first, *others = features
    merged = directed(merged_shape(shapes), first.geometry)
    check_geometry(layer, merged)
    return ChangeSet.of(
        [
            Change(
                layer.id,
                first,
                first.with_geometry(merged)
                .with_ancestors(*(f.uid for f in others))
                .with_attributes(**sums(layer, features), **of_joined(layer, features, merged)),
            ),
            *(Change(layer.id, other, None) for other in others),
        ]
    )


def merge_words(snapshot: Snapshot, keys: Collection[Key], changes: ChangeSet) -> Text:
    """Say which numbers a merge adds up, and in which fields it keeps those of the largest feature.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before.
    changes : ChangeSet
        The merge.
    """
    layer = layer_of(snapshot, next(iter(keys))[0])
    features = sorted((found(snapshot, key) for key in keys), key=_size, reverse=True)
    added = sums(layer, features)
    told = []
    for name, total in added.items():
        field = layer.kind.field(name)
        assert field is not None, "sums are made of the fields of the layer"
        parts = " + ".join(str(f.attributes.get(name) or 0) for f in features)
        told.append(Text("{field} {parts} = {total}", "{field} {parts} = {total}").format(
            field=field.title, parts=parts, total=total
        ))  # fmt: skip
    kept = [
        field.title
        for field in layer.fields
        if field.name not in added
        and not field.end
        and len({f.attributes.get(field.name) for f in features}) > 1
    ]
    words = Text("已合并成一个对象。", "Merged into one object.")
    if told:
        words = Text("{words}已相加：{sums}。", "{words} Added up: {sums}.").format(
            words=words, sums=_listed(told)
        )
    if kept:
        words = Text(
            "{words}未相加，按最大的对象保留：{fields}。",
            "{words} Kept from the largest, not added: {fields}.",
        ).format(words=words, fields=_listed(kept))
    merged = next(c.after for c in changes if c.after is not None)
    ends = joined_words(snapshot, keys, merged)
    return words if ends is None else Text(f"{words.zh}{ends.zh}", f"{words.en} {ends.en}")


def _listed(words: Sequence[Text]) -> Text:
    return Text("、".join(w.zh for w in words), ", ".join(w.en for w in words))


def merged_shape(shapes: Collection[Geometry]) -> Geometry:
    """Return the one area or line that shapes make together.

    Raises
    ------
    RefusedError
        If they do not touch, touch in points only, or fork.

    Examples
    --------
    >>> merged_shape([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 3, 1)]).area
    3.0
    """
    dimensions = {int(shapely.get_dimensions(shape)) for shape in shapes}
    if len(dimensions) != 1 or not dimensions <= {1, 2}:
        raise refused(
            "merge.sorts",
            "只能合并面与面、线与线。",
            "Only areas with areas and lines with lines can be merged.",
        )
    union = shapely.union_all(list(shapes))
    if dimensions == {2}:
        if union.geom_type != "Polygon":
            raise _apart()
        return union
    merged = shapely.line_merge(union) if union.geom_type == "MultiLineString" else union
    if merged.geom_type != "LineString":
        raise refused(
            "merge.fork",
            "这些线首尾不相接或有分叉，不能连成一条。",
            "These lines do not meet end to end, or they fork.",
            Text("可先用“延伸”使端点相接。", "Extend them first so that their ends meet."),
        )
    return merged


def _apart() -> Exception:
    return refused(
        "merge.apart",
        "所选的面没有公共边，不能合并。",
        "The areas share no edge, so they cannot become one.",
        Text("先移动或改形，使它们相接。", "Move or reshape them until they touch."),
    )


def _size(feature: Feature) -> float:
    return 0.0 if feature.geometry is None else size(feature.geometry)
