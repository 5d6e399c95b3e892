"""Blocks of geometries: coordinates as small steps where they are round, else as they are.

Surveyed coordinates are written to the millimetre. The steps from vertex to vertex of a house are then
numbers of two bytes instead of eight, and a house of 13 points takes 60 bytes where its object takes half a
kilobyte.
Every block is proven while it is packed: each coordinate must come out bit for bit, or it is kept as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.column import LEAST, Block, ObjectArray, Patched, Plain, Rows
from layers.rounded import rounded

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

_SIMPLE: Final = range(7)
_RING: Final = 2
_POINTS: Final = 4
_AREAS: Final = (3, 6)
_FAR: Final = -(2**15)
"""Stands for a step that needs more than two bytes."""
_MOST_FAR: Final = 0.2
_MOST_ODD: Final = 0.25
"""A block with more geometries than this share that are unlike the others is kept as objects."""


def pack_shapes(values: ObjectArray) -> Block:
    """Return some geometries packed so that they come out to the byte.

    Examples
    --------
    >>> shapes = shapely.linestrings(np.arange(24.0).reshape(3, 4, 2) / 8)
    >>> block = pack_shapes(shapes)
    >>> type(block).__name__, bool(shapely.equals_exact(block.take(None), shapes).all())
    ('Outlines', True)
    """
    kinds = shapely.get_type_id(values)
    usual = int(np.bincount(kinds[kinds >= 0], minlength=1).argmax())
    fit = (kinds == usual) & ~shapely.is_empty(values) & ~shapely.has_z(values)
    if shapely.lib.geos_version >= (3, 12, 0):
        fit &= ~shapely.has_m(values)
    odd = np.flatnonzero(~fit)
    if usual == _RING or usual not in _SIMPLE:
        return Plain(values.copy())
    if len(odd) > _MOST_ODD * len(values):
        return _sorted(values, kinds) or Plain(values.copy())
    if not len(odd):
        return _packed(values) or Plain(values.copy())
    filled = values.copy()
    filled[odd] = values[np.flatnonzero(fit)[0]]  # something of the usual sort, over which the odd one lies
    base = _packed(filled)
    if base is None:
        return Plain(values.copy())
    return Patched(base, {int(row): values[row] for row in odd})


def _sorted(values: ObjectArray, kinds: NDArray[Any]) -> Mixed | None:
    """Return geometries of several types, packed type by type; None if hardly any type is frequent."""
    counts = np.bincount(kinds + 1)
    usual = [kind for kind in (np.argsort(-counts) - 1).tolist() if counts[kind + 1] >= LEAST and kind >= 0]
    rest = ~np.isin(kinds, usual)
    if not usual or rest.sum() > _MOST_ODD * len(values):
        return None
    groups = [np.flatnonzero(kinds == kind) for kind in usual]
    groups += [np.flatnonzero(rest)] if rest.any() else []
    return Mixed.of(groups, [pack_shapes(values[rows]) for rows in groups])


def _packed(values: ObjectArray) -> Outlines | None:
    kind, coords, offsets = shapely.to_ragged_array(values)
    return packed_outlines(int(kind), np.asarray(coords), tuple(np.asarray(o) for o in offsets))


def packed_outlines(kind: int, coords: Floats, offsets: tuple[NDArray[Any], ...]) -> Outlines | None:
    """Return geometries given as flat coordinates; None if there are empty parts or odd numbers.

    Parameters
    ----------
    kind : int
        Number of their type, as shapely counts.
    coords : array, shape (n, 2)
    offsets : tuple of array of int
        Inner first, as in `shapely.from_ragged_array`.
    """
    if not np.isfinite(coords).all() or any(bool((np.diff(o) <= 0).any()) for o in offsets):
        return None
    small = tuple(_small(o) for o in offsets)
    starts = offsets[0] if offsets else np.arange(len(coords) + 1)
    count = len(offsets[-1]) - 1 if offsets else len(coords)
    return Outlines(kind, count, _steps(coords, starts) or Exact(coords.copy()), small)


Offsets: TypeAlias = NDArray[Any] | range


def _small(offsets: NDArray[Any]) -> Offsets:
    """Return offsets in little memory: most polygons have one ring, and many houses as many corners."""
    step = int(offsets[1] - offsets[0])
    even = range(0, step * (len(offsets) - 1) + 1, step)
    if int(offsets[-1]) == even[-1] and (np.diff(offsets) == step).all():
        return even
    return offsets.astype(np.uint16 if int(offsets[-1]) < 2**16 else np.int64)


def _large(offsets: Offsets) -> Ints:
    if isinstance(offsets, range):
        return np.arange(offsets.start, offsets.stop, offsets.step, dtype=np.int64)
    return offsets.astype(np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class Ragged:
    """Flat coordinates of some geometries of one type.

    Parameters
    ----------
    kind : int
        Type number, as shapely counts.
    coords : array, shape (n, 2)
    offsets : tuple of array of int
        Inner first: of vertices in runs, of runs in polygons, of polygons in geometries. None for points.
    """

    kind: int
    coords: Floats
    offsets: tuple[Ints, ...]

    def __len__(self) -> int:
        """Count the geometries."""
        return len(self.offsets[-1]) - 1 if self.offsets else len(self.coords)

    @property
    def geometry_runs(self) -> Ints:
        """Where the runs (of points: the points) of each geometry begin, and where the last ends."""
        starts = np.arange(len(self) + 1)
        for offsets in reversed(self.offsets[1:]):
            starts = offsets[starts]
        return self.offsets[0][starts] if self.kind == _POINTS else starts

    @property
    def outer(self) -> NDArray[np.bool_]:
        """Which runs are outer rings of areas."""
        outer = np.zeros(len(self.offsets[0]) - 1, dtype=bool)
        outer[self.offsets[1][:-1]] = True
        return outer

    def bounds(self) -> Floats:
        """Return the box around each, shape (n, 4): those of outer rings, as in `shapely.bounds`."""
        low, high = self.coords, self.coords
        for level, offsets in enumerate(self.offsets):
            first = offsets[:-1]
            if level == 1 and self.kind in _AREAS:
                low, high = low[first], high[first]
            else:
                low, high = np.minimum.reduceat(low, first), np.maximum.reduceat(high, first)
        return np.concatenate([low, high], axis=1)

    def geometries(self) -> ObjectArray:
        """Return them as objects."""
        kind = shapely.GeometryType(self.kind)
        made: ObjectArray = shapely.from_ragged_array(kind, self.coords, self.offsets or None)
        return made


class Coordinates(Protocol):
    """Coordinates of a block, run by run."""

    def at(self, vertices: Rows, runs: Rows, lengths: Ints) -> Floats:
        """Return those of some whole runs; `vertices` are the numbers of their vertices."""

    def all(self, starts: NDArray[Any]) -> Floats:
        """Return all of them; `starts` says where runs begin, and where the last ends."""


class Outlines:
    """Geometries of one type without Z, none of them empty.

    Parameters
    ----------
    kind, count : int
        Type number, and how many there are.
    coords : Coordinates
    offsets : tuple of array of int
        As in `Ragged`.
    """

    __slots__ = ("__weakref__", "coords", "count", "kind", "offsets")

    def __init__(self, kind: int, count: int, coords: Coordinates, offsets: tuple[Offsets, ...]) -> None:
        self.kind = kind
        self.count = count
        self.coords = coords
        self.offsets = offsets

    def __len__(self) -> int:
        """Count the geometries."""
        return self.count

    def take(self, at: Rows | None) -> ObjectArray:
        """Return the geometries of some rows, or of all."""
        return self.ragged(at).geometries()

    def coded(self) -> None:
        """Return None: geometries are many."""
        return

    def ragged(self, at: Rows | None) -> Ragged:
        """Return the flat coordinates of some rows, or of all: no object is made."""
        if at is None:
            offsets = [_large(o) for o in self.offsets]
            starts = offsets[0] if offsets else np.arange(self.count + 1)
            return Ragged(self.kind, self.coords.all(starts), tuple(offsets))
        chosen, kept = np.asarray(at, dtype=np.int64), list[Ints]()
        runs = chosen
        for level in reversed(self.offsets):
            runs = chosen
            chosen, starts = _within(level, chosen)
            kept.insert(0, starts)
        lengths = np.diff(kept[0]) if kept else np.ones(len(chosen), dtype=np.int64)
        return Ragged(self.kind, self.coords.at(chosen, runs, lengths), tuple(kept))


class Mixed:
    """Geometries of several types, as a drawing has them: those of one type are packed together.

    Parameters
    ----------
    group : array of uint8, shape (n,)
        Which of the parts holds each row.
    place : array of uint16, shape (n,)
        Where in it.
    parts : sequence of Block
    """

    __slots__ = ("group", "parts", "place")

    def __init__(self, group: NDArray[np.uint8], place: NDArray[np.uint16], parts: Sequence[Block]) -> None:
        self.group = group
        self.place = place
        self.parts = tuple(parts)

    @classmethod
    def of(cls, rows: Sequence[NDArray[np.intp]], parts: Sequence[Block]) -> Mixed:
        """Return a block of parts, each with the rows that it holds; together these are all rows."""
        count = sum(map(len, rows))
        group, place = np.empty(count, dtype=np.uint8), np.empty(count, dtype=np.uint16)
        for number, some in enumerate(rows):
            group[some] = number
            place[some] = np.arange(len(some))
        return cls(group, place, parts)

    def __len__(self) -> int:
        """Count the geometries."""
        return len(self.group)

    def take(self, at: Rows | None) -> ObjectArray:
        """Return the geometries of some rows, or of all."""
        group, place = (self.group, self.place) if at is None else (self.group[at], self.place[at])
        found = np.empty(len(group), dtype=object)
        for number, part in enumerate(self.parts):
            here = np.flatnonzero(group == number)
            if len(here):
                found[here] = part.take(place[here].astype(np.intp))
        return found

    def coded(self) -> None:
        """Return None: geometries are many."""
        return


def _within(offsets: Offsets, chosen: Ints) -> tuple[Ints, Ints]:
    """Return the numbers of what lies in some parts, and where each part begins among these."""
    if isinstance(offsets, range):
        first, lengths = chosen * offsets.step, np.full(len(chosen), offsets.step)
    else:
        first = offsets[chosen].astype(np.int64)
        lengths = offsets[chosen + 1] - first
    starts = np.zeros(len(chosen) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return np.arange(starts[-1]) + np.repeat(first - starts[:-1], lengths), starts


class Exact:
    """Coordinates as they are."""

    __slots__ = ("coords",)

    def __init__(self, coords: Floats) -> None:
        self.coords = coords

    def at(self, vertices: Rows, _runs: Rows, _lengths: Ints) -> Floats:
        """Return those of some runs."""
        return self.coords[vertices]

    def all(self, _starts: NDArray[Any]) -> Floats:
        """Return all of them."""
        return self.coords.copy()


class Steps:
    """Round coordinates: where each run begins, and the steps from vertex to vertex.

    Parameters
    ----------
    scale : float
        Steps in a metre.
    base : array of int64, shape (2,)
    origins : array of int32, shape (k, 2)
        First vertex of each run, in steps from `base`.
    steps : array of int16 or int32, shape (n, 2)
        Zero for the first vertex of a run.
    far : array of int, shape (m,)
        Which of the steps, counted one by one, do not fit; rising.
    far_steps : array of int32, shape (m,)
    """

    __slots__ = ("base", "far", "far_steps", "origins", "scale", "steps")

    def __init__(
        self,
        scale: float,
        base: Ints,
        origins: NDArray[np.int32],
        steps: NDArray[Any],
        far: NDArray[np.int32],
        far_steps: NDArray[np.int32],
    ) -> None:
        self.scale = scale
        self.base = base
        self.origins = origins
        self.steps = steps
        self.far = far
        self.far_steps = far_steps

    def at(self, vertices: Rows, runs: Rows, lengths: Ints) -> Floats:
        """Return those of some runs."""
        steps = self.steps[vertices].astype(np.int64)
        if len(self.far):
            flat = steps.reshape(-1)
            number = (2 * vertices[:, None] + np.arange(2)).reshape(-1)
            places = np.flatnonzero(flat == _FAR)
            flat[places] = self.far_steps[np.searchsorted(self.far, number[places])]
        starts = np.zeros(len(lengths), dtype=np.int64)
        np.cumsum(lengths[:-1], out=starts[1:])
        return self._placed(steps, starts, self.origins[runs], lengths)

    def all(self, starts: NDArray[Any]) -> Floats:
        """Return all of them."""
        steps = self.steps.astype(np.int64)
        steps.reshape(-1)[self.far] = self.far_steps
        return self._placed(steps, starts[:-1], self.origins, np.diff(starts))

    def _placed(self, steps: Ints, starts: Ints, origins: NDArray[np.int32], lengths: Ints) -> Floats:
        if not len(steps):
            return np.empty((0, 2))
        walked = np.cumsum(steps, axis=0)
        walked += np.repeat(origins + self.base - walked[starts], lengths, axis=0)
        placed: Floats = walked / self.scale
        return placed


def _steps(coords: Floats, starts: NDArray[Any]) -> Steps | None:
    """Return coordinates as steps; None unless every one comes out as it is, to the bit."""
    found = rounded(coords)
    return None if found is None else _as_steps(found[0], np.asarray(starts, dtype=np.int64), found[1])


def _as_steps(whole: Ints, starts: Ints, scale: float) -> Steps | None:
    base, first = whole[0].copy(), starts[:-1]
    origins = whole[first] - base
    steps = np.zeros_like(whole)
    np.subtract(whole[1:], whole[:-1], out=steps[1:])
    steps[first] = 0
    if max(int(np.abs(origins).max()), int(np.abs(steps).max())) >= 2**31:
        return None
    near, flat = steps.astype(np.int16), steps.reshape(-1)
    far = np.flatnonzero(np.abs(flat) >= -_FAR)
    if len(far) > _MOST_FAR * len(flat):
        none = np.empty(0, dtype=np.int32)
        return Steps(scale, base, origins.astype(np.int32), steps.astype(np.int32), none, none)
    near.reshape(-1)[far] = _FAR
    kept = far.astype(np.int32), flat[far].astype(np.int32)
    return Steps(scale, base, origins.astype(np.int32), near, *kept)
