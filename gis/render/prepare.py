"""From a layer and a viewport to marks: numpy and shapely only, in any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import numpy as np
import shapely

from gis.render.bands import joined_ends
from gis.render.group import Group
from gis.render.keeping import forget, kept, kept_column
from gis.render.marks import Frame, Mark, PreparedLayer
from gis.render.matching import matches_of
from gis.render.shapes import (
    MIXED,
    Floats,
    Ints,
    Mask,
    Runs,
    Shapes,
    anchors_among,
    anchors_of,
    dimensions_of,
    flatten,
    rows_of,
    shapes_at,
)
from gis.render.specks import TINY_PX, speck_marks
from gis.render.symbols import part_marks
from gis.render.tiny import Specks
from gis.render.viewport import Extent, Viewport
from layers.layer import Layer
from layers.style import Fill, Part, Rule, Stroke, Symbol
from layers.table import Table, numbers

Check = Callable[[], None]

MANY: Final = 4000
"""From this number on the features of a rule are drawn coarsely, and their paths kept."""
AREA: Final = 2
_NOT_KEPT: Final = (0, 1, MIXED)
"""The paths of points and lines are made of pixels of the viewport."""
_MOST_KEPT: Final = 120_000
"""The paths of a layer of more areas than this take more memory than they are worth time."""
_LEAST_SHARE: Final = 0.25
"""Paths are kept for a whole rule; not worth it if less than this part of it is seen."""


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
    marks: list[Mark] = []
    if len(rows):
        check()
        for mark in _marks(*_stacks(layer, rows, viewport, cut), viewport, vector):
            marks.append(mark)
            check()
    return PreparedLayer(layer.id, viewport, tuple(marks), layer.opacity)


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


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A symbol and the features it draws; `make` gives them in the frame of the viewport.

    A kept group serves fills and outlines of areas only: their paths know their
    frame, everything else is made of pixels of the viewport.
    """

    symbol: Symbol
    group: Group
    make: Callable[[], Group]

    @cached_property
    def fresh(self) -> Group:
        """The features in the frame of the viewport."""
        return self.make() if self.group.kept else self.group

    def marks(self, part: Part) -> Iterator[Mark]:
        """Yield the marks of one part."""
        if not self.group.kept:
            yield from part_marks(part, self.group)
            return
        yield from part_marks(part, self.group if isinstance(part, (Fill, Stroke)) else self.fresh)


Stack = list[_Drawn]


def _stacks(layer: Layer, rows: Ints, viewport: Viewport, cut: bool) -> tuple[Stack, Stack]:
    """Return the rules with the features they draw, and the overlays with theirs."""
    matches = matches_of(layer.table, layer.style)
    ruled = tuple(matches.rule == number for number in range(len(layer.style.rules)))
    seen = _Seen(layer.table, rows, viewport, cut)

    def stack(name: str, rules: Sequence[Rule], masks: Sequence[Mask]) -> Stack:
        found = []
        for number, (rule, mask) in enumerate(zip(rules, masks, strict=True)):
            chosen = rows[mask[rows]]
            if len(chosen):
                key = (id(layer.style), name, number)
                make = partial(_fresh_group, seen, chosen)
                kept_one = None if cut else _kept_group(layer.table, chosen, mask, viewport, key)
                found.append(_Drawn(rule.symbol, make() if kept_one is None else kept_one, make))
        return found

    return stack("rule", layer.style.rules, ruled), stack("overlay", layer.style.overlays, matches.overlays)


def _marks(rules: Stack, overlays: Stack, viewport: Viewport, vector: bool) -> Iterator[Mark]:
    for drawn in (*rules, *overlays):
        if len(drawn.group.tiny):
            yield from speck_marks(drawn.symbol, drawn.group, viewport, vector)
    for part, drawn in _in_drawing_order(rules, overlays):
        yield from drawn.marks(part)


def _in_drawing_order(rules: Stack, overlays: Stack) -> Iterator[tuple[Part, _Drawn]]:
    yield from _parts(rules, 0)
    for drawn in overlays:
        yield from ((part, drawn) for part in drawn.symbol if _is_casing(part))
    for number in range(1, _depth(rules)):
        yield from _parts(rules, number)
    for number in range(_depth(overlays)):
        yield from ((part, drawn) for part, drawn in _parts(overlays, number) if not _is_casing(part))


def _parts(stack: Stack, number: int) -> Iterator[tuple[Part, _Drawn]]:
    return ((drawn.symbol[number], drawn) for drawn in stack if number < len(drawn.symbol))


def _depth(stack: Stack) -> int:
    return max((len(drawn.symbol) for drawn in stack), default=0)


def _is_casing(part: Part) -> bool:
    """Whether a part is the rim of a band of true width."""
    return isinstance(part, Stroke) and part.width_field is not None and part.width_mm > 0


def _kept_group(
    table: Table, rows: Ints, mask: Mask, viewport: Viewport, key: tuple[object, ...]
) -> Group | None:
    """Return all features of a rule in paths that are kept, where that is worth it.

    Only layers of nothing but areas: the paths of lines and points are not kept.
    """
    if len(rows) <= MANY or len(rows) < _LEAST_SHARE * np.count_nonzero(mask):
        return None
    dimensions = dimensions_of(table)
    if not MANY < np.count_nonzero(dimensions == AREA) <= _MOST_KEPT or np.isin(dimensions, _NOT_KEPT).any():
        return None
    return _coarse_group(table, np.flatnonzero(mask), viewport, key)


class _Seen:
    """What a viewport shows of a table; few features are unpacked once for all rules that draw of it.

    Parameters
    ----------
    table : Table
    rows : array of int
        Rising.
    viewport : Viewport
    cut : bool
        Outlines end at the edge of the viewport.
    """

    def __init__(self, table: Table, rows: Ints, viewport: Viewport, cut: bool) -> None:
        self.table = table
        self.viewport = viewport
        self._rows = rows
        self._extent = viewport.grown(0.0 if cut else 2.0 * max(viewport.width_px, viewport.height_px))

    @cached_property
    def _tiny(self) -> Mask:
        return _is_tiny(self.table, self._rows, self.viewport.metres_per_px)

    @cached_property
    def _shapes(self) -> Shapes:
        return _clipped(self.table, self._rows[~self._tiny], self._extent)

    def tiny(self, rows: Ints) -> Mask:
        """Tell which of some rows are drawn as specks."""
        return self._tiny[np.searchsorted(self._rows, rows)]

    def shapes(self, rows: Ints) -> Shapes:
        """Return the outlines of some rows."""
        if len(self._rows) > MANY:
            return _clipped(self.table, rows, self._extent)
        return rows_of(self._shapes, rows, len(self.table))


def _fresh_group(seen: _Seen, rows: Ints) -> Group:
    """Return the features of a rule in pixels of the viewport."""
    table, viewport = seen.table, seen.viewport
    many = len(rows) > MANY and bool(np.count_nonzero(dimensions_of(table) == AREA) > MANY)
    tiny = seen.tiny(rows)
    places = partial(anchors_among, table, rows)
    return Group(
        seen.shapes(rows[~tiny]), places, table.columns, rows, Frame.of(viewport), viewport.px_per_mm,
        coarse=bool(many), finest_px=_finest_px(table, rows, viewport.metres_per_px),
        joined_of=partial(joined_ends, table), tiny=Specks(table, rows[tiny]),
    )  # fmt: skip


def _coarse_group(table: Table, rows: Ints, viewport: Viewport, key: tuple[object, ...]) -> Group:
    """Return all features of a rule at the level of detail of the viewport, kept for later viewports."""
    level = int(np.floor(np.log2(viewport.metres_per_px)))
    name = ("coarse", *key, viewport.px_per_mm)

    def make() -> Group:
        west, _, _, north = table.extent() or (0.0, 0.0, 0.0, 0.0)
        frame = Frame(west, north, 2.0**level)
        tiny = _is_tiny(table, rows, frame.metres_per_px)
        return Group(
            shapes_at(table, rows[~tiny]), partial(anchors_of, table), table.columns, rows.astype(np.int32),
            frame, viewport.px_per_mm, coarse=True, kept=True,
            finest_px=_finest_px(table, rows, viewport.metres_per_px), tiny=Specks(table, rows[tiny]),
        )  # fmt: skip

    def near(other: object) -> bool:
        return not (isinstance(other, tuple) and other[:-1] == name and abs(other[-1] - level) > 1)

    forget(table, near)
    return kept(table, (*name, level), make)


def _finest_px(table: Table, rows: Ints, metres_per_px: float) -> float:
    """Return the outline width that leaves something of the fill of a typical feature."""
    box = table.bounds[rows]
    typical = float(np.median(np.sqrt((box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])))) / metres_per_px
    return min(1.0, max(0.3, 0.15 * typical))


def _is_tiny(table: Table, rows: Ints, metres_per_px: float) -> Mask:
    """Return which rows are areas below two pixels: they are drawn as specks."""
    box = table.bounds[rows]
    size = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) / metres_per_px
    tiny: Mask = (size < TINY_PX) & (dimensions_of(table)[rows] == AREA)
    return tiny


def _clipped(table: Table, rows: Ints, reach: Extent) -> Shapes:
    """Return the outlines of some rows, those that run out of an extent cut off there."""
    far = rows[_leaves(table.bounds[rows], reach)]
    if not len(far):
        return shapes_at(table, rows)
    near = shapes_at(table, np.setdiff1d(rows, far))
    cut = flatten(shapely.clip_by_rect(table.geometry[far], *reach))
    return Shapes(
        _joined(near.areas, cut.areas, far), _joined(near.lines, cut.lines, far),
        np.concatenate([near.points, cut.points]), np.concatenate([near.point_row, far[cut.point_row]]),
    )  # fmt: skip


def _leaves(box: Floats, reach: Extent) -> Mask:
    west, south, east, north = reach
    return (box[:, 0] < west) | (box[:, 1] < south) | (box[:, 2] > east) | (box[:, 3] > north)


def _joined(first: Runs, second: Runs, rows: Ints) -> Runs:
    """Put runs of cut geometries, numbered by position in `rows`, after the others."""
    return Runs(
        np.concatenate([first.coords, second.coords]),
        np.concatenate([first.starts, second.starts[1:] + first.starts[-1]]),
        np.concatenate([first.row, rows[second.row]]),
    )
