"""How each part of a symbol becomes marks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch

from gis.render.bands import band_marks
from gis.render.group import Group
from gis.render.hatching import hatch_marks
from gis.render.markers import marker_marks
from gis.render.marks import FillMark, Mark, Pen, StrokeMark
from gis.render.rhythm import arrow_paths, cross_paths
from layers.style import Arrows, Crosses, Fill, Hatch, Marker, Part, Stroke

SHADOW_MM = 0.4
"""Offset of the shade below buildings: one and a half pixels of a screen, of which the outline hides half."""
SHADOW_LIMIT = 3000
"""No shade at smaller scales than 1 to this: it would only blur."""

MOST_SHADOWS = 1500
"""Nor under more areas than this: a translucent fill takes three times an opaque one."""

PAPER_PX_PER_MM = 11.6
"""Nor on paper, which begins finer than any screen: 300 dots to the inch."""


@singledispatch
def part_marks(part: Part, _group: Group) -> Iterator[Mark]:
    """Yield the marks of one part of a symbol for all features of a group."""
    raise TypeError(f"no way to draw {type(part).__name__}")


@part_marks.register(Fill)
def _(part: Fill, group: Group) -> Iterator[Mark]:
    if len(group.area_paths):
        near = group.scale_denominator <= SHADOW_LIMIT
        few = group.area_paths.count[0] <= MOST_SHADOWS and group.px_per_mm < PAPER_PX_PER_MM
        shadow = SHADOW_MM * group.px_per_mm if part.shadow and near and few else 0.0
        yield FillMark(group.area_paths, part.color, part.opacity, shadow)


@part_marks.register(Hatch)
def _(part: Hatch, group: Group) -> Iterator[Mark]:
    yield from hatch_marks(part, group)


@part_marks.register(Stroke)
def _(part: Stroke, group: Group) -> Iterator[Mark]:
    if part.width_field or part.width_m:
        yield from band_marks(part, group)
    if part.width_field:
        return
    dash = tuple(length * group.px_per_mm for length in part.dash)
    outline_mm = part.outline_mm or part.width_mm
    # lines of one true width are bands; areas have their outline in that width
    lines = ((group.line_paths, part.width_mm),) if not part.width_m else ()
    for paths, width_mm in ((group.area_paths, outline_mm), *lines):
        width = part.width_m / group.metres_per_px if part.width_m else width_mm * group.px_per_mm
        if group.coarse and not part.width_m:
            width = min(width, group.finest_px)
        if len(paths):
            pen = Pen(part.color, width, part.opacity, dash, part.round, on_ground=part.width_m > 0)
            yield StrokeMark(paths, pen)


@part_marks.register(Arrows)
def _(part: Arrows, group: Group) -> Iterator[Mark]:
    if beyond(part.max_scale, group):
        return
    size, spacing = part.size_mm * group.px_per_mm, part.spacing_mm * group.px_per_mm
    paths = arrow_paths(group.line_runs, size, spacing, part.chevron)
    if not len(paths):
        return
    if part.chevron:
        yield StrokeMark(paths, Pen(part.color, size * 0.24, round=False))
    else:
        yield FillMark(paths, part.color)


@part_marks.register(Crosses)
def _(part: Crosses, group: Group) -> Iterator[Mark]:
    pen = Pen(part.color, part.width_mm * group.px_per_mm)
    for runs in (group.area_runs, group.line_runs):
        paths = cross_paths(runs, part.size_mm * group.px_per_mm, part.spacing_mm * group.px_per_mm)
        if len(paths):
            yield StrokeMark(paths, pen)


@part_marks.register(Marker)
def _(part: Marker, group: Group) -> Iterator[Mark]:
    if not beyond(part.max_scale, group):
        yield from marker_marks(part, group)


def beyond(max_scale: int, group: Group) -> bool:
    """Tell whether the map is too small for a part that is drawn up to a scale only."""
    return bool(max_scale) and group.scale_denominator > max_scale * 1.001
