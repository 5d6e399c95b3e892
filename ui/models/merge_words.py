"""A merge as people read it: what comes in, and the three values of a conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from shapely import Geometry

from gis.project import ProjectMerge
from gis.revisions.classify import classify
from gis.revisions.comparison import KIND_WORDS, FeatureChange
from gis.revisions.merge import EXISTENCE, GEOMETRY, Conflict, ConflictId, Side
from layers.changes import Change, ChangeSet, SettingChange
from layers.feature import Feature
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text, same
from ui.models.setting_words import NOTHING, setting_before, setting_title, setting_told
from ui.models.shared_form import geometry_words
from ui.models.words import change_words, feature_title, state_title, value_words


@dataclass(frozen=True)
class ConflictWords:
    """One conflict in words: which object, which of its fields, and the three values."""

    name: Text
    cell: Text
    base: Text
    ours: Text
    theirs: Text


def conflict_words(conflict: Conflict, snapshot: Snapshot) -> ConflictWords:
    """Say what a conflict is about.

    Parameters
    ----------
    conflict : Conflict
    snapshot : Snapshot
        Our working plan, for titles of layers and fields.
    """
    values = (conflict.base, conflict.ours, conflict.theirs)
    if conflict.key is None:
        cell, base, others = conflict.cell, conflict.base, (conflict.ours, conflict.theirs)
        before = setting_before(snapshot, cell, base, others)
        told = (setting_told(snapshot, cell, base, value) for value in others)
        return ConflictWords(*setting_title(cell, snapshot), before, *told)
    layer = snapshot.layers[conflict.key[0]]
    feature = next((f for f in _features(conflict, snapshot) if f is not None), None)
    name = feature_title(layer, feature) if feature is not None else layer.title
    return ConflictWords(
        name, _cell_title(layer, conflict.cell), *(_told(layer, conflict, v) for v in values)
    )


def with_value(snapshot: Snapshot, conflict: Conflict, value: object) -> Snapshot:
    """Return our plan with one conflict decided for a value, to look at on the map."""
    if conflict.key is None:
        before = snapshot.settings.get(conflict.cell)
        return snapshot.apply(ChangeSet({}, {conflict.cell: SettingChange(before, value)}))
    ours = snapshot.feature(conflict.key)
    after = _decided(conflict, ours, value)
    if ours == after or (ours is None and after is None):
        return snapshot
    return snapshot.apply(ChangeSet.of([Change(conflict.key[0], ours, after)]))


def bounds_of(conflict: Conflict, snapshot: Snapshot) -> tuple[float, float, float, float] | None:
    """Return the box around everything a conflict shows on the map, or None."""
    values = (conflict.base, conflict.ours, conflict.theirs)
    shapes = [
        v if isinstance(v, Geometry) else v.geometry if isinstance(v, Feature) else None for v in values
    ]
    ours = snapshot.feature(conflict.key) if conflict.key is not None else None
    shapes.append(ours.geometry if ours is not None else None)
    boxes = [shape.bounds for shape in shapes if shape is not None and not shape.is_empty]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def incoming_of(merge: ProjectMerge, snapshot: Snapshot) -> Iterator[FeatureChange]:
    """Yield what a merge brings without asking, feature by feature in the order of the layers.

    Shapes are held against each other: for many of them, in a worker thread.
    """
    for change in merge.plan.changes:
        layer = snapshot.layers.get(change.layer)
        found = classify(change, layer) if layer is not None else None
        if found is not None:
            yield found


def incoming_applied(merge: ProjectMerge, snapshot: Snapshot) -> Snapshot:
    """Return our plan with everything that a merge brings without asking."""
    changes = [
        c for c in merge.plan.changes if c.layer in snapshot.layers and snapshot.feature(c.key) == c.before
    ]
    return snapshot.apply(ChangeSet.of(changes))


def summary_words(merge: ProjectMerge) -> Text:
    """Say in one line what is merged in: ``对方 R3，之后未冻结修改 5 处；随带版次 1；共同起点 R2``."""
    theirs = merge.theirs
    parts = []
    if theirs.head is not None:
        parts.append(Text("对方最新版次 {h}", "their newest revision {h}").format(h=theirs.head))
    if theirs.unfrozen:
        parts.append(Text("未冻结的修改 {n} 处", "{n} unfrozen edits").format(n=theirs.unfrozen))
    for count, zh, en in (
        (theirs.revisions, "带来版次 {n} 个", "brings {n} revisions"),
        (theirs.photos, "照片 {n} 张", "{n} photos"),
        (theirs.postings, "公示记录 {n} 条", "{n} postings"),
    ):
        if count:
            parts.append(Text(zh, en).format(n=count))
    if merge.base_label is not None:
        parts.append(Text("共同起点 {b}", "both began from {b}").format(b=state_title(merge.base_label)))
    return Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def merged_words(merge: ProjectMerge, decisions: Mapping[ConflictId, Side], changes: ChangeSet) -> Text:
    """Say what a merge has done: how many objects it changed, and how its conflicts were decided."""
    if changes:
        told = Text("{label}：改动 {n} 个对象", "{label}: {n} objects changed").format(
            label=merge.label, n=len(changes.features)
        )
    else:
        told = Text("{label}：方案没有变化", "{label}: the plan stays as it is").format(label=merge.label)
    if merge.conflicts:
        ours = sum(decisions[conflict.id] == "ours" for conflict in merge.conflicts)
        more = Text(
            "；冲突 {n} 处，用本方 {o}、用对方 {t}", "; {n} conflicts, {o} decided for ours, {t} for theirs"
        ).format(n=len(merge.conflicts), o=ours, t=len(merge.conflicts) - ours)
        told = Text(told.zh + more.zh, told.en + more.en)
    return Text(f"{told.zh}。", f"{told.en}.")


def _features(conflict: Conflict, snapshot: Snapshot) -> Iterator[Feature | None]:
    if conflict.key is not None:
        yield snapshot.feature(conflict.key)
    for value in (conflict.ours, conflict.theirs, conflict.base):
        yield value if isinstance(value, Feature) else None


def _cell_title(layer: Layer, cell: str) -> Text:
    if cell == GEOMETRY:
        return Text("图形与位置", "Shape and place")
    if cell == EXISTENCE:
        return Text("保留还是删除", "Kept or deleted")
    field = layer.kind.field(cell)
    return field.title if field is not None else same(cell)


def _told(layer: Layer, conflict: Conflict, value: object) -> Text:
    if conflict.cell == EXISTENCE:
        if isinstance(value, Feature):
            return (
                Text("保留（有修改）", "kept (changed)")
                if value is not conflict.base
                else Text("有", "there")
            )
        return Text("删除", "deleted")
    if isinstance(value, Geometry):
        return _shape_told(layer, conflict.base, value)
    field = layer.kind.field(conflict.cell)
    if field is None or not isinstance(value, (str, int, float, bool)):
        return NOTHING
    return value_words(field, value)


def _shape_told(layer: Layer, base: object, value: Geometry) -> Text:
    """Say how a shape differs from the common one, or how large it is."""
    if isinstance(base, Geometry) and base is not value:
        found = classify(Change(layer.id, Feature("", base, {}), Feature("", value, {})), layer)
        if found is not None:
            how, detail = KIND_WORDS[found.kind], change_words(found)
            return Text(f"{how.zh} {detail.zh}", f"{how.en} {detail.en}")
    shapes = np.empty(1, dtype=object)
    shapes[0] = value
    return geometry_words(shapes)


def _decided(conflict: Conflict, ours: Feature | None, value: object) -> Feature | None:
    if conflict.cell == EXISTENCE:
        return value if isinstance(value, Feature) else None
    if ours is None:
        return None
    if conflict.cell == GEOMETRY:
        return ours.with_geometry(value) if isinstance(value, Geometry) else ours
    known = value if isinstance(value, (str, int, float, bool)) else None
    return ours.with_attributes(**{conflict.cell: known})
