"""``branch P [NAME] [--from R] [--list] [--switch NAME]``: alternatives."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from gis.cli.console import Console
from gis.cli.opening import named, opened
from gis.cli.parser import project_argument
from gis.cli.report import Report, one_line, table, text_data
from gis.i18n import tr
from layers.errors import UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.project import Project
    from layers.revision import Branch

DESCRIPTION = Text(
    "比选方案：每个方案各有自己的当前方案和版次。只写项目文件时列出各方案；写上名称则新建一个，默认从当前方案开始。",
    "Alternatives, each with a working plan and revisions of its own. Lists them if no name is given; "
    "a name begins a new one, from the working plan unless --from says otherwise.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument(
        "name", nargs="?", metavar=tr("名称", "NAME"), help=tr("新建方案的名称", "name of a new alternative")
    )
    parser.add_argument(
        "--from",
        dest="from_label",
        metavar="R",
        help=tr("从哪个版次开始，默认当前方案", "revision it begins from; the working plan by default"),
    )
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--list", action="store_true", help=tr("列出各方案", "list them"))
    act.add_argument(
        "--switch", metavar=tr("名称", "NAME"), help=tr("切换到一个方案", "put an alternative in front")
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """List, begin or switch."""
    if args.name is not None and (args.list or args.switch is not None):
        raise UsageError(
            Text(
                "新建方案时不能同时使用 --list 或 --switch。",
                "A new name goes with neither --list nor --switch.",
            ),
            code="usage.branch",
        )
    if args.from_label is not None and args.name is None:
        raise UsageError(
            Text("--from 需要写上新方案的名称。", "--from needs the name of a new alternative."),
            code="usage.branch",
        )
    with opened(
        args.project, read_only=args.name is None and args.switch is None, console=console
    ) as project:
        line = _act(project, args)
        found = project.branches
        data: dict[str, Any] = {"branches": [branch_data(b) for b in found], "current": project.branch}
        return Report(data, [line, "", *_lines(found)] if line else _lines(found))


def _act(project: Project, args: argparse.Namespace) -> str:
    if args.name is not None:
        origin = args.from_label if args.from_label is None else named(project, args.from_label)
        made = project.create_branch(args.name, origin)
        return tr("已新建方案“{name}”。", "Alternative “{name}” made.", name=made.name)
    if args.switch is not None:
        return _switch(project, named(project, args.switch))
    return ""


def _switch(project: Project, name: str) -> str:
    before = project.branch
    changes = project.switch_branch(name)
    title = tr(next(branch.title for branch in project.branches if branch.current))
    if project.branch == before:
        return tr("“{t}”已经是当前方案。", "“{t}” is the plan in front already.", t=title)
    return tr(
        "当前方案现在是“{t}”，有 {n} 处不同。",
        "“{t}” is the plan in front now; {n} things differ.",
        t=title,
        n=len(changes),
    )


def branch_data(branch: Branch) -> dict[str, Any]:
    """Return a branch as plain JSON values."""
    return {
        "name": branch.name,
        "title": text_data(branch.title),
        "head": branch.head,
        "parent": branch.parent,
        "current": branch.current,
    }


def _lines(found: tuple[Branch, ...]) -> list[str]:
    rows = [
        ("●" if b.current else "", b.name, one_line(tr(b.title), 40), b.parent or "–", b.head or "–")
        for b in found
    ]
    heads = "", tr("名称", "Name"), tr("方案", "Title"), tr("起于", "From"), tr("最新版次", "Newest revision")
    return table(rows, heads)
