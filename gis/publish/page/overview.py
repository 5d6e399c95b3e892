"""A small still picture of the plan for readers without scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from gis.publish.content import LINE, POINT, POLYGON, PageContent, PublicComparison, PublicLayer, Shape
from gis.publish.page.markup import escaped
from gis.publish.page.symbols import looks
from layers.style import Fill, Marker, Part, Stroke

_WIDTH: Final = 1000
_MOST_CHARACTERS: Final = 26_000
"""The picture stays small beside the data: what is largest is drawn first, the rest is left out."""

_PX_PER_MM: Final = 2.4


def overview_svg(content: PageContent) -> str:
    """Return the last revision as an inline SVG picture without any script or style."""
    west, south, east, north = content.extent
    margin = max(east - west, north - south, 100) // 40
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    scale = _WIDTH / (east - west)
    height = round((north - south) * scale)
    last = len(content.revisions) - 1
    pieces = _within_budget(content.layers, last, (west, north, scale))
    clouds = "".join(_cloud(c, (west, north, scale)) for c in content.comparisons if c.after == last)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escaped(content.title)}"><rect width="100%" height="100%" fill="#F4F2ED"/>'
        f"{''.join(pieces)}{clouds}</svg>"
    )


_Frame = tuple[int, int, float]


def _within_budget(layers: Sequence[PublicLayer], last: int, frame: _Frame) -> list[str]:
    """Return the drawn pieces bottom to top, dropping the smallest things until they fit."""
    drawn: list[tuple[float, int, str]] = []
    for layer in layers:
        if layer.visible:
            drawn.extend(
                (size, len(drawn) + i, piece) for i, (size, piece) in enumerate(_pieces(layer, last, frame))
            )
    left = _MOST_CHARACTERS
    kept = []
    for _, place, piece in sorted(drawn, key=lambda d: (-d[0], d[1])):
        left -= len(piece)
        if left < 0:
            break
        kept.append((place, piece))
    return [piece for _, piece in sorted(kept)]


def _pieces(layer: PublicLayer, last: int, frame: _Frame) -> Iterator[tuple[float, str]]:
    """Yield size in pixels and markup of the features that one layer shows."""
    known, which = looks(layer)
    for row, shape in enumerate(layer.shapes):
        if layer.last[row] != last or not len(shape.xy):
            continue
        rule, *overlays = known[which[row]]
        parts: list[Part] = list(layer.style.rules[rule].symbol) if rule >= 0 else []
        for overlay in overlays:
            parts.extend(layer.style.overlays[overlay].symbol)
        box = np.ptp(shape.xy, axis=0).max() * frame[2]
        if markup := _drawn(shape, parts, layer, row, frame):
            yield (1e6 if shape.kind == POINT and layer.role.endswith("spot") else float(box)), markup


def _drawn(shape: Shape, parts: Sequence[Part], layer: PublicLayer, row: int, frame: _Frame) -> str:
    fill = next((p for p in parts if isinstance(p, Fill)), None)
    strokes = [p for p in parts if isinstance(p, Stroke)]
    marker = next((p for p in parts if isinstance(p, Marker)), None)
    if marker is not None and (shape.kind == POINT or marker.on_all):
        return _dot(shape, marker, layer, row, frame)
    if shape.kind == POLYGON and (fill or strokes):
        return _area(shape, fill, strokes[-1] if strokes else None, frame)
    if shape.kind == LINE and strokes:
        return "".join(_line(shape, s, layer, row, frame) for s in strokes[:2])
    return ""


def _area(shape: Shape, fill: Fill | None, stroke: Stroke | None, frame: _Frame) -> str:
    paint = f'fill="{escaped(fill.color)}"' if fill else 'fill="none"'
    if fill and fill.opacity < 1:
        paint += f' fill-opacity="{fill.opacity:g}"'
    if stroke:
        paint += (
            f' stroke="{escaped(stroke.color)}" stroke-width="{max(0.5, stroke.width_mm * _PX_PER_MM):.3g}"'
        )
    return f'<path d="{_path(shape, frame, close=True)}" {paint}/>'


def _line(shape: Shape, stroke: Stroke, layer: PublicLayer, row: int, frame: _Frame) -> str:
    width = 2 * stroke.width_mm * _PX_PER_MM
    if stroke.width_field and stroke.width_field in layer.columns:
        ground = layer.columns[stroke.width_field][row]
        width += float(ground) * 100 * frame[2] if isinstance(ground, (int, float)) else 0.0
    else:
        width /= 2
    path = _path(shape, frame, close=False)
    return f'<path d="{path}" fill="none" stroke="{escaped(stroke.color)}" stroke-width="{max(0.5, width):.3g}"/>'


def _dot(shape: Shape, marker: Marker, layer: PublicLayer, row: int, frame: _Frame) -> str:
    x, y = _places(np.rint(shape.xy.mean(axis=0)).astype(np.int64)[None], frame)[0]
    radius = marker.size_mm * _PX_PER_MM / 2
    if marker.size_field and marker.size_field in layer.columns:
        crown = layer.columns[marker.size_field][row]
        radius = float(crown) * 50 * frame[2] if isinstance(crown, (int, float)) else radius
    fill = escaped(marker.fill) if marker.fill else "none"
    return f'<circle cx="{x}" cy="{y}" r="{radius:.3g}" fill="{fill}" stroke="{escaped(marker.line)}" stroke-width=".6"/>'


def _cloud(comparison: PublicComparison, frame: _Frame) -> str:
    pieces = []
    for group in comparison.groups:
        x, y = _places(np.array([group.anchor]), frame)[0]
        pieces.append(
            f'<path d="{_path(group.cloud, frame, close=True)}" fill="#C2185B" fill-opacity=".07" '
            f'stroke="#C2185B" stroke-width="1.6"/><circle cx="{x}" cy="{y}" r="11" fill="#C2185B"/>'
            f'<text x="{x}" y="{y + 4}" font-size="12" font-weight="700" text-anchor="middle" fill="#fff" '
            f'font-family="sans-serif">{group.number}</text>'
        )
    return "".join(pieces)


def _places(xy: np.ndarray, frame: _Frame) -> list[list[int]]:
    west, north, scale = frame
    places: list[list[int]] = np.rint((xy - (west, north)) * (scale, -scale)).astype(int).tolist()
    return places


def _path(shape: Shape, frame: _Frame, *, close: bool) -> str:
    pieces, start = [], 0
    for count in shape.counts:
        points = _places(shape.xy[start : start + count], frame)
        start += count
        steps = [
            f"{x - a} {y - b}" for (a, b), (x, y) in zip(points, points[1:], strict=False) if (a, b) != (x, y)
        ]
        if steps:
            pieces.append(f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}{'z' if close else ''}")
    return "".join(pieces)
