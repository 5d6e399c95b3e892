"""One writer at a time: the sidecar lock between processes, links and machines."""

import errno
import json
import os
import signal
import subprocess
import sys
import time

import apsw
import pytest

import gis.store.branches
import gis.store.lock
import gis.store.revisions
import gis.store.steps
from gis.project import Project
from gis.store.doctor import examine
from gis.store.lock import lock_path
from layers.errors import ConflictError, ReadOnlyError
from layers.text import same
from tests.gis.store.plans import EDIT, content, house, put

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


def test_the_reader_takes_over_when_the_writer_ends_and_sees_what_was_done(made, holder):
    with Project.open(made) as writer:
        reader = Project.open(made)
        sent = []
        reader.changed.connect(sent.append)
        assert reader.read_only
        assert not reader.try_take_over()
        put(writer, house("b", 20))
        revision = writer.freeze("一稿")
        assert not reader.try_take_over()
        assert sent == []
    assert reader.try_take_over()
    assert not reader.read_only
    assert reader.read_only_reason is None
    assert [len(changes) for changes in sent] == [1]
    assert reader.revisions == (revision,)
    assert reader.history.done[-1].label == EDIT
    put(reader, house("c", 40))
    assert not reader.try_take_over()
    with Project.open(made) as third:
        assert third.read_only
    reader.close()
    assert not lock_path(made).exists()


def test_the_reader_takes_over_from_a_process_that_was_killed(made, holder):
    child, said = holder()
    assert said == "open"
    with Project.open(made) as reader:
        assert not reader.try_take_over()
        os.kill(child.pid, signal.SIGKILL)
        child.wait(timeout=30)
        assert reader.try_take_over()
        put(reader, house("b", 20))


def test_of_two_readers_only_one_takes_over_and_the_other_learns_its_name(made, holder):
    child, _ = holder()
    with Project.open(made) as first, Project.open(made) as second:
        before = second.read_only_reason
        child.communicate("\n", timeout=30)
        assert first.try_take_over()
        assert not second.try_take_over()
        assert second.read_only
        assert second.read_only_reason is not None
        assert before is not None


def test_what_is_read_only_for_another_reason_is_never_taken_over(made):
    with Project.open(made, read_only=True) as wished:
        assert not wished.try_take_over()
    made.chmod(0o444)
    try:
        with Project.open(made) as marked:
            assert not marked.try_take_over()
            assert not lock_path(made).exists()
    finally:
        made.chmod(0o644)


class LocklessDrive(apsw.VFS):
    """A drive on which the database of one project gets no lock."""

    def __init__(self, path):
        self.path, self.real, self.asked = str(path), apsw.vfs_names()[0], 0
        super().__init__("lockless", self.real, makedefault=True)

    def xOpen(self, name, flags):  # noqa: N802
        return _LocklessFile(self, name, flags)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.unregister()


class _LocklessFile(apsw.VFSFile):
    def __init__(self, drive, name, flags):
        self._drive = drive
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else name
        super().__init__(drive.real, name, flags)

    def xLock(self, level):  # noqa: N802
        if self._path == self._drive.path:
            self._drive.asked += 1
            raise apsw.BusyError("no locks here")
        super().xLock(level)


def test_a_drive_that_refuses_every_lock_opens_nothing_for_writing(made, monkeypatch):
    """Some network drives know no locks: nobody may then believe to be the only writer."""
    import fcntl

    def refused(_descriptor, _how):
        raise OSError(errno.ENOLCK, "No locks available")

    before = made.read_bytes()
    monkeypatch.setattr(fcntl, "flock", refused)
    drive = LocklessDrive(made)
    with drive, Project.open(made) as project:
        assert project.read_only
        assert "锁" in project.read_only_reason.zh
        assert "Save" in project.read_only_reason.en
        assert len(project.snapshot.layers["building"].table) == 1
        with pytest.raises(ReadOnlyError):
            put(project, house("b", 20))
        project.save_copy(made.with_name("mine.gpkg"))
        assert not project.try_take_over()
    assert made.read_bytes() == before
    monkeypatch.undo()
    with Project.open(made.with_name("mine.gpkg")) as copy:
        assert not copy.read_only


def test_a_database_lock_held_by_another_program_refuses_the_step_and_keeps_the_file(made):
    with Project.open(made) as project:
        other = apsw.Connection(str(made))
        other.execute("BEGIN EXCLUSIVE")
        before = content(project.snapshot)
        project._store.db.set_busy_timeout(50)
        with pytest.raises(ConflictError) as busy:
            put(project, house("b", 20))
        assert busy.value.code == "store.busy"
        assert content(project.snapshot) == before
        other.execute("ROLLBACK")
        other.close()
        put(project, house("b", 20))


def test_a_clock_that_goes_backwards_changes_neither_order_nor_lock(made, monkeypatch):
    def clock(text):
        for module in (gis.store.steps, gis.store.revisions, gis.store.lock, gis.store.branches):
            monkeypatch.setattr(module, "now", lambda: text)

    clock("2030-01-01T00:00:00+08:00")
    with Project.open(made) as project:
        put(project, house("b", 20), label=same("一"))
        project.freeze("一稿")
        clock("1999-01-01T00:00:00+08:00")
        put(project, house("c", 40), label=same("二"))
        project.freeze("二稿")
    with Project.open(made) as project:
        assert [s.label.zh for s in project.history.done[-2:]] == ["一", "二"]
        assert [r.label for r in project.revisions] == ["R1", "R2"]
        assert project.revisions[1].parent == "R1"
        assert project.history.done[-1].time < project.history.done[-2].time
        project.undo()
        assert set(project.snapshot.layers["building"].table.uids) == {"a", "b"}
    assert examine(made).findings == ()
