"""What preparing makes and painting draws: coordinates in pixels with their look.

Plain values, no Qt: they may be made in any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.render.shapes import Floats, Ints, Runs, starts_of
from gis.render.viewport import Viewport, turning

Count: TypeAlias = tuple[int, int]
"""How many outlines there are, and how many elements they have together."""
MOVE: Final = 0
LINE: Final = 1
CURVE: Final = 2
CURVE_DATA: Final = 3


@dataclass(frozen=True, eq=False)
class Frame:
    """Where the pixels of prepared coordinates lie in the world.

    Parameters
    ----------
    x, y : float
        World place of pixel (0, 0).
    metres_per_px : float
    turn_deg : float
        How far its pixels are turned, as in `Viewport`.
    """

    x: float
    y: float
    metres_per_px: float
    turn_deg: float = 0.0

    @classmethod
    def of(cls, viewport: Viewport) -> Frame:
        """Return the frame whose pixels are those of a viewport."""
        x, y = viewport.to_world(0.0, 0.0)
        return cls(x, y, viewport.metres_per_px, viewport.turn_deg)

    def to_px(self, coords: Floats) -> Floats:
        """Return world coordinates, shape (n, 2), in pixels of this frame."""
        result = np.empty_like(coords)
        np.subtract(coords[:, 0], self.x, out=result[:, 0])
        np.subtract(self.y, coords[:, 1], out=result[:, 1])
        result /= self.metres_per_px
        if self.turn_deg:
            cos, sin = turning(self.turn_deg)
            return np.matmul(result, np.array([[cos, sin], [-sin, cos]]), out=np.empty_like(result))
        return result


@dataclass(frozen=True, eq=False)
class Paths:
    """Outlines, each a piece of its own, as painter-path elements.

    Parameters
    ----------
    coords : array, shape (n, 2)
        Pixels of `frame`, or of the viewport if there is none.
    codes : array of int32, shape (n,)
        `MOVE`, `LINE`, `CURVE` or `CURVE_DATA`, as in a painter path.
    starts : array of int, shape (k + 1,)
        Piece i is the elements ``starts[i]:starts[i + 1]``: one feature with all its rings.
    frame : Frame, optional
        Set where the paths are kept and drawn again under other viewports.
    among : (pieces, elements), optional
        Of all that these are a part of: how outlines are painted depends on how many there are.
    """

    coords: Floats
    codes: NDArray[np.int32]
    starts: Ints
    frame: Frame | None = None
    among: Count | None = None

    def __len__(self) -> int:
        """Count the pieces."""
        return len(self.starts) - 1

    @property
    def count(self) -> Count:
        """Pieces and elements, of the whole if these are a part of one."""
        return self.among or (len(self), len(self.codes))

    @classmethod
    def of_runs(cls, runs: Runs, frame: Frame | None = None, among: Count | None = None) -> Paths:
        """Return runs as paths; neighbouring runs of one row are one piece."""
        codes = np.full(len(runs.coords), LINE, dtype=np.int32)
        codes[runs.starts[:-1]] = MOVE
        first = np.ones(len(runs), dtype=bool)
        first[1:] = runs.row[1:] != runs.row[:-1]
        starts = np.append(runs.starts[:-1][first], runs.starts[-1])
        return cls(runs.coords, codes, starts, frame, among)

    @classmethod
    def of_pieces(cls, coords: Floats, codes: NDArray[np.int32]) -> Paths:
        """Return copies of one outline: `coords` has shape (k, m, 2), `codes` (m,)."""
        count, length = coords.shape[:2]
        starts = starts_of(np.full(count, length, dtype=np.int64))
        return cls(coords.reshape(-1, 2), np.tile(codes, count).astype(np.int32), starts)


@dataclass(frozen=True)
class Pen:
    """How a line is drawn; lengths in device pixels, `dash` alternates line and gap.

    `round` rounds corners and ends, `flat_ends` leaves the ends cut off. A pen `on_ground`
    grows with the map where kept paths are drawn under another viewport.
    """

    color: str
    width_px: float
    opacity: float = 1.0
    dash_px: tuple[float, ...] = ()
    round: bool = True
    flat_ends: bool = False
    on_ground: bool = False


@dataclass(frozen=True, eq=False)
class FillMark:
    """Areas in one flat colour."""

    paths: Paths
    color: str
    opacity: float = 1.0
    shadow_px: float = 0.0


@dataclass(frozen=True, eq=False)
class StrokeMark:
    """Lines with one pen."""

    paths: Paths
    pen: Pen


@dataclass(frozen=True, eq=False)
class TextMark:
    """Short words centred on places: `xy` has shape (k, 2)."""

    texts: tuple[str, ...]
    xy: Floats
    size_px: float
    color: str
    bold: bool = True


@dataclass(frozen=True, eq=False)
class RasterMark:
    """Features too small for outlines: how far they cover each pixel.

    `coverage` has shape (height, width), 0 to 1, one value for each device pixel.
    """

    coverage: NDArray[np.float32]
    color: str
    opacity: float = 1.0


@dataclass(frozen=True, eq=False)
class BoxMark:
    """Many upright boxes in one colour: `boxes` has shape (n, 4), x, y, width, height in pixels of `frame`.

    `pen` draws their edges, None none.
    """

    boxes: Floats
    frame: Frame
    color: str
    opacity: float = 1.0
    pen: Pen | None = None


Mark: TypeAlias = FillMark | StrokeMark | TextMark | RasterMark | BoxMark


RuleKey: TypeAlias = tuple[str, int]
"""``"rule"`` or ``"overlay"``, and the number among those."""


@dataclass(frozen=True)
class Crowd:
    """How the features of a rule look because of how many there are; a part of them looks like the whole.

    Parameters
    ----------
    frame : Frame or None
        Of kept paths.
    coarse : bool
    finest_px : float
        As in `Group`.
    count : (pieces, elements) or None
        Of its outlines, where they are counted already.
    drawn : tuple of bool
        Which parts of the symbol gave marks.
    """

    frame: Frame | None
    coarse: bool
    finest_px: float
    count: Count | None
    drawn: tuple[bool, ...]


@dataclass(frozen=True, eq=False)
class PreparedLayer:
    """One layer, ready to be painted: marks from bottom to top.

    `opacity` is that of the whole layer. `paint.paint_layer` does not apply
    it: whoever puts layers together draws the finished layer with it. `crowds` tells, for each rule and
    overlay that draws anything, how its number of features makes it look.
    """

    layer_id: str
    viewport: Viewport
    marks: tuple[Mark, ...]
    opacity: float = 1.0
    crowds: Mapping[RuleKey, Crowd] = field(default_factory=dict)
