"""What happens to a project of an older program: a new format, new layers, new fields.

`migrate` brings the ``pb_*`` tables to the format of this program; layers and fields are
`gis.store.layer_tables.extend_layers`. Both happen in the transaction that opens the
project, nothing is rewritten, and a whole copy of the file as it was is kept beside it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import apsw

from gis.store.copying import save_copy
from gis.store.geopackage import replace_index_triggers
from gis.store.rows import LayerTable
from gis.store.tables import (
    FORMAT_VERSION,
    add_board_table,
    add_branch_identity,
    add_branch_tables,
    add_content_sums,
    add_settled_table,
)
from layers.kinds import standard_kinds


def keep_copy_before(db: apsw.Connection, path: Path, tables: Mapping[str, LayerTable]) -> Path | None:
    """Keep ``NAME.gpkg.bak`` if the project is older or lacks a layer or field; return it, or None.

    Call it before the transaction that adds them. A copy from an earlier time
    is replaced: it lacked even more.

    Raises
    ------
    StorageError
        If the copy cannot be written. The project is untouched then.
    """
    if format_version(db) == FORMAT_VERSION and not lacks_something(tables):
        return None
    backup = path.with_name(path.name + ".bak")
    save_copy(db, backup)
    return backup


def format_version(db: apsw.Connection) -> int:
    """Return the format of a project."""
    return int(db.execute("SELECT value FROM pb_meta WHERE key = 'format_version'").get)


def migrate(db: apsw.Connection, tables: Iterable[str]) -> int:
    """Bring a project to the format of this program, inside the open transaction; return what it had.

    Parameters
    ----------
    tables : iterable of str
        Names of the feature tables.
    """
    found = format_version(db)
    if found < 2:
        add_branch_tables(db)
        replace_index_triggers(db, tables)
    if found < 3:
        add_board_table(db)
    if found < 4:
        add_settled_table(db)
    if found < 5:
        add_content_sums(db)
    if found < 6:
        add_branch_identity(db)
    if found < FORMAT_VERSION:
        db.execute("UPDATE pb_meta SET value = ? WHERE key = 'format_version'", (str(FORMAT_VERSION),))
    return found


def lacks_something(tables: Mapping[str, LayerTable]) -> bool:
    """Tell whether this program knows a layer or field that the file does not have."""
    kinds = standard_kinds()
    return any(
        name not in tables or any(f.name not in tables[name].names for f in kind.fields)
        for name, kind in kinds.items()
    )
