"""Which blocks stand with the map, and which must go to further sheets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gis.drawing.content import SheetContent
from gis.drawing.foot import foot_height
from gis.drawing.items import (
    Item,
    change_items,
    even,
    filled,
    legend_item,
    paint_items,
    quantity_items,
    revision_items,
    title_item,
)
from gis.drawing.paper import SMALLEST_TYPE_MM, Paper, Type
from gis.drawing.pen import Pen
from gis.render.legend import LegendEntry
from gis.revisions.comparison import ChangeGroup
from gis.revisions.districts import District

ALL_TABLES = frozenset({"legend", "quantities", "revisions"})
"""What stands with the map besides the changes, if there is room."""

_LEGEND = frozenset({"legend"})
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Words:
    """What stands with the map on the first sheet, and what must go to the next.

    Parameters
    ----------
    type : Type
        The type everything is set in.
    groups : tuple of ChangeGroup
        Changes listed with the map.
    overflow : tuple of ChangeGroup
        Changes that did not fit.
    tables : frozenset of str
        Which of `ALL_TABLES` stand with the map; those missing go to the next sheet.
    dense : bool
        Whether the rows of the legend are set close.
    """

    type: Type
    groups: tuple[ChangeGroup, ...] = ()
    overflow: tuple[ChangeGroup, ...] = ()
    tables: frozenset[str] = ALL_TABLES
    dense: bool = False

    @property
    def complete(self) -> bool:
        """Whether every block and every sign of the map is told on the first sheet."""
        return not self.overflow and self.tables == ALL_TABLES

    @property
    def districts(self) -> tuple[District, ...]:
        """Districts told with the map; what is in them is told one by one on further sheets."""
        return tuple(group for group in self.groups if isinstance(group, District))

    @property
    def continued(self) -> bool:
        """Whether a further sheet is needed."""
        return not self.complete or bool(self.districts)


def arrange(pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry]) -> Words:
    """Choose type size and what fits with the map.

    Type shrinks in small steps down to the smallest legible one; then the
    table of revisions goes to a further sheet, then the quantities, then the
    changes that are left over, and last the legend. The foot stays, and
    nothing is ever clipped.
    """
    groups = content.comparison.groups if content.comparison else ()
    smallest = SMALLEST_TYPE_MM[paper.name]
    columns = paper.columns(foot_height(pen, paper, content))

    def fits(words: Words) -> bool:
        made = filled(pen, columns[0], _items(paper, content, entries, words))
        return len(made) <= len(columns) and all(one.bottom <= columns[0].bottom for one in made)

    type_ = paper.type
    while not fits(Words(type_, groups)) and type_.small > smallest:
        type_ = _smaller(type_, smallest)
    for tables in (ALL_TABLES, ALL_TABLES - {"revisions"}, _LEGEND):
        for dense in (False, True):
            if fits(Words(type_, groups, tables=tables, dense=dense)):
                return Words(type_, groups, tables=tables, dense=dense)
    for tables, dense in ((_LEGEND, False), (_LEGEND, True), (_NOTHING, False)):
        choices = [
            Words(type_, groups[:kept], groups[kept:], tables, dense) for kept in range(len(groups) + 1)
        ]
        fitting = bisect_left(choices, True, key=lambda words: not fits(words))
        if fitting:
            return choices[fitting - 1]
    return Words(type_, (), groups, _NOTHING)


def count(groups: Sequence[ChangeGroup]) -> int:
    """Return how many numbered changes stand behind signs of the map."""
    return sum(len(group.parts) for group in groups)


def paint_words(
    pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry], words: Words
) -> None:
    """Paint the blocks above the foot."""
    foot, items = foot_height(pen, paper, content), list(_items(paper, content, entries, words))
    columns = paper.columns(foot)
    made = even(pen, columns[0], len(columns), items)
    while items and len(made) < len(columns):  # fewer and wider ones, instead of an empty one at the end
        columns = paper.columns(foot, len(columns) - 1)
        made = even(pen, columns[0], len(columns), items)
    for box, column in zip(columns, made, strict=False):
        paint_items(pen, box, column.items)


def _items(
    paper: Paper, content: SheetContent, entries: Sequence[LegendEntry], words: Words
) -> Iterator[Item]:
    type_ = words.type
    if not paper.below:
        yield title_item(content, paper.type)
    if "legend" in words.tables and entries:
        yield legend_item(content, entries, type_, dense=words.dense)
    yield from change_items(content, words.groups, type_, more=count(words.overflow))
    if "quantities" in words.tables:
        yield from quantity_items(content, type_)
    if "revisions" in words.tables:
        yield from revision_items(content, type_)


def _smaller(type_: Type, smallest: float) -> Type:
    factor = max(0.94, smallest / type_.small)
    return Type(type_.title, type_.heading * factor, type_.body * factor, max(smallest, type_.small * factor))
