"""Damaged files of every format, thousands of them: ``python -m tests.bench.fuzz [EACH] [FORMAT ...]``.

Of each format (all of `tests.gis.exchange.specimens`, or those named) as many small good files get bytes
flipped, cut, doubled or exchanged. Reading one must end within 10 s with a table or a clear error; the
process that reads may not crash in a way that is not told. Readers run in this process, one after another,
so that thousands take minutes; every fiftieth goes the whole way through the child process. What is done
to a file depends on its format and number alone, so a run can be made in pieces. Prints a table.
"""

from __future__ import annotations

import logging
import random
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

from tests.gis.exchange.mutations import mutated, read_outcome
from tests.gis.exchange.specimens import specimens

BAR_S = 10.0
CHILD_EVERY = 50
HEAD = "| format | damaged | read | refused with the reason | crashed | over 10 s | slowest |"


def main() -> int:
    """Damage, read, count; return 1 if anything crashed or hung."""
    logging.getLogger("ezdxf").setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    bad = 0
    print(HEAD)
    print("| --- |" + " ---: |" * 6)
    with tempfile.TemporaryDirectory() as folder:
        whole = specimens(Path(folder, "good"))
        for name in sys.argv[2:] or whole:
            ends: Counter[str] = Counter()
            slowest = 0.0
            for number in range(count):
                end, took = _tried(whole[name], Path(folder, "bad"), f"{name} {number}", number)
                ends[end.split()[0]] += 1
                ends["late"] += took > BAR_S
                slowest = max(slowest, took)
            bad += ends["CRASH"] + ends["late"]
            told = " | ".join(str(ends[end]) for end in ("read", "refused", "CRASH", "late"))
            print(f"| {name} | {count} | {told} | {slowest:.1f} s |", flush=True)
    return int(bad > 0)


def _tried(good: Path, folder: Path, seed: str, number: int) -> tuple[str, float]:
    """Damage one file and return how reading it ended, and its seconds; what is bad is kept."""
    victim = mutated(good, folder, random.Random(seed))
    end, took = _timed(victim, number)
    if took > BAR_S:  # a machine with other work is slow once; what hangs hangs again
        end, again = _timed(victim, number)
        took = min(took, again)
    if end.startswith("CRASH") or took > BAR_S:
        kept = Path(tempfile.gettempdir(), f"fuzz-{seed.replace(' ', '-')}")
        shutil.copytree(victim.parent, kept, dirs_exist_ok=True)
        print(f"{end} after {took:.1f} s: {kept}", file=sys.stderr)
    return end, took


def _timed(victim: Path, number: int) -> tuple[str, float]:
    start = time.perf_counter()
    end = read_outcome(victim, through_child=number % CHILD_EVERY == CHILD_EVERY - 1)
    return end, time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
