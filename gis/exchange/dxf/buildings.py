"""Buildings get their structure, floors and number from the texts written inside their outlines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from gis.exchange.dxf.labels import agree, building_values
from gis.exchange.dxf.sorting import MERGED, TEXTS, Placed, Sorting
from gis.exchange.number_habit import ending_here, rewritten
from layers.column import BLOCK, Column
from layers.table import boxes_of
from layers.tree import Tree


def label_buildings(sorting: Sorting) -> None:
    """Fill in what texts say about the outlines around them; such a text is then no longer a text of its own.

    A text inside several outlines belongs to the smallest. One that
    contradicts another stays what it is.
    """
    houses = [p for p in sorting.placed if _is_footprint(sorting, p) and p.uid is None]
    words = sorting.drawing.sparse("text")
    texts = [row for row in sorting.open_rows() if sorting.types[row] in TEXTS and words[row]]
    if not houses or not texts:
        return
    around = _around(sorting.packed_shapes(houses), sorting, texts)
    for row in texts:
        said = building_values(str(words[row]))
        if said is None:
            continue
        if row not in around:
            if "structure" in said:
                sorting.remarkable.notes_outside.append(row)
            continue
        house = houses[around[row]]
        known = {name: v for name, v in house.values.items() if name in said}
        if agree(known, said):
            house.values = sorting.shared({**house.values, **said})
            sorting.fate[row] = MERGED
        else:
            sorting.remarkable.notes_at_odds.append(row)
    _number_as_here(sorting, houses)


def _number_as_here(sorting: Sorting, houses: list[Placed]) -> None:
    """Write the numbers of the outlines as their layers write those they have, if that is in one way."""
    for layer in {house.layer for house in houses}:
        own = sorting.snapshot.layers[layer]
        ending, name = ending_here(own), own.kind.number_field
        if ending is None or name is None:
            continue
        numbered = [house for house in houses if house.layer == layer and house.values.get(name) is not None]
        made = rewritten([house.values[name] for house in numbered], ending)
        for house, number in zip(numbered, made.values, strict=True):
            house.values = sorting.shared({**house.values, name: number})
        if made.count:
            sorting.remarkable.renumbered[layer] = made.told


def _is_footprint(sorting: Sorting, placed: Placed) -> bool:
    kind = sorting.kind(placed.layer)
    return kind is not None and kind.role == "footprint" and sorting.dimension(placed) == 2


def _around(outlines: Column, sorting: Sorting, texts: Sequence[int]) -> dict[int, int]:
    """Return for each text the smallest outline that holds its middle, or else its start."""
    drawing, areas = sorting.drawing, outlines.mapped(shapely.area, float)
    tree = Tree(outlines, boxes_of(outlines))
    rows = np.array(texts, dtype=np.intp)
    rows = rows[np.argsort(sorting.boxes[rows][:, 0], kind="stable")]  # strip by strip: few outlines are near
    found: dict[int, int] = {}
    for places in (drawing.text_places, lambda some: drawing.geometry[some]):
        missing = np.array([row for row in rows.tolist() if row not in found], dtype=np.intp)
        for start in range(0, len(missing), BLOCK):
            some = missing[start : start + BLOCK]
            inside, around = tree.query(places(some), predicate="within")
            for row, house in zip(some[inside].tolist(), around.tolist(), strict=True):
                known = found.get(row)
                if known is None or areas[house] < areas[known]:
                    found[row] = house
    return found
