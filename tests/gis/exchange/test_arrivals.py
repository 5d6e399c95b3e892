"""Files that come together are sorted by what opens them."""

import errno
from pathlib import Path

import pytest

from gis.exchange.arrivals import sort_arrivals
from gis.exchange.asking import existing_file
from gis.progress import Progress
from layers.errors import CancelledError, StorageError


@pytest.fixture
def folder(tmp_path):
    """A folder as an office keeps it: a drawing, a table, and photos below."""
    (tmp_path / "照片" / "西区").mkdir(parents=True)
    for name in ("总图.DXF", "花名册.csv", "说明.docx", "照片/1.jpg", "照片/西区/1.jpg", "照片/.2.jpg"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def names(paths):
    return [path.name for path in paths]


def test_nothing_in_a_folder_is_forgotten_because_it_holds_something_else_too(folder):
    found = sort_arrivals([folder], Progress())
    assert names(found.drawings) == ["总图.DXF"]
    assert found.data == (folder,)
    assert names(found.photos) == ["1.jpg", "1.jpg"]


def test_kinds_come_one_after_the_other_until_nothing_is_left(folder):
    found = sort_arrivals([folder], Progress())
    turns = []
    while found.files:
        turns.append(names(found.first.files))
        found = found.rest
    assert turns == [["总图.DXF"], [folder.name], ["1.jpg", "1.jpg"]]


def test_a_folder_that_planboard_wrote_is_one_thing(folder):
    (folder / "gpkg").mkdir()
    (folder / "gpkg" / "plan.gpkg").write_bytes(b"x")
    assert sort_arrivals([folder], Progress()).files == (folder,)


def test_a_folder_with_nothing_in_it_goes_on_to_be_refused_in_words(tmp_path):
    found = sort_arrivals([tmp_path], Progress())
    assert (found.data, found.folder) == ((tmp_path,), True)


def test_looking_through_folders_can_be_stopped(folder):
    with pytest.raises(CancelledError):
        sort_arrivals([folder], Progress(None, lambda: True))


def test_files_are_known_by_their_first_bytes_where_the_name_tells_nothing(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "b.txt").write_bytes(b"  0\r\nSECTION\r\n")
    found = sort_arrivals([tmp_path / "a.bin", tmp_path / "b.txt", tmp_path / "gone.csv"], Progress())
    assert [names(part) for part in found[:3]] == [["b.txt"], ["gone.csv"], ["a.bin"]]


class Unplugged(type(Path())):
    """A path on a share that is gone: not even whether it exists can be said."""

    def stat(self, *, follow_symlinks=True):
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")


def test_a_disk_that_was_unplugged_is_told_in_words_and_nothing_crashes():
    for ask in (lambda path: sort_arrivals([path], Progress()), existing_file):
        with pytest.raises(StorageError) as told:
            ask(Unplugged("/mnt/usb/花名册.xlsx"))
        assert told.value.message.zh == "无法读取 花名册.xlsx：网络或移动磁盘已断开。"
