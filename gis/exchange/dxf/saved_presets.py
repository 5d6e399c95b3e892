"""The user's own layer mappings for drawings, kept between projects: one JSON file each."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Final

from gis.disk_words import disk_words
from gis.exchange.dxf.mapping import DxfMapping
from gis.kept_text import keep_text, kept_text
from gis.settings import settings_file
from layers.errors import NotFoundError, PlanboardError, StorageError
from layers.text import Text

_FOLDER: Final = "drawing-mappings"
_END: Final = ".json"
_LONGEST: Final = 60
_MOST_SAID: Final = 2000
_LAST: Final = "last-drawing-mapping.json"


def preset_folder() -> Path:
    """Return where they are kept."""
    return settings_file().parent / _FOLDER


def preset_names() -> tuple[str, ...]:
    """Return the names of the saved mappings, in order."""
    folder = preset_folder()
    return tuple(sorted(path.stem for path in folder.glob(f"*{_END}"))) if folder.is_dir() else ()


def load_preset(name: str) -> DxfMapping:
    """Return a saved mapping.

    Raises
    ------
    NotFoundError, UsageError
        If there is none of that name, or its file is no mapping.
    """
    return _read(_path(name))


def save_preset(name: str, mapping: DxfMapping) -> str:
    """Keep a mapping under a name, over an older one; return the name as it is listed.

    Raises
    ------
    StorageError
        If the folder cannot be written. An older one of that name is as it was then.
    """
    path = _path(name)
    _write(path, mapping)
    return path.stem


def _read(path: Path) -> DxfMapping:
    try:
        words = kept_text(path)
    except OSError:
        message = Text("没有名为“{n}”的图层对应方案。", "There is no layer mapping called “{n}”.")
        raise NotFoundError(message.format(n=path.stem), code="import.mapping-file") from None
    return DxfMapping.from_text(words)


def _write(path: Path, mapping: DxfMapping) -> None:
    try:
        keep_text(path, mapping.to_text())
    except OSError as error:
        words = Text("无法保存图层对应方案：{why}", "The layer mapping cannot be kept: {why}")
        raise StorageError(words.format(why=disk_words(error)), code="import.mapping-file") from None


def forget_preset(name: str) -> None:
    """Delete a saved mapping; nothing happens if there is none."""
    with contextlib.suppress(OSError):
        _path(name).unlink()


def remember_mapping(mapping: DxfMapping) -> None:
    """Keep what the user said about single layers for the next drawing; nothing happens if nothing was said.

    What was said of layers that this drawing does not have is kept, too. That it cannot be written is no
    reason to trouble anybody: the next drawing begins with the built-in mapping then.
    """
    if not mapping.said:
        return
    before = last_mapping() or DxfMapping.standard()
    said = dict([*before.said.items(), *mapping.said.items()][-_MOST_SAID:])
    values = {name: given for name, given in {**before.values, **mapping.values}.items() if name in said}
    with contextlib.suppress(StorageError):
        _write(_last_path(), replace(mapping, said=said, values=values))


def last_mapping() -> DxfMapping | None:
    """Return what was said about layers in earlier imports, or None."""
    with contextlib.suppress(PlanboardError):
        return _read(_last_path())
    return None


def usable_presets() -> dict[str, DxfMapping]:
    """Return the saved mappings that can be read, by name."""
    found: dict[str, DxfMapping] = {}
    for name in preset_names():
        with contextlib.suppress(PlanboardError):
            found[name] = load_preset(name)
    return found


def _last_path() -> Path:
    return settings_file().parent / _LAST


def _path(name: str) -> Path:
    """Return the file of a name; what no file system takes becomes a dash."""
    plain = "".join("-" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in name.strip())[:_LONGEST]
    return preset_folder() / f"{plain.strip('. ') or '-'}{_END}"
