"""Which blocks stand beside the map, and which must go to further sheets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from gis.drawing import blocks
from gis.drawing.content import SheetContent
from gis.drawing.foot import foot_height
from gis.drawing.paper import SMALLEST_TYPE_MM, Box, Paper, Type
from gis.drawing.pen import SOFT, Ink, Pen
from gis.render.legend import LegendEntry
from gis.revisions.comparison import ChangeGroup, Quantity
from gis.revisions.districts import District

ALL_TABLES = frozenset({"legend", "quantities", "revisions"})
"""What stands beside the map besides the changes, if there is room."""

_LEGEND = frozenset({"legend"})
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Column:
    """What stands beside the map on the first sheet, and what must go to the next.

    Parameters
    ----------
    type : Type
        The type everything is set in.
    groups : tuple of ChangeGroup
        Changes listed beside the map.
    overflow : tuple of ChangeGroup
        Changes that did not fit.
    tables : frozenset of str
        Which of `ALL_TABLES` stand beside the map; those missing go to the next sheet.
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
        """Whether every block and every sign of the map is told beside it."""
        return not self.overflow and self.tables == ALL_TABLES

    @property
    def districts(self) -> tuple[District, ...]:
        """Districts told beside the map; what is in them is told one by one on further sheets."""
        return tuple(group for group in self.groups if isinstance(group, District))

    @property
    def continued(self) -> bool:
        """Whether a further sheet is needed."""
        return not self.complete or bool(self.districts)


def arrange(pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry]) -> Column:
    """Choose type size and what fits beside the map.

    Type shrinks in small steps down to the smallest legible one; then the
    table of revisions goes to a further sheet, then the quantities, then the
    changes that are left over, and last the legend. The foot stays, and
    nothing is ever clipped.
    """
    groups = content.comparison.groups if content.comparison else ()
    smallest = SMALLEST_TYPE_MM[paper.name]
    room = paper.inner.height - foot_height(pen, paper, content)

    def fits(column: Column) -> bool:
        return _height(pen, paper, content, entries, column) <= room

    type_ = paper.type
    while not fits(Column(type_, groups)) and type_.small > smallest:
        type_ = _smaller(type_, smallest)
    for tables in (ALL_TABLES, ALL_TABLES - {"revisions"}, _LEGEND):
        for dense in (False, True):
            if fits(Column(type_, groups, tables=tables, dense=dense)):
                return Column(type_, groups, tables=tables, dense=dense)
    for tables, dense in ((_LEGEND, False), (_LEGEND, True), (_NOTHING, False)):
        columns = [
            Column(type_, groups[:kept], groups[kept:], tables, dense) for kept in range(len(groups) + 1)
        ]
        fitting = bisect_left(columns, True, key=lambda column: not fits(column))
        if fitting:
            return columns[fitting - 1]
    return Column(type_, (), groups, _NOTHING)


def count(groups: Sequence[ChangeGroup]) -> int:
    """Return how many numbered changes stand behind signs of the map."""
    return sum(len(group.parts) for group in groups)


def worth_telling(content: SheetContent) -> tuple[Quantity, ...]:
    """Return the quantities that differ; a table of zeros tells nobody anything."""
    rows = content.comparison.quantities if content.comparison else ()
    return tuple(q for q in rows if round(q.delta, q.decimals))


def paint_column(
    pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry], column: Column
) -> float:
    """Paint the blocks above the foot and return the y below them."""
    box, type_ = paper.inner, column.type
    y = blocks.title(pen, box.x, box.y, box.width, content, paper.type)
    if "legend" in column.tables:
        y = blocks.legend(pen, box.x, y, box.width, content, entries, type_, column.dense)
    y = paint_changes(pen, box, y, content, column.groups, type_, more=count(column.overflow))
    return paint_tables(pen, box, y, content, column.tables, type_)


def paint_tables(
    pen: Pen, box: Box, y: float, content: SheetContent, tables: frozenset[str], type_: Type
) -> float:
    """Paint the tables that are asked for."""
    if "quantities" in tables:
        y = blocks.quantities(pen, box.x, y, box.width, content, worth_telling(content), type_)
    if "revisions" in tables:
        y = blocks.revision_table(pen, box.x, y, box.width, content, type_)
    return y


def paint_changes(
    pen: Pen,
    box: Box,
    y: float,
    content: SheetContent,
    groups: Sequence[ChangeGroup],
    type_: Type,
    more: int = 0,
) -> float:
    """Paint the numbered changes under their heading."""
    comparison = content.comparison
    if comparison is None:
        return y
    if groups or not more:
        y = changes_heading(pen, box.x, y, box.width, content, type_)
    if not comparison.groups:
        return pen.text(box.x, y, box.width, content.word("没有修改。", "No changes."), Ink(type_.body))
    if any(isinstance(group, District) for group in comparison.groups):
        y = blocks.district_note(pen, box.x, y, box.width, content, type_)
    for group in groups:
        if isinstance(group, District):
            y = blocks.district(pen, box.x, y, box.width, content, group, type_)
        else:
            y = blocks.change(pen, box.x, y, box.width, content, group, type_)
    if more:
        words = (
            content.word("另有 {n} 处修改见续页。", "{n} more changes on the next sheet.", n=more)
            if groups
            else content.word("{n} 处修改见续页。", "The {n} changes are on the next sheet.", n=more)
        )
        y = pen.text(box.x, y, box.width, words, Ink(type_.small, color=SOFT))
    return y + type_.body * 0.5


def changes_heading(pen: Pen, x: float, y: float, width: float, content: SheetContent, type_: Type) -> float:
    """Set the heading over the changes."""
    before = content.label_of(content.comparison.before) if content.comparison else ""
    words = content.word("与 {before} 相比的修改", "Changes since {before}", before=before)
    return blocks.heading(pen, x, y, width, words, type_)


def _height(
    pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry], column: Column
) -> float:
    """Measure the blocks above the foot by laying them out without painting."""
    with pen.measuring():
        return paint_column(pen, paper, content, entries, column) - paper.inner.y


def _smaller(type_: Type, smallest: float) -> Type:
    factor = max(0.94, smallest / type_.small)
    return Type(type_.title, type_.heading * factor, type_.body * factor, max(smallest, type_.small * factor))
