"""Tables without titles: how a first record is told from titles, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from layers.schema import Value
from layers.text import Text, same

_NAME: Final = re.compile(r"列(\d+)")
_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")
_BELOW: Final = 5


def untitled(at: int) -> str:
    """Return the name of the column at a place, which has no title; see `column_title`."""
    return f"列{at + 1}"


def is_untitled(name: str) -> bool:
    """Tell whether a column has only its place for a name."""
    return _NAME.fullmatch(name) is not None


def column_title(name: str) -> Text:
    """Return what people call a column of a file.

    Examples
    --------
    >>> column_title("列2").en
    'Column 2'
    """
    found = _NAME.fullmatch(name)
    return Text(name, f"Column {found[1]}") if found else same(name)


def is_a_record(row: Sequence[Value], below: Sequence[Sequence[Value]]) -> bool:
    """Tell whether a row is of one cast with those below: “3号楼” over “4号楼” is no title.

    Numbers alone prove nothing: “2025” over “12” may be the title of a year.
    """
    rows = [r for r in below if any(v not in (None, "") for v in r)][:_BELOW]
    return len(rows) > 1 and any(
        (cast := _cast(value)) is not None and all(_cast(r[at]) == cast for r in rows)
        for at, value in enumerate(row)
    )


def _cast(value: Value) -> str | None:
    """Return a text with its numbers taken out, if it has both numbers and words."""
    if not isinstance(value, str):
        return None
    cast, numbers = _DIGITS.subn("#", value.strip())
    return cast if numbers and cast.strip("#-./: ") else None
