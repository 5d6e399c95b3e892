"""Export of 100,000 polygons against each library's own bare writing: ``python -m tests.bench.exporting``.

The peers write what they are handed ready: pyogrio a GeoDataFrame with the same columns (for GeoJSON already
in degrees), ezdxf the same outlines as closed polylines and nothing else (ours adds fills, hatches, texts and
ids: four entities a house), openpyxl and ``csv`` the very cells that ours writes. Ours starts from the plan.
Libraries are loaded before, sides take turns, and processor time counts. Memory is what writing adds to the
largest size of a process, beside the bytes of the file.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gis.exchange.csv_writing import rows_of
from gis.exchange.export import export
from gis.progress import Progress
from layers.errors import CancelledError
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot
from sample_data.grid import CRS
from sample_data.large import LAYER, large_table

BAR, CANCEL_S = 2.0, 1.0
FORMATS = ("gpkg", "shp", "geojson", "csv", "xlsx", "dxf", "kml")
MEMORY = """
import sys; from pathlib import Path
from tests.bench.exporting import export, plan
def kb(name):
    return int(Path("/proc/self/status").read_text().split(name + ":")[1].split()[0])
out = Path(sys.argv[1])
export(plan(50), out)
town = plan(int(sys.argv[2]))
Path("/proc/self/clear_refs").write_text("5")
before = kb("VmRSS")
export(town, out)
print((kb("VmHWM") - before) * 1024)
"""


def plan(count: int) -> Snapshot:
    """Return a plan of so many houses."""
    return Snapshot("town", CRS, {LAYER: Layer.of(standard_kinds()[LAYER], large_table(count))})


def frame(town: Snapshot) -> Any:
    """Return the same houses as pyogrio takes them: numbers as numbers, the id a column."""
    table = town.layers[LAYER].table
    made = table.to_geodataframe(CRS).reset_index(names="uid")
    return made.infer_objects()


def bare_lines(shapes: Any, out: Path) -> None:
    """Write outlines with ezdxf, and nothing else."""
    import ezdxf
    import shapely

    document = ezdxf.new("R2010")
    space = document.modelspace()
    for shape in shapes:
        space.add_lwpolyline(shapely.get_coordinates(shape)[:-1].tolist(), close=True)
    document.saveas(out)


def bare_cells(rows: list[list[Any]], out: Path) -> None:
    """Write cells with openpyxl, and nothing else."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(out)


def bare_rows(rows: list[list[Any]], out: Path) -> None:
    """Write rows with the ``csv`` module, and nothing else."""
    with out.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def peers(town: Snapshot) -> dict[str, Callable[[Path], None]]:
    """Return the other side of each format that has one."""
    import pyogrio

    houses = frame(town)
    degrees = houses.to_crs("EPSG:4326")
    layer = town.layers[LAYER]
    rows = list(rows_of(layer, CRS))
    shapes = np.asarray(layer.table.geometry)
    return {
        "gpkg": lambda out: pyogrio.write_dataframe(houses, out),
        "shp": lambda out: pyogrio.write_dataframe(houses, out, encoding="UTF-8"),
        "geojson": lambda out: pyogrio.write_dataframe(degrees, out, RFC7946="YES"),
        "csv": lambda out: bare_rows(rows, out),
        "xlsx": lambda out: bare_cells(rows, out),
        "dxf": lambda out: bare_lines(shapes, out),
    }


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor time that a call takes."""
    start = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - start


def cancel_s(town: Snapshot, out: Path) -> float:
    """Return how long an export goes on after it was cancelled in its middle; 0 if it was over by then."""
    asked: list[float] = []
    shares = [0.0]

    def cancelled() -> bool:
        if shares[-1] > 0.5 and not asked:
            asked.append(time.perf_counter())
        return bool(asked)

    try:
        export(town, out, progress=Progress(lambda share, _: shares.append(share), cancelled))
    except CancelledError:
        return time.perf_counter() - asked[0]
    return 0.0


def main() -> None:
    """Measure every format and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--formats", nargs="*", default=FORMATS)
    args = parser.parse_args()
    town, few = plan(args.count), plan(50)
    others, first = peers(town), peers(few)
    with tempfile.TemporaryDirectory() as folder:
        for ending in args.formats:
            ours, theirs = Path(folder, f"ours.{ending}"), Path(folder, f"theirs.{ending}")
            export(few, ours)
            first.get(ending, lambda _: None)(theirs)
            mine, peer = [], []
            for _ in range(args.rounds):
                mine.append(seconds(lambda out=ours: export(town, out)))
                theirs.unlink(missing_ok=True)
                if ending in others:
                    peer.append(seconds(lambda out=theirs, write=others[ending]: write(out)))
            size = ours.stat().st_size
            words = f"{ending}: {min(mine):.1f} s, {size / 1e6:.0f} MB"
            if peer:
                ratio = min(mine) / min(peer)
                told = "met" if ratio <= BAR else "missed"
                words += f", bare {min(peer):.1f} s: {ratio:.2f} (bar {BAR:.0f}: {told})"
            command = [sys.executable, "-c", MEMORY, str(ours), str(args.count)]
            added = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            words += f"; memory {added / size:.1f} x the file"
            print(f"{words}; cancelled in {cancel_s(town, ours):.2f} s (bar {CANCEL_S:.0f})", flush=True)


if __name__ == "__main__":
    main()
