"""The whole project as a folder for other tools: a folder a format, and a list of what is there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from gis.disk_words import disk_words
from gis.exchange.export import ExportResult, export
from gis.exchange.written import Writer
from gis.i18n import tr
from gis.progress import Progress
from gis.publish.file_names import check_file_name
from layers.errors import Finding, NotFoundError, RefusedError, StorageError, UsageError
from layers.snapshot import Snapshot
from layers.text import Text, same


class FolderFormat(NamedTuple):
    """One format that a folder may hold.

    Parameters
    ----------
    name : str
        For the command line.
    title : Text
    ending : str
    writer : callable
        Returns a writer with options of its own, or None for that of the ending.
    """

    name: str
    title: Text
    ending: str
    writer: Callable[[], Writer | None]


def _plain() -> None:
    return None


def _gbk_drawing() -> Writer:
    from gis.exchange.dxf.writing import DxfOptions, dxf_writer

    return dxf_writer(DxfOptions("R2000", "gbk"))


def _gbk_shapefile() -> Writer:
    from gis.exchange.gdal_writing import shapefile_writer

    return shapefile_writer("gbk")


FOLDER_FORMATS: Final = (
    FolderFormat("gpkg", Text("GeoPackage（推荐）", "GeoPackage (recommended)"), ".gpkg", _plain),
    FolderFormat("dxf", Text("DXF 2010（UTF-8）", "DXF 2010 (UTF-8)"), ".dxf", _plain),
    FolderFormat(
        "dxf-gbk", Text("DXF 2000（GBK，旧版 CAD）", "DXF 2000 (GBK, old CAD)"), ".dxf", _gbk_drawing
    ),
    FolderFormat("shp", Text("Shapefile（UTF-8）", "Shapefile (UTF-8)"), ".shp", _plain),
    FolderFormat("shp-gbk", Text("Shapefile（GBK）", "Shapefile (GBK)"), ".shp", _gbk_shapefile),
    FolderFormat("geojson", Text("GeoJSON（WGS 84）", "GeoJSON (WGS 84)"), ".geojson", _plain),
    FolderFormat("kml", same("KML"), ".kml", _plain),
    FolderFormat("gpx", Text("GPX（点、线）", "GPX (points, lines)"), ".gpx", _plain),
    FolderFormat("xlsx", Text("Excel 工作簿", "Excel workbook"), ".xlsx", _plain),
    FolderFormat("csv", Text("CSV 表格", "CSV tables"), ".csv", _plain),
)
"""What a folder may hold; each format gets a folder of its own inside."""

_LIST: Final = Text("说明", "contents")
_FULL: Final = Text("文件夹 {path} 已存在且不是空的。", "The folder {path} is there already and not empty.")
_NEW: Final = Text("请换一个名字；原有文件未改动。", "Choose another name; nothing in it was touched.")


def export_folder(
    snapshot: Snapshot,
    folder: Path,
    formats: Sequence[str],
    layers: Sequence[str] | None = None,
    *,
    progress: Progress | None = None,
) -> ExportResult:
    """Write the layers in several formats into a new folder. It appears whole or not at all.

    Parameters
    ----------
    snapshot : Snapshot
    folder : Path
        New or empty.
    formats : sequence of str
        Names of `FOLDER_FORMATS`.
    layers : sequence of str, optional
        Layer ids; all that have features if not given.
    progress : Progress, optional

    Raises
    ------
    UsageError
        If a format is unknown, or none is given.
    RefusedError
        If the folder holds something.
    NotFoundError
        If the folder above does not exist, or there is nothing to write.
    StorageError
        If the disk refuses.
    """
    progress = progress or Progress()
    chosen = [_known(name) for name in dict.fromkeys(formats)]
    if not chosen:
        raise UsageError(Text("请至少选择一种格式。", "Choose a format at least."), code="export.format")
    check_file_name(folder.name)
    _check_target(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=".planboard-", dir=folder.absolute().parent) as made:
            inside = Path(made, folder.name)
            inside.mkdir()
            results = []
            for at, one in enumerate(chosen):
                progress.step(at / len(chosen), one.title)
                part = progress.part(at / len(chosen), (at + 1) / len(chosen))
                results.append(_write(snapshot, inside, one, layers, part))
            _write_list(snapshot, inside, chosen, results)
            if folder.exists():
                folder.rmdir()
            inside.rename(folder)
    except OSError as error:
        words = Text("无法写入 {path}：{why}", "{path} cannot be written: {why}")
        raise StorageError(words.format(path=folder, why=disk_words(error)), code="export.storage") from None
    files = tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
    findings: dict[Finding, None] = {f: None for result in results for f in result.findings}
    return ExportResult(files, results[0].counts, tuple(findings))


def _known(name: str) -> FolderFormat:
    found = next((one for one in FOLDER_FORMATS if one.name == name.strip().lower()), None)
    if found is None:
        raise UsageError(
            Text("没有格式“{n}”。", "There is no format “{n}”.").format(n=name),
            Text("可用：{n}", "There are {n}").format(n=", ".join(one.name for one in FOLDER_FORMATS)),
            code="export.format",
        )
    return found


def _check_target(folder: Path) -> None:
    if not folder.absolute().parent.is_dir():
        words = Text("文件夹不存在：{path}", "There is no such folder: {path}")
        raise NotFoundError(words.format(path=folder.absolute().parent), code="folder.unknown")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(_FULL.format(path=folder), _NEW, code="export.there")


def _write(
    snapshot: Snapshot, inside: Path, one: FolderFormat, layers: Sequence[str] | None, progress: Progress
) -> ExportResult:
    home = inside / one.name
    home.mkdir()
    plain = "".join("-" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in snapshot.title).strip(". ")
    out = home / f"{plain or 'plan'}{one.ending}"
    return export(snapshot, out, layers, writer=one.writer(), progress=progress)


def _write_list(
    snapshot: Snapshot, inside: Path, formats: Sequence[FolderFormat], results: Sequence[ExportResult]
) -> None:
    """Write what the folder holds, for whoever gets it."""
    lines = [
        snapshot.title + (f"  {snapshot.revision}" if snapshot.revision else ""),
        "",
        tr("坐标系：{c}", "CRS: {c}", c=snapshot.crs),
        tr("GeoJSON、KML、GPX 为 WGS 84 经纬度。", "GeoJSON, KML and GPX are in WGS 84 degrees."),
        tr(
            "各格式中的 uid 是对象的固定编号；保留它，重新导入时会更新原对象。",
            "uid is the id of a feature for life; keep it, and a later import updates the feature.",
        ),
        "",
        tr("图层：", "Layers:"),
    ]
    counts = results[0].counts
    lines += [f"  {tr(snapshot.layers[name].title)}  {name}  {n}" for name, n in counts.items()]
    lines += ["", tr("格式：", "Formats:")]
    for one, result in zip(formats, results, strict=True):
        lines.append(f"  {one.name}/  {tr(one.title)}")
        lines += [f"    - {_told(snapshot, finding)}" for finding in result.findings]
    name = inside / f"{tr(_LIST)}.txt"
    name.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig", newline="")


def _told(snapshot: Snapshot, finding: Finding) -> str:
    layer = snapshot.layers.get(finding.layer or "")
    return (
        tr("{l}：{w}", "{l}: {w}", l=tr(layer.title), w=tr(finding.message)) if layer else tr(finding.message)
    )
