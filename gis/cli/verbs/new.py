"""``new OUT.gpkg --title T --crs EPSG:4548``: an empty project."""

from __future__ import annotations

import argparse
from pathlib import Path

from gis.cli.console import Console
from gis.cli.opening import must_be_new, must_end_in_gpkg
from gis.cli.report import Report, pairs
from gis.i18n import tr
from layers.errors import UsageError
from layers.text import Text

DESCRIPTION = Text(
    "新建空白项目，含全部标准图层。坐标系必须以米为单位。",
    "Make an empty project with every standard layer. Its CRS must be in metres.",
)
DEFAULT_CRS = "EPSG:4548"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    parser.add_argument(
        "out", type=Path, metavar=tr("输出.gpkg", "OUT.gpkg"), help=tr("新项目文件", "the new project")
    )
    parser.add_argument(
        "--title", required=True, metavar=tr("标题", "T"), help=tr("小区或项目名称", "name of the estate")
    )
    parser.add_argument(
        "--crs",
        default=DEFAULT_CRS,
        metavar="EPSG:n",
        help=tr(
            "坐标系，默认 {crs}（CGCS2000，中央子午线 117°E）",
            "CRS, default {crs} (CGCS2000, CM 117°E)",
            crs=DEFAULT_CRS,
        ),
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """Make it."""
    if not args.title.strip():
        raise UsageError(Text("标题不能为空。", "The title must not be empty."), code="usage.title")
    must_end_in_gpkg(args.out)
    must_be_new(args.out)
    from gis.crs import metric_crs
    from gis.crs_names import crs_title
    from gis.project import Project

    crs = metric_crs(args.crs)
    project = Project.create(args.out, args.title, crs)
    names = list(project.snapshot.layers)
    project.close()
    lines = pairs(
        (tr("新项目", "New project"), str(args.out)),
        (tr("标题", "Title"), args.title),
        (tr("坐标系", "CRS"), crs_title(crs)),
        (tr("图层", "Layers"), str(len(names))),
    )
    return Report({"path": str(args.out), "title": args.title, "crs": crs, "layers": names}, lines)
