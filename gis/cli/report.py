"""What a verb returns, and how it looks on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from layers.errors import Finding, PlanboardError
from layers.text import Text


@dataclass(frozen=True)
class Report:
    """The outcome of a verb.

    Parameters
    ----------
    data : dict
        What ``--json`` prints: plain JSON values, stable names.
    lines : list of str
        What a person reads, already in the language in force.
    exit_code : int
    """

    data: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    exit_code: int = 0


def table(
    rows: Sequence[Sequence[str]], heads: Sequence[str] = (), *, right: Iterable[int] = ()
) -> list[str]:
    """Set rows into columns, counting a Chinese character as two.

    Parameters
    ----------
    rows : sequence of rows of str
    heads : sequence of str
        Column titles; none if empty.
    right : iterable of int
        Columns that hold numbers and end flush.
    """
    all_rows = [list(heads), *map(list, rows)] if heads else [list(row) for row in rows]
    if not all_rows:
        return []
    flush = set(right)
    widths = [max(width(row[i]) for row in all_rows) for i in range(len(all_rows[0]))]
    lines = ["  ".join(_pad(cell, widths[i], i in flush) for i, cell in enumerate(row)) for row in all_rows]
    if heads:
        lines.insert(1, "  ".join("─" * w for w in widths))
    return [line.rstrip() for line in lines]


def pairs(*rows: tuple[str, str]) -> list[str]:
    """Set terms and their values side by side; rows without a value vanish."""
    return table([row for row in rows if row[1]])


def width(word: str) -> int:
    """Return how many columns a terminal needs for a word.

    Examples
    --------
    >>> width("楼号 A")
    6
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in word
    )


def one_line(word: str, limit: int = 60) -> str:
    """Return text that is safe in a table: no control characters, no more than `limit` columns."""
    clean = "".join(c if c.isprintable() else " " for c in word)
    if width(clean) <= limit:
        return clean
    kept = ""
    for character in clean:
        if width(kept + character) > limit - 1:
            break
        kept += character
    return kept + "…"


def error_data(error: PlanboardError) -> dict[str, Any]:
    """Return an error as plain JSON values, both languages beside each other."""
    return {
        "error": {
            "code": error.code,
            "message": text_data(error.message),
            "advice": text_data(error.advice) if error.advice else None,
            "findings": [finding_data(f) for f in error.findings],
        },
        "exit_code": error.exit_code,
    }


def text_data(text: Text) -> dict[str, str]:
    """Return both halves of a text."""
    return {"zh": text.zh, "en": text.en}


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain JSON values; places it does not have are left out."""
    places = {name: getattr(finding, name) for name in ("file", "record", "field", "layer", "uid", "place")}
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": text_data(finding.message),
        **{name: value for name, value in places.items() if value is not None},
    }


def _pad(cell: str, to: int, flush: bool) -> str:
    gap = " " * (to - width(cell))
    return gap + cell if flush else cell + gap
