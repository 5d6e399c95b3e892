"""Making the picture of the backgrounds, outside the GUI thread; after a pan only what came into sight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QRect
from PyQt6.QtGui import QImage, QPainter

from gis.render.viewport import Viewport
from layers.background import Background, TileBackground
from ui.canvas.frame import Picture
from ui.canvas.newest_job import Check

if TYPE_CHECKING:
    from gis.render.backdrop import Backdrop, Painted

_LEAST_SHARE: Final = 0.25
"""Less than this left of a picture is not worth keeping."""
_WHOLE_PX: Final = 1e-3
"""How far from whole pixels a shift may be: more would be seen after many of them."""


@dataclass(frozen=True)
class BackdropOrder:
    """What a picture of backgrounds shows.

    Parameters
    ----------
    painter : Backdrop
    backgrounds : tuple of Background
    viewport : Viewport
        In device pixels.
    """

    painter: Backdrop
    backgrounds: tuple[Background, ...]
    viewport: Viewport


@dataclass(frozen=True)
class FinishedBackdrop:
    """A picture and what came of painting it."""

    order: BackdropOrder
    picture: Picture
    painted: Painted


def paint_backdrop(order: BackdropOrder, before: FinishedBackdrop | None, check: Check) -> FinishedBackdrop:
    """Return the picture of an order, taking from the one before what it shows of the same ground.

    Raises
    ------
    CancelledError
        Through `check`, when nobody waits any more.
    """
    shift = _shift(before, order)
    if before is not None and shift is not None:
        image, painted = _moved(order, before, shift, check)
        if not painted.troubles and not painted.waiting:
            return FinishedBackdrop(order, Picture(image, order.viewport), painted)
    image = _clear(order.viewport)
    painted = _painted(image, order, image.rect(), check)
    return FinishedBackdrop(order, Picture(image, order.viewport), painted)


def _shift(before: FinishedBackdrop | None, order: BackdropOrder) -> tuple[int, int] | None:
    """Return by how many pixels (right, down) a picture can be moved to be a part of what is asked for."""
    if before is None or before.painted.troubles or before.painted.waiting:
        return None
    then, now = before.order.viewport, order.viewport
    same = replace(then, centre_x=now.centre_x, centre_y=now.centre_y) == now
    tiles = any(
        isinstance(b, TileBackground) and b.visible for b in order.backgrounds
    )  # they may be arriving
    if not same or tiles or before.order.backgrounds != order.backgrounds:
        return None
    if before.order.painter is not order.painter:
        return None
    x, y = (float(v) for v in now.to_px(*then.to_world(0.0, 0.0)))
    dx, dy = round(x), round(y)
    kept = max(0, now.width_px - abs(dx)) * max(0, now.height_px - abs(dy))
    exact = max(abs(x - dx), abs(y - dy)) <= _WHOLE_PX
    # asked for once more at the same place: a file is another now
    return (dx, dy) if exact and (dx or dy) and kept >= _LEAST_SHARE * now.width_px * now.height_px else None


def _moved(
    order: BackdropOrder, before: FinishedBackdrop, shift: tuple[int, int], check: Check
) -> tuple[QImage, Painted]:
    """Return a picture moved, with what came into sight at its edges painted."""
    from gis.render.backdrop import Painted

    dx, dy = shift
    image, painted = _clear(order.viewport), Painted()
    painter = QPainter(image)
    try:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(dx, dy, before.picture.image)
    finally:
        painter.end()
    width, height = image.width(), image.height()
    beside = QRect(0 if dx > 0 else width + dx, 0, abs(dx), height)
    above = QRect(max(dx, 0), 0 if dy > 0 else height + dy, width - abs(dx), abs(dy))
    for part in (beside, above):
        if not part.isEmpty():
            made = _painted(image, order, part, check)
            painted.troubles += made.troubles
            painted.waiting += made.waiting
    return image, painted


def _painted(image: QImage, order: BackdropOrder, part: QRect, check: Check) -> Painted:
    """Paint a part of a picture."""
    whole = order.viewport
    middle = whole.to_world(part.x() + part.width() / 2, part.y() + part.height() / 2)
    view = replace(
        whole, centre_x=float(middle[0]), centre_y=float(middle[1]),
        width_px=part.width(), height_px=part.height(),
    )  # fmt: skip
    painter = QPainter(image)
    try:
        painter.setClipRect(part)
        painter.translate(part.topLeft())
        return order.painter.paint(painter, order.backgrounds, view, check=check)
    finally:
        painter.end()


def _clear(viewport: Viewport) -> QImage:
    image = QImage(viewport.width_px, viewport.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image
