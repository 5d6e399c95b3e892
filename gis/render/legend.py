"""The legend: what occurs on a map, with swatches drawn by the map's own painter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import shapely
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QImage, QPainter

from gis.render.display import shown_layers
from gis.render.group import Group
from gis.render.marks import Frame
from gis.render.matching import matches_of
from gis.render.paint import paint_mark
from gis.render.prepare import nothing
from gis.render.scene import OVER_THE_VEIL, blank_image
from gis.render.shapes import Mask, anchors, flatten
from gis.render.symbols import part_marks
from gis.render.viewport import Extent, Viewport
from layers.layer import Layer
from layers.schema import GeometryType
from layers.snapshot import Snapshot
from layers.style import SCREEN_PX_PER_MM, Marker, Part, Stroke, Symbol
from layers.text import Text

_DIMENSION: Final[dict[int, GeometryType]] = {0: "point", 1: "line", 2: "polygon"}
_BEST: Final[dict[GeometryType, int]] = {"polygon": 0, "line": 1, "point": 2}
_SWATCH_M: Final = 0.001
"""Metres of a swatch's pixel: a scale so large that no part is left out."""


@dataclass(frozen=True)
class LegendEntry:
    """One line of a legend.

    Parameters
    ----------
    title : Text
    symbol : Symbol
    layer_id : str
        The topmost layer it stands for.
    geometry : GeometryType
        The shape that most of its features have.
    state : bool
        Whether several layers show it alike, as they do the plan states.
    """

    title: Text
    symbol: Symbol
    layer_id: str
    geometry: GeometryType
    state: bool = False


def legend_entries(
    snapshot: Snapshot, extent: Extent | None = None, denominator: float = 0.0
) -> tuple[LegendEntry, ...]:
    """Return what occurs on the map, as it is drawn from top to bottom.

    Only visible layers, only features within `extent` (all if not given), and
    nothing that a map of 1:`denominator` leaves out (0: any scale). Plan states
    that several layers share are one line each, where the topmost of these
    layers stands; problem spots say their layer: 排水问题点：待解决.
    """
    downwards = tuple(snapshot.layers.values())[::-1]
    layers = [layer for layer in shown_layers(downwards, denominator or None) if len(layer.table)]
    layers.sort(key=lambda layer: layer.kind.role not in OVER_THE_VEIL)
    seen = [(layer, _within(layer, extent)) for layer in layers]
    states = _states(seen)
    entries: list[LegendEntry] = []
    for layer, rows in seen:
        own, state_entries = _of_layer(layer, rows), [e for e in states if e.layer_id == layer.id]
        entries += [*state_entries, *own]
    drawn = [entry for entry in entries if any(_drawn_at(part, denominator) for part in entry.symbol)]
    return _told_apart(drawn, snapshot)


def _told_apart(entries: list[LegendEntry], snapshot: Snapshot) -> tuple[LegendEntry, ...]:
    """Return entries of which no two read alike: those that would say their layer; of twins one stays."""
    count = Counter(entry.title for entry in entries)
    found: dict[tuple[Text, Symbol], LegendEntry] = {}
    for entry in entries:
        title, layer = entry.title, snapshot.layers[entry.layer_id].title
        if count[title] > 1 and title != layer:
            title = Text(f"{title.zh}（{layer.zh}）", f"{title.en} ({layer.en})")
        found.setdefault((title, entry.symbol), replace(entry, title=title))
    return tuple(found.values())


def _drawn_at(part: Part, denominator: float) -> bool:
    most = getattr(part, "max_scale", 0)
    return not (most and denominator > most * 1.001)


def paint_swatch(
    painter: QPainter,
    rect: QRectF,
    symbol: Symbol,
    geometry: GeometryType,
    px_per_mm: float = SCREEN_PX_PER_MM,
) -> None:
    """Draw a sample of a symbol inside a rectangle of a painter, by the same parts as on the map.

    Markers larger than the rectangle are made smaller; widths on the ground
    take half of its height.
    """
    width, height = rect.width(), rect.height()
    view = Viewport(0.0, 0.0, _SWATCH_M, max(1, round(width)), max(1, round(height)), px_per_mm)
    shape = np.empty(1, dtype=object)
    sample = _sample(geometry, width, height, symbol, px_per_mm)
    shape[0] = shapely.transform(sample, lambda px: px * _SWATCH_M)
    ground = np.array([height * 0.5 * _SWATCH_M], dtype=object)
    columns = {"severity": np.array([3], dtype=object)}
    columns |= {name: ground for part in symbol for name in _ground_fields(part)}
    group = Group(
        flatten(shape),
        partial(anchors, shape),
        columns,
        np.arange(1),
        Frame(0.0, height * _SWATCH_M, _SWATCH_M),
        px_per_mm,
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.setClipRect(QRectF(0, 0, width, height), Qt.ClipOperation.IntersectClip)
    for part in symbol:
        for mark in part_marks(_shrunk(part, height, px_per_mm), group):
            paint_mark(mark, painter, view, nothing)
    painter.restore()


def swatch_image(
    symbol: Symbol, geometry: GeometryType, width_px: int, height_px: int, ratio: float = 1.0
) -> QImage:
    """Return a transparent image of a swatch; `ratio` is the screen's device pixel ratio."""
    view = Viewport(0, 0, 1, round(width_px * ratio), round(height_px * ratio), SCREEN_PX_PER_MM * ratio)
    image = blank_image(view)
    painter = QPainter(image)
    paint_swatch(painter, QRectF(0, 0, view.width_px, view.height_px), symbol, geometry, view.px_per_mm)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def _within(layer: Layer, extent: Extent | None) -> Mask:
    if extent is None:
        return ~np.isnan(np.asarray(layer.table.bounds)[:, 0])
    within = np.zeros(len(layer.table), dtype=bool)
    rows = layer.table.bounds.meeting(extent)
    within[rows] = shapely.intersects(layer.table.geometry[rows], shapely.box(*extent))
    return within


def _of_layer(layer: Layer, rows: Mask) -> Iterator[LegendEntry]:
    matches = matches_of(layer.table, layer.style)
    spot = layer.kind.role in OVER_THE_VEIL
    for number, rule in enumerate(layer.style.rules):
        chosen = np.flatnonzero(rows & (matches.rule == number))
        if len(chosen):
            title = rule.title
            if spot:
                title = Text(f"{layer.title.zh}：{title.zh}", f"{layer.title.en}: {title.en}")
            yield LegendEntry(title, rule.symbol, layer.id, _shape(layer, chosen, rule.symbol))


def _states(seen: list[tuple[Layer, Mask]]) -> list[LegendEntry]:
    """Return one entry for each overlay title that occurs, by the most telling of its symbols.

    Titles that several layers know (the plan states) stand together, where the
    topmost of them occurs and in the order their style tells them.
    """
    found: dict[Text, LegendEntry] = {}
    known_by = Counter(title for layer, _ in seen for title in {rule.title for rule in layer.style.overlays})
    for layer, rows in seen:
        masks = matches_of(layer.table, layer.style).overlays
        for overlay, mask in zip(layer.style.overlays, masks, strict=True):
            chosen = np.flatnonzero(rows & mask)
            if not len(chosen):
                continue
            shape = _shape(layer, chosen, overlay.symbol)
            entry = LegendEntry(overlay.title, overlay.symbol, layer.id, shape, known_by[overlay.title] > 1)
            known = found.get(overlay.title)
            if known is None:
                found[overlay.title] = entry
            elif _BEST[entry.geometry] < _BEST[known.geometry]:
                found[overlay.title] = replace(entry, layer_id=known.layer_id)
    return _together(list(found.values()), seen)


def _together(entries: list[LegendEntry], seen: list[tuple[Layer, Mask]]) -> list[LegendEntry]:
    """Bring shared entries to the layer of the first of them, in the order of a style."""
    shared = [entry for entry in entries if entry.state]
    if not shared:
        return entries
    order = [rule.title for layer, _ in seen for rule in layer.style.overlays]
    shared.sort(key=lambda entry: order.index(entry.title))
    first = shared[0] if len(shared) == 1 else min(shared, key=entries.index)
    moved = [replace(entry, layer_id=first.layer_id) for entry in shared]
    return moved + [entry for entry in entries if not entry.state]


def _shape(layer: Layer, rows: np.ndarray, symbol: Symbol) -> GeometryType:
    """Return the shape most of the rows have; pins that stand on anything are points."""
    if any(isinstance(part, Marker) and part.on_all for part in symbol):
        return "point"
    dimensions = shapely.get_dimensions(layer.table.geometry[rows])
    return _DIMENSION[int(np.bincount(dimensions[dimensions >= 0], minlength=3).argmax())]


def _sample(
    geometry: GeometryType, width: float, height: float, symbol: Symbol, px_per_mm: float
) -> shapely.Geometry:
    inset = max(1.0, 0.5 * px_per_mm)
    if geometry == "polygon":
        return shapely.box(inset, inset, width - inset, height - inset)
    if geometry == "line":
        return shapely.LineString([(inset, height / 2), (width - inset, height / 2)])
    pin = any(isinstance(part, Marker) and part.shape in ("drop", "diamond", "flag") for part in symbol)
    return shapely.Point(width / 2, height * (0.1 if pin else 0.5))


def _ground_fields(part: object) -> list[str]:
    names = (getattr(part, "width_field", None), getattr(part, "size_field", None))
    return [name for name in names if name]


def _shrunk(part: Part, height: float, px_per_mm: float) -> Part:
    """Return a marker that fits into a swatch, and a true width as half of it; other parts as they are."""
    if isinstance(part, Stroke) and part.width_m:
        return replace(part, width_m=height * 0.5 * _SWATCH_M)
    if not isinstance(part, Marker):
        return part
    return replace(part, size_mm=min(part.size_mm, 0.78 * height / px_per_mm))
