"""Lists of fields with a damaged byte, told again from what the program knows of its layers.

Without its list of fields no version of a layer can be read or proven, though all of them are there. Beside
each list stands a hash of its fields: a list that gives that very hash is taken for the one that stood there,
and the hashes of the versions prove it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import apsw

from gis.store.columns import SQL_TYPES
from gis.store.layer_tables import fingerprint
from gis.store.rows import schema_columns, write_json
from layers.kinds import standard_kinds
from layers.schema import Field


def mend_schemas(db: apsw.Connection) -> int:
    """Write lists of fields again that are not what their hash says; return how many."""
    kinds, mended = standard_kinds(), 0
    rows: list[Any] = db.execute(
        "SELECT s.schema_id, l.kind, CAST(s.columns AS BLOB), s.fingerprint FROM pb_schema s"
        " JOIN pb_layer l ON l.layer_id = s.layer_id"
    ).fetchall()
    for number, kind, text, known in rows:
        if kind not in kinds or _hash_of(text) == known:
            continue
        for columns in _candidates(kinds[kind].fields):
            if fingerprint([(c["name"], c["sql"]) for c in columns]) == known:
                db.execute(
                    "UPDATE pb_schema SET columns = ? WHERE schema_id = ?", (write_json(columns), number)
                )
                mended += 1
    return mended


def _hash_of(text: bytes | None) -> str | None:
    try:
        columns = schema_columns((text or b"").decode())
        return fingerprint([(c["name"], c["sql"]) for c in columns])
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError):
        return None


def _candidates(fields: tuple[Field, ...]) -> Iterator[list[dict[str, str]]]:
    """Yield the lists that a layer can have had: fields that came later stand at the end."""
    listed = [{"name": f.name, "type": f.type, "sql": SQL_TYPES[f.type]} for f in fields]
    for end in range(len(listed), 0, -1):
        yield listed[:end]
