"""What a reader hands over: records as they stand in the file, and how they travel between processes.

Files are read by a child process (see `gis.exchange.child`). Only plain
values cross: JSON for attributes, WKB for geometry, never pickles.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from layers.errors import Finding
from layers.schema import Value
from layers.text import Text

LAYERS_MEMBER: Final = "planboard_layers"
"""Member of a GeoJSON that we wrote: the layers its features belong to, by their property ``layer``."""

_MAGIC: Final = b"PBRAW3"
_SEPARATOR: Final = "\x1e"


@dataclass
class RawTable:
    """One layer of a file, after decoding and geometry repair, before any mapping.

    Parameters
    ----------
    layer : str
        Name of the layer inside the file.
    format : str
        As `gis.exchange.readers.READERS` names it.
    columns : dict of str to list of Value, each of length n
    wkb : list of bytes or None, length n
        Valid, not empty, two-dimensional; None where nothing could be used
        (`findings` says why).
    records : list of int, length n
        Number of each record in the file; the first is 1. In a sheet the number of its row.
    crs : str or None
        As the file declares it: ``EPSG:n`` or WKT.
    encoding : str
        Name of the text encoding used.
    encoding_evidence : Text
        Why that one.
    read : int
        How many records the file says it has; ``n`` plus those that could not be read.
    repaired : list of int
        Record numbers whose geometry was repaired.
    findings : list of Finding
    ids : list of str or None, length n
        Identities that the format itself carries (GeoJSON ``id``).
    shaped : bool
        Whether it has places at all; False for a table to be joined by building number.
    """

    layer: str
    format: str
    columns: dict[str, list[Value]] = field(default_factory=dict)
    wkb: list[bytes | None] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    crs: str | None = None
    encoding: str = "UTF-8"
    encoding_evidence: Text = Text("该格式规定用 UTF-8", "the format prescribes UTF-8")
    read: int = 0
    repaired: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ids: list[str | None] = field(default_factory=list)
    shaped: bool = True


@dataclass(frozen=True)
class SourceLayer:
    """One layer that a file offers.

    Parameters
    ----------
    name : str
    geometry : str or None
        Geometry type as the file declares it; None for a table without shapes.
    features : int
        As the file claims; -1 if it does not say.
    crs : str or None
    """

    name: str
    geometry: str | None
    features: int
    crs: str | None


def write_table(table: RawTable, out: BinaryIO) -> None:
    """Write a table: magic, header length, JSON header, columns, lengths of the geometries, geometries."""
    plain = {
        name: v for name, v in vars(table).items() if name not in ("wkb", "findings", "columns", "records")
    }
    columns = [_packed(values) for values in table.columns.values()]
    header = {
        **plain,
        "findings": [asdict(f) for f in table.findings],
        "columns": [
            [name, kind, len(data)] for name, (kind, data) in zip(table.columns, columns, strict=True)
        ],
        "records": len(table.records),
    }
    packed = json.dumps(header, ensure_ascii=False).encode("utf-8", "surrogatepass")
    whole = not any(blob is None for blob in table.wkb)
    sizes = map(len, table.wkb) if whole else (-1 if b is None else len(b) for b in table.wkb)  # type: ignore[arg-type]
    lengths = np.fromiter(sizes, dtype="<i4", count=len(table.wkb))
    out.write(_MAGIC + struct.pack("<Q", len(packed)) + packed)
    out.writelines(data for _, data in columns)
    out.write(np.array(table.records, dtype="<i8").tobytes() + lengths.tobytes())
    blobs = table.wkb if whole else [blob for blob in table.wkb if blob is not None]
    out.write(b"".join(blobs))  # type: ignore[arg-type]  # none is missing


def read_table(path: Path) -> RawTable:
    """Read what `write_table` wrote.

    Raises
    ------
    ValueError
        If it is cut or something else.
    """
    stored = path.read_bytes()
    data = memoryview(stored)
    if bytes(data[: len(_MAGIC)]) != _MAGIC:
        raise ValueError("not a table")
    at = len(_MAGIC) + 8
    (length,) = struct.unpack_from("<Q", data, len(_MAGIC))
    header: dict[str, Any] = json.loads(bytes(data[at : at + length]).decode("utf-8", "surrogatepass"))
    at += length
    columns: dict[str, list[Value]] = {}
    for name, kind, size in header.pop("columns"):
        columns[name] = _unpacked(kind, bytes(data[at : at + size]))
        at += size
    count = header.pop("records")
    records = np.frombuffer(data, "<i8", count, at).tolist()
    findings = [_finding(f) for f in header.pop("findings")]
    evidence = Text(*header.pop("encoding_evidence"))
    wkb = _blobs(stored, at + 8 * count, count)
    return RawTable(
        **header, columns=columns, records=records, wkb=wkb, findings=findings, encoding_evidence=evidence
    )


def _packed(values: Sequence[Value]) -> tuple[str, bytes]:
    """Return a column and how it is packed: whole columns of one type are much quicker than JSON."""
    kinds = set(map(type, values))
    if kinds == {str}:
        joined = _SEPARATOR.join(values)  # type: ignore[arg-type]  # all are text
        if joined.count(_SEPARATOR) == len(values) - 1:
            return "text", joined.encode("utf-8", "surrogatepass")
    if kinds == {float}:
        return "real", np.array(values, dtype="<f8").tobytes()
    if kinds == {int}:
        whole = [v for v in values if isinstance(v, int)]
        if min(whole) >= -(2**63) and max(whole) < 2**63:
            return "whole", np.array(whole, dtype="<i8").tobytes()
    return "json", json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _unpacked(kind: str, data: bytes) -> list[Value]:
    if kind in ("real", "whole"):
        return list(np.frombuffer(data, "<f8" if kind == "real" else "<i8").tolist())
    words = data.decode("utf-8", "surrogatepass")
    return list(words.split(_SEPARATOR)) if kind == "text" else list(json.loads(words))


def _blobs(data: bytes, position: int, count: int) -> list[bytes | None]:
    lengths = np.frombuffer(data, "<i4", count, position)
    start = position + lengths.nbytes
    ends = start + np.cumsum(np.maximum(lengths, 0))
    if count and ends[-1] > len(data):
        raise ValueError("the table is cut")
    starts = [start, *ends.tolist()][:count]
    if not count or lengths.min() >= 0:
        return [data[begin:end] for begin, end in zip(starts, ends.tolist(), strict=True)]
    return [
        None if length < 0 else data[begin:end]
        for begin, end, length in zip(starts, ends.tolist(), lengths.tolist(), strict=True)
    ]


def _finding(stored: dict[str, Any]) -> Finding:
    message: Sequence[str] = stored.pop("message")
    return Finding(message=Text(*message), **stored)
