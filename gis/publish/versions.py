"""The public versions of a layer's features over several revisions.

A feature that stays as it is through five revisions is held once, with the
first and the last revision that show it; so five revisions cost little more
than one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gis.publish.content import PublicField, PublicLayer, Shape
from gis.publish.photos import PhotoShelf
from gis.publish.profile import Profile
from gis.publish.removed import Removed, whole_text
from gis.publish.shapes import quantised
from layers.errors import Finding
from layers.layer import Layer
from layers.schema import Field, Value
from layers.style import Label, Rule, Style
from layers.text import Text

OF_PEOPLE: Final = frozenset({"户", "人", "户次", "人次", "households", "persons", "people"})
"""Units of fields that count people, in whatever layer."""

LEAST_PEOPLE: Final = 10
"""The smallest group whose size a page for everybody tells: behind fewer doors each is known."""

_PLAIN: Final[tuple[type, ...]] = (bool, int, float, type(None))


@dataclass
class _Version:
    first: int
    last: int
    shape: Shape
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Versions:
    """A public layer, and where each feature of the project stands in it.

    Parameters
    ----------
    layer : PublicLayer
    rows : mapping of feature id to list of (first revision, last revision, row)
        Stays inside the program: ids are not published.
    """

    layer: PublicLayer
    rows: dict[str, list[tuple[int, int, int]]]

    def row(self, uid: str, revision: int) -> int | None:
        """Return the row that shows a feature in a revision, or None."""
        found = self.rows.get(uid, ())
        return next((row for first, last, row in found if first <= revision <= last), None)


def layer_versions(
    states: Sequence[Layer | None],
    profile: Profile,
    origin: tuple[float, float],
    removed: Removed,
    shelf: PhotoShelf | None = None,
) -> Versions:
    """Return the public versions of one layer.

    Parameters
    ----------
    states : sequence of Layer or None
        The layer in each revision, oldest first; None where it does not exist.
        The last one there is says how it is called and drawn.
    origin : (float, float)
        East and north of the page's zero, metres.
    shelf : PhotoShelf, optional
        Where photos come from; none are published without it.
    """
    latest = next(layer for layer in reversed(states) if layer is not None)
    fields = profile.fields(latest)
    _note_private_fields(latest, (*fields, *(_photo_fields(latest) if shelf else ())), removed)
    histories: dict[str, list[_Version]] = {}
    for revision, layer in enumerate(states):
        if layer is not None:
            _add_revision(histories, revision, layer, _rows(layer, fields, removed, profile), origin)
    made = _gathered(latest, fields, histories, removed)
    if shelf is None or states[-1] is None:
        return made
    photos = _photos(made, states[-1], len(states) - 1, shelf, removed)
    return replace(made, layer=replace(made.layer, photos=photos))


def _photo_fields(layer: Layer) -> tuple[Field, ...]:
    return tuple(f for f in layer.fields if f.type == "photos")


def _photos(
    made: Versions, layer: Layer, revision: int, shelf: PhotoShelf, removed: Removed
) -> dict[int, tuple[int, ...]]:
    """Return the photos of the features that the last revision shows."""
    photos: dict[int, tuple[int, ...]] = {}
    for column in _photo_fields(layer):
        for uid, value in zip(layer.table.uids, layer.table.columns.get(column.name, ()), strict=False):
            row = made.row(uid, revision) if value else None
            if row is not None and (places := shelf.places(value, removed, layer.id, uid)):
                photos[row] = photos.get(row, ()) + places
    return photos


def _add_revision(
    histories: dict[str, list[_Version]],
    revision: int,
    layer: Layer,
    rows: Iterator[tuple[Value, ...]],
    origin: tuple[float, float],
) -> None:
    shapes = quantised(np.asarray(layer.table.geometry), origin)
    for uid, shape, values in zip(layer.table.uids, shapes, rows, strict=True):
        history = histories.setdefault(uid, [])
        last = history[-1] if history else None
        if last and last.last == revision - 1 and last.values == values and last.shape.key == shape.key:
            last.last = revision
        else:
            history.append(_Version(revision, revision, shape, values))


def _rows(
    layer: Layer, fields: Sequence[Field], removed: Removed, profile: Profile
) -> Iterator[tuple[Value, ...]]:
    """Yield the public values of each feature."""
    if not fields:
        return iter([()] * len(layer.table))
    missing = (None,) * len(layer.table)
    columns = []
    for field in fields:
        column = _public_column(layer, field, tuple(layer.table.columns.get(field.name, missing)), removed)
        if profile.for_everybody and field.unit in OF_PEOPLE:
            column = _without_few(layer, field, column, removed)
        columns.append(column)
    return zip(*columns, strict=True)


def _without_few(layer: Layer, field: Field, column: list[Value], removed: Removed) -> list[Value]:
    """Leave out counts of so few people that a neighbour could tell who is meant."""
    # Words where a count belongs ("5户, 王家") may tell the same: they are kept back like a small one.
    few = [isinstance(v, str) or (v is not None and 0 < v < LEAST_PEOPLE) for v in column]
    if any(few):
        message = Text(
            "{layer}的“{field}”中有 {n} 个值少于 {least}{unit}，不公开。",
            "{field} of {layer}: {n} values under {least} {unit} are not published.",
        ).format(layer=layer.title, field=field.title, n=sum(few), least=LEAST_PEOPLE, unit=field.unit)
        removed.add(Finding("publish.few", message, "info", layer=layer.id, field=field.name))
    return [None if hidden else value for hidden, value in zip(few, column, strict=True)]


def _public_column(layer: Layer, column: Field, values: Sequence[Value], removed: Removed) -> list[Value]:
    where = Text("{layer}的“{field}”", "{field} of {layer}").format(layer=layer.title, field=column.title)
    coded = column.type == "date" or bool(column.domain)
    result: list[Value] = []
    for uid, value in zip(layer.table.uids, values, strict=True):
        if isinstance(value, str):
            # Another program may have written words into a code, a date or a number.
            free = not coded or column.problem(value) is not None
            text = removed.text(value, where, layer=layer.id, uid=uid, field=column.name) if free else value
            result.append(whole_text(text))
        elif isinstance(value, _PLAIN):
            result.append(None if isinstance(value, float) and not math.isfinite(value) else value)
        else:  # another program wrote bytes into the column: nobody can tell what they say
            removed.add(_unreadable(where, layer.id, uid, column.name))
            result.append(None)
    return result


def _unreadable(where: Text, layer: str, uid: str, field: str) -> Finding:
    message = Text(
        "{where}中有一个值不是文字或数字，已留空。",
        "{where}: a value is neither words nor a number; left empty.",
    ).format(where=where)
    return Finding("publish.unreadable", message, "warning", layer=layer, uid=uid, field=field)


def _gathered(
    layer: Layer, fields: Sequence[Field], histories: dict[str, list[_Version]], removed: Removed
) -> Versions:
    versions = [v for history in histories.values() for v in history]
    rows: dict[str, list[tuple[int, int, int]]] = {}
    feature: list[int] = []
    for number, (uid, history) in enumerate(histories.items()):
        start = len(feature)
        rows[uid] = [(v.first, v.last, start + i) for i, v in enumerate(history)]
        feature.extend([number] * len(history))
    columns = {f.name: tuple(v.values[i] for v in versions) for i, f in enumerate(fields)}
    public = PublicLayer(
        id=layer.id,
        title=removed.both(layer.title, Text("图层名称", "Layer name")),
        group=removed.both(layer.group, Text("图层分组", "Layer group")),
        role=layer.kind.role,
        fields=tuple(PublicField(f.name, f.title, f.type, f.unit, f.domain) for f in fields),
        style=_public_style(layer, frozenset(columns), removed),
        name_template=layer.kind.name_template,
        number_field=layer.kind.number_field if layer.kind.number_field in columns else None,
        visible=layer.visible,
        opacity=layer.opacity,
        shapes=tuple(v.shape for v in versions),
        columns=columns,
        first=tuple(v.first for v in versions),
        last=tuple(v.last for v in versions),
        feature=tuple(feature),
    )
    return Versions(public, rows)


def _public_style(layer: Layer, names: frozenset[str], removed: Removed) -> Style:
    """Return the style with words that may be published; the user may have written them.

    A rule that asks for a field which stays inside goes with it: it draws nothing here, and made
    by category its words are the very values of that field.
    """
    style = layer.style
    if style is layer.kind.style:
        return style
    where = Text("图例文字", "Words of the legend")

    def rules(old: tuple[Rule, ...]) -> tuple[Rule, ...]:
        open_ones = (rule for rule in old if rule.fields <= names)
        return tuple(replace(rule, title=removed.both(rule.title, where)) for rule in open_ones)

    _note_private_rules(layer, names, removed)
    labels = tuple(_public_label(a, where, removed) for a in style.labels)
    return Style(rules(style.rules) or layer.kind.style.rules, rules(style.overlays), labels)


def _public_label(label: Label, where: Text, removed: Removed) -> Label:
    hide_when = tuple(
        (name, removed.text(value, where) if isinstance(value, str) else value)
        for name, value in label.hide_when
    )
    return replace(label, template=removed.text(label.template, where), hide_when=hide_when)


def _note_private_rules(layer: Layer, names: frozenset[str], removed: Removed) -> None:
    closed = sum(not rule.fields <= names for rule in (*layer.style.rules, *layer.style.overlays))
    if closed:
        message = Text(
            "{layer}的图例有 {n} 项按不公开的字段划分，不公开。",
            "{layer}: {n} legend entries made from fields that stay inside are not published.",
        ).format(layer=layer.title, n=closed)
        removed.add(Finding("publish.legend", message, "info", layer=layer.id))


def _note_private_fields(layer: Layer, fields: Sequence[Field], removed: Removed) -> None:
    kept = {f.name for f in fields}
    for column in layer.fields:
        filled = sum(v not in (None, "") for v in layer.table.columns.get(column.name, ()))
        if column.name not in kept and filled:
            message = Text(
                "{layer}的“{field}”不公开（{n} 条）。", "{field} of {layer} is not published ({n} values)."
            ).format(layer=layer.title, field=column.title, n=filled)
            removed.add(Finding("publish.field", message, "info", layer=layer.id, field=column.name))
