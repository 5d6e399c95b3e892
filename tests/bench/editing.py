"""The table of the canvas and the editing: how quick the window is with 100,000 buildings.

Run from the checkout, or as ``./run bench`` without a name:

    python -m tests.bench.editing [--count 100000] [--rounds 30]

Each row names its bar and how it fares. Rows that are ratios to QGIS need it on this machine (Debian: qgis,
python3-qgis, qgis-providers, xvfb); without it they say so and tell our own time. Everything is given by the
clock and in processor time: another load on the machine lengthens the clock, not that.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from gis.i18n import set_language
from gis.settings import Settings
from sample_data.large import write_large
from tests.bench.peers import peer_rows
from tests.bench.rows import Row, Verdict, verdict

if TYPE_CHECKING:
    from ui.window import Window


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; exit code 1 if a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--million", action="store_true", help="the rows with a million polygons, too")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui import start

    set_language("en")
    app = start.application(Settings())  # pictures would make one of their own, and a second ends in a crash
    print(
        f"{'case':<58}{'bar':<18}{'':<8}measured  [programs that wanted one of {os.cpu_count()} processors]"
    )
    missed = 0
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        path = Path(folder) / "large.gpkg"
        write_large(path, chosen.count)
        for row in _rows(path, chosen.count, chosen.rounds, million=chosen.million):
            print(row.line(), flush=True)
            missed += row.verdict == "MISSED"
    del app
    print("met*: in processor time; by the clock other programs kept the processors busy.")
    return 1 if missed else 0


def _rows(path: Path, count: int, rounds: int, *, million: bool) -> Iterator[Row]:
    yield from peer_rows(path, count, million=million)
    from tests.bench.window_timer import opened

    with opened(path) as window:
        yield from _canvas_rows(window, rounds)
        yield from _table_rows(window)
        yield from _block_rows(window)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row(f"memory of the window with {count:,} buildings", "told", f"{peak:,.0f} MiB at most")


def _canvas_rows(window: Window, rounds: int) -> Iterator[Row]:
    from tests.bench.window_timer import frame_times, snap_times

    clock, work = _split(frame_times(window, rounds * 2))
    judged = (verdict(_p95(clock), _p95(work), 16), verdict(max(clock) * 1000, max(work) * 1000, 50))
    words = f"p95 {_p95(clock):.1f} ms, worst {max(clock) * 1000:.1f} ms; of processor time {_p95(work):.1f}"
    yield Row(
        "pan and wheel-zoom frames",
        "p95 16, worst 50",
        f"{words}, {max(work) * 1000:.1f} ms",
        _worse(*judged),
    )
    yield from _edit_rows(window, rounds)
    yield Row(
        "   of it one sync of this disk, of which a step needs four",
        "told",
        f"p95 {_p95(sync_times()):.1f} ms",
    )
    clock, work = _split(snap_times(window, rounds * 10))
    words = f"p95 {_p95(clock):.2f} ms; of processor time {_p95(work):.2f} ms"
    yield Row("snap query", "p95 <= 5 ms", words, verdict(_p95(clock), _p95(work), 5))


def _edit_rows(window: Window, rounds: int) -> Iterator[Row]:
    from tests.bench.edit_times import ACTS, edit_times

    blocked = []
    for case, act in ACTS.items():
        both = edit_times(window, act, rounds)
        for words, times in zip((case, "   undone"), both, strict=True):
            clock, work = _split(times.spent)
            spent = f"p95 {_p95(clock):.0f} ms, median {median(clock) * 1000:.0f} ms"
            spent += f"; processor time p95 {_p95(work):.0f}"
            yield Row(
                f"{words}: to disk and on screen",
                "p95 <= 60 ms",
                spent,
                verdict(_p95(clock), _p95(work), 60),
            )
            blocked += times.stretches
    most = max(blocked) * 1000
    words = f"at most {most:.0f} ms of processor time"
    yield Row("   of these the window's thread at work", "<= 50 ms", words, verdict(most, most, 50))


def _table_rows(window: Window) -> Iterator[Row]:
    from tests.bench.window_timer import table_times

    for case, (clock, work) in table_times(window):
        words = f"{clock * 1000:.0f} ms; {work * 1000:.0f} ms of processor time"
        yield Row(f"attribute table: {case}", "<= 300 ms", words, verdict(clock, work, 0.3))


def _block_rows(window: Window) -> Iterator[Row]:
    from tests.bench.stillness import block_times

    for case, blocked in block_times(window):
        words = f"{blocked * 1000:.0f} ms of processor time at a stretch"
        yield Row(f"the window stands still for: {case}", "<= 50 ms", words, verdict(blocked, blocked, 0.05))


def sync_times(count: int = 20) -> list[float]:
    """Return how long the disk takes to make a small write safe, in seconds."""
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(count):
            file.write(b"x" * 4096)
            file.flush()
            begin = perf_counter()
            os.fsync(file.fileno())
            times.append(perf_counter() - begin)
    return times


def _split(timed: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    clock, work = zip(*timed, strict=True)
    return list(clock), list(work)


def _worse(one: Verdict, other: Verdict) -> Verdict:
    order: tuple[Verdict, ...] = ("met", "met*", "MISSED")
    return max(one, other, key=order.index)


def _p95(seconds: list[float]) -> float:
    return float(np.percentile(np.array(seconds) * 1000, 95))


if __name__ == "__main__":
    sys.exit(main())
