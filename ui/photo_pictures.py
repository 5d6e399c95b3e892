"""Pictures of the photos in a project, read and made small beside the window."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeAlias

from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QImage, QImageReader

from gis.project import Project
from layers.errors import PlanboardError
from ui.spare_thread import SpareThread

_KEPT: Final = 256
_SMALL: Final = 256
"""Larger pictures are for one look and are not kept."""

_Wish: TypeAlias = tuple[str, int, int]
_Waiting: TypeAlias = Callable[[QImage], None]


class PhotoPictures(QObject):
    """Makes pictures in Qt's pool; those made last are known at once.

    A photo of a telephone is many megabytes: to read and shrink it would stop the window for as long as a
    person takes to notice, and longer while a large step is being written.
    """

    _made = pyqtSignal(object, QImage)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = SpareThread()
        self._known: OrderedDict[_Wish, QImage] = OrderedDict()
        self._waiting: dict[_Wish, list[_Waiting]] = {}
        self._made.connect(self._deliver, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

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
