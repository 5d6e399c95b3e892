"""The outlines of point symbols: height 1, the place at (0, 0), y down as on a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis.render.marks import CURVE, CURVE_DATA, LINE, MOVE
from gis.render.shapes import Floats
from layers.style import MarkerShape

_K = 0.5522847498  # control points of a quarter circle
CIRCLE: Final[Floats] = 0.5 * np.array(
    [
        (1, 0), (1, _K), (_K, 1), (0, 1), (-_K, 1), (-1, _K), (-1, 0),
        (-1, -_K), (-_K, -1), (0, -1), (_K, -1), (1, -_K), (1, 0),
    ]
)  # fmt: skip
CIRCLE_CODES: Final = np.array([MOVE] + [CURVE, CURVE_DATA, CURVE_DATA] * 4, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Outline:
    """One symbol's shape.

    Parameters
    ----------
    coords, codes : array
        Path elements.
    head : (x, y)
        Middle of the part that holds number or tick.
    room : float
        Width free for a number there, as part of the height.
    closed : bool
        False: lines only, never filled.
    detail, detail_codes : array
        Further lines drawn over the fill, or empty.
    """

    coords: Floats
    codes: NDArray[np.int32]
    head: tuple[float, float] = (0.0, 0.0)
    room: float = 0.7
    closed: bool = True
    detail: Floats = field(default_factory=lambda: np.empty((0, 2)))
    detail_codes: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))


def _polygon(*corners: tuple[float, float]) -> tuple[Floats, NDArray[np.int32]]:
    codes = np.full(len(corners) + 1, LINE, dtype=np.int32)
    codes[0] = MOVE
    return np.array([*corners, corners[0]], dtype=float), codes


def _lines(*runs: tuple[tuple[float, float], ...]) -> tuple[Floats, NDArray[np.int32]]:
    coords = np.array([corner for run in runs for corner in run], dtype=float)
    codes = np.concatenate([[MOVE] + [LINE] * (len(run) - 1) for run in runs]).astype(np.int32)
    return coords, codes


def _drop() -> tuple[Floats, NDArray[np.int32]]:
    r, k, top = 0.39, 0.39 * _K, -1.0
    y = top + r
    coords = [
        (0, 0), (-0.07, -0.17), (-r, -0.31), (-r, y), (-r, y - k), (-k, top), (0, top),
        (k, top), (r, y - k), (r, y), (r, -0.31), (0.07, -0.17), (0, 0),
    ]  # fmt: skip
    return np.array(coords, dtype=float), CIRCLE_CODES


OUTLINES: Final[dict[MarkerShape, Outline]] = {
    "circle": Outline(CIRCLE, CIRCLE_CODES),
    "tree": Outline(CIRCLE, CIRCLE_CODES),
    "square": Outline(*_polygon((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))),
    "diamond": Outline(*_polygon((0, 0), (-0.5, -0.5), (0, -1), (0.5, -0.5)), head=(0, -0.5), room=0.6),
    "drop": Outline(*_drop(), head=(0, -0.61), room=0.64),
    "triangle": Outline(*_polygon((0, -0.58), (0.55, 0.42), (-0.55, 0.42)), head=(0, 0.1), room=0.5),
    "cross": Outline(*_lines(((-0.5, -0.5), (0.5, 0.5)), ((-0.5, 0.5), (0.5, -0.5))), closed=False),
    "gate": Outline(
        *_polygon(
            (-0.5, -0.42), (0.5, -0.42), (0.5, 0.5), (0.26, 0.5), (0.26, -0.14), (-0.26, -0.14), (-0.26, 0.5),
            (-0.5, 0.5),
        )
    ),
    "board": Outline(
        *_polygon(
            (-0.5, -0.5), (0.5, -0.5), (0.5, 0.18), (0.34, 0.18), (0.34, 0.5), (0.2, 0.5), (0.2, 0.18),
            (-0.2, 0.18), (-0.2, 0.5), (-0.34, 0.5), (-0.34, 0.18), (-0.5, 0.18),
        ),
        detail=np.array([(-0.3, -0.28), (0.3, -0.28), (-0.3, -0.06), (0.12, -0.06)]),
        detail_codes=np.array([MOVE, LINE, MOVE, LINE], dtype=np.int32),
    ),
    "flag": Outline(
        *_polygon((-0.07, 0), (-0.07, -1), (0.62, -0.74), (0.07, -0.5), (0.07, 0)),
        head=(0.2, -0.74),
        room=0.3,
    ),
}  # fmt: skip

TICK: Final = np.array([(-0.24, 0.0), (-0.06, 0.19), (0.26, -0.2)])
"""The sign for answered, around the head of a pin of height 1."""
TICK_CODES: Final = np.array([MOVE, LINE, LINE], dtype=np.int32)
