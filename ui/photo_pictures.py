"""Pictures of the photos in a project, read and made small beside the window."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QImage, QImageReader

from gis.disk_words import disk_words
from gis.project import Project, photo_id_of
from layers.errors import BadInputError, PlanboardError
from layers.text import Text
from ui.spare_thread import SpareThread

_KEPT: Final = 256
MAX_BYTES: Final = 30_000_000
_HEIC: Final = Text(
    "这是 HEIC 照片，请在手机上改存为 JPEG 再添加。",
    "It is a HEIC photo; save it as JPEG on the telephone first.",
)
_LARGE: Final = Text("超过 30 MB，不像照片。", "It is larger than 30 MB, which no photo is.")
_NO_PICTURE: Final = Text("不是可读的图片。", "It is no readable picture.")
_SMALL: Final = 256
"""Larger pictures are for one look and are not kept."""

_Wish: TypeAlias = tuple[str, int, int]
_Waiting: TypeAlias = Callable[[QImage], None]


@dataclass(frozen=True)
class TakenPhotos:
    """Picture files that were read.

    Parameters
    ----------
    photos : tuple of (id, bytes, file name)
    refused : tuple of (file name, why)
    """

    photos: tuple[tuple[str, bytes, str], ...]
    refused: tuple[tuple[str, Text], ...]


_Took: TypeAlias = Callable[[TakenPhotos], None]


class PhotoPictures(QObject):
    """Makes pictures in Qt's pool; those made last are known at once.

    A photo of a telephone is many megabytes: to read and shrink it would stop the window for as long as a
    person takes to notice, and longer while a large step is being written.
    """

    _made = pyqtSignal(object, QImage)
    _took = pyqtSignal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = SpareThread()
        self._known: OrderedDict[_Wish, QImage] = OrderedDict()
        self._waiting: dict[_Wish, list[_Waiting]] = {}
        later = Qt.ConnectionType.QueuedConnection
        self._made.connect(self._deliver, later)  # type: ignore[call-arg]
        self._took.connect(lambda done, taken: done(taken), later)  # type: ignore[call-arg]

    @classmethod
    def of(cls, owner: QObject) -> PhotoPictures:
        """Return those of a window: one for all that show photos."""
        found = owner.findChild(cls)
        return found if isinstance(found, PhotoPictures) else cls(owner)

    def ask(self, photo_id: str, size: QSize, source: Project | bytes | None, done: _Waiting) -> None:
        """Have a picture made that fits into a size; `done` gets it in the thread of the window.

        Parameters
        ----------
        source : Project, bytes or None
            Where the photo lies. The picture is null if it is not there or cannot be read.
        """
        wish = photo_id, size.width(), size.height()
        known = self._known.get(wish)
        if known is not None:
            self._known.move_to_end(wish)
            done(known)
        elif wish in self._waiting:
            self._waiting[wish].append(done)
        else:
            self._waiting[wish] = [done]
            self._thread.submit(self._make, wish, source)

    def take(self, paths: Sequence[Path], project: Project | None, done: _Took) -> None:
        """Read picture files, and keep them in a project if one is given; `done` is told what came of it.

        It is called in the thread of the window. One that cannot be read costs only itself.
        """
        self._thread.submit(self._take, tuple(paths), project, done)

    def _take(self, paths: Sequence[Path], project: Project | None, done: _Took) -> None:
        photos: list[tuple[str, bytes, str]] = []
        refused: list[tuple[str, Text]] = []
        for path in paths:
            try:
                data = checked_picture(path)
                known = photo_id_of(data, path.name)
                if project is not None:
                    known = project.add_photo(data, path.name)
                photos.append((known, data, path.name))
            except OSError as error:
                refused.append((path.name, disk_words(error)))
            except PlanboardError as error:
                refused.append((path.name, error.message))
        self._took.emit(done, TakenPhotos(tuple(photos), tuple(refused)))

    def _make(self, wish: _Wish, source: Project | bytes | None) -> None:
        photo_id, width, height = wish
        picture = QImage()
        try:
            data = source.photo(photo_id).data if isinstance(source, Project) else source
            if data is not None:
                picture = picture_of(data, QSize(width, height))
        except PlanboardError:
            picture = QImage()  # it is named but not in the file, or the file was closed meanwhile
        self._made.emit(wish, picture)

    def _deliver(self, wish: _Wish, picture: QImage) -> None:
        if not picture.isNull() and max(wish[1:]) <= _SMALL:
            self._known[wish] = picture
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        for done in self._waiting.pop(wish, ()):
            done(picture)


def checked_picture(path: Path) -> bytes:
    """Return the bytes of a picture file. In any thread.

    Raises
    ------
    OSError
        If it cannot be read.
    BadInputError
        If it is no picture, or larger than a camera makes them: such a file is not read at all.
    """
    if path.suffix.lower() in (".heic", ".heif"):
        raise BadInputError(_HEIC, code="photo.heic")
    if path.stat().st_size > MAX_BYTES:
        raise BadInputError(_LARGE, code="photo.large")
    data = path.read_bytes()
    device = QBuffer()
    device.setData(QByteArray(data))
    device.open(QIODevice.OpenModeFlag.ReadOnly)
    if not QImageReader(device).size().isValid():
        raise BadInputError(_NO_PICTURE, code="photo.unreadable")
    return data


def picture_of(data: bytes, size: QSize) -> QImage:
    """Return a picture upright and no larger than a size; null if it cannot be read. In any thread."""
    device = QBuffer()
    device.setData(QByteArray(data))
    device.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(device)
    reader.setAutoTransform(True)
    whole = reader.size()
    if not whole.isValid():
        return QImage.fromData(data)
    turned = bool(reader.transformation() & reader.transformation().TransformationRotate90)
    room = size.transposed() if turned else size
    if whole.width() > room.width() or whole.height() > room.height():
        reader.setScaledSize(whole.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))  # read small at once
    return reader.read()
