"""The foot of the words: how to comment, the seal, the title block.

It stands at the bottom of the first sheet whatever else has to move, and is as
high as its words need. In a column beside the map the title block stands
below the rest, on a sheet with its words below the map beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from gis.drawing import blocks
from gis.drawing.content import SheetContent
from gis.drawing.paper import SMALLEST_TYPE_MM, Box, Paper, Type
from gis.drawing.pen import Ink, Pen
from gis.links import published_address

SEAL_MM = 50.0
MOST_QR_MM = 35.0
_BLOCK_SHARE = 0.4
"""Of the width of the sheet, for a title block that stands beside the seal."""


@dataclass(frozen=True)
class _Places:
    """Where the parts stand, the contact as high as it likes.

    Parameters
    ----------
    top : float
    contact_mm : float
        Width of the contact, from the left edge.
    seal, block : Box
    """

    top: float
    contact_mm: float
    seal: Box
    block: Box


def foot_height(pen: Pen, paper: Paper, content: SheetContent) -> float:
    """Return the height of the foot with the room above it, mm."""
    return paper.inner.bottom - _places(pen, paper, content).top + foot_type(paper).body * 0.8


def foot_type(paper: Paper) -> Type:
    """Return the type of the foot, which is read from near and never shrinks; below the map there is room."""
    type_, least = paper.type, SMALLEST_TYPE_MM[paper.name] * 1.1
    if paper.below:
        return Type(type_.title, type_.heading, type_.body, max(least, type_.small))
    return Type(type_.title, type_.heading * 0.7, type_.body * 0.7, least)


def title_block_height(paper: Paper, content: SheetContent) -> float:
    """Return the height of 图签 in mm."""
    return len(blocks.title_cells(content, paper, 1)) // 2 * foot_type(paper).small * 2.3


def paint_foot(pen: Pen, paper: Paper, content: SheetContent, scale: int) -> None:
    """Paint contact, QR code, seal box and title block at the foot of the words."""
    type_, places = foot_type(paper), _places(pen, paper, content)
    blocks.title_block(pen, places.block, content, paper, scale, type_.small)
    blocks.seal(pen, places.seal, content, type_)
    _contact_and_code(pen, paper, content, places)


def _places(pen: Pen, paper: Paper, content: SheetContent) -> _Places:
    box, gap, high = paper.inner, foot_type(paper).body, title_block_height(paper, content)
    wide = box.width * _BLOCK_SHARE if paper.below else box.width
    block = Box(box.right - wide, box.bottom - high, wide, high)
    right, bottom = (block.x - gap, box.bottom) if paper.below else (box.right, block.y - gap * 0.8)
    side = min(SEAL_MM, (right - box.x) * 0.36)
    seal = Box(right - side, bottom - side, side, side)
    loose = _Places(bottom, right - box.x - side - gap, seal, block)
    with pen.measuring():
        contact = _contact_and_code(pen, paper, content, loose) - bottom
    row = max(side, contact, high if paper.below else 0.0)
    top = bottom - row
    if paper.below:
        block = Box(block.x, top, wide, row)
    return _Places(top, loose.contact_mm, Box(seal.x, top, side, side), block)


def _contact_and_code(pen: Pen, paper: Paper, content: SheetContent, places: _Places) -> float:
    """Set how to comment and, below it, the code that leads to the page, left of the seal."""
    left, type_, room = paper.inner.x, foot_type(paper), places.contact_mm
    y = blocks.contact(pen, left, places.top, room, content, type_, _MOST_LINES[paper.below])
    address = published_address(content.snapshot)
    if not address:
        return y
    code = min(MOST_QR_MM, places.seal.width * 0.8, room * 0.5)
    blocks.qr_code(pen, Box(left, y, code, code), content.page_link(address))
    note = content.word("扫码看网页版", "Scan for the web page")
    beside = code + type_.small
    pen.text(left + beside, y + code - type_.small * 2.8, room - beside, note, Ink(type_.small), 2)
    return y + code


_MOST_LINES = {False: 7, True: 3}
"""Of one setting of the contact, beside the map and below it, where lines are longer.

What takes more is no line of contact but a letter, and would push the legend away.
"""
