"""Typed columns for QGIS, exact values for us.

A GeoPackage column coerces: 1.0 becomes 1 in an INTEGER column, a number text
in a TEXT one. A feature whose values all have the very type of their columns is
read straight from the layer table. Any other feature is *odd*: its layer row
holds what fits the columns, its exact values are read from ``pb_row``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from gis.store.geopackage import quoted
from layers.errors import RefusedError
from layers.schema import Field, FieldType, Value
from layers.text import Text

SQL_TYPES: dict[FieldType, str] = {
    "text": "TEXT",
    "long_text": "TEXT",
    "choice": "TEXT",
    "choices": "TEXT",
    "photos": "TEXT",
    "integer": "INTEGER",
    "real": "REAL",
    "boolean": "BOOLEAN",
    "date": "DATE",
}
_PYTHON_TYPES: dict[FieldType, type] = {
    "text": str,
    "long_text": str,
    "choice": str,
    "choices": str,
    "photos": str,
    "integer": int,
    "real": float,
    "boolean": bool,
    "date": str,
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d").fullmatch
_LOW, _HIGH = -(2**63), 2**63 - 1
_NONE = type(None)
PLAIN_TYPES = frozenset({str, int, float, bool, _NONE})
"""What a value of a field can be."""


def plain(value: object) -> Value:
    """Return a value as one of the five plain types.

    Raises
    ------
    RefusedError
        If it is none of them, no finite number, or text that is no Unicode.
    """
    if isinstance(value, np.generic):
        value = value.item()
    elif isinstance(value, str) and type(value) is not str:
        value = str(value)
    if type(value) not in PLAIN_TYPES:
        raise _refused(
            Text("不能保存“{kind}”类型的值。", "A value of type “{kind}” cannot be kept.").format(
                kind=type(value).__name__
            )
        )
    if type(value) is float and not math.isfinite(value):
        raise _refused(Text("数字必须是有限值。", "A number must be finite."))
    return value  # type: ignore[return-value]


def plain_column(values: Sequence[object]) -> Sequence[Value]:
    """Return a column of plain values; the same object if nothing had to change."""
    types = set(map(type, values))
    if types <= PLAIN_TYPES and float not in types:
        return values  # type: ignore[return-value]
    return [plain(v) for v in values]


def stored_column(values: Sequence[Value], field: Field, odd: set[int]) -> Sequence[Value]:
    """Return what the layer table holds of a column; note the rows where that is not exact."""
    types = set(map(type, values)) - {_NONE}
    wanted = _PYTHON_TYPES[field.type]
    checked = field.type in ("date", "integer", "real")
    if types <= {wanted} and not (checked and types):
        return values
    result = []
    for i, value in enumerate(values):
        kept = stored(value, field.type)
        if type(kept) is not type(value) or kept != value or (kept == 0 and str(kept) != str(value)):
            odd.add(i)
        result.append(kept)
    return result


def stored(value: Value, kind: FieldType) -> Value:
    """Return what a typed column holds of a value; None if it does not fit at all."""
    if value is None or type(value) is _PYTHON_TYPES[kind]:
        return _fitting(value, kind)
    if _PYTHON_TYPES[kind] is str and kind != "date":
        return str(value)
    if isinstance(value, str) or kind == "date":
        return None
    if kind == "real":
        return float(value) if abs(value) < 2**1000 else None
    if kind == "boolean":
        return bool(value) if value in (0, 1) else None
    return int(value) if value == int(value) and _LOW <= value <= _HIGH else None


def _fitting(value: Value, kind: FieldType) -> Value:
    if kind == "integer" and value is not None and not _LOW <= value <= _HIGH:  # type: ignore[operator]
        return None
    if kind == "date" and value is not None and not _DATE(str(value)):
        return None
    if kind == "real" and value == 0:
        return 0.0  # SQLite keeps no minus sign of zero
    return value


def read_column(values: Sequence[object], kind: FieldType) -> Sequence[Value]:
    """Return exact values of a column as SQLite gave them; what is no value as `plain_value` takes it."""
    types = set(map(type, values))
    if kind == "boolean" or not types <= PLAIN_TYPES or (float in types and not _all_finite(values)):
        return [plain_value(v, boolean=kind == "boolean") for v in values]
    return values  # type: ignore[return-value]


def _all_finite(values: Sequence[object]) -> bool:
    return all(math.isfinite(v) for v in values if type(v) is float)


def plain_value(value: object, *, boolean: bool) -> Value:
    """Return a value as the program can hold it, whatever another program wrote into the column."""
    if isinstance(value, bytes):
        return decoded(value) or value.decode("utf-8", "replace")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if boolean and type(value) is int and value in (0, 1):
        return bool(value)
    return value  # type: ignore[return-value]


def is_plain(value: object) -> bool:
    """Tell whether a field can hold a value as it is."""
    return type(value) in PLAIN_TYPES and (type(value) is not float or math.isfinite(value))


def decoded(data: bytes) -> str | None:
    """Return text that another program wrote as bytes: UTF-8, or the code of old Chinese programs."""
    for code in ("utf-8", "gb18030"):
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if text.isprintable():
            return text
    return None


def as_bytes(name: str) -> str:
    """Return SQL that reads text of a column as bytes: text that is no Unicode cannot be read otherwise."""
    column = quoted(name)
    return f"CASE typeof({column}) WHEN 'text' THEN CAST({column} AS BLOB) ELSE {column} END"


def _refused(why: Text) -> RefusedError:
    return RefusedError(why, Text("未作任何更改。", "Nothing was changed."), code="value.kind")
