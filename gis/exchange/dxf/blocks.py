"""Block references and dimensions: what they stand for, worked out once per block and moved into place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.exchange.dxf.entities import EXTRACTORS, combined
from gis.exchange.dxf.measures import own_line
from gis.exchange.dxf.pieces import BY_BLOCK, DEEPEST, FAULTS, Context, Piece, chain, piece_of, row, to_world

_MOST_IN_BLOCK: Final = 50_000
_MOST_COPIES: Final = 10_000
_MOST_SIZES: Final = 16
_MOST_IN_ALL: Final = 400_000
_OWN_LAYER: Final = "0"
_FAR: Final = 1000.0
"""Sizes of a block that it may stand away from its parts."""


class Expanded(NamedTuple):
    """A block reference and its parts.

    Parameters
    ----------
    reference : Piece
        A point where it stands, with the block's name and its attributes.
    parts : list of Piece
        In world coordinates, attributes' texts included.
    problem : str
        ``""``, or why the parts are missing or not all there: ``recursive``,
        ``too-deep``, ``external``, ``missing``, ``too-many``.
    """

    reference: Piece
    parts: list[Piece]
    problem: str


class Blocks:
    """The blocks of a drawing.

    Parameters
    ----------
    context : Context
    frozen : frozenset of str
        Names of frozen layers in lower case: a reference on one hides all its parts.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self._known: dict[tuple[str, int], tuple[list[Piece], str]] = {}
        self._left = _MOST_IN_ALL

    def expanded(self, insert: Any) -> Expanded:
        """Return what a block reference of the drawing shows."""
        name = insert.dxf.name
        reference = piece_of(insert, "point", [to_world(insert, row(insert.dxf.insert))])
        reference.block = self.context.recode(name)
        attributes = self._attributes(insert, reference)
        parts, problem = self._placed(insert, ())
        if len(parts) > self._left:
            parts, problem = [], "too-many"
        self._left -= len(parts)
        if not reference.parts[0][0, :2].any():
            _bring_home(reference, parts)
        return Expanded(reference, [_inherited(p, reference) for p in (*parts, *attributes)], problem)

    def dimension(self, entity: Any) -> Piece:
        """Return a dimension as the lines of its picture, with its text."""
        name = entity.dxf.get("geometry")
        parts = self._content(name, 1.0, ())[0] if name else []
        made = combined(entity, parts)
        if (own := own_line(entity)) is not None:
            made = replace(made, form="line", parts=[own])
        elif made.form == "none":
            made = _measured(entity)
        if made.form == "line":
            made.parts = [part for part in made.parts if np.ptp(part, axis=0).any()] or made.parts
        override = self.context.recode(entity.dxf.get("text", "") or "").strip()
        if override and "<>" not in override:
            made.text = override
        return made

    def _attributes(self, insert: Any, reference: Piece) -> list[Piece]:
        made: list[Piece] = []
        named: dict[str, str] = {}
        for attribute in insert.attribs:
            found = list(EXTRACTORS["ATTRIB"](attribute, self.context))
            hidden = bool(attribute.dxf.get("flags", 0) & 1)
            for piece in found:
                named[self.context.recode(attribute.dxf.get("tag", ""))] = piece.text
                if piece.text.strip() and not hidden:
                    made.append(piece)
        if named:
            reference.values["attributes"] = named
        return made

    def _placed(self, insert: Any, above: tuple[str, ...]) -> tuple[list[Piece], str]:
        name = str(insert.dxf.name).lower()
        if name in above or len(above) >= DEEPEST:
            return [], "recursive" if name in above else "too-deep"
        matrices = list(_matrices(insert))
        scale = max(abs(insert.dxf.xscale), abs(insert.dxf.yscale)) or 1.0
        content, problem = self._content(insert.dxf.name, scale, above)
        if len(content) * len(matrices) > _MOST_IN_BLOCK:
            return [], "too-many"
        return [piece.moved(matrix) for matrix in matrices for piece in content], problem

    def _content(self, name: str, scale: float, above: tuple[str, ...]) -> tuple[list[Piece], str]:
        """Return what a block holds, in its own coordinates; fine enough for a scale."""
        size = round(math.log2(scale)) if math.isfinite(scale) and scale > 0 else 0
        bucket = max(-_MOST_SIZES, min(size, _MOST_SIZES))
        key = (name.lower(), bucket)
        if key not in self._known:
            # Kept even if cut short by recursion: blocks that insert each other must not cost more than once.
            self._known[key] = self._read(name, 2.0**bucket, (*above, name.lower()))
        return self._known[key]

    def _read(self, name: str, scale: float, above: tuple[str, ...]) -> tuple[list[Piece], str]:
        block = self.context.document.blocks.get(name)
        if block is None:
            return [], "missing"
        if block.block is not None and (block.block.is_xref or block.block.is_xref_overlay):
            return [], "external"
        finer = self.context._replace(tolerance=self.context.tolerance / scale)
        pieces: list[Piece] = []
        problem = ""
        for entity in block:
            made, fault = self._one(entity, finer, above)
            problem = problem or fault
            pieces += made
            if len(pieces) > _MOST_IN_BLOCK:
                return [], "too-many"
        return pieces, problem

    def _one(self, entity: Any, context: Context, above: tuple[str, ...]) -> tuple[list[Piece], str]:
        kind = entity.dxftype()
        try:
            if kind == "INSERT":
                reference = piece_of(entity, "point", [to_world(entity, row(entity.dxf.insert))])
                parts, problem = self._placed(entity, above)
                inner = [*parts, *self._attributes(entity, reference)]
                return [_inherited(p, reference) for p in inner], problem
            if kind.endswith("DIMENSION"):
                return [self.dimension(entity)], ""
            extract = EXTRACTORS.get(kind)
            return ([] if extract is None else [p for p in extract(entity, context) if p.form != "none"]), ""
        except FAULTS:
            return [], ""


def _bring_home(reference: Piece, parts: list[Piece]) -> None:
    """Let a block at the origin stand at its parts if they lie far away: some programs make such blocks."""
    chains = [part for piece in parts for part in piece.parts]
    if not chains:
        return
    points = np.concatenate(chains)
    low, high = points.min(axis=0), points.max(axis=0)
    away = np.maximum(np.maximum(low, -high), 0.0)
    if float(np.hypot(away[0], away[1])) > _FAR * max(float((high - low).max()), 1.0):
        reference.parts = [((low + high) / 2.0).reshape(1, 3)]


def _measured(entity: Any) -> Piece:
    """Return a dimension whose picture is not in the file: its extension lines, its line, its measure."""
    dxf = entity.dxf
    if entity.dimtype not in (0, 1) or not (dxf.hasattr("defpoint2") and dxf.hasattr("defpoint3")):
        ends = [dxf.get(name) for name in ("defpoint", "defpoint4") if dxf.hasattr(name)]
        return piece_of(entity, "line" if len(ends) == 2 else "none", [chain(ends)])
    on, first, second = (np.array(tuple(dxf.get(n))) for n in ("defpoint", "defpoint2", "defpoint3"))
    angle = math.radians(dxf.get("angle", 0.0))
    along = second - first if entity.dimtype == 1 else np.array([math.cos(angle), math.sin(angle), 0.0])
    along = along / (np.linalg.norm(along) or 1.0)
    feet = [on + along * float((p - on) @ along) for p in (first, second)]
    lines = [np.stack(pair) for pair in ((first, feet[0]), (second, feet[1]), feet)]
    return piece_of(entity, "line", lines, f"{float(np.linalg.norm(feet[0] - feet[1])):.6g}")


def _inherited(piece: Piece, reference: Piece) -> Piece:
    """Return a part with what it takes over from its block reference: layer ``0``, colour by block."""
    layer = reference.layer if piece.layer == _OWN_LAYER else piece.layer
    by_block = piece.color == BY_BLOCK and piece.true_color is None
    on_layers = (*piece.values.get("above", ()), reference.layer)
    return replace(
        piece,
        layer=layer,
        color=reference.color if by_block else piece.color,
        true_color=reference.true_color if by_block else piece.true_color,
        invisible=piece.invisible or reference.invisible,
        values={**piece.values, "above": on_layers},
    )


def _matrices(insert: Any) -> Iterator[NDArray[np.float64]]:
    """Yield a 4 x 4 matrix for every copy of an array; rows or columns of 0 count as one."""
    matrix = np.array(list(insert.matrix44()), dtype=float).reshape(4, 4)
    dxf = insert.dxf
    rows, columns = max(1, dxf.get("row_count", 1)), max(1, dxf.get("column_count", 1))
    down, along = dxf.get("row_spacing", 0.0), dxf.get("column_spacing", 0.0)
    rows, columns = (rows if down else 1), (columns if along else 1)
    angle = math.radians(dxf.get("rotation", 0.0))
    for i in range(min(rows * columns, _MOST_COPIES + 1)):
        dx, dy = along * (i % columns), down * (i // columns)
        offset = np.array(
            [[dx * math.cos(angle) - dy * math.sin(angle), dx * math.sin(angle) + dy * math.cos(angle), 0.0]]
        )
        copy = matrix.copy()
        copy[3, :3] += to_world(insert, offset)[0]
        yield copy
