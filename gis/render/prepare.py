"""From a layer and a viewport to marks: numpy and shapely only, in any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from gis.render.gathering import AREA, Seen, fresh_group, is_tiny, kept_group, paths_group
from gis.render.group import Group
from gis.render.keeping import kept_column
from gis.render.marks import Crowd, Mark, PreparedLayer, RuleKey
from gis.render.matching import matches_of
from gis.render.shapes import Ints, Mask, dimensions_of
from gis.render.specks import MOST_PIXELS, speck_marks
from gis.render.symbols import part_marks
from gis.render.tiny import Specks
from gis.render.viewport import Viewport
from layers.layer import Layer
from layers.style import Fill, Hatch, Part, Rule, Stroke, Style, Symbol
from layers.table import Table, numbers

Check = Callable[[], None]


def nothing() -> None:
    """Check nothing: the task cannot be cancelled."""


def prepare_layer(
    layer: Layer,
    viewport: Viewport,
    check: Check = nothing,
    *,
    vector: bool = False,
    cut: bool = False,
) -> PreparedLayer:
    """Turn what a viewport shows of a layer into marks.

    Parameters
    ----------
    layer : Layer
        Its `visible` is not asked; that is for whoever puts layers together.
    viewport : Viewport
    check : callable
        Called between short steps; raises to cancel.
    vector : bool
        For PDF and SVG: no pixel rasters among the marks.
    cut : bool
        Cut outlines off at the edge of the viewport, for a device that cannot clip (SVG).

    Returns
    -------
    PreparedLayer
        Part by part: part 0 of every feature lies below part 1 of any, and
        casings of overlays (true width and a bit more) lie beside part 0, so
        casings of roads never cut the roads they meet.
    """
    rows = visible_rows(layer, viewport, 0.0 if cut else None)
    if not len(rows):
        return PreparedLayer(layer.id, viewport, (), layer.opacity)
    check()
    seen = Seen(layer.table, rows, viewport, viewport.grown(0.0 if cut else _reach_out_px(viewport)))
    return _prepared(layer, viewport, _stacks(layer, seen, partial(_drawn_whole, seen, cut)), check, vector)


def prepare_part(
    layer: Layer,
    viewport: Viewport,
    part: tuple[int, int, int, int],
    crowds: Mapping[RuleKey, Crowd],
    check: Check = nothing,
) -> PreparedLayer | None:
    """Turn some pixels of a viewport into marks that look as if all of it had been prepared.

    Parameters
    ----------
    layer : Layer
    viewport : Viewport
        The whole.
    part : (left, top, width, height)
        In pixels of the viewport. Where vertices are thinned, they are so in cells of up to three fifths of
        a pixel, which are those of the whole if left and top can be divided by three.
    crowds : mapping
        How the whole was prepared, an edit or a few ago.
    check : callable
        Called between short steps; raises to cancel.

    Returns
    -------
    PreparedLayer or None
        In a viewport of that part; None where all has to be prepared: a rule draws something that drew
        nothing before, or there are other shapes than areas.
    """
    view = viewport.part(*part)
    rows = visible_rows(layer, view)
    if (dimensions_of(layer.table)[rows] != AREA).any():
        return None
    seen = Seen(layer.table, rows, view, viewport.grown(_reach_out_px(viewport)))
    squares = viewport.width_px * viewport.height_px > MOST_PIXELS
    try:
        return _prepared(
            layer, view, _stacks(layer, seen, partial(_drawn_part, seen, crowds)), check, squares
        )
    except _UnlikeError:
        return None


def _prepared(
    layer: Layer, viewport: Viewport, stacks: tuple[Stack, Stack], check: Check, vector: bool
) -> PreparedLayer:
    marks: list[Mark] = []
    for mark in _marks(*stacks, viewport, vector):
        marks.append(mark)
        check()
    crowds = {drawn.key: drawn.crowd for stack in stacks for drawn in stack}
    return PreparedLayer(layer.id, viewport, tuple(marks), layer.opacity, crowds)


def _reach_out_px(viewport: Viewport) -> float:
    """Return how far beyond a viewport outlines go on before they are cut off."""
    return 2.0 * max(viewport.width_px, viewport.height_px)


def visible_rows(layer: Layer, viewport: Viewport, reach: float | None = None) -> Ints:
    """Return the rows whose symbol may reach into the viewport, or within `reach` pixels of it."""
    table = layer.table
    if not len(table):
        return np.arange(0)
    return table.bounds.meeting(viewport.grown(reach_px(layer, viewport) if reach is None else reach))


def reach_px(layer: Layer, viewport: Viewport) -> float:
    """Return how far the symbols of a layer may reach beyond their geometry, in pixels."""
    parts = [part for rule in (*layer.style.rules, *layer.style.overlays) for part in rule.symbol]
    paper = max(
        (getattr(part, "size_mm", 0.0) * 1.6 + getattr(part, "width_mm", 0.0) for part in parts), default=0.0
    )
    fields = {getattr(part, name, None) for part in parts for name in ("width_field", "size_field")} - {None}
    fixed = max((getattr(part, "width_m", 0.0) for part in parts), default=0.0)
    ground = max((_largest(layer.table, str(name)) for name in fields), default=0.0) + fixed
    return paper * viewport.px_per_mm + ground / viewport.metres_per_px + 2.0


def _largest(table: Table, name: str) -> float:
    if name not in table.columns:
        return 0.0
    column = table.columns[name]
    return kept_column(column, lambda: float(np.max(numbers(column, 0.0), initial=0.0)))


class _UnlikeError(Exception):
    """A part of a picture has something that the whole had not."""


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A symbol and the features it draws; `make` gives them in the frame of the viewport.

    A kept group serves fills and outlines of areas only: their paths know their
    frame, everything else is made of pixels of the viewport. A part of a whole
    draws those parts of the symbol only that were drawn there (`wanted`).
    """

    key: RuleKey
    symbol: Symbol
    group: Group
    make: Callable[[], Group]
    specks: Specks
    wanted: tuple[bool, ...] | None = None
    _given: set[int] = field(default_factory=set)

    @cached_property
    def fresh(self) -> Group:
        """The features in the frame of the viewport."""
        return self.make() if self.group.kept else self.group

    def marks(self, number: int) -> Iterator[Mark]:
        """Yield the marks of one part of the symbol."""
        part = self.symbol[number]
        new = self.wanted is not None and not self.wanted[number]
        if new and isinstance(part, Hatch):
            return  # the whole would have too many lines
        own = not self.group.kept or isinstance(part, (Fill, Stroke))
        for mark in part_marks(part, self.group if own else self.fresh):
            if new:
                raise _UnlikeError
            self._given.add(number)
            yield mark

    @property
    def crowd(self) -> Crowd:
        """How it looks because of how many features there are, once all marks are made."""
        group, drawn = self.group, tuple(number in self._given for number in range(len(self.symbol)))
        return Crowd(group.frame if group.kept else None, group.coarse, group.finest_px, group.count, drawn)


Stack = list[_Drawn]
_Draw = Callable[[RuleKey, Symbol, Ints, Mask, Style], _Drawn]
"""Of the key of a rule, its symbol, the rows it draws, all rows it would draw, and the style it is of."""


def _stacks(layer: Layer, seen: Seen, draw: _Draw) -> tuple[Stack, Stack]:
    """Return the rules with the features they draw, and the overlays with theirs."""
    style, rows = layer.style, seen.rows
    matches = matches_of(layer.table, style)
    ruled = tuple(matches.rule == number for number in range(len(style.rules)))

    def stack(name: str, rules: Sequence[Rule], masks: Sequence[Mask]) -> Stack:
        found = []
        for number, (rule, mask) in enumerate(zip(rules, masks, strict=True)):
            chosen = rows[mask[rows]]
            if len(chosen):
                found.append(draw((name, number), rule.symbol, chosen, mask, style))
        return found

    return stack("rule", style.rules, ruled), stack("overlay", style.overlays, matches.overlays)


def _drawn_whole(
    seen: Seen, cut: bool, key: RuleKey, symbol: Symbol, rows: Ints, mask: Mask, style: Style
) -> _Drawn:
    make = partial(fresh_group, seen, rows)
    known = None if cut else kept_group(seen.table, rows, mask, seen.viewport, (id(style), *key))
    group, tiny = known or (make(), rows[seen.tiny(rows)])
    return _Drawn(key, symbol, group, make, Specks(seen.table, tiny))


def _drawn_part(
    seen: Seen,
    crowds: Mapping[RuleKey, Crowd],
    key: RuleKey,
    symbol: Symbol,
    rows: Ints,
    _mask: Mask,
    _style: Style,
) -> _Drawn:
    """Draw a part as the whole; raises `_UnlikeError` if the whole had nothing of the rule."""
    crowd = crowds.get(key)
    if crowd is None:
        raise _UnlikeError
    make = partial(fresh_group, seen, rows, crowd)
    if crowd.frame is None:
        return _Drawn(key, symbol, make(), make, Specks(seen.table, rows[seen.tiny(rows)]), crowd.drawn)
    tiny = is_tiny(seen.table, rows, crowd.frame.metres_per_px)
    group = paths_group(seen.table, rows[~tiny], crowd, seen.viewport.px_per_mm)
    return _Drawn(key, symbol, group, make, Specks(seen.table, rows[tiny]), crowd.drawn)


def _marks(rules: Stack, overlays: Stack, viewport: Viewport, vector: bool) -> Iterator[Mark]:
    for drawn in (*rules, *overlays):
        if len(drawn.specks):
            yield from speck_marks(drawn.symbol, drawn.specks, viewport, vector)
    for number, drawn in _in_drawing_order(rules, overlays):
        yield from drawn.marks(number)


def _in_drawing_order(rules: Stack, overlays: Stack) -> Iterator[tuple[int, _Drawn]]:
    yield from _parts(rules, 0)
    for drawn in overlays:
        yield from ((number, drawn) for number, part in enumerate(drawn.symbol) if _is_casing(part))
    for number in range(1, _depth(rules)):
        yield from _parts(rules, number)
    for number in range(_depth(overlays)):
        yield from ((at, drawn) for at, drawn in _parts(overlays, number) if not _is_casing(drawn.symbol[at]))


def _parts(stack: Stack, number: int) -> Iterator[tuple[int, _Drawn]]:
    return ((number, drawn) for drawn in stack if number < len(drawn.symbol))


def _depth(stack: Stack) -> int:
    return max((len(drawn.symbol) for drawn in stack), default=0)


def _is_casing(part: Part) -> bool:
    """Whether a part is the rim of a band of true width."""
    return isinstance(part, Stroke) and part.width_field is not None and part.width_mm > 0
