"""A small still picture of the plan for readers without scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.publish.content import (
    LINE,
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

CHANGE: Final = "#C2185B"


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
    """One thing to draw: where it lies in the order, how much it tells, its paint, its path or markup."""

    order: tuple[int, int]
    weight: float
    paint: str
    path: str


def overview_svg(content: PageContent) -> str:
    """Return the last revision as an inline SVG picture without any script or style."""
    west, south, east, north = content.extent
    margin = max(east - west, north - south, 100) // 40
    frame = _Frame(west - margin, north + margin, _WIDTH / (east - west + 2 * margin))
    height = round((north - south + 2 * margin) * frame.scale)
    last = len(content.revisions) - 1
    pieces = [
        piece
        for place, layer in enumerate(content.layers)
        if layer.visible
        for piece in _pieces(place, layer, last, frame)
    ]
    clouds = "".join(_clouds(c, frame) for c in content.comparisons if c.after == last)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escaped(content.title)}"><rect width="100%" height="100%" fill="#F4F2ED"/>'
        f"{_joined(_within_budget(pieces))}{clouds}</svg>"
    )


def _within_budget(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Return the pieces that tell most, in drawing order; equal paint stands together."""
    left = _MOST_CHARACTERS
    kept = []
    for piece in sorted(pieces, key=lambda p: -p.weight):
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


def _pieces(place: int, layer: PublicLayer, last: int, frame: _Frame) -> Iterator[_Piece]:
    known, which = looks(layer)
    weight = _WEIGHTS.get(layer.role, 1.0)
    for row, shape in enumerate(layer.shapes):
        if layer.last[row] != last or not len(shape.xy):
            continue
        rule, *overlays = known[which[row]]
        parts: list[Part] = list(layer.style.rules[rule].symbol) if rule >= 0 else []
        for overlay in overlays:
            parts.extend(layer.style.overlays[overlay].symbol)
        size = (float(np.ptp(shape.xy, axis=0).max()) * frame.scale + 5.0) * weight
        for number, (paint, path) in enumerate(_drawn(shape, parts, layer, row, frame)):
            yield _Piece((place, number if paint else 99), size, paint, path)


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
