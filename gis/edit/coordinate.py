"""Plane coordinates as people write them."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

from gis.measure import XY

Extent = tuple[float, float, float, float]

_NUMBER: Final = r"[+-]?(?:\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?"
_PAIR: Final = re.compile(rf"({_NUMBER})\s*[,;]\s*({_NUMBER})")
_BLANK: Final = re.compile(r"([+-]?\d+(?:\.\d+)?)\s+([+-]?\d+(?:\.\d+)?)")
_NAMED: Final = re.compile(rf"([XYEN])\s*[=:]?\s*({_NUMBER})\s*[,;]?\s*([XYEN])\s*[=:]?\s*({_NUMBER})")
_NORTH: Final = frozenset("XN")


def read_plane(text: str) -> XY | None:
    """Return the east and north of a coordinate; None if the words are none.

    East stands first unless letters say otherwise: X and N mean north, Y and E east, as surveyors in China
    write. Digits may stand in groups of three; a comma, semicolon or blank parts the two numbers.

    Examples
    --------
    >>> read_plane("616 650.29, 4 077 999.01")
    (616650.29, 4077999.01)
    >>> read_plane("X=4077999.01  Y=616650.29")
    (616650.29, 4077999.01)
    """
    plain = plain_text(text)
    named = _NAMED.fullmatch(plain.upper())
    if named is not None:
        numbers = {named[1] in _NORTH: _value(named[2]), named[3] in _NORTH: _value(named[4])}
        return (numbers[False], numbers[True]) if len(numbers) == 2 else None
    found = _PAIR.fullmatch(plain) or _BLANK.fullmatch(plain)
    return None if found is None else (_value(found[1]), _value(found[2]))


def plain_text(text: str) -> str:
    """Return text with full-width digits and signs as the plain ones."""
    return unicodedata.normalize("NFKC", text).replace("。", ".").replace("、", ",").replace("−", "-").strip()


def away_m(place: XY, extent: Extent | None) -> float:
    """Return how far a place lies from an extent, metres; 0 inside it or if there is none."""
    if extent is None:
        return 0.0
    west, south, east, north = extent
    return math.hypot(
        max(west - place[0], 0.0, place[0] - east), max(south - place[1], 0.0, place[1] - north)
    )


def _value(digits: str) -> float:
    return float(digits.replace(" ", ""))
