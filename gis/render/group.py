"""The features one symbol draws, in pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gis.render.marks import Count, Frame, Paths
from gis.render.shapes import Floats, Ints, Mask, Runs, Shapes
from gis.render.thinning import CELL_PX, COARSE_CELL_PX, spatial_order, straightened, thinned
from layers.table import Values, numbers


@dataclass(frozen=True, eq=False)
class Group:
    """Features under one symbol.

    Parameters
    ----------
    shapes : Shapes
        Their outlines, in metres; `row` numbers count in `columns`.
    anchors_of : callable
        Gives a place on each row, in metres, shape (n, 2); asked only where needed.
    columns : mapping of str to array, shape (n,)
    rows : array of int
        The rows drawn.
    frame : Frame
    px_per_mm : float
    coarse : bool
        Many features far away: outlines are drawn no wider than `finest_px`.
    finest_px : float
        Widest outline that does not drown such features.
    joined_of : callable
        Gives which ends of each row's line touch another line, shape (n, 2), or None.
    kept : bool
        The frame is not that of the viewport: paths are drawn again under others.
    among : (pieces, elements), optional
        Of the outlines of all that these are a part of.
    """

    shapes: Shapes
    anchors_of: Callable[[], Floats]
    columns: Mapping[str, Values]
    rows: Ints
    frame: Frame
    px_per_mm: float
    coarse: bool = False
    finest_px: float = 1.0
    kept: bool = False
    joined_of: Callable[[], Mask | None] = lambda: None
    among: Count | None = None

    @property
    def metres_per_px(self) -> float:
        """Ground size of a pixel of the frame."""
        return self.frame.metres_per_px

    @property
    def scale_denominator(self) -> float:
        """The n of 1:n."""
        return self.metres_per_px * self.px_per_mm * 1000.0

    @cached_property
    def anchors(self) -> Floats:
        """A place on each row, in metres, shape (n, 2)."""
        return self.anchors_of()

    @cached_property
    def area_runs(self) -> Runs:
        """Rings in pixels, thinned, in spatial order."""
        runs = self.shapes.areas
        cell = COARSE_CELL_PX if self.coarse else CELL_PX
        runs = thinned(runs.with_coords(self.frame.to_px(runs.coords)), cell, least=4)
        runs = straightened(runs) if self.coarse else runs
        return runs.in_order(spatial_order(runs)) if len(runs) > 64 else runs

    @cached_property
    def line_runs(self) -> Runs:
        """Lines in pixels, thinned."""
        runs = self.shapes.lines
        return thinned(runs.with_coords(self.frame.to_px(runs.coords)))

    @cached_property
    def area_paths(self) -> Paths:
        """Areas as pieces; fill and outline share them."""
        return Paths.of_runs(self.area_runs, self.frame if self.kept else None, self.among)

    @property
    def count(self) -> Count:
        """Pieces and elements of the areas, as far as anybody asked for them."""
        return self.area_paths.count if "area_paths" in self.__dict__ else (0, 0)

    @cached_property
    def line_paths(self) -> Paths:
        """Lines as pieces."""
        return Paths.of_runs(self.line_runs)

    @cached_property
    def points(self) -> Floats:
        """Points in pixels, shape (k, 2)."""
        return self.frame.to_px(self.shapes.points)

    def numbers(self, name: str, rows: Ints, missing: float) -> Floats:
        """Return a numeric attribute of some rows; `missing` where there is none."""
        column = self.columns.get(name)
        return np.full(len(rows), missing) if column is None else numbers(column[rows], missing)
