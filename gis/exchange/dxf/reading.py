"""Reading a drawing in the child process: open it, draw it, count everything."""

from __future__ import annotations

import gc
from collections.abc import Callable
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from gis.exchange.dxf.codepage import TextEncoding, find_encoding, header_value, release_of
from gis.exchange.dxf.collecting import Collection
from gis.exchange.dxf.identity import read_record
from gis.exchange.dxf.loading import Loaded, load_repaired, load_streamed, load_whole
from gis.exchange.dxf.model_space import TornError
from gis.exchange.dxf.packing import Packing
from gis.exchange.dxf.pieces import FAULTS, Context
from gis.exchange.dxf.units import Sample, Unit, find_unit, sample_of
from gis.exchange.dxf.wording import line_of, recoder
from gis.exchange.packed_shapes import ROWS
from gis.exchange.raw import RawTable

TOLERANCE_M: Final = 0.01
_HEAD: Final = 65536
_FIRST: Final = 2000
"""How many entities are looked at for their unit before all are drawn."""

Report: TypeAlias = Callable[[float], object]
"""Told how much of the drawing has been read, 0-1."""


class Wanted(NamedTuple):
    """How a drawing is to be understood.

    Parameters
    ----------
    encoding : TextEncoding
    names_unit : bool
        Whether its header names a unit.
    unit : str or None
        What the user says.
    """

    encoding: TextEncoding
    names_unit: bool
    unit: str | None


def read(
    path: Path, encoding: str | None, unit: str | None, report: Report = lambda _: None
) -> tuple[RawTable, dict[str, Any]]:
    """Read a drawing.

    Parameters
    ----------
    path : Path
    encoding, unit : str or None
        What the user says.
    report : callable, optional
        Told how far the reading is.

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
    from gis.exchange.dxf.looks import refuse_misnamed
    from gis.exchange.dxf.tidying import as_tidy

    refuse_misnamed(path)
    with as_dxf(path) as drawing, as_tidy(drawing) as tidy:
        table, told = _read(tidy, encoding, unit, report)
    table.layer = path.stem
    return table, told


def _read(
    path: Path, encoding: str | None, unit: str | None, report: Report
) -> tuple[RawTable, dict[str, Any]]:
    from gis.exchange.dxf.looks import refuse_others

    data = path.read_bytes()
    refuse_others(path, data)
    chosen = find_encoding(data, encoding)
    wanted = Wanted(chosen, b"$INSUNITS" in data[:_HEAD], unit)
    told: dict[str, Any] = {
        "encoding": chosen._asdict(),
        "release": release_of(header_value(data, b"$ACADVER")),
    }
    loaded = load_streamed(path, data, chosen)
    if loaded is not None:
        del data
        gc.collect()  # errors that were caught on the way, and the frames they came from, still hold it
        try:
            return _drawn(path, loaded, wanted, told, report)
        except TornError:
            loaded = load_repaired(path, path.read_bytes())
    else:
        loaded = load_whole(path, data, chosen)
    if loaded is None:
        from gis.exchange.dxf.fallback import read_with_gdal

        return read_with_gdal(path, chosen, unit, told)
    return _drawn(path, loaded, wanted, told, report)


def _drawn(
    path: Path, loaded: Loaded, wanted: Wanted, told: dict[str, Any], report: Report
) -> tuple[RawTable, dict[str, Any]]:
    document = loaded.document
    header = _header_unit(document) if wanted.names_unit else None
    first = find_unit(sample_of(islice(chain.from_iterable(loaded.entities), _FIRST)), header, wanted.unit)
    units, collection, packing = _gone_through(loaded, first, header, wanted, report)
    if units.metres != first.metres:  # the first of the entities did not look like the others
        units, collection, packing = _gone_through(loaded, units, header, wanted, report)
    context = collection.context
    return packing.table(path.stem), told | units.told() | {
        "reader": "ezdxf",
        "repairs": loaded.repairs,
        "torn": loaded.torn,
        "entities": collection.entities,
        "paper": _on_paper(document) + loaded.entities.paper,
        "blocks": sum(
            not name.startswith("*") and not name.startswith("_") for name in _block_names(document)
        ),
        "layers": _layers(document, context),
        "proxies": dict(collection.proxies),
        "problems": dict(collection.problems),
        "named": {problem: sorted(names)[:20] for problem, names in collection.named.items()},
        "record": {k: line_of(context.recode(v)) for k, v in _record(document).items()},
    }


def _gone_through(
    loaded: Loaded, taken: Unit, header: int | None, wanted: Wanted, report: Report
) -> tuple[Unit, Collection, Packing]:
    """Go through all entities in the unit that they are taken to be in; return that which they all show."""
    recode = recoder(loaded.read_as, wanted.encoding.codec)
    collection = Collection(Context(loaded.document, TOLERANCE_M / taken.metres, recode))
    packing, sample = Packing(taken.metres), Sample()
    for entities in loaded.entities:
        for entity in entities:
            sample.look_at(entity)
        for entity in entities:
            collection.add(entity)
        if len(collection) >= ROWS:
            packing.add(collection.take())
            report(loaded.entities.fraction())
    packing.add(collection.take())
    return find_unit(sample, header, wanted.unit), collection, packing


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


def _block_names(document: Any) -> list[str]:
    return [str(block.name) for block in document.blocks]


def _layers(document: Any, context: Context) -> dict[str, bool]:
    """Return the layers of the drawing and whether each is hidden."""
    return {
        line_of(context.recode(layer.dxf.name))[:255]: bool(layer.is_off() or layer.is_frozen())
        for layer in document.layers
    }


def _record(document: Any) -> dict[str, str]:
    try:
        return read_record(document)
    except FAULTS:
        return {}
