"""The attributes of features that come from a drawing, as columns: what its rows tell of themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gis.exchange.dxf.sorting import TEXTS, Placed, Sorting, kept_words
from gis.exchange.record_changes import IMPORTED
from layers.column import BLOCK
from layers.kind import Kind
from layers.schema import Value


def attribute_columns(sorting: Sorting, layer: str, members: Sequence[Placed]) -> dict[str, list[Value]]:
    """Return the attribute columns of the features of one layer."""
    kind = sorting.snapshot.layers[layer].kind
    columns: dict[str, list[Value]] = {}
    for start in range(0, len(members), BLOCK):
        some = members[start : start + BLOCK]
        told = _told_of(sorting, kind, np.array([p.row for p in some], dtype=np.intp))
        for i, (placed, known) in enumerate(zip(some, told, strict=True), start):
            for name, value in {**known, **placed.values}.items():
                if name not in columns:
                    columns[name] = [_default(kind, name)] * len(members)
                columns[name][i] = value
    return columns


def _told_of(sorting: Sorting, kind: Kind, rows: NDArray[np.intp]) -> list[dict[str, Value]]:
    """Return what rows tell of themselves, as far as a kind keeps it."""
    if kind.role == "reference":
        return _reference_values(sorting, rows)
    if kind.field("source_layer") is None and kind.field(IMPORTED) is not None:
        return kept_words(sorting.drawing, rows)
    return [{} for _ in rows]


def _default(kind: Kind, name: str) -> Value:
    field = kind.field(name)
    default: Value = field.default if field is not None else None
    return default


def _reference_values(sorting: Sorting, rows: NDArray[np.intp]) -> list[dict[str, Value]]:
    drawing = sorting.drawing
    colors, texts = drawing.columns["color"][rows], drawing.columns["text"][rows]
    result: list[dict[str, Value]] = []
    for row, color, text, kept in zip(rows, colors, texts, kept_words(drawing, rows), strict=True):
        values: dict[str, Value] = {
            "source_layer": kept.pop("dxf_layer"),
            "color": color,
            "type": _sort(sorting.types[row]),
        }
        if text:
            values["text"] = text
        result.append(values | kept)
    return result


def _sort(entity: str) -> str:
    """Return what sort of reference an entity is."""
    if entity in TEXTS:
        return "text"
    if entity == "INSERT":
        return "symbol"
    return "dimension" if entity.endswith("DIMENSION") else "drawing"
