"""A revision as it can be seen before it is proven.

Most of an old revision is what the working plan holds, which is in memory; only what differs is read. A
revision that has little in common with the plan is read whole. Either way its seal is not looked at: what
is seen so is for the eye alone, until `gis.store.states` has proven it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import apsw

from gis.store.columns import PLAIN_TYPES
from gis.store.contents import load_contents, tables_of
from gis.store.ends import Ends, ends_at, rows_with
from gis.store.history import check_versions
from gis.store.rows import LayerTable, Version, features_of, load_versions, schemas, write_json
from layers.errors import StorageError
from layers.table import Table

_FEW: Final = 8
"""A plan is patched where no more than one in so many features differs; reading it whole is quicker else."""
_UNREADABLE: Final = (apsw.Error, StorageError, ValueError, KeyError, TypeError)
"""What damaged content can lead to when it is read without proof."""


def look_at(
    db: apsw.Connection, label: str, tables: Mapping[str, LayerTable], working: Mapping[str, Table] | None
) -> tuple[dict[str, Table], dict[str, str]] | None:
    """Return every layer and setting of a revision, unproven.

    Parameters
    ----------
    working : mapping of layer id to Table, or None
        The working plan; None if the one in memory is not the one in the file.

    Returns
    -------
    tuple or None
        None if it cannot be read so: proving it says why.

    Raises
    ------
    NotFoundError
        If there is no such revision.
    """
    ends, settings = ends_at(db, label)
    try:
        if working is not None and len(ends) * _FEW <= sum(map(len, working.values())):
            return _patched(db, ends, tables, working), settings
        return _whole(db, ends, tables), settings
    except _UNREADABLE:
        return None


def _patched(
    db: apsw.Connection,
    ends: Ends,
    tables: Mapping[str, LayerTable],
    working: Mapping[str, Table],
) -> dict[str, Table]:
    names_of = schemas(db)
    versions = list(load_versions(db, ends.present.tolist()).values())
    check_versions(versions, names_of)
    gone = _uids(db, ends.gone.tolist())
    return {
        name: _with(working[name], layer, [v for v in versions if v.layer_id == layer.id], gone, names_of)
        for name, layer in tables.items()
    }


def _with(
    table: Table,
    layer: LayerTable,
    versions: list[Version],
    gone: Mapping[int, list[str]],
    names_of: Mapping[int, tuple[str, ...]],
) -> Table:
    put = {feature.uid: feature for feature in features_of(versions, names_of)}
    removed = gone.get(layer.id, [])
    return table.with_features(put, removed) if put or removed else table


def _uids(db: apsw.Connection, feat_ids: list[int]) -> dict[int, list[str]]:
    """Return the ids of features by the number of their layer."""
    rows: Any = db.execute(
        "SELECT f.layer_id, f.uid FROM json_each(?) j CROSS JOIN pb_feature f ON f.feat_id = j.value",
        (write_json(feat_ids),),
    )
    found: dict[int, list[str]] = {}
    for layer_id, uid in rows:
        found.setdefault(layer_id, []).append(uid)
    return found


def _whole(db: apsw.Connection, ends: Ends, tables: Mapping[str, LayerTable]) -> dict[str, Table]:
    contents = load_contents(db, rows_with(db, ends))
    read = tables_of(contents, tables, schemas(db))
    unsure = [t for name, t in read.items() if (c := contents.get(tables[name].id)) and not c.is_plain]
    if not all(PLAIN_TYPES.issuperset(map(type, column)) for t in unsure for column in t.columns.values()):
        raise ValueError("a value that no field can hold")
    return read
