"""``restore P R``: the working plan becomes what a revision was."""

from __future__ import annotations

import argparse

from gis.cli.console import Console
from gis.cli.opening import opened
from gis.cli.parser import project_argument
from gis.cli.report import Report
from gis.i18n import tr
from gis.revisions.restoring import counted
from layers.text import Text

DESCRIPTION = Text(
    "把当前方案恢复到某版次。后来收到的居民意见、上报的问题点和张贴记录都保留。这是一步普通的修改，可以撤销。",
    "Return the working plan to a revision. Comments, problem spots and postings that came since stay. "
    "It is one step like any other and can be undone.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument("revision", metavar=tr("版次", "R"), help=tr("版次号", "label of the revision"))
    parser.add_argument(
        "--with-reports",
        action="store_true",
        help=tr(
            "意见和问题点也恢复到当时：后来收到的会从当前方案中去掉",
            "comments and problem spots become what they were, too: those that came since go",
        ),
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """Restore it."""
    with opened(args.project, console=console) as project:
        planned, before = project.plan_restore(args.revision), project.snapshot
        changes = project.restore(args.revision, reports=args.with_reports)
    line = (
        tr("当前方案已恢复到 {r}，改动 {n} 处。", "The working plan is {r} again; {n} changes.")
        if changes
        else tr("当前方案与 {r} 相同，无需改动。", "The working plan equals {r} already.")
    )
    lines = [line.format(r=args.revision, n=len(changes))]
    if told := counted(planned.gone, before):
        went = Text("去掉了后来的：{what}。", "Gone with it, come in since: {what}.")
        stayed = Text("保留了后来的：{what}。", "Kept, come in since: {what}.")
        lines.append(tr((went if args.with_reports else stayed).format(what=told)))
    data = {
        "revision": args.revision,
        "features": len(changes.features),
        "settings": len(changes.settings),
        "since": dict(planned.gone),
        "reports": args.with_reports,
    }
    return Report(data, lines)
