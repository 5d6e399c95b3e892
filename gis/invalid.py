"""Why a shape is invalid, in the words of both languages."""

from __future__ import annotations

import re
from typing import Final

import shapely
from shapely import Geometry

from layers.text import Text, same

_REASONS: Final[dict[str, Text]] = {
    "self-intersection": Text("轮廓自相交", "the outline crosses itself"),
    "ring self-intersection": Text("轮廓与自身相接", "the outline touches itself"),
    "too few points in geometry component": Text("顶点太少", "too few points"),
    "ring is not closed": Text("轮廓没有闭合", "the outline is not closed"),
    "hole lies outside shell": Text("洞在轮廓之外", "a hole lies outside the outline"),
    "holes are nested": Text("洞中有洞", "a hole lies inside another"),
    "nested shells": Text("一部分套在另一部分之内", "one part lies inside another"),
    "duplicate rings": Text("轮廓重复", "an outline occurs twice"),
    "interior is disconnected": Text("内部被分隔开", "the inside falls apart"),
    "invalid coordinate": Text("坐标不是数", "a coordinate is no number"),
    "repeated point": Text("顶点重复", "a point is repeated"),
}
"""What GEOS says, which it says in English only."""
_TOLD: Final = re.compile(r"^(?P<reason>[^\[]+?)\s*(?:\[(?P<x>\S+) (?P<y>\S+)\])?$")


def why_invalid(geometry: Geometry) -> Text:
    """Return why a geometry is invalid and near which place, to the centimetre.

    Reasons without words here are told as GEOS tells them.

    Examples
    --------
    >>> why_invalid(shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")).en
    'the outline crosses itself (1.00, 1.00)'
    """
    told = str(shapely.is_valid_reason(geometry))
    match = _TOLD.match(told)
    words = _REASONS.get(match["reason"].lower()) if match else None
    if match is None or words is None:
        return same(told)
    try:
        x, y = float(match["x"]), float(match["y"])
    except (TypeError, ValueError):
        return words
    return Text("{why}（{x:.2f}，{y:.2f}）", "{why} ({x:.2f}, {y:.2f})").format(why=words, x=x, y=y)
