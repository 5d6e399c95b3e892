"""The looks of the plan as styles of a KML: colours, widths, and whether a name is written on the map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from gis.exchange.feature_look import Look, Looks
from layers.feature import Feature
from layers.layer import Layer
from layers.schema import Value
from layers.style import Fill

_PX_PER_MM: Final = 3.8
_FAINTEST: Final = 0.12
_POINT_SCALE, _NAME_SCALE = 0.7, 0.8
_CLEAR: Final = 0.0


class KmlStyles:
    """The styles of a document in the making: one for each look that its features have."""

    def __init__(self) -> None:
        self._looks: dict[str, Looks] = {}
        self._names: dict[Look, str] = {}

    def of(self, layer: Layer, features: Iterable[Feature]) -> Iterator[str]:
        """Yield the styles that features of a layer need, each once."""
        for feature in features:
            look = self._look(layer, feature.attributes)
            if look not in self._names:
                self._names[look] = name = f"{layer.id}-{len(self._names) + 1}"
                yield _style(name, layer, look)

    def name_of(self, layer: Layer, attributes: Mapping[str, Value]) -> str:
        """Return the style of a feature."""
        return self._names[self._look(layer, attributes)]

    def _look(self, layer: Layer, attributes: Mapping[str, Value]) -> Look:
        if layer.id not in self._looks:
            self._looks[layer.id] = Looks(layer)
        return self._looks[layer.id].of(attributes)


def _style(name: str, layer: Layer, look: Look) -> str:
    stroke, marker = look.stroke, look.marker
    fills = look.fills
    plain = [part for part in fills if isinstance(part, Fill)]
    hatched = max((_FAINTEST for part in fills if not isinstance(part, Fill)), default=_CLEAR)
    color = (plain or fills or [stroke])[-1].color
    fill = _color(color, plain[-1].opacity * layer.opacity if plain else hatched)
    point = _color((marker.fill or marker.line) if marker is not None else stroke.color, 1.0)
    width = max(1.0, stroke.width_mm * _PX_PER_MM)
    named = _NAME_SCALE if layer.style.labels else 0
    line = _color(stroke.color, layer.opacity)
    return (
        f'<Style id="{name}"><IconStyle><color>{point}</color><scale>{_POINT_SCALE}</scale></IconStyle>'
        f"<LabelStyle><scale>{named}</scale></LabelStyle>"
        f"<LineStyle><color>{line}</color><width>{width:.1f}</width></LineStyle>"
        f"<PolyStyle><color>{fill}</color></PolyStyle></Style>\n"
    )


def _color(color: str, opacity: float) -> str:
    """Return a colour as KML writes it: opacity, blue, green, red."""
    return f"{round(opacity * 255):02x}{color[5:7]}{color[3:5]}{color[1:3]}".lower()
