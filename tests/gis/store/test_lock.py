"""One writer at a time: the sidecar lock between processes, links and machines."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from gis.project import Project
from gis.store.lock import lock_path
from tests.gis.store.plans import content, house, put

HOLD = """
import sys
sys.path.insert(0, sys.argv[2])
from gis.project import Project
project = Project.open(sys.argv[1])
print("read-only" if project.read_only else "open", flush=True)
sys.stdin.readline()
project.close()
"""


@pytest.fixture
def holder(path):
    """Start other processes that open the project until told to end."""
    started = []

    def start(target=path):
        child = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(target), os.getcwd()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(child)
        assert child.stdout is not None
        return child, child.stdout.readline().strip()

    yield start
    for child in started:
        if child.poll() is None:
            child.kill()
        child.communicate(timeout=30)


@pytest.fixture
def made(project):
    put(project, house("a"))
    project.close()
    return project.path


def test_the_second_process_reads_and_is_told_who_writes(made, holder):
    child, said = holder()
    assert said == "open"
    with Project.open(made) as second:
        assert second.read_only
        name = json.loads(lock_path(made).read_text())["host"]
        assert name in second.read_only_reason.zh
        assert len(second.snapshot.layers["building"].table) == 1
    child.communicate("\n", timeout=30)
    with Project.open(made) as third:
        assert not third.read_only
    assert not lock_path(made).exists()


def test_a_second_opening_in_the_same_process_reads_only(made):
    with Project.open(made) as first, Project.open(made) as second:
        assert (first.read_only, second.read_only) == (False, True)


def test_closing_the_reader_leaves_the_writer_its_lock(made):
    with Project.open(made) as writer:
        Project.open(made).close()
        put(writer, house("b", 20))
        assert lock_path(made).exists()
        with Project.open(made) as third:
            assert third.read_only


def test_a_link_to_the_project_leads_to_the_same_lock(made, tmp_path, holder):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.gpkg"
    link.symlink_to(made)
    assert holder(link)[1] == "open"
    with Project.open(made) as second:
        assert second.read_only


def test_the_lock_of_a_killed_process_is_taken_over(made, holder):
    child, said = holder()
    assert said == "open"
    os.kill(child.pid, signal.SIGKILL)
    child.wait(timeout=30)
    assert lock_path(made).exists()
    with Project.open(made) as next_one:
        assert not next_one.read_only
        put(next_one, house("b", 20))


@pytest.mark.parametrize(("age_s", "read_only"), [(10, True), (300, False)])
def test_a_lock_from_another_machine_holds_until_it_is_old(made, age_s, read_only):
    lock = lock_path(made)
    lock.write_text(
        json.dumps({"host": "office-7", "user": "王", "pid": 1, "since": "2020-07-25T09:00:00+08:00"})
    )
    then = time.time() - age_s
    os.utime(lock, (then, then))
    with Project.open(made) as project:
        assert project.read_only == read_only
        if read_only:
            assert "office-7" in project.read_only_reason.en
            assert "王" in project.read_only_reason.en


def test_a_beat_keeps_the_lock_young(made):
    with Project.open(made) as project:
        os.utime(lock_path(made), (0, 0))
        project.beat()
        assert time.time() - lock_path(made).stat().st_mtime < 60


@pytest.mark.parametrize("garbage", [b"", b"\xff\xfe", b"[1]", b'{"pid": "x"}'])
def test_a_garbled_lock_file_does_not_lock_anybody_out(made, garbage):
    lock_path(made).write_bytes(garbage)
    with Project.open(made) as project:
        assert not project.read_only


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_cannot_be_written_opens_read_only_and_says_why(made, what):
    target = made if what == "file" else made.parent
    before = made.read_bytes()
    mode = target.stat().st_mode
    target.chmod(0o444 if what == "file" else 0o555)
    try:
        with Project.open(made) as project:
            assert project.read_only
            assert project.read_only_reason.en.startswith("The file" if what == "file" else "Its folder")
            assert content(project.snapshot)["features"]
        assert not lock_path(made).exists()
    finally:
        target.chmod(mode)
    assert made.read_bytes() == before
