"""How the window looked last time: place on the screen, docks, drawer.

The user's own choices (language, recent projects, author) are in
``gis.settings``; the command line shares them.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import platformdirs
from PyQt6.QtCore import QStandardPaths

from gis.logs import NAME
from gis.settings import Settings, data_folder


@dataclass(frozen=True)
class WindowMemory:
    """What is remembered of the window; broken entries fall back to the defaults.

    Parameters
    ----------
    geometry, state : str
        Base64 of Qt's window geometry and dock state.
    drawer_open : bool
    drawer_page : str
    coordinate_style : str
    snapping, shared_borders : bool
        The two switches of drawing.
    export_folder, export_format : str
        Where the last export went, and in which format.
    folded_groups, open_legends : tuple of str
        Groups of layers that are folded (their Chinese names), and layers whose legend is not.
    """

    geometry: str = ""
    state: str = ""
    drawer_open: bool = False
    drawer_page: str = "spots"
    coordinate_style: str = "plane"
    snapping: bool = True
    shared_borders: bool = False
    export_folder: str = ""
    export_format: str = ""
    folded_groups: tuple[str, ...] = ()
    open_legends: tuple[str, ...] = ()


def memory_path() -> Path:
    """Return where the memory is kept."""
    return Path(platformdirs.user_config_dir(NAME, appauthor=False)) / "window.json"


def sample_path() -> Path:
    """Return where the sample estate is written on first start."""
    return data_folder() / "jinyin.gpkg"


def load_memory(path: Path | None = None) -> WindowMemory:
    """Read the memory; a missing or damaged file is an empty memory."""
    try:
        found = json.loads((path or memory_path()).read_text("utf-8"))
    except (OSError, ValueError):
        return WindowMemory()
    return _checked(found) if isinstance(found, dict) else WindowMemory()


def save_memory(memory: WindowMemory, path: Path | None = None) -> bool:
    """Write the memory whole or not at all; False if the folder cannot be written."""
    target = path or memory_path()
    beside = target.with_suffix(".new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(memory), indent=1), "utf-8")
        os.replace(beside, target)
    except OSError:
        return False
    return True


def recent_files(settings: Settings) -> tuple[tuple[Path, bool], ...]:
    """Return the recent projects, latest first, and whether each is still there."""
    return tuple((Path(name), Path(name).is_file()) for name in settings.recent)


def form_folder(settings: Settings) -> Path:
    """Return where file forms begin: where the user was last, or the documents."""
    kept = settings.folder
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = Path(kept) if kept and Path(kept) != sample_path().parent else Path(documents or Path.home())
    return folder if folder.is_dir() else Path.home()


def _checked(found: dict[str, Any]) -> WindowMemory:
    """Take over the entries that have the type of their default."""
    default = WindowMemory()
    taken: dict[str, Any] = {}
    for entry in fields(WindowMemory):
        value, usual = found.get(entry.name), getattr(default, entry.name)
        if isinstance(usual, tuple) and isinstance(value, list):
            taken[entry.name] = tuple(name for name in value if isinstance(name, str))
        elif type(value) is type(usual):
            taken[entry.name] = value
    return replace(default, **taken)
