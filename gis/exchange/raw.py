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
from numpy.typing import NDArray

from gis.exchange.packed_column import PackedColumn, pack
from gis.exchange.packed_shapes import PackedShapes
from layers.errors import Finding
from layers.schema import Value
from layers.text import Text

LAYERS_MEMBER: Final = "planboard_layers"
"""Member of a GeoJSON that we wrote: the layers its features belong to, by their property ``layer``."""

CRS_MEMBER: Final = "planboard_crs"
"""Member of a GeoJSON that we wrote in GCJ-02 or BD-09, which the format has no place for."""

_MAGIC: Final = b"PBRAW6"
_APART: Final = ("wkb", "findings", "columns", "coordinates", "records")
"""What does not travel in the header as it is."""


@dataclass
class RawTable:
    """One layer of a file, after decoding and geometry repair, before any mapping.

    Parameters
    ----------
    layer : str
        Name of the layer inside the file.
    format : str
        As `gis.exchange.readers.READERS` names it.
    columns : dict of str to sequence of Value, each of length n
    wkb : sequence of bytes or None, length n
        Valid, not empty, two-dimensional; None where nothing could be used
        (`findings` says why).
    records : sequence of int, length n
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
    ids : sequence of str or None, length n
        Identities that the format itself carries (GeoJSON ``id``).
    shaped : bool
        Whether it has places at all; False for a table to be joined by building number.
    coordinates : dict of str to sequence of Value, each of length n
        The columns of a sheet from which its places were read; they are not among `columns`.
    titles : list of str
        All columns of a sheet that have a title, also those without content.
    """

    layer: str
    format: str
    columns: dict[str, Sequence[Value]] = field(default_factory=dict)
    wkb: Sequence[bytes | None] = field(default_factory=list)
    records: Sequence[int] = field(default_factory=list)
    crs: str | None = None
    encoding: str = "UTF-8"
    encoding_evidence: Text = Text("该格式规定用 UTF-8", "the format prescribes UTF-8")
    read: int = 0
    repaired: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ids: Sequence[str | None] = ()
    shaped: bool = True
    coordinates: dict[str, Sequence[Value]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)


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
    part_of : str, optional
        The layer of the same file that holds these records too: the whole of a KML for its folders.
    hidden : bool
        Whether it is a sheet that its authors hid: it comes in only if it is asked for.
    """

    name: str
    geometry: str | None
    features: int
    crs: str | None
    part_of: str | None = None
    hidden: bool = False


def write_table(table: RawTable, out: BinaryIO) -> None:
    """Write a table: magic, header length, JSON header, columns, lengths of the geometries, geometries."""
    plain = {name: v for name, v in vars(table).items() if name not in _APART}
    named = {**table.columns, **table.coordinates}
    columns = [pack(values) for values in named.values()]
    header = {
        **plain,
        "findings": [asdict(f) for f in table.findings],
        "columns": [
            [name, column.kind, len(column.data), len(column.missing)]
            for name, column in zip(named, columns, strict=True)
        ],
        "coordinates": len(table.coordinates),
        "records": len(table.records),
        "with_shapes": len(table.wkb) > 0,
    }
    packed = json.dumps(header, ensure_ascii=False).encode("utf-8", "surrogatepass")
    out.write(_MAGIC + struct.pack("<Q", len(packed)) + packed)
    for column in columns:
        out.write(column.data)
        out.write(column.missing.astype("<i4").tobytes())
    out.write(np.array(table.records, dtype="<i8").tobytes())
    PackedShapes.of(table.wkb).write(out)


def read_table(path: Path) -> RawTable:
    """Read what `write_table` wrote.

    Raises
    ------
    ValueError
        If it is cut or something else.
    """
    with path.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("not a table")
        (length,) = struct.unpack("<Q", stream.read(8))
        header: dict[str, Any] = json.loads(stream.read(length).decode("utf-8", "surrogatepass"))
        columns: dict[str, Sequence[Value]] = {}
        for name, kind, size, missing in header.pop("columns"):
            data = stream.read(size)
            columns[name] = PackedColumn(kind, data, np.frombuffer(stream.read(4 * missing), "<i4"))
        places = list(columns)[len(columns) - header.pop("coordinates") :]
        coordinates = {name: columns.pop(name) for name in places}
        count = header.pop("records")
        records = _numbers(np.frombuffer(stream.read(8 * count), "<i8"))
        wkb = PackedShapes.read(stream, count if header.pop("with_shapes") else 0)
    findings = [_finding(f) for f in header.pop("findings")]
    evidence = Text(*header.pop("encoding_evidence"))
    ids = tuple(header.pop("ids"))  # handed on as they are: a list would be copied, and held beside it
    return RawTable(
        **header,
        columns=columns,
        coordinates=coordinates,
        records=records,
        wkb=wkb,
        findings=findings,
        encoding_evidence=evidence,
        ids=ids,
    )


def _numbers(records: NDArray[np.int64]) -> Sequence[int]:
    """Return record numbers; a hundred thousand of them in a row need no memory."""
    if len(records) and (np.diff(records) == 1).all():
        return range(int(records[0]), int(records[-1]) + 1)
    return list(records.tolist())


def _finding(stored: dict[str, Any]) -> Finding:
    message: Sequence[str] = stored.pop("message")
    return Finding(message=Text(*message), **stored)
