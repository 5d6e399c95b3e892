"""A first look at a large project: where its features lie and how they are coloured, before it is opened.

SQLite puts the boxes and the few attributes that styles ask for into one long value each; making an object
of every row would take ten times as long. The opening that follows checks everything; what is seen
here is only shown until then.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any, Final

import apsw
import numpy as np

from gis.store.connection import connect, reading
from gis.store.geopackage import quoted
from gis.store.layer_tables import column_types, layer_tables, read_table
from gis.store.rows import LayerTable
from gis.store.settings import read_settings
from layers.changes import JsonValue
from layers.column import ObjectArray
from layers.errors import PlanboardError
from layers.layer import Layer
from layers.snapshot import Snapshot, shown
from layers.table import FloatArray, Table

_HEAD: Final = np.dtype([("flags", "u1"), ("srs", "<i4"), ("box", "<f8", 4)])
_BOXED: Final = 3
"""Flags of a geometry whose header has its box, little endian, as this program and GDAL write areas."""
_NONE, _NEXT = "\x1e", "\x1f"


def glance(path: Path, large: int) -> Snapshot | None:
    """Return a project as far as a first picture needs it.

    Parameters
    ----------
    path : Path
    large : int
        Layers of areas with more rows than this get boxes (`Table.of_boxes`); others are read as they are.

    Returns
    -------
    Snapshot or None
        None if there is no such layer, so that opening takes no time, or if anything is unusual: opening
        the project says what.
    """
    try:
        with closing(connect(path, read_only=True)) as db:
            db.set_busy_timeout(0)  # who else is at work in the file is for the opening to find out
            with reading(db):
                return _read(db, large)
    except (apsw.Error, OSError, ValueError, PlanboardError):  # a text that is no Unicode is a ValueError
        return None


def _read(db: apsw.Connection, large: int) -> Snapshot | None:
    if db.pragma("encoding") != "UTF-8":
        return None
    found = layer_tables(db)
    settings = read_settings(db)
    blank = {name: Layer.of(layer.kind) for name, layer in found.items()}
    seen = {name: layer for name, layer in shown(blank, settings).items() if layer.visible}
    many = {name for name in seen if _most_rows(db, found[name]) > large}
    if not many or any(_unfit(seen[name]) for name in many):
        return None
    tables = {
        name: _boxes(db, found[name], layer) if name in many else read_table(db, found[name])
        for name, layer in seen.items()
    }
    layers = {name: Layer.of(found[name].kind, table) for name, table in tables.items() if table is not None}
    return (
        Snapshot("", "", shown(layers, settings), _of_display(settings)) if len(layers) == len(seen) else None
    )


def _most_rows(db: apsw.Connection, layer: LayerTable) -> int:
    return int(db.execute(f"SELECT max(fid) FROM {quoted(layer.table)}").get or 0)


def _unfit(layer: Layer) -> bool:
    """Tell whether boxes do not stand for a layer."""
    return layer.kind.geometry[0] != "polygon" or layer.filter is not None


def _of_display(settings: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in settings.items() if name.startswith("layer")}


def _boxes(db: apsw.Connection, table: LayerTable, layer: Layer) -> Table | None:
    """Return a layer as boxes with the attributes that its style asks for; None if it cannot be told so."""
    rules = (*layer.style.rules, *layer.style.overlays)
    wanted = {name for rule in rules for name in (*rule.when, *rule.fields)}
    names = [f.name for f in table.fields if f.name in wanted and f.name in column_types(db, table.table)]
    if any(f.type not in ("text", "choice") for f in table.fields if f.name in names):
        return None
    texts = "".join(f", group_concat(ifnull({quoted(n)}, char(30)), char(31))" for n in names)
    query = (
        f"SELECT CAST(group_concat(substr(geom, 4, 37), '') AS BLOB){texts}"
        f" FROM {quoted(table.table)} WHERE geom IS NOT NULL"
    )
    heads, *values = next(iter(db.execute(query)))
    boxes = _boxes_of(heads)
    columns = {n: _split(text) for n, text in zip(names, values, strict=True)}
    if boxes is None or any(len(column) != len(boxes) for column in columns.values()):
        return None
    return Table.of_boxes(boxes, columns)


def _boxes_of(heads: Any) -> FloatArray | None:
    """Return boxes out of headers of geometries, shape (n, 4); None if one has no box."""
    if not isinstance(heads, bytes) or len(heads) % _HEAD.itemsize:
        return None
    read = np.frombuffer(heads, dtype=_HEAD)
    return read["box"][:, [0, 2, 1, 3]] if (read["flags"] == _BOXED).all() else None


def _split(text: str) -> ObjectArray:
    column = np.array(text.split(_NEXT), dtype=object)
    column[column == _NONE] = None
    return column
