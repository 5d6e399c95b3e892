"""Hundreds of interrupted edit series: what is left of the project each time.

Run from the checkout:

    python -m tests.bench.reliability [--runs 300] [--seed 1]

Every run does the same series of steps (edits, undo, redo, freezing, branches, merging, a photo) on a
fresh copy, and something goes wrong at one moment: the process is killed at a write, sync, truncation
or deletion (a write is torn in half), or after a random time; the disk is full, or fails, at one
operation; the power is cut, and what was not synced is gone. Then the project is opened, and must
hold the plan after the last step that was acknowledged, or after the one in flight; all revisions
must match their digests, and the doctor must find nothing.

Then finished files are damaged: cut off, bits and bytes changed, a page emptied, the journal of a
crash deleted. Each must be whole all the same, or the damage must be named; looking at it must not
change it; and the readable rest is saved beside. Prints two tables with counts.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gis.project import Project
from gis.store.doctor import examine
from layers.errors import PlanboardError
from tests.bench.damage import DAMAGES, Verdicts, damage_files, judge_damaged
from tests.gis.store import edit_series
from tests.gis.store.faulty_disk import Countdown, FaultyDisk, Remembering, fail, fill
from tests.gis.store.plans import content, house, put

SCRIPT = [sys.executable, "-m", "tests.gis.store.edit_series"]
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Tally:
    """What became of the runs of one kind of fault."""

    runs: int = 0
    before: int = 0
    after: int = 0
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    met: set[int] = field(default_factory=set)


State = tuple[object, ...]


def whole(project: Project) -> State:
    """Return everything that a step can change."""
    return (
        content(project.snapshot),
        [(r.label, r.parent, r.merge_parent, r.digest) for r in project.revisions],
        [s.label for s in project.history.done],
        [(b.name, b.head, b.current) for b in project.branches],
    )


def states_of(base: Path, folder: Path) -> list[State]:
    """Return what the project is before the series and after each step, nothing going wrong."""
    path = folder / "states.gpkg"
    shutil.copy(base, path)
    with Project.open(path) as project:
        found = [whole(project)]
        for step in edit_series.SERIES:
            step(project)
            found.append(whole(project))
    return found


@dataclass(frozen=True)
class Case:
    """One kind of fault: where, how often, and what the project may be."""

    base: Path
    folder: Path
    runs: int
    chance: random.Random
    states: list[State]
    tally: Tally

    def copy(self, name: str) -> Path:
        """Return a fresh copy of the project."""
        path = self.folder / name
        shutil.copy(self.base, path)
        return path

    def points(self) -> list[int]:
        """Choose operations of the series at which something goes wrong."""
        path = self.copy("counted.gpkg")
        command = [*SCRIPT, str(path), "count"]
        total = int(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout)
        return sorted(self.chance.sample(range(1, total + 1), min(self.runs, total)))


def judge(path: Path, done: int, case: Case) -> None:
    """Open what is left and say which state it is."""
    tally, allowed = case.tally, case.states[done : done + 2]
    tally.runs += 1
    wrong = [f.code for f in examine(path).findings if f.severity != "info"]
    try:
        with Project.open(path) as project:
            left = whole(project)
            for revision in project.revisions:
                project.state(revision.label)
    except PlanboardError as error:
        tally.lost.append(f"{path.name}: {error}")
        return
    if wrong or left not in allowed:
        found = case.states.index(left) if left in case.states else "no"
        tally.lost.append(f"{path.name}: after {done} steps it is in {found} state, {wrong}")
        return
    moved = allowed.index(left)
    tally.met.add(done + moved)
    tally.before += not moved
    tally.after += moved


def at_operations(case: Case) -> None:
    """Kill at single operations, spread over the series."""
    points = case.points()
    command = [*SCRIPT, str(case.base), str(case.folder), *map(str, points)]
    subprocess.run(command, check=True, cwd=ROOT)
    for point in points:
        judge(case.folder / f"{point}.gpkg", steps_done(case.folder / f"{point}.done"), case)


def steps_done(path: Path) -> int:
    """Return how many steps had returned when the process ended."""
    return int(path.read_text()) if path.exists() else 0


def at_times(case: Case) -> None:
    """Kill after random times, by a signal from outside."""
    path = case.copy("timed.gpkg")
    start = time.perf_counter()
    edit_series.run(path, -1, case.folder / "timed.done")
    longest = time.perf_counter() - start
    for run in range(case.runs):
        path, done = case.copy(f"time-{run}.gpkg"), case.folder / f"time-{run}.done"
        child = os.fork()
        if child == 0:
            edit_series.run(path, -1, done)
            os._exit(0)
        time.sleep(case.chance.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        judge(path, steps_done(done), case)


def with_errors(case: Case, act: Callable[[Callable[[], None] | None], None]) -> None:
    """Let one operation fail; the series goes no further."""
    for point in case.points():
        path = case.copy(f"error-{point}.gpkg")
        disk = FaultyDisk(Countdown(point, act))
        done = 0
        try:
            with Project.open(path) as project:
                for step in edit_series.SERIES:
                    step(project)
                    done += 1
        except PlanboardError:
            case.tally.refused += 1
        finally:
            disk.unregister()
        judge(path, done, case)


def with_power_cuts(case: Case) -> None:
    """Keep of each file only what was synced, at random operations."""
    points, path = set(case.points()), case.copy("live.gpkg")
    kept: list[tuple[int, dict[str, bytes]]] = []
    disk = Remembering()
    count = done = 0

    def noted(_kind: str, _write: object) -> None:
        nonlocal count
        count += 1
        if count in points:
            kept.append((done, dict(disk.durable)))

    disk.durable[str(path)] = path.read_bytes()
    disk.on_operation = noted
    try:
        with Project.open(path) as project:
            for step in edit_series.SERIES:
                step(project)
                done += 1
    finally:
        disk.unregister()
    for number, (steps, files) in enumerate(kept):
        place = case.folder / f"cut-{number}"
        place.mkdir()
        for name, data in files.items():
            (place / Path(name).name).write_bytes(data)
        judge(place / "live.gpkg", steps, case)


def without_journal(case: Case, verdicts: Verdicts) -> None:
    """Kill at single operations and delete the journal that the crash left."""
    points = case.points()
    command = [*SCRIPT, str(case.base), str(case.folder), *map(str, points)]
    subprocess.run(command, check=True, cwd=ROOT)
    for point in points:
        path = case.folder / f"{point}.gpkg"
        journal = path.with_name(path.name + "-journal")
        if journal.exists():
            journal.unlink()
            done = steps_done(case.folder / f"{point}.done")
            judge_damaged(path, case.states[done : done + 2], verdicts, whole)


def damaged(runs: int, chance: random.Random, memory: str | None) -> dict[str, Verdicts]:
    """Damage finished projects in every way."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="planboard-", dir=memory) as name:
        folder = Path(name)
        base = folder / "finished.gpkg"
        edit_series.make_base(base)
        edit_series.run(base, -1, None)
        with Project.open(base) as project:
            put(project, *(house(f"{i:032x}", i * 12.0) for i in range(400)))
            project.freeze("四百栋")
        for kind, damage in DAMAGES.items():
            found[kind] = damage_files(base, folder, runs, chance, damage, whole)
    with tempfile.TemporaryDirectory(prefix="planboard-", dir=memory) as name:
        folder = Path(name)
        base = folder / "base.gpkg"
        edit_series.make_base(base)
        case = Case(base, folder, runs, chance, states_of(base, folder), Tally())
        verdicts = found["the journal of a crash deleted"] = Verdicts()
        without_journal(case, verdicts)
    return found


def main() -> int:
    """Run everything and print the tables; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chance = random.Random(args.seed)
    fifth = max(args.runs // 5, 1)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    cases = (
        ("kill -9 at a write, sync or deletion", at_operations, 2),
        ("kill -9 after a random time", at_times, 1),
        ("power cut: only what was synced is left", with_power_cuts, 1),
        ("disk full at one operation", lambda case: with_errors(case, fill), 0.5),
        ("disk fails at one operation", lambda case: with_errors(case, fail), 0.5),
    )
    tallies: dict[str, Tally] = {}
    start = time.perf_counter()
    for name, act, share in cases:
        with tempfile.TemporaryDirectory(prefix="planboard-", dir=memory) as folder:
            base = Path(folder, "base.gpkg")
            edit_series.make_base(base)
            tallies[name] = Tally()
            runs = round(fifth * share)
            act(Case(base, Path(folder), runs, chance, states_of(base, Path(folder)), tallies[name]))
    status = show(tallies, time.perf_counter() - start)
    return show_damaged(damaged(fifth, chance, memory)) or status


def show(tallies: dict[str, Tally], seconds: float) -> int:
    """Print the table as Markdown."""
    print("| what goes wrong | runs | step before | step in flight | acknowledged work lost |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, t in tallies.items():
        print(f"| {name} | {t.runs} | {t.before} | {t.after} | {len(t.lost)} |")
    sums = Counter({k: sum(getattr(t, k) for t in tallies.values()) for k in ("runs", "before", "after")})
    lost = [words for t in tallies.values() for words in t.lost]
    print(f"| together | {sums['runs']} | {sums['before']} | {sums['after']} | {len(lost)} |")
    met = set().union(*(t.met for t in tallies.values()))
    print(f"\n{len(met)} of {len(edit_series.SERIES) + 1} states met; {seconds:.0f} s", *lost, sep="\n")
    return 1 if lost else 0


def show_damaged(found: dict[str, Verdicts]) -> int:
    """Print what became of the damaged files as Markdown."""
    print(
        "\n| what is done to the file | runs | unharmed | damage named | of these, rest saved | not noticed |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, v in found.items():
        print(f"| {name} | {v.runs} | {v.unharmed} | {v.named} | {v.saved} | {len(v.lost)} |")
    lost = [words for v in found.values() for words in v.lost]
    print(*lost, sep="\n")
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
