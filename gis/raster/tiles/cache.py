"""Tiles on disk, so that a place once seen is there again without the net."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from gis.raster.copies import make_room
from gis.raster.tiles.lattice import Tile
from gis.raster.tiles.services import TileService
from gis.settings import cache_folder

MOST_BYTES: Final = 512 * 2**20
FRESH_S: Final = 30 * 24 * 3600
"""A tile older than this is shown, and asked for anew when the net is there."""
_LOOK_EVERY: Final = 200


class TileCache:
    """Keeps tiles by service; a key is no part of any name.

    Parameters
    ----------
    folder : Path, optional
    most_bytes : int
    """

    def __init__(self, folder: Path | None = None, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder or cache_folder() / "tiles"
        self._most_bytes = most_bytes
        self._written = 0

    def path(self, service: TileService, tile: Tile) -> Path:
        """Return where a tile lies."""
        name = hashlib.sha256(service.template.encode()).hexdigest()[:16]
        zoom, column, row = tile
        return self.folder / name / str(zoom) / f"{column}-{row}"

    def read(self, service: TileService, tile: Tile) -> bytes | None:
        """Return a tile, or None."""
        try:
            return self.path(service, tile).read_bytes()
        except OSError:
            return None

    def drop(self, service: TileService, tile: Tile) -> None:
        """Forget a tile."""
        with suppress(OSError):
            self.path(service, tile).unlink(missing_ok=True)

    def is_fresh(self, service: TileService, tile: Tile) -> bool:
        """Tell whether a tile is here and young enough not to be asked for."""
        try:
            return time.time() - self.path(service, tile).stat().st_mtime < FRESH_S
        except OSError:
            return False

    def write(self, service: TileService, tile: Tile, content: bytes) -> None:
        """Keep a tile, whole or not at all; a full disk is no trouble, the tile is shown anyway."""
        path = self.path(service, tile)
        temporary = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.replace(temporary, path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
            return
        self._written += 1
        if self._written % _LOOK_EVERY == 0:
            make_room(self.folder, self._most_bytes)
