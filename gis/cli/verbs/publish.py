"""``publish P --revision R -o OUT.html``: the page."""

from __future__ import annotations

import argparse

from gis.cli.console import Console
from gis.cli.findings import finding_lines, tally
from gis.cli.opening import check_out, opened, revision_argument
from gis.cli.parser import out_argument, project_argument
from gis.cli.report import Report, finding_data, pairs
from gis.i18n import tr
from layers.revision import WORKING
from layers.text import Text

DESCRIPTION = Text(
    "把版次发布为一个离线网页：一个 HTML 文件，打开时不访问网络。私人信息不会写入。",
    "Publish a revision as one offline page: a single HTML file that makes no request. "
    "Nothing private is written into it.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    revision_argument(parser)
    parser.add_argument(
        "--compare", metavar="R0", help=tr("与哪个版次比较", "which revision to compare with")
    )
    parser.add_argument(
        "--profile", default="public", metavar=tr("对象", "WHO"), help=tr("发布对象", "for whom")
    )
    out_argument(parser, Text("网页文件 .html", "the page, .html"))


def run(args: argparse.Namespace, console: Console) -> Report:
    """Publish it."""
    check_out(args.out, args.project, (".html", ".htm"))
    with opened(args.project) as project:
        from gis.publish.publication import publish

        result = publish(
            project,
            args.out,
            revision=args.revision or WORKING,
            compare=args.compare,
            profile=args.profile,
            progress=console.progress(),
        )
    lines = pairs(
        (tr("已发布", "Published"), str(result.path)),
        (tr("版次", "Revision"), args.revision or tr("当前方案", "working plan")),
        (tr("大小", "Size"), f"{result.bytes / 1024:,.0f} KB"),
        (tr("内容", "Content"), tr("、", ", ").join(f"{name} {n}" for name, n in result.counts.items())),
        ("SHA-256", result.sha256),
    )
    if result.removed:
        lines += [
            "",
            tr("未公开的内容：", "Left out: ") + tally(result.removed),
            *finding_lines(result.removed),
        ]
    data = {
        "path": str(result.path),
        "revision": args.revision or WORKING,
        "compare": args.compare,
        "sha256": result.sha256,
        "bytes": result.bytes,
        "counts": dict(result.counts),
        "removed": [finding_data(f) for f in result.removed],
    }
    return Report(data, lines)
