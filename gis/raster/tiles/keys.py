"""What belongs to the person and never to a project: keys of services, and who may be asked over the net."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gis.settings import settings_file


@dataclass(frozen=True)
class Access:
    """The user's keys and consents.

    Parameters
    ----------
    keys : mapping of host to key
    allowed : frozenset of str
        Hosts the user has switched on at this machine. A project that comes with a background from another
        host shows it only after the user agrees.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()

    def with_key(self, host: str, key: str) -> Access:
        """Return the same with a key; an empty one is forgotten.

        A key copied from a web page brings unseen letters and line ends, which services refuse.
        """
        rest = {name: value for name, value in self.keys.items() if name != host}
        plain = "".join(letter for letter in key if letter.isprintable() and not letter.isspace())
        return replace(self, keys={**rest, host: plain} if plain else rest)

    def with_host(self, host: str) -> Access:
        """Return the same with a host that may be asked."""
        return replace(self, allowed=self.allowed | {host})


def access_file() -> Path:
    """Return where keys and consents are kept: beside the user's settings."""
    return settings_file().with_name("map-services.json")


def load_access(path: Path | None = None) -> Access:
    """Read them; nothing if there is nothing that can be read."""
    try:
        stored = json.loads((path or access_file()).read_text("utf-8"))
    except (OSError, ValueError):
        return Access()
    if not isinstance(stored, dict):
        return Access()
    return Access(_words(stored.get("keys")), frozenset(_list(stored.get("allowed"))))


def save_access(access: Access, path: Path | None = None) -> bool:
    """Write them whole, readable by the user alone; False if the folder cannot be written."""
    target = path or access_file()
    temporary = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=target.name)  # 0600 by itself
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({"keys": dict(access.keys), "allowed": sorted(access.allowed)}, stream, indent=1)
        os.replace(temporary, target)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        return False
    return True


def _words(value: Any) -> dict[str, str]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {str(name): word for name, word in pairs if isinstance(word, str)}


def _list(value: Any) -> list[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []
