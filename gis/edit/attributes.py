"""Rewriting the attributes of many features at once: by a formula, and by finding and replacing."""

from __future__ import annotations

import math
import operator
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import shapely

from gis.edit.features import check_values, found, layer_of
from gis.edit.geometries import refused
from gis.expression import parse_value
from layers.changes import Change, ChangeSet, Key
from layers.condition import Constant, FieldValue, Operand
from layers.feature import Feature
from layers.layer import Layer
from layers.schema import Field, Value
from layers.snapshot import Snapshot
from layers.text import Text

AREA: Final = Field("area_m2", Text("面积", "Area"), "real", "m²")
LENGTH: Final = Field("length_m", Text("长度", "Length"), "real", "m")
_SIGNS: Final = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
_DECIMALS: Final = 9
"""Of a calculated number: what lies beyond is the noise of binary fractions."""


def formula_fields(layer: Layer) -> tuple[Field, ...]:
    """Return what a formula over a layer may name: its fields, and area and length of the shape."""
    own = tuple(field for field in layer.fields if field.type != "photos")
    names = {word.casefold() for field in own for word in (field.name, *field.title)}
    measured = (f for f in (AREA, LENGTH) if not {f.name, *(t.casefold() for t in f.title)} & names)
    return (*own, *measured)


def calculate_field(snapshot: Snapshot, keys: Collection[Key], name: str, formula: str) -> ChangeSet:
    """Return the change that sets a field of every feature to what a formula gives for it.

    ``+`` joins words as soon as one side is a word. Where a number is missing, or zero divides, the
    result is empty. Words of a code list stand for their code.

    Parameters
    ----------
    keys : collection of Key
        Of one layer.
    name : str
        The field that is set.
    formula : str
        Such as ``层数 * 单元数 * 2`` or ``'A' + number``.

    Raises
    ------
    BadInputError
        If the formula means nothing; says where.
    RefusedError
        If a result does not fit the field; names the feature. Nothing is changed then.
    """
    layer = _one_layer(snapshot, keys)
    field = layer.kind.field(name)
    if field is None:
        check_values(layer, {name: None})
        return ChangeSet()
    operand = parse_value(formula, formula_fields(layer))
    changes = []
    for key in keys:
        feature = found(snapshot, key)
        value = field.kept(_fitted(field, _value(operand, feature)))
        if (problem := field.problem(value)) is not None:
            raise refused(
                "calculate.value",
                f"{layer.name_of(feature).zh}：算得“{_written(value)}”，{problem.zh}。",
                f"{layer.name_of(feature).en}: the result “{_written(value)}” does not fit. {problem.en}.",
                Text("没有修改任何一行。", "No row was changed."),
            )
        changes.append(Change(key[0], feature, feature.with_attributes(**{name: value})))
    return ChangeSet.of(changes)


def replace_values(
    snapshot: Snapshot, keys: Iterable[Key], names: Sequence[str], find: str, put: str, *, whole: bool = False
) -> ChangeSet:
    """Return the change that puts other words or numbers in the place of some.

    Texts are searched for the words, or compared as a `whole`; numbers and codes always as a whole,
    codes by their word or the code.

    Raises
    ------
    RefusedError
        If nothing is searched for, nothing is found, or a replacement does not fit its field; nothing
        is changed then.
    """
    if not find:
        raise refused("replace.empty", "请输入要查找的内容。", "Type what to find.")
    changes = []
    for key in keys:
        layer, feature = layer_of(snapshot, key[0]), found(snapshot, key)
        values = {}
        for field in layer.fields:
            if field.name in names:
                old = feature.attributes.get(field.name)
                new = _replaced(field, old, find, put, whole)
                if new != old:
                    values[field.name] = field.kept(new)
        if values:
            check_values(layer, values)
            changes.append(Change(key[0], feature, feature.with_attributes(**values)))
    if not changes:
        raise refused("replace.nothing", f"没有找到“{find}”。", f"“{find}” was not found.")
    return ChangeSet.of(changes)


def set_cells(snapshot: Snapshot, values: Mapping[Key, Mapping[str, Value]]) -> ChangeSet:
    """Return the change that sets values of several features, of each its own.

    Raises
    ------
    RefusedError
        If a value does not fit its field; names the feature. Nothing is changed then.
    """
    changes = []
    for key, given in values.items():
        layer, feature = layer_of(snapshot, key[0]), found(snapshot, key)
        kept = layer.kind.kept(given)
        for name, value in kept.items():
            field = layer.kind.field(name)
            if field is not None and (problem := field.problem(value)) is not None:
                raise refused(
                    "cells.value",
                    f"{layer.name_of(feature).zh}，{field.title.zh}：“{_written(value)}”，{problem.zh}。",
                    f"{layer.name_of(feature).en}, {field.title.en}: “{_written(value)}”. {problem.en}.",
                    Text("没有修改任何一行。", "No row was changed."),
                )
        check_values(layer, kept)
        after = feature.with_attributes(**kept)
        if after != feature:
            changes.append(Change(key[0], feature, after))
    return ChangeSet.of(changes)


def _one_layer(snapshot: Snapshot, keys: Collection[Key]) -> Layer:
    names = {layer for layer, _ in keys}
    if len(names) != 1:
        raise refused("calculate.rows", "没有要计算的行。", "There are no rows to calculate.")
    return layer_of(snapshot, names.pop())


def _value(operand: Operand, feature: Feature) -> Value:
    if isinstance(operand, Constant):
        return operand.value
    if isinstance(operand, FieldValue):
        return _field_value(operand.name, feature)
    left, right = _value(operand.left, feature), _value(operand.right, feature)
    if operand.sign == "+" and (isinstance(left, str) or isinstance(right, str)):
        return _written(left) + _written(right)
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        return None
    return _reckoned(left, operand.sign, right)


def _reckoned(left: float, sign: str, right: float) -> Value:
    """Return a number, or None where there is none: zero divides, or it is larger than numbers go."""
    try:
        result = _SIGNS[sign](left, right)
        return result if math.isfinite(result) else None
    except (ZeroDivisionError, OverflowError):
        return None


def _field_value(name: str, feature: Feature) -> Value:
    if name in feature.attributes:
        return feature.attributes[name]
    if feature.geometry is None or name not in (AREA.name, LENGTH.name):
        return None
    return round(float(feature.geometry.area if name == AREA.name else shapely.length(feature.geometry)), 3)


def _fitted(field: Field, value: Value) -> Value:
    """Return a result as the field keeps such values."""
    if value is None or isinstance(value, bool):
        return value
    if field.type in ("integer", "real") and isinstance(value, str):
        return _number(value.strip(), value)
    if field.type == "real" and isinstance(value, (int, float)):
        return round(float(value), _DECIMALS)
    if field.type == "integer" and isinstance(value, float):
        near = round(value)
        return near if abs(value - near) < 10**-_DECIMALS else round(value, _DECIMALS)
    if field.domain:
        return field.code(_written(value))
    return _written(value) if field.type not in ("integer", "real", "boolean") else value


def _replaced(field: Field, old: Value, find: str, put: str, whole: bool) -> Value:
    if old is None or field.type in ("photos", "choices"):
        return old
    if field.type in ("text", "long_text", "date"):
        words = str(old)
        if whole:
            return (put or None) if words == find else old
        return (words.replace(find, put) or None) if find in words else old
    if find not in (_written(old), *field.word(old)):
        return old
    if not put:
        return None
    if field.type == "boolean":
        return {"是": True, "yes": True, "否": False, "no": False}.get(put.casefold(), put)
    return field.code(put) if field.domain else _fitted(field, _number(put, put))


def _number(text: str, otherwise: Value) -> Value:
    try:
        value = float(text)
    except ValueError:
        return otherwise or None
    return int(value) if value.is_integer() else value


def _written(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{round(value, _DECIMALS):f}".rstrip("0").rstrip(".")
    return str(value)
