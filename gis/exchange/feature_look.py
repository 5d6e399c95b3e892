"""How one feature looks, for formats that draw: the parts of its symbol that they can show."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from layers.layer import Layer
from layers.schema import Value
from layers.style import Fill, Hatch, Marker, Rule, Stroke, Symbol
from layers.text import Text

_PAPER: Final = 0xF4
_INK: Final = "#3A3A3A"
_MOST_KNOWN: Final = 5_000
"""So many combinations of values are kept; a style may ask for a number that is another everywhere."""


class Looks:
    """How the features of a layer look; those that its style does not tell apart share one `Look`.

    Parameters
    ----------
    layer : Layer
    """

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        asked = [rule.fields for rule in (*layer.style.rules, *layer.style.overlays)]
        self._fields = sorted(frozenset[str]().union(*asked))
        self._known: dict[tuple[object, ...], Look] = {}
        self._different: dict[tuple[int, ...], Look] = {}

    def of(self, attributes: Mapping[str, Value]) -> Look:
        """Return how a feature with these attributes looks."""
        values = [attributes.get(name) for name in self._fields]
        key = (*values, *map(type, values))  # 1 and True are equal, and need not look alike
        look = self._known.get(key)
        if look is None:
            made = Look(self._layer, dict(attributes))
            look = self._different.setdefault(tuple(map(id, (made.rule, *made.overlays))), made)
            if len(self._known) < _MOST_KNOWN:
                self._known[key] = look
        return look


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

    @cached_property
    def state(self) -> tuple[Text, ...]:
        """Words for the layer's name: the plan state if it is not just existing."""
        return (self.overlays[0].title,) if self.overlays else ()

    @cached_property
    def stroke(self) -> Stroke:
        """The line that CAD draws: of the plan state if that has one, else the plain one."""
        strokes = [p for r in self.overlays for p in r.symbol if isinstance(p, Stroke)]
        plain = [p for p in self.symbol if isinstance(p, Stroke)]
        fills = [p.color for p in self.symbol if isinstance(p, Fill)]
        return (strokes or plain or [Stroke(fills[0] if fills else _INK)])[0]

    @cached_property
    def fills(self) -> list[Fill | Hatch]:
        """Fills and hatches from bottom to top; those as white as paper are left out."""
        parts = [p for symbol in (self.symbol, *(r.symbol for r in self.overlays)) for p in symbol]
        return [p for p in parts if isinstance(p, (Fill, Hatch)) and not _is_paper(p.color)]

    @cached_property
    def width_field(self) -> str | None:
        """The attribute with the true width of a band, if the rule draws one."""
        return next((p.width_field for p in self.symbol if isinstance(p, Stroke) and p.width_field), None)

    @cached_property
    def marker(self) -> Marker | None:
        """The symbol at a point, or None."""
        return next((p for p in reversed(self.symbol) if isinstance(p, Marker)), None)


def _is_paper(color: str) -> bool:
    return min(int(color[i : i + 2], 16) for i in (1, 3, 5)) >= _PAPER
