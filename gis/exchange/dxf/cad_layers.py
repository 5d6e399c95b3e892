"""The layers, line types and colours that a style becomes in CAD."""

from __future__ import annotations

import re
from typing import Any, Final

from gis.exchange.dxf.colours import nearest_aci, true_color
from gis.i18n import tr
from layers.layer import Layer
from layers.schema import Value
from layers.style import Fill, Hatch, Marker, Rule, Stroke, Symbol
from layers.text import Text

METRES_PER_MM: Final = 0.5
"""Paper sizes are written for a plan at 1:500."""

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
_TRUE_COLORS_SINCE: Final = "AC1018"
_PAPER: Final = 0xF4
_INK: Final = "#3A3A3A"


class CadLayers:
    """The layers of a document in the making.

    Parameters
    ----------
    document : ezdxf.document.Drawing
    """

    def __init__(self, document: Any) -> None:
        self.document = document
        self.has_true_colors = document.dxfversion >= _TRUE_COLORS_SINCE
        self._colors: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._linetypes: dict[tuple[float, ...], str] = {}

    def name_of(self, layer: Layer, *parts: Text) -> str:
        """Return the CAD name of a layer or a part of one; no two layers share a name."""
        if layer.id not in self._titles:
            title = _NOT_IN_NAMES.sub("_", tr(layer.title)).strip()[:80] or layer.id
            taken = title.lower() in (t.lower() for t in self._titles.values())
            self._titles[layer.id] = f"{title}_{layer.id}" if taken else title
        return "_".join([self._titles[layer.id], *(_NOT_IN_NAMES.sub("_", tr(p)) for p in parts)])

    def attributes(self, name: str, color: str, stroke: Stroke | None = None) -> dict[str, Any]:
        """Return what an entity on a layer needs; the layer is made with the first colour it is asked for."""
        if name not in self._colors:
            self._colors[name] = color
            made = self.document.layers.add(name, color=nearest_aci(color))
            if self.has_true_colors:
                made.dxf.true_color = true_color(color)
            if stroke is not None:
                made.dxf.lineweight = _weight(stroke.width_mm)
                made.dxf.linetype = self._linetype(stroke.dash)
        if self._colors[name] == color:
            return {"layer": name}
        own: dict[str, Any] = {"layer": name, "color": nearest_aci(color)}
        return own | ({"true_color": true_color(color)} if self.has_true_colors else {})

    def _linetype(self, dash: tuple[float, ...]) -> str:
        if not dash:
            return "Continuous"
        if dash not in self._linetypes:
            lengths = [mm * METRES_PER_MM for mm in dash]
            signed = [length if i % 2 == 0 else -length for i, length in enumerate(lengths)]
            name = f"PB_{len(self._linetypes) + 1}"
            self.document.linetypes.add(name, pattern=[sum(lengths), *signed])
            self._linetypes[dash] = name
        return self._linetypes[dash]


class Look:
    """How one feature looks: its rule and the overlays that match.

    Parameters
    ----------
    layer : Layer
    attributes : dict of str to Value
    """

    def __init__(self, layer: Layer, attributes: dict[str, Value]) -> None:
        rules = layer.style.rules
        self.rule: Rule = next((r for r in rules if r.matches(attributes)), rules[-1])
        self.overlays = [r for r in layer.style.overlays if r.matches(attributes)]
        self.symbol: Symbol = self.rule.symbol

    @property
    def state(self) -> tuple[Text, ...]:
        """Words for the layer's name: the plan state if it is not just existing."""
        return (self.overlays[0].title,) if self.overlays else ()

    @property
    def stroke(self) -> Stroke:
        """The line that CAD draws: of the plan state if that has one, else the plain one."""
        strokes = [p for r in self.overlays for p in r.symbol if isinstance(p, Stroke)]
        plain = [p for p in self.symbol if isinstance(p, Stroke)]
        fills = [p.color for p in self.symbol if isinstance(p, Fill)]
        return (strokes or plain or [Stroke(fills[0] if fills else _INK)])[0]

    @property
    def fills(self) -> list[Fill | Hatch]:
        """Fills and hatches from bottom to top; those as white as paper are left out."""
        parts = [p for symbol in (self.symbol, *(r.symbol for r in self.overlays)) for p in symbol]
        return [p for p in parts if isinstance(p, (Fill, Hatch)) and not _is_paper(p.color)]

    @property
    def width_field(self) -> str | None:
        """The attribute with the true width of a band, if the rule draws one."""
        return next((p.width_field for p in self.symbol if isinstance(p, Stroke) and p.width_field), None)

    @property
    def marker(self) -> Marker | None:
        """The symbol at a point, or None."""
        return next((p for p in reversed(self.symbol) if isinstance(p, Marker)), None)


def _is_paper(color: str) -> bool:
    return min(int(color[i : i + 2], 16) for i in (1, 3, 5)) >= _PAPER


def _weight(width_mm: float) -> int:
    return min(_WEIGHTS, key=lambda w: abs(w - width_mm * 100))
