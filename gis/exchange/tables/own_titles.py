"""Titles of the columns in which our own tables say where something is, and in which coordinate system."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from gis.i18n import tr
from layers.text import Text, same

_METRES: Final = (same("E"), same("N"))
_DEGREES: Final = (Text("经度", "Longitude"), Text("纬度", "Latitude"))
_CODE: Final = re.compile(r"EPSG:\d{4,6}|GCJ-02|BD-09")
_WORDS: Final = {half for pair in (_METRES, _DEGREES) for word in pair for half in (word.zh, word.en)}
_TITLE: Final = re.compile(rf"({'|'.join(sorted(_WORDS))})(?: \(({_CODE.pattern})\))?")


class OwnPlaces(NamedTuple):
    """What the titles of a table say.

    Parameters
    ----------
    columns : frozenset of int
        Those that repeat where the shape is; none if the table is not ours.
    crs : str or None
    """

    columns: frozenset[int]
    crs: str | None


def place_titles(crs: str, *, degrees: bool) -> tuple[str, str]:
    """Return the titles of the two coordinates, with the code of their system.

    Examples
    --------
    >>> place_titles("EPSG:4548", degrees=False)
    ('E (EPSG:4548)', 'N (EPSG:4548)')
    """
    code = f" ({crs})" if _CODE.fullmatch(crs) else ""
    first, second = _DEGREES if degrees else _METRES
    return tr(first) + code, tr(second) + code


def places_in(names: Sequence[str]) -> OwnPlaces:
    """Return which columns of a table are the coordinates that `place_titles` named.

    Examples
    --------
    >>> places_in(["楼号", "E (EPSG:4549)", "N (EPSG:4549)", "uid", "WKT"]).crs
    'EPSG:4549'
    """
    found = {at: match for at, name in enumerate(names) if (match := _TITLE.fullmatch(name))}
    if "WKT" not in names or len(found) != len(_METRES):
        return OwnPlaces(frozenset(), None)
    systems = {match.group(2) for match in found.values()}
    return OwnPlaces(frozenset(found), systems.pop() if len(systems) == 1 else None)
