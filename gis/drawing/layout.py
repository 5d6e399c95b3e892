"""Which blocks stand where: one sheet, and a further one if the changes need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gis.drawing import blocks
from gis.drawing.content import SheetContent
from gis.drawing.paper import Box, Paper, Type
from gis.drawing.pen import SOFT, Ink, Pen
from gis.render.legend import LegendEntry
from gis.revisions.comparison import ChangeGroup, Quantity

ALL_TABLES = frozenset({"quantities", "revisions"})
SEAL_MM = 50.0
SMALLEST_TYPE_MM = {"A0": 3.5, "A1": 3.5, "A2": 3.0, "A3": 2.5, "A4": 2.2}
"""Text on boards is read from a metre away; a sheet in the hand may be finer."""


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
        Which of ``quantities`` and ``revisions`` stand beside the map; those
        missing go to the next sheet.
    """

    type: Type
    groups: tuple[ChangeGroup, ...] = ()
    overflow: tuple[ChangeGroup, ...] = ()
    tables: frozenset[str] = ALL_TABLES

    @property
    def continued(self) -> bool:
        """Whether a further sheet is needed."""
        return bool(self.overflow) or self.tables != ALL_TABLES


def inner(paper: Paper) -> Box:
    """Return the column without its padding."""
    return paper.column.inset(paper.type.body * 1.5)


def foot_height(paper: Paper) -> float:
    """Return the height of seal row and title block together, mm."""
    return seal_side(paper) + title_block_height(paper) + foot_type(paper).body * 1.6


def foot_type(paper: Paper) -> Type:
    """Return the type of the foot, which is read from near and never shrinks."""
    return Type(
        paper.type.title, paper.type.heading * 0.7, paper.type.body * 0.7, SMALLEST_TYPE_MM[paper.name] * 1.1
    )


def seal_side(paper: Paper) -> float:
    """Return the side of the seal box: 50 mm, less on sheets for the hand."""
    return min(SEAL_MM, inner(paper).width * 0.36)


def title_block_height(paper: Paper) -> float:
    """Return the height of 图签 in mm."""
    return 4 * foot_type(paper).small * 2.3


def arrange(pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry]) -> Column:
    """Choose type size and what fits beside the map.

    Type shrinks in small steps down to the smallest legible one; then the
    table of revisions goes to a further sheet, then the quantities, and last
    the changes that are left over. Nothing is ever clipped.
    """
    groups = content.comparison.groups if content.comparison else ()
    smallest = SMALLEST_TYPE_MM[paper.name]

    def fits(column: Column) -> bool:
        return _height(pen, paper, content, entries, column) + foot_height(paper) <= inner(paper).height

    type_ = paper.type
    while not fits(Column(type_, groups)) and type_.small > smallest:
        type_ = _smaller(type_, smallest)
    for tables in (ALL_TABLES, frozenset({"quantities"}), frozenset()):
        if fits(Column(type_, groups, tables=frozenset(tables))):
            return Column(type_, groups, tables=frozenset(tables))
    kept = len(groups)
    while kept and not fits(Column(type_, groups[:kept], groups[kept:], frozenset())):
        kept -= 1
    return Column(type_, groups[:kept], groups[kept:], frozenset())


def worth_telling(content: SheetContent) -> tuple[Quantity, ...]:
    """Return the quantities that differ; a table of zeros tells nobody anything."""
    rows = content.comparison.quantities if content.comparison else ()
    return tuple(q for q in rows if round(q.delta, q.decimals))


def paint_column(
    pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry], column: Column
) -> float:
    """Paint the blocks above the foot and return the y below them."""
    box, type_ = inner(paper), column.type
    y = blocks.title(pen, box.x, box.y, box.width, content, paper.type)
    y = blocks.legend(pen, box.x, y, box.width, content, entries, type_)
    y = paint_changes(pen, box, y, content, column.groups, type_, more=len(column.overflow))
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
    words = content.word(
        "与 {before} 相比的修改", "Changes since {before}", before=content.label_of(comparison.before)
    )
    y = blocks.heading(pen, box.x, y, box.width, words, type_)
    if not comparison.groups:
        return pen.text(box.x, y, box.width, content.word("没有修改。", "No changes."), Ink(type_.body))
    for group in groups:
        y = blocks.change(pen, box.x, y, box.width, content, group, type_)
    if more:
        words = content.word("另有 {n} 处修改见续页。", "{n} more changes on the next sheet.", n=more)
        y = pen.text(box.x, y, box.width, words, Ink(type_.small, color=SOFT))
    return y + type_.body * 0.5


def paint_foot(pen: Pen, paper: Paper, content: SheetContent, scale: int) -> None:
    """Paint contact, QR code, seal box and title block at the foot of the column."""
    box, type_ = inner(paper), foot_type(paper)
    height, side = title_block_height(paper), seal_side(paper)
    block = Box(box.x, box.bottom - height, box.width, height)
    blocks.title_block(pen, block, content, paper, scale, type_.small)
    top = block.y - type_.body * 0.8 - side
    blocks.seal(pen, Box(box.right - side, top, side, side), content, type_)
    room = box.width - side - type_.body
    address = content.setting("publish.url")
    if address:
        code = min(side * 0.62, room * 0.5)
        blocks.qr_code(pen, Box(box.x, top + side - code, code, code), address)
        note = content.word("扫码看网页版", "Scan for the web page")
        pen.text(
            box.x + code + type_.small,
            top + side - type_.small * 1.5,
            room - code,
            note,
            Ink(type_.small),
        )
    blocks.contact(pen, box.x, top, room, content, type_)


def _height(
    pen: Pen, paper: Paper, content: SheetContent, entries: Sequence[LegendEntry], column: Column
) -> float:
    """Measure the blocks above the foot by laying them out without painting."""
    with pen.measuring():
        return paint_column(pen, paper, content, entries, column) - inner(paper).y


def _smaller(type_: Type, smallest: float) -> Type:
    factor = max(0.94, smallest / type_.small)
    return Type(type_.title, type_.heading * factor, type_.body * factor, max(smallest, type_.small * factor))
