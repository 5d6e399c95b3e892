"""The markers of a style as blocks."""

from __future__ import annotations

import math
from typing import Any, Final

from gis.exchange.dxf.colours import nearest_aci, true_color
from layers.style import Marker

_CORNERS: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "square": ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "diamond": ((0.0, 0.0), (0.36, 0.5), (0.0, 1.0), (-0.36, 0.5)),
    "drop": ((0.0, 0.0), (0.27, 0.42), (0.36, 0.66), (0.25, 0.91), (0.0, 1.0), (-0.25, 0.91), (-0.36, 0.66),
             (-0.27, 0.42)),
    "triangle": ((-0.5, -0.35), (0.5, -0.35), (0.0, 0.55)),
    "gate": ((-0.5, -0.4), (-0.3, -0.4), (-0.3, 0.1), (0.3, 0.1), (0.3, -0.4), (0.5, -0.4), (0.5, 0.4),
             (-0.5, 0.4)),
    "board": ((-0.5, -0.1), (0.5, -0.1), (0.5, 0.5), (-0.5, 0.5)),
    "flag": ((-0.4, -0.5), (-0.28, -0.5), (-0.28, 0.0), (0.5, 0.22), (-0.28, 0.5), (-0.4, 0.5)),
}  # fmt: skip
_RAYS: Final = 8


class CadSymbols:
    """The blocks of a document in the making.

    Parameters
    ----------
    document : ezdxf.document.Drawing
    has_true_colors : bool
    """

    def __init__(self, document: Any, has_true_colors: bool) -> None:
        self.document, self.has_true_colors = document, has_true_colors
        self._made: dict[tuple[str, Marker], str] = {}

    def block(self, title: str, marker: Marker) -> str:
        """Return the name of the block of a marker, one unit in size; it is made when first asked for."""
        key = (title, marker)
        if key not in self._made:
            name = f"{title}_{sum(t == title for t, _ in self._made) + 1}"
            self._made[key] = name
            self._draw(self.document.blocks.new(name), marker)
        return self._made[key]

    def _draw(self, block: Any, marker: Marker) -> None:
        line, fill = self._color(marker.line), self._color(marker.fill) if marker.fill else None
        if marker.shape == "cross":
            block.add_line((-0.5, -0.5), (0.5, 0.5), dxfattribs=line)
            block.add_line((-0.5, 0.5), (0.5, -0.5), dxfattribs=line)
            return
        corners = _CORNERS.get(marker.shape)
        if fill is not None and marker.shape != "tree":
            hatch = block.add_hatch(dxfattribs=fill)
            hatch.paths.add_polyline_path([(-0.5, 0.0, 1.0), (0.5, 0.0, 1.0)] if corners is None else corners)
        if corners is not None:
            block.add_lwpolyline(corners, close=True, dxfattribs=line)
            return
        block.add_circle((0.0, 0.0), 0.5, dxfattribs=line)
        if marker.shape == "tree":
            for i in range(_RAYS):
                angle = 2.0 * math.pi * i / _RAYS
                end = (0.32 * math.cos(angle), 0.32 * math.sin(angle))
                block.add_line((0.0, 0.0), end, dxfattribs=line)

    def _color(self, color: str) -> dict[str, Any]:
        own: dict[str, Any] = {"color": nearest_aci(color)}
        return own | ({"true_color": true_color(color)} if self.has_true_colors else {})


def size_m(marker: Marker, attributes: Any, metres_per_mm: float) -> float:
    """Return how large a marker stands in the drawing, metres."""
    size = attributes.get(marker.size_field) if marker.size_field else None
    if isinstance(size, (int, float)) and not isinstance(size, bool) and size > 0:
        return float(size)
    return marker.size_mm * metres_per_mm
