"""Photos, known by their content."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import apsw

from gis.store.clock import now
from layers.errors import BadInputError, NotFoundError
from layers.text import Text


@dataclass(frozen=True)
class Photo:
    """A picture kept in the project. `id` is the SHA-256 of `data`."""

    id: str
    name: str
    mime: str
    data: bytes


_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)
_HEIF: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")


def mime_of(data: bytes) -> str | None:
    """Return the type of a picture by its first bytes, or None if it is none."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return "image/heic"
    return next((mime for start, mime in _BEGINNINGS if data.startswith(start)), None)


def photo_id_of(data: bytes, name: str) -> str:
    """Return the id a picture will have in any project.

    Raises
    ------
    BadInputError
        If it is no picture.
    """
    if mime_of(data) is None:
        raise BadInputError(
            Text("“{name}”不是图片文件。", "“{name}” is not a picture.").format(name=name),
            Text("请选择 JPEG、PNG 或 WebP 照片。", "Choose a JPEG, PNG or WebP photo."),
            code="photo.kind",
        )
    return sha256(data).hexdigest()


def add_photo(db: apsw.Connection, data: bytes, name: str) -> str:
    """Keep a picture and return its id; the same bytes are kept once, under their first name.

    Raises
    ------
    BadInputError
        If it is no picture.
    """
    photo_id = photo_id_of(data, name)
    row = (photo_id, name, mime_of(data), now(), data)
    db.execute("INSERT OR IGNORE INTO pb_photo VALUES (?,?,?,?,?)", row)
    return photo_id


def read_photo(db: apsw.Connection, photo_id: str) -> Photo:
    """Return a photo by id, or raise `NotFoundError`."""
    row = db.execute("SELECT photo_id, name, mime, data FROM pb_photo WHERE photo_id = ?", (photo_id,)).get
    if row is None:
        raise NotFoundError(
            Text("照片不在项目中。", "That photo is not in the project."), code="photo.unknown"
        )
    return Photo(*row)
