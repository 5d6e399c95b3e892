"""A disk that is full or fails: the step is refused, the file stays whole, work goes on afterwards."""

import pytest

from gis.project import Project
from gis.store.connection import connect
from gis.store.failures import disk_of
from gis.store.lock import lock_path
from layers.errors import StorageError
from tests.gis.store.faulty_disk import Countdown, FaultyDisk, fail, fill
from tests.gis.store.plans import content, house, put

ACTS = {
    "edit": lambda p: put(p, house("a", 5, name="改")),
    "import": lambda p: put(p, *(house(f"n{i}", i * 12) for i in range(200))),
    "undo": lambda p: p.undo(),
    "freeze": lambda p: p.freeze("二稿"),
    "restore": lambda p: p.restore("R1"),
    "branch": lambda p: p.create_branch("方案B"),
    "switch": lambda p: p.switch_branch("方案A"),
}


@pytest.fixture
def disk():
    disk = FaultyDisk(lambda kind, write: None)
    yield disk
    disk.unregister()


@pytest.fixture
def project(disk, path):
    with Project.create(path, "t", "EPSG:4548") as project:
        put(project, house("a"), house("b", 20))
        project.freeze("一稿")
        project.create_branch("方案A", "R1")
        put(project, house("c", 40))
        yield project


def attempt(act):
    """Return the error that an act is refused with, or None."""
    try:
        act()
    except StorageError as error:
        return error
    return None


def sound(path):
    db = connect(path, read_only=True)
    said = db.execute("PRAGMA integrity_check").get
    db.close()
    return said == "ok"


@pytest.mark.parametrize("how", [fill, fail], ids=["full", "failing"])
@pytest.mark.parametrize("name", ACTS)
def test_a_step_that_cannot_be_written_is_refused_whole_at_every_operation(project, disk, name, how):
    before = content(project.snapshot), project.history, project.revisions, project.branches
    sent = []
    project.changed.connect(sent.append)
    at, failures = 1, 0
    while True:
        disk.on_operation = Countdown(at, how)
        error = attempt(lambda: ACTS[name](project))
        reached = disk.on_operation.count
        disk.on_operation = lambda kind, write: None
        if error is None:
            break
        assert error.code == ("store.full" if how is fill else "store.io")
        failures += 1
        assert (content(project.snapshot), project.history, project.revisions, project.branches) == before
        assert sent == []
        at += 1 if reached < 60 else 7
    assert failures >= 5
    after = content(project.snapshot), project.revisions
    put(project, house("small", 200))
    project.undo()
    project.close()
    assert sound(project.path)
    with Project.open(project.path) as again:
        assert again.findings == ()
        assert (content(again.snapshot), again.revisions) == after


def test_the_message_names_the_disk_and_says_that_nothing_changed(project, disk):
    disk.on_operation = Countdown(1, fill)
    with pytest.raises(StorageError) as refused:
        put(project, house("d", 60))
    assert disk_of(project.path) in refused.value.message.zh
    assert "没有改动" in refused.value.advice.zh
    assert "not changed" in refused.value.advice.en


def test_a_copy_that_does_not_fit_leaves_the_older_copy_and_no_rubbish(project, disk, tmp_path):
    target = tmp_path / "副本.gpkg"
    project.save_copy(target)
    older = target.read_bytes()
    put(project, house("d", 60))
    disk.on_operation = Countdown(5, fill)
    with pytest.raises(StorageError):
        project.save_copy(target)
    disk.on_operation = lambda kind, write: None
    assert target.read_bytes() == older
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(
        [target.name, project.path.name, project.path.name + ".lock"]
    )


def test_a_project_that_cannot_be_created_leaves_no_file(disk, tmp_path):
    folder = tmp_path / "new"
    folder.mkdir()
    disk.on_operation = Countdown(8, fill)
    with pytest.raises(StorageError):
        Project.create(folder / "q.gpkg", "t", "EPSG:4548")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("at", range(1, 12))
def test_a_disk_that_fails_while_closing_keeps_nobody_from_closing(project, disk, at):
    put(project, house("a", -900))
    put(project, house("a"))  # the extent shrinks, which closing writes
    before = content(project.snapshot)
    disk.on_operation = Countdown(at, fail)
    attempt(project.close)
    disk.on_operation = lambda kind, write: None
    assert not lock_path(project.path).exists()
    with Project.open(project.path) as again:
        assert not again.read_only
        assert again.findings == ()
        assert content(again.snapshot) == before
