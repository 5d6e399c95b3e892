"""The picture of what is about to come in, painted like a layer of its own over the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PyQt6.QtGui import QImage, QPainter

from gis.render.paint import paint_layer
from gis.render.prepare import prepare_layer
from gis.render.viewport import Viewport
from layers import palette
from layers.column import Column
from layers.ids import Ids
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.packed_values import Same
from layers.style import Fill, Marker, Part, Rule, Stroke, Style
from layers.table import Table
from layers.text import same
from ui.canvas.frame import Picture
from ui.canvas.newest_job import Check
from ui.models.proposal import Proposal, ProposalPart, Tone

COLORS: Final[dict[Tone, str]] = {
    "added": "#6B3FA0",
    "changed": "#B35C00",
    "gone": "#B3261E",
    "focus": palette.SELECTION,
}
"""Violet is no colour of the plan: what is violet is not in it yet."""

_DASHES: Final[dict[Tone, tuple[float, ...]]] = {"gone": (1.6, 1.0)}
_LINE_MM: Final = 0.3
_FOCUS_MM: Final = 0.6
_CASING_MM: Final = 0.4
_DOT_MM: Final = 1.5
_FEW: Final = 100
"""Fewer points than these get larger dots, or nobody would find them."""


@dataclass(frozen=True)
class ProposalOrder:
    """What to paint, and on what ground."""

    proposal: Proposal
    viewport: Viewport


class ProposalPainter:
    """Paints proposals, and keeps the layers of the last one. Used from one worker thread only."""

    def __init__(self) -> None:
        self._last: Proposal | None = None
        self._layers: list[Layer] = []

    def paint(self, order: ProposalOrder, check: Check) -> Picture:
        """Return the proposal on a transparent picture."""
        if order.proposal is not self._last:
            self._layers = [_layer(part) for part in order.proposal.parts]
            self._last = order.proposal
        view = order.viewport
        image = QImage(view.width_px, view.height_px, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for layer in self._layers:
                paint_layer(painter, prepare_layer(layer, view, check), check)
        finally:
            painter.end()
        return Picture(image, view)


def _layer(part: ProposalPart) -> Layer:
    """Return the shapes of one tone as a layer that takes all kinds of shape."""
    kind = next(k for k in standard_kinds().values() if k.role == "reference")
    uids = Ids([f"{i:032x}" for i in range(len(part.geometry))])
    nothing = Column([Same(None, len(uids))])
    table = Table(uids, part.geometry, {field.name: nothing for field in kind.fields})
    return Layer(part.tone, kind, table, same(part.tone), _style(part.tone, few=len(uids) < _FEW))


def _style(tone: Tone, *, few: bool) -> Style:
    color, dash = COLORS[tone], _DASHES.get(tone, ())
    line_mm = _FOCUS_MM if tone == "focus" else _LINE_MM
    parts: tuple[Part, ...] = (
        Fill(color, opacity=0.08 if tone == "gone" else 0.2),
        Stroke(palette.HALO, line_mm + _CASING_MM, opacity=0.75),
        Stroke(color, line_mm, dash=dash),
        Marker(
            "circle",
            2 * _DOT_MM if few or tone == "focus" else _DOT_MM,
            fill=color,
            line=palette.HALO,
            line_mm=0.2,
        ),
    )
    return Style((Rule(same(tone), parts),))
