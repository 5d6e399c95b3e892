"""How good little files get damaged, and how reading them ends."""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from gis.exchange.child import read
from gis.exchange.dxf.drawing import drawing_of, read_drawing
from gis.exchange.dxf.reading import read as read_dxf
from gis.exchange.pasted_table import pasted_table
from gis.exchange.photo_reading import read_photo_file
from gis.exchange.source import read_source
from gis.logs import Unexpected
from gis.raster.arrival import look_at
from gis.raster.reading import read_whole
from layers.errors import PlanboardError
from tests.gis.exchange.specimens import TEXT_CELLS

SIDES: Final = (".shx", ".dbf", ".prj", ".cpg", ".pgw", ".dat", ".map", ".id", ".mid")
CLIPBOARD: Final = (".text", ".page", ".sheet")


def mutated(good: Path, folder: Path, chance: random.Random) -> Path:
    """Return a damaged copy of a file; of a set, one of its files is damaged."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    members = [p for p in sorted(good.parent.glob(f"{good.stem}.*")) if p == good or p.suffix in SIDES]
    victim = chance.choice(members)
    for member in members:
        data = member.read_bytes()
        if member == victim:
            data = _spoilt(data, chance)
        (folder / member.name).write_bytes(data)
    return folder / good.name


def _spoilt(data: bytes, chance: random.Random) -> bytes:
    """Return damaged bytes; of a packed file often those of one member, or little would be tried."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        return _repacked(data, chance)
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(WAYS)(data, chance)
    return data


def _repacked(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        victim = chance.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, _spoilt(content, chance) if name == victim else content)
    return out.getvalue()


def read_outcome(path: Path, *, through_child: bool = False) -> str:
    """Read a file and say in a word how it ended; what nobody foresaw begins with ``CRASH``."""
    with Unexpected(write=False) as crash:
        try:
            _read(path, through_child=through_child)
        except PlanboardError as error:
            return "CRASH in the child" if error.code == "import.reader-stopped" else "refused"
        except MemoryError:
            return "refused"
    if crash.error is None:
        return "read"
    return f"CRASH {type(crash.error).__name__}: {str(crash.error)[:80]}"


def _read(path: Path, *, through_child: bool) -> None:
    if path.suffix == ".jpg":
        read_photo_file(path, path.with_name("copy.jpg"))
    elif path.suffix in (".tif", ".png"):
        read_whole(look_at(path, path.with_name("p.gpkg"), "EPSG:4548", None).raster, 64)
    elif path.suffix in CLIPBOARD:
        _read_clipboard(path)
    elif path.suffix == ".dxf":
        read_drawing(path) if through_child else drawing_of(path, *read_dxf(path, None, None))
    elif through_child:
        read_source(path, crs="EPSG:4548")
    else:
        read(path, None, None, ("building",))


def _read_clipboard(path: Path) -> None:
    """Read damaged cells as the window does: the clipboard gives bytes for the sheet, text for the rest."""
    content = path.read_bytes()
    words = content.decode("utf-8", "replace")
    text = words if path.suffix == ".text" else TEXT_CELLS
    page = words if path.suffix == ".page" else ""
    table = pasted_table(text, page, lambda: content if path.suffix == ".sheet" else b"")
    if table is not None:
        read(table.write(path.parent, "cells"), None, None, ("building",))


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 40))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.choice((0, 255, 0x7F, chance.randrange(256)))
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _double(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.randint(1, 200)]
    return data[:start] + piece * chance.choice((2, 50)) + data[start:]


def _drop(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randint(1, 100) :]


def _exchange(data: bytes, chance: random.Random) -> bytes:
    a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    size = chance.randint(1, 64)
    return data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]


def _large_number(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return (
        data[:at]
        + chance.choice((b"\xff\xff\xff\x7f", b"99999999999", b"-1", b"1e308", b"NaN"))
        + data[at + 4 :]
    )


WAYS: Final[tuple[Callable[[bytes, random.Random], bytes], ...]] = (
    _flip, _flip, _cut, _double, _drop, _exchange, _large_number,
)  # fmt: skip
