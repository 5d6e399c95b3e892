"""CSV for Excel and WPS: one file a layer, titles in Chinese or English, places as coordinates and WKT."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import shapely

from gis.exchange.export import Written
from gis.i18n import tr
from layers.layer import Layer
from layers.schema import Value
from layers.snapshot import Snapshot

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL: Final = 32_000
"""A cell of Excel holds 32,767 characters; the shape of a very large feature does not fit."""


def write_csv(_snapshot: Snapshot, layers: Sequence[Layer], out: Path) -> Written:
    """Write one table a layer; words instead of codes, ready to read.

    Text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    written = Written()
    for layer in layers:
        path = out if len(layers) == 1 else out.with_name(f"{out.stem}_{layer.id}{out.suffix}")
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            table = csv.writer(stream)
            table.writerow([*(tr(f.title) for f in layer.fields), "E", "N", "uid", "WKT"])
            table.writerows(_rows(layer))
        written.files.append(path)
        written.counts[layer.id] = len(layer.table)
    return written


def _rows(layer: Layer) -> list[list[str]]:
    places = shapely.point_on_surface(layer.table.geometry)
    wkt = shapely.to_wkt(layer.table.geometry, rounding_precision=3)
    rows = []
    for i, uid in enumerate(layer.table.uids):
        words = [
            _cell(tr(f.word(layer.table.columns[f.name][i])), layer.table.columns[f.name][i])
            for f in layer.fields
        ]
        place = places[i]
        middle = ["", ""] if place is None or place.is_empty else [f"{place.x:.3f}", f"{place.y:.3f}"]
        shape = wkt[i] if wkt[i] is not None and len(wkt[i]) <= _LONGEST_CELL else ""
        rows.append([*words, *middle, uid, shape])
    return rows


def _cell(words: str, value: Value) -> str:
    if isinstance(value, str) and words.startswith(_DANGEROUS):
        return "'" + words
    return words
