"""Photos for a page: only ticked ones, small, stripped of where and when, black where somebody said so.

What a project says about a photo stands in settings:

``photo.<id>.public``
    true once somebody ticked it for publication.
``photo.<id>.blackout``
    List of boxes ``[west, north, east, south]`` as parts of width and height
    (0 to 1), drawn black before anything else is done with the picture.
``photo.<id>.caption``
    Words below it; scanned like every text.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gis.publish.content import PublicPhoto
from layers.changes import JsonValue
from layers.errors import Finding, PlanboardError
from layers.text import Text

if TYPE_CHECKING:
    from PIL import Image

    from gis.publish.removed import Removed

MOST_PX: Final = 1280
"""The longer side of a published photo."""
PHOTO_BYTES: Final = 180_000
PAGE_BYTES: Final = 2_000_000
"""Budgets of one photo and of all photos of a page."""
MOST_PIXELS: Final = 120_000_000
"""A picture that claims more is not opened."""

_QUALITIES: Final = (82, 74, 66, 58, 50, 42)


@dataclass
class PhotoShelf:
    """The photos of one page, each kept once.

    Parameters
    ----------
    read : callable
        Returns the bytes of a photo by id; raises `PlanboardError` if it is not there.
    settings : mapping
        The project's settings as they are now.
    allowed : bool
        Whether the profile lets photos pass at all.
    """

    read: Callable[[str], bytes]
    settings: Mapping[str, JsonValue]
    allowed: bool
    photos: list[PublicPhoto] = field(default_factory=list)
    _places: dict[str, int | None] = field(default_factory=dict)

    def places(self, value: object, removed: Removed, layer: str, uid: str) -> tuple[int, ...]:
        """Return where the publishable photos of a field value stand on the page.

        Parameters
        ----------
        value : object
            Photo ids joined by commas, or None.
        """
        found: list[int] = []
        for photo_id in filter(None, str(value or "").split(",")):
            if photo_id not in self._places:
                self._places[photo_id] = self._taken(photo_id, removed, layer, uid)
            place = self._places[photo_id]
            if place is not None:
                found.append(place)
        return tuple(found)

    def _taken(self, photo_id: str, removed: Removed, layer: str, uid: str) -> int | None:
        if not self.allowed or self.settings.get(f"photo.{photo_id}.public") is not True:
            self._note(removed, "publish.photo", _NOT_TICKED, layer, uid)
            return None
        boxes = boxes_of(self.settings.get(f"photo.{photo_id}.blackout"))
        try:
            data, size = prepared_photo(self.read(photo_id), boxes)
        except (PlanboardError, OSError, ValueError, SyntaxError):
            self._note(removed, "publish.photo-unreadable", _UNREADABLE, layer, uid)
            return None
        if sum(len(photo.data) for photo in self.photos) + len(data) > PAGE_BYTES:
            self._note(removed, "publish.photo-budget", _NO_ROOM, layer, uid)
            return None
        words = str(self.settings.get(f"photo.{photo_id}.caption") or "")
        caption = removed.text(words, Text("照片说明", "Photo caption"), layer=layer, uid=uid)
        self.photos.append(PublicPhoto(data, *size, caption))
        return len(self.photos) - 1

    @staticmethod
    def _note(removed: Removed, code: str, message: Text, layer: str, uid: str) -> None:
        removed.add(Finding(code, message, "info", layer=layer, uid=uid, field="photos"))


_NOT_TICKED: Final = Text(
    "照片没有勾选公开，未放入网页。", "A photo is not ticked for publication; it stays out."
)
_UNREADABLE: Final = Text(
    "照片无法读取（格式不支持或文件不在），未放入网页。",
    "A photo cannot be read (its format, or it is gone); it stays out.",
)
_NO_ROOM: Final = Text(
    "照片超出网页的大小上限，未放入网页。", "A photo would exceed the page's budget; it stays out."
)


def boxes_of(value: JsonValue) -> tuple[tuple[float, float, float, float], ...]:
    """Return the boxes of a ``blackout`` setting, as parts of width and height.

    What cannot be understood hides the whole picture rather than nothing.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        return ((0.0, 0.0, 1.0, 1.0),)
    return tuple(_box(item) for item in value)


def _box(item: JsonValue) -> tuple[float, float, float, float]:
    numbers = (
        [v for v in item if isinstance(v, (int, float)) and not isinstance(v, bool)]
        if isinstance(item, list)
        else []
    )
    if len(numbers) != 4 or not all(-1e9 < v < 1e9 for v in numbers):
        return 0.0, 0.0, 1.0, 1.0
    west, north, east, south = (min(1.0, max(0.0, float(v))) for v in numbers)
    return min(west, east), min(north, south), max(west, east), max(north, south)


def prepared_photo(
    data: bytes, boxes: tuple[tuple[float, float, float, float], ...] = (), budget: int = PHOTO_BYTES
) -> tuple[bytes, tuple[int, int]]:
    """Return a JPEG without any metadata, and its width and height in pixels.

    Turned upright as the camera meant it, boxes drawn black, no side longer
    than 1280 px, as good as the budget allows.

    Raises
    ------
    OSError, ValueError, SyntaxError
        If the data is no picture that can be read, or claims to be too large.
    """
    from PIL import Image, ImageDraw, ImageOps  # late

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # telephones take 108 megapixels
        try:
            opened = Image.open(io.BytesIO(data))
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError("too large")
            opened.draft("RGB", (2 * MOST_PX, 2 * MOST_PX))  # a JPEG is read no larger than needed
            upright = ImageOps.exif_transpose(opened)
        except Image.DecompressionBombError as error:
            raise ValueError("too large") from error
    flat = _flat(upright)
    pen = ImageDraw.Draw(flat)
    for west, north, east, south in boxes:
        pen.rectangle(
            (west * flat.width, north * flat.height, east * flat.width, south * flat.height), fill="black"
        )
    flat.thumbnail((MOST_PX, MOST_PX), Image.Resampling.LANCZOS)
    return packed(flat, budget), flat.size


def _flat(picture: Image.Image) -> Image.Image:
    """Return the picture in plain colours, what is transparent on white."""
    from PIL import Image

    if picture.mode in ("RGB", "L"):
        return picture.convert("RGB")
    full = picture.convert("RGBA")
    ground = Image.new("RGB", full.size, "white")
    ground.paste(full, mask=full.getchannel("A"))
    return ground


def packed(picture: Image.Image, budget: int) -> bytes:
    """Return the best JPEG within a budget of bytes, smaller if no quality fits; only pixels are written."""
    from PIL import Image

    picture = picture.copy()
    picture.info = {}  # a comment in it would be written again
    while True:
        for quality in _QUALITIES:
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= budget:
                return out.getvalue()
        smaller = (max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4))
        if smaller == picture.size:
            return out.getvalue()
        picture = picture.resize(smaller, Image.Resampling.LANCZOS)
