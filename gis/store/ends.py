"""What every feature is at a revision, told from the working plan and the deltas between.

Only what a feature ends as counts, so nothing is folded. Hundreds of revisions may lie between, with more
changes than the plan has features: SQLite puts those of each into one long text, and numpy finds the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import apsw
import numpy as np

from gis.store import branches
from gis.store.branches import BranchRow
from gis.store.deltas import settings_of
from gis.store.history import NOTHING, RowChanges
from gis.store.revisions import route
from gis.store.settings import setting_texts
from layers.packed_shapes import Ints
from layers.revision import WORKING

_NOWHERE: Final = 0
"""Stands for the version of a feature that does not exist: versions are counted from one."""
_LISTS: Final = "count(*), group_concat(feat_id), group_concat(ifnull({row}, 0))"
_ENDS: Final = tuple(
    f"SELECT {_LISTS.format(row=row)} FROM pb_delta WHERE rev_id = ?" for row in ("old_row", "new_row")
)
_HEADS: Final = f"SELECT {_LISTS.format(row='row_id')} FROM pb_head"


@dataclass(frozen=True)
class Ends:
    """Versions of features.

    Parameters
    ----------
    features : array of int, shape (n,)
        Their numbers, rising.
    versions : array of int, shape (n,)
        0 where a feature does not exist.
    """

    features: Ints
    versions: Ints

    def __len__(self) -> int:
        """Count the features."""
        return len(self.features)

    @property
    def present(self) -> Ints:
        """The versions of those that exist."""
        there: Ints = self.versions[self.versions != _NOWHERE]
        return there

    @property
    def gone(self) -> Ints:
        """The numbers of those that do not."""
        missing: Ints = self.features[self.versions == _NOWHERE]
        return missing

    @classmethod
    def last_of(cls, parts: Iterable[Ends]) -> Ends:
        """Return what each feature is in the last part that tells of it."""
        listed = list(parts)
        features = np.concatenate([part.features for part in listed] or [_none()])
        versions = np.concatenate([part.versions for part in listed] or [_none()])
        order = np.argsort(features, kind="stable")
        features = features[order]
        last = np.ones(len(features), dtype=bool)
        np.not_equal(features[1:], features[:-1], out=last[:-1])
        return cls(features[last], versions[order][last])


def rows_at(db: apsw.Connection, label: str) -> tuple[Ints, dict[str, str]]:
    """Return the versions that a revision is made of, and the settings."""
    ends, settings = ends_at(db, label)
    return rows_with(db, ends), settings


def rows_with(db: apsw.Connection, ends: Ends) -> Ints:
    """Return the versions of a plan that is the working plan but for some features."""
    return Ends.last_of([_listed(db, _HEADS, ()), ends]).present


def ends_at(db: apsw.Connection, label: str) -> tuple[Ends, dict[str, str]]:
    """Return what features are at a revision that may be another in the working plan, and the settings.

    Returns
    -------
    Ends
    dict of setting to JSON text

    Raises
    ------
    NotFoundError
        If there is no such revision.
    apsw.CorruptError
        If what was noted of one on the way cannot be read.
    """
    found: list[Ends] = []
    back, forth = route(db, WORKING, label)
    settings = NOTHING
    for node, side in chain(((n, 0) for n in back), ((n, 1) for n in forth)):
        if isinstance(node, BranchRow):
            step = branches.unfrozen(db, node)
            found.append(_side_of(step, side))
        else:
            step = RowChanges({}, settings_of(db, node))
            found.append(_listed(db, _ENDS[side], (node,)))
        settings = settings.then(step if side else step.inverse())
    return Ends.last_of(found), settings.patched(setting_texts(db))


def _side_of(step: RowChanges, side: int) -> Ends:
    versions = [pair[side] or _NOWHERE for pair in step.rows.values()]
    return Ends(np.array(list(step.rows), dtype=np.int64), np.array(versions, dtype=np.int64))


def _listed(db: apsw.Connection, query: str, values: tuple[int, ...]) -> Ends:
    rows: Any = db.execute(query, values)
    count, features, versions = next(iter(rows))
    return Ends(_numbers(features, count), _numbers(versions, count))


def _numbers(text: str | None, count: int) -> Ints:
    """Return whole numbers that SQLite put into one text.

    Raises
    ------
    apsw.CorruptError
        If they are anything else: damage can make a text of a number.
    """
    data = (text or "").encode()
    strange = data.translate(None, b"0123456789,") or b",," in b",%b," % data
    if data.count(b",") + 1 != count or strange:
        if count:
            raise apsw.CorruptError("what a revision changed cannot be read")
        return _none()
    return np.fromstring(data, sep=",", dtype=np.int64)


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)
