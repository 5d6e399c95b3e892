"""What happens before a project of an older program is given new layers and fields.

The step itself is `gis.store.layer_tables.extend_layers`: columns and tables
are added in the transaction that opens the project, nothing is rewritten. A
whole copy of the file as it was is kept beside it first.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import apsw

from gis.store.copying import save_copy
from gis.store.rows import LayerTable
from layers.kinds import standard_kinds


def keep_copy_before(db: apsw.Connection, path: Path, tables: Mapping[str, LayerTable]) -> Path | None:
    """Keep ``NAME.gpkg.bak`` if the project lacks a layer or field; return it, or None.

    Call it before the transaction that adds them. A copy from an earlier time
    is replaced: it lacked even more.

    Raises
    ------
    StorageError
        If the copy cannot be written. The project is untouched then.
    """
    if not lacks_something(tables):
        return None
    backup = path.with_name(path.name + ".bak")
    save_copy(db, backup)
    return backup


def lacks_something(tables: Mapping[str, LayerTable]) -> bool:
    """Tell whether this program knows a layer or field that the file does not have."""
    kinds = standard_kinds()
    return any(
        name not in tables or any(f.name not in tables[name].names for f in kind.fields)
        for name, kind in kinds.items()
    )
