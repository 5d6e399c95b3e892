"""``freeze P --label R4 --note ...``: the working plan becomes a revision."""

from __future__ import annotations

import argparse

from gis.cli.console import Console
from gis.cli.opening import opened
from gis.cli.parser import project_argument
from gis.cli.report import Report, one_line, pairs
from gis.cli.summary import revision_data
from gis.i18n import tr
from gis.revisions.chapters import parent_of
from layers.revision import WORKING
from layers.text import Text

DESCRIPTION = Text(
    "把当前方案定为新版次，以后不再改变。",
    "Freeze the working plan as a revision, which never changes again.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument(
        "--label", metavar="R4", help=tr("版次号，默认接续", "label, the next one by default")
    )
    parser.add_argument("--title", default="", metavar=tr("标题", "T"), help=tr("标题", "title"))
    parser.add_argument(
        "--note", default="", metavar=tr("说明", "N"), help=tr("改了什么、为什么", "what and why")
    )
    parser.add_argument("--author", default="", metavar=tr("姓名", "NAME"), help=tr("编制人", "who made it"))


def run(args: argparse.Namespace, console: Console) -> Report:
    """Freeze it."""
    with opened(args.project, console=console) as project:
        before = parent_of(project, WORKING)
        nothing = before is not None and not project.changes_between(before, WORKING)
        revision = project.freeze(args.title or args.label or "", args.note, args.author, args.label)
    lines = pairs(
        (tr("新版次", "New revision"), revision.label),
        (tr("标题", "Title"), one_line(revision.title)),
        (tr("说明", "Note"), one_line(revision.note, 100)),
        (tr("时间", "Time"), revision.created),
        (tr("校验", "Digest"), revision.digest[:16]),
    )
    if nothing:
        lines += ["", tr("提示：自 {l} 以来没有任何修改。", "Note: nothing has changed since {l}.", l=before)]
    return Report(revision_data(revision), lines)
