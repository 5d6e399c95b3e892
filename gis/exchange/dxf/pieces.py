"""What one entity of a drawing comes to: chains of points, text, and where it stood."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.exchange.dxf.curves import Points
from gis.exchange.dxf.wording import Recode

MIDDLE: Final = "middle"
SPARSE: Final = ("text", "block", "parent", "attributes", "own", "code", "z", MIDDLE, "status")
"""Columns of a drawing that only some rows have a value in."""

DEEPEST: Final = 100
"""How many blocks may stand in each other."""
BY_BLOCK: Final = 0
BY_LAYER: Final = 256
FAULTS: Final = (
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError,
    OSError, EOFError,
)  # fmt: skip
"""What ezdxf raises, besides its own errors, when a file is not what it should be."""

Form = Literal["point", "line", "area", "none"]


@dataclass(slots=True)
class Piece:
    """One drawable part of a drawing.

    Parameters
    ----------
    form : {"point", "line", "area", "none"}
        ``none``: there is nothing to draw.
    parts : list of array, shape (n, 3)
        World coordinates in drawing units (inside a block: block coordinates).
        A point has one row; the parts of an area are its rings, even-odd.
    type : str
        DXF name of the entity.
    layer : str
        As ezdxf decoded it.
    color : int
        ACI; `BY_LAYER`, `BY_BLOCK`.
    true_color : int or None
    text, handle, block : str
    middle : array, shape (3,), optional
        Middle of a text.
    invisible : bool
    values : dict
        What only some have: attributes of a block, a surveyor's code, own ids.
    """

    form: Form
    parts: list[Points]
    type: str
    layer: str
    color: int = BY_LAYER
    true_color: int | None = None
    handle: str = ""
    text: str = ""
    block: str = ""
    middle: Points | None = None
    invisible: bool = False
    values: dict[str, Any] = field(default_factory=dict)

    def moved(self, matrix: NDArray[np.float64]) -> Piece:
        """Return the piece transformed by a 4 x 4 matrix that multiplies from the right."""
        parts = [_moved(part, matrix) for part in self.parts]
        middle = None if self.middle is None else _moved(self.middle.reshape(1, 3), matrix)[0]
        return replace(self, parts=parts, middle=middle)


class Context(NamedTuple):
    """What extraction needs to know.

    Parameters
    ----------
    document : ezdxf.document.Drawing
    tolerance : float
        For curves, in drawing units.
    recode : callable
        Corrects strings.
    """

    document: Any
    tolerance: float
    recode: Recode


Extract = Callable[[Any, Context], Iterable[Piece]]


def piece_of(entity: Any, form: Form, parts: list[Points], text: str = "") -> Piece:
    """Return a piece with the properties that all entities share."""
    values = entity.dxf.__dict__
    true_color = values.get("true_color")
    return Piece(
        form,
        parts,
        entity.dxftype(),
        values.get("layer", "0"),
        values.get("color", BY_LAYER),
        true_color,
        values.get("handle") or "",
        text,
        invisible=bool(values.get("invisible", 0)),
    )


def row(point: Any) -> Points:
    """Return a point as an array of shape (1, 3)."""
    return np.array([(point[0], point[1], point[2] if len(point) > 2 else 0.0)], dtype=float)


def chain(points: Iterable[Any]) -> Points:
    """Return points as an array of shape (n, 3)."""
    return np.array([(p[0], p[1], p[2] if len(p) > 2 else 0.0) for p in points], dtype=float).reshape(-1, 3)


def to_world(entity: Any, points: Points) -> Points:
    """Return points of an entity's own plane (OCS) in world coordinates."""
    extrusion = entity.dxf.__dict__.get("extrusion")
    if extrusion is None or (extrusion[0] == 0.0 and extrusion[1] == 0.0 and extrusion[2] > 0.0):
        return points
    ocs = entity.ocs()
    axes = np.array([tuple(ocs.ux), tuple(ocs.uy), tuple(ocs.uz)], dtype=float)
    world: Points = points @ axes
    return world


def _moved(points: Points, matrix: NDArray[np.float64]) -> Points:
    moved: Points = points @ matrix[:3, :3] + matrix[3, :3]
    return moved
