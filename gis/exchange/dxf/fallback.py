"""The last resort for drawings that ezdxf cannot even repair: GDAL. Runs in the child process only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from gis.exchange.dxf.codepage import TextEncoding
from gis.exchange.dxf.looks import not_a_drawing
from gis.exchange.dxf.units import METRES, Unit, find_unit
from gis.exchange.dxf.wording import line_of, unescaped
from gis.exchange.raw import RawTable
from gis.exchange.shapes import mend
from layers.text import Text

_TYPES: Final = {"Point": "POINT", "LineString": "LWPOLYLINE", "Polygon": "HATCH"}
_BROKEN: Final = Text("内容损坏", "it is damaged")


def read_with_gdal(
    path: Path, encoding: TextEncoding, wanted: str | None, told: dict[str, Any]
) -> tuple[RawTable, dict[str, Any]]:
    """Read what GDAL can make of a damaged drawing.

    Raises
    ------
    BadInputError
        If that is nothing either.
    """
    import pyogrio
    import pyogrio.raw
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    pyogrio.set_gdal_config_options({"DXF_ENCODING": encoding.codec.upper()})
    try:
        meta, _, wkb, data = pyogrio.raw.read(path)
    except (DataLayerError, DataSourceError, FeatureError, UnicodeDecodeError, ValueError) as error:
        raise not_a_drawing(path, _BROKEN) from error
    if wkb is None or not len(wkb):
        raise not_a_drawing(path, _BROKEN)
    columns = dict(zip((str(n) for n in meta["fields"]), data, strict=True))
    unit = find_unit((), None, wanted)
    table = _table(path, wkb, columns, unit)
    return table, told | unit.told() | {
        "reader": "GDAL", "repairs": 1, "entities": table.read, "paper": 0, "layers": {}, "proxies": {},
        "problems": {}, "named": {}, "record": {},
    }  # fmt: skip


def _table(path: Path, wkb: Any, columns: dict[str, Any], unit: Unit) -> RawTable:
    geometry = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object).reshape(len(wkb))
    geometry = shapely.transform(shapely.force_2d(geometry), lambda xy: xy * METRES[unit.name])
    count = len(geometry)
    table = RawTable(path.stem, "DXF", read=count, records=list(range(1, count + 1)), ids=[None] * count)
    mended = mend(geometry, table.records, np.zeros(count, dtype=bool))
    table.findings = mended.findings
    table.repaired = (np.flatnonzero(mended.repaired) + 1).tolist()
    table.wkb = list(shapely.to_wkb(mended.geometry))
    texts = _texts(columns.get("Text"), count)
    kinds = [g.geom_type.removeprefix("Multi") if g is not None else "" for g in mended.geometry]
    table.columns = {
        "layer": [t or "0" for t in _texts(columns.get("Layer"), count)],
        "type": [
            "TEXT" if t and k == "Point" else _TYPES.get(k, "BLOCK")
            for t, k in zip(texts, kinds, strict=True)
        ],
        "color": ["#000000"] * count,
        "handle": [t or "" for t in _texts(columns.get("EntityHandle"), count)],
        "text": [t or None for t in texts],
        "status": ["empty" if g is None else None for g in mended.geometry],
    }
    return table


def _texts(column: Sequence[Any] | None, count: int) -> list[str]:
    if column is None:
        return [""] * count
    return ["" if v is None or v != v else line_of(unescaped(str(v))) for v in column]
