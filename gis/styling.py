"""Making styles from data: one symbol, by category, by class."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, Literal

import numpy as np

from gis.ramps import Ramp
from layers.condition import All, Compare, Condition, Constant, FieldValue, IsEmpty, OneOf
from layers.errors import RefusedError
from layers.layer import Layer
from layers.schema import Field, GeometryType, Value
from layers.style import Arrows, Crosses, Fill, Hatch, Marker, Part, Rule, Stroke, Style, Symbol
from layers.style_data import MOST_RULES
from layers.table import FloatArray, numbers
from layers.text import Text, natural, same

StyleMode = Literal["single", "category", "class", "rule"]
ClassMethod = Literal["quantiles", "equal", "natural", "pretty"]

MOST_CATEGORIES: Final = MOST_RULES - 1
"""What is left over is a symbol, too."""
MOST_CLASSES: Final = 12
MOST_JUDGED: Final = 400
"""Natural breaks look at no more values than this, evenly taken from the sorted ones."""
OTHER: Final = Text("其他", "Other")
NO_VALUE: Final = Text("无数据", "No data")
_GREY: Final = "#D9D9D9"


PARTS_OF: Final[dict[GeometryType, tuple[str, ...]]] = {
    "polygon": ("fill", "hatch", "stroke", "crosses", "marker"),
    "line": ("stroke", "hatch", "arrows", "crosses", "marker"),
    "point": ("marker",),
}
"""The parts that are drawn for a sort of shape, by their names."""
SHAPE_WORDS: Final[dict[GeometryType, Text]] = {
    "polygon": Text("面", "areas"),
    "line": Text("线", "lines"),
    "point": Text("点", "points"),
}


def mode_of(style: Style) -> StyleMode:
    """Tell how a style is made, from its rules alone."""
    telling = [rule for rule in style.rules if not rule.everything]
    if not telling:
        return "single"
    if all(rule.condition is None and len(rule.when) == 1 for rule in telling):
        return "category" if len({next(iter(rule.when)) for rule in telling}) == 1 else "rule"
    fields = {name for rule in telling for name in rule.fields}
    ranged = all(not rule.when and _is_range(rule.condition) for rule in telling)
    return "class" if ranged and len(fields) == 1 else "rule"


def field_of(style: Style) -> str | None:
    """Return the field that categories or classes are made of, or None."""
    if mode_of(style) not in ("category", "class"):
        return None
    return next((name for rule in style.rules for name in sorted(rule.fields)), None)


def _is_range(condition: Condition | None) -> bool:
    parts = condition.parts if isinstance(condition, All) else (condition,)
    return all(
        isinstance(p, IsEmpty) or (isinstance(p, Compare) and p.sign in ("<", "<=", ">", ">=")) for p in parts
    )


def condition_of_rule(rule: Rule) -> Condition | None:
    """Return all that a rule asks for as one condition, or None if it takes everything."""
    listed: list[Condition] = [OneOf(FieldValue(name), values) for name, values in rule.when.items()]
    parts = (*listed, *(() if rule.condition is None else (rule.condition,)))
    return None if not parts else parts[0] if len(parts) == 1 else All(parts)


def base_symbol(layer: Layer) -> Symbol:
    """Return the symbol that a layer's features mostly have: that of the last rule."""
    return layer.style.rules[-1].symbol


def single(layer: Layer) -> Style:
    """Return the style in which everything of a layer looks alike; states and labels stay."""
    return replace(layer.style, rules=(Rule(layer.title, base_symbol(layer)),))


def distinct_values(layer: Layer, field: Field) -> list[Value]:
    """Return the different values of a field, those that occur most often first; nothing is no value."""
    column = layer.table.columns.get(field.name)
    counts = Counter(v for v in (column if column is not None else ()) if v is not None and v != "")
    return sorted(counts, key=lambda v: (-counts[v], natural(str(v))))


def by_category(layer: Layer, field: Field, ramp: Ramp) -> Style:
    """Return the style with a symbol for each value of a field.

    Values stand in the order of the code list, others by how often they
    occur, 199 at most; what is left over looks grey and is called other.

    Raises
    ------
    RefusedError
        If the layer has no value of that field.
    """
    known: list[Value] = [choice.code for choice in field.domain]
    values = (known or distinct_values(layer, field))[:MOST_CATEGORIES]
    if not values:
        raise RefusedError(
            Text("“{f}”还没有任何取值。", "“{f}” has no values yet.").format(f=field.title),
            code="style.no-values",
        )
    symbol = base_symbol(layer)
    rules = [
        Rule(field.word(value), recolored(symbol, color), {field.name: (value,)})
        for value, color in zip(values, ramp.take(len(values)), strict=True)
    ]
    return replace(layer.style, rules=(*rules, Rule(OTHER, recolored(symbol, _GREY))))


def by_class(
    layer: Layer,
    field: Field,
    method: ClassMethod,
    count: int,
    ramp: Ramp,
    check: Callable[[], None] = lambda: None,
) -> Style:
    """Return the style with a symbol for each range of a number.

    Ranges join without a gap: from the lower break (included) to the upper
    one (left out, but for the last). Features without a number look grey.

    Raises
    ------
    RefusedError
        If there are not two different numbers.
    """
    column = layer.table.columns.get(field.name)
    values = numbers(column) if column is not None else np.empty(0)
    values = values[np.isfinite(values)]
    check()
    edges = breaks(values, method, count, field.title)
    check()
    whole = field.type == "integer"
    if whole:  # an edge may come to lie on the largest number, which then is a class of its own
        inner = dict.fromkeys(float(np.ceil(e)) for e in edges[1:-1])
        edges = (edges[0], *(e for e in inner if e > edges[0]), edges[-1])
    symbol, colors = base_symbol(layer), ramp.take(len(edges) - 1)
    rules = []
    for number, (low, high, color) in enumerate(zip(edges[:-1], edges[1:], colors, strict=True), 2):
        last = number == len(edges)
        title = _range_title(low, high - 1 if whole and not last else high, field.unit)
        rules.append(Rule(title, recolored(symbol, color), {}, _between(field.name, low, high, last)))
    return replace(layer.style, rules=(*rules, Rule(NO_VALUE, recolored(symbol, _GREY))))


def breaks(
    values: FloatArray, method: ClassMethod, count: int, name: Text | None = None
) -> tuple[float, ...]:
    """Return the edges of classes, ascending and all different, the outer ones included.

    Parameters
    ----------
    values : array, shape (n,)
        Finite numbers.
    method : {"quantiles", "equal", "natural", "pretty"}
        As many in each, equal steps, natural breaks (Fisher and Jenks), round numbers.
    count : int
        Wanted classes, 2 to 12; fewer where values repeat.

    Raises
    ------
    RefusedError
        If there are not two different numbers.
    """
    distinct = np.unique(values)
    if len(distinct) < 2:
        raise RefusedError(
            Text(
                "“{f}”没有两个不同的数值，无法分级。", "“{f}” does not have two different numbers to class."
            ).format(f=name or same("?")),
            code="style.no-numbers",
        )
    count = min(max(2, count), MOST_CLASSES)
    if len(distinct) <= count:
        inner = [_gap_after(value, distinct) for value in distinct[:-1].tolist()]
        return _joined([float(distinct[0]), *inner], float(distinct[-1]))
    library = classing_library()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it would be quicker with a compiler at hand
        bins = [float(b) for b in _classifier(library, method)(_thinned(values, method), k=count).bins]
    if method in ("equal", "pretty"):
        step = bins[1] - bins[0] if len(bins) > 1 else 0.0
        low = min(float(distinct[0]), bins[0] - step) if method == "pretty" else float(distinct[0])
        return _joined([low, *(_rounded(b, distinct) for b in bins[:-1])], max(bins[-1], float(distinct[-1])))
    inner = [_gap_after(edge, distinct) for edge in bins if edge < distinct[-1]]
    return _joined([float(distinct[0]), *inner], float(distinct[-1]))


def classing_library() -> Any:
    """Return the library of class breaks; the first time it takes a second or two to load."""
    import mapclassify  # late: it brings pandas and scipy along

    return mapclassify


def _classifier(library: Any, method: ClassMethod) -> Callable[..., Any]:
    classifiers: dict[ClassMethod, Callable[..., Any]] = {
        "quantiles": library.Quantiles,
        "equal": library.EqualInterval,
        "natural": library.FisherJenks,
        "pretty": library.PrettyBreaks,
    }
    return classifiers[method]


def _thinned(values: FloatArray, method: ClassMethod) -> FloatArray:
    """Return values evenly spread over the sorted ones: natural breaks take the square of their number."""
    if method != "natural" or len(values) <= MOST_JUDGED:
        return values
    return np.sort(values)[np.linspace(0, len(values) - 1, MOST_JUDGED).astype(np.int64)]


def _joined(edges: Sequence[float], last: float) -> tuple[float, ...]:
    """Return edges that ascend, the last one holding the largest value."""
    result = [edges[0]]
    for edge in edges[1:]:
        if result[-1] < edge < last:
            result.append(edge)
    return (*result, last)


def _rounded(edge: float, distinct: FloatArray) -> float:
    """Return an edge without the dust of arithmetic, as far as no value changes its class."""
    side = np.searchsorted(distinct, edge, "left")
    rounded = (round(edge, digits) + 0.0 for digits in range(-6, 10))
    return next((r for r in rounded if np.searchsorted(distinct, r, "left") == side), edge)


def _gap_after(edge: float, distinct: FloatArray) -> float:
    """Return the roundest number between the last value up to an edge (left out) and the next one.

    The next value itself, unless it is the largest: an edge there would part it from nothing.
    """
    at = int(np.searchsorted(distinct, edge, "right"))
    low, high = float(distinct[at - 1]), float(distinct[at])
    rounded = (round((low + high) / 2, digits) + 0.0 for digits in range(-6, 10))
    largest = high == float(distinct[-1])
    return next((r for r in rounded if low < r < high or (r == high and not largest)), high)


def _between(name: str, low: float, high: float, last: bool) -> Condition:
    value = FieldValue(name)
    return All((Compare(value, ">=", Constant(low)), Compare(value, "<=" if last else "<", Constant(high))))


def _range_title(low: float, high: float, unit: str) -> Text:
    words = f"{low:,.10g}" if low == high else f"{low:,.10g} – {high:,.10g}"
    return same(f"{words} {unit}" if unit else words)


def recolored(symbol: Symbol, color: str) -> Symbol:
    """Return a symbol in another colour: its fill, else its uppermost line, else its marker.

    Examples
    --------
    >>> recolored((Fill("#FFFFFF"), Stroke("#000000")), "#AA0000")[0].color
    '#AA0000'
    """
    at = _telling_part(symbol)
    return tuple(_tinted(part, color) if i == at else part for i, part in enumerate(symbol))


def color_of(symbol: Symbol) -> str:
    """Return the colour that tells a symbol from others."""
    part = symbol[_telling_part(symbol)] if symbol else None
    if isinstance(part, Marker):
        return part.fill or part.line
    return part.color if part is not None else "#000000"


def _telling_part(symbol: Symbol) -> int:
    for kind in (Fill, Marker, Stroke):
        found = [i for i, part in enumerate(symbol) if isinstance(part, kind)]
        if found:
            return found[-1] if kind is Stroke else found[0]
    return 0


def _tinted(part: Part, color: str) -> Part:
    if isinstance(part, Marker):
        return replace(part, fill=color) if part.fill else replace(part, line=color)
    return replace(part, color=color)


def part_name(part: Part) -> str:
    """Return the name of the kind of a part, in lower case."""
    return type(part).__name__.lower()


def refuse_unseen(style: Style, layer: Layer) -> None:
    """Refuse a style, such as one made for areas, in which features of a layer would not be seen at all.

    Raises
    ------
    RefusedError
        If every symbol of the style is without a part that is drawn for the layer's sort of shape.
    """
    for geometry in layer.kind.geometry:
        if not any(_is_seen(part, geometry) for rule in style.rules for part in rule.symbol):
            raise RefusedError(
                Text(
                    "这个样式画不出“{n}”：它没有给{g}用的符号，粘贴后什么也看不到。",
                    "This style cannot draw “{n}”: it has no symbol for {g}; nothing would be seen.",
                ).format(n=layer.title, g=SHAPE_WORDS[geometry]),
                Text("样式没有改动。", "The style was left as it is."),
                code="style.unseen",
            )


def _is_seen(part: Part, geometry: GeometryType) -> bool:
    if isinstance(part, Marker) and geometry != "point":
        return part.on_all
    return part_name(part) in PARTS_OF[geometry]


def new_part(name: str, geometry: GeometryType) -> Part:
    """Return a part to begin with, of a kind by its name in lower case."""
    grey = "#6B645C"
    made: dict[str, Part] = {
        "fill": Fill("#E8E4DC"),
        "hatch": Hatch("diagonal", grey, width_mm=0.18),
        "stroke": Stroke(grey, 0.25 if geometry == "polygon" else 0.5),
        "arrows": Arrows(grey),
        "crosses": Crosses(grey),
        "marker": Marker("circle", 2.4, fill="#E8E4DC", line=grey, on_all=geometry != "point"),
    }
    return made[name]
