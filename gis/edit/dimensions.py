"""Dimensions by their parts: the measured points, the line, and the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import shapely
from shapely import Geometry

from gis.edit.construct import dimension_line
from gis.edit.geometries import refused
from gis.measure import XY, area_text, length_text, segment_length_m

MEASURING: Final = frozenset({"dimension", "radius", "area"})
"""Sorts of notes whose words are what they measure: nobody types them."""


def measured_words(sort: str, shape: Geometry) -> str | None:
    """Return what a dimension of a shape says now; None for what measures nothing.

    Parameters
    ----------
    sort : str
        ``dimension`` and ``radius`` measure their own line, ``area`` the area given.
    """
    if sort == "area":
        return area_text(float(shape.area)).zh if shapely.get_dimensions(shape) == 2 else None
    if shape.geom_type != "LineString":
        return None
    first, second, last = shape.coords[0][:2], shape.coords[1][:2], shape.coords[-1][:2]
    if sort == "dimension":
        return length_text(segment_length_m(first, last))
    if sort == "radius":
        return f"R {length_text(segment_length_m(first, second))}"
    return None


def radius_line(centre: XY, through: XY, beside: XY) -> Geometry:
    """Return the line of a radius dimension: from the centre to the outline, and on to its words.

    Raises
    ------
    RefusedError
        If there is no radius.
    """
    if segment_length_m(centre, through) == 0:
        raise refused("radius.zero", "半径为零。", "The radius is zero.")
    return shapely.linestrings([centre, through] if beside == through else [centre, through, beside])


def leader_line(tip: XY, words: XY) -> Geometry:
    """Return the line of a leader: from what it means to its words.

    Raises
    ------
    RefusedError
        If both are one place.
    """
    if tip == words:
        raise refused("leader.zero", "引线没有长度。", "The leader has no length.")
    return shapely.linestrings([tip, words])


def with_points(sort: str, line: Geometry, places: Mapping[int, XY], centre: XY | None) -> Geometry:
    """Return the line of a dimension with some of its measured points in other places.

    The rest goes along: a dimension line keeps its distance, a leader goes as a whole.

    Parameters
    ----------
    places : mapping of int to (x, y)
        New place by the number of the point.
    centre : (x, y) or None
        Of the circle that a radius measures, now.
    """
    xy = np.asarray(line.coords)[:, :2].copy()
    if sort == "dimension":
        return _dimension_with(xy, places)
    if sort == "radius":
        shift = np.subtract(places[1], xy[1])
        xy[0] = xy[0] + shift if centre is None else centre
        xy[1:] += shift
        return shapely.linestrings(xy)
    xy += np.subtract(places[0], xy[0])
    return shapely.linestrings(xy)


def _dimension_with(xy: np.ndarray, places: Mapping[int, XY]) -> Geometry:
    start = places.get(0, (float(xy[0, 0]), float(xy[0, 1])))
    end = places.get(len(xy) - 1, (float(xy[-1, 0]), float(xy[-1, 1])))
    if start == end:
        return shapely.linestrings(xy)
    run = xy[-1] - xy[0]
    length = float(np.hypot(*run))
    out = xy[1] - xy[0]
    away = float(run[0] * out[1] - run[1] * out[0]) / length if length else 0.0
    ahead = np.subtract(end, start)
    left = np.array([-ahead[1], ahead[0]]) / float(np.hypot(*ahead)) * away
    beside = (float(start[0] + left[0]), float(start[1] + left[1]))
    return dimension_line((float(start[0]), float(start[1])), (float(end[0]), float(end[1])), beside)
