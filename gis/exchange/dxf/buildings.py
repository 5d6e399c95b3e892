"""Buildings get their structure, floors and number from the texts written inside their outlines."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.dxf.labels import agree, building_values
from gis.exchange.dxf.sorting import MERGED, TEXTS, Placed, Sorting
from gis.exchange.number_habit import ending_here, rewritten


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
    outlines = np.array([p.shape for p in houses], dtype=object)
    areas = shapely.area(outlines)
    around = _around(outlines, sorting, texts)
    for row in texts:
        said = building_values(str(words[row]))
        if said is None:
            continue
        if row not in around:
            if "structure" in said:
                sorting.remarkable.notes_outside.append(row)
            continue
        house = houses[min(around[row], key=lambda i: areas[i])]
        known = {name: v for name, v in house.values.items() if name in said}
        if agree(known, said):
            house.values.update(said)
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
            house.values[name] = number
        if made.count:
            sorting.remarkable.renumbered[layer] = made.told


def _is_footprint(sorting: Sorting, placed: Placed) -> bool:
    kind = sorting.kind(placed.layer)
    return kind is not None and kind.role == "footprint" and shapely.get_dimensions(placed.shape) == 2


def _around(outlines: NDArray[np.object_], sorting: Sorting, texts: list[int]) -> dict[int, list[int]]:
    """Return for each text the outlines that hold its middle, or its start."""
    middles = sorting.drawing.sparse("middle")
    places = [shapely.Point(middles[row]) if middles[row] else sorting.drawing.geometry[row] for row in texts]
    tree = shapely.STRtree(outlines)
    found: dict[int, list[int]] = {}
    for spots in (places, [sorting.drawing.geometry[row] for row in texts]):
        missing = [i for i, row in enumerate(texts) if row not in found]
        if missing:
            chosen = np.array([spots[i] for i in missing], dtype=object)
            for i, house in tree.query(chosen, predicate="within").T:
                found.setdefault(texts[missing[i]], []).append(int(house))
    return found
