"""Fields, their types, units and code lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

from layers.codes import spelled
from layers.text import Text, same

Value: TypeAlias = str | int | float | bool | None
"""An attribute value. Dates are ISO text, lists are comma-joined codes."""

FieldType = Literal["text", "long_text", "integer", "real", "boolean", "date", "choice", "choices", "photos"]
GeometryType = Literal["point", "line", "polygon"]

TEXT_TYPES: frozenset[str] = frozenset({"text", "long_text", "date", "choice", "choices", "photos"})


@dataclass(frozen=True)
class Choice:
    """One code of a domain with its words."""

    code: str
    title: Text


@dataclass(frozen=True)
class Field:
    """One attribute of a kind.

    Parameters
    ----------
    name : str
        Column name in the project file: ASCII, lower case, stable for ever.
    title : Text
        What people read.
    type : FieldType
        ``choice`` holds one code of `domain`, ``choices`` several joined by
        commas, ``photos`` photo ids joined by commas, ``date`` ISO text.
    unit : str
        Unit after the number, such as ``"m"`` or ``"mm"``; empty if none.
    domain : tuple of Choice
        Codes allowed; empty means free.
    minimum, maximum : float, optional
        Allowed range, both ends included.
    required : bool
        Whether a form insists on it. A missing value never blocks an import.
    default : Value
        What a new feature gets.
    drawn : Value
        What one gets instead that is drawn in the plan; None for the same.
    kept_in_copies : tuple of str
        Where `drawn` is given: values that a copy has as its original; instead of others it gets `drawn`.
    of_change : bool
        Whether it tells why its feature changes: a copy that is drawn anew starts without.
    public : bool
        Whether the public profile may publish it. Private unless said otherwise.
    summed : bool
        Whether features merged into one have the sum of theirs: households, bays.
    codes : str
        Whether it holds ``one`` code of a problem spot, comment or change, or ``several`` joined by commas.
    end : str
        Whether it belongs to the ``first`` or the ``last`` point of a line, such as an invert level.
    """

    name: str
    title: Text
    type: FieldType = "text"
    unit: str = ""
    domain: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    default: Value = None
    drawn: Value = None
    kept_in_copies: tuple[str, ...] = ()
    of_change: bool = False
    public: bool = False
    summed: bool = False
    codes: Literal["", "one", "several"] = ""
    end: Literal["", "first", "last"] = ""

    @property
    def is_list(self) -> bool:
        """Whether it holds several values joined by commas."""
        return self.type in ("choices", "photos") or self.codes == "several"

    def kept(self, value: Value) -> Value:
        """Return a value that somebody entered as the field keeps it: codes in one spelling.

        Examples
        --------
        >>> Field("answers", Text("回应", "Answers"), codes="several").kept("t13、Ｄ05")
        'T13,D05'
        """
        if not self.codes or not isinstance(value, str):
            return value
        return spelled(value, several=self.codes == "several")

    def is_same(self, first: Value, second: Value) -> bool:
        """Tell whether two values say the same: codes also if an earlier program kept their spelling."""
        return first == second or (bool(self.codes) and self.kept(first) == self.kept(second))

    def word(self, value: Value) -> Text:
        """Return the words of a value: a code by its title, others as they are."""
        titles = {choice.code: choice.title for choice in self.domain}
        if value is None:
            return same("")
        if self.type == "choices":
            words = [titles.get(code, Text(code, code)) for code in str(value).split(",") if code]
            return Text("、".join(w.zh for w in words), ", ".join(w.en for w in words))
        if isinstance(value, bool):
            return Text("是", "yes") if value else Text("否", "no")
        return titles.get(str(value), Text(str(value), str(value)))

    def code(self, word: str) -> str:
        """Return the code that a word of the code list stands for; what stands for none as it is.

        Examples
        --------
        >>> Field("kind", Text("类型", "Kind"), "choice", domain=choices(wall=("墙", "Wall"))).code(" wall ")
        'wall'
        """
        wanted = word.strip().casefold()
        return next(
            (c.code for c in self.domain if wanted in (c.code, *(t.casefold() for t in c.title))), word
        )

    def problem(self, value: Value) -> Text | None:
        """Say why a value does not fit this field, or None if it does."""
        if value is None or value == "":
            return Text("必填", "Required") if self.required else None
        if self.type in ("integer", "real"):
            return self._number_problem(value)
        if self.type == "date":
            return _date_problem(value)
        if self.domain and self.type in ("choice", "choices"):
            return self._code_problem(str(value))
        return None

    def _number_problem(self, value: Value) -> Text | None:
        whole = self.type == "integer"
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            return (
                Text("应为整数", "Must be a whole number") if whole else Text("应为数字", "Must be a number")
            )
        low, high = self.minimum, self.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            return Text("应在 {low} 到 {high} 之间", "Must be from {low} to {high}").format(
                low="−∞" if low is None else f"{low:g}", high="∞" if high is None else f"{high:g}"
            )
        return None

    def _code_problem(self, value: str) -> Text | None:
        codes = {choice.code for choice in self.domain}
        given = value.split(",") if self.type == "choices" else [value]
        unknown = [code for code in given if code and code not in codes]
        if unknown:
            return Text("代码表中没有“{code}”", "“{code}” is not in the code list").format(code=unknown[0])
        return None


def _date_problem(value: Value) -> Text | None:
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        return Text("日期应写作 2020-07-25", "Write the date as 2020-07-25")
    return None


def choices(**codes: tuple[str, str]) -> tuple[Choice, ...]:
    """Build a domain from ``code=(zh, en)``; underscores in codes become hyphens.

    Examples
    --------
    >>> [c.code for c in choices(storm=("雨水", "storm"), un_known=("不明", "unknown"))]
    ['storm', 'un-known']
    """
    return tuple(Choice(code.rstrip("_").replace("_", "-"), Text(*pair)) for code, pair in codes.items())
