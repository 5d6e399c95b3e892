"""Revisions of 100,000 buildings with 1 % changed: freezing, comparing, opening, growing, merging.

Run from the checkout:

    python -m tests.bench.revisions [--count 100000] [--revisions 200] [--geodiff PYTHON]

Prints each case beside its bar, in seconds of processor time (the machine may be shared; the clock on
the wall is in brackets). The peer of freezing is pygeodiff's changeset of the very same
change; it is no dependency, so name an interpreter that has it, or that line says so.
"""

from __future__ import annotations

import argparse
import gc
import random
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

from shapely.affinity import translate

from gis.project import Project
from gis.revisions.compare import compare
from gis.store.blobs import to_blobs
from gis.store.connection import connect
from layers.changes import Change, ChangeSet
from layers.feature import new_uid
from layers.text import same
from sample_data.large import LAYER, write_large

GEODIFF = """
import sys, time, os, pygeodiff
base, changed, out, *skipped = sys.argv[1:]
diff = pygeodiff.GeoDiff()
diff.set_tables_to_skip(skipped)
times = []
for _ in range(3):
    start = time.process_time()
    diff.create_changeset(base, changed, out)
    times.append(time.process_time() - start)
print(min(times), os.path.getsize(out))
"""


class Seconds(float):
    """Seconds of processor time, with those on the wall."""

    wall: float = 0.0


def timed(act: Callable[[], object]) -> Seconds:
    """Return the time of one call."""
    gc.collect()
    start, wall = process_time(), perf_counter()
    act()
    taken = Seconds(process_time() - start)
    taken.wall = perf_counter() - wall
    return taken


def one_percent(project: Project, seed: int, share: float = 0.01) -> ChangeSet:
    """Return a change of 1 %: 40 % attributes, 30 % moved, 15 % removed, 15 % added."""
    chance = random.Random(seed)
    table = project.snapshot.layers[LAYER].table
    chosen = chance.sample(range(len(table)), round(len(table) * share))
    changes = []
    for number, index in enumerate(chosen):
        feature, part = table.at(index), number / len(chosen)
        if part < 0.40:
            after = feature.with_attributes(floors=chance.randint(7, 30), name=f"改{number}")
            changes.append(Change(LAYER, feature, after))
        elif part < 0.70:
            moved = translate(feature.geometry, chance.uniform(1, 9), chance.uniform(1, 9))
            changes.append(Change(LAYER, feature, feature.with_geometry(moved)))
        elif part < 0.85:
            changes.append(Change(LAYER, feature, None))
        else:
            copy = type(feature)(new_uid(), translate(feature.geometry, 5, 5), feature.attributes)
            changes.append(Change(LAYER, None, copy))
    return ChangeSet.of(changes)


def rows_bytes(changes: ChangeSet) -> int:
    """Return the size of the changed rows as the feature table holds them: shape with header, id, values."""
    rows = [c.after for c in changes if c.after is not None]
    blobs = sum(len(blob or b"") for blob in to_blobs([f.geometry for f in rows], 0)[0])
    return blobs + sum(
        len(f.uid) + sum(len(str(v)) for v in f.attributes.values() if v is not None) for f in rows
    )


def used_bytes(path: Path) -> int:
    """Return how much of a file is in use: pages that are free count for nothing."""
    db = connect(path, read_only=True)
    pages = db.pragma("page_count") - db.pragma("freelist_count")
    size = int(pages) * int(db.pragma("page_size"))
    db.close()
    return size


class Board:
    """Prints what was measured, with its bar."""

    def __init__(self) -> None:
        self.met = True

    def line(self, name: str, value: float, bar: float, unit: str = "s") -> None:
        """Print one case."""
        self.met &= value <= bar
        verdict = "ok" if value <= bar else "MISSED"
        wall = f"({value.wall:.2f})" if isinstance(value, Seconds) else ""
        print(f"{name:<58} {value:8.3f} {unit} {wall:<8} bar {bar:g} {unit}  {verdict}", flush=True)

    def fact(self, name: str, value: float) -> None:
        """Print a time without a bar."""
        wall = f"({value.wall:.2f})" if isinstance(value, Seconds) else ""
        print(f"{name:<58} {value:8.3f} s {wall}", flush=True)


def freezing(board: Board, project: Project, folder: Path, geodiff: str | None) -> None:
    """Freeze 1 % changed, three times, beside pygeodiff's changeset of the last one."""
    applied, frozen, grown = [], [], []
    for seed in range(3):
        project.save_copy(folder / "before.gpkg")
        size = used_bytes(project.path)
        changes = one_percent(project, seed)
        applied.append(timed(lambda c=changes: project.apply(c, same("1 %"))))
        frozen.append(timed(lambda: project.freeze("1 %")))
        grown.append((used_bytes(project.path) - size) / rows_bytes(changes))
    board.fact("write the change of 1 % itself, one step", min(applied))
    board.line("freeze, 1 % of the features changed", min(frozen), 1.0)
    board.line("growth of the file / changed rows (step and revision)", min(grown), 2.0, "x")
    if geodiff is None:
        print("pygeodiff: not asked (--geodiff PYTHON)")
        return
    project.save_copy(folder / "after.gpkg")
    with connect(folder / "after.gpkg", read_only=True) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    skipped = [n for n in names if n.startswith("pb_")]
    command = [geodiff, "-c", GEODIFF, *map(str, (folder / "before.gpkg", folder / "after.gpkg"))]
    said = subprocess.run([*command, str(folder / "x"), *skipped], capture_output=True, text=True, check=True)
    peer, size = (float(word) for word in said.stdout.split())
    board.fact(f"pygeodiff, changeset of the same change ({size / 1000:,.0f} kB)", peer)
    board.line("freeze / pygeodiff", min(frozen) / peer, 0.5, "x")


def comparing(project: Project, before: str, after: str) -> Seconds:
    """Compare two revisions, both at hand as when they are looked at."""
    old, new = project.state(before), project.state(after)
    return min(timed(lambda: compare(old, new, project.changes_between(before, after))) for _ in range(3))


def in_file(path: Path) -> Seconds:
    """Compare two early revisions of a file."""
    with Project.open(path, read_only=True) as project:
        return comparing(project, "R2", "R3")


class Opening(NamedTuple):
    """Least times of opening a file, and a revision of it.

    Parameters
    ----------
    plan : Seconds
        The current plan on screen.
    pages : Seconds
        Every page of the file looked at, which a window does in the background.
    seen : Seconds
        The revision on screen.
    proven : Seconds
        The revision read and proven by its digest, which a window does in the background.
    """

    plan: Seconds
    pages: Seconds
    seen: Seconds
    proven: Seconds


def opening(paths: Sequence[Path], labels: Sequence[str]) -> list[Opening]:
    """Open current plans and a revision of each, in turn; return the least times."""
    times: list[list[Opening]] = [[] for _ in paths]
    for _ in range(5):
        for place, (path, label) in enumerate(zip(paths, labels, strict=True)):
            projects: list[Project] = []
            now = timed(lambda kept=projects, p=path: kept.append(Project.open(p, read_only=True)))
            with projects[0] as project:
                seen = timed(lambda p=project, x=label: p.look(x))
                proven = timed(lambda p=project, x=label: p.state(x))
                times[place].append(Opening(now, timed(project.check_whole), seen, proven))
    return [Opening(*map(min, zip(*found, strict=True))) for found in times]


def opening_lines(board: Board, few: Path, path: Path, total: int) -> None:
    """Print how long a person waits for the plan and for revisions, and until all is proven."""
    with Project.open(few, read_only=True) as project:
        near, first = project.revisions[-2].label, project.revisions[0].label
    with Project.open(path, read_only=True) as project:
        before = project.revisions[-2].label
    found = opening([few, few, few, path, path], [near, "R3", first, before, first])
    few_near, old, few_first, many_near, many_first = found
    plan, later = min(f.plan for f in found[:3]), min(f.plan for f in found[3:])
    board.fact("open the current plan: on screen", plan)
    board.fact("its pages looked at, in the background", old.pages)
    board.fact("open an old revision (R3 of 7): on screen", old.seen)
    board.fact("it is proven, in the background", old.proven)
    board.line("open an old revision (R3) / the current plan, on screen", old.seen / plan, 1.5, "x")
    both = old.proven / (plan + old.pages)
    board.line("the same, both proven", both, 1.5, "x")
    board.line(f"open the first of {total} / the current plan, on screen", many_first.seen / later, 1.5, "x")
    both = many_first.proven / (later + many_first.pages)
    board.line("the same, both proven", both, 1.5, "x")
    board.line(f"open with {total} revisions / with 7", later / plan, 1.1, "x")
    board.line(f"open the last but one with {total} / with 7", many_near.seen / few_near.seen, 1.1, "x")
    board.fact(f"open the first of {total}: on screen", many_first.seen)
    board.fact("open the first of 7: on screen", few_first.seen)
    board.line(
        f"the first of {total} / the first of 7 (86 and 6 % of all rows)",
        many_first.seen / few_first.seen,
        1.1,
        "x",
    )
    board.fact(f"prove the last but one of {total}", many_near.proven)
    board.fact("prove the last but one of 7", few_near.proven)


def merging(board: Board, project: Project, folder: Path) -> None:
    """Merge a copy; 1 % changed on each side."""
    project.save_copy(folder / "copy.gpkg")
    with Project.open(folder / "copy.gpkg") as other:
        other.apply(one_percent(other, 22), same("theirs"))
        other.freeze("theirs")
    project.apply(one_percent(project, 33), same("ours"))
    merges = []
    planned = timed(lambda: merges.append(project.plan_merge(folder / "copy.gpkg")))
    (merge,) = merges
    decisions = {c.id: "theirs" for c in merge.conflicts}
    done = timed(lambda: project.apply_merge(merge, decisions))
    merge.close()
    both = Seconds(planned + done)
    both.wall = planned.wall + done.wall
    board.line(f"merge two copies, 1 % changed each ({len(merge.conflicts)} conflicts)", both, 3.0)


def switching(board: Board, project: Project) -> None:
    """Switch to another branch that differs in 1 %, and back."""
    project.create_branch("方案A")
    project.switch_branch("方案A")
    project.apply(one_percent(project, 4), same("A"))
    seconds = [timed(lambda: project.switch_branch("main")), timed(lambda: project.switch_branch("方案A"))]
    board.fact("switch to a branch that differs in 1 %", min(seconds))
    board.fact("its state beside, without switching", timed(lambda: project.branch_state("main")))
    project.switch_branch("main")


def many(project: Project, total: int, share: float = 0.01) -> None:
    """Freeze revisions with 1 % changed until there are so many."""
    while len(project.revisions) < total:
        project.apply(one_percent(project, 100 + len(project.revisions), share), same("x"))
        project.freeze("x")


def main() -> int:
    """Run all cases; 1 if a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--revisions", type=int, default=200)
    parser.add_argument("--geodiff", metavar="PYTHON")
    args = parser.parse_args()
    board = Board()
    with tempfile.TemporaryDirectory(prefix="planboard-bench-") as name:
        folder = Path(name)
        path, few = folder / "big.gpkg", folder / "few.gpkg"
        board.fact(f"write {args.count:,} buildings", timed(lambda: write_large(path, args.count)))
        with Project.open(path) as project:
            project.freeze("R1")
            freezing(board, project, folder, args.geodiff)
            compared = comparing(project, "R2", "R3")
            board.line("compare R2 and R3", compared, 0.5)
            merging(board, project, folder)
            switching(board, project)
            many(project, 7)
            project.save_copy(few)
            many(project, args.revisions)
        opening_lines(board, few, path, args.revisions)
        early, late = (in_file(p) for p in (few, path))
        board.line(f"compare R2 and R3 with {args.revisions} revisions / with 7", late / early, 1.1, "x")
    return 0 if board.met else 1


if __name__ == "__main__":
    raise SystemExit(main())
