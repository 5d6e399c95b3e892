"""Building works that several revisions do: cutting roads and greens, clearing trees."""

from __future__ import annotations

import shapely
from shapely import Geometry, LineString, MultiPolygon, Point, Polygon

from sample_data.draft import Draft
from sample_data.grid import XY


def split_road(board: Draft, name: str, at: XY, rest: str) -> None:
    """Cut a straight piece of road in two at a point; the first part keeps its identity."""
    start, end = board.shapes["road", name].coords
    attributes = dict(board.feature("road", name).attributes)
    board.edit("road", name, LineString([start, at]))
    board.add("road", rest, LineString([at, end]), **attributes)


def new_road(
    board: Draft,
    name: str,
    points: list[XY],
    label: str,
    width_m: float,
    answers: str,
    **attributes: str | bool,
) -> None:
    """Draw a new carriageway and clear its ground."""
    kind = "lane" if width_m < 5 else "main"
    board.add(
        "road",
        name,
        LineString(points),
        name=label,
        width_m=width_m,
        surface="asphalt",
        state="new",
        answers=answers,
        **{"class": kind},
        **attributes,
    )
    clear(board, board.shapes["road", name].buffer(width_m / 2 + 0.3, cap_style="flat"), answers)


def clear(board: Draft, ground: Geometry, answers: str | None = None) -> None:
    """Cut lawns back to the edge of a work, and mark the trees on it for removal.

    A lawn that falls apart stays one feature, so that it is seen as reshaped.
    """
    for name, lawn in board.named("green"):
        if lawn.intersection(ground).area > 0.5:
            _cut(board, name, lawn, ground.buffer(0.3, join_style="mitre"))
    for name, place in board.named("tree"):
        if (
            ground.buffer(0.6).contains(place)
            and board.feature("tree", name).attributes["state"] == "existing"
        ):
            board.edit("tree", name, state="demolish", answers=answers)


def _cut(board: Draft, name: str, lawn: Geometry, ground: Geometry) -> None:
    left = lawn.difference(ground).buffer(-0.5, quad_segs=3).buffer(0.5, quad_segs=3).simplify(0.02)
    parts = sorted((p for p in shapely.get_parts(left) if p.area > 6.0), key=lambda p: -p.area)
    if not parts:
        board.edit("green", name, state="demolish")
        return
    board.edit("green", name, parts[0] if len(parts) == 1 else MultiPolygon(parts))


def new_trees(
    board: Draft, name: str, places: list[XY], species: str, crown_m: float, answers: str | None = None
) -> None:
    """Plant trees."""
    for i, (x, y) in enumerate(places, 1):
        board.add(
            "tree",
            f"{name} {i}",
            Point(x, y),
            species=species,
            crown_m=crown_m,
            state="new",
            answers=answers,
        )


def new_bays(board: Draft, name: str, bays: list[Polygon], answers: str, **attributes: str) -> None:
    """Draw new bays and clear their ground."""
    for i, bay in enumerate(bays, 1):
        board.add("parking", f"{name} {i}", bay, bays=1, state="new", answers=answers, **attributes)
    clear(board, shapely.union_all(bays), answers)
