"""The process that opens foreign files: ``python -m gis.exchange.child``.

GDAL and its parsers run here and not in the program, for three reasons: a
hostile or broken file may crash them or eat all memory; a second SQLite beside
the project's own would cancel the locks on a live project file; and a child
can be stopped at any moment. One JSON request on standard input; the answer is
a file, and a JSON error on standard output if there is none.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final

from gis.disk_words import disk_words
from gis.exchange.child_progress import progress_file, teller
from gis.exchange.formats import format_of
from gis.exchange.layer_lists import holds_several, separate_layers
from gis.exchange.raw import RawTable, SourceLayer, write_table
from gis.exchange.readers import READERS
from gis.exchange.remembered import forget
from layers.errors import PlanboardError
from layers.text import Text

MEMORY_BYTES: Final = 3 * 1024**3
_NO_NETWORK: Final = {
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
}
"""A file may name addresses; nobody is asked."""
_CURVES: Final = {"OGR_ARC_STEPSIZE": "0.5"}
"""Degrees between the points of an arc: chords of a radius of a kilometre stay within a centimetre."""
_UNUSED: Final = ("geopandas", "pandas", "pyarrow", "pyproj")
_TOO_LARGE: Final = Text(
    "文件太大，内存不够，未导入。", "The file needs too much memory; nothing was imported."
)


def main() -> int:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.read())
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # some readers print what they think of a file
    _do_without(*_UNUSED)
    limit_memory(MEMORY_BYTES)
    os.environ.update(_NO_NETWORK | _CURVES)
    warnings.simplefilter("ignore")
    answer = _answer(request)
    out.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    out.flush()
    return 0


def _do_without(*names: str) -> None:
    """Let libraries be missing in this process: pyogrio loads what is there, for half a second."""
    for name in names:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # what Python takes for: not to be had


def read(path: Path, layer: str | None, encoding: str | None, preferred: Sequence[str]) -> RawTable:
    """Read one layer of a file of any format.

    Raises
    ------
    BadInputError
        If it cannot be understood; the message says what it looks like.
    """
    return READERS[format_of(path)].read(path, layer, encoding, preferred)


def layers_of(path: Path) -> list[SourceLayer]:
    """Return what a file offers; one entry for formats that hold one layer."""
    return READERS[format_of(path)].layers(path)


def limit_memory(limit_bytes: int) -> None:
    """Let this process take no more than so much memory; does nothing where the system has no such limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    return _guarded(lambda: _done(request, Path(request["path"])))


def _guarded(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what work answers, or the error that ended it."""
    try:
        return work()
    except PlanboardError as error:
        return {"error": _told(error)}
    except MemoryError:
        return {"error": ["BadInputError", _TOO_LARGE, None, "import.too-large"]}
    except OSError as error:
        words = Text("无法读取文件：{why}", "The file cannot be read: {why}").format(why=disk_words(error))
        return {"error": ["StorageError", words, None, "import.storage"]}


def _done(request: dict[str, Any], path: Path) -> dict[str, Any]:
    if request["task"] == "look":
        return {"files": _look(request)}
    if request["task"] == "photos":
        return {"photos": _read_photos(request)}
    told: dict[str, Any] = {}
    if request["task"] == "drawing":
        from gis.exchange.dxf.reading import read as read_dxf

        gc.disable()  # the process ends with its answer; there is no garbage among millions of tags
        report = teller(progress_file(request["out"]))
        table, told = read_dxf(path, request["encoding"], request["unit"], report)
    else:
        table = read(path, request["layer"], request["encoding"], request["preferred"])
        forget()
    with Path(request["out"]).open("wb") as out:
        write_table(table, out)
    return {"done": True, "drawing": told}


def _read_photos(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Read photos and write their copies; return what each told, or why it cannot be read."""
    from gis.exchange.photo_reading import read_photo_file

    files = zip(request["paths"], request["outs"], strict=True)
    return [_guarded(partial(read_photo_file, Path(path), Path(out))) for path, out in files]


def _look(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layers of each file, and read those that are wanted into files of their own."""
    report = teller(progress_file(request["out"]))
    files: list[dict[str, Any]] = []
    for number, (name, layers) in enumerate(zip(request["paths"], request["layers"], strict=True)):
        report(number / len(request["paths"]))
        folder = Path(request["out"], str(number))
        files.append(_guarded(partial(_look_at, Path(name), layers, request["read"], folder)))
    return files


def _look_at(path: Path, wanted: Sequence[str] | None, which: str, folder: Path) -> dict[str, Any]:
    """Return what a file offers, and what came of reading it: what is wanted by name, or else `which`."""
    layers = layers_of(path) if wanted is None else []
    names = _to_read(layers, which) if wanted is None else wanted
    folder.mkdir(parents=True, exist_ok=True)
    told = []
    for number, layer in enumerate(names):
        last = number == len(names) - 1
        told.append([layer, _guarded(partial(_read_into, path, layer, folder / str(number), last=last))])
    return {"layers": [asdict(layer) for layer in layers], "read": told}


def _to_read(layers: Sequence[SourceLayer], which: str) -> list[str]:
    """Return the layers to read: ``all`` that hold something, ``one`` if only one does, or ``none``."""
    if which == "none" or (which == "one" and holds_several(layers)):
        return []
    return [layer.name for layer in separate_layers(layers) if layer.features != 0]


def _read_into(path: Path, layer: str, out: Path, *, last: bool) -> dict[str, Any]:
    table = read(path, layer, None, ())
    if last:
        forget()
    with out.open("wb") as stream:
        write_table(table, stream)
    return {}


def _told(error: PlanboardError) -> list[Any]:
    return [type(error).__name__, error.message, error.advice, error.code]


if __name__ == "__main__":
    sys.exit(main())
