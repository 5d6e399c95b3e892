"""Further sheets: what did not fit beside the map, in columns, on as many sheets as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from gis.drawing import blocks
from gis.drawing.content import SheetContent
from gis.drawing.items import (
    Item,
    changes_heading,
    even,
    legend_item,
    paint_items,
    quantity_items,
    revision_items,
)
from gis.drawing.layout import ALL_TABLES, Words
from gis.drawing.paper import Box, Paper, Type
from gis.drawing.pen import Ink, Pen
from gis.render.legend import LegendEntry
from gis.revisions.comparison import ChangeGroup
from gis.revisions.districts import District


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

    def column(self, number: int) -> Box:
        """Return where a column stands."""
        return Box(self.area.x + number * (self.width + self.gap), self.area.y, self.width, self.area.height)


@dataclass(frozen=True)
class FurtherSheet:
    """One further sheet: its columns of items, and the type they are set in."""

    columns: tuple[tuple[Item, ...], ...]
    type: Type


def further_sheets(
    pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry], words: Words
) -> tuple[FurtherSheet, ...]:
    """Share what the first sheet has no room for among further ones; none if it holds everything.

    They are set in the largest type that takes no more sheets than that of the first.
    """
    if not words.continued:
        return ()
    fewest = _set(pen, paper, content, entries, words, words.type)
    for type_ in (paper.type, _between(paper.type, words.type)):
        sheets = _set(pen, paper, content, entries, words, type_)
        if len(sheets) <= len(fewest):
            return sheets
    return fewest


def paint_further(pen: Pen, paper: Paper, content: SheetContent, sheet: FurtherSheet) -> None:
    """Paint one further sheet, without its frame."""
    grid = _grid(pen, paper, content, sheet.type, paint=True)
    for number, items in enumerate(sheet.columns):
        paint_items(pen, grid.column(number), items)


def _set(
    pen: Pen,
    paper: Paper,
    content: SheetContent,
    entries: Sequence[LegendEntry],
    words: Words,
    type_: Type,
) -> tuple[FurtherSheet, ...]:
    grid = _grid(pen, paper, content, type_)
    most = grid.most
    made = even(pen, grid.column(0), most, list(_items(content, entries, words, type_)))
    columns = [column.items for column in made]
    return tuple(FurtherSheet(tuple(columns[i : i + most]), type_) for i in range(0, len(columns), most))


def _between(one: Type, other: Type) -> Type:
    middle = ((getattr(one, f.name) + getattr(other, f.name)) / 2 for f in fields(Type))
    return Type(*middle)


def _items(
    content: SheetContent, entries: Sequence[LegendEntry], words: Words, type_: Type
) -> Iterator[Item]:
    missing = ALL_TABLES - words.tables
    common: dict[str, Any] = {"content": content, "type_": type_}
    if "legend" in missing:
        yield legend_item(content, entries, type_)
    for group in words.overflow:
        if not isinstance(group, District):
            paint = partial(blocks.change, group=group, **common)
            yield Item(paint, "changes", partial(changes_heading, **common))
    for group in (*words.groups, *words.overflow):
        if isinstance(group, District):
            heading = partial(blocks.district_heading, group=group, **common)
            for alike in _alike(group.members):
                paint = partial(blocks.members, groups=alike, **common)
                yield Item(paint, f"district {group.letter}", heading)
    if "quantities" in missing:
        yield from quantity_items(content, type_)
    if "revisions" in missing:
        yield from revision_items(content, type_)


def _alike(members: Sequence[ChangeGroup]) -> list[list[ChangeGroup]]:
    """Return members that do the same for the same reasons together."""
    known: dict[tuple[object, ...], list[ChangeGroup]] = {}
    for member in members:
        known.setdefault((member.title, member.reasons, member.because), []).append(member)
    return list(known.values())


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
