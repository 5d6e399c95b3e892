"""Where on a picture of a layer edits left their traces."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor
from typing import Final

import numpy as np

from gis.render.prepare import reach_px
from gis.render.viewport import Viewport
from layers.layer import Layer
from layers.table import Table

_MOST: Final = 0.5
"""Where more than this share of a picture was touched, all of it is as quickly painted anew."""


def touched_px(layer: Layer, before: Table, viewport: Viewport) -> tuple[int, int, int, int] | None:
    """Return the pixels that may look different since an earlier version of a layer's table.

    Returns
    -------
    (left, top, width, height) or None
        Without width where no edit reaches into the viewport. None if the table did not come of that
        earlier one by a few edits, or if these touched most of what is seen.
    """
    extent = layer.table.touched_since(before)
    if extent is None:
        return None
    if not np.isfinite(extent).all():
        return 0, 0, 0, 0
    west, south, east, north = extent
    x, y = viewport.to_px(np.array([west, east, east, west]), np.array([south, south, north, north]))
    reach = 2 + max(reach_px(layer, viewport), reach_px(replace(layer, table=before), viewport))
    left, top = max(0, floor(x.min() - reach)), max(0, floor(y.min() - reach))
    right = min(viewport.width_px, ceil(x.max() + reach))
    bottom = min(viewport.height_px, ceil(y.max() + reach))
    if right <= left or bottom <= top:
        return 0, 0, 0, 0
    share = (right - left) * (bottom - top) / (viewport.width_px * viewport.height_px)
    return (left, top, right - left, bottom - top) if share <= _MOST else None
