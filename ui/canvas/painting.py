"""What the map widget paints: kept pictures first, then marks, furniture and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from gis.i18n import language, tr
from gis.render.furniture import paint_north_arrow, paint_scale_bar
from gis.revisions.districts import District
from gis.snap import SNAP_WORDS
from layers import palette
from layers.revision import WORKING
from ui.canvas.badges import keys_of
from ui.canvas.cards import Line
from ui.canvas.frame import draw_picture
from ui.canvas.marks import CASING, HIGHLIGHT, chosen_layers, paint_hovered, paint_snap_mark, pen
from ui.models.words import state_title

if TYPE_CHECKING:
    from ui.canvas.canvas import MapCanvas

REVISION: Final = QColor("#3D5A80")
"""The calm blue that says: this is an old state."""
READ_ONLY: Final = QColor("#5B636B")
CHANGE: Final = QColor(palette.CHANGE)
FRAME_PX: Final = 3.0
EDGE_PX: Final = 14.0
NORTH_PX: Final = 34.0
BAR_HEIGHT_PX: Final = 21.0
ECHO_PX: Final = 11.0
MOST_REASONS: Final = 4
"""A tip tells no more reasons of a change than these."""


def paint_map(painter: QPainter, canvas: MapCanvas, *, plain: bool = False) -> None:
    """Paint the map; `plain` leaves out what belongs to the moment: selection, previews, tips."""
    room = QRectF(canvas.rect())
    view = canvas.viewport
    painter.fillRect(room, QColor(palette.OUTSIDE))
    canvas.pictures.backdrop.paint(painter, view)
    frame = canvas.pictures.frame
    if frame is not None:
        draw_picture(painter, frame.picture, view)
        canvas.pictures.backdrop.paint_grids(painter, view)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not plain:
        canvas.pictures.backdrop.paint_ghost(painter, view)
        if canvas.pictures.proposal is not None:
            draw_picture(painter, canvas.pictures.proposal, view)
        if canvas.pictures.selection is not None:
            draw_picture(painter, canvas.pictures.selection.picture, view)
        _paint_hover(painter, canvas)
        canvas.flash.paint(painter)
    _paint_furniture(painter, canvas)
    if plain:
        _paint_state(painter, canvas, room)
        return
    _paint_frame(painter, canvas, room)
    canvas.cards.begin(room, canvas.exact.taken)
    canvas.tool.paint_overlay(painter)
    _paint_snap(painter, canvas)
    _paint_echo(painter, canvas)
    _paint_tip(painter, canvas)


def _paint_hover(painter: QPainter, canvas: MapCanvas) -> None:
    snapshot, group, key = canvas.session.snapshot, canvas.hover.group, canvas.hover.key
    if snapshot is None:
        return
    keys = keys_of(group, snapshot) if group is not None else (key,) if key is not None else ()
    for layer in chosen_layers(snapshot, set(keys) - canvas.session.selection):
        paint_hovered(painter, layer, canvas.viewport)


def _paint_snap(painter: QPainter, canvas: MapCanvas) -> None:
    mark = canvas.hands.snap_mark
    if mark is None or mark.snap is None:
        return
    at = QPointF(*canvas.viewport.to_px(mark.snap.x, mark.snap.y))
    paint_snap_mark(painter, at, mark.snap.kind)
    snapshot = canvas.session.snapshot
    if snapshot is None:
        return
    words = tr(SNAP_WORDS[mark.snap.kind])
    if mark.snap.layer is not None:
        words = f"{words}   {tr(snapshot.layers[mark.snap.layer].title)}"
    canvas.cards.paint(painter, at, [Line(words, soft=True)], above=True)


def _paint_echo(painter: QPainter, canvas: MapCanvas) -> None:
    """Mark the place that the pointer is at in the other one of two maps."""
    if canvas.echo is None:
        return
    at = QPointF(*canvas.viewport.to_px(*canvas.echo))
    for color, width in ((CASING, 3.6), (HIGHLIGHT, 1.4)):
        painter.setPen(pen(color, width))
        for dx, dy in ((1.0, 0.0), (0.0, 1.0)):
            step = QPointF(dx, dy)
            painter.drawLine(at - step * ECHO_PX, at - step * 3)
            painter.drawLine(at + step * 3, at + step * ECHO_PX)


def _paint_tip(painter: QPainter, canvas: MapCanvas) -> None:
    if canvas.hover.tip and (lines := tip_lines(canvas)):
        canvas.cards.paint(painter, QPointF(*canvas.viewport.to_px(*canvas.hover.place)), lines)


def tip_lines(canvas: MapCanvas) -> list[Line]:
    """Return what is told of the thing under the pointer: its name, or what changed and why."""
    snapshot, key, group = canvas.session.snapshot, canvas.hover.key, canvas.hover.group
    if group is not None:
        reasons = [Line(tr(reason), soft=True) for reason in group.reasons[:MOST_REASONS]]
        said = f"{group.mark}   {tr(group.numbers)}" if isinstance(group, District) else group.label
        return [Line(f"{said}   {tr(group.title)}", strong=True), *reasons]
    name = snapshot.name_of(key) if snapshot is not None and key is not None else None
    if snapshot is None or key is None or name is None:
        return []
    title = snapshot.layers[key[0]].title
    return [Line(tr(name), strong=True), *([Line(tr(title), soft=True)] if title != name else [])]


def state_words(canvas: MapCanvas) -> str:
    """Return what the banner says about the state on screen; empty for a plan that can be edited."""
    session = canvas.session
    if session.project is None:
        return ""
    shown = tr(session.previewed or state_title(session.view))
    if session.comparison is not None:
        before, after = (
            tr(state_title(label)) for label in (session.comparison.before, session.comparison.after)
        )
        compared = tr("对比 {before} → {after}", "{before} → {after} compared", before=before, after=after)
        return compared if session.editable else f"{compared} · {_read_only()}"
    return "" if session.editable else f"{shown} · {_read_only()}"


def _read_only() -> str:
    return tr("只读", "read-only")


def _paint_frame(painter: QPainter, canvas: MapCanvas, room: QRectF) -> None:
    """Frame a state that is not the plan being edited; what it is, the bar above the map says."""
    if canvas.session.view != WORKING:
        half = FRAME_PX / 2
        painter.setPen(pen(REVISION, FRAME_PX))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(room.adjusted(half, half, -half, -half))


def _paint_state(painter: QPainter, canvas: MapCanvas, room: QRectF) -> None:
    """Write on an image that leaves the window which state it shows."""
    words = state_words(canvas)
    if not words:
        return
    _paint_frame(painter, canvas, room)
    old = canvas.session.view != WORKING
    color = REVISION if old else CHANGE if canvas.session.comparison is not None else READ_ONLY
    font = QFont(painter.font())
    font.setPixelSize(13)
    font.setBold(True)
    metrics = QFontMetricsF(font)
    chip = QRectF(
        room.left() + 12, room.top() + 12, metrics.horizontalAdvance(words) + 24, metrics.height() + 10
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
    painter.setFont(font)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)


def compass_box(height: int) -> QRectF:
    """Return where the north arrow stands on a map of that height; a click on it turns north up."""
    return QRectF(EDGE_PX, height - EDGE_PX - NORTH_PX, NORTH_PX, NORTH_PX)


def _paint_furniture(painter: QPainter, canvas: MapCanvas) -> None:
    """Paint north arrow and scale bar at the lower left."""
    if canvas.session.snapshot is None:
        return
    bottom = canvas.height() - EDGE_PX
    painter.save()
    painter.translate(compass_box(canvas.height()).center())
    painter.rotate(canvas.viewport.turn_deg)
    paint_north_arrow(painter, QPointF(0, 0), NORTH_PX, language=language())
    painter.restore()
    canvas.pictures.backdrop.paint_credits(painter, QRectF(canvas.rect()))
    left = EDGE_PX + NORTH_PX + 14.0
    paint_scale_bar(painter, left, bottom - BAR_HEIGHT_PX, canvas.viewport.metres_per_px, halo=True)
