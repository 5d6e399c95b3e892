"""World files: six numbers beside a picture that say where it lies, and the CRS in a ``.prj``."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from gis.disk_words import disk_words
from gis.raster.opening import Raster
from layers.background import Affine
from layers.errors import RefusedError, StorageError
from layers.text import Text

_ENDINGS: Final = {
    ".png": ".pgw", ".jpg": ".jgw", ".jpeg": ".jgw", ".tif": ".tfw", ".tiff": ".tfw",
    ".bmp": ".bpw", ".gif": ".gfw", ".webp": ".wld", ".jp2": ".j2w",
}  # fmt: skip


def world_file_of(path: Path) -> Path:
    """Return where the world file of a picture lies.

    Examples
    --------
    >>> world_file_of(Path("map.jpg")).name
    'map.jgw'
    """
    return path.with_suffix(_ENDINGS.get(path.suffix.lower(), ".wld"))


def world_file_beside(picture: Path) -> Path | None:
    """Return the world file that lies beside a picture, however its ending is written; None without one.

    Examples
    --------
    >>> world_file_beside(Path("nowhere.jpg")) is None
    True
    """
    ending = picture.suffix.lower()
    endings = (_ENDINGS.get(ending, ".wld"), ending + "w", ".wld")
    written = (form for e in endings for form in (e, e.upper()))
    return next((p for e in written if (p := picture.with_suffix(e)).is_file()), None)


def goes_with(path: Path, picture: Path) -> bool:
    """Tell whether a file only says more about a picture: its world file, ``.prj``, ``.aux.xml`` or ``.ovr``.

    Examples
    --------
    >>> goes_with(Path("map.jgw"), Path("map.jpg")), goes_with(Path("map.jpg.aux.xml"), Path("map.jpg"))
    (True, True)
    >>> goes_with(Path("other.jgw"), Path("map.jpg")), goes_with(Path("map.png"), Path("map.jpg"))
    (False, False)
    """
    ending = picture.suffix.lower()
    beside = {_ENDINGS.get(ending, ".wld"), ending + "w", ".wld", ".prj"}
    named = {picture.name + more for more in (".aux.xml", ".ovr", ".msk")}
    return path.name in named or (path.stem == picture.stem and path.suffix.lower() in beside)


def world_file_text(transform: Affine) -> str:
    """Return the six lines of a world file: it counts from the middle of the first pixel.

    Examples
    --------
    >>> world_file_text((0.5, 0.0, 100.0, 0.0, -0.5, 200.0)).split()
    ['0.5', '0.0', '0.0', '-0.5', '100.25', '199.75']
    """
    a, b, c, d, e, f = transform
    return "".join(f"{v!r}\n" for v in (a, d, b, e, c + (a + b) / 2, f + (d + e) / 2))


def write_world_file(picture: Path, transform: Affine, crs: str) -> tuple[Path, ...]:
    """Write the world file of a picture and its ``.prj``; return both.

    Raises
    ------
    StorageError
        If the folder cannot be written.
    """
    from pyproj import CRS  # late

    world, prj = world_file_of(picture), picture.with_suffix(".prj")
    try:
        _replace(world, world_file_text(transform).encode("ascii"))
        _replace(prj, CRS.from_user_input(crs).to_wkt("WKT1_ESRI").encode("utf-8"))
    except OSError as error:
        raise _unwritable(world, error) from error
    return world, prj


def copy_with_world_file(raster: Raster, out: Path, transform: Affine, crs: str) -> Path:
    """Copy a picture as it is and put a world file and ``.prj`` beside the copy.

    Raises
    ------
    RefusedError
        If the copy would be the picture itself.
    StorageError
    """
    ending = raster.path.suffix
    target = out if out.suffix.lower() == ending.lower() else out.with_name(out.name + ending)
    if target.exists() and target.samefile(raster.path):
        words = Text("请换一个文件名，原图不会被改动。", "Choose another name; the picture is not touched.")
        raise RefusedError(words, code="raster.itself")
    try:
        shutil.copyfile(raster.path, target)
    except OSError as error:
        raise _unwritable(target, error) from error
    if raster.driver == "GTiff":
        _place_inside(target, transform, crs)
    write_world_file(target, transform, crs)
    return target


def _place_inside(tiff: Path, transform: Affine, crs: str) -> None:
    """Write the place into a TIFF too: what stands inside is believed before a world file."""
    import warnings

    import rasterio  # late
    from rasterio.errors import NotGeoreferencedWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(tiff, "r+") as data:
            data.transform = rasterio.Affine(*transform)
            data.crs = rasterio.CRS.from_user_input(crs)


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.absolute().parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _unwritable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        Text("无法写入 {path}：{why}", "{path} cannot be written: {why}").format(
            path=path.name, why=disk_words(error)
        ),
        code="raster.unwritable",
    )
