"""What people type to pick features: ``层数 > 6 and 用途 in ('住宅', '商铺')``.

A parser of its own for comparisons, nothing else: no call, no attribute, no
name outside the fields. Fields are named by their title in either language
or by their column; codes by their word or by the code. What was typed is
turned into a condition (``layers/condition.py``) and written back in a form
that does not depend on the language: column names and codes.

::

    condition  = and-part {("or" | 或 | 或者) and-part}
    and-part   = not-part {("and" | 且 | 并且 | 和) not-part}
    not-part   = ("not" | 非) not-part | "(" condition ")" | test
    test       = sum (= | <> | != | ≠ | < | <= | ≤ | > | >= | ≥) sum
               | sum [not] in (value, ...)        属于
               | sum [not] like 'a%'              类似; contains 'a' 包含
               | sum [not] between sum and sum    介于
               | sum is [not] empty               为空, 不为空; null
    sum        = product {(+ | -) product};  product = operand {(* | /) operand}
    operand    = number | 'word' | field | "field" | [field] | true | false | "(" sum ")"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from gis.expression_words import Token, is_plain_name, tokens_of, trouble
from layers.condition import (
    All,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    Constant,
    FieldValue,
    IsEmpty,
    Like,
    Mask,
    Not,
    OneOf,
    Operand,
    Sum,
    fields_of,
    holds,
    rows_where,
)
from layers.errors import BadInputError
from layers.schema import Field, Value
from layers.table import Table
from layers.text import Text

DEEPEST: Final = 40
"""Brackets within brackets."""


@dataclass(frozen=True)
class Expression:
    """A condition that was understood.

    Parameters
    ----------
    text : str
        The same in columns and codes, whatever language it was typed in; reads back to the same condition.
    condition : Condition
    """

    text: str
    condition: Condition

    @property
    def fields(self) -> frozenset[str]:
        """The columns asked for."""
        return fields_of(self.condition)

    def rows(self, table: Table) -> Mask:
        """Return which rows of a table meet it, shape (n,); a column that is not there is empty."""
        return rows_where(self.condition, table.columns, len(table))

    def holds(self, attributes: Mapping[str, Value]) -> bool:
        """Tell whether one feature meets it."""
        return holds(self.condition, attributes)


def parse_expression(text: str, fields: Iterable[Field]) -> Expression:
    """Read a condition over some fields.

    Parameters
    ----------
    text : str
        At most 2,000 letters.
    fields : iterable of Field
        What may be asked for.

    Raises
    ------
    BadInputError
        With the code ``expression.*``, a sentence that names what was not understood, and its place in
        `record` of the one finding (the first letter is 1).

    Examples
    --------
    >>> floors = Field("floors", Text("层数", "Floors"), "integer")
    >>> parse_expression("层数 >= 6 且 层数 <> 11", [floors]).text
    'floors >= 6 and floors <> 11'
    """
    return _parsed(text, tuple(fields))


def parse_value(text: str, fields: Iterable[Field]) -> Operand:
    """Read a formula: numbers, words and fields joined by ``+ - * /``.

    Raises
    ------
    BadInputError
        As for `parse_expression`.

    Examples
    --------
    >>> parse_value("层数 * 2", [Field("floors", Text("层数", "Floors"), "integer")])
    Sum(sign='*', left=FieldValue(name='floors', many=False), right=Constant(value=2))
    """
    return _Reader(tokens_of(text), tuple(fields)).value()


@lru_cache(maxsize=256)
def _parsed(text: str, fields: tuple[Field, ...]) -> Expression:
    reader = _Reader(tokens_of(text), fields)
    condition = reader.whole()
    return Expression(write_condition(condition), condition)


def write_condition(condition: Condition) -> str:
    """Return a condition as it may be typed, in columns and codes."""
    match condition:
        case All(parts):
            return " and ".join(_bracketed(p, (AnyOf,)) for p in parts)
        case AnyOf(parts):
            return " or ".join(write_condition(p) for p in parts)
        case Not(inner):
            return f"not {_bracketed(inner, (All, AnyOf, Compare, OneOf, Like, IsEmpty))}"
        case Compare(left, sign, right):
            return f"{_written(left)} {sign} {_written(right)}"
        case OneOf(value, choices):
            return f"{_written(value)} in ({', '.join(_written(Constant(c)) for c in choices)})"
        case Like(value, pattern):
            return f"{_written(value)} like {_written(Constant(pattern))}"
        case IsEmpty(value):
            return f"{_written(value)} is empty"


def _bracketed(condition: Condition, kinds: tuple[type, ...]) -> str:
    words = write_condition(condition)
    return f"({words})" if isinstance(condition, kinds) else words


def _written(value: Operand) -> str:
    if isinstance(value, FieldValue):
        return value.name if is_plain_name(value.name) else f"[{value.name}]"
    if isinstance(value, Sum):
        return f"({_written(value.left)} {value.sign} {_written(value.right)})"
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    if isinstance(value.value, str):
        return "'" + value.value.replace("'", "''") + "'"
    return np.format_float_positional(float(value.value or 0), trim="-")


class _Reader:
    """Reads the tokens of one expression from left to right."""

    def __init__(self, tokens: Sequence[Token], fields: Sequence[Field]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._names: dict[str, Field] = {}
        known = tuple(fields)
        for field in reversed(known):
            self._names |= {title.casefold(): field for title in field.title}
        # a column wins over a title, so that what is written back always reads to the same
        self._names |= {field.name.casefold(): field for field in known}
        self._fields = known

    def whole(self) -> Condition:
        found = self._either()
        if self._token.kind != "end":
            raise self._stuck()
        return found

    def value(self) -> Operand:
        found = self._sum()
        if self._token.kind != "end":
            raise self._stuck()
        return found

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _take(self, *words: str) -> Token | None:
        token = self._token
        if token.kind in ("word", "sign") and token.key in words:
            self._at += 1
            return token
        return None

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _both(self) -> Condition:
        parts = [self._negated()]
        while self._take("and"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _negated(self) -> Condition:
        if token := self._take("not"):
            self._deeper(token)
            found = Not(self._negated())
            self._depth -= 1
            return found
        if self._token.key == "(" and not self._sum_in_brackets():
            token = self._token
            self._at += 1
            self._deeper(token)
            inner = self._either()
            self._close()
            self._depth -= 1
            return inner
        return self._test()

    def _sum_in_brackets(self) -> bool:
        """Tell whether an open bracket holds a sum: then a comparison goes on behind it."""
        depth, at = 0, self._at
        while self._tokens[at].kind != "end":
            key = self._tokens[at].key if self._tokens[at].kind == "sign" else ""
            depth += (key == "(") - (key == ")")
            at += 1
            if depth == 0:
                break
        after = self._tokens[at]
        return after.key in _AFTER_SUM and after.kind in ("sign", "word") and self._no_test(at)

    def _no_test(self, end: int) -> bool:
        inside = self._tokens[self._at + 1 : end - 1]
        return not any(t.kind in ("sign", "word") and t.key in _TESTS for t in inside)

    def _test(self) -> Condition:
        value = self._sum()
        if sign := self._take("=", "<>", "<", "<=", ">", ">="):
            other = self._sum()
            return Compare(*_worded(value, _sign(sign.key), other, self._names))
        negated = self._take("not") is not None
        found = self._listed(value) or self._patterned(value) or self._ranged(value) or self._emptied(value)
        if found is None:
            raise self._stuck()
        return Not(found) if negated else found

    def _listed(self, value: Operand) -> Condition | None:
        if not self._take("in"):
            return None
        self._open()
        choices = [self._constant(value)]
        while self._take(","):
            choices.append(self._constant(value))
        self._close()
        return OneOf(value, tuple(choices))

    def _patterned(self, value: Operand) -> Condition | None:
        token = self._take("like", "contains")
        if token is None:
            return None
        if self._token.kind != "text":
            raise trouble(self._token, Text("这里要有引号中的文字", "A word in quotes is wanted here"))
        pattern = str(self._token.value)
        self._at += 1
        if token.key == "contains":
            pattern = f"%{pattern}%"
        return Like(value, pattern)

    def _ranged(self, value: Operand) -> Condition | None:
        if not self._take("between"):
            return None
        low = self._sum()
        if not self._take("and"):
            raise trouble(self._token, Text("“介于”要写成 介于 1 且 5", "Write a range as: between 1 and 5"))
        high = self._sum()
        return All((
            Compare(*_worded(value, ">=", low, self._names)),
            Compare(*_worded(value, "<=", high, self._names)),
        ))  # fmt: skip

    def _emptied(self, value: Operand) -> Condition | None:
        if self._take("is"):
            negated = self._take("not") is not None
            if self._take("empty") is None:
                raise self._stuck()
            return Not(IsEmpty(value)) if negated else IsEmpty(value)
        return IsEmpty(value) if self._take("empty") else None

    def _sum(self) -> Operand:
        left = self._product()
        while sign := self._take("+", "-"):
            left = Sum("+" if sign.key == "+" else "-", left, self._product())
        return left

    def _product(self) -> Operand:
        left = self._operand()
        while sign := self._take("*", "/"):
            left = Sum("*" if sign.key == "*" else "/", left, self._operand())
        return left

    def _operand(self) -> Operand:
        token = self._token
        if bracket := self._take("("):
            self._deeper(bracket)
            inner = self._sum()
            self._close()
            self._depth -= 1
            return inner
        if self._take("-"):
            self._deeper(token)
            inner = self._operand()
            self._depth -= 1
            return _negative(inner)
        self._at += 1
        if token.kind in ("number", "text"):
            return Constant(token.value)
        if token.kind == "word" and token.key in ("true", "false"):
            return Constant(token.key == "true")
        if token.kind == "name":
            return self._field(token)
        self._at -= 1
        raise self._stuck()

    def _field(self, token: Token) -> FieldValue:
        field = self._names.get(str(token.value).casefold())
        if field is None:
            known = "、".join(f.title.zh for f in self._fields)
            fields = ", ".join(f.name for f in self._fields)
            raise trouble(
                token,
                Text("没有叫“{n}”的字段", "There is no field “{n}”").format(n=token.value),
                Text("可用的字段：{n}", "Fields: {n}").format(n=Text(known, fields)),
                code="expression.field",
            )
        return FieldValue(field.name, field.type == "choices")

    def _constant(self, beside: Operand) -> Value:
        token = self._token
        value = self._operand()
        if not isinstance(value, Constant):
            raise trouble(
                token, Text("这里要有数字或引号中的文字", "A number or a word in quotes is wanted here")
            )
        return _code(beside, value, self._names).value

    def _open(self) -> None:
        if not self._take("("):
            raise trouble(self._token, Text("这里缺少左括号", "An opening bracket is missing here"))

    def _close(self) -> None:
        if not self._take(")"):
            raise trouble(self._token, Text("这里缺少右括号", "A closing bracket is missing here"))

    def _deeper(self, token: Token) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise trouble(token, Text("括号套得太深", "Too many brackets within brackets"))

    def _stuck(self) -> BadInputError:
        token = self._token
        if token.kind == "end":
            return trouble(token, Text("表达式没有写完", "The expression is not complete"))
        return trouble(token, Text("“{w}”不能写在这里", "“{w}” cannot stand here").format(w=token.written))


_TESTS: Final = frozenset(
    {"=", "<>", "<", "<=", ">", ">=", "in", "not", "like", "contains", "between", "is", "empty", "and", "or"}
)
_AFTER_SUM: Final = (_TESTS - {"and", "or"}) | {"+", "-", "*", "/"}


def _sign(key: str) -> Comparison:
    signs: dict[str, Comparison] = {"=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
    return signs[key]


def _negative(value: Operand) -> Operand:
    if isinstance(value, Constant) and isinstance(value.value, (int, float)):
        return replace(value, value=-value.value)
    return Sum("-", Constant(0), value)


def _worded(
    left: Operand, sign: Comparison, right: Operand, names: Mapping[str, Field]
) -> tuple[Operand, Comparison, Operand]:
    """Turn words of a code list into codes on both sides of a sign."""
    if isinstance(right, Constant):
        right = _code(left, right, names)
    if isinstance(left, Constant):
        left = _code(right, left, names)
    return left, sign, right


def _code(beside: Operand, constant: Constant, names: Mapping[str, Field]) -> Constant:
    """Return the code that a word means beside a field with a code list."""
    field = names.get(beside.name.casefold()) if isinstance(beside, FieldValue) else None
    if field is None or not isinstance(constant.value, str):
        return constant
    word = constant.value.strip().casefold()
    if field.type == "boolean":
        return Constant({"是": True, "yes": True, "否": False, "no": False}.get(word, constant.value))
    found = next((c.code for c in field.domain if word in (c.code, *(t.casefold() for t in c.title))), None)
    return constant if found is None else Constant(found)
