"""Conditions over attributes: a tree of values, asked of whole columns at once.

Plain data without any text form; ``gis/expression.py`` reads and writes what
people type. Nothing is ever executed: a condition can compare, join and
count, and no more.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layers.column import Column, ObjectArray
from layers.schema import Value
from layers.table import Values, numbers

Mask: TypeAlias = NDArray[np.bool_]
Columns: TypeAlias = Mapping[str, Values]
"""Object arrays of one length by field name; a field that is missing is empty everywhere."""

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]
COMPARISONS: Final[tuple[Comparison, ...]] = ("=", "<>", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Constant:
    """A number, a word or a truth value that was typed."""

    value: Value


@dataclass(frozen=True)
class FieldValue:
    """The value of an attribute; `many` where it holds several codes joined by commas."""

    name: str
    many: bool = False


@dataclass(frozen=True)
class Sum:
    """Two numbers joined by ``+ - * /``; empty where one of them is, and where zero divides."""

    sign: Literal["+", "-", "*", "/"]
    left: Operand
    right: Operand


Operand: TypeAlias = Constant | FieldValue | Sum


@dataclass(frozen=True)
class Compare:
    """Whether two values stand in a relation.

    Nothing is larger or smaller than an empty value, and ``<>`` is the exact
    opposite of ``=``: an empty value is not equal to any word.
    """

    left: Operand
    sign: Comparison
    right: Operand


@dataclass(frozen=True)
class OneOf:
    """Whether a value is one of a list."""

    value: Operand
    choices: tuple[Value, ...]


@dataclass(frozen=True)
class Like:
    """Whether the words of a value match a pattern: ``%`` any letters, ``_`` one; case does not count."""

    value: Operand
    pattern: str


@dataclass(frozen=True)
class IsEmpty:
    """Whether there is no value, or a text of no letters."""

    value: Operand


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    inner: Condition


@dataclass(frozen=True)
class All:
    """Whether every one of some conditions holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """Whether at least one of some conditions holds."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Compare | OneOf | Like | IsEmpty | Not | All | AnyOf


def fields_of(tree: Condition | Operand) -> frozenset[str]:
    """Return the names of the fields that a condition asks for.

    Examples
    --------
    >>> sorted(fields_of(Compare(FieldValue("floors"), ">", Constant(6))))
    ['floors']
    """
    match tree:
        case FieldValue(name):
            return frozenset({name})
        case Compare(left, _, right) | Sum(_, left, right):
            return fields_of(left) | fields_of(right)
        case OneOf(value) | Like(value) | IsEmpty(value):
            return fields_of(value)
        case Not(inner):
            return fields_of(inner)
        case All(parts) | AnyOf(parts):
            return frozenset().union(*(fields_of(part) for part in parts))
        case _:
            return frozenset()


def rows_where(condition: Condition, columns: Columns, count: int) -> Mask:
    """Return which of `count` rows meet a condition, shape (count,).

    Examples
    --------
    >>> floors = np.array([5, 6, None], dtype=object)
    >>> rows_where(Compare(FieldValue("floors"), ">=", Constant(6)), {"floors": floors}, 3).tolist()
    [False, True, False]
    """
    match condition:
        case All(parts):
            return np.asarray(np.all([rows_where(part, columns, count) for part in parts], axis=0))
        case AnyOf(parts):
            return np.asarray(np.any([rows_where(part, columns, count) for part in parts], axis=0))
        case Not(inner):
            return ~rows_where(inner, columns, count)
        case Compare(left, sign, right):
            return _compared(left, sign, right, columns, count)
        case OneOf(value, choices):
            return _one_of(value, choices, columns, count)
        case Like(value, pattern):
            return _like(value, pattern, columns, count)
        case IsEmpty(value):
            return _tested(value, columns, count, lambda v: v is None or v == "")


def holds(condition: Condition, attributes: Mapping[str, Value]) -> bool:
    """Tell whether one feature with these attributes meets a condition."""
    columns = {}
    for name in fields_of(condition):
        columns[name] = np.empty(1, dtype=object)
        columns[name][0] = attributes.get(name)
    return bool(rows_where(condition, columns, 1)[0])


def _compared(left: Operand, sign: Comparison, right: Operand, columns: Columns, count: int) -> Mask:
    if sign in ("=", "<>"):
        equal = _equal(left, right, columns, count)
        return equal if sign == "=" else ~equal
    if _is_word(left) or _is_word(right):
        return _word_order(left, sign, right, columns, count)
    first, second = _floats(left, columns, count), _floats(right, columns, count)
    with np.errstate(invalid="ignore"):
        return np.asarray(_ORDER[sign](first, second), dtype=bool)


_ORDER: Final[Mapping[str, Callable[..., object]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _word_order(left: Operand, sign: Comparison, right: Operand, columns: Columns, count: int) -> Mask:
    """Compare words as they are written: dates as 2020-07-25 stand in the order of time."""
    first, second = _objects(left, columns, count), _objects(right, columns, count)
    order = _ORDER[sign]
    pairs = zip(first, second, strict=True)
    return np.fromiter(
        (isinstance(a, str) and isinstance(b, str) and bool(order(a, b)) for a, b in pairs), bool, count
    )


def _equal(left: Operand, right: Operand, columns: Columns, count: int) -> Mask:
    if isinstance(right, Constant):
        return _one_of(left, (right.value,), columns, count)
    if isinstance(left, Constant):
        return _one_of(right, (left.value,), columns, count)
    if isinstance(left, Sum) or isinstance(right, Sum):
        return np.equal(_floats(left, columns, count), _floats(right, columns, count))
    pairs = zip(_objects(left, columns, count), _objects(right, columns, count), strict=True)
    return np.fromiter((a is not None and a == b for a, b in pairs), bool, count)


def _one_of(value: Operand, choices: tuple[Value, ...], columns: Columns, count: int) -> Mask:
    if isinstance(value, Sum):
        found = _floats(value, columns, count)
        return np.isin(found, [float(c) for c in choices if isinstance(c, (int, float))])
    wanted = {_plain(choice) for choice in choices if choice is not None}
    if isinstance(value, FieldValue) and value.many:
        return _tested(
            value,
            columns,
            count,
            lambda v: v is not None and any(("word", c) in wanted for c in str(v).split(",")),
        )
    return _tested(value, columns, count, lambda v: v is not None and _plain(v) in wanted)


def _tested(value: Operand, columns: Columns, count: int, test: Callable[[Value], bool]) -> Mask:
    """Return which values pass a test, asked once for each of few different ones."""

    def tell(values: ObjectArray) -> Mask:
        return np.fromiter(map(test, values), bool, len(values))

    found = columns.get(value.name) if isinstance(value, FieldValue) else None
    if isinstance(found, Column):
        return found.mapped(tell, bool)
    return tell(_objects(value, columns, count))


def _plain(value: Value) -> tuple[str, Value]:
    """Tell truth values from numbers, which Python holds equal."""
    if isinstance(value, bool):
        return "truth", value
    return ("word", value.strip()) if isinstance(value, str) else ("number", value)


def _like(value: Operand, pattern: str, columns: Columns, count: int) -> Mask:
    pieces = _pieces(pattern.casefold())
    return _tested(value, columns, count, lambda v: v is not None and _fits(str(v).casefold(), pieces))


@lru_cache(maxsize=64)
def _pieces(pattern: str) -> tuple[str, ...]:
    """Return what stands between the ``%`` of a pattern."""
    return tuple(pattern.split("%"))


def _fits(word: str, pieces: tuple[str, ...]) -> bool:
    """Match a word against pieces with anything between; in time proportional to both, whatever they hold."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return len(word) == len(first) and _begins(word, first, 0)
    end = len(word) - len(last)
    if end < len(first) or not _begins(word, first, 0) or not _begins(word, last, end):
        return False
    at = len(first)
    for piece in pieces[1:-1]:
        place = next((i for i in range(at, end - len(piece) + 1) if _begins(word, piece, i)), -1)
        if place < 0:
            return False
        at = place + len(piece)
    return True


def _begins(word: str, piece: str, at: int) -> bool:
    return all(p in ("_", word[at + i]) for i, p in enumerate(piece))


def _is_word(value: Operand) -> bool:
    return isinstance(value, Constant) and isinstance(value.value, str)


def _objects(value: Operand, columns: Columns, count: int) -> ObjectArray:
    if isinstance(value, FieldValue):
        found = columns.get(value.name)
        return np.full(count, None, dtype=object) if found is None else np.asarray(found)
    if isinstance(value, Constant):
        return np.full(count, value.value, dtype=object)
    result = _floats(value, columns, count).astype(object)
    result[[v != v for v in result]] = None
    return result


def _floats(value: Operand, columns: Columns, count: int) -> NDArray[np.float64]:
    if isinstance(value, FieldValue) and (found := columns.get(value.name)) is not None:
        return numbers(found)
    if not isinstance(value, Sum):
        return numbers(_objects(value, columns, count))
    left, right = _floats(value.left, columns, count), _floats(value.right, columns, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _SUMS[value.sign](left, right)
    return np.where(np.isfinite(found), found, np.nan)


_SUMS: Final = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
