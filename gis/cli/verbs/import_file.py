"""``import P FILE ...``: bring foreign files in."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gis.cli.console import Console
from gis.cli.drawing_import import drawing_arguments, import_drawing
from gis.cli.georeferencing import ground_arguments, ground_of, reading_of
from gis.cli.import_report import plan_data, plan_lines
from gis.cli.joint_import import import_together
from gis.cli.opening import must_exist, opened
from gis.cli.parser import project_argument
from gis.cli.photo_import import import_photos, matching_files
from gis.cli.report import Report
from gis.disk_words import told_by_disk
from gis.i18n import tr
from layers.errors import RefusedError, UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.exchange.arrivals import Arrivals
    from gis.exchange.source import Near
    from layers.snapshot import Snapshot

_KINDS = (
    Text("图纸 {n} 份", "{n} drawings"),
    Text("数据或表格 {n} 份", "{n} files of data or tables"),
    Text("照片 {n} 张", "{n} photos"),
)
_MIXED = Text("一次只导入一种文件，这里有：{n}。", "One kind of file at a time; here are {n}.")
_APART = Text("请分别导入；图纸一次一份。", "Import them apart, and drawings one by one.")
_LEFT = Text(
    "文件夹中还有没有导入的：{n}；请写出文件名，分别导入。",
    "The folder also holds what was not imported: {n}; import that apart, by its names.",
)
DESCRIPTION = Text(
    "导入文件，逐条报告发现的问题，作为一步，可以撤销。写了 --layer 就导入到这个图层，"
    "否则文件里的每个图层各按名称导入。可读 Shapefile、GeoPackage、GeoJSON、KML、KMZ、GPX、GML、"
    "FlatGeobuf、MapInfo、表格（CSV、TSV、Excel、WPS、LibreOffice、名为 .xls 的网页），以上也可在 zip 中；"
    "DXF（装有 ODA 转换器时也读 DWG）；照片成为问题点。"
    "带 uid 的记录更新原对象；没有坐标的表按楼号合并到建筑。",
    "Import files as one step, which can be undone, and report every finding: into the layer that --layer "
    "names, or each layer of the file by its own name. Read are Shapefile, GeoPackage, GeoJSON, KML, KMZ, "
    "GPX, GML, FlatGeobuf, MapInfo and tables (CSV, TSV, Excel, WPS, LibreOffice, web pages named .xls), all "
    "of these also in a zip; DXF (DWG where the ODA converter is installed); photos become problem spots. "
    "A record with a known uid updates that feature; "
    "a table without coordinates is joined to the buildings by their numbers.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar=tr("文件", "FILE"),
        help=tr("要导入的文件或文件夹，可以多个", "the file or folder to import; may be several"),
    )
    parser.add_argument(
        "--layer",
        metavar=tr("图层", "KIND"),
        help=tr(
            "导入到哪个图层；不写则文件中的所有图层各按名称导入",
            "the layer that takes it; without it all layers of the file go by their names",
        ),
    )
    parser.add_argument(
        "--crs",
        metavar="EPSG:n",
        help=tr("文件的坐标系：EPSG:n、GCJ-02 或 BD-09", "CRS of the file: EPSG:n, GCJ-02 or BD-09"),
    )
    parser.add_argument(
        "--encoding",
        metavar=tr("编码", "NAME"),
        help=tr(
            "Shapefile、CSV 等的文字编码，默认自动识别",
            "text encoding of a shapefile or table, found from the bytes by default",
        ),
    )
    parser.add_argument(
        "--source-layer",
        metavar=tr("名称", "NAME"),
        help=tr("文件中的图层、文件夹或工作表", "which layer, folder or sheet of the file"),
    )
    _matching_arguments(parser)
    ground_arguments(parser)
    drawing_arguments(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help=tr("只检查，不导入", "only look, change nothing")
    )


def _matching_arguments(parser: argparse.ArgumentParser) -> None:
    """Name what says which field and which feature a record is for."""
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="A=B",
        help=tr(
            "文件字段 A 填入图层字段 B，可多次使用", "column A of the file fills field B; may be repeated"
        ),
    )
    parser.add_argument(
        "--match",
        metavar=tr("字段", "FIELD"),
        help=tr(
            "更新而不是新增：按 uid、shape（形状）或某字段（如 number）对应已有对象",
            "update instead of add: match by uid, by shape, or by a field such as number",
        ),
    )
    parser.add_argument(
        "--remove-missing",
        action="store_true",
        help=tr(
            "移除文件中不再有的对象（须与 --match 同用）", "remove what the file no longer has; needs --match"
        ),
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """Read, plan, and apply as one step."""
    must_exist(args.project)
    files = matching_files(args.files)
    for file in files:
        with told_by_disk(file):
            _not_itself(args.project, file)
    from gis.exchange.arrivals import sort_arrivals
    from gis.progress import Progress

    found = sort_arrivals(files, Progress())
    first, rest = found.first, found.rest
    if rest.files and not any(file.is_dir() for file in files):
        raise UsageError(_MIXED.format(n=_counted(found)), _APART, code="usage.files")
    if rest.files and found.data:  # whoever names a folder means the data in it
        first, rest = found._replace(drawings=(), photos=()), found._replace(data=())
    report = _imported(args, first, console)
    return _with_rest(report, rest) if rest.files else report


def _imported(args: argparse.Namespace, first: Arrivals, console: Console) -> Report:
    """Import files of one kind."""
    args.file = first.files[0]
    if first.photos:
        return import_photos(args, first.photos, console)
    if first.drawings:
        return import_drawing(args, console)
    if args.layer is None:
        return import_together(args, first.data, console)
    from gis.exchange.parts import data_files

    inside = data_files(first.data)
    args.file = inside[0]
    if len(inside) > 1:
        words = Text(
            "--layer 一次只能导入一个文件；照片可以多张。",
            "With --layer one file at a time, unless all are photos.",
        )
        raise UsageError(words, code="usage.files")
    return _import_layer(args, console)


def _with_rest(report: Report, rest: Arrivals) -> Report:
    """Say what else a folder holds, which needs an import of its own."""
    words = _LEFT.format(n=_counted(rest))
    data = {**report.data, "not_imported": [str(path) for path in rest.files]}
    return Report(data, [*report.lines, "", tr(words)])


def _counted(found: Arrivals) -> Text:
    """Return how many files of each kind there are."""
    parts = [words.format(n=len(files)) for words, files in zip(_KINDS, found[:3], strict=True) if files]
    return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _import_layer(args: argparse.Namespace, console: Console) -> Report:
    """Bring one layer of a data file into a layer of the plan."""
    from gis.exchange.import_records import record_of, with_record
    from gis.exchange.plan import plan_import
    from gis.exchange.source import read_unplaced
    from gis.exchange.standing import standing_findings

    progress = console.progress()
    with opened(args.project, read_only=args.dry_run, console=console) as project:
        before = project.snapshot
        unplaced = read_unplaced(
            args.file,
            source_layer=args.source_layer,
            encoding=args.encoding,
            preferred=(args.layer,),
            progress=progress.part(0, 0.5),
        )
        ground = ground_of(args, before.crs, unplaced.bounds)
        source = unplaced.placed(args.crs, _near(before), ground, reading_of(args))
        if ground is None:
            doubts = standing_findings(unplaced, source, before)
            source = replace(source, findings=(*source.findings, *doubts))
        plan = plan_import(
            before,
            source,
            args.layer,
            _mapping(args.map),
            progress.part(0.5, 0.9),
            match=args.match,
            remove_missing=args.remove_missing,
        )
        if plan.changes and not args.dry_run:
            label = Text("导入 {file}", "Import {file}").format(file=args.file.name)
            record = record_of(
                args.file,
                source.format,
                source.crs,
                [plan.layer],
                plan.counts._asdict(),
                plan.findings,
                ground,
            )
            project.apply(with_record(plan.changes, record), label)
        data = plan_data(before, source, plan, args.dry_run)
        lines = plan_lines(before, source, plan, args.dry_run)
    return Report(data, lines)


def _near(snapshot: Snapshot) -> Near | None:
    from gis.exchange.source import Near

    extent = snapshot.extent()
    return Near(snapshot.crs, extent) if extent else None


def _not_itself(project: Path, file: Path) -> None:
    if file.exists() and file.samefile(project):
        raise RefusedError(
            Text("要导入的文件就是项目本身。", "The file to import is the project itself."),
            code="import.itself",
        )


def _mapping(words: list[str]) -> dict[str, str]:
    mapping = {}
    for word in words:
        column, equals, field = word.rpartition("=")
        if not equals or not column:
            raise UsageError(
                Text("--map 应写作 A=B，而不是“{word}”。", "Write --map as A=B, not “{word}”.").format(
                    word=word
                ),
                code="usage.map",
            )
        mapping[column] = field
    return mapping
