"""``sample OUT.gpkg``: the sample estate."""

from __future__ import annotations

import argparse
from pathlib import Path

from gis.cli.console import Console
from gis.cli.opening import must_be_new, must_end_in_gpkg, opened
from gis.cli.report import Report
from gis.cli.summary import summary_data, summary_lines
from gis.i18n import tr
from layers.text import Text

DESCRIPTION = Text(
    "生成示例小区：虚构的 1998 年多层住宅小区，含三个公示版次和问题点。",
    "Write the sample estate: a fictional walk-up estate of 1998 with three posted revisions "
    "and its problem spots.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    parser.add_argument(
        "out", type=Path, metavar=tr("输出.gpkg", "OUT.gpkg"), help=tr("新项目文件", "the new project")
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """Write it and say what is in it."""
    must_end_in_gpkg(args.out)
    must_be_new(args.out)
    from sample_data.estate import write_sample  # late: shapely

    write_sample(args.out)
    with opened(args.out, read_only=True) as project:
        head = tr("已生成示例小区：{path}", "The sample estate is written: {path}", path=args.out)
        return Report({"path": str(args.out), **summary_data(project)}, [head, "", *summary_lines(project)])
