"""From an open drawing to rows: every entity of the model space, and every part of a block, is one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from gis.exchange.dxf.blocks import Blocks, Expanded
from gis.exchange.dxf.colours import Colours
from gis.exchange.dxf.entities import EXTRACTORS
from gis.exchange.dxf.identity import own_mark, surveyor_code
from gis.exchange.dxf.pieces import FAULTS, SPARSE, Context, Piece, piece_of
from gis.exchange.dxf.wording import line_of

HIDDEN: Final = "hidden"
UNREADABLE: Final = "unreadable"
BROKEN: Final = "broken"
EMPTY: Final = "empty"
_DIMENSIONS: Final = "DIMENSION"


@dataclass
class Rows:
    """The rows of a drawing, by column; all dense columns have one length.

    Parameters
    ----------
    pieces : list of Piece
    layer, type, color, handle : list of str
    sparse : dict of str to (dict of row to value)
        For each of `SPARSE`.
    problems : Counter
        Block references by what is wrong with them: ``recursive``, ``external``, ``missing``, ``too-many``.
    named : dict of str to set of str
        Names of the blocks behind each problem.
    """

    pieces: list[Piece] = field(default_factory=list)
    layer: list[str] = field(default_factory=list)
    type: list[str] = field(default_factory=list)
    color: list[str] = field(default_factory=list)
    handle: list[str] = field(default_factory=list)
    sparse: dict[str, dict[int, Any]] = field(default_factory=lambda: {name: {} for name in SPARSE})
    problems: Counter[str] = field(default_factory=Counter)
    named: dict[str, set[str]] = field(default_factory=dict)


def collect(entities: Iterable[Any], context: Context) -> Rows:
    """Return all rows of the entities of a drawing."""
    work = _Collection(context)
    for entity in entities:
        work.add(entity)
    return work.rows


class _Collection:
    """Rows in the making."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.rows = Rows()
        self.blocks = Blocks(context)
        self.colours = Colours(context.document)
        self._names: dict[str, str] = {}

    def add(self, entity: Any) -> None:
        kind = entity.dxftype()
        try:
            if kind == "INSERT":
                self._add_reference(entity)
            elif kind.endswith(_DIMENSIONS):
                self._add(self.blocks.dimension(entity), entity)
            elif kind in EXTRACTORS:
                for piece in EXTRACTORS[kind](entity, self.context):
                    self._add(piece, entity)
            else:
                self._add(piece_of(entity, "none", []), entity, UNREADABLE)
        except FAULTS:
            self._add(piece_of(entity, "none", []), entity, BROKEN)

    def _add_reference(self, insert: Any) -> None:
        found = self.blocks.expanded(insert)
        self._note(found)
        parent = self._add(found.reference, insert)
        if attributes := found.reference.values.get("attributes"):
            named = {line_of(tag)[:80]: line_of(words) for tag, words in attributes.items()}
            self.rows.sparse["attributes"][parent] = json.dumps(named, ensure_ascii=False)
        for piece in found.parts:
            self.rows.sparse["parent"][self._add(piece, None)] = parent + 1

    def _note(self, found: Expanded) -> None:
        if found.problem:
            self.rows.problems[found.problem] += 1
            self.rows.named.setdefault(found.problem, set()).add(line_of(found.reference.block)[:60])

    def _add(self, piece: Piece, entity: Any, status: str = "") -> int:
        rows, sparse = self.rows, self.rows.sparse
        row = len(rows.pieces)
        rows.pieces.append(piece)
        rows.layer.append(self._named(piece.layer))
        rows.type.append(piece.type)
        rows.color.append(self.colours.of(piece))
        rows.handle.append(piece.handle)
        status = status or self._status(piece)
        for name, value in (("status", status), ("text", piece.text), ("block", piece.block)):
            if value:
                sparse[name][row] = value
        if piece.middle is not None:
            sparse["middle"][row] = (float(piece.middle[0]), float(piece.middle[1]))
        if piece.form != "none" and (z := float(piece.parts[0][0, 2])):
            sparse["z"][row] = z
        if entity is not None and entity.xdata is not None:
            self._add_marks(row, entity)
        return row

    def _add_marks(self, row: int, entity: Any) -> None:
        if mark := own_mark(entity):
            self.rows.sparse["own"][row] = mark
        if code := surveyor_code(entity):
            self.rows.sparse["code"][row] = line_of(self.context.recode(code))[:80]

    def _status(self, piece: Piece) -> str:
        above = piece.values.get("above", ())
        if piece.invisible or self.colours.is_hidden(piece.layer) or any(map(self.colours.is_frozen, above)):
            return HIDDEN if piece.form != "none" else EMPTY
        if piece.form == "none":
            return UNREADABLE if piece.type in ("ACAD_PROXY_ENTITY", "ACAD_TABLE") else EMPTY
        return ""

    def _named(self, layer: str) -> str:
        name = self._names.get(layer)
        if name is None:
            name = self._names[layer] = line_of(self.context.recode(layer))[:255] or "0"
        return name
