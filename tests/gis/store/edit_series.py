"""A series of steps of every kind; run as a script, it does them until it is killed, once per kill point.

``edit_series.py BASE FOLDER POINT...`` copies BASE to ``FOLDER/POINT.gpkg`` for
each point, and does the series there in a process of its own that is killed at
its POINT-th file operation. ``FOLDER/POINT.done`` says how many steps had
returned. Prints the number of operations of the whole series.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, os.fspath(Path(__file__).resolve().parents[3]))

from gis.project import Project
from layers.changes import Change, ChangeSet, SettingChange
from tests.gis.store.faulty_disk import Countdown, FaultyDisk, kill
from tests.gis.store.plans import EDIT, comment, drop, house, put


def moved_and_told(project: Project) -> ChangeSet:
    """Return a change of the plan and of what was told, as one step."""
    now = project.snapshot.feature
    after = [("building", house("a", 9)), ("building", house("x", 300)), ("comment", comment("c1", "又说"))]
    return ChangeSet.of(Change(layer, now((layer, f.uid)), f) for layer, f in after)


PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 5000

SERIES: tuple[Callable[[Project], object], ...] = (
    lambda p: put(p, *(house(f"n{i}", i * 12) for i in range(30))),
    lambda p: put(p, house("a", 5)),
    lambda p: put(p, comment("c1"), layer="comment"),
    lambda p: drop(p, "b", "n3", "n4"),
    lambda p: p.apply(ChangeSet({}, {"project.note": SettingChange(None, "改")}), EDIT),
    lambda p: p.undo(),
    lambda p: p.undo(),
    lambda p: p.redo(),
    lambda p: p.freeze("二稿"),
    lambda p: p.restore("R1"),
    lambda p: p.add_photo(PNG, "x.png"),
    lambda p: p.create_branch("方案A", "R1"),
    lambda p: p.switch_branch("方案A"),
    lambda p: p.apply(moved_and_told(p), EDIT),
    lambda p: p.freeze("甲"),
    lambda p: p.switch_branch("main"),
    lambda p: p.apply_merge(p.plan_adopt("方案A")),
    lambda p: p.freeze("合并"),
)


def make_base(path: Path) -> None:
    """Write the project that the series begins with."""
    with Project.create(path, "t", "EPSG:4548") as project:
        put(project, house("a"), house("b", 20))
        project.freeze("一稿")


def run(path: Path, at: int, done: Path | None) -> int:
    """Do the series; the process is killed at an operation. Returns the number of operations."""
    disk_calls = Countdown(at, kill)
    disk = FaultyDisk(disk_calls)
    project = Project.open(path)
    for number, step in enumerate(SERIES, 1):
        step(project)
        if done is not None:
            # Replaced, not overwritten: a kill between emptying and writing would forget acknowledged steps.
            beside = done.with_suffix(".next")
            beside.write_text(str(number))
            os.replace(beside, done)
    project.close()
    disk.unregister()
    return disk_calls.count


def main(base: Path, folder: Path, points: list[int]) -> None:
    for point in points:
        path = folder / f"{point}.gpkg"
        shutil.copy(base, path)
        child = os.fork()
        if child == 0:
            run(path, point, folder / f"{point}.done")
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(run(Path(sys.argv[1]), -1, None))  # noqa: T201
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]), [int(a) for a in sys.argv[3:]])
