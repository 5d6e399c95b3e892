"""``reason P [--of N] [--answers T13] [--because WORDS]``: why something changed in the working plan."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from gis.cli.console import Console
from gis.cli.opening import opened
from gis.cli.parser import project_argument
from gis.cli.report import Report, one_line, text_data
from gis.i18n import tr
from layers.codes import code_of
from layers.errors import NotFoundError, RefusedError, UsageError
from layers.reason import Reason
from layers.revision import WORKING
from layers.text import Text, counted

if TYPE_CHECKING:
    from gis.project import Project
    from gis.revisions.comparison import ChangeGroup, Comparison, FeatureChange
    from layers.changes import Key

DESCRIPTION = Text(
    "给当前方案的变更写理由：--of 后写 diff 列出的编号（整个云线），"
    "或图层:标识（其中一个对象，已取消的也行）。"
    "不写 --of 则列出每处变更和它的理由。已定稿的版次不能再改理由。",
    "Give changes of the working plan their reasons. --of takes a number that diff lists (the whole "
    "cloud), or LAYER:ID (one object, also one that is gone). Without --of every change is listed with "
    "its reasons. A frozen revision never changes, its reasons included.",
)

_SHORTEST: Final = 6
"""Of the beginning of an id that names an object."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument(
        "--of",
        action="append",
        metavar=tr("编号", "NUMBER"),
        help=tr("变更编号，或 图层:标识；可重复", "number of a change, or LAYER:ID; may be repeated"),
    )
    parser.add_argument(
        "--answers",
        metavar=tr("编号", "CODES"),
        help=tr("回应的问题点和意见，如 T13,C05", "spots and comments it answers, such as T13,C05"),
    )
    parser.add_argument(
        "--because", metavar=tr("文字", "WORDS"), help=tr("会议、条件等理由", "a meeting, a constraint ...")
    )
    parser.add_argument(
        "--clear", action="store_true", help=tr("删去这处变更的理由", "take the reason of the change away")
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """List reasons, or give one."""
    reason = _wanted(args)
    with opened(args.project, read_only=reason is None, console=console) as project:
        from gis.explaining import explained
        from gis.revisions.chapters import compare_states

        since = _since(project)
        comparison = compare_states(project, since, WORKING)
        if reason is None:
            return Report(_data(comparison), _lines(comparison))
        keys = tuple(dict.fromkeys(key for word in args.of for key in _meant(project, comparison, word)))
        edit = explained(project, dict.fromkeys(keys, reason))
        project.apply(edit(project.snapshot), Text("写明修改理由", "Give a reason"))
        data = {
            "revision": since,
            "features": [list(key) for key in keys],
            "answers": list(reason.answers),
            "because": list(reason.words),
        }
    count = counted(len(keys), "{n} 处变更", "{n} change", "{n} changes")
    if reason:
        return Report(data, [tr("已写明 {n}的理由。", "The reason of {n} is given.", n=count)])
    return Report(data, [tr("已删去 {n}的理由。", "The reason of {n} is taken away.", n=count)])


def _wanted(args: argparse.Namespace) -> Reason | None:
    """Return the reason to give, or None if the changes shall only be listed."""
    said = Reason.of(args.answers, args.because)
    if not args.of:
        if said or args.clear:
            words = Text("请用 --of 说明是哪处变更。", "Say with --of which change is meant.")
            raise UsageError(words, code="usage.reason")
        return None
    if bool(said) == args.clear:
        words = Text(
            "请用 --answers 或 --because 写理由，或用 --clear 删去，二者取一。",
            "Give a reason with --answers or --because, or take it away with --clear; one of the two.",
        )
        raise UsageError(words, code="usage.reason")
    return said


def _since(project: Project) -> str:
    """Return the revision that the working plan is compared with."""
    from gis.explaining import check_begun

    return check_begun(project).label


def _meant(project: Project, comparison: Comparison, word: str) -> tuple[Key, ...]:
    """Return the changes that a word names: a number, or an object."""
    layer, colon, uid = word.strip().partition(":")
    if colon:
        return (_object(comparison, layer.strip(), uid.strip().lower()),)
    label, _, number = code_of(word).rpartition("-")
    if label not in ("", code_of(WORKING), "当前"):
        raise _not_open(project, word, label)
    group = next((g for g in comparison.groups if str(g.number) == number), None)
    if group is None:
        raise NotFoundError(
            Text("没有编号 {n}，共 {m} 处改动。", "There is no number {n}; there are {m}.").format(
                n=word, m=len(comparison.groups)
            ),
            Text("“diff {since}” 列出编号。", "“diff {since}” lists the numbers.").format(
                since=comparison.before
            ),
            code="reason.unknown",
        )
    return tuple(change.key for change in group.changes)


def _object(comparison: Comparison, layer: str, uid: str) -> Key:
    near = [c.key for c in comparison.changes if c.layer == layer and c.uid.startswith(uid)]
    if len(uid) < _SHORTEST or len(near) != 1:
        raise NotFoundError(
            Text(
                "图层 {layer} 中没有标识以 {uid} 开头的变更，或不止一处。",
                "Layer {layer} has no change whose id begins with {uid}, or several.",
            ).format(layer=layer, uid=uid or "–"),
            Text("用 --json 列出每处变更的标识。", "--json lists the id of every change."),
            code="reason.unknown",
        )
    return near[0]


def _not_open(project: Project, word: str, label: str) -> Exception:
    """Return the error of a number that is none of the working plan."""
    known = {code_of(r.label): r.label for r in project.revisions}
    if label not in known:
        return NotFoundError(
            Text("没有变更 {n}。", "There is no change {n}.").format(n=word), code="reason.unknown"
        )
    return RefusedError(
        Text(
            "{l} 已定稿封存，其中的理由不能再改。", "{l} is frozen; its reasons do not change any more."
        ).format(l=known[label]),
        Text(
            "只能给自上一版以来的变更写理由；要补充说明，请写在有关意见的答复里。",
            "Only what changed since the last revision can be given one; to explain further, reply to "
            "the comment about it.",
        ),
        code="reason.sealed",
    )


def _data(comparison: Comparison) -> dict[str, Any]:
    return {
        "revision": comparison.before,
        "changes": [
            {
                "number": group.number if group else None,
                "layer": change.layer,
                "uid": change.uid,
                "kind": change.kind,
                "name": text_data(change.name),
                "answers": list(change.reason.answers),
                "because": list(change.reason.words),
            }
            for group, change in _listed(comparison)
        ],
        "unexplained": [g.number for g in comparison.groups if not g.reasons and not g.answers],
    }


def _listed(comparison: Comparison) -> list[tuple[ChangeGroup | None, FeatureChange]]:
    return [(comparison.group_of(change.key), change) for change in comparison.changes]


def _lines(comparison: Comparison) -> list[str]:
    lines = [tr("自 {l} 以来的变更", "Changes since {l}", l=comparison.before)]
    for group in comparison.groups:
        told = tr("；", "; ").join(tr(reason) for reason in group.reasons) or ", ".join(group.answers)
        told = told or tr("没有写明理由", "no reason given")
        lines.append(f"{group.number:>4}  {one_line(tr(group.title), 48)}  {one_line(told, 70)}")
    loose = [change for group, change in _listed(comparison) if group is None]
    for change in loose:
        said = ", ".join((*change.reason.answers, *change.reason.words))
        told = said or tr("没有写明理由", "no reason given")
        lines.append(f"   –  {one_line(tr(change.name), 48)}  {one_line(told, 70)}")
    if len(lines) == 1:
        lines.append(tr("没有变更。", "Nothing has changed."))
    return lines
