"""A small still picture of the plan for readers without scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.publish.content import (
    LINE,
    NOTHING,
    POINT,
    POLYGON,
    IntArray,
    PageContent,
    PublicComparison,
    PublicLayer,
    Shape,
)
from gis.publish.page.markup import escaped
from gis.publish.page.symbols import looks
from layers.schema import Value
from layers.style import Fill, Marker, Part, Stroke

_WIDTH: Final = 1000
_MOST_CHARACTERS: Final = 30_000
"""The picture stays small beside the data: what tells most is drawn, the rest is left out."""

_PX_PER_MM: Final = 2.4
_LEAST_STEP: Final = 2.5
"""Vertices nearer than this many pixels to the one before are left out."""

_WEIGHTS: Final = {
    "boundary": 100.0,
    "drainage-spot": 50.0,
    "traffic-spot": 50.0,
    "footprint": 20.0,
    "network-edge": 10.0,
}
"""How much more a pixel of these layers tells than one of others."""

_AT_A_TIME: Final = 4096
"""Shapes that are measured at once: their coordinates lie in memory a second time meanwhile."""

CHANGE: Final = "#C2185B"
_Looks: TypeAlias = tuple[list[list[int]], IntArray]


@dataclass(frozen=True)
class _Frame:
    """Where the picture lies: pixels are centimetres from the upper left corner times `scale`."""

    west: int
    north: int
    scale: float

    def places(self, xy: NDArray[Any]) -> list[list[int]]:
        """Return whole pixels of places, shape (n, 2)."""
        pixels: list[list[int]] = (
            np.rint((xy - (self.west, self.north)) * (self.scale, -self.scale)).astype(int).tolist()
        )
        return pixels


@dataclass(frozen=True)
class _Piece:
    """One thing to draw: where it lies in the order, its paint, its path or finished markup."""

    order: tuple[int, int]
    paint: str
    path: str


def overview_svg(content: PageContent, ground: str = "#F4F2ED") -> str:
    """Return the last revision as an inline SVG picture without any script or style.

    Parameters
    ----------
    content : PageContent
    ground : str
        Colour behind the plan; ``"none"`` where something else lies below.
    """
    west, south, east, north = overview_box(content)
    frame = _Frame(west, north, _WIDTH / (east - west))
    height = round((north - south) * frame.scale)
    last = len(content.revisions) - 1
    pieces = _within_budget(_by_weight(content, last, frame))
    clouds = "".join(_clouds(c, frame) for c in content.comparisons if c.after == last)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escaped(content.title)}"><rect width="100%" height="100%" fill="{ground}"/>'
        f"{_joined(pieces)}{clouds}</svg>"
    )


def overview_box(content: PageContent) -> tuple[int, int, int, int]:
    """Return west, south, east and north of the picture in centimetres from the page's origin."""
    west, south, east, north = content.extent
    margin = max(east - west, north - south, 100) // 40
    return west - margin, south - margin, east + margin, north + margin


def _by_weight(content: PageContent, last: int, frame: _Frame) -> Iterator[_Piece]:
    """Yield what there is to draw, what tells most first; nothing is drawn before it is asked for."""
    sizes, places, rows = [], [], []
    for place, layer in enumerate(content.layers):
        if layer.visible:
            there = np.array(
                [end == last and s.kind != NOTHING for end, s in zip(layer.last, layer.shapes, strict=True)]
            )
            chosen = np.flatnonzero(there)
            sizes.append((_extents(layer, chosen) * frame.scale + 5.0) * _WEIGHTS.get(layer.role, 1.0))
            places.append(np.full(len(chosen), place))
            rows.append(chosen)
    if not sizes:
        return
    order = np.argsort(-np.concatenate(sizes), kind="stable")
    known: dict[int, _Looks] = {}
    for place, row in zip(
        np.concatenate(places)[order].tolist(), np.concatenate(rows)[order].tolist(), strict=True
    ):
        layer = content.layers[place]
        if place not in known:
            known[place] = looks(layer)
        yield from _pieces(place, layer, row, known[place], frame)


def _extents(layer: PublicLayer, rows: IntArray) -> NDArray[np.float64]:
    """Return the longer side of each shape's box, centimetres, shape (n,)."""
    some = (_longest(layer, rows[i : i + _AT_A_TIME]) for i in range(0, len(rows), _AT_A_TIME))
    return np.concatenate([np.zeros(0), *some])


def _longest(layer: PublicLayer, rows: IntArray) -> NDArray[np.float64]:
    shapes = [layer.shapes[row].xy for row in rows.tolist()]
    starts = np.cumsum([0, *(len(xy) for xy in shapes)])[:-1]
    xy = np.concatenate(shapes)
    spans = np.maximum.reduceat(xy, starts, axis=0) - np.minimum.reduceat(xy, starts, axis=0)
    longest: NDArray[np.float64] = spans.max(axis=1).astype(np.float64)
    return longest


def _within_budget(pieces: Iterator[_Piece]) -> list[_Piece]:
    """Return the first pieces that fit, in drawing order; equal paint stands together."""
    left = _MOST_CHARACTERS
    kept = []
    for piece in pieces:
        left -= len(piece.path)
        if left < 0:
            break
        kept.append(piece)
    return sorted(kept, key=lambda p: (p.order, p.paint))


def _joined(pieces: Sequence[_Piece]) -> str:
    """Return one element for each run of equal paint; a piece without paint is finished markup."""
    elements = []
    for (_, paint), run in groupby(pieces, key=lambda p: (p.order, p.paint)):
        path = "".join(p.path for p in run)
        elements.append(f'<path d="{path}" {paint}/>' if paint else path)
    return "".join(elements)


def _pieces(place: int, layer: PublicLayer, row: int, known: _Looks, frame: _Frame) -> Iterator[_Piece]:
    all_looks, which = known
    rule, *overlays = all_looks[which[row]]
    parts: list[Part] = list(layer.style.rules[rule].symbol) if rule >= 0 else []
    for overlay in overlays:
        parts.extend(layer.style.overlays[overlay].symbol)
    for number, (paint, path) in enumerate(_drawn(layer.shapes[row], parts, layer, row, frame)):
        yield _Piece((place, number if paint else 99), paint, path)


def _drawn(
    shape: Shape, parts: Sequence[Part], layer: PublicLayer, row: int, frame: _Frame
) -> Iterator[tuple[str, str]]:
    """Yield paint and path of each part, or no paint and finished markup."""
    marker = next((p for p in parts if isinstance(p, Marker)), None)
    fills = [p for p in parts if isinstance(p, Fill)]
    strokes = [p for p in parts if isinstance(p, Stroke)]
    if marker is not None and (shape.kind == POINT or marker.on_all):
        yield "", _dot(shape, marker, layer, row, frame)
    elif shape.kind == POLYGON and (fills or strokes):
        yield _area_paint(fills, strokes), _path(shape, frame, close=True)
        if number := _number(shape, layer, row, frame):
            yield "", number
    elif shape.kind == LINE:
        path = _path(shape, frame, close=False)
        for stroke in strokes[:2]:
            yield _line_paint(stroke, layer, row, frame), path


def _area_paint(fills: Sequence[Fill], strokes: Sequence[Stroke]) -> str:
    paint = f'fill="{escaped(fills[0].color)}" fill-rule="evenodd"' if fills else 'fill="none"'
    if fills and fills[0].opacity < 1:
        paint += f' fill-opacity="{fills[0].opacity:g}"'
    if strokes:
        width = max(0.5, strokes[-1].width_mm * _PX_PER_MM)
        paint += f' stroke="{escaped(strokes[-1].color)}" stroke-width="{width:.3g}"'
    return paint


def _line_paint(stroke: Stroke, layer: PublicLayer, row: int, frame: _Frame) -> str:
    width = stroke.width_mm * _PX_PER_MM
    if stroke.width_field:
        width = 2 * width + _metres(_value(layer, stroke.width_field, row)) * 100 * frame.scale
    return f'fill="none" stroke="{escaped(stroke.color)}" stroke-width="{max(0.5, width):.3g}"'


def _dot(shape: Shape, marker: Marker, layer: PublicLayer, row: int, frame: _Frame) -> str:
    x, y = frame.places(shape.xy.mean(axis=0)[None])[0]
    radius = marker.size_mm * _PX_PER_MM / 2
    if marker.size_field:
        radius = _metres(_value(layer, marker.size_field, row)) * 50 * frame.scale or radius
    fill = escaped(marker.fill) if marker.fill else "none"
    line = f'stroke="{escaped(marker.line)}" stroke-width=".8"'
    return f'<circle cx="{x}" cy="{y}" r="{radius:.3g}" fill="{fill}" {line}/>'


def _number(shape: Shape, layer: PublicLayer, row: int, frame: _Frame) -> str:
    """Return the number of a building, so that it is found without scripts too."""
    number = _value(layer, layer.number_field, row)
    if layer.role != "footprint" or not number or len(str(number)) > 5:
        return ""
    x, y = frame.places((shape.xy.min(axis=0) + shape.xy.max(axis=0))[None] / 2)[0]
    return (
        f'<text x="{x}" y="{y + 4}" font-size="11" text-anchor="middle" font-family="sans-serif">'
        f"{escaped(number)}</text>"
    )


def _value(layer: PublicLayer, name: str | None, row: int) -> Value:
    return layer.columns[name][row] if name is not None and name in layer.columns else None


def _metres(value: Value) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _clouds(comparison: PublicComparison, frame: _Frame) -> str:
    pieces = []
    for group in comparison.groups:
        if len(group.cloud.xy):
            path = _path(group.cloud, frame, close=True)
            pieces.append(
                f'<path d="{path}" fill="{CHANGE}" fill-opacity=".07" stroke="{CHANGE}" stroke-width="1.6"/>'
            )
        x, y = frame.places(np.array([group.anchor]))[0]
        pieces.append(
            f'<circle cx="{x}" cy="{y}" r="11" fill="{CHANGE}"/><text x="{x}" y="{y + 4}" font-size="12" '
            'font-weight="700" text-anchor="middle" fill="#fff" font-family="sans-serif">'
            f"{group.number}</text>"
        )
    return "".join(pieces)


def _path(shape: Shape, frame: _Frame, *, close: bool) -> str:
    pieces, start = [], 0
    for count in shape.counts:
        points = _thinned(shape.xy[start : start + count], frame)
        start += count
        if len(points) > 1:
            steps = " ".join(f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(points))
            pieces.append(f"M{points[0][0]} {points[0][1]}l{steps}{'z' if close else ''}")
    return "".join(pieces)


def _thinned(xy: IntArray, frame: _Frame) -> list[list[int]]:
    points = frame.places(xy)
    kept = [points[0]]
    for x, y in points[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > _LEAST_STEP:
            kept.append([x, y])
    if len(points) > 1 and points[-1] != kept[-1]:
        kept.append(points[-1])
    return kept
