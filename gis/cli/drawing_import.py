"""Importing a drawing from the command line: several layers in one step."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gis.cli.console import Console
from gis.cli.findings import finding_lines, tally
from gis.cli.georeferencing import ground_of
from gis.cli.opening import opened
from gis.cli.report import Report, finding_data, one_line, pairs, table
from gis.i18n import tr
from layers.errors import NotFoundError, UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.exchange.dxf.drawing import Drawing
    from gis.exchange.dxf.mapping import DxfMapping
    from gis.exchange.dxf.plan import DxfCounts, DxfPlan

_SHOWN: Final = 40
_WORDS: Final = {
    "features": Text("成为对象", "features"),
    "merged": Text("并入对象", "merged into features"),
    "dissolved": Text("图块已展开", "blocks taken apart"),
    "hidden": Text("关闭或冻结", "off or frozen"),
    "set_aside": Text("未导入", "set aside"),
    "unreadable": Text("无法读取", "unreadable"),
    "left_out": Text("指定不导入", "left out as asked"),
}


def drawing_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that only drawings have."""
    group = parser.add_argument_group(tr("DXF 图纸", "DXF drawings"))
    group.add_argument(
        "--map-layer",
        action="append",
        default=[],
        metavar="A=B",
        help=tr(
            "图纸图层 A 导入到图层 B，可多次使用；reference 为参考底图",
            "drawing layer A goes to layer B; may be repeated; reference keeps it as background",
        ),
    )
    group.add_argument(
        "--mapping",
        type=Path,
        metavar="JSON",
        help=tr("用保存的图层对应方案", "use a saved layer mapping"),
    )
    group.add_argument(
        "--save-mapping",
        type=Path,
        metavar="JSON",
        help=tr("保存所用的图层对应方案", "save the layer mapping that was used"),
    )
    group.add_argument(
        "--units",
        metavar="m|mm|km",
        help=tr(
            "图纸单位（m、mm），默认自动识别；其他文件可用 mm、km",
            "unit of the drawing (m, mm), found by default; mm or km for other files",
        ),
    )
    group.add_argument(
        "--with-hidden",
        action="store_true",
        help=tr("也导入关闭和冻结的图层", "also what is off or frozen"),
    )


def import_drawing(args: argparse.Namespace, console: Console) -> Report:
    """Read, plan, and apply as one step."""
    from gis.exchange.drawing_ground import box_in_file, drawing_on_ground
    from gis.exchange.dxf.drawing import read_drawing
    from gis.exchange.dxf.plan import plan_dxf_import
    from gis.exchange.import_records import record_of, with_record
    from gis.exchange.matching import SHAPE
    from gis.exchange.update import chosen_of

    _refuse_others_options(args)
    mapping = _mapping(args)
    progress = console.progress()
    with opened(args.project, read_only=args.dry_run, console=console) as project:
        drawing = read_drawing(
            args.file, encoding=args.encoding, unit=args.units, progress=progress.part(0, 0.5)
        )
        ground = ground_of(args, project.snapshot.crs, box_in_file(drawing))
        if ground is not None:
            drawing = drawing_on_ground(drawing, ground)
        elif args.swap_axes:
            from gis.crs_candidates import Reading
            from gis.exchange.drawing_ground import drawing_read_as

            drawing = drawing_read_as(drawing, Reading(swapped=True))
        plan = plan_dxf_import(
            project.snapshot,
            drawing,
            mapping,
            crs=None if ground else args.crs,
            with_hidden=args.with_hidden,
            updates=args.match == SHAPE,
            progress=progress.part(0.5, 0.9),
        )
        if args.remove_missing:
            plan = replace(plan, changes=chosen_of(project.snapshot, plan.changes, plan.gone, ()))
        if plan.changes and not args.dry_run:
            record = record_of(
                args.file, "DXF", plan.crs, list(plan.layers), plan.counts._asdict(), plan.findings, ground
            )
            label = Text("导入 {file}", "Import {file}").format(file=args.file.name)
            project.apply(with_record(plan.changes, record), label)
    if args.save_mapping:
        args.save_mapping.write_text(mapping.to_text(), encoding="utf-8")
    return Report(_data(drawing, plan, args.dry_run), _lines(drawing, plan, args.dry_run))


def _refuse_others_options(args: argparse.Namespace) -> None:
    if args.source_layer or args.map or args.match not in (None, "shape"):
        raise UsageError(
            Text(
                "--source-layer 和 --map 不用于 DXF，--match 只能是 shape。",
                "--source-layer and --map are not for DXF drawings; --match can only be shape.",
            ),
            Text("图纸图层请用 --map-layer A=B。", "For the layers of a drawing use --map-layer A=B."),
            code="usage.dxf",
        )
    if args.remove_missing and args.match is None:
        words = Text("未指定对应方式，不能移除缺少的对象。", "Nothing can be removed without a way to match.")
        raise UsageError(words, Text("请用 --match shape。", "Use --match shape."), code="import.match")


def _mapping(args: argparse.Namespace) -> DxfMapping:
    from gis.exchange.dxf.mapping import DxfMapping

    mapping = DxfMapping.onto(args.layer) if args.layer else DxfMapping.standard()
    if args.mapping:
        if not args.mapping.is_file():
            raise NotFoundError(
                Text("找不到文件：{path}", "There is no such file: {path}").format(path=args.mapping),
                code="file.unknown",
            )
        mapping = DxfMapping.from_text(args.mapping.read_text(encoding="utf-8", errors="replace"))
    for word in args.map_layer:
        name, equals, layer = word.rpartition("=")
        if not equals or not name or not layer:
            raise UsageError(
                Text("--map-layer 应写作 A=B，而不是“{w}”。", "Write --map-layer as A=B, not “{w}”.").format(
                    w=word
                ),
                code="usage.map",
            )
        mapping = mapping.with_layer(name, layer)
    return mapping


def _data(drawing: Drawing, plan: DxfPlan, dry_run: bool) -> dict[str, Any]:
    return {
        "file": str(drawing.path),
        "format": "DXF",
        "release": drawing.release,
        "crs": plan.crs,
        "units": drawing.unit,
        "encoding": drawing.encoding.codec,
        "samples": list(drawing.encoding.samples),
        "entities": drawing.entities,
        "counts": plan.counts._asdict(),
        "layers": {layer: counts._asdict() for layer, counts in plan.layers.items()},
        "gone": len(plan.gone),
        "mapping": [
            {"layer": line.name, "rows": line.rows, "hidden": line.hidden, "to": dict(line.layers)}
            for line in plan.lines
        ],
        "findings": [finding_data(f) for f in plan.findings],
        "dry_run": dry_run,
    }


def _lines(drawing: Drawing, plan: DxfPlan, dry_run: bool) -> list[str]:
    from gis.crs_names import crs_title

    head = (
        tr("试导入，未作更改：{file}", "Dry run, nothing changed: {file}", file=drawing.path.name)
        if dry_run
        else tr("已导入：{file}", "Imported: {file}", file=drawing.path.name)
    )
    samples = tr("，例如 ", ", such as ") + " · ".join(one_line(s, 20) for s in drawing.encoding.samples)
    encoding = f"{drawing.encoding.codec.upper()} ({tr(drawing.encoding.evidence)})"
    lines = [head, ""]
    lines += pairs(
        (tr("格式", "Format"), f"DXF {drawing.release}"),
        (tr("坐标系", "CRS"), crs_title(plan.crs)),
        (tr("单位", "Units"), f"{drawing.unit} ({tr(drawing.unit_evidence)})"),
        (tr("文字编码", "Encoding"), encoding + (samples if drawing.encoding.samples else "")),
        *_count_pairs(plan.counts, drawing.entities),
    )
    lines += ["", *_mapping_table(plan)]
    if plan.layers:
        rows = [(k, str(c.added), str(c.updated), str(c.unchanged)) for k, c in plan.layers.items()]
        heads = (tr("图层", "Layer"), tr("新增", "Added"), tr("更新", "Updated"), tr("未变", "Unchanged"))
        lines += ["", *table(rows, heads, right=(1, 2, 3))]
    if plan.findings:
        lines += ["", tally(plan.findings), *finding_lines(plan.findings)]
    return lines


def _count_pairs(counts: DxfCounts, entities: int) -> list[tuple[str, str]]:
    inside = counts.read - entities
    total = tr("{n}（含图块内 {m}）", "{n} ({m} of them inside blocks)", n=counts.read, m=inside)
    found = [(tr("图元", "Entities"), total if inside > 0 else str(counts.read))]
    for name, words in _WORDS.items():
        number = getattr(counts, name)
        found.append((f"  {tr(words)}", str(number) if number else ""))
    return found


def _mapping_table(plan: DxfPlan) -> list[str]:
    rows = []
    for line in plan.lines[:_SHOWN]:
        became = tr("、", ", ").join(
            f"{k} {n}" for k, n in sorted(line.layers.items(), key=lambda kn: -kn[1])
        )
        name = one_line(line.name, 40) + (tr("（隐藏）", " (hidden)") if line.hidden else "")
        rows.append((name, str(line.rows), became or "–"))
    made = table(
        rows, (tr("图纸图层", "Drawing layer"), tr("图元", "Entities"), tr("去向", "Goes to")), right=(1,)
    )
    if rest := len(plan.lines) - _SHOWN:
        made += [tr("…… 还有 {n} 个图层", "… and {n} more layers", n=rest)] if rest > 0 else []
    return made
