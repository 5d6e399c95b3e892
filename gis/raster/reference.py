"""How a project names a picture file, finds it again, and tells when it is another."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from layers.background import RasterBackground, new_background_uid

_PART: Final = 1_048_576


def reference_to(path: Path, project: Path) -> str:
    """Return how a project names a file: relative to its folder if it lies there or below.

    Examples
    --------
    >>> reference_to(Path("/a/plan/maps/photo.tif"), Path("/a/plan/estate.gpkg"))
    'maps/photo.tif'
    """
    absolute, folder = Path(os.path.abspath(path)), Path(os.path.abspath(project)).parent
    try:
        return absolute.relative_to(folder).as_posix()
    except ValueError:
        return str(absolute)


def path_of(background: RasterBackground, project: Path) -> Path:
    """Return where the file of a background should lie."""
    return Path(os.path.abspath(project)).parent / background.path


def fingerprint(path: Path) -> str:
    """Return a hash over a file's size and its first and last mebibyte: quick for any size.

    Raises
    ------
    OSError
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as stream:
        digest.update(stream.read(_PART))
        if size > _PART:
            stream.seek(max(_PART, size - _PART))
            digest.update(stream.read(_PART))
    return digest.hexdigest()


def reference(path: Path, project: Path, **values: object) -> RasterBackground:
    """Return the background that shows a file; further fields as given.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    kept: dict[str, object] = {
        "uid": new_background_uid(), "title": path.stem, "path": reference_to(path, project),
        "bytes": path.stat().st_size, "sha256": fingerprint(path), **values,
    }  # fmt: skip
    return RasterBackground(**kept)  # type: ignore[arg-type]


def changed_since(background: RasterBackground, path: Path) -> bool:
    """Tell whether the file is another than the one that was added, by size or content."""
    return path.stat().st_size != background.bytes or fingerprint(path) != background.sha256
