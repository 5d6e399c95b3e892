"""``branch P [NAME] [--from R]`` and its options: alternatives begun, switched, renamed, removed."""

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
    from layers.revision import Branch, Removal

DESCRIPTION = Text(
    "比选方案：每个方案各有自己的当前方案和版次，居民意见和问题点各方案共用。只写项目文件时列出各方案；写上名称则新建一个，默认从当前方案开始。"
    "删除的方案可以取回，已冻结的版次始终保留。",
    "Alternatives, each with a working plan and revisions of its own; comments and problem spots are common"
    " to all. Lists them if no name is given; "
    "a name begins a new one, from the working plan unless --from says otherwise. "
    "A removed one can be brought back; what was frozen in it always stays.",
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
    act.add_argument(
        "--rename",
        nargs=2,
        metavar=(tr("原名", "OLD"), tr("新名", "NEW")),
        help=tr("给一个方案改名", "give an alternative another name"),
    )
    act.add_argument(
        "--remove",
        metavar=tr("名称", "NAME"),
        help=tr("删除一个方案，版次保留", "remove it; its revisions stay"),
    )
    act.add_argument(
        "--restore", metavar=tr("名称", "NAME"), help=tr("取回删除的方案", "bring a removed one back")
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """List, begin, switch, rename, remove or bring back."""
    acts = any(given is not None for given in (args.switch, args.rename, args.remove, args.restore))
    if args.name is not None and (args.list or acts):
        raise UsageError(
            Text(
                "新建方案时不能同时使用 --list、--switch、--rename、--remove 或 --restore。",
                "A new name goes with none of --list, --switch, --rename, --remove and --restore.",
            ),
            code="usage.branch",
        )
    if args.from_label is not None and args.name is None:
        raise UsageError(
            Text("--from 需要写上新方案的名称。", "--from needs the name of a new alternative."),
            code="usage.branch",
        )
    with opened(args.project, read_only=args.name is None and not acts, console=console) as project:
        line = _act(project, args)
        found = project.branches
        data: dict[str, Any] = {
            "branches": [branch_data(b) for b in found],
            "current": project.branch,
            "removed": list(project.removed_branches),
        }
        lines = [*_lines(found), *_removed_lines(project.removed_branches)]
        return Report(data, [line, "", *lines] if line else lines)


def _act(project: Project, args: argparse.Namespace) -> str:
    if args.name is not None:
        origin = args.from_label if args.from_label is None else named(project, args.from_label)
        made = project.create_branch(args.name, origin)
        return tr("已新建方案“{name}”。", "Alternative “{name}” made.", name=made.name)
    if args.switch is not None:
        return _switch(project, named(project, args.switch))
    if args.rename is not None:
        old, new = named(project, args.rename[0]), args.rename[1]
        made = project.rename_branch(old, new)
        return tr(
            "比选方案“{a}”已改名为“{b}”。", "Alternative “{a}” is called “{b}” now.", a=old, b=made.name
        )
    if args.remove is not None:
        return removal_words(project.remove_branch(named(project, args.remove)))
    if args.restore is not None:
        project.bring_back_branch(args.restore.strip())
        return tr("已取回比选方案“{name}”。", "Alternative “{name}” is back.", name=args.restore.strip())
    return ""


def removal_words(removal: Removal) -> str:
    """Say what was removed, what stays, and how to have it back."""
    words = tr("已删除比选方案“{name}”。", "Alternative “{name}” removed.", name=removal.name)
    if removal.unfrozen:
        words += tr(
            "未冻结的修改有 {n} 处，一并移走。", " {n} unfrozen edits went with it.", n=removal.unfrozen
        )
    if removal.revisions:
        listed = "、".join(removal.revisions), ", ".join(removal.revisions)
        words += tr("保留的版次：{r}。", " Its revisions stay: {r}.", r=Text(*listed))
    return words + tr("可用 --restore {name} 取回。", " --restore {name} brings it back.", name=removal.name)


def _removed_lines(names: tuple[str, ...]) -> list[str]:
    if not names:
        return []
    listed = Text("、".join(names), ", ".join(names))
    return ["", tr("已删除，可以取回：{names}", "Removed, can be brought back: {names}", names=listed)]


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
