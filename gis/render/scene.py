"""A whole map: layers, veil, labels and change clouds, in the right order."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import shapely
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPaintEngine, QPainter

from gis.i18n import language as language_in_force
from gis.render.cloud_lines import SIDE_MM
from gis.render.clouds import badge_boxes, paint_clouds, paint_numbers
from gis.render.display import shown_layers
from gis.render.keeping import kept
from gis.render.labels import paint_labels, place
from gis.render.marks import Frame, Paths
from gis.render.paint import paint_layer
from gis.render.prepare import Check, nothing, prepare_layer
from gis.render.qpaths import path_of
from gis.render.shapes import flatten
from gis.render.viewport import Viewport
from gis.render.wishes import pin_boxes
from layers import palette
from layers.kind import Role
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.style import Stroke, Style
from layers.text import Language

if TYPE_CHECKING:
    from gis.revisions.comparison import Comparison

VEIL_OPACITY: Final = 0.6
"""What lies outside the site shows through at 40 %."""
OVER_THE_VEIL: Final[frozenset[Role]] = frozenset({"drainage-spot", "traffic-spot"})
_VECTOR_ENGINES: Final = (QPaintEngine.Type.Pdf, QPaintEngine.Type.SVG, QPaintEngine.Type.Picture)

_FADED_PX_PER_MM: Final = 300 / 25.4
_MOST_FADED_PX: Final = 36_000_000


class Underlay(Protocol):
    """What lies between ground and plan (`gis.render.underlay`)."""

    def __call__(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint it."""

    @property
    def covers(self) -> bool:
        """Whether it shows the ground itself; the site is then drawn as a line only."""

    def paint_over(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw what belongs over the finished map: a grid, and whose the ground is."""


def paint_snapshot(
    painter: QPainter,
    snapshot: Snapshot,
    viewport: Viewport,
    *,
    comparison: Comparison | None = None,
    background: bool = True,
    labels: bool = True,
    language: Language | None = None,
    veil: bool = True,
    minimum_text_mm: float = 0.0,
    underlay: Underlay | None = None,
    check: Check = nothing,
    sign_mm: float = SIDE_MM,
) -> None:
    """Draw everything a viewport shows of a snapshot.

    Parameters
    ----------
    painter : QPainter
        Its unit is the viewport's pixel, the viewport's upper left corner at
        (0, 0); nothing is drawn outside the viewport. State is given back.
    snapshot : Snapshot
        Layers that are not visible are left out.
    viewport : Viewport
    comparison : Comparison, optional
        Drawn over the plan as coloured changes and numbered clouds; the pins of
        problem spots stay over the clouds, the numbers beside the pins.
    background : bool
        Whether the ground colour is laid first.
    labels : bool
    language : "zh" or "en", optional
        Of words on the map; the language in force if not given.
    veil : bool
        Whether everything outside the site boundary is dimmed.
    minimum_text_mm : float
        No label smaller than this: 3.5 on a notice board.
    underlay : Underlay, optional
        Paints what lies between ground and plan, and the grid over it.
    check : callable
        Called between short steps; raises to cancel.
    sign_mm : float
        Side of the triangles that carry the numbers of changes.
    """
    words = language or language_in_force()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(QRectF(0, 0, viewport.width_px, viewport.height_px), Qt.ClipOperation.IntersectClip)
    try:
        if background:
            painter.fillRect(QRectF(0, 0, viewport.width_px, viewport.height_px), QColor(palette.OUTSIDE))
        shown = shown_layers(snapshot.layers.values(), viewport.scale_denominator)
        if underlay is not None:
            shown = _laid(painter, underlay, viewport, shown)
        below, above = split_at_veil(shown)
        for layer in below:
            _paint_one(painter, layer, viewport, check)
        if veil:
            paint_veil(painter, snapshot, viewport)
        if comparison is not None:
            paint_clouds(painter, comparison, viewport, _cannot_clip(painter), check)
        for layer in above:
            _paint_one(painter, layer, viewport, check)
        pins = pin_boxes(above, viewport)
        if comparison is not None:
            paint_numbers(painter, comparison, viewport, check, pins, sign_mm)
        if labels:
            taken = badge_boxes(comparison, viewport, pins, sign_mm) if comparison is not None else ()
            placed = place(
                shown, viewport, language=words, minimum_text_mm=minimum_text_mm, obstacles=taken, check=check
            )
            paint_labels(painter, placed, check)
        if underlay is not None:
            underlay.paint_over(painter, viewport)
    finally:
        painter.restore()


def render_image(
    snapshot: Snapshot,
    viewport: Viewport,
    *,
    comparison: Comparison | None = None,
    background: bool = True,
    labels: bool = True,
    language: Language | None = None,
    veil: bool = True,
    minimum_text_mm: float = 0.0,
    underlay: Underlay | None = None,
    check: Check = nothing,
) -> QImage:
    """Return the map as an image of the viewport's size; transparent where nothing is drawn.

    Parameters are those of `paint_snapshot`. The image carries its resolution.
    """
    image = blank_image(viewport)
    painter = QPainter(image)
    try:
        paint_snapshot(
            painter, snapshot, viewport, comparison=comparison, background=background, labels=labels,
            language=language, veil=veil, minimum_text_mm=minimum_text_mm, underlay=underlay, check=check,
        )  # fmt: skip
    finally:
        painter.end()
    return image


def blank_image(viewport: Viewport) -> QImage:
    """Return a transparent image of the viewport's size and resolution."""
    image = QImage(viewport.width_px, viewport.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    dots = round(viewport.px_per_mm * 1000)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    return image


def split_at_veil(layers: list[Layer]) -> tuple[list[Layer], list[Layer]]:
    """Return the layers below and above the veil: problem spots stay bright everywhere."""
    below = [layer for layer in layers if layer.kind.role not in OVER_THE_VEIL]
    return below, [layer for layer in layers if layer.kind.role in OVER_THE_VEIL]


def paint_veil(painter: QPainter, snapshot: Snapshot, viewport: Viewport, *, dim: bool = True) -> None:
    """Dim everything outside the site, and draw its red line once more, over roads and walls.

    Draws nothing where there is no visible boundary layer with an area.
    """
    for layer in snapshot.with_role("boundary"):
        site = _areas(layer)
        if not layer.visible or site is None:
            continue
        if dim:
            west, south, east, north = viewport.grown(0 if _cannot_clip(painter) else 8)
            outside = shapely.difference(shapely.box(west, south, east, north), site)
            runs = flatten(np.array([outside], dtype=object)).areas
            paths = Paths.of_runs(runs.with_coords(Frame.of(viewport).to_px(runs.coords)))
            cover = QColor(palette.OUTSIDE)
            cover.setAlphaF(VEIL_OPACITY)
            painter.fillPath(path_of(paths), cover)
        _paint_one(painter, without_fill(layer), viewport, nothing)


def _areas(layer: Layer) -> shapely.Geometry | None:
    areas = [g for g in layer.table.geometry if g is not None and g.area > 0]
    return shapely.union_all(areas) if areas else None


def without_fill(layer: Layer) -> Layer:
    """Return a layer of which only lines are drawn: the site over a photograph of it."""
    # kept with the style it comes from: matches are known by the identity of a style
    _, outlines = kept(
        layer.table, ("outlines", id(layer.style)), lambda: (layer.style, _lines_of(layer.style))
    )
    return replace(layer, style=outlines)


def _lines_of(style: Style) -> Style:
    rules = tuple(
        replace(rule, symbol=tuple(part for part in rule.symbol if isinstance(part, Stroke)))
        for rule in style.rules
    )
    return replace(style, rules=rules)


def _laid(painter: QPainter, underlay: Underlay, viewport: Viewport, shown: list[Layer]) -> list[Layer]:
    """Paint an underlay and return what comes over it: the site is a line where the ground is seen."""
    underlay(painter, viewport)
    if not underlay.covers:
        return shown
    return [without_fill(layer) if layer.kind.role == "boundary" else layer for layer in shown]


def _paint_one(painter: QPainter, layer: Layer, viewport: Viewport, check: Check) -> None:
    if layer.opacity < 1.0:
        _paint_faded(painter, layer, viewport, check)
        return
    vector = _is_vector(painter)
    prepared = prepare_layer(layer, viewport, check, vector=vector, cut=_cannot_clip(painter))
    paint_layer(painter, prepared, check)


def _paint_faded(painter: QPainter, layer: Layer, viewport: Viewport, check: Check) -> None:
    """Paint a layer through which the others are seen, but not its own lower parts.

    A picture of its own on paper, too: drawn part by part the casing of a road would shine through the road.
    """
    share = _fineness(viewport) if _is_vector(painter) else 1.0
    view = replace(
        viewport,
        metres_per_px=viewport.metres_per_px / share,
        width_px=max(1, round(viewport.width_px * share)),
        height_px=max(1, round(viewport.height_px * share)),
        px_per_mm=viewport.px_per_mm * share,
    )
    image = blank_image(view)
    inner = QPainter(image)
    try:
        paint_layer(inner, prepare_layer(layer, view, check), check)
    finally:
        inner.end()
    width, height = view.width_px / share, view.height_px / share
    target = QRectF((viewport.width_px - width) / 2, (viewport.height_px - height) / 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    painter.setOpacity(painter.opacity() * layer.opacity)
    painter.drawImage(target, image, QRectF(image.rect()))
    painter.restore()


def _fineness(viewport: Viewport) -> float:
    """Return by how much a picture on paper is coarser than the units of its sheet."""
    most = math.sqrt(_MOST_FADED_PX / max(1, viewport.width_px * viewport.height_px))
    return min(1.0, _FADED_PX_PER_MM / viewport.px_per_mm, most)


def _is_vector(painter: QPainter) -> bool:
    engine = painter.paintEngine()
    return engine is not None and engine.type() in _VECTOR_ENGINES


def _cannot_clip(painter: QPainter) -> bool:
    """Tell whether a painter ignores clips, as Qt's SVG writer does."""
    engine = painter.paintEngine()
    return engine is not None and engine.type() == QPaintEngine.Type.SVG
