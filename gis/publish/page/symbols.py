"""Styles as the page's script draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.publish.content import PublicField, PublicLayer
from gis.publish.page.columns import template_parts, worded
from layers import palette
from layers.schema import Value
from layers.style import Crosses, Fill, Hatch, Label, Marker, Part, Rule, Stroke, Style, Symbol
from layers.text import Text

CHANGE_SYMBOLS: Final[Mapping[str, Symbol]] = {
    "added": (
        Fill(palette.ADDED, 0.16),
        Stroke(palette.ADDED, 0.8),
        Marker("circle", 2.6, fill="", line=palette.ADDED, line_mm=0.6),
    ),
    "removed": (
        Hatch("diagonal", palette.REMOVED, spacing_mm=1.6, width_mm=0.18, angle_deg=135),
        Stroke(palette.REMOVED, 0.6, dash=(1.8, 0.9)),
        Crosses(palette.REMOVED, size_mm=1.6, spacing_mm=7.0, width_mm=0.4),
        Marker("cross", 2.4, line=palette.REMOVED, line_mm=0.5),
    ),
    "moved": (Stroke(palette.MOVED, 0.7), Marker("circle", 2.6, fill="", line=palette.MOVED, line_mm=0.6)),
    "reshaped": (Stroke(palette.MOVED, 0.7),),
    "changed": (
        Stroke(palette.CHANGED, 0.7, dash=(0.7, 0.7)),
        Marker("circle", 2.6, fill="", line=palette.CHANGED, line_mm=0.5),
    ),
    "before": (
        Stroke(palette.MOVED, 0.4, dash=(1.6, 1.0)),
        Marker("circle", 1.8, fill="", line=palette.MOVED, line_mm=0.3),
    ),
}
"""How changed features are marked, as ``gis.render`` marks them; ``before`` is where a moved one was."""


def change_data() -> dict[str, list[dict[str, Any]]]:
    """Return the marks of changed features as JSON data."""
    return {kind: [_part(part, ()) for part in symbol] for kind, symbol in CHANGE_SYMBOLS.items()}


def style_data(style: Style, known: Sequence[PublicField]) -> dict[str, Any]:
    """Return a style as JSON data; fields become their places among the `known` ones, or -1."""
    names = [field.name for field in known]
    return {
        "rules": [_rule(rule, names) for rule in style.rules],
        "overlays": [_rule(rule, names) for rule in style.overlays],
        "labels": [_label(label, names, known) for label in style.labels],
    }


def looks(layer: PublicLayer) -> tuple[list[list[int]], NDArray[np.int64]]:
    """Return how the versions of a layer look.

    Returns
    -------
    looks : list of [rule, overlay, overlay ...]
        Places of the rules that match; rule -1 if none does.
    which : array, shape (n,)
        The look of each version. A rule that asks for a field that is not
        published does not match.
    """
    known: dict[tuple[int, ...], int] = {}
    which = np.zeros(len(layer.shapes), dtype=np.int64)
    asked = sorted({n for rule in (*layer.style.rules, *layer.style.overlays) for n in rule.fields})
    cache: dict[tuple[tuple[type, Value], ...], int] = {}
    missing = (None,) * len(layer.shapes)
    columns = [layer.columns.get(name, missing) for name in asked]
    for i, values in enumerate(zip(*columns, strict=True) if columns else [()] * len(layer.shapes)):
        key = tuple((type(v), v) for v in values)
        if key not in cache:
            given = {n: v for n, v in zip(asked, values, strict=True) if n in layer.columns}
            look = _look(layer.style, given)
            cache[key] = known.setdefault(look, len(known))
        which[i] = cache[key]
    return [list(look) for look in known], which


def _look(style: Style, values: Mapping[str, Value]) -> tuple[int, ...]:
    rule = next((i for i, r in enumerate(style.rules) if _matches(r, values)), -1)
    return rule, *(i for i, r in enumerate(style.overlays) if _matches(r, values))


def _matches(rule: Rule, values: Mapping[str, Value]) -> bool:
    """Tell whether a rule takes these values; one that asks for what is not published takes none."""
    if not rule.fields <= values.keys():
        return False
    return all(
        any(type(v) is type(values[n]) and v == values[n] for v in wanted) for n, wanted in rule.when.items()
    ) and rule.meets(values)


def _rule(rule: Rule, names: Sequence[str]) -> dict[str, Any]:
    return {"title": list(rule.title), "parts": [_part(part, names) for part in rule.symbol]}


def _part(part: Part, names: Sequence[str]) -> dict[str, Any]:
    return {"t": type(part).__name__.lower(), **_given(part, names)}


def _label(label: Label, names: Sequence[str], known: Sequence[PublicField] = ()) -> dict[str, Any]:
    look = {**_given(label, names), "template": template_parts(label.template, names)}
    if label.hide_when:
        shown = {field.name: field for field in known}
        look["hide_when"] = [
            [names.index(name), worded(shown[name], [value])[0] if name in shown else value]
            for name, value in label.hide_when
            if name in names
        ]
    return look


def _given(value: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the fields of a style value that differ from their defaults."""
    result: dict[str, Any] = {}
    for field in fields(value):
        given = getattr(value, field.name)
        if field.default is not MISSING and given == field.default:
            continue
        if field.name.endswith("_field"):
            given = names.index(given) if given in names else -1
        result[field.name] = list(given) if isinstance(given, (tuple, Text)) else given
    return result
