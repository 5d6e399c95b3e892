"""The labels of a style as single-line texts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import shapely

from gis.exchange.dxf.cad_symbols import size_m
from gis.exchange.dxf.wording import safe_text
from gis.exchange.feature_look import Look
from gis.i18n import tr
from layers.feature import Feature
from layers.layer import Layer
from layers.style import Label

_FIELD: Final = re.compile(r"\{(\w+)\}")
_LINE: Final = 1.5
_LIFT: Final = 0.9
"""Heights between a thin line and the middle of its words."""


class Lettering(NamedTuple):
    """One text in the drawing.

    Parameters
    ----------
    text : str
        Safe for a DXF line.
    x, y : float
        Its middle, or its left end if `left`.
    height_m, angle_deg : float
    color : str
    left : bool
    """

    text: str
    x: float
    y: float
    height_m: float
    angle_deg: float
    color: str
    left: bool

    def add_to(self, space: Any, attributes: Mapping[str, Any]) -> Any:
        """Write it into a model space or a block with further attributes, and return the text."""
        from ezdxf.enums import TextEntityAlignment

        turned = {**attributes, "rotation": self.angle_deg}
        text = space.add_text(self.text, height=self.height_m, dxfattribs=turned)
        align = TextEntityAlignment.MIDDLE_LEFT if self.left else TextEntityAlignment.MIDDLE_CENTER
        return text.set_placement((self.x, self.y), align=align)


def letterings(layer: Layer, feature: Feature, look: Look, metres_per_mm: float) -> Iterator[Lettering]:
    """Return the texts of one feature, those in its middle one below the other."""
    shape = feature.geometry
    if shape is None or shape.is_empty:
        return
    stacked = 0
    for label in layer.style.labels:
        hidden = any(feature.attributes.get(name) == value for name, value in label.hide_when)
        words = "" if hidden else _worded(layer, feature, label)
        if not words:
            continue
        height = label.size_mm * metres_per_mm
        x, y, angle = _place(shape, label)
        if angle is not None and label.placement == "along" and shape.length < _width(words, height):
            continue  # on the map, too, it is written only where it fits
        if angle is not None:
            x, y = _lifted(x, y, angle, label, look, height)
        if label.placement == "centre":
            y -= stacked * _LINE * height
            stacked += 1
        dx, dy = _offset(label, feature, look, height, metres_per_mm)
        is_point = int(shapely.get_dimensions(shape)) == 0
        left = label.placement in ("right", "upper-right") or (is_point and label.placement == "above")
        if label.placement == "end" and shapely.get_dimensions(shape) == 1:
            left, x = True, x + _beside_end(shape, words, height)
        yield Lettering(words, x + dx, y + dy, height, angle or 0.0, label.color, left)


def _worded(layer: Layer, feature: Feature, label: Label) -> str:
    words: list[str] = []

    def word(match: re.Match[str]) -> str:
        words.append(_word(layer, feature, match.group(1)))
        return words[-1]

    filled = _FIELD.sub(word, label.template)
    return safe_text(filled) if any(words) else ""


def _word(layer: Layer, feature: Feature, name: str) -> str:
    if name == "area_m2":
        return f"{shapely.area(feature.geometry):,.0f}"
    if name == "length_m":
        return f"{shapely.length(feature.geometry):,.0f}"
    field = layer.kind.field(name)
    return tr(field.word(feature.attributes.get(name))) if field is not None else ""


def _lifted(
    x: float, y: float, angle_deg: float, label: Label, look: Look, height: float
) -> tuple[float, float]:
    """Return the middle of a text along a line: in a band, or beside a thin line."""
    if label.placement == "along" and look.width_field:
        return x, y
    turn = math.radians(angle_deg)
    return x - _LIFT * height * math.sin(turn), y + _LIFT * height * math.cos(turn)


def _place(shape: shapely.Geometry, label: Label) -> tuple[float, float, float | None]:
    """Return where a text belongs, and the angle if it follows a line."""
    dimension = int(shapely.get_dimensions(shape))
    if dimension != 1:
        point = shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)
        return point.x, point.y, None
    line = max(shapely.get_parts([shape]), key=shapely.length)
    if label.placement == "end":
        x, y = line.coords[-1][:2]
        return x, y, None
    middle = line.interpolate(0.5, normalized=True)
    if label.placement not in ("along", "above"):
        return middle.x, middle.y, None
    before, after = line.interpolate(0.45, normalized=True), line.interpolate(0.55, normalized=True)
    angle = math.degrees(math.atan2(after.y - before.y, after.x - before.x))
    return middle.x, middle.y, angle + 180.0 if angle > 90.0 or angle <= -90.0 else angle


def _beside_end(line: shapely.Geometry, words: str, height: float) -> float:
    """Return how far from the end of a leader its words begin, so that they do not cross it."""
    coords = max(shapely.get_parts([line]), key=shapely.length).coords
    if coords[-1][0] >= coords[-2][0]:
        return 0.4 * height
    return -0.4 * height - _width(words, height)


def _width(words: str, height: float) -> float:
    """Return about how long a text is."""
    return height * sum(1.0 if ord(letter) > 0x2E7F else 0.65 for letter in words)


def _offset(
    label: Label, feature: Feature, look: Look, height: float, metres_per_mm: float
) -> tuple[float, float]:
    marker = look.marker
    is_point = feature.geometry is not None and shapely.get_dimensions(feature.geometry) == 0
    if not is_point and label.placement == "upper-right":
        return height * 1.6, height * 1.4
    reach = size_m(marker, feature.attributes, metres_per_mm) / 2 if marker is not None and is_point else 0.0
    return {
        "right": (reach + height * 0.4, 0.0),
        "above": (reach + height * 0.4, 0.0) if is_point else (0.0, 0.0),
        "upper-right": (reach + height * 0.4, reach + height),
        "below": (0.0, -reach - height),
    }.get(label.placement, (0.0, 0.0))
