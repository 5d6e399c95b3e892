"""The benchmarks that ``bench`` lists: each times one thing and names what it is compared with."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

from layers.errors import NotFoundError, UsageError
from layers.text import Text

if TYPE_CHECKING:
    import argparse

    from layers.snapshot import Snapshot

_APP: Final = Path(__file__).resolve().parents[2] / "app.py"


@dataclass(frozen=True)
class Timing:
    """What a benchmark measured.

    Parameters
    ----------
    seconds : tuple of float
        Every round, in order.
    peer_s : float, optional
        Median of what it is compared with.
    peer : Text, optional
        What that is.
    facts : dict of str to number
        Features, pixels and the like.
    """

    seconds: tuple[float, ...]
    peer_s: float | None = None
    peer: Text | None = None
    facts: dict[str, float] = field(default_factory=dict)

    @property
    def median_s(self) -> float:
        """The median of all rounds."""
        return median(self.seconds)


@dataclass(frozen=True)
class Bench:
    """One benchmark: its name, what it times, and whether it needs a project."""

    name: str
    title: Text
    run: Callable[[argparse.Namespace], Timing]
    needs_project: bool = True


def time_redraw(args: argparse.Namespace) -> Timing:
    """Time redraws of a project's whole extent, antialiased, with labels."""
    from gis.render.bench import redraw_times

    snapshot = _snapshot(args)
    if snapshot.extent() is None:
        raise NotFoundError(
            Text("项目中没有可画的对象。", "There is nothing to draw in this project."), code="bench.empty"
        )
    times = redraw_times(snapshot, args.size[0], args.size[1], args.rounds)
    facts = {
        "features": times.features,
        "first_s": times.first_s,
        "width_px": args.size[0],
        "height_px": args.size[1],
    }
    return Timing(times.all_s, facts=facts)


def time_help(args: argparse.Namespace) -> Timing:
    """Time ``--help`` in a fresh process, against an interpreter that does nothing."""
    ours = [_process([sys.executable, str(_APP), "--help"]) for _ in range(args.rounds)]
    bare = [_process([sys.executable, "-c", "pass"]) for _ in range(args.rounds)]
    return Timing(tuple(ours), median(bare), Text("空的 Python 解释器", "an interpreter that does nothing"))


def time_open(args: argparse.Namespace) -> Timing:
    """Time opening and closing a project in this process."""
    from gis.project import Project

    def once() -> None:
        Project.open(args.project, read_only=True).close()

    return Timing(_rounds(once, args.rounds))


def time_check(args: argparse.Namespace) -> Timing:
    """Time all rules over the working plan."""
    from gis.rules.registry import check

    snapshot = _snapshot(args)
    return Timing(_rounds(lambda: check(snapshot), args.rounds))


def time_export(args: argparse.Namespace) -> Timing:
    """Time writing all layers to GeoPackage, against GeoJSON."""
    import tempfile

    from gis.exchange.export import export

    snapshot = _snapshot(args)
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        ours = _rounds(lambda: export(snapshot, Path(folder, "a.gpkg")), args.rounds)
        json = _rounds(lambda: export(snapshot, Path(folder, "a.geojson")), args.rounds)
    return Timing(ours, median(json), Text("同样内容写成 GeoJSON", "the same as GeoJSON"))


BENCHES: Final = (
    Bench("redraw", Text("重画整个项目", "redraw the whole project"), time_redraw),
    Bench("open", Text("打开项目", "open a project"), time_open),
    Bench("check", Text("检查全部规则", "check all rules"), time_check),
    Bench("export", Text("导出 GeoPackage", "export a GeoPackage"), time_export),
    Bench("help", Text("命令行帮助", "help on the command line"), time_help, needs_project=False),
)


def find_bench(name: str) -> Bench:
    """Return a benchmark by name, or raise `UsageError` that lists them."""
    for bench in BENCHES:
        if bench.name == name:
            return bench
    raise UsageError(
        Text("没有性能测试“{name}”。", "There is no benchmark “{name}”.").format(name=name),
        Text("可选：{names}", "There are: {names}").format(names=", ".join(b.name for b in BENCHES)),
        code="usage.bench",
    )


def _snapshot(args: argparse.Namespace) -> Snapshot:
    from gis.cli.opening import opened

    with opened(args.project, read_only=True) as project:
        return project.snapshot


def _rounds(action: Callable[[], object], rounds: int) -> tuple[float, ...]:
    seconds = []
    for _ in range(rounds):
        start = perf_counter()
        action()
        seconds.append(perf_counter() - start)
    return tuple(seconds)


def _process(command: list[str]) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return perf_counter() - start
