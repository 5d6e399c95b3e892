"""How features look: symbols made of parts, chosen by rules.

A style is data. The painter (``gis/render``) draws it on screen, image, PDF
and SVG alike; the page's script draws the same declaration. Line widths and
sizes are millimetres on paper; a ``*_field`` names an attribute that holds a
size in metres on the ground instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from layers.condition import Condition, fields_of, holds
from layers.schema import Value
from layers.text import Text

SCREEN_PX_PER_MM = 3.8
"""Screen pixels of one paper millimetre at 100 % scaling."""

HatchPattern = Literal["diagonal", "cross", "wave", "dots"]
MarkerShape = Literal[
    "circle", "square", "diamond", "drop", "triangle", "cross", "tree", "gate", "board", "flag"
]
LabelPlacement = Literal["centre", "upper-right", "along", "above", "end", "right", "below"]


@dataclass(frozen=True)
class Fill:
    """A flat fill of areas. `shadow` is a soft one-pixel shade to the south-east."""

    color: str
    opacity: float = 1.0
    shadow: bool = False


@dataclass(frozen=True)
class Hatch:
    """A pattern over areas, so that a meaning survives a grey print.

    ``width_field`` names an attribute with the true width in metres: then
    lines are hatched as the bands they cover.
    """

    pattern: HatchPattern
    color: str
    spacing_mm: float = 2.0
    width_mm: float = 0.25
    angle_deg: float = 45.0
    width_field: str | None = None


@dataclass(frozen=True)
class Stroke:
    """A line along outlines or lines.

    ``width_field`` names an attribute with the true width in metres; then
    `width_mm` is added on both sides, which makes a casing of equal thickness.
    `dash` alternates lengths of line and gap in millimetres. `outline_mm` is
    the width around areas where it differs from that of lines (0: it does not).
    `width_m` is one true width for all, in place of ``width_field``.
    """

    color: str
    width_mm: float = 0.25
    dash: tuple[float, ...] = ()
    width_field: str | None = None
    opacity: float = 1.0
    round: bool = True
    outline_mm: float = 0.0
    width_m: float = 0.0


@dataclass(frozen=True)
class Arrows:
    """Arrow heads or chevrons along lines, in the direction they were drawn.

    `max_scale` as in `Label`: left out where the map is smaller.
    """

    color: str
    size_mm: float = 1.4
    spacing_mm: float = 18.0
    chevron: bool = False
    max_scale: int = 0


@dataclass(frozen=True)
class Crosses:
    """Small × marks along lines and outlines: the sign for demolition."""

    color: str
    size_mm: float = 1.2
    spacing_mm: float = 5.0
    width_mm: float = 0.25


@dataclass(frozen=True)
class Marker:
    """A symbol at points, and at a point on the surface of lines and areas if `on_all`.

    Parameters
    ----------
    shape : MarkerShape
        ``drop`` and ``diamond`` are pins with their tip on the place.
    size_mm : float
        Height on paper.
    size_field : str, optional
        Attribute with the true diameter in metres (a tree's crown).
    fill, line : str
        Colours; ``fill=""`` leaves it hollow.
    line_mm : float
        Outline width.
    casing : str
        Colour of a halo outline below, or empty.
    text_field : str, optional
        Attribute written inside.
    text_color : str
        Colour of that text.
    tick : bool
        Draws a tick inside instead of text: answered.
    severity_field : str, optional
        Attribute 1-5 that scales the size and draws rings.
    on_all : bool
        Also drawn on lines and areas.
    max_scale : int
        Drawn only when the scale denominator is at most this (0: always).
    """

    shape: MarkerShape
    size_mm: float = 2.0
    size_field: str | None = None
    fill: str = "#FFFFFF"
    line: str = "#3A3A3A"
    line_mm: float = 0.25
    opacity: float = 1.0
    casing: str = ""
    text_field: str | None = None
    text_color: str = "#FFFFFF"
    tick: bool = False
    severity_field: str | None = None
    on_all: bool = False
    max_scale: int = 0


Part: TypeAlias = Fill | Hatch | Stroke | Arrows | Crosses | Marker
Symbol: TypeAlias = tuple[Part, ...]
"""Parts from bottom to top. Part 0 of every feature is drawn before part 1 of any."""


@dataclass(frozen=True)
class Label:
    """Text beside or on features.

    Parameters
    ----------
    template : str
        ``{field}`` of attributes by their words; also ``{area_m2}`` and ``{length_m}``.
        A feature whose fields are all empty gets no label.
    size_mm : float
        Height of the letters on paper.
    placement : LabelPlacement
        ``along`` follows the line, ``above`` too but beside it, as the words of a dimension do;
        ``end`` stands level beside the last point, as the words of a leader do.
    priority : int
        Higher wins where labels collide.
    max_scale : int
        Drawn only when the scale denominator is at most this (0: always).
    hide_when : tuple of (str, value)
        No label where an attribute has this value: that a bay is one bay tells nobody anything.
    """

    template: str
    size_mm: float = 2.5
    color: str = "#3A3A3A"
    bold: bool = False
    placement: LabelPlacement = "centre"
    priority: int = 0
    max_scale: int = 0
    halo: bool = True
    hide_when: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True)
class Rule:
    """A symbol for the features that match.

    ``when`` maps field names to the values that match; all must, and so must
    ``condition`` if there is one. A rule with neither matches everything. The
    first matching rule of a style wins.
    """

    title: Text
    symbol: Symbol
    when: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    condition: Condition | None = None

    @property
    def everything(self) -> bool:
        """Whether it matches whatever comes."""
        return not self.when and self.condition is None

    @property
    def fields(self) -> frozenset[str]:
        """The fields it asks for."""
        asked = fields_of(self.condition) if self.condition is not None else frozenset()
        return asked | set(self.when)

    def matches(self, attributes: Mapping[str, Value]) -> bool:
        """Tell whether one feature with these attributes gets this symbol."""
        listed = all(attributes.get(name) in wanted for name, wanted in self.when.items())
        return listed and self.meets(attributes)

    def meets(self, attributes: Mapping[str, Value]) -> bool:
        """Tell whether one feature meets the condition, whatever its listed values."""
        return self.condition is None or holds(self.condition, attributes)


@dataclass(frozen=True)
class Style:
    """The rules of a layer, what is drawn over them, and the labels.

    ``overlays`` are tried after the rules, and every one that matches is drawn
    on top: the five plan states look alike on every layer this way.
    """

    rules: tuple[Rule, ...]
    overlays: tuple[Rule, ...] = ()
    labels: tuple[Label, ...] = ()
