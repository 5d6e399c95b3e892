"""Where the entities of the model space stand in a drawing, found in its bytes without reading it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from gis.exchange.dxf.codepage import BINARY_MARK, header_value

_LOOK_BACK: Final = 120
_END: Final = rb"[ \t]*(?:\r\n|\r|\n)"
_BEFORE_NAME: Final = re.compile(
    rb"(?:^|[\r\n])([ \t]*0" + _END + rb"[ \t]*SECTION" + _END + rb"[ \t]*2" + _END + rb")$"
)
_BEFORE_ENDSEC: Final = re.compile(rb"[\r\n]([ \t]*0" + _END + rb"[ \t]*)$")
_AFTER: Final = re.compile(_END)
_NAME: Final = b"ENTITIES"
_ENDSEC: Final = b"ENDSEC"
_R12: Final = "AC1009"


class EntitiesPlace(NamedTuple):
    """Where a drawing keeps its entities.

    Parameters
    ----------
    start, end : int
        Bytes of the whole section, its first and its last tag included.
    first, last : int
        Bytes of what stands between those two tags.
    """

    start: int
    first: int
    last: int
    end: int


def find_entities(data: bytes) -> EntitiesPlace | None:
    """Find the section of the entities, or None if there is not exactly one, whole and as usual.

    In a sound file no other line can look like these: they stand where a number must.
    """
    starts = _binary_starts(data) if data.startswith(BINARY_MARK) else _text_starts(data)
    if len(starts) != 1:
        return None
    start, first = starts[0]
    ends = _binary_end(data, first) if data.startswith(BINARY_MARK) else _text_end(data, first)
    return EntitiesPlace(start, first, *ends) if ends else None


def without_entities(data: bytes, place: EntitiesPlace) -> bytes:
    """Return the drawing with an empty section of entities."""
    return data[: place.first] + data[place.last :]


def _text_starts(data: bytes) -> list[tuple[int, int]]:
    found = []
    at = data.find(_NAME)
    while at >= 0:
        low = max(0, at - _LOOK_BACK)
        before = _BEFORE_NAME.search(data[low:at])
        after = _AFTER.match(data, at + len(_NAME))
        if before and after:
            found.append((low + before.start(1), after.end()))
        at = data.find(_NAME, at + 1)
    return found


def _text_end(data: bytes, first: int) -> tuple[int, int] | None:
    at = data.find(_ENDSEC, first)
    while at >= 0:
        low = max(first - 1, at - _LOOK_BACK)
        before = _BEFORE_ENDSEC.search(data[low:at])
        after = _AFTER.match(data, at + len(_ENDSEC))
        if before and after:
            return low + before.start(1), after.end()
        at = data.find(_ENDSEC, at + 1)
    return None


def _binary_starts(data: bytes) -> list[tuple[int, int]]:
    mark = _code(data, 0) + b"SECTION\x00" + _code(data, 2) + _NAME + b"\x00"
    found = []
    at = data.find(mark)
    while at >= 0:
        found.append((at, at + len(mark)))
        at = data.find(mark, at + 1)
    return found


def _binary_end(data: bytes, first: int) -> tuple[int, int] | None:
    mark = _code(data, 0) + _ENDSEC + b"\x00"
    at = data.find(mark, first)
    return (at, at + len(mark)) if at >= 0 else None


def _code(data: bytes, code: int) -> bytes:
    """Return a group code as a binary drawing writes it: one byte until R12, then two."""
    return bytes([code]) if header_value(data, b"$ACADVER") <= _R12 else bytes([code, 0])
