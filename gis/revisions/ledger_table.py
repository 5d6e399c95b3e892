"""The reason ledger as sheets: 你提了什么，我们改了什么."""

from __future__ import annotations

from typing import Final

from gis.revisions.ledger import Answer, Entry, Ledger
from gis.revisions.sheets import Cell, Column, Sheet
from layers.kinds import standard_kinds
from layers.revision import WORKING
from layers.text import Text, same

NOT_TOLD: Final = Text("尚无答复", "No answer yet")
NO_REASON: Final = Text("未注明理由", "No reason given")

_ASKED_COLUMNS: Final = (
    Column(Text("编号", "Number"), 8),
    Column(Text("类别", "Sort"), 14),
    Column(Text("你提了什么", "What you said"), 40),
    Column(Text("我们改了什么", "What we changed"), 50),
    Column(Text("结果", "Outcome"), 14),
    Column(Text("答复", "Answer"), 50),
    Column(Text("答复日期", "Answered on"), 12, "date"),
    Column(Text("经过", "History"), 30),
)
_CHANGE_COLUMNS: Final = (
    Column(Text("变更编号", "Change"), 11),
    Column(Text("版次", "Revision"), 10),
    Column(Text("变更内容", "What changed"), 44),
    Column(Text("回应", "Answers"), 16),
    Column(Text("修改理由", "Reasons"), 60),
    Column(Text("对象数", "Objects"), 9, "whole"),
)


def ledger_sheets(ledger: Ledger) -> tuple[Sheet, Sheet]:
    """Return what was asked for with its answers, and the changes with their reasons."""
    asked = Sheet(
        "asked",
        Text("你提了什么，我们改了什么", "You said, we changed"),
        _ASKED_COLUMNS,
        tuple(_asked_row(entry) for entry in ledger.entries),
    )
    changed = Sheet(
        "reasons",
        Text("每处修改的理由", "Reasons of the changes"),
        _CHANGE_COLUMNS,
        tuple(_change_row(answer) for answer in ledger.answers),
    )
    return asked, changed


def deeds_told(entry: Entry) -> Text:
    """Say what was changed for an entry: ``R2-3 新建道路 1``, one a line; empty if nothing was."""
    return Text(
        "\n".join(f"{deed.change} {deed.title.zh}" for deed in entry.deeds),
        "\n".join(f"{deed.change} {deed.title.en}" for deed in entry.deeds),
    )


def history_told(entry: Entry) -> Text:
    """Say what an entry was said to be, and from which revision on: ``R1 已上报 → R3 方案已回应``."""
    return Text(
        " → ".join(f"{revision_told(s.revision).zh} {s.words.zh}" for s in entry.standings),
        " → ".join(f"{revision_told(s.revision).en} {s.words.en}" for s in entry.standings),
    )


def revision_told(label: str) -> Text:
    """Return what people call a state: its label, or 当前方案."""
    return Text("当前方案", "working plan") if label == WORKING else same(label)


def _asked_row(entry: Entry) -> tuple[Cell, ...]:
    sort = standard_kinds()[entry.layer].title if entry.layer in standard_kinds() else None
    told: Cell = entry.reply or (None if entry.deeds else NOT_TOLD)
    return (
        entry.code,
        sort,
        entry.title,
        deeds_told(entry),
        entry.standing,
        told,
        entry.answered_on or None,
        history_told(entry),
    )


def _change_row(answer: Answer) -> tuple[Cell, ...]:
    reasons: Cell = NO_REASON
    if answer.reasons:
        reasons = Text("；".join(r.zh for r in answer.reasons), "; ".join(r.en for r in answer.reasons))
    return (
        answer.change or None,
        revision_told(answer.revision),
        answer.title,
        ", ".join(answer.codes),
        reasons,
        len(answer.keys),
    )
