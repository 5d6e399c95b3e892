"""From numpy arrays to painter paths, without a loop over vertices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, cast
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PyQt6 import sip
from PyQt6.QtCore import QByteArray, QDataStream, QPointF, QRectF, Qt
from PyQt6.QtGui import QPainterPath, QPolygonF

from gis.render.marks import LINE, MOVE, Paths
from gis.render.prepare import Check
from gis.render.room import Box
from gis.render.shapes import Floats, Ints

PIECES = 8
"""Outlines in one path: the rasteriser is slow with many, the calls with few."""
MOST_ELEMENTS = 1200
_BREATH = 32
"""So many polygons are drawn before a look whether anybody still waits."""

_ELEMENT = np.dtype([("code", "<i4"), ("x", "<f8"), ("y", "<f8")])
_TAIL = np.array([0, 1], dtype="<i4").tobytes()
"""What Qt writes after the elements: start of the last subpath, and the winding fill rule."""


class Batches:
    """The painter paths of kept outlines, each built when it is first seen."""

    def __init__(self, paths: Paths) -> None:
        self._builder = _Builder(paths)  # of its arrays: who keeps the paths alive is not kept alive by them
        ends = np.array(batch_ends(paths.starts, PIECES))
        self._begin, self._end = paths.starts[ends[:-1]], paths.starts[ends[1:]]
        self._low = np.minimum.reduceat(paths.coords, self._begin)
        self._high = np.maximum.reduceat(paths.coords, self._begin)
        self._built: dict[int, QPainterPath] = {}

    def within(self, box: Box) -> Iterator[QPainterPath]:
        """Yield the paths that reach into a box."""
        left, top, right, bottom = box
        seen = (self._low <= (right, bottom)).all(axis=1) & (self._high >= (left, top)).all(axis=1)
        numbers = np.flatnonzero(seen)
        built, build = self._built, self._builder.start()
        for number, begin, end in zip(
            numbers.tolist(), self._begin[numbers].tolist(), self._end[numbers].tolist(), strict=True
        ):
            path = built.get(number)
            if path is None:
                path = built[number] = build(begin, end)
            yield path


_kept: WeakKeyDictionary[Paths, Batches] = WeakKeyDictionary()


def path_of(paths: Paths) -> QPainterPath:
    """Return everything as one painter path; for few outlines."""
    return _Builder(paths).start()(0, len(paths.codes))


def batches(paths: Paths, pieces: int = PIECES) -> Iterator[QPainterPath]:
    """Yield painter paths of a few pieces each."""
    build = _Builder(paths).start()
    ends = paths.starts[batch_ends(paths.starts, pieces)].tolist()
    for begin, end in pairwise(ends):
        yield build(begin, end)


def draw_runs(
    paths: Paths, draw_ring: Callable[[QPolygonF], None], draw_line: Callable[[QPolygonF], None], check: Check
) -> None:
    """Draw every run of straight lines by itself: closed ones as rings, others as lines.

    A raster engine takes polygons in half the time of painter paths, which must be built before.
    """
    moves = np.append(np.flatnonzero(paths.codes == MOVE), len(paths.codes))
    coords, buffers = np.ascontiguousarray(paths.coords), dict[int, tuple[QPolygonF, Floats]]()
    closed = (coords[moves[:-1]] == coords[moves[1:] - 1]).all(axis=1).tolist()
    for number, ((first, last), ring) in enumerate(zip(pairwise(moves.tolist()), closed, strict=True)):
        found = buffers.get(last - first)
        if found is None:
            found = buffers[last - first] = _buffer(last - first)
        found[1][:] = coords[first:last]
        if ring:
            draw_ring(found[0])
        else:
            draw_line(found[0])
        if not number % _BREATH:
            check()


def rectangles(boxes: Floats) -> sip.array[QRectF | None]:
    """Return boxes (x, y, width, height), shape (n, 4), as rectangles of Qt, copied at once."""
    result: Any = cast("Any", sip.array)(QRectF, len(boxes))  # the stubs know neither arguments nor memory
    np.frombuffer(memoryview(result), dtype=np.float64).reshape(-1, 4)[:] = boxes
    return cast("sip.array[QRectF | None]", result)


def is_simple(paths: Paths) -> bool:
    """Tell whether every piece is one run of straight lines."""
    return bool((paths.codes <= LINE).all()) and np.count_nonzero(paths.codes == MOVE) == len(paths)


def kept_batches(paths: Paths) -> Batches:
    """Return the painter paths of `paths`, which has pieces, kept as long as it lives."""
    if paths not in _kept:
        _kept[paths] = Batches(paths)
    return _kept[paths]


def batch_ends(starts: Ints, pieces: int) -> list[int]:
    """Return the piece numbers at which batches end: `pieces` pieces, fewer if they are long."""
    count = len(starts) - 1
    if count <= 0:
        return [0]
    if int(np.max(np.diff(starts))) * min(pieces, count) <= MOST_ELEMENTS or pieces >= count:
        return [*range(0, count, pieces), count]
    ends, begin = [0], 0
    while begin < count:
        limit = int(np.searchsorted(starts, starts[begin] + MOST_ELEMENTS, side="right")) - 1
        begin = min(max(begin + 1, min(limit, begin + pieces)), count)
        ends.append(begin)
    return ends


class _Builder:
    """Makes painter paths of stretches of elements, by the quicker of two ways.

    Straight outlines are copied run by run into a polygon whose memory numpy
    writes; curves go through Qt's own byte format.
    """

    def __init__(self, paths: Paths) -> None:
        self._coords, self._codes = paths.coords, paths.codes
        self._straight = bool((paths.codes <= LINE).all())
        self._moves = np.append(np.flatnonzero(paths.codes == MOVE), len(paths.codes)).tolist()
        self._move_of = (
            np.searchsorted(self._moves, np.arange(len(paths.codes) + 1)) if self._straight else None
        )

    def start(self) -> _Build:
        """Return a function that builds one stretch; for one thread at a time."""
        coords, codes = self._coords, self._codes
        if self._move_of is not None:
            return _Straight(np.ascontiguousarray(coords), self._moves, self._move_of)
        elements = np.empty(len(codes), dtype=_ELEMENT)
        elements["code"], elements["x"], elements["y"] = codes, coords[:, 0], coords[:, 1]
        return _Curved(elements)


class _Straight:
    """Builds from runs of straight lines."""

    def __init__(self, coords: Floats, moves: list[int], move_of: Ints) -> None:
        self._coords = coords
        self._moves = moves
        self._move_of = move_of
        self._buffers: dict[int, tuple[QPolygonF, Floats]] = {}

    def __call__(self, begin: int, end: int) -> QPainterPath:
        """Return the path of elements ``begin:end``."""
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        coords, buffers, moves = self._coords, self._buffers, self._moves
        for number in range(int(self._move_of[begin]), int(self._move_of[end])):
            first, last = moves[number], moves[number + 1]
            found = buffers.get(last - first)
            if found is None:
                found = buffers[last - first] = _buffer(last - first)
            found[1][:] = coords[first:last]
            path.addPolygon(found[0])
        return path


class _Curved:
    """Builds from elements that may be curves."""

    def __init__(self, elements: NDArray[np.void]) -> None:
        self._elements = elements

    def __call__(self, begin: int, end: int) -> QPainterPath:
        """Return the path of elements ``begin:end``."""
        path = QPainterPath()
        if end > begin:
            raw = (end - begin).to_bytes(4, "little") + self._elements[begin:end].tobytes() + _TAIL
            stream = QDataStream(QByteArray(raw))
            stream.setByteOrder(QDataStream.ByteOrder.LittleEndian)
            stream >> path  # type: ignore[operator]
        return path


_Build = _Straight | _Curved


def _buffer(length: int) -> tuple[QPolygonF, Floats]:
    """Return a polygon of so many points, and its memory as an array."""
    polygon = QPolygonF([QPointF()] * length)
    memory = polygon.data()
    memory.setsize(length * 16)
    return polygon, np.frombuffer(cast("Any", memory), dtype=np.float64).reshape(length, 2)
