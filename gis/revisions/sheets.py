"""Tables as values: what a spreadsheet, a CSV file or a printed list is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from layers.text import Text

Cell: TypeAlias = Text | str | int | float | None
"""A `Text` is worded when written, a string is somebody's own words; in date columns ISO text is a date."""

CellKind = Literal["text", "number", "whole", "date", "id"]


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    title : Text
    width : int
        In characters of a spreadsheet; a Chinese one takes two.
    kind : CellKind
        How its cells are written: ``number`` with one or more decimals, ``whole`` without;
        ``id`` is text that the program made: a hash, the id of a feature.
    """

    title: Text
    width: int = 12
    kind: CellKind = "text"


@dataclass(frozen=True)
class Sheet:
    """A table with a title.

    Parameters
    ----------
    name : str
        ASCII, for a file name.
    title : Text
        For a tab of a spreadsheet, at most 31 characters.
    columns : tuple of Column
    rows : tuple of tuple of Cell
        Each as long as `columns`.
    heading : Text, optional
        Stands above the columns, across all of them.

    Raises
    ------
    ValueError
        If a row has another length.
    """

    name: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heading: Text | None = None

    def __post_init__(self) -> None:
        """Refuse a ragged table."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.name} has not {len(self.columns)} cells")
