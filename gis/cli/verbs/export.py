"""``export P OUT``: layers for other programs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gis.cli.console import Console
from gis.cli.drawing_export import chosen_writer, export_arguments
from gis.cli.extract_arguments import extract_arguments, extract_of
from gis.cli.findings import finding_lines, tally
from gis.cli.opening import opened, revision_argument, state_of
from gis.cli.parser import project_argument
from gis.cli.report import Report, finding_data, pairs, table
from gis.cli.tables import internal_argument, masks_of, masks_told
from gis.i18n import tr
from layers.errors import UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.exchange.personal_fields import PersonalField
    from gis.project import Project
    from layers.errors import Finding
    from layers.snapshot import Snapshot

DESCRIPTION = Text(
    "按文件扩展名导出图层：.gpkg（普通图层）、.geojson（WGS 84）、.shp（UTF-8 或 GBK，附字段对照表）、.csv、"
    ".xlsx、.kml、.kmz、.gpx（WGS 84）、.dxf（1:1，单位米；尺寸、圆、弧是真正的标注、圆和弧段）。"
    "编号随数据走，改后导回就是更新。地图图片用 render。",
    "Export layers by the ending of the file: .gpkg (plain layers), .geojson (WGS 84), "
    ".shp (UTF-8 or GBK, with a table of the field names), .csv, .xlsx, .kml, .kmz, .gpx (WGS 84), "
    ".dxf (1:1 in metres; dimensions, circles and arcs as such). Ids travel, so what comes "
    "back is an update. The map as a picture is made by render.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument(
        "out",
        type=Path,
        metavar=tr("输出", "OUT"),
        help=tr("输出文件；有 --formats 时是文件夹", "the file to write, or the folder with --formats"),
    )
    revision_argument(parser)
    export_arguments(parser)
    parser.add_argument(
        "--formats",
        metavar="gpkg,dxf,shp",
        help=tr(
            "输出为文件夹，含所列格式（gpkg、dxf、dxf-gbk、shp、shp-gbk、geojson、kml、gpx、xlsx、csv）",
            "make OUT a folder with these formats (gpkg, dxf, dxf-gbk, shp, shp-gbk, geojson, kml, gpx, "
            "xlsx, csv)",
        ),
    )
    parser.add_argument(
        "--findings",
        action="store_true",
        help=tr(
            "导出历次导入的统计和发现（.xlsx、.csv）", "export what imports brought and found (.xlsx, .csv)"
        ),
    )
    extract_arguments(parser)
    parser.add_argument(
        "--without-personal",
        action="store_true",
        help=tr(
            "去掉含个人信息的字段；默认导出完整数据",
            "leave out the fields that hold personal data; by default everything is exported",
        ),
    )
    internal_argument(parser)


def run(args: argparse.Namespace, console: Console) -> Report:
    """Write them."""
    if args.internal and not args.findings:
        raise UsageError(
            Text("--internal 要与 --findings 一起用。", "--internal goes with --findings."),
            Text("导出图层总是完整的数据。", "An export of layers always holds everything."),
            code="usage.internal",
        )
    if args.findings:
        return _export_findings(args, console)
    with opened(args.project, read_only=True, console=console) as project:
        state = state_of(project, args.revision)
        personal = _personal(project, state, args.layer)
        if args.without_personal:
            from gis.exchange.personal_fields import without_personal

            state = without_personal(state, personal)
        from gis.exchange.extract import extracted

        ending = "" if args.formats else args.out.suffix.lower()
        state = extracted(state, extract_of(args), ending, console.progress())
        if args.formats:
            from gis.exchange.folder_export import export_folder

            names = args.formats.split(",")
            result = export_folder(state, args.out, names, progress=console.progress())
        else:
            from gis.exchange.export import export

            writer = chosen_writer(args)
            result = export(
                state, args.out, forbidden=(args.project,), writer=writer, progress=console.progress()
            )
    lines = [tr("已导出：", "Exported:"), *(f"  {path}" for path in result.files), ""]
    rows = [(layer, f"{count:,}") for layer, count in result.counts.items()]
    lines += table(rows, (tr("图层", "Layer"), tr("对象", "Features")), right=(1,))
    lines += pairs(
        (tr("个人信息", "Personal data"), _personal_told(personal, left_out=args.without_personal))
    )
    told = [_with_layer(state, finding) for finding in result.findings]
    if told:
        lines += ["", tally(told), *finding_lines(told)]
    data = {
        "files": [str(path) for path in result.files],
        "counts": result.counts,
        "findings": [finding_data(f) for f in result.findings],
        "personal": [{"layer": p.layer, "field": p.field.name, "features": p.filled} for p in personal],
        "without_personal": args.without_personal,
    }
    return Report(data, lines)


def _with_layer(state: Snapshot, finding: Finding) -> Finding:
    """Return a finding that says which layer it is about."""
    layer = state.layers.get(finding.layer or "")
    if layer is None:
        return finding
    words = Text("{l}：{w}", "{l}: {w}").format(l=layer.title, w=finding.message)
    return replace(finding, message=words)


def _personal(project: Project, state: Snapshot, layers: Sequence[str] | None) -> tuple[PersonalField, ...]:
    """Return the fields of the layers to export that hold personal data."""
    from gis.exchange.personal_fields import personal_fields
    from gis.privacy import Masks
    from gis.roster import names_of

    chosen = [name for name in layers or state.layers if name in state.layers]
    return personal_fields(state, chosen, Masks(names_of(project.snapshot, project.path)))


def _personal_told(personal: Sequence[PersonalField], *, left_out: bool) -> str:
    if not personal:
        return ""
    names = tr("、", ", ").join(f"{one.layer}.{one.field.name} ({one.filled})" for one in personal)
    if left_out:
        return tr("已去掉：{n}", "left out: {n}", n=names)
    return tr("含 {n}；去掉请加 --without-personal", "in {n}; --without-personal leaves it out", n=names)


def _export_findings(args: argparse.Namespace, console: Console) -> Report:
    """Write what the imports of a project brought and found."""
    from gis.exchange.import_records import records_of
    from gis.i18n import language
    from gis.import_sheets import import_sheets
    from gis.revisions.sheet_writing import write_sheets

    with opened(args.project, read_only=True, console=console) as project:
        records = records_of(project.snapshot)
        sheets = import_sheets(records, project.snapshot)
        masks = masks_of(args, project)
    files = write_sheets(sheets, args.out, language(), masks)
    found = sum(len(record.findings) for record in records)
    head = tr(
        "已导出 {n} 次导入的 {m} 条发现：", "Exported {m} findings of {n} imports:", n=len(records), m=found
    )
    lines = [head, *(f"  {path}" for path in files), *pairs(masks_told(masks))]
    data = {"files": [str(path) for path in files], "imports": len(records), "findings": found}
    data["masked"] = masks and masks.places
    return Report(data, lines)
