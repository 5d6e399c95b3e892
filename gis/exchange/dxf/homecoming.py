"""Our own exports coming back: the parts of one feature put together again under its id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import shapely

from gis.exchange.dxf.identity import Mark, mark_in
from gis.exchange.dxf.sorting import MERGED, Placed, Sorting
from gis.exchange.dxf.unmarked import settle_unmarked
from gis.exchange.shapes import joined

_ROLES: Final = {"point": 0, "line": 1, "area": 2}


def settle_own(sorting: Sorting) -> None:
    """Settle every row that we wrote: shapes become features again, what only decorates is merged."""
    marks = sorting.drawing.sparse("own")
    parents = sorting.drawing.sparse("parent")
    groups: dict[tuple[str, str, int], list[tuple[int, Mark]]] = {}
    seen: dict[tuple[str, str, str, int, int], int] = {}
    ours: set[int] = set()
    for row in sorting.open_rows():
        if not marks[row]:
            continue
        mark = mark_in(marks[row])
        ours.add(row + 1)
        if mark.role not in _ROLES:
            sorting.fate[row] = MERGED
        elif _is_uid(mark.uid) and sorting.kind(mark.layer) is not None:
            copy = seen[mark] = seen.get(mark, -1) + 1
            groups.setdefault((mark.uid, mark.layer, copy), []).append((row, mark))
    for row in sorting.open_rows():
        if parents[row] in ours:
            sorting.fate[row] = MERGED  # the picture inside our own symbols
    met: dict[str, set[str]] = {}
    for (uid, layer, _), members in groups.items():
        _put_together(sorting, uid, layer, members)
        if uid in sorting.snapshot.layers[layer].table:
            met.setdefault(layer, set()).add(uid)
    for layer, uids in met.items():
        sorting.note_unmet(sorting.snapshot.layers[layer], len(uids))
    settle_unmarked(sorting, has_marks=bool(ours))


def _put_together(sorting: Sorting, uid: str, layer: str, members: Sequence[tuple[int, Mark]]) -> None:
    role = members[0][1].role
    parts: dict[int, dict[int, shapely.Geometry]] = {}
    for row, mark in members:
        parts.setdefault(mark.part, {})[mark.ring] = sorting.drawing.geometry[row]
    shapes = [_part(role, rings) for _, rings in sorted(parts.items())]
    whole = joined([shape for shape in shapes if shape is not None])
    if whole is None or any(shape is None for shape in shapes):
        return  # changed beyond recognition: goes the way of any other linework
    sorting.put(Placed(members[0][0], layer, shape=whole, uid=uid, ours=True))
    for row, _ in members[1:]:
        sorting.fate[row] = MERGED


def _part(role: str, rings: dict[int, shapely.Geometry]) -> shapely.Geometry | None:
    if role != "area":
        return rings[0] if set(rings) == {0} else None
    if 0 not in rings or not all(r.geom_type == "LineString" and r.is_closed for r in rings.values()):
        return None
    return shapely.Polygon(rings[0], [ring for number, ring in sorted(rings.items()) if number])


def _is_uid(text: str) -> bool:
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)
