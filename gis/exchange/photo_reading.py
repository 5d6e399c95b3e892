"""Photos from phones and cameras: where, when and which way, and a copy to keep. Child process only.

The copy is upright, at most 2048 px, and carries nothing but the picture: no
position, no serial number, no thumbnail of what was cut away.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import struct
import warnings
from pathlib import Path
from typing import Any, Final

from layers.errors import BadInputError
from layers.text import Text

LONGEST_PX: Final = 2048
_MOST_PIXELS: Final = 150_000_000
_QUALITY: Final = 86
_GPS_IFD: Final = 0x8825
_EXIF_IFD: Final = 0x8769
_SHIFTED: Final = ("GCJ-02", "BD-09")
_TAKEN_TAGS: Final = (0x9003, 0x9004)
_CHANGED_TAG: Final = 0x0132
_HEIF: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis", b"avif")
_DAMAGED_EXIF: Final = (
    SyntaxError, struct.error, ValueError, KeyError, TypeError, ZeroDivisionError, OSError, IndexError,
    AttributeError, OverflowError, EOFError,
)  # fmt: skip
"""What Pillow raises on EXIF blocks that other programs broke."""


def read_photo_file(path: Path, out: Path) -> dict[str, Any]:
    """Read one photo and write its copy.

    Returns
    -------
    dict
        ``lon``, ``lat`` (degrees) and ``direction`` (degrees from north) or None; ``taken`` (ISO text) or
        None; ``no_place``: why there is no position, as a code; ``system``: the shifted system that the file
        names for its position, or None; ``cut``: whether the file is incomplete.

    Raises
    ------
    BadInputError
        If it is no photo that can be read; says what to do.
    """
    from PIL import Image, ImageFile, UnidentifiedImageError

    _check_start(path)
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path) as image:
            told = _exif(image)
            try:
                _write_copy(image, out)
                return {**told, "cut": False}
            except OSError:  # cut in transmission: what is there is still worth seeing
                pass
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        with Image.open(path) as image:
            _write_copy(image, out)
        return {**told, "cut": True}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        words = Text("{file} 的像素太多，未导入。", "{file} has too many pixels; it was not imported.")
        raise BadInputError(words.format(file=path.name), code="photo.too-large") from None
    except (*_DAMAGED_EXIF, UnidentifiedImageError):
        words = Text("{file} 不是可读取的照片，或已损坏。", "{file} is no readable photo, or damaged.")
        raise BadInputError(
            words.format(file=path.name),
            Text("请用手机重新发送原图。", "Send the original again."),
            code="photo.unreadable",
        ) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _check_start(path: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(16)
    if not start:
        words = Text("{file} 是空文件（0 字节）。", "{file} is an empty file (0 bytes).").format(
            file=path.name
        )
        raise BadInputError(words, Text("请重新发送原图。", "Send the original again."), code="photo.empty")
    if start[4:8] == b"ftyp" and start[8:12] in _HEIF:
        words = Text("{file} 是 HEIC 照片，无法读取。", "{file} is a HEIC photo, which cannot be read.")
        advice = Text(
            "请在手机“设置 - 相机 - 格式”中选“兼容性最佳”，或发送时转成 JPEG。",
            "Choose “Most Compatible” under Settings, Camera, Formats on the phone, or send it as JPEG.",
        )
        raise BadInputError(words.format(file=path.name), advice, code="photo.heic")


def _write_copy(image: Any, out: Path) -> None:
    from PIL import ImageOps

    image.draft("RGB", (LONGEST_PX, LONGEST_PX))  # a JPEG is decoded at the size needed
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_PX, LONGEST_PX))
    if upright.mode not in ("RGB", "L"):
        upright = _on_white(upright)
    upright.info.clear()  # comments, profiles and XMP would be written again
    upright.save(out, "JPEG", quality=_QUALITY, optimize=True)


def _on_white(image: Any) -> Any:
    from PIL import Image

    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    ground = Image.new("RGB", clear.size, "white")
    ground.paste(clear, mask=clear.getchannel("A"))
    return ground


def _exif(image: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"lon": None, "lat": None, "direction": None, "taken": None, "no_place": "none",
                            "system": None}  # fmt: skip
    try:
        exif = image.getexif()
        details, gps = exif.get_ifd(_EXIF_IFD), exif.get_ifd(_GPS_IFD)
    except _DAMAGED_EXIF:
        return {**told, "no_place": "damaged"}
    dates = (*(details.get(tag) for tag in _TAKEN_TAGS), exif.get(_CHANGED_TAG))
    told["taken"] = next((day for value in dates if (day := _time(value))), None)
    if not gps:
        return told
    lat, lon = _degrees(gps.get(2), gps.get(1), "S"), _degrees(gps.get(4), gps.get(3), "W")
    told["direction"], told["system"] = _bearing(gps.get(17)), _system(gps.get(18))
    if lat is None or lon is None:
        return {**told, "no_place": "block-without-position"}
    if (lat == 0.0 and lon == 0.0) or abs(lat) > 90.0 or abs(lon) > 180.0:
        return {**told, "no_place": "no-fix"}
    return {**told, "lon": lon, "lat": lat, "no_place": None}


def _system(datum: Any) -> str | None:
    """Return the shifted system that a photo says its place is in; what else cameras write is WGS 84."""
    words = str(datum or "").upper().replace(" ", "").replace("-", "").replace("_", "")
    return next((name for name in _SHIFTED if name.replace("-", "") in words), None)


def _degrees(parts: Any, side: Any, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except _DAMAGED_EXIF:
        return None
    value = degrees + minutes / 60.0 + seconds / 3600.0
    if not math.isfinite(value):
        return None
    side = side.decode("ascii", "replace") if isinstance(side, bytes) else str(side or "")
    return -value if side.strip("\x00 ").upper().startswith(negative) else value


def _bearing(value: Any) -> float | None:
    try:
        bearing = float(value)
    except _DAMAGED_EXIF:
        return None
    return round(bearing % 360.0, 1) if math.isfinite(bearing) else None


def _time(value: Any) -> str | None:
    """Return EXIF time (``2008:10:22 16:28:39``) as ISO text."""
    match = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)", str(value or ""))
    if match is None:
        return None
    try:
        return dt.datetime(*map(int, match.groups())).isoformat()  # type: ignore[arg-type]
    except ValueError:  # 0000:00:00 of a camera whose clock was never set
        return None
