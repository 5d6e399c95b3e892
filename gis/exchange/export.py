"""Writing layers for other programs. A file appears whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gis.disk_words import disk_words
from gis.exchange.gdal_writing import SHAPES
from gis.exchange.written import Told, Writer
from gis.progress import Progress
from gis.publish.file_names import check_file_name
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
    progress: Progress | None = None,
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
    progress : Progress, optional
        Cancelled, nothing is there that was not there before.

    Raises
    ------
    UsageError
        If the ending is unknown, `out` is forbidden, or some system would not take its name.
    NotFoundError
        If a layer or the folder does not exist, or there is nothing to write.
    StorageError
        If the disk refuses; older files are left as they were, all of them.
    """
    check_file_name(out.name)
    writer = writer or _writer(out)
    if any(out.exists() and path.exists() and out.samefile(path) for path in forbidden):
        words = Text("不能导出到项目文件本身。", "The project itself cannot be the file to export to.")
        raise UsageError(words, code="export.itself")
    chosen = _layers(snapshot, layers)
    with _folder_beside(out) as folder:
        told = Told(progress, sum(len(layer.table) for layer in chosen))
        written = writer(snapshot, chosen, folder / out.name, told)
        (progress or Progress()).check()
        files = _put_in_place(written.files, out.parent, folder)
    return ExportResult(files, written.counts, tuple(written.findings))


def older_files(out: Path, layers: Sequence[str]) -> tuple[Path, ...]:
    """Return the files that an export of some layers would take the place of, as far as names tell.

    Examples
    --------
    >>> older_files(Path("/nowhere/a.gpkg"), ["building"])
    ()
    """
    stems = [out.stem, *(f"{out.stem}_{name}" for name in layers)]
    if out.suffix.lower() == ".shp":
        stems += [f"{stem}_{kind}" for stem in stems for kind in SHAPES]
    elif out.suffix.lower() != ".csv":
        stems = stems[:1]
    return tuple(path for stem in stems if (path := out.with_name(stem + out.suffix)).exists())


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


def _put_in_place(files: Sequence[Path], target: Path, beside: Path) -> tuple[Path, ...]:
    """Move all files of an export to where they belong, or none: older ones come back if one is refused."""
    kept = beside / "older"
    kept.mkdir()
    placed: list[Path] = []
    try:
        for file in files:
            there = target / file.name
            if there.is_dir():
                raise IsADirectoryError(errno.EISDIR, "a folder", str(there))
            if there.exists() and len(files) > 1:
                _keep(there, kept / file.name)
            os.replace(file, there)  # at no moment is there none of that name
            placed.append(there)
    except OSError:
        for there in reversed(placed):
            if (kept / there.name).exists():
                os.replace(kept / there.name, there)
            else:
                there.unlink(missing_ok=True)
        raise
    return tuple(placed)


def _keep(file: Path, beside: Path) -> None:
    """Keep what a file holds under a second name: a link costs nothing, a disk without links gets a copy."""
    try:
        os.link(file, beside)
    except OSError:
        shutil.copy2(file, beside)
