"""Files that come together: which are photos, which drawings, and which hold layers and tables."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from gis.disk_words import told_by_disk
from gis.exchange.dxf.looks import DRAWING_ENDS, is_drawing
from gis.exchange.parts import holds_data, is_own_export, one_of_each_set
from gis.exchange.photos import ENDINGS, is_photo
from gis.progress import Progress
from layers.text import Text

_MOST: Final = 5_000
_LOOKING: Final = Text("正在查看文件", "Looking at the files")


class Arrivals(NamedTuple):
    """What can be imported of files and folders; each comes in by a form of its own.

    Parameters
    ----------
    drawings : tuple of Path
    data : tuple of Path
        Files of layers or tables, one of each set, and folders that hold some; and what cannot be imported,
        so that whoever opens it says why.
    photos : tuple of Path
    folder : bool
        Whether there is a folder among the data.
    """

    drawings: tuple[Path, ...] = ()
    data: tuple[Path, ...] = ()
    photos: tuple[Path, ...] = ()
    folder: bool = False

    @property
    def first(self) -> Arrivals:
        """What is opened before anything else: one drawing, or all data, or all photos."""
        if self.drawings:
            return Arrivals(drawings=self.drawings[:1])
        return Arrivals(data=self.data, folder=self.folder) if self.data else self

    @property
    def rest(self) -> Arrivals:
        """What is left after that."""
        if self.drawings:
            return self._replace(drawings=self.drawings[1:])
        return Arrivals(photos=self.photos) if self.data else Arrivals()

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them."""
        return self.drawings + self.data + self.photos


def sort_arrivals(paths: Sequence[Path], progress: Progress) -> Arrivals:
    """Sort files that come together by what opens them, and look into folders.

    It reads the first bytes of what its name does not tell: on a slow disk that takes its time.

    Raises
    ------
    StorageError
        If a disk or share is not there any more.
    CancelledError
    """
    drawings: list[Path] = []
    data: list[Path] = []
    photos: list[Path] = []
    for at, path in enumerate(paths):
        progress.step(at / len(paths), _LOOKING)
        with told_by_disk(path):
            kind = _sorted_folder(path, progress) if path.is_dir() else _sorted_file(path)
        drawings += kind.drawings
        data += kind.data
        photos += kind.photos
    with told_by_disk(paths[0]):
        folder = any(path.is_dir() for path in data)
        return Arrivals(tuple(drawings), tuple(one_of_each_set(data)), tuple(photos), folder)


def _sorted_file(path: Path) -> Arrivals:
    if is_photo(path):
        return Arrivals(photos=(path,))
    return Arrivals(drawings=(path,)) if is_drawing(path) else Arrivals(data=(path,))


def _sorted_folder(folder: Path, progress: Progress) -> Arrivals:
    found = [] if is_own_export(folder) else list(_within(folder, progress))
    drawings = tuple(path for path in found if path.suffix.lower() in DRAWING_ENDS)
    photos = tuple(path for path in found if path.suffix.lower() not in DRAWING_ENDS)
    return Arrivals(drawings, (folder,) if holds_data(folder) or not found else (), photos)


def _within(folder: Path, progress: Progress) -> Iterator[Path]:
    """Give the drawings and photos of a folder and those below it; at most 5,000, and no link is followed."""
    count = 0
    for where, folders, names in os.walk(folder):
        progress.check()
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        for name in sorted(names):
            if name.lower().endswith((*ENDINGS, *DRAWING_ENDS)) and not name.startswith("."):
                count += 1
                yield Path(where, name)
            if count >= _MOST:
                return
