"""From numpy arrays to painter paths, without a loop over vertices."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

import numpy as np
from PyQt6.QtCore import QByteArray, QDataStream, QRectF
from PyQt6.QtGui import QPainterPath

from gis.render.marks import Paths

_ELEMENT = np.dtype([("code", "<i4"), ("x", "<f8"), ("y", "<f8")])
_TAIL = np.array([0, 1], dtype="<i4").tobytes()
"""Start of the last subpath, and the winding fill rule."""

PIECES = 8
"""Outlines in one path: the rasteriser is slow with many, the calls with few."""
MOST_ELEMENTS = 1200

_built: WeakKeyDictionary[Paths, list[tuple[QPainterPath, QRectF]]] = WeakKeyDictionary()


def path_of(coords: np.ndarray, codes: np.ndarray) -> QPainterPath:
    """Return one painter path of elements; an empty one for none."""
    elements = np.empty(len(codes), dtype=_ELEMENT)
    elements["code"], elements["x"], elements["y"] = codes, coords[:, 0], coords[:, 1]
    return _read(elements)


def batches(paths: Paths, pieces: int = PIECES) -> Iterator[QPainterPath]:
    """Yield painter paths of a few pieces each."""
    elements = np.empty(len(paths.codes), dtype=_ELEMENT)
    elements["code"], elements["x"], elements["y"] = paths.codes, paths.coords[:, 0], paths.coords[:, 1]
    ends = batch_ends(paths.starts, pieces)
    for begin, end in zip(ends[:-1], ends[1:], strict=True):
        yield _read(elements[paths.starts[begin] : paths.starts[end]])


def kept_batches(paths: Paths) -> list[tuple[QPainterPath, QRectF]]:
    """Return the painter paths with their bounds, built once for as long as `paths` lives."""
    if paths not in _built:
        _built[paths] = [(path, path.controlPointRect()) for path in batches(paths)]
    return _built[paths]


def batch_ends(starts: np.ndarray, pieces: int) -> list[int]:
    """Return the piece numbers at which batches end: `pieces` pieces, fewer if they are long."""
    count = len(starts) - 1
    if count <= 0:
        return [0]
    if int(np.max(np.diff(starts))) * pieces <= MOST_ELEMENTS:
        return [*range(0, count, pieces), count]
    ends, begin = [0], 0
    while begin < count:
        limit = int(np.searchsorted(starts, starts[begin] + MOST_ELEMENTS, side="right")) - 1
        begin = min(max(begin + 1, min(limit, begin + pieces)), count)
        ends.append(begin)
    return ends


def _read(elements: np.ndarray) -> QPainterPath:
    path = QPainterPath()
    if len(elements):
        raw = len(elements).to_bytes(4, "little") + elements.tobytes() + _TAIL
        stream = QDataStream(QByteArray(raw))
        stream.setByteOrder(QDataStream.ByteOrder.LittleEndian)
        stream >> path
    return path
