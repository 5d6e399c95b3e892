"""``bench [NAME] [P]``: how long things take."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from gis.cli.benches import BENCHES, Timing, find_bench
from gis.cli.console import Console
from gis.cli.opening import must_exist
from gis.cli.parser import positive, size
from gis.cli.report import Report, pairs, table, text_data
from gis.i18n import tr
from layers.errors import UsageError
from layers.text import Text

DESCRIPTION = Text(
    "测量耗时，报告中位数及与参照的比值。不带名称时测量画布和编辑的全部项目。",
    "Time things; report medians and ratios. Without a name: the table of the canvas and the editing.",
)
_TABLE = Path(__file__).resolve().parents[3] / "tests" / "bench" / "editing.py"
"""Part of the checkout, not of a frozen program: there the names are listed."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    parser.add_argument("name", nargs="?", metavar=tr("名称", "NAME"), help=tr("测试名称", "which benchmark"))
    parser.add_argument(
        "project",
        nargs="?",
        type=Path,
        metavar=tr("项目.gpkg", "PROJECT.gpkg"),
        help=tr("项目文件", "project file"),
    )
    parser.add_argument("--list", action="store_true", help=tr("只列出名称", "only list the names"))
    parser.add_argument(
        "--size", type=size, default=(1600, 1000), metavar="1600x1000", help=tr("像素", "pixels")
    )
    parser.add_argument("--rounds", type=positive, default=5, metavar="5", help=tr("次数", "how often"))


def run(args: argparse.Namespace, console: Console) -> Report:
    """Time it."""
    if args.name is None and _TABLE.exists() and not args.list:
        return _whole_table(console)
    if args.name is None:
        rows = [
            (b.name, tr(b.title), tr("需要项目", "needs a project") if b.needs_project else "")
            for b in BENCHES
        ]
        names = [{"name": b.name, "title": text_data(b.title)} for b in BENCHES]
        return Report({"benches": names}, table(rows))
    bench = find_bench(args.name)
    if bench.needs_project and args.project is None:
        words = Text("“{name}”需要一个项目文件。", "“{name}” needs a project.").format(name=bench.name)
        raise UsageError(words, code="usage.bench")
    if args.project is not None:
        must_exist(args.project)
    timing = bench.run(args)
    return Report({"name": bench.name, **_data(timing)}, _lines(tr(bench.title), timing))


def _whole_table(console: Console) -> Report:
    """Run the table of the canvas and the editing, which needs a window and so a process of its own."""
    progress = console.progress()
    progress.step(0.0, Text("正在测量，需要几分钟", "Measuring, which takes some minutes"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.editing"],
        cwd=_TABLE.parents[2],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    rows = done.stdout.splitlines()
    return Report(
        {"rows": [" ".join(row.split()) for row in rows], "met": done.returncode == 0},
        done.stdout.splitlines(),
    )


def _data(timing: Timing) -> dict[str, object]:
    return {
        "median_s": timing.median_s,
        "seconds": list(timing.seconds),
        "peer_s": timing.peer_s,
        "ratio": timing.median_s / timing.peer_s if timing.peer_s else None,
        **timing.facts,
    }


def _lines(title: str, timing: Timing) -> list[str]:
    rows = [
        (tr("测试", "Benchmark"), title),
        (tr("中位数", "Median"), f"{timing.median_s * 1000:,.1f} ms"),
        (tr("各次", "Rounds"), "  ".join(f"{s * 1000:,.1f}" for s in timing.seconds)),
    ]
    if timing.peer_s and timing.peer:
        rows.append((tr(timing.peer), f"{timing.peer_s * 1000:,.1f} ms"))
        rows.append((tr("比值", "Ratio"), f"{timing.median_s / timing.peer_s:.2f}"))
    rows += [(name, f"{value:,.4g}") for name, value in timing.facts.items()]
    return pairs(*rows)
