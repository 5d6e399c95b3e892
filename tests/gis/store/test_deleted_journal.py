"""The side file of a crash was deleted or left behind: the damage is seen, never taken for the plan."""

import os
import shutil
import subprocess
import sys

import apsw
import pytest

from gis.project import Project
from gis.store.doctor import examine
from gis.store.salvage import salvage
from layers.errors import StorageError
from tests.gis.store import edit_series
from tests.gis.store.plans import content

SCRIPT = [sys.executable, edit_series.__file__]
POINTS = 48


@pytest.fixture(scope="module")
def crashed(tmp_path_factory):
    """Projects killed in the middle of a commit, without their journals; and the states they may be in."""
    folder = tmp_path_factory.mktemp("crashed")
    base = folder / "base.gpkg"
    edit_series.make_base(base)
    counted = folder / "counted.gpkg"
    shutil.copy(base, counted)
    said = subprocess.run([*SCRIPT, str(counted), "count"], capture_output=True, text=True, timeout=60)
    total = int(said.stdout)
    points = sorted({round(1 + i * (total - 1) / (POINTS - 1)) for i in range(POINTS)})
    subprocess.run([*SCRIPT, str(base), str(folder), *map(str, points)], check=True, timeout=200)
    left = []
    for point in points:
        path = folder / f"{point}.gpkg"
        journal = path.with_name(path.name + "-journal")
        if journal.exists() and journal.stat().st_size > 512:
            journal.unlink()
            left.append(path)
    with Project.open(counted, read_only=True):
        pass
    return left, states(base, folder)


def states(base, folder):
    path = folder / "states.gpkg"
    shutil.copy(base, path)
    with Project.open(path) as project:
        found = [content(project.snapshot)]
        for step in edit_series.SERIES:
            step(project)
            found.append(content(project.snapshot))
    return found


def opened(path):
    """Return the plan as a reader sees it, or None if the file is refused as damaged."""
    try:
        with Project.open(path, read_only=True) as project:
            for revision in project.revisions:
                project.state(revision.label)
            return content(project.snapshot)
    except StorageError:
        return None


def test_a_crashed_project_without_its_journal_is_whole_or_found_damaged_and_can_be_saved(crashed, tmp_path):
    left, allowed = crashed
    assert len(left) > POINTS // 4
    damaged = most = 0
    for path in left:
        before = path.read_bytes()
        found = examine(path)
        seen = opened(path)
        assert path.read_bytes() == before
        if found.sound:
            assert seen in allowed
            continue
        damaged += 1
        out = tmp_path / path.name
        saved = salvage(path, out)
        assert path.read_bytes() == before
        assert saved.features >= 2 or saved.doubtful  # a torn root page hides a whole table
        most = max(most, saved.features)
        assert examine(out).sound
    assert damaged, "no commit was torn: the points should have met some"
    assert most >= 20


def test_a_journal_that_belongs_to_nothing_does_no_harm(crashed, tmp_path):
    path = tmp_path / "p.gpkg"
    edit_series.make_base(path)
    with Project.open(path) as project:
        before = content(project.snapshot)
    for garbage in (b"\0" * 600, os.urandom(600), b""):
        path.with_name(path.name + "-journal").write_bytes(garbage)
        assert opened(path) == before
        with Project.open(path) as project:
            assert content(project.snapshot) == before


def test_a_deleted_wal_of_another_program_loses_its_edits_and_nothing_of_ours(tmp_path):
    path = tmp_path / "p.gpkg"
    edit_series.make_base(path)
    with Project.open(path) as project:
        before = content(project.snapshot)
    db = apsw.Connection(str(path))
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("INSERT INTO pb_meta VALUES ('x', 'y')")
    crashed = tmp_path / "crashed.gpkg"
    shutil.copy(path, crashed)  # and not its -wal
    db.close()
    assert examine(crashed).sound
    with Project.open(crashed) as project:
        assert content(project.snapshot) == before
        assert project.findings == ()
