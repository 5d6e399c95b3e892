"""The layers, line types and colours that a style becomes in CAD."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from gis.exchange.dxf.colours import INK, is_ink, nearest_aci, true_color
from gis.i18n import tr
from layers.layer import Layer
from layers.style import Stroke
from layers.text import Text

FILL: Final = Text("填充", "fill")
LETTERS: Final = Text("文字", "text")
EDGES: Final = Text("边线", "edges")
_NOT_IN_NAMES: Final = re.compile(r'[<>/\\":;?*|=`,\x00-\x1f]')
_WEIGHTS: Final = (
    5,
    9,
    13,
    15,
    18,
    20,
    25,
    30,
    35,
    40,
    50,
    53,
    60,
    70,
    80,
    90,
    100,
    106,
    120,
    140,
    158,
    200,
    211,
)
_SOLID: Final = "Continuous"
_LONGEST: Final = 80
_DASHES: Final = Text("虚线（线、空）", "dashes (line, gap)")
_TRUE_COLORS_SINCE: Final = "AC1018"


class CadLayers:
    """The layers of a document in the making.

    Parameters
    ----------
    document : ezdxf.document.Drawing
    metres_per_mm : float
        Of paper: 0.5 for a plan that is to be plotted at 1:500.
    codes : mapping of str to str
        CAD names by layer id in place of the titles; layers may share one.
    """

    def __init__(self, document: Any, metres_per_mm: float, codes: Mapping[str, str] | None = None) -> None:
        self.document, self.metres_per_mm, self._codes = document, metres_per_mm, codes or {}
        self.has_true_colors = document.dxfversion >= _TRUE_COLORS_SINCE
        self._made: dict[str, tuple[str, int | None, str]] = {}
        self._titles: dict[str, str] = {}
        self._linetypes: dict[tuple[float, ...], str] = {}

    def name_of(self, layer: Layer, *parts: Text) -> str:
        """Return the CAD name of a layer or a part of one; no two layers share a title."""
        if layer.id in self._codes:
            self._titles[layer.id] = self._codes[layer.id]
        elif layer.id not in self._titles:
            title = plain_title(tr(layer.title)) or layer.id
            taken = title.lower() in (t.lower() for t in self._titles.values())
            self._titles[layer.id] = f"{title}_{layer.id}" if taken else title
        return "_".join([self._titles[layer.id], *(plain_title(tr(p)) for p in parts)])

    def attributes(
        self, name: str, color: str, stroke: Stroke | None = None, *, filled: bool = False
    ) -> dict[str, Any]:
        """Return what an entity on a layer needs; the layer is made with the first looks it is asked for.

        What is as dark as ink becomes CAD's black or white, unless it is a fill or lies on one of its own.
        """
        color = INK if not filled and is_ink(color) else color
        weight = _weight(stroke.width_mm) if stroke is not None else None
        linetype = self._linetype(stroke.dash) if stroke is not None else _SOLID
        if name not in self._made:
            self._made[name] = color, weight, linetype
            made = self.document.layers.add(name, color=nearest_aci(color))
            if self.has_true_colors and color != INK:
                made.dxf.true_color = true_color(color)
            if stroke is not None:
                made.dxf.lineweight, made.dxf.linetype = weight, linetype
        usual_color, usual_weight, usual_linetype = self._made[name]
        own: dict[str, Any] = {"layer": name}
        if usual_color != color:
            own["color"] = nearest_aci(color)
            own |= {"true_color": true_color(color)} if self.has_true_colors and color != INK else {}
        if stroke is not None and usual_weight != weight:
            own["lineweight"] = weight
        if stroke is not None and usual_linetype != linetype:
            own["linetype"] = linetype
        return own

    def _linetype(self, dash: tuple[float, ...]) -> str:
        if not dash:
            return _SOLID
        if dash not in self._linetypes:
            lengths = [mm * self.metres_per_mm for mm in dash]
            signed = [length if i % 2 == 0 else -length for i, length in enumerate(lengths)]
            name = f"PB_{len(self._linetypes) + 1}"
            words = f"{tr(_DASHES)} {' / '.join(f'{mm:g}' for mm in dash)} mm"
            self.document.linetypes.add(name, pattern=[sum(lengths), *signed], description=words)
            self._linetypes[dash] = name
        return self._linetypes[dash]


def plain_title(words: str) -> str:
    """Return words as the name of a layer in CAD may have them."""
    return _NOT_IN_NAMES.sub("_", words).strip()[:_LONGEST]


def _weight(width_mm: float) -> int:
    return min(_WEIGHTS, key=lambda w: abs(w - width_mm * 100))
