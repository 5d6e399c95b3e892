"""Styles and conditions as JSON: what the project file keeps, and what one copies from layer to layer.

Reading trusts nothing: every name, number and colour is checked against what
a style may hold, because the text may come from any clipboard or file.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Any, Final, get_args

from layers.changes import JsonValue
from layers.condition import (
    COMPARISONS,
    All,
    AnyOf,
    Compare,
    Condition,
    Constant,
    FieldValue,
    IsEmpty,
    Like,
    Not,
    OneOf,
    Operand,
    Sum,
)
from layers.errors import BadInputError
from layers.schema import Value
from layers.style import (
    Arrows,
    Crosses,
    Fill,
    Hatch,
    HatchPattern,
    Label,
    LabelPlacement,
    Marker,
    MarkerShape,
    Part,
    Rule,
    Stroke,
    Style,
)
from layers.text import Text

STYLE_FORMAT: Final = "planboard-style"
"""Mark of a style among texts in the clipboard."""
MOST_RULES: Final = 200
MOST_PARTS: Final = 24
DEEPEST: Final = 60
_COLOR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_PARTS: Final[Mapping[str, type]] = {
    kind.__name__.lower(): kind for kind in (Fill, Hatch, Stroke, Arrows, Crosses, Marker)
}
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "pattern": get_args(HatchPattern),
    "shape": get_args(MarkerShape),
    "placement": get_args(LabelPlacement),
}
_LEAST: Final = {"spacing_mm": 0.3, "width_mm": 0.0, "size_mm": 0.2, "angle_deg": -360.0, "priority": -1000.0}
_MOST: Final = {"opacity": 1.0, "width_m": 500.0, "max_scale": 10_000_000.0, "priority": 1000.0}


def style_data(style: Style) -> dict[str, JsonValue]:
    """Return a style as JSON data; fields that have their usual value are left out.

    Examples
    --------
    >>> style_data(Style((Rule(Text("房屋", "House"), (Fill("#FFFFFF"),)),)))["rules"][0]["symbol"]
    [{'part': 'fill', 'color': '#FFFFFF'}]
    """
    found: dict[str, JsonValue] = {"format": STYLE_FORMAT, "rules": [_rule_data(r) for r in style.rules]}
    if style.overlays:
        found["overlays"] = [_rule_data(r) for r in style.overlays]
    if style.labels:
        found["labels"] = [_given(label) for label in style.labels]
    return found


def style_of(data: JsonValue) -> Style:
    """Return the style that JSON data describes; the same object for the same data.

    Raises
    ------
    BadInputError
        With the code ``style.data``, naming what is wrong.
    """
    try:
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise _bad(Text("样式数据", "the style data")) from error
    return _style_of(text)


@lru_cache(maxsize=256)
def _style_of(text: str) -> Style:
    data = _mapping(json.loads(text))
    if data.get("format") != STYLE_FORMAT:
        raise _bad(Text("开头的标记", "the mark at the beginning"))
    rules = tuple(_rule(item) for item in _list(data.get("rules"), MOST_RULES))
    if not rules:
        raise _bad(Text("符号（一个也没有）", "the symbols (there is none)"))
    return Style(
        rules,
        tuple(_rule(item) for item in _list(data.get("overlays", []), MOST_RULES)),
        tuple(_value_of(Label, _mapping(item)) for item in _list(data.get("labels", []), MOST_PARTS)),
    )


def _rule_data(rule: Rule) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {
        "title": list(rule.title),
        "symbol": [{"part": type(part).__name__.lower(), **_given(part)} for part in rule.symbol],
    }
    if rule.when:
        found["when"] = {name: list(values) for name, values in rule.when.items()}
    if rule.condition is not None:
        found["condition"] = condition_data(rule.condition)
    return found


def _given(value: Any) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for field in fields(value):
        given = getattr(value, field.name)
        if field.default is MISSING or given != field.default:
            found[field.name] = _plain(given)
    return found


def _plain(value: Any) -> JsonValue:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _rule(item: JsonValue) -> Rule:
    data = _mapping(item)
    title = _list(data.get("title"), 2)
    if len(title) != 2:
        raise _bad(Text("符号的名称", "the title of a symbol"))
    wanted = _mapping(data.get("when", {}))
    wanted = _mapping(data.get("when", {}))
    when = {_name(name): tuple(_scalar(v) for v in _list(values, 5000)) for name, values in wanted.items()}
    condition = data.get("condition")
    return Rule(
        Text(_words(title[0], 200), _words(title[1], 200)),
        tuple(_part(p) for p in _list(data.get("symbol"), MOST_PARTS)),
        when,
        None if condition is None else condition_of(condition),
    )


def _part(item: JsonValue) -> Part:
    data = dict(_mapping(item))
    kind = _PARTS.get(str(data.pop("part", "")))
    if kind is None:
        raise _bad(Text("一种不认识的符号", "a part of no known kind"))
    part: Part = _value_of(kind, data)
    return part


def _value_of(kind: type[Any], data: Mapping[str, JsonValue]) -> Any:
    known = {field.name: field for field in fields(kind)}
    if unknown := sorted(set(data) - set(known)):
        raise _bad(Text(f"“{unknown[0][:40]}”", f"“{unknown[0][:40]}”"))
    missing = [f.name for f in known.values() if f.default is MISSING and f.name not in data]
    if missing:
        raise _bad(Text(f"“{missing[0]}”（缺少）", f"“{missing[0]}” (missing)"))
    return kind(**{name: _checked(name, known[name].default, value) for name, value in data.items()})


def _checked(name: str, usual: Any, value: JsonValue) -> Any:
    """Return the value of one field of a part or label, or refuse it."""
    if name in _CHOICES:
        return _one_of(name, value)
    if name == "hide_when":
        pairs = [_list(pair, 2) for pair in _list(value, 50)]
        return tuple((_name(pair[0]), _scalar(pair[1])) for pair in pairs if len(pair) == 2)
    if name == "dash":
        return tuple(_number("dash", length) for length in _list(value, 12))
    if name == "template":
        return _words(value, 500)
    if name.endswith("_field"):
        return None if value is None else _name(value)
    if isinstance(usual, bool):
        if not isinstance(value, bool):
            raise _bad(Text(f"“{name}”", f"“{name}”"))
        return value
    if isinstance(usual, (int, float)):
        number = _number(name, value)
        return int(number) if isinstance(usual, int) else number
    return _color(name, value)


def _one_of(name: str, value: JsonValue) -> str:
    if value not in _CHOICES[name]:
        raise _bad(Text(f"“{name}”", f"“{name}”"))
    return str(value)


def _number(name: str, value: JsonValue) -> float:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not good or not _LEAST.get(name, 0.0) <= value <= _MOST.get(name, 1000.0):
        raise _bad(Text(f"“{name}”的数值", f"the number of “{name}”"))
    return float(value)


def _color(name: str, value: JsonValue) -> str:
    none = value == "" and name in ("fill", "casing")
    none = value == "" and name in ("fill", "casing")
    if not isinstance(value, str) or not (_COLOR.fullmatch(value) or none):
        raise _bad(Text(f"“{name}”的颜色", f"the colour of “{name}”"))
    return value


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    if not isinstance(value, dict):
        raise _bad(Text("结构", "its structure"))
    return value


def _list(value: JsonValue, most: int) -> list[JsonValue]:
    if not isinstance(value, list) or len(value) > most:
        raise _bad(Text("结构", "its structure"))
    return value


def _words(value: JsonValue, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise _bad(Text("一段文字", "a text"))
    return value


def _name(value: JsonValue) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise _bad(Text("字段名", "the name of a field"))
    return value


def _scalar(value: JsonValue) -> Value:
    if value is not None and not isinstance(value, (str, int, float, bool)):
        raise _bad(Text("一个取值", "a value"))
    return value


def _bad(what: Text) -> BadInputError:
    return BadInputError(
        Text("样式读不懂：{w}不对。", "The style cannot be read: {w} is wrong.").format(w=what),
        Text("样式没有改动。", "The style was left as it is."),
        code="style.data",
    )


def condition_data(condition: Condition) -> JsonValue:
    """Return a condition as JSON data.

    Examples
    --------
    >>> condition_data(Compare(FieldValue("floors"), ">", Constant(6)))
    ['>', {'field': 'floors'}, 6]
    """
    match condition:
        case Compare(left, sign, right):
            return [sign, _operand_data(left), _operand_data(right)]
        case OneOf(value, choices):
            return ["in", _operand_data(value), list(choices)]
        case Like(value, pattern):
            return ["like", _operand_data(value), pattern]
        case IsEmpty(value):
            return ["empty", _operand_data(value)]
        case Not(inner):
            return ["not", condition_data(inner)]
        case All(parts):
            return ["and", *(condition_data(part) for part in parts)]
        case AnyOf(parts):
            return ["or", *(condition_data(part) for part in parts)]


def _operand_data(value: Operand) -> JsonValue:
    match value:
        case Constant(constant):
            return constant
        case FieldValue(name, many):
            return {"field": name, "many": True} if many else {"field": name}
        case Sum(sign, left, right):
            return [sign, _operand_data(left), _operand_data(right)]


def condition_of(data: JsonValue, depth: int = 0) -> Condition:
    """Return the condition that JSON data describes.

    Raises
    ------
    BadInputError
        With the code ``style.data``.
    """
    items = _list(data, 500)
    if not items or depth > DEEPEST:
        raise _bad(Text("条件", "a condition"))
    name, rest = items[0], items[1:]
    if name in COMPARISONS and len(rest) == 2:
        return Compare(_operand(rest[0], depth), name, _operand(rest[1], depth))
    found = _CONDITIONS.get(str(name))
    if found is None or not rest or (found[0] and len(rest) != found[0]):
        raise _bad(Text("条件", "a condition"))
    return found[1](rest, depth + 1)


def _inner(items: Iterable[JsonValue], depth: int) -> tuple[Condition, ...]:
    return tuple(condition_of(item, depth) for item in items)


_CONDITIONS: Final[Mapping[str, tuple[int, Callable[[list[JsonValue], int], Condition]]]] = {
    "in": (2, lambda r, d: OneOf(_operand(r[0], d), tuple(_scalar(v) for v in _list(r[1], 5000)))),
    "like": (2, lambda r, d: Like(_operand(r[0], d), _words(r[1], 500))),
    "empty": (1, lambda r, d: IsEmpty(_operand(r[0], d))),
    "not": (1, lambda r, d: Not(condition_of(r[0], d))),
    "and": (0, lambda r, d: All(_inner(r, d))),
    "or": (0, lambda r, d: AnyOf(_inner(r, d))),
}  # fmt: skip


def _operand(data: JsonValue, depth: int) -> Operand:
    if isinstance(data, dict):
        return FieldValue(_name(data.get("field")), data.get("many") is True)
    if isinstance(data, list):
        if len(data) != 3 or data[0] not in ("+", "-", "*", "/") or depth > DEEPEST:
            raise _bad(Text("条件", "a condition"))
        return Sum(data[0], _operand(data[1], depth + 1), _operand(data[2], depth + 1))
    return Constant(_scalar(data))
