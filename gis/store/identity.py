"""Which row is which feature, after another program edited the table.

QGIS empties the id of a split part and doubles it in a copy; ogr2ogr gives rows
new numbers. The id decides where it can, the row number where it cannot.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from layers.feature import new_uid

_OURS = re.compile(r"[0-9a-f]{32}").fullmatch


@dataclass(frozen=True)
class Resolved:
    """Ids of rows by row number, and those rows whose id had to be set anew."""

    uids: Mapping[int, str]
    repaired: frozenset[int]


def resolve(
    rows: Mapping[int, object],
    heads: Mapping[int, str],
    place_of: Mapping[str, int],
    make: Callable[[], str] = new_uid,
) -> Resolved:
    """Decide the id of every touched row.

    Parameters
    ----------
    rows : mapping of row number to what its id column holds
        The touched rows that exist now.
    heads : mapping of row number to id
        What the touched rows were before, those that are gone included.
    place_of : mapping of id to row number
        Where every id claimed in `rows` was before, also on untouched rows.
    make : callable
        Makes a new id.

    Notes
    -----
    An id belongs to the row that had it; failing that, to the first row that
    claims it, unless the row kept its number and the claim is a word nobody
    issued. A row that loses keeps the id its number had, or gets a new one.

    Examples
    --------
    A copy made in QGIS carries the id of its original, which stays with the original:

    >>> resolve({1: "a", 2: "a"}, {1: "a"}, {"a": 1}, make=lambda: "new").uids
    {1: 'a', 2: 'new'}
    """
    winners = _winners(rows, heads, place_of)
    given = {fid: uid for uid, fid in winners.items()}
    for fid in sorted(rows):
        if fid not in given:
            before = heads.get(fid)
            uid = before if before is not None and before not in winners else make()
            winners[uid] = fid
            given[fid] = uid
    return Resolved(
        {fid: given[fid] for fid in sorted(given)}, frozenset(fid for fid in rows if rows[fid] != given[fid])
    )


def _winners(
    rows: Mapping[int, object], heads: Mapping[int, str], place_of: Mapping[str, int]
) -> dict[str, int]:
    claims: dict[str, list[int]] = {}
    for fid in sorted(rows):
        uid = rows[fid]
        if isinstance(uid, str) and uid.strip():
            claims.setdefault(uid, []).append(fid)
    winners = {}
    for uid, fids in claims.items():
        owner = place_of.get(uid)
        if owner is None:
            fid = fids[0]
            if fid not in heads or _OURS(uid) or heads[fid] in claims:
                winners[uid] = fid
        elif owner in fids:
            winners[uid] = owner
        elif owner in heads:  # its row was touched and no longer carries it: the feature got another number
            winners[uid] = fids[0]
    return winners
