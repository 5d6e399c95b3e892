"""Edits of other programs that wait to be taken over: nobody has opened the file for editing since.

Who may only read sees them all the same, in a copy in which they are taken over
(`gis.store.opening.open_checked`); the file itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

import apsw

from gis.progress import Progress
from gis.store.geopackage import GEOMETRY
from gis.store.layer_tables import column_types, layer_tables
from gis.store.rows import LayerTable
from gis.store.tables import is_watched
from gis.store.touched import different_rows


def edits_may_wait(db: apsw.Connection) -> bool:
    """Tell whether another program may have edited the plan; looks at marks only, not at rows."""
    tables = layer_tables(db)
    return (
        db.execute("SELECT EXISTS(SELECT 1 FROM pb_dirty)").get
        or not is_watched(db, [layer.id for layer in tables.values()])
        or not all(is_whole(db, layer) for layer in tables.values())
    )


def waiting_edits(db: apsw.Connection, tables: Mapping[str, LayerTable]) -> dict[str, int]:
    """Return how many features of each layer are not what was known of them; no layer without any.

    A layer whose table or fields another program took away is left out: that is more than an edit.
    """
    whole = {name: layer for name, layer in tables.items() if is_whole(db, layer)}
    unwatched = {name for name, layer in whole.items() if not is_watched(db, [layer.id])}
    found = different_rows(db, whole, unwatched, Progress())
    return {name: len(fids) for name, fids in found.items()}


def is_whole(db: apsw.Connection, layer: LayerTable) -> bool:
    """Tell whether a layer table is there with all its columns."""
    return {GEOMETRY, "uid", *layer.names} <= column_types(db, layer.table).keys()
