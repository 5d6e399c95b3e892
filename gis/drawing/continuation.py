"""Further sheets: what did not fit beside the map, in columns, on as many sheets as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gis.drawing import blocks
from gis.drawing.content import SheetContent
from gis.drawing.layout import ALL_TABLES, Column, changes_heading, worth_telling
from gis.drawing.paper import Box, Paper, Type
from gis.drawing.pen import Ink, Pen
from gis.render.legend import LegendEntry

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
class FurtherSheet:
    """One further sheet: its columns of items."""

    columns: tuple[tuple[Item, ...], ...]


def further_sheets(
    pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry], column: Column
) -> tuple[FurtherSheet, ...]:
    """Share what the first sheet has no room for among further ones; none if it holds everything."""
    if not column.continued:
        return ()
    area = _area(pen, paper, content, column.type)
    most = _columns_across(paper, area, column.type)
    with pen.measuring():
        columns = _shared(pen, area, paper, list(_items(content, entries, column)), most)
    return tuple(FurtherSheet(tuple(columns[i : i + most])) for i in range(0, len(columns), most))


def paint_further(pen: Pen, paper: Paper, content: SheetContent, type_: Type, sheet: FurtherSheet) -> None:
    """Paint one further sheet, without its frame."""
    area = _area(pen, paper, content, type_, paint=True)
    for number, items in enumerate(sheet.columns):
        x, y, section = area.x + number * (_width(paper) + _gap(type_)), area.y, ""
        for item in items:
            if item.heading and item.section != section:
                y = item.heading(pen, x, y, _width(paper))
            y, section = item.paint(pen, x, y, _width(paper)), item.section


def _items(content: SheetContent, entries: Sequence[LegendEntry], column: Column) -> Iterator[Item]:
    type_, missing = column.type, ALL_TABLES - column.tables

    common: dict[str, Any] = {"content": content, "type_": type_}
    if "legend" in missing:
        yield Item(partial(blocks.legend, entries=entries, **common), "legend")
    for group in column.overflow:
        paint = partial(blocks.change, group=group, **common)
        yield Item(paint, "changes", partial(changes_heading, **common))
    if "quantities" in missing and (rows := worth_telling(content)):
        yield Item(partial(blocks.quantities, rows=rows, **common), "quantities")
    if "revisions" in missing:
        for revision in content.revisions:
            paint = partial(blocks.revision_row, revision=revision, **common)
            yield Item(paint, "revisions", partial(blocks.revisions_heading, **common))


def _shared(pen: Pen, area: Box, paper: Paper, items: list[Item], most: int) -> list[tuple[Item, ...]]:
    """Share items among columns of about one height if a single sheet holds them, else among full ones."""
    for tenths in range(3, 11):
        lower = Box(area.x, area.y, area.width, area.height * tenths / 10)
        columns = _columns(pen, lower, paper, items)
        if len(columns) <= most:
            break
    return columns


def _columns(pen: Pen, area: Box, paper: Paper, items: list[Item]) -> list[tuple[Item, ...]]:
    columns: list[list[Item]] = [[]]
    y, section = area.y, ""
    for item in items:
        height = item.paint(pen, 0.0, 0.0, _width(paper))
        head = item.heading(pen, 0.0, 0.0, _width(paper)) if item.heading else 0.0
        above = head if item.section != section else 0.0
        if columns[-1] and y + above + height > area.bottom:
            columns.append([])
            y, above = area.y, head
        columns[-1].append(item)
        y, section = y + above + height, item.section
    return [tuple(column) for column in columns if column]


def _area(pen: Pen, paper: Paper, content: SheetContent, type_: Type, *, paint: bool = False) -> Box:
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
    top = below + type_.body
    return Box(area.x, top, area.width, area.bottom - top)


def _width(paper: Paper) -> float:
    return paper.inner.width * 0.98


def _gap(type_: Type) -> float:
    return type_.body * 3


def _columns_across(paper: Paper, area: Box, type_: Type) -> int:
    return max(1, int((area.width + _gap(type_)) / (_width(paper) + _gap(type_))))
