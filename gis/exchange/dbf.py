"""The header of a DBF file: what GDAL does not tell about the attribute table."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_DESCRIPTOR = 32
_MOST_FIELDS = 2046


@dataclass(frozen=True)
class DbfHeader:
    """What the first bytes say.

    Parameters
    ----------
    records : int
        How many rows it claims.
    whole : int
        How many rows the size of the file has room for.
    ldid : int
        Language driver id (byte 29).
    names : tuple of bytes
        Field names as stored, cut at 10 or 11 bytes.
    widths : tuple of int
        Bytes a field takes.
    """

    records: int
    whole: int
    ldid: int
    names: tuple[bytes, ...]
    widths: tuple[int, ...]


def read_header(path: Path) -> DbfHeader | None:
    """Read the header, or None if the file is too short to have one."""
    with path.open("rb") as stream:
        start = stream.read(32)
        if len(start) < 32:
            return None
        records, header_size, record_size = struct.unpack_from("<IHH", start, 4)
        descriptors = stream.read(min(max(header_size - 32, 0), _MOST_FIELDS * _DESCRIPTOR))
    names, widths = [], []
    for at in range(0, len(descriptors) - _DESCRIPTOR + 1, _DESCRIPTOR):
        if descriptors[at] == 0x0D:
            break
        names.append(descriptors[at : at + 11].split(b"\x00")[0].rstrip())
        widths.append(descriptors[at + 16])
    room = max(path.stat().st_size - header_size, 0) // record_size if record_size else 0
    return DbfHeader(records, min(room, records), start[29], tuple(names), tuple(widths))


def fill_up(path: Path, header: DbfHeader, count: int) -> None:
    """Give a table as many rows as there are shapes: empty ones behind those that are whole."""
    data = path.read_bytes()
    head_size, row_size = struct.unpack_from("<HH", data, 8)
    whole = data[: head_size + header.whole * row_size]
    filled = whole + b" " * ((count - header.whole) * row_size) + b"\x1a"
    path.write_bytes(filled[:4] + struct.pack("<I", count) + filled[8:])
