"""The foot of the column: how to comment, the seal, the title block.

It stands at the bottom of the first sheet whatever else has to move, and is as
high as its words need.
"""

from __future__ import annotations

from gis.drawing import blocks
from gis.drawing.content import SheetContent
from gis.drawing.paper import SMALLEST_TYPE_MM, Box, Paper, Type
from gis.drawing.pen import Ink, Pen
from gis.links import published_address

SEAL_MM = 50.0
MOST_QR_MM = 35.0


def foot_height(pen: Pen, paper: Paper, content: SheetContent) -> float:
    """Return the height of contact and seal row and title block together, mm."""
    return _row_height(pen, paper, content) + title_block_height(paper, content) + foot_type(paper).body * 1.6


def foot_type(paper: Paper) -> Type:
    """Return the type of the foot, which is read from near and never shrinks."""
    return Type(
        paper.type.title, paper.type.heading * 0.7, paper.type.body * 0.7, SMALLEST_TYPE_MM[paper.name] * 1.1
    )


def seal_side(paper: Paper) -> float:
    """Return the side of the seal box: 50 mm, less on sheets for the hand."""
    return min(SEAL_MM, paper.inner.width * 0.36)


def title_block_height(paper: Paper, content: SheetContent) -> float:
    """Return the height of 图签 in mm."""
    return len(blocks.title_cells(content, paper, 1)) // 2 * foot_type(paper).small * 2.3


def paint_foot(pen: Pen, paper: Paper, content: SheetContent, scale: int) -> None:
    """Paint contact, QR code, seal box and title block at the foot of the column."""
    box, type_ = paper.inner, foot_type(paper)
    height, side = title_block_height(paper, content), seal_side(paper)
    block = Box(box.x, box.bottom - height, box.width, height)
    blocks.title_block(pen, block, content, paper, scale, type_.small)
    top = block.y - type_.body * 0.8 - _row_height(pen, paper, content)
    blocks.seal(pen, Box(box.right - side, top, side, side), content, type_)
    _contact_and_code(pen, paper, content, top)


def _row_height(pen: Pen, paper: Paper, content: SheetContent) -> float:
    with pen.measuring():
        below = _contact_and_code(pen, paper, content, 0.0)
    return max(seal_side(paper), below)


def _contact_and_code(pen: Pen, paper: Paper, content: SheetContent, top: float) -> float:
    """Set how to comment and, below it, the code that leads to the page, left of the seal."""
    box, type_, side = paper.inner, foot_type(paper), seal_side(paper)
    room = box.width - side - type_.body
    y = blocks.contact(pen, box.x, top, room, content, type_)
    address = published_address(content.snapshot)
    if not address:
        return y
    code = min(MOST_QR_MM, side * 0.8, room * 0.5)
    blocks.qr_code(pen, Box(box.x, y, code, code), content.page_link(address))
    note = content.word("扫码看网页版", "Scan for the web page")
    left = code + type_.small
    pen.text(box.x + left, y + code - type_.small * 2.8, room - left, note, Ink(type_.small), 2)
    return y + code
