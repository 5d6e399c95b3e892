"""Tables for whoever may read them: masked to be given away, or whole and marked as internal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from gis.privacy import Masks
from gis.revisions.sheets import Cell, Column, Sheet
from layers.text import Text

INTERNAL: Final = Text("内部资料 不得张贴（含个人信息）", "Internal, not for posting (holds personal data)")
_MADE_BY_PROGRAM: Final = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-f]{64}")
"""An id or a hash: masked, it would name nothing; whatever else stands in its column is somebody's words."""


def sheet_for(sheet: Sheet, masks: Masks | None) -> Sheet:
    """Return a sheet as it may be written: all its words masked, or headed as internal without masks.

    Parameters
    ----------
    sheet : Sheet
    masks : Masks or None
        What it passes, and where the masked cells are counted; None keeps everything.
    """
    if masks is None:
        return replace(sheet, heading=INTERNAL)
    return replace(
        sheet,
        title=masks.text(sheet.title),
        columns=tuple(replace(column, title=masks.text(column.title)) for column in sheet.columns),
        rows=tuple(_row(row, sheet.columns, masks) for row in sheet.rows),
    )


def masked_id(value: str, masks: Masks) -> str:
    """Return an id or a hash as it is, and anything else that stands in its place masked."""
    return value if _MADE_BY_PROGRAM.fullmatch(value) else masks.word(value)


def _row(row: tuple[Cell, ...], columns: tuple[Column, ...], masks: Masks) -> tuple[Cell, ...]:
    return tuple(_cell(cell, column, masks) for cell, column in zip(row, columns, strict=True))


def _cell(cell: Cell, column: Column, masks: Masks) -> Cell:
    if isinstance(cell, Text):
        return masks.text(cell)
    if isinstance(cell, str):
        return masked_id(cell, masks) if column.kind == "id" else masks.word(cell)
    return cell
