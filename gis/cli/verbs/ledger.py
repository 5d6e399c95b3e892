"""``ledger P``: what was asked for, what was changed in which revision, or why not."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis.cli.console import Console
from gis.cli.opening import check_out, named, opened, revision_argument
from gis.cli.parser import project_argument
from gis.cli.report import Report, one_line, pairs, text_data
from gis.cli.tables import internal_argument, masks_of, masks_told
from gis.i18n import language, tr
from layers.text import Text

if TYPE_CHECKING:
    from gis.revisions.ledger import Answer, Entry, Ledger

DESCRIPTION = Text(
    "理由台账：每个问题点和每条居民意见在哪一版作了什么修改，或为什么没有采纳；每处修改有什么理由。写成表格时遮蔽个人信息。",
    "The reason ledger: what was done about every problem spot and comment in which revision, or why not, "
    "and the reasons of every change. Personal data is masked in the table.",
)
ENDINGS = (".xlsx", ".csv")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    revision_argument(parser)
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        metavar=tr("文件", "FILE"),
        help=tr("写成表格 .xlsx .csv", "write it as a table, .xlsx .csv"),
    )
    internal_argument(parser)


def run(args: argparse.Namespace, console: Console) -> Report:
    """Read it off the revisions."""
    if args.out:
        check_out(args.out, args.project, ENDINGS)
    with opened(args.project, read_only=True, console=console) as project:
        label = named(project, args.revision)
        from gis.revisions.chapters import chapters_to
        from gis.revisions.ledger import ledger_of

        ledger = ledger_of(chapters_to(project, label, console.progress()))
        masks = masks_of(args, project) if args.out else None
    data = _data(ledger, label)
    if not args.out:
        return Report(data, _lines(ledger))
    from gis.revisions.ledger_table import ledger_sheets
    from gis.revisions.sheet_writing import write_sheets

    paths = write_sheets(ledger_sheets(ledger), args.out, language(), masks)
    told = (tr("已写出", "Written"), ", ".join(map(str, paths)))
    counts = (
        (tr("问题与意见", "Spots and comments"), str(len(ledger.entries))),
        (tr("变更", "Changes"), str(len(ledger.answers))),
    )
    return Report(
        {**data, "paths": [str(path) for path in paths], "masked": masks and masks.places},
        pairs(told, *counts, masks_told(masks)),
    )


def _data(ledger: Ledger, label: str) -> dict[str, Any]:
    return {
        "revision": label,
        "chapters": list(ledger.chapters),
        "entries": [_entry_data(entry) for entry in ledger.entries],
        "changes": [_answer_data(answer) for answer in ledger.answers],
        "unexplained": [answer.change for answer in ledger.unexplained],
    }


def _entry_data(entry: Entry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "layer": entry.layer,
        "uid": entry.uid,
        "role": entry.role,
        "title": text_data(entry.title),
        "about": list(entry.about),
        "deeds": [
            {"revision": d.revision, "change": d.change, "title": text_data(d.title)} for d in entry.deeds
        ],
        "standings": [{"revision": s.revision, "words": text_data(s.words)} for s in entry.standings],
        "closed": entry.closed,
        "reply": entry.reply,
        "answered_on": entry.answered_on or None,
    }


def _answer_data(answer: Answer) -> dict[str, Any]:
    return {
        "change": answer.change,
        "revision": answer.revision,
        "title": text_data(answer.title),
        "answers": list(answer.codes),
        "reasons": [text_data(reason) for reason in answer.reasons],
        "because": [text_data(reason) for reason in answer.because],
        "features": [list(key) for key in answer.keys],
    }


def _lines(ledger: Ledger) -> list[str]:
    lines = [tr("你提了什么，我们改了什么", "What you said, what we changed")]
    for entry in ledger.entries:
        lines += ["", one_line(f"{entry.code}  {tr(entry.title)}  [{tr(entry.standing)}]", 110)]
        lines += [one_line(f"      {deed.change}  {tr(deed.title)}", 110) for deed in entry.deeds]
        if entry.reply:
            lines.append(one_line(f"      {tr('答复：', 'Answer: ')}{entry.reply}", 110))
        elif not entry.deeds:
            lines.append("      " + tr("尚无答复", "no answer yet"))
    silent = ledger.unexplained
    lines += ["", tr("未注明理由的修改 {n} 处", "changes without a reason: {n}", n=len(silent))]
    lines += [one_line(f"      {a.change or a.revision}  {tr(a.title)}", 110) for a in silent]
    return lines
