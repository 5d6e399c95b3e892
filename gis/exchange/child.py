"""The process that opens foreign files: ``python -m gis.exchange.child``.

GDAL and its parsers run here and not in the program, for three reasons: a
hostile or broken file may crash them or eat all memory; a second SQLite beside
the project's own would cancel the locks on a live project file; and a child
can be stopped at any moment. One JSON request on standard input; the answer is
a file, and a JSON error on standard output if there is none.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from gis.exchange.raw import RawTable, SourceLayer, write_table
from layers.errors import BadInputError, PlanboardError
from layers.text import Text

MEMORY_BYTES: Final = 3 * 1024**3
_SQLITE: Final = b"SQLite format 3\x00"
_SHAPEFILE_ENDS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".qpj")
_OTHERS: Final = {
    b"PK\x03\x04": Text("是压缩包，请先解压", "it is a zip archive: unpack it first"),
    b"%PDF": Text("是 PDF", "it is a PDF"),
    b"AC10": Text("是 DWG 图纸", "it is a DWG drawing"),
    b"  0\nSECTION": Text("是 DXF 图纸", "it is a DXF drawing"),
    b"  0\r\nSECTION": Text("是 DXF 图纸", "it is a DXF drawing"),
    b"\xff\xd8\xff": Text("是照片", "it is a photo"),
    b"\x89PNG": Text("是图片", "it is an image"),
    b"II*\x00": Text("是影像", "it is a raster image"),
    b"<": Text("是 XML 或 HTML", "it is XML or HTML"),
}


_TOO_LARGE: Final = Text(
    "文件太大，内存不够，未导入。", "The file needs too much memory; nothing was imported."
)


def main() -> int:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.read())
    limit_memory(MEMORY_BYTES)
    warnings.simplefilter("ignore")
    answer = _answer(request)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return 0


def read(path: Path, layer: str | None, encoding: str | None, preferred: Sequence[str]) -> RawTable:
    """Read one layer of a file of any format.

    Raises
    ------
    BadInputError
        If it cannot be understood; the message says what it looks like.
    """
    kind = format_of(path)
    if kind == "Shapefile":
        from gis.exchange.shapefile import read_shapefile

        return read_shapefile(path, encoding)
    if kind == "GeoPackage":
        from gis.exchange.geopackage import read_geopackage

        return read_geopackage(path, layer, preferred)
    from gis.exchange.geojson import read_geojson

    return read_geojson(path, layer, preferred)


def layers_of(path: Path) -> list[SourceLayer]:
    """Return what a file offers; one entry for formats that hold one layer."""
    kind = format_of(path)
    if kind == "GeoPackage":
        from gis.exchange.gdal_reading import list_layers

        return list_layers(path)
    if kind == "GeoJSON":
        from gis.exchange.geojson import layers_in

        return layers_in(path)
    table = read(path, None, None, ())
    return [SourceLayer(table.layer, "Unknown", table.read, table.crs)]


def format_of(path: Path) -> str:
    """Tell the format by the first bytes; a shapefile's side files by their endings.

    Raises
    ------
    BadInputError
        If it is none that Planboard reads.
    """
    if path.suffix.lower() in _SHAPEFILE_ENDS:
        return "Shapefile"
    with path.open("rb") as stream:
        start = stream.read(64)
    if start.startswith(_SQLITE):
        return "GeoPackage"
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain.startswith((b"{", b"\xff\xfe{", b"\xfe\xff\x00{")):
        return "GeoJSON"
    looks = next((words for magic, words in _OTHERS.items() if start.startswith(magic)), None)
    if looks is None:
        looks = Text("文件是空的", "it is empty") if not start else Text("无法辨认", "it is not recognisable")
    raise BadInputError(
        Text("{file} 不是可导入的文件：{looks}。", "{file} cannot be imported: {looks}.").format(
            file=path.name, looks=looks
        ),
        Text("可导入 GeoPackage、GeoJSON、Shapefile。", "GeoPackage, GeoJSON and Shapefile can be imported."),
        code="import.format",
    )


def limit_memory(limit_bytes: int) -> None:
    """Let this process take no more than so much memory; does nothing where the system has no such limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    path = Path(request["path"])
    try:
        if request["task"] == "layers":
            return {"layers": [asdict(layer) for layer in layers_of(path)]}
        told: dict[str, Any] = {}
        if request["task"] == "drawing":
            from gis.exchange.dxf.reading import read as read_dxf

            table, told = read_dxf(path, request["encoding"], request["unit"])
        else:
            table = read(path, request["layer"], request["encoding"], request["preferred"])
        with Path(request["out"]).open("wb") as out:
            write_table(table, out)
    except PlanboardError as error:
        return {"error": [type(error).__name__, error.message, error.advice, error.code]}
    except MemoryError:
        return {"error": ["BadInputError", _TOO_LARGE, None, "import.too-large"]}
    except OSError as error:
        words = Text("无法读取文件：{why}", "The file cannot be read: {why}").format(
            why=error.strerror or error
        )
        return {"error": ["StorageError", words, None, "import.storage"]}
    return {"done": True, "drawing": told}


if __name__ == "__main__":
    sys.exit(main())
