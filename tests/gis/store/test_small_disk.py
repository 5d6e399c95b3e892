"""A disk that is really full, as the system says it: before every step of a series, then it goes on.

A small file system in memory where it may be mounted, elsewhere the limit that the kernel sets to files.
"""

import os
import resource
import shutil
import subprocess

import pytest

from gis.project import Project
from gis.store.doctor import examine
from layers.errors import StorageError
from tests.gis.store.edit_series import SERIES, make_base
from tests.gis.store.plans import content

ROOM = 24 * 2**20


class SmallDisk:
    """A mounted file system of its own; full while a file takes all that is left."""

    def __init__(self, folder):
        self.folder, self._filler = folder, folder / "filler"

    def fill(self, spare):
        """Leave so many bytes and no more."""
        with open(self._filler, "wb", buffering=0) as filler:
            left = os.statvfs(self.folder)
            size = left.f_bavail * left.f_frsize - spare
            for _ in range(max(size, 0) // 4096):
                filler.write(bytes(4096))

    def free(self):
        self._filler.unlink()


class LimitedFiles:
    """A folder where no file may be written beyond a size: the kernel refuses it."""

    def __init__(self, folder):
        self.folder, self._before = folder, resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self, spare):
        resource.setrlimit(resource.RLIMIT_FSIZE, (spare, self._before[1]))

    def free(self):
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


def mounted(folder):
    """Mount a small file system; tell whether that is allowed here."""
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={ROOM}", "planboard-test", str(folder)]
    return mount is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mounted(folder):
        disk = LimitedFiles(folder)
        yield disk
        disk.free()
        return
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def limited(tmp_path):
    disk = LimitedFiles(tmp_path)
    yield disk
    disk.free()


@pytest.fixture(params=["small_disk", "limited"])
def disk(request):
    return request.getfixturevalue(request.param)


def state(project):
    return (
        content(project.snapshot),
        [(r.label, r.digest) for r in project.revisions],
        [s.label for s in project.history.done],
        [(b.name, b.head, b.current) for b in project.branches],
    )


def attempt(step, project, disk, spare):
    """Do a step on a full disk; return its error, or None."""
    disk.fill(spare)
    try:
        step(project)
    except StorageError as error:
        return error
    finally:
        disk.free()
    return None


@pytest.mark.parametrize("spare", [0, 3 * 4096])
def test_a_full_disk_before_every_step_loses_nothing_and_work_goes_on(disk, tmp_path, spare):
    path, undisturbed = disk.folder / "小区.gpkg", tmp_path / "undisturbed.gpkg"
    make_base(path)
    shutil.copy(path, undisturbed)
    refused = 0
    with Project.open(path) as project, Project.open(undisturbed) as other:
        for step in SERIES:
            before = state(project)
            error = attempt(step, project, disk, spare)
            if error is not None:
                refused += 1
                assert error.code in ("store.full", "store.io")
                assert error.code == "store.full" or isinstance(disk, LimitedFiles)
                assert state(project) == before
                step(project)
            step(other)
            assert state(project) == state(other)
        assert refused == len(SERIES) if spare == 0 else refused >= 5
    assert examine(path).findings == ()
    with Project.open(path) as project, Project.open(undisturbed) as other:
        assert project.findings == ()
        assert state(project) == state(other)
        for revision in project.revisions:
            assert content(project.state(revision.label)) == content(other.state(revision.label))
        while project.undo() is not None:
            pass


@pytest.mark.parametrize("act", ["create", "copy"])
def test_what_is_made_new_on_a_full_disk_is_not_there_afterwards(disk, tmp_path, act):
    base = tmp_path / "base.gpkg"
    make_base(base)
    target = disk.folder / "new.gpkg"
    with Project.open(base) as project:
        before = sorted(p.name for p in disk.folder.iterdir())
        acts = {
            "create": lambda: Project.create(target, "t", "EPSG:4548"),
            "copy": lambda: project.save_copy(target),
        }
        disk.fill(40 * 4096)
        try:
            with pytest.raises(StorageError):
                acts[act]()
        finally:
            disk.free()
        assert sorted(p.name for p in disk.folder.iterdir()) == before
        project.save_copy(target)
    assert examine(target).findings == ()
