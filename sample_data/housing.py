"""The housing slabs: rows facing south, stairwells on the north side, balconies on the south.

The ground floor holds storerooms, so a slab of six floors has five floors of
flats, two flats a landing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shapely import Polygon

from sample_data.draft import Draft
from sample_data.grid import XY
from sample_data.streets import west_ring

STAIR_M = 14.4
"""Width of one stairwell with its two flats."""
DEPTH_M = 11.4
WEST_ROWS_END, EAST_ROWS_START, EAST_ROWS_END = 205.5, 222.5, 393.0


@dataclass(frozen=True)
class Slab:
    """One housing block.

    Parameters
    ----------
    number : int
        1, 2, 3 ... in reading order from the north-west.
    row : str
        Such as ``"n9w"``: group, row from the south, half.
    x, y : float
        Local south-west corner of its core, metres.
    stairs, floors, year : int
    rhythm : tuple of float
        How far each stairwell's part stands back to the north, metres.
    """

    number: int
    row: str
    x: float
    y: float
    stairs: int
    floors: int
    year: int
    rhythm: tuple[float, ...]

    @property
    def length_m(self) -> float:
        """Length of the slab."""
        return round(self.stairs * STAIR_M + 0.6, 3)

    @property
    def households(self) -> int:
        """Two flats a landing on every floor but the ground floor."""
        return self.stairs * (self.floors - 1) * 2

    @property
    def doors(self) -> list[XY]:
        """Where the stairwell doors are, on the north side."""
        return [
            (round(self.x + 0.3 + STAIR_M * (i + 0.5), 3), self.y + DEPTH_M + self.rhythm[i] + 0.9)
            for i in range(self.stairs)
        ]


@dataclass(frozen=True)
class Row:
    """One row of slabs from `west` to `east`: stairwells and floors of each, evenly spaced.

    A 0 in `stairs` leaves room for a court between its neighbours.
    """

    name: str
    y: float
    west: float
    east: float
    stairs: tuple[int, ...]
    floors: tuple[int, ...]
    year: int
    rhythm: dict[int, tuple[float, ...]] = field(default_factory=dict)

    def corners(self) -> list[float]:
        """Return the western ends of the slabs."""
        lengths = [s * STAIR_M + 0.6 for s in self.stairs]
        gap = (self.east - self.west - sum(lengths)) / (len(lengths) - 1)
        return [round(self.west + sum(lengths[:i]) + i * gap, 1) for i in range(len(lengths))]


FLAT, STEP, LONG = (
    {2: (0.0, 0.0), 3: (0.0, 0.0, 0.0), 4: (0.0,) * 4},
    {2: (0.0, 1.2), 3: (0.0, 1.2, 0.0)},
    {3: (1.2, 0.0, 1.2), 4: (0.0, 1.2, 1.2, 0.0)},
)


def _west(y: float) -> float:
    return round(west_ring(y + 6) + 8.0, 1)


def rows() -> tuple[Row, ...]:
    """Return the rows in reading order: from the north, west before east."""
    w, e = WEST_ROWS_END, EAST_ROWS_END
    m = EAST_ROWS_START
    return (
        Row("n9w", 272.0, _west(272), w, (2, 2, 2, 2), (6, 6, 6, 6), 1999, STEP),
        Row("n9e", 272.0, m, 348.0, (3, 2, 2), (6, 6, 6), 1999, STEP),
        Row("n8w", 244.0, _west(244), w, (3, 3, 3), (6, 6, 6), 1999),
        Row("n8e", 244.0, m, 348.0, (3, 3), (6, 6), 1999),
        Row("n7w", 216.0, _west(216), w, (3, 3, 3), (6, 6, 6), 1998, LONG),
        Row("n7e", 216.0, m, e, (3, 2, 2, 3), (6, 6, 6, 6), 1998),
        Row("c6w", 188.0, _west(188), 163.0, (2, 3, 2), (6, 6, 6), 1998),
        Row("c5w", 160.0, _west(160), 163.0, (3, 2, 2), (6, 6, 5), 1998, STEP),
        Row("s4w", 125.0, _west(125), w, (2, 2, 2, 2), (5, 5, 5, 5), 1998, STEP),
        Row("s4e", 125.0, m, e, (3, 2, 2, 3), (5, 5, 5, 5), 1998),
        Row("s3w", 97.0, _west(97), w, (3, 3), (5, 5), 1998, LONG),
        Row("s3e", 97.0, m, e, (3, 4, 3), (5, 5, 5), 1998, LONG),
        Row("s2w", 69.0, _west(69), w, (3, 2, 2, 3), (5, 5, 5, 5), 1997),
        Row("s2e", 69.0, m, e - 8, (2, 2, 2, 2), (5, 5, 5, 5), 1997, STEP),
        Row("s1w", 41.0, _west(41), w, (3, 3, 3), (5, 5, 5), 1997),
        Row("s1e", 41.0, m, e, (3, 3, 3), (5, 5, 5), 1997),
    )


def slabs() -> tuple[Slab, ...]:
    """Return all slabs by number."""
    found: list[Slab] = []
    for row in rows():
        for x, stairs, floors in zip(row.corners(), row.stairs, row.floors, strict=True):
            rhythm = row.rhythm.get(stairs, FLAT[stairs])
            found.append(Slab(len(found) + 1, row.name, x, row.y, stairs, floors, row.year, rhythm))
    return tuple(found)


def outline(slab: Slab) -> Polygon:
    """Return the outline: balconies south, stairwells north, parts set back by the rhythm."""
    south = [p for i in range(slab.stairs) for p in _south(slab, i)]
    north = [p for i in reversed(range(slab.stairs)) for p in _north(slab, i)]
    return Polygon(_without_repeats([*south, *north]))


def _part(slab: Slab, i: int) -> tuple[float, float, float]:
    west = slab.x + (0.0 if i == 0 else 0.3 + STAIR_M * i)
    east = slab.x + (slab.length_m if i == slab.stairs - 1 else 0.3 + STAIR_M * (i + 1))
    return west, east, slab.y + slab.rhythm[i]


def _south(slab: Slab, i: int) -> Iterator[XY]:
    west, east, y = _part(slab, i)
    middle = slab.x + 0.3 + STAIR_M * (i + 0.5)
    yield west, y
    for start, end in ((-5.7, -1.8), (1.8, 5.7)):
        yield middle + start, y
        yield middle + start, y - 1.3
        yield middle + end, y - 1.3
        yield middle + end, y
    yield east, y


def _north(slab: Slab, i: int) -> Iterator[XY]:
    west, east, y = _part(slab, i)
    y += DEPTH_M
    middle = slab.x + 0.3 + STAIR_M * (i + 0.5)
    yield east, y
    yield middle + 1.4, y
    yield middle + 1.4, y + 0.9
    yield middle - 1.4, y + 0.9
    yield middle - 1.4, y
    yield west, y


def _without_repeats(points: list[XY]) -> list[XY]:
    rounded = [(round(x, 3), round(y, 3)) for x, y in points]
    return [p for i, p in enumerate(rounded) if p != rounded[i - 1]]


def draw_housing(board: Draft) -> None:
    """Draw all slabs."""
    for slab in slabs():
        board.add(
            "building",
            f"slab {slab.number}",
            outline(slab),
            number=str(slab.number),
            use="housing",
            units=slab.stairs,
            floors=slab.floors,
            year=slab.year,
            households=slab.households,
            structure="brick",
            note="一层为储藏室",
        )
