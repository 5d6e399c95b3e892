"""Which rows another program touched, and which of them are really different.

Triggers note rows that were written, also with what they held before; without the triggers any row may
have changed. Most of these are as they were, and are told apart here, quickly and in pieces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import apsw

from gis.progress import Progress
from gis.store.columns import as_bytes
from gis.store.geopackage import quoted
from gis.store.rows import LayerTable, write_json
from layers.text import Text

_PIECE: Final = 4000
_DOING: Final = Text("核对其他程序所做的修改", "Looking for edits of other programs")


def different_rows(
    db: apsw.Connection, tables: Mapping[str, LayerTable], suspicious: set[str], progress: Progress
) -> dict[str, list[int]]:
    """Return the row numbers of each layer that are not what was known of them; no layer without any.

    Parameters
    ----------
    suspicious : set of str
        Layers of which every row is looked at, not only those noted.
    """
    noted = {name: _noted(db, layer, everything=name in suspicious) for name, layer in tables.items()}
    total, done = sum(map(len, noted.values())), 0
    found = {}
    for name, fids in noted.items():
        if fids:
            part = progress.part(done / total, (done + len(fids)) / total)
            found[name] = [
                fid for piece in _pieces(fids, part) for fid in _different(db, tables[name], piece)
            ]
            done += len(fids)
    return {name: fids for name, fids in found.items() if fids}


def _noted(db: apsw.Connection, layer: LayerTable, *, everything: bool) -> list[int]:
    if everything:
        rows = db.execute(
            f"SELECT fid FROM pb_head WHERE layer_id = ? UNION SELECT fid FROM {quoted(layer.table)}",
            (layer.id,),
        )
    else:
        rows = db.execute("SELECT fid FROM pb_dirty WHERE layer_id = ? ORDER BY fid", (layer.id,))
    return [row[0] for row in rows]


def _pieces(fids: Sequence[int], progress: Progress) -> Iterator[Sequence[int]]:
    waiting = iter(fids)
    for start in range(0, len(fids), _PIECE):
        progress.step(start / len(fids), _DOING)
        yield list(islice(waiting, _PIECE))


def _different(db: apsw.Connection, layer: LayerTable, fids: Sequence[int]) -> list[int]:
    values = "".join(f", t.{quoted(name)}" for name in layer.names)
    rows: Any = db.execute(
        "SELECT j.value, (t.uid IS f.uid AND t.geom IS r.geom AND r.schema_id = ?2 AND NOT h.odd), r.attrs"
        f"{values} FROM json_each(?3) j"
        f" LEFT JOIN {quoted(layer.table)} t ON t.fid = j.value"
        " LEFT JOIN pb_head h ON h.layer_id = ?1 AND h.fid = j.value"
        " LEFT JOIN pb_feature f ON f.feat_id = h.feat_id LEFT JOIN pb_row r ON r.row_id = h.row_id",
        (layer.id, layer.schema_id, write_json(list(fids))),
    )
    try:
        read = rows.fetchall()
    except UnicodeDecodeError:
        return list(fids)
    alike = [row for row in read if row[1]]
    known = _read_values([row[2] for row in alike])
    same = {row[0] for row, values in zip(alike, known, strict=True) if list(row[3:]) == values}
    return [fid for fid in fids if fid not in same]


def _read_values(texts: Sequence[str]) -> list[Any]:
    """Return the values of versions; None for one that is damaged, which no row is equal to."""
    try:
        return json.loads("[" + ",".join(texts) + "]")  # type: ignore[no-any-return]
    except json.JSONDecodeError:
        return [_read_value(text) for text in texts]


def _read_value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return None


def read_rows(db: apsw.Connection, layer: LayerTable, fids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """Return shape, id and values of rows by number; text that is no Unicode comes as bytes."""
    try:
        return _read_rows(db, layer, fids, [quoted(name) for name in ("uid", *layer.names)])
    except UnicodeDecodeError:
        rows = _read_rows(db, layer, fids, [as_bytes(name) for name in ("uid", *layer.names)])
        return {fid: (row[0], *map(_as_text, row[1:])) for fid, row in rows.items()}


def _read_rows(
    db: apsw.Connection, layer: LayerTable, fids: Sequence[int], columns: Sequence[str]
) -> dict[int, tuple[Any, ...]]:
    # json_each has columns of its own (type, value, key): beside those of a layer only its number is seen.
    rows: Any = db.execute(
        f'SELECT fid, geom, {", ".join(columns)} FROM (SELECT value AS "pb wanted" FROM json_each(?))'
        f' CROSS JOIN {quoted(layer.table)} ON fid = "pb wanted"',
        (write_json(list(fids)),),
    )
    return {row[0]: row[1:] for row in rows}


def _as_text(value: object) -> object:
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value
