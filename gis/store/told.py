"""What all alternatives have in common: the reports, and the settings that are no plan.

There is one truth of it, in the layer tables, for every alternative, whichever is in front. What is noted
of an alternative that is not in front says nothing about it.
"""

from __future__ import annotations

import apsw

from gis.store.history import RowChanges
from layers.kinds import standard_kinds
from layers.told import holds_reports, is_told


def told_features(db: apsw.Connection) -> set[int]:
    """Return the numbers of all features, also of the past, that are reports."""
    kinds = [name for name, kind in standard_kinds().items() if holds_reports(kind)]
    marks = ",".join("?" * len(kinds))
    rows = db.execute(
        "SELECT f.feat_id FROM pb_layer l CROSS JOIN pb_feature f ON f.layer_id = l.layer_id"
        f" WHERE l.kind IN ({marks})",
        kinds,
    )
    return {row[0] for row in rows}


def without_told(db: apsw.Connection, changes: RowChanges) -> RowChanges:
    """Return the part of changes that is a plan."""
    return with_told(db, changes, RowChanges({}, {}))


def with_told(db: apsw.Connection, plan: RowChanges, told: RowChanges) -> RowChanges:
    """Return the plan as one change leads to it, and what was told as another one does."""
    reports = told_features(db)
    rows = {key: pair for key, pair in plan.rows.items() if key not in reports}
    rows |= {key: pair for key, pair in told.rows.items() if key in reports}
    settings = {name: pair for name, pair in plan.settings.items() if not is_told(name)}
    settings |= {name: pair for name, pair in told.settings.items() if is_told(name)}
    return RowChanges(rows, settings)
