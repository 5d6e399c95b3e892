"""Nothing in this process but the store opens a live project; so another process stays locked out."""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

import pytest

from gis.project import Project
from gis.store import guard
from gis.store.connection import transaction
from layers.errors import RefusedError
from tests.gis.store.plans import house, put

WRITER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=0.2)
try:
    db.execute("UPDATE pb_meta SET value = value")
    db.commit()
    print("wrote")
except sqlite3.OperationalError as error:
    print(error)
"""


@pytest.mark.parametrize(
    "touch",
    [
        lambda p, _: open(p, "rb"),  # noqa: SIM115
        lambda p, _: open(os.fsencode(p)),  # noqa: SIM115
        lambda p, _: os.open(p, os.O_RDONLY),
        lambda p, _: pathlib.Path(p).read_bytes(),
        lambda p, t: shutil.copy(p, t / "copy.gpkg"),
        lambda p, _: sqlite3.connect(p),
        lambda p, _: sqlite3.connect(f"file:{p}?mode=ro", uri=True),
        lambda p, _: guard.refuse_if_live(p),
    ],
)
def test_opening_a_live_project_otherwise_is_refused_by_any_name(project, tmp_path, touch):
    link = tmp_path / "link.gpkg"
    link.symlink_to(project.path)
    for path in (project.path, link):
        with pytest.raises(RefusedError) as refused:
            touch(str(path), tmp_path)
        assert refused.value.code == "file.live"


def test_a_closed_project_is_a_file_like_any_other(project):
    project.close()
    assert project.path.read_bytes()[:6] == b"SQLite"


def test_a_project_stays_guarded_until_its_last_opening_is_closed(project):
    reader = Project.open(project.path)
    reader.close()
    assert guard.is_live(project.path)
    project.close()
    assert not guard.is_live(project.path)


def test_other_files_are_not_the_business_of_the_guard(project, tmp_path):
    (tmp_path / "x.txt").write_text("x")
    assert not guard.is_live(tmp_path / "x.txt")
    assert not guard.is_live(tmp_path / "not there")
    assert not guard.is_live(7)


def test_a_copy_never_goes_over_a_live_project(project, tmp_path):
    with pytest.raises(RefusedError):
        project.save_copy(project.path)
    with Project.create(tmp_path / "q.gpkg", "q", "EPSG:4548") as other, pytest.raises(RefusedError):
        project.save_copy(other.path)


def test_another_process_stays_locked_out_of_an_open_transaction_whatever_is_tried_here(project):
    put(project, house("a"))
    db = project._store.db
    with transaction(db):
        db.execute("UPDATE pb_meta SET value = value")
        for touch in (lambda: project.path.read_bytes(), lambda: sqlite3.connect(project.path)):
            with pytest.raises(RefusedError):
                touch()
        Project.open(project.path, read_only=True).close()
        said = subprocess.run(
            [sys.executable, "-c", WRITER, str(project.path)], capture_output=True, text=True, timeout=60
        ).stdout
    assert said.strip() == "database is locked"
    assert db.execute("PRAGMA integrity_check").get == "ok"


def test_without_the_guard_the_other_process_would_get_in(project, monkeypatch):
    """The danger is real: this is what the guard is for."""
    if sys.platform == "win32":
        pytest.skip("locks belong to handles on Windows")
    monkeypatch.setattr(guard, "_live", type(guard._live)())
    db = project._store.db
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE pb_meta SET value = value")
    project.path.read_bytes()
    said = subprocess.run(
        [sys.executable, "-c", WRITER, str(project.path)], capture_output=True, text=True, timeout=60
    ).stdout
    db.execute("ROLLBACK")
    monkeypatch.undo()
    assert said.strip() == "wrote"
