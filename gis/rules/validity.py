"""Every feature needs a sound shape and its required fields."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.invalid import why_invalid
from gis.rules.registry import found, rule
from layers.errors import Finding
from layers.snapshot import Snapshot
from layers.text import Text

SHAPE = "rules.geometry"
VALUE = "rules.value"
REQUIRED = "rules.required"


@rule(SHAPE, "图形缺失或无效", "a shape is missing or invalid")
def unsound_shapes(snapshot: Snapshot) -> Iterator[Finding]:
    """Find features without a shape, or with one that crosses itself.

    Comments need no place.
    """
    for layer in snapshot.layers.values():
        geometry = layer.table.geometry
        missing = shapely.is_missing(geometry)
        placeless = shapely.is_empty(geometry) | missing & layer.kind.geometry_required
        bad = ~shapely.is_valid(geometry) & ~missing | placeless
        for i in np.flatnonzero(bad):
            feature = layer.table.at(int(i))
            if feature.geometry is None or feature.geometry.is_empty:
                yield found(SHAPE, Text("{name} 没有图形", "{name} has no shape"), layer, feature, "error")
                continue
            words = Text("{name} 的图形无效：{why}", "the shape of {name} is invalid: {why}")
            words = words.format(name=layer.name_of(feature), why=why_invalid(feature.geometry))
            yield found(SHAPE, words, layer, feature, "error")


@rule(REQUIRED, "缺少必填属性", "a required field is empty")
def missing_values(snapshot: Snapshot) -> Iterator[Finding]:
    """Find features whose required fields are empty."""
    for layer in snapshot.layers.values():
        for field in layer.fields:
            column = layer.table.columns.get(field.name)
            if not field.required or column is None:
                continue
            for i in np.flatnonzero([value is None or value == "" for value in column]):
                feature = layer.table.at(int(i))
                words = Text("{name} 缺少“{field}”", "{name} lacks “{field}”")
                words = words.format(name=layer.name_of(feature), field=field.title)
                yield found(REQUIRED, words, layer, feature, "warning", field.name)


@rule(VALUE, "属性值不合规定", "a value that its field does not allow")
def unfit_values(snapshot: Snapshot) -> Iterator[Finding]:
    """Find values outside the range or code list of their fields, as edits in other programs leave them."""
    for layer in snapshot.layers.values():
        for field in layer.fields:
            for i, value in enumerate(layer.table.columns.get(field.name, ())):
                if value is None or value == "" or not (problem := field.problem(value)):
                    continue
                feature = layer.table.at(i)
                words = Text("{name} 的“{field}”：{why}", "“{field}” of {name}: {why}")
                words = words.format(name=layer.name_of(feature), field=field.title, why=problem)
                yield found(VALUE, words, layer, feature, "warning", field.name)
