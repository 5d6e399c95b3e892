"""``doctor P [--repair [OUT]]``: is the file sound, and if not, what can be done."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis.cli.console import Console
from gis.cli.findings import finding_lines, tally
from gis.cli.opening import must_be_new, must_exist
from gis.cli.parser import project_argument
from gis.cli.report import Report, finding_data
from gis.cli.verbs.check import FOUND_ERRORS
from gis.i18n import tr
from layers.text import Text

if TYPE_CHECKING:
    from gis.store.doctor import Examination
    from layers.errors import Finding

DESCRIPTION = Text(
    "检查项目文件：数据页、GeoPackage 结构、每个对象与版次的校验值、触发器、空间索引、操作记录。"
    "发现问题时退出码为 3。--repair 先在旁边原样留存一份，再就地修复有把握的部分；"
    "已损坏而不能修复时，把还能读出的内容另存到 OUT，原文件不动。",
    "Check a project file: pages, GeoPackage structure, hashes of every feature and revision, triggers, "
    "spatial indexes, steps. The exit code is 3 if something is wrong. --repair keeps the file as it was in "
    "a copy beside, then puts right what is certain in place; what is damaged beyond that is left alone, and "
    "the readable rest is saved to OUT.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    parser.add_argument(
        "--repair",
        nargs="?",
        const=True,
        metavar="OUT.gpkg",
        help=tr(
            "修复；不能修复时把可读内容另存到 OUT",
            "repair; save the readable rest to OUT if it is beyond repair",
        ),
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """Examine it, repair it, or save the rest."""
    must_exist(args.project)
    from gis.store.doctor import examine

    out = Path(args.repair) if isinstance(args.repair, str) else None
    if out is not None:
        must_be_new(out)
    found = examine(args.project)
    data: dict[str, Any] = {"sound": found.sound, "findings": [finding_data(f) for f in found.findings]}
    lines = _examined(found)
    if not args.repair or not found.findings:
        return Report(data, lines, 0 if found.sound else FOUND_ERRORS)
    done, left = _repaired(args.project, found)
    saved = _saved(args.project, out) if out is not None and not left.sound else ()
    data |= {
        "repaired": [finding_data(f) for f in done],
        "left": [finding_data(f) for f in left.findings],
        "saved": str(out) if saved else None,
        "salvage": [finding_data(f) for f in saved],
    }
    lines += _after(done, left, saved, out)
    return Report(data, lines, 0 if left.sound or saved else FOUND_ERRORS)


def _repaired(path: Path, found: Examination) -> tuple[tuple[Finding, ...], Examination]:
    """Repair a file that can be opened, and examine it again."""
    if not found.readable:
        return (), found
    from gis.store.doctor import examine
    from gis.store.repairing import repair

    return repair(path), examine(path)


def _saved(path: Path, out: Path | None) -> tuple[Finding, ...]:
    from gis.store.salvage import salvage

    return salvage(path, out).findings if out is not None else ()


def _examined(found: Examination) -> list[str]:
    head = (
        tr("项目文件完好（{n} 类检查）。", "The project file is sound ({n} kinds of checks).", n=found.checks)
        if found.sound
        else tr(
            "项目文件有问题：{t}", "Something is wrong with the project file: {t}", t=tally(found.findings)
        )
    )
    return [head, *finding_lines(found.findings)]


def _after(
    done: tuple[Finding, ...], left: Examination, saved: tuple[Finding, ...], out: Path | None
) -> list[str]:
    lines = ["", tr("已修复", "Repaired"), *finding_lines(done)] if done else []
    if left.sound:
        return [*lines, "", tr("项目文件现在完好。", "The project file is sound now.")]
    lines += ["", tr("未能修复", "Beyond repair"), *finding_lines(left.findings)]
    if saved:
        where = tr("可读内容已另存：{out}，原文件未因此改动。", "The readable rest is saved: {out}", out=out)
        return [*lines, "", where, *finding_lines(saved)]
    advice = tr(
        "可用 --repair OUT.gpkg 另存可读内容，或改用备份。",
        "Save the rest with --repair OUT.gpkg, or use a backup.",
    )
    return [*lines, "", advice]
