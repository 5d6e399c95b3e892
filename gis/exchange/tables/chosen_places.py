"""A table whose coordinates stand in other columns than were taken for them, as the user says."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gis.exchange.shapes import mend
from gis.exchange.source import Unplaced
from gis.exchange.tables.places import CODES, places_in_columns, told_once


class PlaceColumns(NamedTuple):
    """Where the coordinates of a table stand.

    Parameters
    ----------
    first, second : str
        Titles of the columns of eastings or longitudes, and of northings or latitudes. Twice the same for one
        with both, or with WKT; both empty for a table that has none.
    """

    first: str = ""
    second: str = ""


def place_columns(unplaced: Unplaced) -> PlaceColumns:
    """Return from which columns the places of a table were read."""
    names = list(unplaced.table.coordinates)
    return PlaceColumns(names[0], names[-1]) if names else PlaceColumns()


def with_place_columns(unplaced: Unplaced, chosen: PlaceColumns) -> Unplaced:
    """Return a table read with its coordinates in other columns; those that were taken before come back.

    A title that the table does not have counts as none.
    """
    table = unplaced.table
    columns = {**table.columns, **table.coordinates}
    columns = {name: columns[name] for name in dict.fromkeys((*table.titles, *columns)) if name in columns}
    told = [f for f in table.findings if f.code not in CODES and not f.code.startswith("import.geometry-")]
    if chosen.first not in columns or chosen.second not in columns:
        plain = replace(table, columns=columns, coordinates={}, findings=told, crs=None, shaped=False)
        return replace(unplaced, table=plain, geometry=np.full(len(table.records), None, dtype=object))
    names = list(columns)
    first, second = names.index(chosen.first), names.index(chosen.second)
    numbers = list(table.records)
    places = places_in_columns(first, second, names, list(columns.values()), numbers)
    given = np.empty(len(numbers), dtype=object)
    given[:] = places.geometry
    shapes = mend(given, numbers, np.array(places.damaged, dtype=bool))
    made = replace(
        table,
        columns={name: column for name, column in columns.items() if name not in chosen},
        coordinates={name: columns[name] for name in dict.fromkeys(chosen)},
        findings=told_once([*told, *places.findings, *shapes.findings], places),
        repaired=[n for n, done in zip(numbers, shapes.repaired, strict=True) if done],
        crs=places.crs,
        shaped=True,
    )
    return replace(unplaced, table=made, geometry=shapes.geometry)
