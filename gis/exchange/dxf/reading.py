"""Reading a drawing in the child process: open it, draw it, count everything."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from gis.exchange.dxf.codepage import find_encoding, header_value, release_of
from gis.exchange.dxf.collecting import BROKEN, EMPTY, UNREADABLE, Rows, collect
from gis.exchange.dxf.identity import read_record
from gis.exchange.dxf.loading import Loaded, load
from gis.exchange.dxf.pieces import FAULTS, SPARSE, Context
from gis.exchange.dxf.shaping import shapes_of
from gis.exchange.dxf.units import Unit, find_unit
from gis.exchange.dxf.wording import line_of, recoder
from gis.exchange.raw import RawTable
from gis.exchange.shapes import mend
from layers.errors import Finding
from layers.text import Text

TOLERANCE_M: Final = 0.01
_HEAD: Final = 65536
_ZERO: Final = Text("线段长度为零，未导入", "its line has no length; left out")
_STATES: Final = (UNREADABLE, BROKEN, EMPTY)


def read(path: Path, encoding: str | None, unit: str | None) -> tuple[RawTable, dict[str, Any]]:
    """Read a drawing.

    Returns
    -------
    RawTable
        One row per entity and part of a block, shapes in metres.
    dict
        What the drawing says about itself; plain JSON values (see `gis.exchange.dxf.drawing`).

    Raises
    ------
    BadInputError
        If nothing can make anything of it, or it is a DWG and there is no converter.
    """
    from gis.exchange.dxf.dwg import as_dxf

    with as_dxf(path) as drawing:
        table, told = _read(drawing, encoding, unit)
    table.layer = path.stem
    return table, told


def _read(path: Path, encoding: str | None, unit: str | None) -> tuple[RawTable, dict[str, Any]]:
    from gis.exchange.dxf.looks import refuse_others

    data = path.read_bytes()
    refuse_others(path, data)
    chosen = find_encoding(data, encoding)
    loaded = load(path, data, chosen)
    told: dict[str, Any] = {
        "encoding": chosen._asdict(),
        "release": release_of(header_value(data, b"$ACADVER")),
    }
    if loaded is None:
        from gis.exchange.dxf.fallback import read_with_gdal

        return read_with_gdal(path, chosen, unit, told)
    said = b"$INSUNITS" in data[:_HEAD]
    del data
    return _drawn(path, loaded, chosen.codec, (said, unit), told)


def _drawn(
    path: Path, loaded: Loaded, codec: str, unit: tuple[bool, str | None], told: dict[str, Any]
) -> tuple[RawTable, dict[str, Any]]:
    document = loaded.document
    entities = list(document.modelspace())
    units = find_unit(entities, _header_unit(document) if unit[0] else None, unit[1])
    context = Context(document, TOLERANCE_M / units.metres, recoder(loaded.read_as, codec))
    rows = collect(entities, context)
    table = table_of(rows, units)
    table.layer = path.stem
    told |= units.told() | {
        "reader": "ezdxf",
        "repairs": loaded.repairs,
        "torn": loaded.torn,
        "entities": len(entities),
        "paper": _on_paper(document),
        "layers": _layers(document, context),
        "proxies": _proxies(document, entities),
        "problems": dict(rows.problems),
        "named": {problem: sorted(names)[:20] for problem, names in rows.named.items()},
        "record": {k: line_of(context.recode(v)) for k, v in _record(document).items()},
    }
    return table, told


def table_of(rows: Rows, unit: Unit) -> RawTable:
    """Return rows as a table with usable geometries; what has none says why in a finding or its status."""
    count = len(rows.pieces)
    geometry = shapes_of(rows.pieces, unit.metres)
    table = RawTable("", "DXF", read=count, records=list(range(1, count + 1)), ids=[None] * count)
    for name in ("layer", "type", "color", "handle"):
        table.columns[name] = getattr(rows, name)
    gone = (shapely.get_dimensions(geometry) == 1) & ~(shapely.length(geometry) > 0)
    geometry[gone] = None
    table.findings += [
        Finding("dxf.no-length", _ZERO, "error", record=int(i) + 1) for i in np.flatnonzero(gone)
    ]
    there = np.flatnonzero(~shapely.is_missing(geometry))
    mended = mend(geometry[there], (there + 1).tolist(), np.zeros(len(there), dtype=bool))
    geometry[there] = mended.geometry
    table.findings += mended.findings
    table.repaired = (there[mended.repaired] + 1).tolist()
    for row in np.flatnonzero(shapely.is_missing(geometry)):
        if rows.sparse["status"].get(int(row)) not in _STATES:
            rows.sparse["status"][int(row)] = EMPTY
    table.wkb = list(shapely.to_wkb(geometry))
    sparse = rows.sparse
    sparse["middle"] = {i: (x * unit.metres, y * unit.metres) for i, (x, y) in sparse["middle"].items()}
    sparse["z"] = {i: z * unit.metres for i, z in sparse["z"].items()}
    for name in SPARSE:
        if found := rows.sparse[name]:
            table.columns[name] = [found.get(i) for i in range(count)]
    return table


def _header_unit(document: Any) -> int | None:
    try:
        return int(document.header.get("$INSUNITS", 0))
    except FAULTS:
        return None


def _on_paper(document: Any) -> int:
    try:
        return sum(len(document.layout(name)) for name in document.layout_names() if name.lower() != "model")
    except FAULTS:
        return 0


def _layers(document: Any, context: Context) -> dict[str, bool]:
    """Return the layers of the drawing and whether each is hidden."""
    return {
        line_of(context.recode(layer.dxf.name))[:255]: bool(layer.is_off() or layer.is_frozen())
        for layer in document.layers
    }


def _proxies(document: Any, entities: list[Any]) -> dict[str, int]:
    """Return how many proxies there are of each class."""
    if not any(e.dxftype() == "ACAD_PROXY_ENTITY" for e in entities):
        return {}
    classes = [c.dxf.name for c in document.classes.classes.values()]
    names: Counter[str] = Counter()
    for entity in entities:
        if entity.dxftype() == "ACAD_PROXY_ENTITY":
            names[_class_of(entity, classes)] += 1
    return dict(names)


def _class_of(entity: Any, classes: list[str]) -> str:
    data = entity.acdb_proxy_entity
    number = next((int(t.value) for t in data or () if t.code == 91), 0) - 500
    return line_of(classes[number]) if 0 <= number < len(classes) else "ACAD_PROXY_ENTITY"


def _record(document: Any) -> dict[str, str]:
    try:
        return read_record(document)
    except FAULTS:
        return {}
