"""Painter paths from geometries of any shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from PyQt6.QtGui import QPainterPath

from gis.render.marks import Frame, Paths
from gis.render.qpaths import path_of
from gis.render.shapes import Runs, flatten
from gis.render.viewport import Viewport
from layers.column import ObjectArray
from layers.table import FloatArray

Shapes: TypeAlias = Sequence[object] | ObjectArray


def outline_path(shapes: Shapes, viewport: Viewport) -> QPainterPath:
    """Return the lines and rings of geometries as one path in pixels; points are left out."""
    flat = flatten(_column(shapes))
    path = _path(flat.areas, viewport)
    path.addPath(_path(flat.lines, viewport))
    return path


def pixels(xy: FloatArray, viewport: Viewport) -> FloatArray:
    """Return ground coordinates (n, 2) as pixels of a viewport."""
    return Frame.of(viewport).to_px(xy)


def _path(runs: Runs, viewport: Viewport) -> QPainterPath:
    if not len(runs):
        return QPainterPath()
    return path_of(Paths.of_runs(runs.with_coords(pixels(runs.coords, viewport))))


def _column(shapes: Shapes) -> ObjectArray:
    column = np.empty(len(shapes), dtype=object)
    column[:] = shapes
    return column
