"""Coordinates as people write them: decimal degrees, degrees and minutes with signs or in Chinese words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from layers.schema import Value

_SIDES: Final = {"n": 1, "s": -1, "e": 1, "w": -1, "北纬": 1, "南纬": -1, "东经": 1, "西经": -1,
                 "纬度": 1, "经度": 1}  # fmt: skip
_SIDE: Final = r"(?P<{name}>[nsew]|北纬|南纬|东经|西经|纬度|经度)?"
_NUMBER: Final = r"(?:\d+(?:\.\d*)?|\.\d+)"
_ANGLE: Final = re.compile(
    r"^\s*" + _SIDE.format(name="before") + r"\s*[:：]?\s*(?P<sign>[-+])?\s*(?P<degrees>" + _NUMBER + r")"
    r"\s*(?:[°度d\s:]+\s*(?:(?P<minutes>" + _NUMBER + r")\s*(?:['′’分m\s:]+\s*"
    r"(?:(?P<seconds>" + _NUMBER + r")\s*(?:[\"″”秒s]|'')?)?)?)?)?\s*"
    + _SIDE.format(name="after") + r"\s*$"
)  # fmt: skip
_DECIMAL: Final = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?")
_SIGNS: Final = str.maketrans({"º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "″": '"', "”": '"', "“": '"',
                               "−": "-", "–": "-", "。": "."})  # fmt: skip
_PAIR_CUT: Final = re.compile(
    r"\s*[,，;；、/|]\s*|\s+(?=[-+]?\d+\.\d+\s*$)|(?<=[nsew])\s*(?=\d)|(?<=\d[nsew])\s+"
)


def angle(value: Value) -> float | None:
    """Return a coordinate as a number, or None if it is none.

    Examples
    --------
    >>> angle("118°18′27″E"), angle("北纬36度49分33.6秒"), angle("１１８.３０７５"), angle("x")
    (118.3075, 36.826, 118.3075, None)
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if _DECIMAL.fullmatch(value):  # nearly all; the long way is thirty times longer
        return round(float(value), 11)
    words = _plain(value)
    if re.fullmatch(r"[-+]?\d{1,3},(?:\d{1,2}|\d{4,})", words):  # decimal comma, and not thousands
        words = words.replace(",", ".")
    words = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", words)  # thousands
    match = _ANGLE.match(words)
    if match is None:
        return None
    degrees, minutes, seconds = (float(match[n] or 0.0) for n in ("degrees", "minutes", "seconds"))
    if minutes >= 60.0 or seconds >= 60.0:
        return None
    side = _SIDES.get(match["before"] or match["after"] or "n", 1)
    sign = -1.0 if match["sign"] == "-" else 1.0
    return round(side * sign * (degrees + minutes / 60.0 + seconds / 3600.0), 11)


def pair(value: Value) -> tuple[float, float] | None:
    """Return the two coordinates that stand in one cell, in their order, or None.

    Examples
    --------
    >>> pair("36.8260,118.3075"), pair("(118.3075 36.8260)"), pair("积水")
    ((36.826, 118.3075), (118.3075, 36.826), None)
    """
    if not isinstance(value, str):
        return None
    words = _plain(value).strip("()[]{} ")
    parts = [part for part in _PAIR_CUT.split(words) if part]
    if len(parts) != 2:
        return None
    first, second = angle(parts[0]), angle(parts[1])
    return None if first is None or second is None else (first, second)


def names_latitude(value: Value) -> bool | None:
    """Tell by its letters whether a coordinate is a latitude; None if it has none."""
    words = _plain(value) if isinstance(value, str) else ""
    if re.search(r"[ns]|北纬|南纬|纬度", words.split(",")[0]):
        return True
    return False if re.search(r"[ew]|东经|西经|经度", words.split(",")[0]) else None


def _plain(value: str) -> str:
    # the prime and double prime survive NFKC badly, so they go first
    return unicodedata.normalize("NFKC", value.translate(_SIGNS)).translate(_SIGNS).casefold().strip()
