"""Words along a line: where on a line they lie well, straight or letter by letter around a bend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely

from gis.render.marks import Frame
from gis.render.room import Box
from gis.render.shapes import Floats
from gis.render.viewport import Viewport

Letter: TypeAlias = tuple[str, float, float, float]
"""Letters, where their baseline begins, and their angle in degrees clockwise."""

_SHARES: Final = (0.5, 0.25, 0.75, 0.05, 0.95)
_SAG: Final = 0.15
"""A piece that leaves its chord by less, in heights of the letters, counts as straight."""
_SHARPEST_DEG: Final = 32.0
"""Neighbouring letters are turned against each other by no more."""
_UPRIGHT: Final = 0.03
"""Lines this close to upright (the cosine) count as upright."""
_LEAST_CHORD: Final = 0.8
"""What winds more, as the share of the chord in its length, carries no words."""


@dataclass(frozen=True)
class Stand:
    """A place for words.

    Parameters
    ----------
    x, y, angle_deg : float
        Where the baseline begins, and how it is turned clockwise.
    boxes : tuple of Box
        What is covered.
    letters : tuple of Letter
        Set one by one around a bend; empty where the words are straight.
    """

    x: float
    y: float
    angle_deg: float
    boxes: tuple[Box, ...]
    letters: tuple[Letter, ...] = ()


def course_of(geometry: shapely.Geometry, viewport: Viewport, tolerance_px: float) -> Floats | None:
    """Return the longest visible part of a line or outline in pixels, without its small kinks."""
    if viewport.turn_deg:
        seen = shapely.intersection(geometry, shapely.Polygon(viewport.outline))
    else:
        seen = shapely.clip_by_rect(geometry, *viewport.extent)
    if seen.is_empty:
        return None
    if seen.geom_type == "MultiLineString":
        seen = shapely.line_merge(seen)
    parts = [p.exterior if p.geom_type == "Polygon" else p for p in shapely.get_parts(seen)]
    parts = [part for part in parts if part.geom_type in ("LineString", "LinearRing")]
    if not parts:
        return None
    longest = max(parts, key=lambda part: part.length)
    plain = shapely.simplify(longest, tolerance_px * viewport.metres_per_px, preserve_topology=False)
    coords = shapely.get_coordinates(plain)
    return Frame.of(viewport).to_px(coords) if len(coords) > 1 else None


def stands_along(course: Floats, text: str, advances: Floats, rise: float, lift: float = 0.0) -> list[Stand]:
    """Return places for words on a line, never upside down: straight ones first, then around bends.

    Parameters
    ----------
    course : array, shape (n, 2)
        Pixels.
    advances : array, shape (k + 1,)
        How far each letter begins from the first one; last, the width of all.
    rise : float
        Height of the letters.
    lift : float
        How far above the line their middle is.
    """
    path, width = _Path(course), float(advances[-1])
    spare = path.length - width - rise
    if spare < 0:
        return []
    starts = [rise / 2 + spare * share for share in _SHARES]
    at, run = path.longest_edge
    if len(course) > 2 and run >= width + rise:
        starts.insert(0, at + (run - width) / 2)
    straight, bent = [], []
    for start in starts:
        way = path.piece(start, width)
        if way.sag(width) <= _SAG * rise:
            straight.append(_straight(way, width, rise, lift))
        elif (stand := _bent(way, text, advances, rise, lift)) is not None:
            bent.append(stand)
    return straight + bent


def stand_straight(start: tuple[float, float], angle_deg: float, width: float, rise: float) -> Stand:
    """Return the place of words whose middle line begins at `start`."""
    x, y = start
    cos, sin = float(np.cos(np.radians(angle_deg))), float(np.sin(np.radians(angle_deg)))
    down = rise / 2 * 0.85
    count = max(1, int(np.ceil(width / rise)))
    step = width / count
    boxes = tuple(
        _box(x + cos * (i + 0.5) * step, y + sin * (i + 0.5) * step, cos, sin, max(step, rise))
        for i in range(count)
    )
    return Stand(x - sin * down, y + cos * down, angle_deg, boxes)


def reads_back(cos: float, sin: float) -> bool:
    """Tell whether words in a direction would stand on their heads; upright ones read upwards."""
    return cos < -_UPRIGHT or (abs(cos) <= _UPRIGHT and sin > 0)


class _Path:
    """A line by the distance along it."""

    def __init__(self, course: Floats) -> None:
        steps = np.hypot(*np.diff(course, axis=0).T)
        self._xy = course
        self._at = np.concatenate([[0.0], np.cumsum(steps)])
        self.length = float(self._at[-1])

    @property
    def longest_edge(self) -> tuple[float, float]:
        """Return where the longest straight edge begins, and its length."""
        steps = np.diff(self._at)
        edge = int(np.argmax(steps))
        return float(self._at[edge]), float(steps[edge])

    def places(self, at: Floats) -> Floats:
        """Return the places at some distances, shape (n, 2)."""
        x, y = (np.interp(at, self._at, self._xy[:, side]) for side in (0, 1))
        return np.column_stack([x, y])

    def piece(self, start: float, width: float) -> _Way:
        """Return the way along a piece, begun at the end from which it reads."""
        (x1, y1), (x2, y2) = self.places(np.array([start, start + width]))
        run = float(np.hypot(x2 - x1, y2 - y1)) or 1.0
        cos, sin = (x2 - x1) / run, (y2 - y1) / run
        back = reads_back(cos, sin)
        return _Way(self, start + width, -1.0) if back else _Way(self, start, 1.0)


@dataclass(frozen=True)
class _Way:
    """A line walked from a distance along it, forwards (1) or backwards (-1)."""

    path: _Path
    start: float
    hand: float

    def places(self, away: Floats) -> Floats:
        return self.path.places(self.start + self.hand * np.asarray(away, dtype=float))

    def sag(self, width: float) -> float:
        """Return how far the way leaves the chord of its first `width`."""
        xy = self.places(np.linspace(0.0, width, 17))
        chord = xy[-1] - xy[0]
        run = float(np.hypot(*chord))
        if run < _LEAST_CHORD * width:
            return float("inf")
        off = (xy - xy[0]) @ np.array([-chord[1], chord[0]]) / run
        return float(np.abs(off).max())


def _straight(way: _Way, width: float, rise: float, lift: float) -> Stand:
    (x1, y1), (x2, y2) = way.places(np.array([0.0, width]))
    angle = float(np.arctan2(y2 - y1, x2 - x1))
    start = float(x1 + lift * np.sin(angle)), float(y1 - lift * np.cos(angle))
    return stand_straight(start, float(np.degrees(angle)), width, rise)


def _bent(way: _Way, text: str, advances: Floats, rise: float, lift: float) -> Stand | None:
    """Return the letters one by one along a way, or None if it bends too sharply for them."""
    width = float(advances[-1])
    ends = way.places(np.array([0.0, width]))
    if float(np.hypot(*(ends[1] - ends[0]))) < _LEAST_CHORD * width:
        return None
    wide = np.diff(advances)
    middles, half = advances[:-1] + wide / 2, 0.75 * np.maximum(wide, rise)
    ahead = way.places(middles + half) - way.places(middles - half)
    angles = np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))
    if len(angles) > 1 and np.degrees(np.abs(np.diff(angles)).max()) > _SHARPEST_DEG:
        return None
    letters, boxes, down = [], [], rise / 2 * 0.85
    for letter, (x, y), own, angle in zip(text, way.places(middles), wide, angles, strict=True):
        cos, sin = float(np.cos(angle)), float(np.sin(angle))
        x, y = x + lift * sin, y - lift * cos
        left, base = x - cos * own / 2 - sin * down, y - sin * own / 2 + cos * down
        letters.append((letter, float(left), float(base), float(np.degrees(angle))))
        boxes.append(_box(float(x), float(y), cos, sin, max(float(own), rise)))
    first = letters[0]
    return Stand(first[1], first[2], first[3], tuple(boxes), tuple(letters))


def _box(x: float, y: float, cos: float, sin: float, side: float) -> Box:
    half = side / 2 * (abs(cos) + abs(sin)) * 0.94
    return (x - half, y - half, x + half, y + half)
