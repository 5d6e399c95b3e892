"""Import of 100,000 polygons against pyogrio's own read of the same file: ``python -m tests.bench.exchange``.

Both sides take turns in one run, each in a process of its own, and processor time counts, so that other
work on the machine hardly does. Pyogrio's side is ``read_dataframe``: the file as shapes and columns in
memory. Ours goes through the child process, with the text decoded by evidence, the geometry checked, and
every record accounted for. For comparison: pyogrio in a process that has loaded everything already.
"""

from __future__ import annotations

import argparse
import os
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
            peer = [sys.executable, "-c", PEER, str(path)]
            rounds = [
                (
                    seconds(lambda c=peer: subprocess.run(c, check=True)),
                    seconds(lambda p=path: read_source(p)),
                    seconds(lambda p=path: pyogrio.read_dataframe(p)),
                )
                for _ in range(args.rounds)
            ]
            theirs, ours, warm = (min(side) for side in zip(*rounds, strict=True))
            ratio = f"ratio {ours / theirs:.2f} (bar {BAR})"
            print(f"{driver}: pyogrio {theirs:.2f} s, Planboard {ours:.2f} s, {ratio}; warm {warm:.2f} s")
            print(f"  progress told {len(steps)} times; cancelled in {cancel_s(path):.2f} s (bar {CANCEL_S})")


if __name__ == "__main__":
    main()
