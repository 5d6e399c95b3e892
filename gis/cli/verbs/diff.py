"""``diff P R1 R2 [-o OUT]``: what changed, numbered as on the drawing."""

from __future__ import annotations

import argparse
from pathlib import Path

from gis.cli.comparing import comparison_data, comparison_lines
from gis.cli.console import Console
from gis.cli.opening import check_out, named, opened
from gis.cli.parser import project_argument
from gis.cli.report import Report, pairs
from gis.cli.tables import internal_argument, masks_of, masks_told
from gis.i18n import language, tr
from layers.revision import WORKING
from layers.text import Text

DESCRIPTION = Text(
    "比较两个版次：新增、取消、移位、改形、改属性，按图上云线编号分组。当前方案写作 working。",
    "Compare two revisions: added, removed, moved, reshaped, changed, grouped by the numbers on the drawing. "
    "The working plan is called working.",
)


ENDINGS = (".xlsx", ".csv", ".geojson")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument("before", metavar="R1", help=tr("较早的版次", "the earlier revision"))
    parser.add_argument(
        "after",
        metavar="R2",
        nargs="?",
        default=WORKING,
        help=tr("较晚的版次，默认当前方案", "the later; working plan by default"),
    )
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        metavar=tr("文件", "FILE"),
        help=tr("写成表格 .xlsx .csv 或 .geojson", "write it as a table, .xlsx .csv, or as .geojson"),
    )
    internal_argument(parser)


def run(args: argparse.Namespace, console: Console) -> Report:
    """Compare them."""
    if args.out:
        check_out(args.out, args.project, ENDINGS)
    with opened(args.project, read_only=True, console=console) as project:
        from gis.revisions.chapters import compare_states

        first, second = named(project, args.before), named(project, args.after)
        comparison, after = compare_states(project, first, second), project.state(second)
        masks = masks_of(args, project) if args.out else None
    if not args.out:
        return Report(comparison_data(comparison), comparison_lines(comparison))
    from gis.revisions.change_table import write_changes

    paths = write_changes(comparison, after, args.out, language(), masks)
    lines = pairs(
        (tr("已写出", "Written"), ", ".join(map(str, paths))),
        (tr("变更", "Changes"), str(len(comparison.changes))),
        (tr("编号改动", "Numbered changes"), str(len(comparison.groups))),
        masks_told(masks),
    )
    data = {"paths": [str(path) for path in paths], "masked": masks and masks.places}
    return Report({**comparison_data(comparison), **data}, lines)
