"""CSV for Excel and WPS: one file a layer, titles in Chinese or English, places as coordinates and WKT."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from gis.crs_names import is_geographic
from gis.exchange.tables.own_titles import place_titles
from gis.exchange.written import Told, Written, pieces
from gis.i18n import tr
from layers.layer import Layer
from layers.schema import Field, Value
from layers.snapshot import Snapshot
from layers.table import Table

_MARK: Final = "\ufeff"
"""Says to Excel that the text is UTF-8; written by hand, for Python's own codec of it encodes row by row."""
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
_METRES, _DEGREES = 3, 9
"""Decimals of a coordinate: millimetres, and a tenth of one."""
LONGEST_CELL: Final = 32_000
"""A cell of Excel holds 32,767 characters; the shape of a very large feature does not fit."""


def write_csv(snapshot: Snapshot, layers: Sequence[Layer], out: Path, told: Told | None = None) -> Written:
    """Write one table a layer; words instead of codes, ready to read.

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    written, told = Written(), told or Told()
    for layer in layers:
        path = out if len(layers) == 1 else out.with_name(f"{out.stem}_{layer.id}{out.suffix}")
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.write(_MARK)
            table = csv.writer(stream)
            table.writerow([_cell(words) for words in titles(layer, snapshot.crs)])
            for part in told.pieces(layer):
                *values, uids, wkt = _columns(layer, part, snapshot.crs)
                table.writerows(zip(*map(_cells, values), uids, wkt, strict=True))
        written.files.append(path)
        written.counts[layer.id] = len(layer.table)
    return written


def titles(layer: Layer, crs: str) -> list[str]:
    """Return the column titles of a layer's table; those of the place say in which system it is."""
    place = place_titles(crs, degrees=is_geographic(crs))
    return [*(tr(f.title) for f in layer.fields), *place, "uid", "WKT"]


def rows_of(layer: Layer, crs: str) -> Iterator[tuple[Value, ...]]:
    """Yield a layer's features as rows: numbers as they are, codes by their words."""
    for part in pieces(layer.table):
        yield from zip(*_columns(layer, part, crs), strict=True)


def _columns(layer: Layer, part: Table, crs: str) -> list[Sequence[Value]]:
    digits = _DEGREES if is_geographic(crs) else _METRES
    shapes = np.asarray(part.geometry)
    places = shapely.point_on_surface(shapes)
    east, north = (
        [None if value != value else round(value, digits) for value in get(places).tolist()]
        for get in (shapely.get_x, shapely.get_y)
    )
    words = shapely.to_wkt(shapes, rounding_precision=digits).tolist()
    wkt = [w if w is not None and len(w) <= LONGEST_CELL else None for w in words]
    worded = [_worded(field, part.columns[field.name].tolist()) for field in layer.fields]
    return [*worded, east, north, list(part.uids), wkt]


def _worded(field: Field, values: Sequence[Value]) -> Sequence[Value]:
    kinds = set(map(type, values))
    if bool not in kinds and (str not in kinds or not (field.domain or field.is_list)):
        return values
    known = {value: tr(field.word(value)) for value in set(values) if isinstance(value, (str, bool))}
    return [known[value] if isinstance(value, (str, bool)) else value for value in values]


def _cells(column: Sequence[Value]) -> Sequence[Value]:
    """Return a column as `csv` takes it; most hold one sort of values."""
    kinds = set(map(type, column)) - {type(None)}
    if kinds <= {int}:
        return column
    if kinds == {str}:
        return ["'" + v if v and v[0] in _DANGEROUS else v for v in column]  # type: ignore[index,operator]
    if kinds == {float}:
        return [None if value is None else f"{value:.15g}" for value in column]
    return [value if value is None or type(value) is int else _cell(value) for value in column]


def _cell(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.15g}"
    if not isinstance(value, str):
        return str(value)
    return "'" + value if value.startswith(_DANGEROUS) else value
