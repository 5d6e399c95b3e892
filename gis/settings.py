"""What the program remembers about its user, between starts.

Settings of a *project* live in the project and change through ChangeSets;
here is only what belongs to the person at this machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from gis.kept_text import keep_text
from gis.logs import NAME
from layers.text import Language

VERSION: Final = 1
_RECENT: Final = 12


@dataclass(frozen=True)
class Settings:
    """The user's own choices.

    Parameters
    ----------
    language : {"zh", "en"} or None
        None: as the system says.
    recent : tuple of str
        Paths of projects, newest first.
    theme : str
        ``"light"``, ``"dark"`` or ``"system"``.
    folder : str
        Where a file dialog opens.
    author : str
        Name written into revisions.
    """

    language: Language | None = None
    recent: tuple[str, ...] = ()
    theme: str = "light"
    folder: str = ""
    author: str = ""

    def opened(self, path: Path) -> Settings:
        """Return the settings with a project at the head of the recent ones."""
        absolute = str(path.absolute())
        others = tuple(p for p in self.recent if p != absolute)
        return replace(self, recent=(absolute, *others)[:_RECENT], folder=str(path.absolute().parent))


def settings_file() -> Path:
    """Return where the settings are kept."""
    import platformdirs  # late: `--help` does not need it

    return Path(platformdirs.user_config_dir(NAME, appauthor=False)) / "settings.json"


def data_folder() -> Path:
    """Return the folder for files the program makes for the user, such as the sample estate."""
    import platformdirs

    return Path(platformdirs.user_data_dir(NAME, appauthor=False))


def cache_folder() -> Path:
    """Return the folder for what can be made or fetched again: reduced pictures, map tiles."""
    import platformdirs

    return Path(platformdirs.user_cache_dir(NAME, appauthor=False))


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings; whatever is missing or unreadable takes its default."""
    try:
        stored = json.loads((path or settings_file()).read_text("utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(stored, dict) or stored.get("version") != VERSION:
        return Settings()
    return _checked(stored)


def save_settings(settings: Settings, path: Path | None = None) -> bool:
    """Write the settings whole or not at all; False if the folder cannot be written."""
    words = json.dumps({"version": VERSION, **asdict(settings)}, ensure_ascii=False, indent=1)
    try:
        keep_text(path or settings_file(), words)
    except OSError:
        return False
    return True


def _checked(stored: Mapping[str, Any]) -> Settings:
    recent = stored.get("recent")
    language = stored.get("language")
    words = {
        name: stored[name] for name in ("theme", "folder", "author") if isinstance(stored.get(name), str)
    }
    return Settings(
        language=language if language in ("zh", "en") else None,
        recent=tuple(p for p in recent if isinstance(p, str))[:_RECENT] if isinstance(recent, list) else (),
        **words,
    )
