"""Photos are read and made small beside the window."""

from __future__ import annotations

import io
import threading

import pytest
from PIL import Image
from PyQt6.QtCore import QObject, QSize

from ui.photo_pictures import PhotoPictures, picture_of


def jpeg(width, height, orientation=1):
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (width, height), "red").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


@pytest.fixture
def pictures(qapp):
    owner = QObject()
    yield PhotoPictures.of(owner)
    owner.deleteLater()


@pytest.mark.parametrize(
    ("size", "orientation", "wanted"),
    [
        ((400, 300), 1, (128, 96)),
        ((400, 300), 6, (96, 128)),
        ((40, 30), 1, (40, 30)),
        ((40, 30), 8, (30, 40)),
    ],
)
def test_a_picture_stands_upright_fits_and_is_never_enlarged(size, orientation, wanted):
    made = picture_of(jpeg(*size, orientation), QSize(128, 128))
    assert (made.width(), made.height()) == wanted


def test_a_picture_comes_in_the_thread_of_the_window_and_is_known_at_once_afterwards(pictures, qtbot):
    found = []
    photo = jpeg(400, 300)
    pictures.ask("a", QSize(64, 64), photo, lambda made: found.append((made.width(), threading.get_ident())))
    assert not found
    qtbot.waitUntil(lambda: bool(found))
    pictures.ask("a", QSize(64, 64), None, lambda made: found.append((made.width(), threading.get_ident())))
    assert found == [(64, threading.get_ident())] * 2


@pytest.mark.parametrize("source", [None, b"no picture", b"\xff\xd8\xff\xe0 cut"])
def test_a_photo_that_cannot_be_read_is_told_as_none(pictures, qtbot, source):
    found = []
    pictures.ask("a", QSize(64, 64), source, found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert found[0].isNull()


def test_all_who_show_photos_in_a_window_share_what_is_known(pictures):
    assert PhotoPictures.of(pictures.parent()) is pictures
