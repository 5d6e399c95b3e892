"""From the entities of a drawing to rows: each of the model space, and each part of a block, is one."""

from __future__ import annotations

import json
from collections import Counter
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
_PROXY: Final = "ACAD_PROXY_ENTITY"
_FIRST_CLASS: Final = 500
"""Number of the first class that is not AutoCAD's own."""


@dataclass
class Rows:
    """Some rows of a drawing, by column; all dense columns have one length.

    Parameters
    ----------
    first : int
        How many rows of the drawing come before.
    pieces : list of Piece
    layer, type, color, handle : list of str
    sparse : dict of str to (dict of row to value)
        For each of `SPARSE`; rows are counted from 0 here.
    """

    first: int = 0
    pieces: list[Piece] = field(default_factory=list)
    layer: list[str] = field(default_factory=list)
    type: list[str] = field(default_factory=list)
    color: list[str] = field(default_factory=list)
    handle: list[str] = field(default_factory=list)
    sparse: dict[str, dict[int, Any]] = field(default_factory=lambda: {name: {} for name in SPARSE})

    def __len__(self) -> int:
        return len(self.pieces)


class Collection:
    """Rows in the making.

    Parameters
    ----------
    context : Context

    Attributes
    ----------
    entities : int
        How many were added.
    proxies : Counter
        Objects of other programs among them, by class.
    problems : Counter
        Block references by what is wrong with them: see `Expanded`.
    named : dict of str to set of str
        Names of the blocks behind each problem.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.entities = 0
        self.proxies: Counter[str] = Counter()
        self.problems: Counter[str] = Counter()
        self.named: dict[str, set[str]] = {}
        self._rows = Rows()
        self._blocks = Blocks(context)
        self._colours = Colours(context.document)
        self._names: dict[str, str] = {}

    def __len__(self) -> int:
        """Count the rows that have not been taken."""
        return len(self._rows)

    def take(self) -> Rows:
        """Return the rows made since the last time, and forget them."""
        taken = self._rows
        self._rows = Rows(taken.first + len(taken))
        return taken

    def add(self, entity: Any) -> None:
        """Add the rows of an entity of the model space."""
        self.entities += 1
        kind = entity.dxftype()
        try:
            if kind == "INSERT":
                self._add_reference(entity)
            elif kind.endswith(_DIMENSIONS):
                self._add(self._blocks.dimension(entity), entity)
            elif kind in EXTRACTORS:
                for piece in EXTRACTORS[kind](entity, self.context):
                    self._add(piece, entity)
            else:
                self._add(piece_of(entity, "none", []), entity, UNREADABLE)
        except FAULTS:
            self._add(piece_of(entity, "none", []), entity, BROKEN)
        if kind == _PROXY:
            self.proxies[_class_of(entity)] += 1

    def _add_reference(self, insert: Any) -> None:
        found = self._blocks.expanded(insert)
        self._note(found)
        parent = self._add(found.reference, insert)
        if attributes := found.reference.values.get("attributes"):
            named = {line_of(tag)[:80]: line_of(words) for tag, words in attributes.items()}
            self._rows.sparse["attributes"][parent] = json.dumps(named, ensure_ascii=False)
        for piece in found.parts:
            self._rows.sparse["parent"][self._add(piece, None)] = self._rows.first + parent + 1

    def _note(self, found: Expanded) -> None:
        if found.problem:
            self.problems[found.problem] += 1
            self.named.setdefault(found.problem, set()).add(line_of(found.reference.block)[:60])

    def _add(self, piece: Piece, entity: Any, status: str = "") -> int:
        rows, sparse = self._rows, self._rows.sparse
        row = len(rows.pieces)
        rows.pieces.append(piece)
        rows.layer.append(self._named(piece.layer))
        rows.type.append(piece.type)
        rows.color.append(self._colours.of(piece))
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
            self._rows.sparse["own"][row] = mark
        if code := surveyor_code(entity):
            self._rows.sparse["code"][row] = line_of(self.context.recode(code))[:80]

    def _status(self, piece: Piece) -> str:
        above = piece.values.get("above", ())
        if (
            piece.invisible
            or self._colours.is_hidden(piece.layer)
            or any(map(self._colours.is_frozen, above))
        ):
            return HIDDEN if piece.form != "none" else EMPTY
        if piece.form == "none":
            return UNREADABLE if piece.type in ("ACAD_PROXY_ENTITY", "ACAD_TABLE") else EMPTY
        return ""

    def _named(self, layer: str) -> str:
        name = self._names.get(layer)
        if name is None:
            name = self._names[layer] = line_of(self.context.recode(layer))[:255] or "0"
        return name


def _class_of(proxy: Any) -> str:
    """Return what the program calls it that made an object which only it understands; may be empty."""
    classes = proxy.doc.classes.classes if proxy.doc is not None else {}
    names = [known.dxf.name for known in classes.values()]
    told = next((t.value for t in proxy.acdb_proxy_entity or () if t.code == 91), 0)
    number = int(told) - _FIRST_CLASS
    return line_of(names[number]) if 0 <= number < len(names) else ""
