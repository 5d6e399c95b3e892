"""Colours and visibility by layer, and the colour numbers of CAD."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from gis.exchange.dxf.pieces import BY_BLOCK, BY_LAYER, Piece

_BLACK_OR_WHITE: Final = 7
INK: Final = "#000000"
"""Black on paper and on a light screen, white on a dark one."""
_DARKEST, _GREYEST = 72, 24


class Colours:
    """The layers of a drawing, as far as they say how things look.

    Parameters
    ----------
    document : ezdxf.document.Drawing
    """

    def __init__(self, document: Any) -> None:
        self._colors: dict[str, str] = {}
        self._off: set[str] = set()
        self._frozen: set[str] = set()
        for layer in document.layers:
            key = layer.dxf.name.lower()
            self._colors[key] = _hex(layer.dxf.get("true_color"), abs(layer.dxf.get("color", 7)))
            if layer.is_off():
                self._off.add(key)
            if layer.is_frozen():
                self._frozen.add(key)

    def of(self, piece: Piece) -> str:
        """Return the colour in which CAD shows a piece, as ``#rrggbb``."""
        if piece.true_color is not None:
            return _hex(piece.true_color, 7)
        if piece.color in (BY_LAYER, BY_BLOCK):
            return self._colors.get(piece.layer.lower(), INK)
        return _hex(None, piece.color)

    def is_hidden(self, layer: str) -> bool:
        """Tell whether a layer is off or frozen."""
        key = layer.lower()
        return key in self._off or key in self._frozen

    def is_frozen(self, layer: str) -> bool:
        """Tell whether a layer is frozen: then even other layers' things in a block on it are hidden."""
        return layer.lower() in self._frozen


@lru_cache(maxsize=512)
def nearest_aci(color: str) -> int:
    """Return the number of the CAD colour nearest to ``#rrggbb``; 7 (black or white) for dark ones."""
    from ezdxf.colors import aci2rgb

    wanted = _rgb(color)
    if max(wanted) < 48:
        return _BLACK_OR_WHITE
    return min(
        (n for n in range(1, 255) if n != _BLACK_OR_WHITE),
        key=lambda n: sum((a - b) ** 2 for a, b in zip(aci2rgb(n), wanted, strict=True)),
    )


def is_ink(color: str) -> bool:
    """Tell whether ``#rrggbb`` is a black or nearly black grey: nobody could see it on a dark screen."""
    wanted = _rgb(color)
    return max(wanted) < _DARKEST and max(wanted) - min(wanted) < _GREYEST


def on_paper(color: str, opacity: float) -> str:
    """Return ``#rrggbb`` as it looks on white paper when it lets some of it through."""
    return "#{:02x}{:02x}{:02x}".format(*(round(255 + (c - 255) * opacity) for c in _rgb(color)))


def true_color(color: str) -> int:
    """Return ``#rrggbb`` as the number that group 420 holds."""
    red, green, blue = _rgb(color)
    return red << 16 | green << 8 | blue


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


@lru_cache(maxsize=4096)
def _hex(true: int | None, aci: int) -> str:
    from ezdxf.colors import aci2rgb

    if true is not None:
        return f"#{true & 0xFFFFFF:06x}"
    if aci == _BLACK_OR_WHITE or not 0 < aci < 256:
        return INK
    return "#{:02x}{:02x}{:02x}".format(*aci2rgb(aci))
