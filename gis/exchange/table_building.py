"""From what a reader found to a `RawTable`. Runs in the child process only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.encoding import decode
from gis.exchange.gdal_reading import Records, text_bytes
from gis.exchange.packed_column import SEPARATOR, PackedColumn
from gis.exchange.raw import RawTable
from gis.exchange.shapes import mend
from gis.exchange.tables.grid import MOST_COLUMNS
from layers.errors import BadInputError, Finding
from layers.schema import Value
from layers.text import Text

_SURFACE = Text(
    "三维面（MultiPatch 或 TIN）按其平面轮廓导入；需要各个面时，请对方另存为普通多边形",
    "a surface in space (MultiPatch or TIN) came in as its footprint; for its faces ask for plain polygons",
)


def to_raw(layer: str, format_name: str, records: Records, findings: Sequence[Finding] = ()) -> RawTable:
    """Repair the geometry and collect everything into one table."""
    looked_at = np.arange(len(records.numbers)) if records.sound is None else np.flatnonzero(~records.sound)
    numbers = [records.numbers[i] for i in looked_at.tolist()]
    closed = None if records.closed is None else records.closed[looked_at]
    shapes = mend(records.geometry[looked_at], numbers, records.damaged[looked_at], closed)
    return RawTable(
        layer=layer,
        format=format_name,
        columns=dict(zip(records.names, records.columns, strict=True)),
        wkb=_packed(shapes.geometry, looked_at, records),
        records=list(records.numbers),
        crs=records.crs,
        read=len(records.numbers) + len(records.lost),
        repaired=[number for number, done in zip(numbers, shapes.repaired, strict=True) if done],
        findings=[*findings, *records.lost, *_surface_findings(records.surfaces), *shapes.findings],
        ids=[None] * len(records.numbers),
    )


def without_places(table: RawTable) -> RawTable:
    """Return a table that has no places at all, without a word on what each record lacks."""
    table.shaped = False
    table.findings = [f for f in table.findings if not f.code.startswith("import.geometry-")]
    return table


def _surface_findings(numbers: Sequence[int]) -> list[Finding]:
    return [Finding("import.surface", _SURFACE, "warning", record=number) for number in numbers]


def _packed(
    geometry: NDArray[np.object_], looked_at: NDArray[np.intp], records: Records
) -> Sequence[bytes | None]:
    """Return the WKB of all geometries; what was sound goes on as it came."""
    wkb = list(shapely.to_wkb(geometry, byte_order=1).tolist())
    if records.packed is None:
        return wkb
    return records.packed.replaced(dict(zip(looked_at.tolist(), wkb, strict=True)))


def telling(column: Sequence[Value]) -> list[bytes]:
    """Return the bytes of a column, read as by `read_layer`, that tell in which encoding it is."""
    if isinstance(column, PackedColumn):
        return column.telling()
    return [text_bytes(value) for value in column if isinstance(value, str)]


def records_of_rows(
    rows: Sequence[Mapping[str, Value]],
    shapes: Sequence[shapely.Geometry | None],
    damaged: Sequence[bool],
    numbers: Sequence[int],
    crs: str | None,
) -> Records:
    """Collect ragged rows: every name that occurs becomes a column, in the order of first occurrence.

    Raises
    ------
    BadInputError
        If there are absurdly many names.
    """
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
        if len(names) > MOST_COLUMNS:
            words = Text("文件的属性列超过 {n} 个，未导入。", "The file has over {n} columns: too many.")
            raise BadInputError(words.format(n=MOST_COLUMNS), code="import.too-large")
    geometry = np.full(len(shapes), None, dtype=object)
    for i, shape in enumerate(shapes):
        geometry[i] = shape
    columns: list[Sequence[Value]] = [[row.get(name) for row in rows] for name in names]
    return Records(list(names), columns, geometry, np.array(damaged, dtype=bool), list(numbers), crs, [])


def distinct_names(names: Sequence[str], findings: list[Finding]) -> list[str]:
    """Return names of which no two are equal: later ones get a number, and a finding.

    Examples
    --------
    >>> distinct_names(["a", "", "a"], [])
    ['a', 'field_2', 'a_2']
    """
    taken: dict[str, None] = {}
    for position, name in enumerate(names, 1):
        wanted = name or f"field_{position}"
        free, copy = wanted, 2
        while free in taken:
            free, copy = f"{wanted}_{copy}", copy + 1
        if free != name:
            words = Text("字段名重复或为空，改称“{n}”", "its field name is empty or taken; called “{n}” now")
            findings.append(Finding("import.field-name", words.format(n=free), "warning", field=free))
        taken[free] = None
    return list(taken)


def decoded_columns(
    records: Records, encoding: str, widths: Sequence[int], findings: list[Finding]
) -> Records:
    """Return records read as bytes (`read_layer`) with their text decoded; what does not fit is a finding.

    Parameters
    ----------
    widths : sequence of int
        Bytes a field has room for; 0 if there is no such limit.
    """
    columns: list[Sequence[Value]] = [
        _decoded_column(column, encoding, width, title, records.numbers, findings)
        for title, width, column in zip(records.names, widths, records.columns, strict=True)
    ]
    return records._replace(columns=columns)


def _decoded_together(column: Sequence[Value], encoding: str) -> list[Value] | None:
    """Decode a column of text in one go, a hundred times faster; None if a value does not fit."""
    kinds = set(map(type, column))
    if str not in kinds:
        return list(column)
    if kinds != {str}:
        return None
    joined = SEPARATOR.join(column)  # type: ignore[arg-type]  # all are text
    if joined.count(SEPARATOR) != len(column) - 1:
        return None
    try:
        return list(text_bytes(joined).decode(encoding).split(SEPARATOR))
    except (UnicodeDecodeError, LookupError):
        return None


def _decoded_column(
    column: Sequence[Value],
    name: str,
    width: int,
    title: str,
    numbers: Sequence[int],
    findings: list[Finding],
) -> Sequence[Value]:
    if isinstance(column, PackedColumn) and (packed := column.recoded(name)) is not None:
        return packed
    if (together := _decoded_together(column, name)) is not None:
        return together
    values: list[Value] = []
    for number, value in zip(numbers, column, strict=True):
        if not isinstance(value, str):
            values.append(value)
            continue
        stored = text_bytes(value)
        text, fault = decode(stored, name, full_width=width > 0 and len(stored) >= width)
        if fault:
            findings.append(Finding("import.text", fault, "warning", record=number, field=title))
        values.append(text)
    return values
