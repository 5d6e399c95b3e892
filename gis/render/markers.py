"""Point symbols: one outline copied to many places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis.render.group import Group
from gis.render.marks import FillMark, Mark, Paths, Pen, StrokeMark, TextMark
from gis.render.outlines import OUTLINES, TICK, TICK_CODES, Outline
from gis.render.shapes import Floats, Ints
from layers.schema import Value
from layers.style import Marker

MOST_SINGLE: Final = 600
"""Pins are drawn one after the other, each whole over its neighbour, up to this many."""
CASING_MM: Final = 0.4
_SEVERITY_SIZE: Final = np.array([0.84, 0.92, 1.0, 1.1, 1.22])
_SHORT_NUMBER: Final = re.compile(r"0*(\d+)\D*$")


def marker_marks(part: Marker, group: Group) -> Iterator[Mark]:
    """Yield the marks of a point symbol at the places of a group."""
    xy, rows = places(part, group)
    if not len(rows):
        return
    size = sizes(part, group, rows)
    if part.text_field or part.tick or part.severity_field:
        order = np.argsort(xy[:, 1], kind="stable")  # southern pins stand in front of northern ones
        if len(order) <= MOST_SINGLE:
            for index in order:
                yield from _stack(part, group, xy[[index]], size[[index]], rows[[index]])
            return
        xy, size, rows = xy[order], size[order], rows[order]
    yield from _stack(part, group, xy, size, rows)


def places(part: Marker, group: Group) -> tuple[Floats, Ints]:
    """Return where a marker stands, shape (k, 2) in pixels, and the row of each place."""
    xy, rows = group.points, group.shapes.point_row
    if part.on_all:
        others = np.setdiff1d(group.rows, rows)
        others = others[np.isfinite(group.anchors[others, 0])]
        xy = np.concatenate([xy, group.frame.to_px(group.anchors[others])])
        rows = np.concatenate([rows, others])
    return xy, rows


def sizes(part: Marker, group: Group, rows: Ints) -> Floats:
    """Return the height of the marker of each row in pixels."""
    size = np.full(len(rows), part.size_mm * group.px_per_mm)
    if part.size_field:
        ground = group.numbers(part.size_field, rows, np.nan) / group.metres_per_px
        size = np.where(np.isfinite(ground), ground, size)
    if part.severity_field:
        size *= _SEVERITY_SIZE[_severity(part.severity_field, group, rows) - 1]
    return size


def short_number(value: Value) -> str:
    """Return what fits into a pin: the number a code ends with, ``D05`` as ``5``."""
    text = "" if value is None else str(value)
    found = _SHORT_NUMBER.search(text)
    return found.group(1) if found else text[:2]


def _severity(field: str, group: Group, rows: Ints) -> NDArray[np.int64]:
    return np.clip(group.numbers(field, rows, 3.0), 1, 5).astype(np.int64)


def _stack(part: Marker, group: Group, xy: Floats, size: Floats, rows: Ints) -> Iterator[Mark]:
    """Yield casing, rings, body, outline and what is written inside, from bottom to top."""
    outline = OUTLINES[part.shape]
    mm = group.px_per_mm
    body = _copies(outline, xy, size)
    if part.casing and outline.closed:
        width = (part.line_mm + 2 * CASING_MM) * mm
        yield StrokeMark(body, Pen(part.casing, width))
        yield from _rings(part, group, xy, size, rows)
    if part.fill and outline.closed:
        yield FillMark(body, part.fill, part.opacity)
    if part.line_mm > 0:
        yield StrokeMark(body, Pen(part.line, part.line_mm * mm, 1.0 if part.shape != "tree" else 0.9))
    if len(outline.detail):
        copies = xy[:, None, :] + outline.detail * size[:, None, None]
        yield StrokeMark(Paths.of_pieces(copies, outline.detail_codes), Pen(part.line, 0.3 * mm))
    yield from _inside(part, group, xy, size, rows)


def _inside(part: Marker, group: Group, xy: Floats, size: Floats, rows: Ints) -> Iterator[Mark]:
    outline = OUTLINES[part.shape]
    head = xy + np.array(outline.head) * size[:, None]
    if part.tick:
        copies = head[:, None, :] + TICK * size[:, None, None]
        yield StrokeMark(Paths.of_pieces(copies, TICK_CODES), Pen(part.line, 0.55 * group.px_per_mm))
    elif part.text_field and part.text_field in group.columns:
        texts = tuple(short_number(value) for value in group.columns[part.text_field][rows])
        longest = max((len(text) for text in texts), default=1) or 1
        height = float(size.min()) * min(0.56, outline.room / (0.56 * longest))
        yield TextMark(texts, head, height, part.text_color)


def _rings(part: Marker, group: Group, xy: Floats, size: Floats, rows: Ints) -> Iterator[Mark]:
    """One ring around severity 4, two around 5."""
    if not part.severity_field:
        return
    severity = _severity(part.severity_field, group, rows)
    outline = OUTLINES[part.shape]
    color = part.fill if part.fill.upper() != "#FFFFFF" else part.line
    head = xy + np.array(outline.head) * size[:, None]
    for number, least in ((1, 4), (2, 5)):
        chosen = severity >= least
        if chosen.any():
            gap = (CASING_MM + 0.55 * number) * group.px_per_mm
            grown = 1 + 2 * gap / size[chosen]
            copies = (
                head[chosen, None, :]
                + (outline.coords - np.array(outline.head)) * (size[chosen] * grown)[:, None, None]
            )
            ring = Paths.of_pieces(copies, outline.codes)
            yield StrokeMark(ring, Pen("#FFFFFF", 0.5 * group.px_per_mm, 0.9))
            yield StrokeMark(ring, Pen(color, 0.25 * group.px_per_mm))


def _copies(outline: Outline, xy: Floats, size: Floats) -> Paths:
    return Paths.of_pieces(xy[:, None, :] + outline.coords * size[:, None, None], outline.codes)
