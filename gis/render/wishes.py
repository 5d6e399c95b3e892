"""What the features of a viewport would like to say, the important first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.render.courses import course_of, reads_back
from gis.render.marks import Frame
from gis.render.matching import matches_of
from gis.render.outlines import OUTLINES
from gis.render.prepare import Check, visible_rows
from gis.render.room import Box
from gis.render.shapes import Floats, Ints, Mask, anchors, anchors_at
from gis.render.viewport import Viewport
from layers.layer import Layer
from layers.schema import Value
from layers.style import Label, Marker
from layers.table import values_equal
from layers.text import Language

_FIELD: Final = re.compile(r"\{(\w+)\}")
_CELL_PX: Final = 60
_CELL_MOST: Final = 3
_KINKS: Final = 0.3
"""What of a line is smaller, in heights of its letters, does not turn them."""
REPEAT_MM: Final = 75.0
"""A name along a road is said again only so far away."""


@dataclass(frozen=True)
class Slant:
    """How an area lies in the view.

    Parameters
    ----------
    long_px : float
        Its length, whichever way it is turned.
    level_px : float
        How much of it a level line through its middle crosses.
    angle_deg : float
        Of its length, clockwise, as words along it read.
    box_px : (width, height)
    """

    long_px: float
    level_px: float
    angle_deg: float
    box_px: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Wish:
    """One label that is wanted.

    Parameters
    ----------
    label : Label
        Its look.
    text : str
    layer, row : str, int
        What it names.
    x, y : float
        Place on the feature, in pixels.
    corner : (x, y)
        Its upper right corner in the view; of an area, a corner of its own.
    room_px : (width, height) or None
        Size of the area the words should fit on; None for points.
    slant : Slant or None
        How the area lies in the view, if its words may have to be turned to fit.
    course : array, shape (n, 2), or None
        Line to write along, in pixels.
    end : float or None
        For words at the end of a line, which is at x, y: 1 if it leads to the right, -1 to the left.
    clear_px : float
        Half size of the marker that stands on the place.
    alone_px : float
        The same words are not wanted again within this distance; 0: they are.
    """

    label: Label
    text: str
    layer: str
    row: int
    x: float
    y: float
    corner: tuple[float, float]
    room_px: tuple[float, float] | None
    slant: Slant | None
    course: Floats | None
    end: float | None
    clear_px: float
    alone_px: float


@dataclass(frozen=True)
class Wishes:
    """The wishes of all layers in order of importance, and the pins they keep clear of."""

    wishes: tuple[Wish, ...]
    obstacles: tuple[Box, ...]


def wishes(
    layers: Sequence[Layer], viewport: Viewport, language: Language, most: int, check: Check
) -> Wishes:
    """Collect what is wanted, at most `most` labels and few in one neighbourhood."""
    found: list[tuple[tuple[float, ...], Wish]] = []
    obstacles: list[Box] = []
    for number, layer in enumerate(layers):
        check()
        rows = visible_rows(layer, viewport)
        if not len(rows):
            continue
        obstacles += _pins(layer, rows, viewport)
        for label in layer.style.labels:
            if label.max_scale and viewport.scale_denominator > label.max_scale * 1.001:
                continue
            for rank, wish in _of_label(layer, label, rows, viewport, language, most):
                found.append(((-label.priority, -number, *rank), wish))
            check()
    found.sort(key=lambda pair: pair[0])
    return Wishes(tuple(wish for _, wish in found[:most]), tuple(obstacles))


def pin_boxes(layers: Sequence[Layer], viewport: Viewport) -> tuple[Box, ...]:
    """Return the pixels that the pins of problem spots cover, for words and numbers to keep clear of."""
    return tuple(box for layer in layers for box in _pins(layer, visible_rows(layer, viewport), viewport))


def words_of(
    layer: Layer, label: Label, rows: Ints, shapes: NDArray[np.object_], language: Language
) -> list[str]:
    """Return the words of a label for some rows, shape (k,); empty where all its fields are.

    Parameters
    ----------
    shapes : array of shapely.Geometry or None, shape (k,)
        Those of the rows.
    """
    names = dict.fromkeys(_FIELD.findall(label.template))
    said = [_said(layer, name, rows, shapes, language) for name in names]
    place = {name: number for number, name in enumerate(names)}

    def text(words: tuple[str, ...]) -> str:
        if not any(words):
            return ""
        return " ".join(_FIELD.sub(lambda match: words[place[match.group(1)]], label.template).split())

    return [text(words) for words in zip(*said, strict=True)] if said else [""] * len(rows)


def _said(layer: Layer, name: str, rows: Ints, shapes: NDArray[np.object_], language: Language) -> list[str]:
    """Return the words of one field of a template for some rows; sizes are measured."""
    column = layer.table.columns.get(name)
    if column is None:
        measure = {"area_m2": shapely.area, "length_m": shapely.length}.get(name)
        if measure is None:
            return [""] * len(rows)
        sizes = zip(measure(shapes).tolist(), shapes, strict=True)
        return ["" if shape is None else f"{size:,.0f}" for size, shape in sizes]
    field = layer.kind.field(name)

    def word(value: Value) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return field.word(value).in_language(language) if field else str(value)

    return [word(value) for value in column[rows]]


def _of_label(
    layer: Layer, label: Label, rows: Ints, viewport: Viewport, language: Language, most: int
) -> Iterator[tuple[tuple[float, ...], Wish]]:
    rows = rows[_has_words(layer, label, rows)]
    if not len(rows):
        return
    table = layer.table
    to_px = Frame.of(viewport).to_px
    place = _seen_anchors(layer, rows, viewport)
    xy = to_px(place)
    bounds = table.bounds[rows]
    box = bounds / viewport.metres_per_px
    size = np.c_[box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]]
    chosen = _thinned(xy, size, most)
    clear, letter_px = _marker_px(layer, viewport), 1.5 * label.size_mm * viewport.px_per_mm
    # asked of all at once: a row out of a packed column costs as much as a hundred of them
    shapes = table.geometry[rows[chosen]]
    corners = _corners(shapes, to_px) if label.placement == "upper-right" else xy[chosen]
    texts = words_of(layer, label, rows[chosen], shapes, language)
    widths = letter_px * np.fromiter(map(len, texts), float, len(texts))
    dimensions = shapely.get_dimensions(shapes).tolist()
    slanted = _narrow(shapes, bounds[chosen], viewport, widths) | bool(viewport.turn_deg)
    alike = zip(chosen.tolist(), texts, shapes, dimensions, slanted.tolist(), corners.tolist(), strict=True)
    for index, text, geometry, dimension, turned, corner in alike:
        if not text:
            continue
        row, course = int(rows[index]), None
        if label.placement in ("along", "above") and dimension > 0:
            course = course_of(geometry, viewport, _KINKS * label.size_mm * viewport.px_per_mm)
            if course is None:
                continue
        at, end = (float(xy[index, 0]), float(xy[index, 1])), None
        if label.placement == "end" and dimension == 1:
            at, end = _end_of(geometry, viewport)
        room = (float(size[index, 0]), float(size[index, 1])) if dimension == 2 else None
        slant = _slant(geometry, viewport) if room is not None and turned else None
        room = slant.box_px if slant is not None and viewport.turn_deg else room
        wish = Wish(
            label, text, layer.id, row, *at,
            (corner[0], corner[1]), room, slant, course, end, clear,
            REPEAT_MM * viewport.px_per_mm if course is not None else 0.0,
        )  # fmt: skip
        yield (-float(size[index].max()), float(row)), wish


def _corners(shapes: NDArray[Any], to_px: Callable[[Floats], Floats]) -> Floats:
    """Return the vertex of each shape that lies furthest up and right in the view, shape (n, 2).

    The corner of its box would do only for a rectangle: of a house with bays it lies off the house.
    """
    coordinates, of = shapely.get_coordinates(shapes, return_index=True)
    px = to_px(coordinates)
    order = np.lexsort((px[:, 0] - px[:, 1], of))
    last = np.flatnonzero(np.r_[np.diff(of[order]) > 0, True]) if len(of) else np.zeros(0, dtype=np.intp)
    corners = np.full((len(shapes), 2), np.nan)
    corners[of[order[last]]] = px[order[last]]
    return corners


def _has_words(layer: Layer, label: Label, rows: Ints) -> Mask:
    """Quickly leave out rows whose fields are all empty, and those with values that are not worth a label."""
    names = _FIELD.findall(label.template)
    result = np.zeros(len(rows), dtype=bool)
    for name in names:
        column = layer.table.columns.get(name)
        if column is None:
            result |= name in ("area_m2", "length_m")
        else:
            result |= np.fromiter((v is not None and v != "" for v in column[rows]), bool, len(rows))
    for name, value in label.hide_when:
        if (column := layer.table.columns.get(name)) is not None:
            result &= ~values_equal(column[rows], (value,))
    return result


def _seen_anchors(layer: Layer, rows: Ints, viewport: Viewport) -> Floats:
    """Return a place on each row; on the visible piece if only part of a large one is seen."""
    place = np.array(anchors_at(layer.table, rows))
    x, y = viewport.to_px(place[:, 0], place[:, 1])
    out = np.flatnonzero((x < 0) | (x > viewport.width_px) | (y < 0) | (y > viewport.height_px))
    if 0 < len(out) <= 2000:
        pieces = shapely.intersection(
            shapely.make_valid(layer.table.geometry[rows[out]]), shapely.Polygon(viewport.outline)
        )
        place[out] = anchors(pieces)
    return place


def _thinned(xy: Floats, size: Floats, most: int) -> Ints:
    """Return the largest few of each neighbourhood, in order of size."""
    order: Ints = np.argsort(-size.max(axis=1), kind="stable")
    order = order[np.isfinite(xy[order, 0])]
    if len(order) <= 200:
        return order
    cell = np.floor(xy[order] / _CELL_PX).astype(np.int64)
    key = cell[:, 0] * 1_000_003 + cell[:, 1]
    by_key = np.argsort(key, kind="stable")
    sorted_key = key[by_key]
    first = np.searchsorted(sorted_key, sorted_key, side="left")
    keep = np.sort(by_key[np.arange(len(by_key)) - first < _CELL_MOST])
    chosen: Ints = order[keep][:most]
    return chosen


def _end_of(geometry: shapely.Geometry, viewport: Viewport) -> tuple[tuple[float, float], float]:
    """Return the last point of a line in pixels, and whether it leads there to the right (1) or left (-1)."""
    before, last = Frame.of(viewport).to_px(shapely.get_coordinates(geometry)[-2:])
    return (float(last[0]), float(last[1])), 1.0 if last[0] >= before[0] else -1.0


def _narrow(shapes: NDArray[np.object_], bounds: Floats, viewport: Viewport, widths: Floats) -> Mask:
    """Tell which areas may be narrower somewhere than words are wide, in pixels, whichever way they turn."""
    longest = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    narrow: Mask = shapely.area(shapes) < longest * widths * viewport.metres_per_px
    return narrow


def _slant(geometry: shapely.Geometry, viewport: Viewport) -> Slant | None:
    """Return how an area lies in the view, by the smallest box around it, whichever way that is turned."""
    around = shapely.oriented_envelope(geometry)
    if around.geom_type != "Polygon":
        return None
    px = Frame.of(viewport).to_px(shapely.get_coordinates(around))
    across, down = (float(side) for side in np.ptp(px, axis=0))
    one, other = px[1] - px[0], px[2] - px[1]
    if np.hypot(*one) < np.hypot(*other):
        one, other = other, one
    long_px, short_px = float(np.hypot(*one)), float(np.hypot(*other))
    if not short_px:
        return None
    cos, sin = (float(part) / long_px for part in one)
    if reads_back(cos, sin):
        cos, sin = -cos, -sin
    level = min(long_px / max(abs(cos), 1e-9), short_px / max(abs(sin), 1e-9))
    return Slant(long_px, level, float(np.degrees(np.arctan2(sin, cos))), (across, down))


def _markers(layer: Layer) -> list[Marker]:
    return [part for rule in layer.style.rules for part in rule.symbol if isinstance(part, Marker)]


def _marker_px(layer: Layer, viewport: Viewport) -> float:
    sizes = [m.size_mm for m in _markers(layer) if not m.size_field]
    return max(sizes, default=0.0) * viewport.px_per_mm / 2


def _pins(layer: Layer, rows: Ints, viewport: Viewport) -> list[Box]:
    """Return the boxes of the pins of a layer (markers with a casing), which words keep clear of."""
    pins = [m for m in _markers(layer) if m.casing]
    if not pins or len(rows) > 2000:
        return []
    rule = matches_of(layer.table, layer.style).rule
    xy = Frame.of(viewport).to_px(anchors_at(layer.table, rows))
    boxes = []
    for row, (x, y) in zip(rows.tolist(), xy.tolist(), strict=True):
        if rule[row] < 0 or not np.isfinite(x):
            continue
        marker = next((p for p in layer.style.rules[rule[row]].symbol if isinstance(p, Marker)), None)
        if marker is None or not (marker.on_all or shapely.get_dimensions(layer.table.geometry[row]) == 0):
            continue
        size, coords = marker.size_mm * viewport.px_per_mm, OUTLINES[marker.shape].coords
        (left, top), (right, bottom) = coords.min(axis=0) * size, coords.max(axis=0) * size
        boxes.append((x + left, y + top, x + right, y + bottom))
    return boxes
