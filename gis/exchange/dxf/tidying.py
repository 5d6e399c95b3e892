"""Text drawings brought into the form that programs expect; and closed where they end too early.

Both work on bytes, before anything is understood: what is wrong here has nothing to do with entities.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from gis.exchange.dxf.codepage import BINARY_MARK

_LOOKS: Final = 4096
_EMPTY_LINES: Final = re.compile(rb"(?:[ \t]*(?:\r\n|\r|\n))+")
_REMARKS: Final = re.compile(rb"(?:[ \t]*999[ \t]*\r?\n[^\n]*\n)+")
_PADDED: Final = re.compile(rb"(?:SECTION|HEADER|TABLES|BLOCKS|ENTITIES|ENDSEC)[ \t]+[\r\n]", re.IGNORECASE)
_PADS: Final = re.compile(rb"[ \t]+(?=\r?\n)")
_LOWER: Final = re.compile(rb"(?:^|\n)[ \t]*0[ \t]*\r?\n[ \t]*(?:section|Section)[ \t]*\r?\n")
_NAME: Final = re.compile(
    rb"(?<![^\n])([ \t]*0[ \t]*\r?\n[ \t]*)([A-Za-z_]\w*)"
    rb"(?:([ \t]*\r?\n[ \t]*2[ \t]*\r?\n[ \t]*)([A-Za-z]\w*)(?=[ \t]*\r?\n))?"
)
_VARIABLE: Final = re.compile(rb"(?<![^\n])([ \t]*9[ \t]*\r?\n[ \t]*)(\$\w+)")
_NAMED: Final = (b"SECTION", b"TABLE")
_START: Final = re.compile(rb"(?<![^\n])[ \t]*0[ \t]*\r?\n[ \t]*([A-Za-z_]\w*)[ \t]*\r?(?=\n)")
_PARTS: Final = (b"VERTEX", b"ATTRIB", b"SEQEND")
_REALS: Final = frozenset([*range(10, 60), *range(140, 148), *range(210, 240), *range(1010, 1060)])
_WHOLE: Final = frozenset([*range(60, 80), *range(90, 100), *range(170, 180), *range(270, 290), 1070, 1071])
_LAST_CODE: Final = 1071
_ENDS: Final = {b"SEQEND": b"  0\nSEQEND\n  8\n0\n", b"ENDSEC": b"  0\nENDSEC\n", b"EOF": b"  0\nEOF\n"}


class Completed(NamedTuple):
    """A drawing with what was missing at the ends of its parts.

    Parameters
    ----------
    data : bytes
    added : int
        How many ends.
    is_cut : bool
        Whether the file stops in the midst of its entities; the last one is gone.
    """

    data: bytes
    added: int
    is_cut: bool


@contextmanager
def as_tidy(path: Path) -> Iterator[Path]:
    """Give a drawing in the usual form: the file itself, or a tidied copy that lives as long as this."""
    data = path.read_bytes()
    tidy = tidied(data)
    if tidy is data:
        del data, tidy
        yield path
        return
    del data
    with TemporaryDirectory(prefix="planboard-") as folder:
        copy = Path(folder, path.name)
        copy.write_bytes(tidy)
        del tidy
        yield copy


def tidied(data: bytes) -> bytes:
    """Return a text drawing without what only confuses readers; the same object if there is nothing.

    That is: byte order marks and 16-bit text, empty lines at the start, line ends of old Macs or doubled
    on the way, remarks of the program before the drawing, blanks at the ends of lines, and structure
    written in small letters.
    """
    if data.startswith(BINARY_MARK):
        return data
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    if empty := _EMPTY_LINES.match(data):
        data = data[empty.end() :]
    data = _with_usual_line_ends(data)
    if (remarks := _REMARKS.match(data)) and not remarks.group().isascii():
        data = data[remarks.end() :]  # it need not be in the encoding of the drawing
    head = data[:_LOOKS]
    if _PADDED.search(head):
        data = _PADS.sub(b"", data)
    if _LOWER.search(data[:_LOOKS]):
        data = _VARIABLE.sub(lambda m: m.group(1) + m.group(2).upper(), _NAME.sub(_in_capitals, data))
    return data


def completed(data: bytes) -> Completed:
    """Return a text drawing with the ends that are missing: of polylines, of sections, of the file.

    A line that holds a name behind one that holds ``0`` begins an entity: no name follows a value.
    """
    made: list[bytes] = []
    added = start = begun = 0
    whole, section, ends_with = True, False, b""
    for match in _START.finditer(data):
        name, at = match.group(1), match.start()
        missing = _missing(name, ends_with, section)
        if missing:
            made += [data[start:at], *(_ENDS[end] for end in missing)]
            start, added = at, added + len(missing)
        section = name == b"SECTION" or (section and name not in (b"ENDSEC", b"EOF"))
        if not (ends_with and name in (b"VERTEX", b"ATTRIB")):
            begun = at
        ends_with = _end_of(name, ends_with)
        whole = name in (b"ENDSEC", b"EOF")
        if name == b"EOF":
            return Completed(b"".join([*made, data[start:]]), added, False)
    made.append(data[start:] if whole else data[start : max(begun, start)])
    ends = [b"ENDSEC", b"EOF"] if section else [b"EOF"]
    return Completed(b"".join([*made, *(_ENDS[end] for end in ends)]), added + len(ends), not whole)


def sound(data: bytes) -> tuple[bytes, int]:
    """Return a text drawing without the entities whose lines make no sense, and how many those were.

    With a corner that is damaged, the whole polyline goes: it would be another one without it.
    """
    starts = [match.start() for match in _START.finditer(data)]
    kept = [data[: starts[0]]] if starts else [data]
    group: list[bytes] = []
    dropped, is_sound = 0, True
    for at, until in pairwise([*starts, len(data)]):
        lines = data[at:until].split(b"\n")
        if lines[1].strip() not in _PARTS:
            kept += group if is_sound else []
            dropped += not is_sound
            group, is_sound = [], True
        group.append(data[at:until])
        is_sound = is_sound and _makes_sense(lines)
    kept += group if is_sound else []
    return b"".join(kept), dropped + (not is_sound)


def _makes_sense(lines: list[bytes]) -> bool:
    """Tell whether lines are pairs of a group code and a value of its sort."""
    values = lines[1::2]
    try:
        for code, value in zip(map(int, lines[0::2]), values, strict=False):
            if code in _REALS:
                float(value)
            elif code in _WHOLE:
                int(value)
            elif not 0 <= code <= _LAST_CODE:
                return False
    except ValueError:
        return not lines[-1].strip() and _makes_sense(lines[:-1]) if len(lines) % 2 else False
    return True


def _with_usual_line_ends(data: bytes) -> bytes:
    pairs = data.count(b"\r\n")
    if data.count(b"\r") == pairs:
        return data
    if pairs and data.count(b"\r\r\n") == pairs:
        data = data.replace(b"\r\r\n", b"\n")
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _in_capitals(match: re.Match[bytes]) -> bytes:
    before, name, between, second = match.groups()
    name = name.upper()
    if between is None:
        return bytes(before + name)
    return bytes(before + name + between + (second.upper() if name in _NAMED else second))


def _missing(name: bytes, ends_with: bytes, section: bool) -> list[bytes]:
    """Return the ends that should have come before an entity of this name."""
    missing = [b"SEQEND"] if ends_with and name not in (ends_with, b"SEQEND") else []
    return [*missing, b"ENDSEC"] if section and name in (b"SECTION", b"EOF") else missing


def _end_of(name: bytes, ends_with: bytes) -> bytes:
    """Return what the entity that is being read consists of besides itself, empty if of nothing."""
    if name == b"POLYLINE":
        return b"VERTEX"
    if name in (b"ATTRIB", b"VERTEX") and ends_with in (name, b""):
        return name
    return b""
