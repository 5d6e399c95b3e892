"""Kill -9 and power cuts at any moment lose at most the step in flight."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import apsw
import pytest

from gis.project import Project
from gis.store.connection import connect
from tests.gis.store import edit_series
from tests.gis.store.faulty_disk import Remembering
from tests.gis.store.plans import content

POINTS = 60
SCRIPT = [sys.executable, edit_series.__file__]


def whole(project):
    """Return all of a project that a step can change."""
    return (
        content(project.snapshot),
        [r.label for r in project.revisions],
        [s.label for s in project.history.done],
    )


def photos(path):
    db = connect(path, read_only=True)
    count = db.execute("SELECT count(*) FROM pb_photo").get
    db.close()
    return count


@pytest.fixture
def memory():
    """A folder in memory where there is one: a kill does not ask whether a sync reached a disk."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place, prefix="planboard-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    path = tmp_path_factory.mktemp("base") / "base.gpkg"
    edit_series.make_base(path)
    return path


@pytest.fixture(scope="module")
def states(base, tmp_path_factory):
    """What the project is after each step of the series, nothing going wrong."""
    path = tmp_path_factory.mktemp("states") / "p.gpkg"
    shutil.copy(base, path)
    with Project.open(path) as project:
        found = [(*whole(project), 0)]
        for step in edit_series.SERIES:
            step(project)
            found.append((*whole(project), photos(path)))
    return found


def check(path: Path, states, done: int) -> int:
    """Open what is left; it must be the state after the last acknowledged step or after the one in flight."""
    with Project.open(path) as project:
        assert project.findings == ()
        left = (*whole(project), photos(path))
        allowed = states[done : done + 2]
        assert left in allowed, f"neither step {done} nor {done + 1}"
        for revision in project.revisions:
            project.state(revision.label)
        project.switch_branch("main")
        while project.undo() is not None:
            pass
        assert project.snapshot.layers["building"].table.uids.tolist() == []
    db = connect(path, read_only=True)
    assert db.execute("PRAGMA integrity_check").get == "ok"
    for table in ("building", "tree"):
        indexed = db.execute(f"SELECT count(*) FROM rtree_{table}_geom").get
        assert indexed == db.execute(f"SELECT count(*) FROM {table} WHERE NOT ST_IsEmpty(geom)").get
    db.close()
    return done + allowed.index(left)


def points_of(total: int) -> list[int]:
    """Return the operations to be killed at: POINTS of them evenly, or all of them."""
    if os.environ.get("PLANBOARD_KILL_EVERYWHERE"):
        return list(range(1, total + 1))
    return sorted({round(1 + i * (total - 1) / (POINTS - 1)) for i in range(POINTS)})


def test_a_kill_at_any_moment_leaves_the_step_before_or_the_step_after(base, states, memory):
    counted = memory / "counted.gpkg"
    shutil.copy(base, counted)
    total = int(
        subprocess.run([*SCRIPT, str(counted), "count"], capture_output=True, text=True, timeout=60).stdout
    )
    assert total > 300
    points = points_of(total)
    subprocess.run(
        [*SCRIPT, str(base), str(memory), *map(str, points)], check=True, timeout=30 + 2 * len(points)
    )
    reached = []
    for point in points:
        said = memory / f"{point}.done"
        done = int(said.read_text()) if said.exists() else 0
        assert (memory / f"{point}.gpkg.lock").exists(), "the process ended by itself"
        reached.append(check(memory / f"{point}.gpkg", states, done))
    assert len(set(reached)) > len(states) // 2, "the kills should have met most of the steps"


def test_a_power_cut_leaves_every_step_that_was_acknowledged(base, states, tmp_path):
    live = tmp_path / "live.gpkg"
    shutil.copy(base, live)
    start = live.read_bytes()
    disk = Remembering()
    try:
        disk.durable[str(live)] = start
        left = []
        with Project.open(live) as project:
            left.append(dict(disk.durable))
            for step in edit_series.SERIES:
                step(project)
                left.append(dict(disk.durable))
    finally:
        disk.unregister()
    for number, files in enumerate(left):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, data in files.items():
            (folder / Path(name).name).write_bytes(data)
        with Project.open(folder / "live.gpkg") as project:
            assert (*whole(project), photos(folder / "live.gpkg")) == states[number]


def test_a_hot_journal_left_by_a_crash_is_rolled_back_even_in_a_folder_that_cannot_be_written(base, tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    path = folder / "p.gpkg"
    shutil.copy(base, path)
    child = os.fork()
    if child == 0:
        db = apsw.Connection(str(path))
        db.execute("PRAGMA cache_size = 2")
        db.execute("BEGIN IMMEDIATE")
        db.execute("CREATE TABLE junk(x)")
        for _ in range(200):
            db.execute("INSERT INTO junk VALUES (zeroblob(3000))")
        os._exit(0)
    os.waitpid(child, 0)
    assert (folder / "p.gpkg-journal").stat().st_size > 0
    before = path.read_bytes()
    path.chmod(0o444)
    folder.chmod(0o555)
    try:
        with Project.open(path) as project:
            assert project.read_only
            assert set(project.snapshot.layers["building"].table.uids) == {"a", "b"}
    finally:
        folder.chmod(0o755)
        path.chmod(0o644)
    assert path.read_bytes() == before
