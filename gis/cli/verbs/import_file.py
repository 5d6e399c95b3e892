"""``import P FILE --layer KIND``: bring a foreign file in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis.cli.console import Console
from gis.cli.drawing_import import drawing_arguments, import_drawing
from gis.cli.findings import finding_lines, tally
from gis.cli.opening import must_exist, opened
from gis.cli.parser import project_argument
from gis.cli.report import Report, finding_data, one_line, pairs
from gis.i18n import tr
from layers.errors import RefusedError, UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.exchange.plan import ImportPlan
    from gis.exchange.source import Source

DESCRIPTION = Text(
    "导入 GeoPackage、GeoJSON 或 Shapefile 到一个图层，或按图层名导入 DXF 图纸，逐条报告发现的问题。"
    "带 uid 的记录更新原对象。",
    "Import a GeoPackage, GeoJSON or Shapefile into a layer, or a DXF drawing by its layers' names, "
    "and report every finding. "
    "A record with a known uid updates that feature.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument(
        "file", type=Path, metavar=tr("文件", "FILE"), help=tr("要导入的文件", "the file to import")
    )
    parser.add_argument(
        "--layer",
        metavar=tr("图层", "KIND"),
        help=tr(
            "导入到哪个图层；DXF 可不写，按图层名对应",
            "the layer that takes it; a DXF drawing needs none and goes by its layers' names",
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
            "Shapefile 文字编码，默认自动识别",
            "text encoding of a shapefile, found from the bytes by default",
        ),
    )
    parser.add_argument(
        "--source-layer",
        metavar=tr("名称", "NAME"),
        help=tr("GeoPackage 中的图层", "which layer of a GeoPackage"),
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="A=B",
        help=tr(
            "文件字段 A 填入图层字段 B，可多次使用", "column A of the file fills field B; may be repeated"
        ),
    )
    drawing_arguments(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help=tr("只检查，不导入", "only look, change nothing")
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """Read, plan, and apply as one step."""
    must_exist(args.project)
    _not_itself(args.project, args.file)
    from gis.exchange.dxf.looks import is_drawing

    if is_drawing(args.file):
        return import_drawing(args, console)
    if args.layer is None:
        raise UsageError(
            Text("请用 --layer 指定导入到哪个图层。", "Name the layer that takes it with --layer."),
            code="usage.layer",
        )
    from gis.exchange.plan import plan_import
    from gis.exchange.source import read_source

    progress = console.progress()
    with opened(args.project, read_only=args.dry_run) as project:
        source = read_source(
            args.file,
            source_layer=args.source_layer,
            encoding=args.encoding,
            crs=args.crs,
            preferred=(args.layer,),
            progress=progress.part(0, 0.5),
        )
        plan = plan_import(project.snapshot, source, args.layer, _mapping(args.map), progress.part(0.5, 0.9))
        if plan.changes and not args.dry_run:
            label = Text("导入 {file}", "Import {file}").format(file=args.file.name)
            project.apply(plan.changes, label)
    return Report(_data(source, plan, args.dry_run), _lines(source, plan, args.dry_run))


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


def _data(source: Source, plan: ImportPlan, dry_run: bool) -> dict[str, Any]:
    return {
        "file": str(source.path),
        "format": source.format,
        "source_layer": source.layer,
        "layer": plan.layer,
        "crs": source.crs,
        "encoding": source.encoding,
        "counts": plan.counts._asdict(),
        "mapping": dict(plan.mapping),
        "unmapped": list(plan.unmapped),
        "findings": [finding_data(f) for f in plan.findings],
        "dry_run": dry_run,
    }


def _lines(source: Source, plan: ImportPlan, dry_run: bool) -> list[str]:
    from gis.crs import crs_title

    counts = plan.counts
    head = (
        tr("试导入，未作更改：{file} → {layer}", "Dry run, nothing changed: {file} → {layer}")
        if dry_run
        else tr("已导入：{file} → {layer}", "Imported: {file} → {layer}")
    )
    mapped = tr("、", ", ").join(f"{one_line(a)} → {b}" for a, b in plan.mapping.items())
    evidence = tr(source.encoding_evidence)
    lines = [head.format(file=source.path.name, layer=plan.layer), ""]
    lines += pairs(
        (tr("格式", "Format"), f"{source.format} · {one_line(source.layer)}"),
        (tr("坐标系", "CRS"), crs_title(source.crs)),
        (tr("文字编码", "Encoding"), f"{source.encoding} ({evidence})" if evidence else source.encoding),
        (tr("字段对应", "Fields"), mapped or tr("无", "none")),
        (tr("记录", "Records"), str(counts.read)),
        (tr("  新增", "  added"), _count(counts.added)),
        (tr("  更新", "  updated"), _count(counts.updated)),
        (tr("  未变", "  unchanged"), _count(counts.unchanged)),
        (tr("  未导入", "  set aside"), _count(counts.set_aside)),
        (tr("  其中已修复", "  of them repaired"), _count(counts.repaired)),
    )
    if plan.findings:
        lines += ["", tally(plan.findings), *finding_lines(plan.findings)]
    return lines


def _count(number: int) -> str:
    return str(number) if number else ""
