"""From pieces to geometries, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.dxf.curves import Points
from gis.exchange.dxf.pieces import Piece

_MANY_RINGS = 400


def shapes_of(pieces: Sequence[Piece], metres: float) -> NDArray[np.object_]:
    """Return the geometry of every piece in metres; None where there is none.

    Parameters
    ----------
    pieces : sequence of Piece, length n
    metres : float
        Metres of one drawing unit.
    """
    shapes = np.full(len(pieces), None, dtype=object)
    chosen: dict[str, list[int]] = {"point": [], "line": [], "area": [], "many": []}
    for i, piece in enumerate(pieces):
        if piece.form != "none":
            simple = len(piece.parts) == 1 and len(piece.parts[0]) >= _least(piece.form)
            chosen[piece.form if simple else "many"].append(i)
    for form in ("point", "line", "area"):
        if rows := chosen[form]:
            shapes[rows] = _simple(form, [pieces[i].parts[0] for i in rows], metres)
    for i in chosen["many"]:
        shapes[i] = _joined(pieces[i], metres)
    return shapes


def _least(form: str) -> int:
    return {"point": 1, "line": 2, "area": 3}[form]


def _simple(form: str, chains: list[Points], metres: float) -> NDArray[np.object_]:
    lengths = np.fromiter(map(len, chains), dtype=np.int64, count=len(chains))
    xy = np.concatenate(chains)[:, :2] * metres
    if form == "point":
        first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        return np.asarray(shapely.points(xy[first]), dtype=object).reshape(-1)
    owner = np.repeat(np.arange(len(chains)), lengths)
    if form == "line":
        return np.asarray(shapely.linestrings(xy, indices=owner), dtype=object)
    finite = np.isfinite(xy)
    rings = shapely.linearrings(np.where(finite, xy, np.inf), indices=owner)
    return np.asarray(shapely.polygons(rings), dtype=object)


def _joined(piece: Piece, metres: float) -> shapely.Geometry | None:
    parts = [p[:, :2] * metres for p in piece.parts if len(p) >= _least(piece.form)]
    if not parts:
        return None
    if piece.form == "point":
        return shapely.Point(parts[0][0])
    if piece.form == "line":
        return shapely.multilinestrings([shapely.linestrings(p) for p in parts])
    if not all(np.isfinite(p).all() for p in parts):
        return None
    return _even_odd([shapely.Polygon(p) for p in parts])


def _even_odd(rings: list[shapely.Geometry]) -> shapely.Geometry:
    """Return what an odd number of rings covers: islands in holes in areas, as CAD hatches them."""
    if len(rings) > _MANY_RINGS:
        return shapely.build_area(shapely.multilinestrings([r.exterior for r in rings]))
    whole = [r if r.is_valid else shapely.make_valid(r) for r in rings]
    return reduce(shapely.symmetric_difference, whole)
