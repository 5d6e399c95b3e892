"""What a sheet tells besides the map, as pieces that are set one below the other in columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from gis.drawing import blocks
from gis.drawing.content import SheetContent
from gis.drawing.paper import Box, Type
from gis.drawing.pen import SOFT, Ink, Pen
from gis.render.legend import LegendEntry
from gis.revisions.comparison import ChangeGroup, Quantity
from gis.revisions.districts import District

Paint = Callable[[Pen, float, float, float], float]
"""Paints at x, y in a width, all mm, and returns the y below."""


@dataclass(frozen=True)
class Item:
    """What is never torn apart: one change, one revision, one table.

    Parameters
    ----------
    paint : callable
    section : str
        Items of one section share their heading.
    heading : callable, optional
        Stands above the first of its kind in each column.
    after : float
        Room below it, in mm.
    """

    paint: Paint
    section: str
    heading: Paint | None = None
    after: float = 0.0


@dataclass(frozen=True)
class Filled:
    """One column of items.

    Parameters
    ----------
    items : tuple of Item
    bottom : float
        The y below the last, mm.
    """

    items: tuple[Item, ...]
    bottom: float


def filled(pen: Pen, box: Box, items: Iterable[Item]) -> tuple[Filled, ...]:
    """Share items among columns like `box`, each filled before the next, as many as it takes.

    Only measures. What is higher than a column stands in one alone, and reaches below it.
    """
    columns: list[Filled] = []
    section = ""
    with pen.measuring():
        for item in items:
            head = item.heading(pen, box.x, 0.0, box.width) if item.heading else 0.0
            height = item.paint(pen, box.x, 0.0, box.width) + item.after
            above = head if item.section != section else 0.0
            if columns and columns[-1].bottom + above + height <= box.bottom:
                last = columns.pop()
                columns.append(Filled((*last.items, item), last.bottom + above + height))
            else:
                columns.append(Filled((item,), box.y + head + height))
            section = item.section
    return tuple(columns)


def even(pen: Pen, box: Box, most: int, items: Sequence[Item]) -> tuple[Filled, ...]:
    """Share items among `most` columns of about one height; among full ones like `box` if that is too few."""
    for tenths in range(2, 11):
        columns = filled(pen, replace(box, height=box.height * tenths / 10), items)
        if len(columns) <= most:
            break
    return columns


def paint_items(pen: Pen, box: Box, items: Sequence[Item]) -> float:
    """Paint one column of items and return the y below."""
    y, section = box.y, ""
    for item in items:
        if item.heading and item.section != section:
            y = item.heading(pen, box.x, y, box.width)
        y, section = item.paint(pen, box.x, y, box.width) + item.after, item.section
    return y


def title_item(content: SheetContent, type_: Type) -> Item:
    """Return the title that stands above the column beside a map."""
    return Item(partial(blocks.title, content=content, type_=type_), "title")


def legend_item(
    content: SheetContent, entries: Sequence[LegendEntry], type_: Type, *, dense: bool = False
) -> Item:
    """Return the legend."""
    return Item(partial(blocks.legend, content=content, entries=entries, type_=type_, dense=dense), "legend")


def change_items(
    content: SheetContent, groups: Sequence[ChangeGroup], type_: Type, more: int = 0
) -> Iterator[Item]:
    """Yield changes as the signs of the map count them: districts as one, and how many `more` there are."""
    comparison = content.comparison
    if comparison is None:
        return
    common: dict[str, Any] = {"content": content, "type_": type_}
    heading = partial(changes_heading, **common)
    of_changes = partial(Item, section="changes", heading=heading if groups or not more else None)
    pieces: list[Paint] = []
    if not comparison.groups:
        words = content.word("没有修改。", "No changes.")
        pieces.append(partial(_text, words=words, ink=Ink(type_.body)))
    elif any(isinstance(group, District) for group in comparison.groups):
        pieces.append(partial(blocks.district_note, **common))
    pieces += [_of_group(group, common) for group in groups]
    if more:
        pieces.append(partial(_text, words=_further(content, groups, more), ink=Ink(type_.small, color=SOFT)))
    for piece in pieces:
        yield of_changes(piece, after=type_.body * 0.5 if piece is pieces[-1] else 0.0)


def quantity_items(content: SheetContent, type_: Type) -> Iterator[Item]:
    """Yield the table of quantities, if anything differs."""
    if rows := _worth_telling(content):
        yield Item(partial(blocks.quantities, content=content, rows=rows, type_=type_), "quantities")


def revision_items(content: SheetContent, type_: Type) -> Iterator[Item]:
    """Yield the revisions so far."""
    common: dict[str, Any] = {"content": content, "type_": type_}
    for revision in content.revisions:
        paint = partial(blocks.revision_row, revision=revision, **common)
        yield Item(paint, "revisions", partial(blocks.revisions_heading, **common))


def changes_heading(pen: Pen, x: float, y: float, width: float, content: SheetContent, type_: Type) -> float:
    """Set the heading over the changes."""
    before = content.label_of(content.comparison.before) if content.comparison else ""
    words = content.word("与 {before} 相比的修改", "Changes since {before}", before=before)
    return blocks.heading(pen, x, y, width, words, type_)


def _of_group(group: ChangeGroup, common: dict[str, Any]) -> Paint:
    if isinstance(group, District):
        return partial(blocks.district, group=group, **common)
    return partial(blocks.change, group=group, **common)


def _further(content: SheetContent, groups: Sequence[ChangeGroup], more: int) -> str:
    if groups:
        return content.word("另有 {n} 处修改见续页。", "{n} more changes on the next sheet.", n=more)
    return content.word("{n} 处修改见续页。", "The {n} changes are on the next sheet.", n=more)


def _worth_telling(content: SheetContent) -> tuple[Quantity, ...]:
    """Return the quantities that differ; a table of zeros tells nobody anything."""
    rows = content.comparison.quantities if content.comparison else ()
    return tuple(q for q in rows if round(q.delta, q.decimals))


def _text(pen: Pen, x: float, y: float, width: float, words: str, ink: Ink) -> float:
    return pen.text(x, y, width, words, ink)
