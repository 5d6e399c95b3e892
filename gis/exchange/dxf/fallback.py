"""The last resort for drawings that ezdxf cannot even repair: GDAL, in a process of its own.

GDAL may run in circles on such files, so it gets little time.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from gis.exchange.dxf.codepage import TextEncoding
from gis.exchange.dxf.looks import not_a_drawing
from gis.exchange.dxf.units import METRES, Sample, Unit, find_unit
from gis.exchange.dxf.wording import line_of, unescaped
from gis.exchange.raw import RawTable, read_table, write_table
from gis.exchange.shapes import mend
from layers.text import Text

_ROOT: Final = Path(__file__).resolve().parents[3]
_MOST_S: Final = 8.0
_TYPES: Final = {"Point": "POINT", "LineString": "LWPOLYLINE", "Polygon": "HATCH"}
_BROKEN: Final = Text("内容损坏", "it is damaged")
_START: Final = (
    f"import runpy, sys; sys.path.insert(0, {str(_ROOT)!r}); "
    "runpy.run_module('gis.exchange.dxf.fallback', run_name='__main__')"
)


def read_with_gdal(
    path: Path, encoding: TextEncoding, wanted: str | None, told: dict[str, Any]
) -> tuple[RawTable, dict[str, Any]]:
    """Read what GDAL can make of a damaged drawing.

    Raises
    ------
    BadInputError
        If that is nothing, or takes too long.
    """
    unit = find_unit(Sample(), None, wanted)
    table = _asked(path, encoding.codec, unit)
    if table is None or not table.records:
        raise not_a_drawing(path, _BROKEN)
    return table, told | unit.told() | {
        "reader": "GDAL", "repairs": 1, "entities": table.read, "paper": 0, "blocks": 0, "layers": {},
        "proxies": {}, "problems": {}, "named": {}, "record": {},
    }  # fmt: skip


def main() -> int:
    """Read the drawing that the arguments name, into the file that they name."""
    path, codec, unit, out = sys.argv[1:5]
    table = _read(Path(path), codec, METRES[unit])
    with Path(out).open("wb") as stream:
        write_table(table, stream)
    return 0


def _asked(path: Path, codec: str, unit: Unit) -> RawTable | None:
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        out = Path(folder, "table")
        command = [sys.executable, "-I", "-c", _START, str(path), codec, unit.name, str(out)]
        try:
            done = subprocess.run(
                command,
                timeout=_MOST_S,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode != 0 or not out.exists():
            return None
        try:
            return read_table(out)
        except (ValueError, struct.error):  # it ended while it wrote
            return None


def _read(path: Path, codec: str, metres: float) -> RawTable:
    import pyogrio
    import pyogrio.raw

    pyogrio.set_gdal_config_options({"DXF_ENCODING": codec.upper()})
    meta, _, wkb, data = pyogrio.raw.read(path)
    columns = dict(zip((str(n) for n in meta["fields"]), data, strict=True))
    return _table(path, [] if wkb is None else wkb, columns, metres)


def _table(path: Path, wkb: Any, columns: dict[str, Any], metres: float) -> RawTable:
    geometry = np.full(len(wkb), None, dtype=object)
    geometry[:] = list(shapely.from_wkb(np.array([*wkb, None], dtype=object), on_invalid="ignore"))[:-1]
    geometry = shapely.transform(shapely.force_2d(geometry), lambda xy: xy * metres)
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


if __name__ == "__main__":
    sys.exit(main())
