"""Attribute columns as codes of a dictionary.

A value that occurs for the first time costs one small code, so a column of
unique names packs as well as a column of few categories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.publish.content import PublicField
from layers.schema import Field, Value
from layers.text import Text

MISSING: Final = 0
NEXT: Final = 1
"""Code 0 is a missing value, 1 the next entry of the dictionary, 2 + i the entry i again."""


def coded(values: Sequence[Value]) -> tuple[list[Value], NDArray[np.int64]]:
    """Return the dictionary of a column in order of first use, and the codes, shape (n,).

    Examples
    --------
    >>> words, codes = coded(["a", "b", None, "a"])
    >>> words, codes.tolist()
    (['a', 'b'], [1, 1, 0, 2])
    """
    places: dict[type, dict[Value, int]] = {}  # by type, for 1, 1.0 and True are one key
    words: list[Value] = []
    codes = np.zeros(len(values), dtype=np.int64)
    for i, value in enumerate(values):
        if value is None or value == "":
            continue
        known = places.setdefault(type(value), {})
        place = known.get(value)
        if place is None:
            known[value] = len(words)
            words.append(value)
            codes[i] = NEXT
        else:
            codes[i] = NEXT + 1 + place
    return words, codes


def worded(field: PublicField, values: Sequence[Value]) -> list[Any]:
    """Return dictionary entries as the page shows them: numbers, strings, or [zh, en] pairs."""
    schema = Field(field.name, field.title, field.type, domain=field.domain)
    return [_word(schema, value) for value in values]


def _word(field: Field, value: Value) -> Any:
    if isinstance(value, bool) or field.domain:
        return _pair(field.word(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _pair(text: Text) -> str | list[str]:
    return text.zh if text.zh == text.en else [text.zh, text.en]


def template_parts(template: str, names: Sequence[str]) -> list[str | int]:
    """Split ``"DN{diameter}"`` into words and the places of fields.

    A field that is not published leaves nothing; ``{area_m2}`` and
    ``{length_m}`` become -1 and -2.
    """
    known: Mapping[str, int] = {"area_m2": -1, "length_m": -2, **{name: i for i, name in enumerate(names)}}
    parts: list[str | int] = []
    rest = template
    while rest:
        words, brace, rest = rest.partition("{")
        if words:
            parts.append(words)
        if brace:
            name, closed, rest = rest.partition("}")
            if closed and name in known:
                parts.append(known[name])
    return parts
