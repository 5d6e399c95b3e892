"""Damaged files of every format, thousands of them: ``python -m tests.bench.fuzz [COUNT]``.

Each is a small good file with bytes flipped, cut, doubled or exchanged. Reading it must end within 10 s
with a table or a clear error; the process that reads may not crash in a way that is not told. Readers run
in this process, one after another, so that thousands take minutes; every hundredth goes the whole way
through the child process.
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

from tests.gis.exchange.mutations import mutated, read_outcome, specimens

BAR_S = 10.0


def main() -> int:
    """Mutate, read, count; return 1 if anything crashed or hung."""
    logging.getLogger("ezdxf").setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seeds = random.Random(20260725)
    outcomes: dict[str, Counter[str]] = {}
    slowest: dict[str, float] = {}
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        whole = specimens(Path(folder, "good"))
        for number in range(count):
            name = list(whole)[number % len(whole)]
            victim = mutated(whole[name], Path(folder, "bad"), random.Random(seeds.random()))
            start = time.perf_counter()
            outcome = read_outcome(victim, through_child=number % 100 == 0)
            took = time.perf_counter() - start
            if took > BAR_S:  # a machine with other work is slow once; what hangs hangs again
                start = time.perf_counter()
                outcome = read_outcome(victim, through_child=number % 100 == 0)
                took = min(took, time.perf_counter() - start)
            outcomes.setdefault(name, Counter())[outcome] += 1
            slowest[name] = max(slowest.get(name, 0.0), took)
            if outcome.startswith("CRASH") or took > BAR_S:
                bad += 1
                kept = Path(tempfile.gettempdir(), f"fuzz-{number}")
                shutil.copytree(victim.parent, kept, dirs_exist_ok=True)
                print(f"{outcome} after {took:.1f} s: {kept}")
    print(f"{count} damaged files, {bad} crashed or took over {BAR_S:.0f} s")
    for name, found in outcomes.items():
        told = ", ".join(f"{k} {n}" for k, n in found.most_common())
        print(f"  {name:<16} slowest {slowest[name]:.2f} s   {told}")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
