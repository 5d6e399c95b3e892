"""One picture of the map, made of one image a layer; runs outside the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from typing import Final

from PyQt6.QtCore import QPointF, QRect, QRectF
from PyQt6.QtGui import QColor, QImage, QPainter

from gis.render.cloud_lines import SIDE_MM
from gis.render.clouds import Side, badge_boxes, paint_clouds, paint_numbers
from gis.render.display import shown_layers
from gis.render.labels import paint_labels, place
from gis.render.marks import Crowd, PreparedLayer, RuleKey
from gis.render.paint import manner_of, paint_layer
from gis.render.prepare import prepare_layer, prepare_part
from gis.render.room import Box
from gis.render.rough import is_large, rough_layer
from gis.render.scene import paint_veil, split_at_veil, without_fill
from gis.render.touched import touched_px
from gis.render.viewport import Viewport
from gis.render.wishes import pin_boxes
from gis.revisions.comparison import Comparison
from gis.revisions.districts import gathered
from gis.spare_memory import give_back
from layers import palette
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table
from layers.text import Language
from ui.canvas.newest_job import Check

MARGIN: Final = 0.15
"""How much is drawn beyond each edge, as a share of the window, so that a short pan shows no gap."""
SMALL_MARGIN: Final = 0.04
FEW: Final = 500
"""So many features that are seen of a layer are prepared anew sooner than some are found among them."""
LARGE_PX: Final = 4_000_000
"""A window with more pixels than this has the small margin: every layer keeps an image of its size."""


@dataclass(frozen=True)
class FrameOrder:
    """What a picture shows: everything it depends on."""

    snapshot: Snapshot
    viewport: Viewport
    comparison: Comparison | None
    language: Language
    side: Side = "both"
    """Which state of the comparison it is."""
    bare: bool = False
    """Whether the ground stays clear, because a background lies below."""
    glance: bool = False
    """Whether the snapshot is a first look at a project not opened yet: no more than a sketch can be made."""

    def same_as(self, other: FrameOrder | None) -> bool:
        """Tell whether another order asks for the same picture."""
        return (
            other is not None
            and self.snapshot is other.snapshot
            and self.comparison is other.comparison
            and self.viewport == other.viewport
            and self.language == other.language
            and self.side == other.side
            and self.bare == other.bare
            and self.glance == other.glance
        )


@dataclass(frozen=True)
class Picture:
    """An image and the ground it shows, in device pixels."""

    image: QImage
    viewport: Viewport


@dataclass(frozen=True)
class Frame:
    """A finished picture and what was asked for.

    Parameters
    ----------
    order : FrameOrder
    picture : Picture
    rough : bool
        Whether it only stands in for the real one.
    comparison : Comparison or None
        What it shows of the one that was asked for: changes that crowd at its scale are under one letter.
    """

    order: FrameOrder
    picture: Picture
    rough: bool = False
    comparison: Comparison | None = None

    @property
    def last(self) -> bool:
        """Whether no better one follows for the same order."""
        return not self.rough or self.order.glance


@dataclass(frozen=True)
class _Kept:
    """An image, and the values it was painted from (kept alive, so that none is mistaken for another)."""

    made_from: tuple[object, ...]
    image: QImage | None
    manner: tuple[object, ...] = ()
    crowds: Mapping[RuleKey, Crowd] = field(default_factory=dict)


class FramePainter:
    """Paints frames and keeps the image of every layer, so that an edit paints only what it touched.

    Used from one worker thread only; `executor` prepares layers beside it.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._kept: dict[str, _Kept] = {}
        self._gathered: tuple[Comparison | None, float, Comparison | None] = (None, 0.0, None)

    def paint(self, order: FrameOrder, check: Check) -> Frame:
        """Return the picture of an order; raises `CancelledError` through `check` when nobody waits."""
        shown = shown_layers(order.snapshot.layers.values(), order.viewport.scale_denominator)
        if order.bare:
            shown = [without_fill(a) if a.kind.role == "boundary" else a for a in shown]
        for layer in shown:
            _ = layer.table.bounds  # kept with the table: pointing and snapping need them at once,
            layer.table.index_of("")  # and the first selection where each id stands
        large = self._paint_layers(shown, order.viewport, check)
        compared = self._compared(order)
        veil, clouds = self._veil(order, shown, check), self._clouds(order, compared, check)
        below, above = split_at_veil(shown)
        top = self._top(order, compared, shown, above, check)
        image = _transparent(order.viewport) if order.bare else _ground(order.viewport)
        painter = QPainter(image)
        try:
            self._draw_layers(painter, below, check)
            painter.drawImage(0, 0, veil)
            if clouds is not None:
                painter.drawImage(0, 0, clouds)
            self._draw_layers(painter, above, check)
            painter.drawImage(0, 0, top)
        finally:
            painter.end()
        if large:
            give_back()
        return Frame(order, Picture(image, order.viewport), comparison=compared)

    def wants_sketch(self, order: FrameOrder) -> bool:
        """Tell whether a picture will take so long that a rough one should be shown before."""
        shown = shown_layers(order.snapshot.layers.values(), order.viewport.scale_denominator)
        return any(is_large(layer) and _name(layer) not in self._kept for layer in shown)

    def sketch(self, order: FrameOrder, check: Check) -> Frame:
        """Return a first picture of an order: large layers as boxes, small ones as they are, no words."""
        shown = shown_layers(order.snapshot.layers.values(), order.viewport.scale_denominator)
        self._paint_layers([layer for layer in shown if not is_large(layer)], order.viewport, check)
        image = _transparent(order.viewport) if order.bare else _ground(order.viewport)
        painter = QPainter(image)
        try:
            for layer in shown:
                check()
                if is_large(layer):
                    paint_layer(painter, rough_layer(layer, order.viewport), check)
                else:
                    self._draw_layers(painter, [layer], check)
            painter.drawImage(0, 0, self._veil(order, shown, check))
        finally:
            painter.end()
        return Frame(order, Picture(image, order.viewport), rough=True)

    def _draw_layers(self, painter: QPainter, layers: Sequence[Layer], check: Check) -> None:
        for layer in layers:
            check()
            if (image := self._kept[_name(layer)].image) is not None:
                painter.setOpacity(layer.opacity)
                painter.drawImage(0, 0, image)
        painter.setOpacity(1.0)

    def _paint_layers(self, shown: Sequence[Layer], viewport: Viewport, check: Check) -> bool:
        """Paint the layers that are not as kept; return whether a large one was among them."""
        stale = [
            a
            for a in shown
            if self._lacks(_name(a), (a.table, a.style, viewport)) and not self._mended(a, viewport, check)
        ]
        ahead: list[Future[PreparedLayer]] = [
            self._executor.submit(prepare_layer, layer, viewport, check) for layer in stale[1:]
        ]
        for number, layer in enumerate(stale):  # the first at once: after an edit it is the only one
            prepared = ahead[number - 1].result() if number else prepare_layer(layer, viewport, check)
            before = self._kept.pop(_name(layer), None)  # painted over: lost if nobody waits for the end
            image = _repainted(before, layer, prepared, check) or _layer_image(prepared, check)
            made_from = (layer.table, layer.style, viewport)
            self._kept[_name(layer)] = _Kept(made_from, image, manner_of(prepared), prepared.crowds)
        return any(is_large(layer) for layer in stale)

    def _mended(self, layer: Layer, viewport: Viewport, check: Check) -> bool:
        """Paint anew what edits touched from what lies there; False if all has to be prepared."""
        kept = self._kept.get(_name(layer))
        touched = _touched(kept, layer, viewport)
        if kept is None or kept.image is None or touched is None:
            return False
        if touched[2]:
            around = _around(touched)
            if _seen_of(layer, viewport) <= FEW:
                return False
            prepared = prepare_part(layer, viewport, around, kept.crowds, check)
            if prepared is None:
                return False
            del self._kept[_name(layer)]  # painted over: lost if nobody waits for the end
            _paint_over(kept.image, touched, prepared, check, around[:2])
        self._kept[_name(layer)] = replace(kept, made_from=(layer.table, layer.style, viewport))
        return True

    def _veil(self, order: FrameOrder, shown: Sequence[Layer], check: Check) -> QImage:
        """Return what dims the ground outside the site."""
        tables = [a.table for a in shown if a.kind.role == "boundary"]
        made_from = (*tables, order.viewport)
        return self._overlay(
            "veil", made_from, check, lambda p: paint_veil(p, order.snapshot, order.viewport)
        )

    def _compared(self, order: FrameOrder) -> Comparison | None:
        """Return the comparison as a map of this scale shows it; kept, for a pan changes nothing."""
        view = order.viewport
        sign_m = SIDE_MM * view.px_per_mm * view.metres_per_px
        asked, at, _ = self._gathered
        if asked is not order.comparison or at != sign_m:
            self._gathered = (order.comparison, sign_m, gathered(order.comparison, sign_m))
        return self._gathered[2]

    def _clouds(self, order: FrameOrder, compared: Comparison | None, check: Check) -> QImage | None:
        """Return the changed features and the clouds around them; the pins of problems stay over them."""
        view, side = order.viewport, order.side
        if compared is None:
            return None
        made_from = (_Same(compared), side, view)
        return self._overlay(
            "clouds", made_from, check, lambda p: paint_clouds(p, compared, view, check=check, side=side)
        )

    def _top(
        self,
        order: FrameOrder,
        compared: Comparison | None,
        shown: Sequence[Layer],
        above: Sequence[Layer],
        check: Check,
    ) -> QImage:
        """Return the numbers of the clouds and the labels, which keep clear of each other and of pins."""
        looks = [value for a in shown for value in (a.table, a.style)]
        view = order.viewport

        def paint(painter: QPainter) -> None:
            taken: Sequence[Box] = ()
            if compared is not None:
                pins = pin_boxes(above, view)
                paint_numbers(painter, compared, view, check, pins, members=False)
                taken = badge_boxes(compared, view, pins, members=False)
            placed = place(shown, view, language=order.language, obstacles=taken, check=check)
            paint_labels(painter, placed, check)

        return self._overlay("top", (*looks, _Same(compared), order.language, view), check, paint)

    def _overlay(
        self, name: str, made_from: tuple[object, ...], check: Check, paint: Callable[[QPainter], None]
    ) -> QImage:
        if self._lacks(name, made_from):
            check()
            viewport = made_from[-1]
            assert isinstance(viewport, Viewport), "an overlay is made for a viewport"
            image = _transparent(viewport)
            painter = QPainter(image)
            try:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                paint(painter)
            finally:
                painter.end()
            self._kept[name] = _Kept(made_from, image)
        kept = self._kept[name].image
        assert kept is not None, "an overlay always has an image"
        return kept

    def _lacks(self, name: str, made_from: tuple[object, ...]) -> bool:
        return name not in self._kept or self._kept[name].made_from != made_from


@dataclass(frozen=True, eq=False)
class _Same:
    """Equal only for the very same object: comparing two comparisons field by field takes too long."""

    value: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


def _name(layer: Layer) -> str:
    return f"layer {layer.id}"


def _layer_image(prepared: PreparedLayer, check: Check) -> QImage | None:
    """Return the image of a layer, or None if nothing of it is seen."""
    if not prepared.marks:
        return None
    image = _transparent(prepared.viewport)
    painter = QPainter(image)
    try:
        paint_layer(painter, prepared, check)
    finally:
        painter.end()
    return image


def _repainted(before: _Kept | None, layer: Layer, prepared: PreparedLayer, check: Check) -> QImage | None:
    """Return the image of a layer with what edits touched painted anew; None if all of it has to be."""
    if before is None or before.image is None or before.manner != manner_of(prepared):
        return None
    touched = _touched(before, layer, prepared.viewport)
    if touched is None:
        return None
    _paint_over(before.image, touched, prepared, check)
    return before.image


def _touched(before: _Kept | None, layer: Layer, viewport: Viewport) -> tuple[int, int, int, int] | None:
    """Return the pixels (left, top, width, height) of an image that edits touched; None for all of them."""
    if before is None:
        return None
    table, style, shown = before.made_from
    if not isinstance(table, Table) or style is not layer.style or shown != viewport:
        return None
    return touched_px(layer, table, viewport)


def _around(touched: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return some pixels and a few around, beginning at a multiple of three, as `prepare_part` wants them."""
    left, top = ((at - 3) // 3 * 3 for at in touched[:2])
    return left, top, touched[0] + touched[2] + 3 - left, touched[1] + touched[3] + 3 - top


def _seen_of(layer: Layer, viewport: Viewport) -> int:
    """Return how many features of a layer a viewport may show."""
    return len(layer.table.bounds.meeting(viewport.extent))


def _paint_over(
    image: QImage,
    touched: tuple[int, int, int, int],
    prepared: PreparedLayer,
    check: Check,
    at: tuple[int, int] = (0, 0),
) -> None:
    """Paint some pixels of an image anew with marks whose viewport begins at one of its pixels."""
    painter = QPainter(image)
    try:
        painter.setClipRect(QRect(*touched))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.fillRect(QRect(*touched), QColor(0, 0, 0))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.translate(*at)
        paint_layer(painter, prepared, check)
    finally:
        painter.end()


def _transparent(viewport: Viewport) -> QImage:
    image = QImage(viewport.width_px, viewport.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image


def _ground(viewport: Viewport) -> QImage:
    image = QImage(viewport.width_px, viewport.height_px, QImage.Format.Format_RGB32)
    image.fill(QColor(palette.OUTSIDE))
    return image


def device_viewport(view: Viewport, pixel_ratio: float, margin: float | None = None) -> Viewport:
    """Return what has to be drawn for a window: in device pixels, with a margin around."""
    if margin is None:
        large = view.width_px * view.height_px * pixel_ratio**2 > LARGE_PX
        margin = SMALL_MARGIN if large else MARGIN
    across, down = round(view.width_px * margin), round(view.height_px * margin)
    return replace(
        view,
        metres_per_px=view.metres_per_px / pixel_ratio,
        width_px=round((view.width_px + 2 * across) * pixel_ratio),
        height_px=round((view.height_px + 2 * down) * pixel_ratio),
        px_per_mm=view.px_per_mm * pixel_ratio,
    )


def draw_picture(painter: QPainter, picture: Picture, view: Viewport) -> None:
    """Draw a picture where its ground lies in a window, moved and scaled as needed.

    Parameters
    ----------
    painter : QPainter
        In logical pixels of the window.
    view : Viewport
        What the window shows, logical pixels.
    """
    shown = picture.viewport
    left, top = view.to_px(*shown.to_world(0.0, 0.0))
    scale = shown.metres_per_px / view.metres_per_px
    ratio = shown.px_per_mm / view.px_per_mm
    if abs(scale * ratio - 1.0) < 1e-9:
        # Whole device pixels: a plain copy, and letters stay crisp while panning.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        at = QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio)
    else:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        at = QPointF(float(left), float(top))
    size_x, size_y = shown.width_px * scale, shown.height_px * scale
    painter.save()
    painter.translate(at)
    if view.turn_deg != shown.turn_deg:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.rotate(view.turn_deg - shown.turn_deg)
    painter.drawImage(QRectF(0, 0, size_x, size_y), picture.image, QRectF(picture.image.rect()))
    painter.restore()
