"""``merge P OTHER`` or ``merge P --branch NAME``: a colleague's copy or an alternative comes in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis.cli.console import Console
from gis.cli.findings import finding_lines
from gis.cli.opening import must_exist, named, opened
from gis.cli.parser import positive, project_argument
from gis.cli.report import Report, finding_data, pairs
from gis.i18n import tr
from layers.errors import NotFoundError, UsageError
from layers.revision import WORKING, branch_title
from layers.text import Text, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.merging import ProjectMerge
    from gis.project import Project
    from gis.revisions.merge import Conflict
    from layers.errors import Finding

DESCRIPTION = Text(
    "把同事那里的副本合并进来：逐个对象、逐个字段比较双方自共同版次以来的修改，合并为一步，可以撤销。"
    "双方对同一处作了不同修改时，须用 --take 选定，否则退出码为 30，什么也不改。"
    "--branch 采纳本项目的一个比选方案；--cloud 只采纳其中几处（编号见 diff 项目 working 方案名）。",
    "Take in a colleague's copy: what both sides changed since they were one is compared feature by feature "
    "and field by field, and becomes one step that can be undone. Where both changed the same thing "
    "differently, --take decides; without it the exit code is 30 and nothing is changed. --branch adopts an "
    "alternative of this project instead; --cloud only some of its changes, by their numbers in "
    "diff PROJECT working NAME.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument(
        "other",
        nargs="?",
        type=Path,
        metavar=tr("副本.gpkg", "OTHER.gpkg"),
        help=tr("同事的副本", "the colleague's copy"),
    )
    parser.add_argument(
        "--branch", metavar=tr("方案", "NAME"), help=tr("采纳一个比选方案", "adopt an alternative")
    )
    parser.add_argument(
        "--cloud",
        type=positive,
        action="append",
        metavar=tr("编号", "NUMBER"),
        help=tr("只采纳这一处，可多次", "only this numbered change; may be repeated"),
    )
    parser.add_argument(
        "--take",
        choices=("ours", "theirs"),
        help=tr("冲突时采用本方（ours）或对方（theirs）", "which side to take where both differ"),
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=tr("只看结果，不合并", "only look, change nothing")
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """Plan the merge, and do it."""
    must_exist(args.project)
    if (args.other is None) == (args.branch is None) or (args.cloud and not args.branch):
        raise UsageError(
            Text(
                "请写明副本，或用 --branch 写明方案；--cloud 只与 --branch 同用。",
                "Name a copy, or an alternative with --branch; --cloud goes with --branch.",
            ),
            code="usage.merge",
        )
    if args.other is not None:
        must_exist(args.other)
    from gis.merging import conflict_findings
    from gis.revisions.merge import all_to

    with opened(args.project, read_only=args.dry_run, console=console) as project:
        merge = project.plan_merge(args.other) if args.other else _adoption(project, args)
        try:
            decisions = all_to(args.take, merge.conflicts) if args.take else {}
            clashes = conflict_findings(merge.conflicts, project.snapshot)
            if not args.dry_run:
                project.apply_merge(merge, decisions)
            return Report(_data(merge, args), [*_lines(merge, args), *_clash_lines(clashes)])
        finally:
            merge.close()


def _adoption(project: Project, args: argparse.Namespace) -> ProjectMerge:
    """Plan to take in an alternative, or those of its changes that stand under some numbers."""
    name = named(project, args.branch)
    if not args.cloud:
        return project.plan_adopt(name)
    from gis.revisions.chapters import compare_states

    groups = compare_states(project, WORKING, name).groups
    if unknown := sorted(set(args.cloud) - {group.number for group in groups}):
        raise NotFoundError(
            Text("没有编号 {n}，共 {m} 处改动。", "There is no number {n}; there are {m}.").format(
                n=unknown[0], m=len(groups)
            ),
            code="merge.cloud",
        )
    chosen = [change.key for group in groups if group.number in args.cloud for change in group.changes]
    return project.plan_adopt(name, chosen)


def _data(merge: ProjectMerge, args: argparse.Namespace) -> dict[str, Any]:
    return {
        "base": merge.base_label,
        "theirs": dict(vars(merge.theirs)),
        "counts": _counts(merge),
        "settings": sorted(merge.plan.changes.settings),
        "conflicts": [_conflict_data(c) for c in merge.conflicts],
        "taken": args.take,
        "findings": [finding_data(f) for f in merge.findings],
        "dry_run": args.dry_run,
    }


def _counts(merge: ProjectMerge) -> dict[str, int]:
    actions = [change.action for change in merge.plan.changes]
    return {name: actions.count(name) for name in ("add", "modify", "remove")}


def _conflict_data(conflict: Conflict) -> dict[str, Any]:
    layer, uid = conflict.key or (None, None)
    return {
        "layer": layer,
        "uid": uid,
        "cell": conflict.cell,
        **{side: _plain(getattr(conflict, side)) for side in ("base", "ours", "theirs")},
    }


def _plain(value: object) -> Any:
    from shapely import Geometry

    from layers.feature import Feature

    if isinstance(value, Geometry):
        return value.wkt
    if isinstance(value, Feature):
        return {"uid": value.uid, "attributes": dict(value.attributes)}
    return value if isinstance(value, str | int | float | bool | list | dict) else None


def _lines(merge: ProjectMerge, args: argparse.Namespace) -> list[str]:
    counts, theirs = _counts(merge), merge.theirs
    name = same(theirs.name) if args.branch is None else branch_title(theirs.name)
    head = (
        tr("试合并，未作更改：{file}", "Dry run, nothing changed: {file}", file=name)
        if args.dry_run
        else tr("已合并：{file}", "Merged: {file}", file=name)
    )
    lines = [head, ""]
    lines += pairs(
        (tr("共同版次", "Common revision"), merge.base_label or tr("无", "none")),
        (tr("新增", "added"), str(counts["add"])),
        (tr("修改", "changed"), str(counts["modify"])),
        (tr("删除", "removed"), str(counts["remove"])),
        (tr("设置", "settings"), _some(len(merge.plan.changes.settings))),
        (tr("冲突", "conflicts"), _some(len(merge.conflicts))),
        (tr("冲突采用", "taken"), _side(args.take) if merge.conflicts and args.take else ""),
        (tr("带来的版次", "their revisions"), _some(theirs.revisions)),
        (tr("带来的照片", "their photos"), _some(theirs.photos)),
        (tr("带来的发布记录", "their postings"), _some(theirs.postings)),
    )
    if merge.findings:
        lines += ["", *finding_lines(merge.findings)]
    return lines


def _clash_lines(clashes: Sequence[Finding]) -> list[str]:
    head = tr("双方修改不同之处", "What both sides changed differently")
    return ["", head, *finding_lines(clashes)] if clashes else []


def _some(number: int) -> str:
    return str(number) if number else ""


def _side(side: str) -> str:
    return tr("本方", "ours") if side == "ours" else tr("对方", "theirs")
