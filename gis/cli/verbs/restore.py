"""``restore P R``: the working plan becomes what a revision was."""

from __future__ import annotations

import argparse

from gis.cli.console import Console
from gis.cli.opening import opened
from gis.cli.parser import project_argument
from gis.cli.report import Report
from gis.i18n import tr
from layers.text import Text

DESCRIPTION = Text(
    "把当前方案恢复到某版次。这是一步普通的修改，可以撤销。",
    "Return the working plan to a revision. It is one step like any other and can be undone.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument("revision", metavar=tr("版次", "R"), help=tr("版次号", "label of the revision"))


def run(args: argparse.Namespace, console: Console) -> Report:
    """Restore it."""
    with opened(args.project, console=console) as project:
        changes = project.restore(args.revision)
    line = (
        tr("当前方案已恢复到 {r}，改动 {n} 处。", "The working plan is {r} again; {n} changes.")
        if changes
        else tr("当前方案与 {r} 相同，无需改动。", "The working plan equals {r} already.")
    )
    data = {"revision": args.revision, "features": len(changes.features), "settings": len(changes.settings)}
    return Report(data, [line.format(r=args.revision, n=len(changes))])
