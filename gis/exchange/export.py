"""Writing layers for other programs. A file appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gis.disk_words import disk_words
from gis.exchange.written import Writer
from layers.errors import Finding, NotFoundError, StorageError, UsageError
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text


@dataclass(frozen=True)
class ExportResult:
    """What lies on disk now.

    Parameters
    ----------
    files : tuple of Path
    counts : dict of str to int
        Features by layer; layers without any are left out.
    findings : tuple of Finding
    """

    files: tuple[Path, ...]
    counts: dict[str, int]
    findings: tuple[Finding, ...]


def export(
    snapshot: Snapshot,
    out: Path,
    layers: Sequence[str] | None = None,
    *,
    forbidden: Sequence[Path] = (),
    writer: Writer | None = None,
) -> ExportResult:
    """Write layers in the format that the ending of a file name says.

    Parameters
    ----------
    snapshot : Snapshot
        The working plan or a revision.
    out : Path
        ``.gpkg`` (plain layers), ``.geojson`` (RFC 7946, WGS 84), ``.shp`` (one
        set of files per layer and kind of shape), ``.csv`` (one per layer), ``.xlsx``,
        ``.kml`` and ``.kmz`` (WGS 84), ``.gpx`` (points and lines),
        ``.dxf`` (R2010; see `gis.exchange.dxf.writing` for other versions).
        An older file of that name is replaced.
    layers : sequence of str, optional
        Layer ids; all that have features if not given.
    forbidden : sequence of Path
        Files that must not be written: the project itself.
    writer : Writer, optional
        One with options of its own, instead of that of the ending.

    Raises
    ------
    UsageError
        If the ending is unknown, or `out` is forbidden.
    NotFoundError
        If a layer or the folder does not exist, or there is nothing to write.
    StorageError
        If the disk refuses; an older file is left as it was.
    """
    writer = writer or _writer(out)
    if any(out.exists() and path.exists() and out.samefile(path) for path in forbidden):
        words = Text("不能导出到项目文件本身。", "The project itself cannot be the file to export to.")
        raise UsageError(words, code="export.itself")
    chosen = _layers(snapshot, layers)
    with _folder_beside(out) as folder:
        written = writer(snapshot, chosen, folder / out.name)
        files = tuple(_moved(file, out.parent) for file in written.files)
    return ExportResult(files, written.counts, tuple(written.findings))


def _writer(out: Path) -> Writer:
    from gis.exchange import (
        csv_writing,
        gdal_writing,
        geojson_writing,
        gpx_writing,
        kml_writing,
        xlsx_writing,
    )
    from gis.exchange.dxf.writing import write_dxf

    writers: Final[dict[str, Writer]] = {
        ".gpkg": gdal_writing.write_geopackage,
        ".geojson": geojson_writing.write_geojson,
        ".json": geojson_writing.write_geojson,
        ".shp": gdal_writing.write_shapefiles,
        ".csv": csv_writing.write_csv,
        ".xlsx": xlsx_writing.write_xlsx,
        ".kml": kml_writing.write_kml,
        ".kmz": kml_writing.write_kmz,
        ".gpx": gpx_writing.write_gpx,
        ".dxf": write_dxf,
    }
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise UsageError(
            Text("不能导出为“{end}”。", "“{end}” cannot be written.").format(end=out.suffix or out.name),
            Text("可用：{ends}", "There are {ends}").format(ends=" ".join(writers)),
            code="export.format",
        )
    return writer


def _layers(snapshot: Snapshot, wanted: Sequence[str] | None) -> list[Layer]:
    for name in wanted or ():
        if name not in snapshot.layers:
            raise NotFoundError(
                Text("没有图层“{name}”。", "There is no layer “{name}”.").format(name=name),
                Text("现有图层：{names}", "Layers: {names}").format(names=", ".join(snapshot.layers)),
                code="layer.unknown",
            )
    names = list(dict.fromkeys(wanted)) if wanted else list(snapshot.layers)
    chosen = [snapshot.layers[name] for name in names if len(snapshot.layers[name].table)]
    if not chosen:
        words = Text("所选图层没有对象，没有写文件。", "The chosen layers are empty; no file was written.")
        raise NotFoundError(words, code="export.empty")
    return chosen


@contextmanager
def _folder_beside(out: Path) -> Iterator[Path]:
    """Give a folder on the same disk, so that moving out of it is one step."""
    if not out.absolute().parent.is_dir():
        words = Text("文件夹不存在：{path}", "There is no such folder: {path}")
        raise NotFoundError(words.format(path=out.absolute().parent), code="folder.unknown")
    try:
        with tempfile.TemporaryDirectory(prefix=".planboard-", dir=out.absolute().parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise StorageError(
            Text("无法写入 {path}：{why}", "{path} cannot be written: {why}").format(
                path=out, why=disk_words(error)
            ),
            Text("原有文件未改动。", "An older file is as it was."),
            code="export.storage",
        ) from None


def _moved(file: Path, folder: Path) -> Path:
    target = folder / file.name
    os.replace(file, target)
    return target
