"""Further sheets: what did not fit beside the map, in columns, on as many sheets as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from gis.drawing import blocks
from gis.drawing.content import SheetContent
from gis.drawing.layout import ALL_TABLES, Column, changes_heading, worth_telling
from gis.drawing.paper import Box, Paper, Type
from gis.drawing.pen import Ink, Pen
from gis.render.legend import LegendEntry
from gis.revisions.comparison import ChangeGroup
from gis.revisions.districts import District

Paint = Callable[[Pen, float, float, float], float]
"""Paints at x, y in a width, all mm, and returns the y below."""


@dataclass(frozen=True)
class Item:
    """What is never torn apart: one change, one revision, one table.

    Parameters
    ----------
    paint : callable
    heading : callable, optional
        Stands above the first of its kind in each column.
    section : str
        Items of one section share their heading.
    """

    paint: Paint
    section: str
    heading: Paint | None = None


@dataclass(frozen=True)
class Grid:
    """Where the columns of a further sheet stand.

    Parameters
    ----------
    area : Box
        Below the sheet's title.
    width, gap : float
        Of a column and between two, mm.
    most : int
        Columns side by side; they fill the sheet.
    """

    area: Box
    width: float
    gap: float
    most: int

    def left(self, number: int) -> float:
        """Return the left edge of a column."""
        return self.area.x + number * (self.width + self.gap)


@dataclass(frozen=True)
class FurtherSheet:
    """One further sheet: its columns of items, and the type they are set in."""

    columns: tuple[tuple[Item, ...], ...]
    type: Type


def further_sheets(
    pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry], column: Column
) -> tuple[FurtherSheet, ...]:
    """Share what the first sheet has no room for among further ones; none if it holds everything.

    They are set in the largest type that takes no more sheets than that of the first.
    """
    if not column.continued:
        return ()
    fewest = _set(pen, paper, content, entries, column, column.type)
    for type_ in (paper.type, _between(paper.type, column.type)):
        sheets = _set(pen, paper, content, entries, column, type_)
        if len(sheets) <= len(fewest):
            return sheets
    return fewest


def paint_further(pen: Pen, paper: Paper, content: SheetContent, sheet: FurtherSheet) -> None:
    """Paint one further sheet, without its frame."""
    grid = _grid(pen, paper, content, sheet.type, paint=True)
    for number, items in enumerate(sheet.columns):
        y, section = grid.area.y, ""
        for item in items:
            if item.heading and item.section != section:
                y = item.heading(pen, grid.left(number), y, grid.width)
            y, section = item.paint(pen, grid.left(number), y, grid.width), item.section


def _set(
    pen: Pen,
    paper: Paper,
    content: SheetContent,
    entries: Sequence[LegendEntry],
    column: Column,
    type_: Type,
) -> tuple[FurtherSheet, ...]:
    grid = _grid(pen, paper, content, type_)
    with pen.measuring():
        columns = _shared(pen, grid, list(_items(content, entries, column, type_)))
    most = grid.most
    return tuple(FurtherSheet(tuple(columns[i : i + most]), type_) for i in range(0, len(columns), most))


def _between(one: Type, other: Type) -> Type:
    middle = ((getattr(one, f.name) + getattr(other, f.name)) / 2 for f in fields(Type))
    return Type(*middle)


def _items(
    content: SheetContent, entries: Sequence[LegendEntry], column: Column, type_: Type
) -> Iterator[Item]:
    missing = ALL_TABLES - column.tables
    common: dict[str, Any] = {"content": content, "type_": type_}
    if "legend" in missing:
        yield Item(partial(blocks.legend, entries=entries, **common), "legend")
    for group in column.overflow:
        if not isinstance(group, District):
            paint = partial(blocks.change, group=group, **common)
            yield Item(paint, "changes", partial(changes_heading, **common))
    for group in (*column.groups, *column.overflow):
        if isinstance(group, District):
            heading = partial(blocks.district_heading, group=group, **common)
            for alike in _alike(group.members):
                paint = partial(blocks.members, groups=alike, **common)
                yield Item(paint, f"district {group.letter}", heading)
    if "quantities" in missing and (rows := worth_telling(content)):
        yield Item(partial(blocks.quantities, rows=rows, **common), "quantities")
    if "revisions" in missing:
        for revision in content.revisions:
            paint = partial(blocks.revision_row, revision=revision, **common)
            yield Item(paint, "revisions", partial(blocks.revisions_heading, **common))


def _alike(members: Sequence[ChangeGroup]) -> list[list[ChangeGroup]]:
    """Return members that do the same for the same reasons together."""
    known: dict[tuple[object, ...], list[ChangeGroup]] = {}
    for member in members:
        known.setdefault((member.title, member.reasons, member.because), []).append(member)
    return list(known.values())


def _shared(pen: Pen, grid: Grid, items: list[Item]) -> list[tuple[Item, ...]]:
    """Share items among columns of about one height if a single sheet holds them, else among full ones."""
    area = grid.area
    for tenths in range(3, 11):
        lower = Box(area.x, area.y, area.width, area.height * tenths / 10)
        columns = _columns(pen, lower, grid.width, items)
        if len(columns) <= grid.most:
            break
    return columns


def _columns(pen: Pen, area: Box, width: float, items: list[Item]) -> list[tuple[Item, ...]]:
    columns: list[list[Item]] = [[]]
    y, section = area.y, ""
    for item in items:
        height = item.paint(pen, 0.0, 0.0, width)
        head = item.heading(pen, 0.0, 0.0, width) if item.heading else 0.0
        above = head if item.section != section else 0.0
        if columns[-1] and y + above + height > area.bottom:
            columns.append([])
            y, above = area.y, head
        columns[-1].append(item)
        y, section = y + above + height, item.section
    return [tuple(column) for column in columns if column]


def _grid(pen: Pen, paper: Paper, content: SheetContent, type_: Type, *, paint: bool = False) -> Grid:
    """Return where the columns stand, below the sheet's title, which is painted if asked for."""
    area = paper.frame.inset(type_.body * 2)
    words = content.word(
        "{name} {label}（续）",
        "{name} {label} (continued)",
        name=content.snapshot.title,
        label=content.label,
    )
    ink = Ink(type_.heading * 1.4, bold=True)
    if paint:
        below = pen.text(area.x, area.y, area.width, words, ink, 2)
    else:
        with pen.measuring():
            below = pen.text(area.x, area.y, area.width, words, ink, 2)
    top, gap = below + type_.body, type_.body * 3
    most = max(1, int((area.width + gap) / (type_.body * LINE_LENGTH + gap)))
    width = (area.width - (most - 1) * gap) / most
    return Grid(Box(area.x, top, area.width, area.bottom - top), width, gap, most)


LINE_LENGTH = 25.0
"""Least width of a column in heights of its letters: a line is read in one glance."""
