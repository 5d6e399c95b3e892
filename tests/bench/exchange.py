"""Import of 100,000 polygons against pyogrio's own read of the same file: ``python -m tests.bench.exchange``.

The peer is ``pyogrio.read_dataframe``: the file as shapes and columns in memory. Ours is `read_source`: the
same, with the text decoded by evidence, the geometry checked and repaired, duplicates and slivers looked for,
and every record accounted for.

Both sides start from nothing: a fresh Python that is asked for the file, and ends when it has it. That is the
fair pair, for two reasons. A file is opened once, so a process that has already loaded the libraries and the
file is not what anyone waits for. And ours opens foreign files in a process of its own (they may crash their
reader), so that process always begins fresh; here even the one that asks for it does, though in the window it
has long been running. For those who keep pyogrio loaded, the second line gives both sides in a process that
has read the file before; ours still starts its reader anew each time, which is what the isolation costs.

Sides take turns in one run; processor time of all processes counts, so that other work on the machine hardly
does. Memory is the largest resident size that either of our processes adds while it reads (the libraries,
which both have loaded before, not counted), beside the geometry as it stands in the file: the ``.shp``, or
the geometry column. It includes the attributes, which the file holds beside its geometry.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely

from gis.exchange.source import read_source
from gis.progress import Progress
from layers.errors import CancelledError

BAR = 1.3
CANCEL_S = 0.5
CORNERS = 13
PEER = "import sys, pyogrio; pyogrio.read_dataframe(sys.argv[1])"
OURS = """
import sys; from pathlib import Path; from gis.exchange.source import read_source
read_source(Path(sys.argv[1]))
"""
MEMORY_BAR = 3.0
MEMORY = """
import sys; from pathlib import Path
from gis.exchange import arrow_stream, child, geopackage, shapefile, source
import pyogrio.raw, shapely, pyproj
if sys.argv[3] == "peer":
    import geopandas
path, small, side = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
def read(file):
    if side == "peer":
        return pyogrio.read_dataframe(file)
    if side == "reader":
        with Path(sys.argv[4]).open("wb") as out:
            child.write_table(child.read(file, None, None, ()), out)
        return None
    return source.read_source(file)
def peak_kb():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])
read(small)
before = peak_kb()
kept = read(path)
print((peak_kb() - before) * 1024)
"""


def write_town(path: Path, count: int, driver: str) -> None:
    """Write buildings of 13 points with five attributes."""
    side = int(np.ceil(np.sqrt(count)))
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * 8.0
    middle = np.column_stack(np.divmod(np.arange(count), side)) * 25.0 + (616000.0, 4077000.0)
    shapes = shapely.polygons(middle[:, None, :] + ring[None, :, :])
    numbers = np.array([f"{i}号楼" for i in range(count)], dtype=object)
    names = np.array([f"住宅{i % 97}" for i in range(count)], dtype=object)
    whole = np.arange(count) % 30
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        [numbers, names, whole, whole * 12, whole / 7.0],
        ["number", "name", "floors", "households", "height_m"],
        driver=driver,
        geometry_type="Polygon",
        crs="EPSG:4548",
        encoding="UTF-8",
    )


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor time that a call takes, that of the processes it waits for included."""
    start = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - start


def geometry_bytes(path: Path) -> int:
    """Return the size of the geometry as it stands in the file."""
    if path.suffix == ".shp":
        return path.stat().st_size
    with sqlite3.connect(path) as file:
        return int(file.execute(f"SELECT sum(length(geom)) FROM {path.stem}").fetchone()[0])


def memory_bytes(path: Path, small: Path, side: str) -> int:
    """Return what reading adds to the largest size of one of our processes: ``reader`` or ``asker``."""
    spare = str(path.with_suffix(".out"))
    command = [sys.executable, "-c", MEMORY, str(path), str(small), side, spare]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def cancel_s(path: Path) -> float:
    """Return how long an import goes on after the user has cancelled."""
    begun = time.perf_counter()
    asked: list[float] = []

    def cancelled() -> bool:
        if time.perf_counter() - begun > 1.0 and not asked:
            asked.append(time.perf_counter())
        return bool(asked)

    try:
        read_source(path, progress=Progress(None, cancelled))
    except CancelledError:
        return time.perf_counter() - asked[0]
    return 0.0


def main() -> None:
    """Measure both formats and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, driver in (("a.shp", "ESRI Shapefile"), ("a.gpkg", "GPKG")):
            path = Path(folder, name)
            write_town(path, args.count, driver)
            steps: list[float] = []
            told = Progress(lambda fraction, _, steps=steps: steps.append(fraction))
            assert read_source(path, progress=told).counts.usable == args.count
            small = Path(folder, f"few-{name}")
            write_town(small, 10, driver)
            peer, ours = ([sys.executable, "-c", words, str(path)] for words in (PEER, OURS))
            rounds = [
                (
                    seconds(lambda c=peer: subprocess.run(c, check=True)),
                    seconds(lambda c=ours: subprocess.run(c, check=True)),
                    seconds(lambda p=path: pyogrio.read_dataframe(p)),
                    seconds(lambda p=path: read_source(p)),
                )
                for _ in range(args.rounds)
            ]
            theirs, mine, loaded, mine_loaded = (min(side) for side in zip(*rounds, strict=True))
            print(f"{driver}: pyogrio {theirs:.2f} s, Planboard {mine:.2f} s, both from nothing", end=": ")
            print(f"{mine / theirs:.2f} (bar {BAR})")
            print(f"  libraries loaded: {loaded:.2f} s, {mine_loaded:.2f} s: {mine_loaded / loaded:.2f}")
            size = geometry_bytes(path)
            for side in ("reader", "asker", "peer"):
                used = memory_bytes(path, small, side)
                print(f"  memory of the {side}: {used / size:.1f} x the geometry (bar {MEMORY_BAR:.0f})")
            print(f"  progress told {len(steps)} times; cancelled in {cancel_s(path):.2f} s (bar {CANCEL_S})")


if __name__ == "__main__":
    main()
