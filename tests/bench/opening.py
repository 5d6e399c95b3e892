"""A large project from the start of the program to its map: Planboard's window beside QGIS's.

Both are whole processes with their whole windows. Where QGIS's window or a screen is missing (Debian: qgis,
xvfb), its map job alone, without any window, takes its place (`tests.bench.redraw`).
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tests.bench.redraw import qgis_python, qgis_report

HERE = Path(__file__).parent
QGIS: tuple[str, ...] = ("qgis", "--nologo", "--noversioncheck", "--noplugins", "--profiles-path")
PATIENCE_S = 300


@dataclass(frozen=True)
class Opened:
    """How long a process took, in seconds of the clock and of processors, and the bytes of memory it held."""

    clock_s: float
    work_s: float
    memory: float


def planboard(path: Path) -> tuple[Opened, Opened]:
    """Open a project; return the first picture of the whole plan, and the finished one, the project open."""
    surroundings = {**os.environ, "PYTHONPYCACHEPREFIX": str(_compiled())}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: compiled at the first start
    with _screen() as screen:
        surroundings |= screen
        begin = perf_counter()
        command = [sys.executable, "-m", "tests.bench.own_window", str(path)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=surroundings
        ) as process:
            assert process.stdout is not None
            found = []
            for line in process.stdout:
                work, memory = map(float, line.split())
                found.append(Opened(perf_counter() - begin, work, memory))
    return found[0], found[-1]


def _compiled() -> Path:
    return Path(tempfile.gettempdir()) / f"planboard-bench-{os.getuid()}"


def qgis_window(path: Path) -> Opened | None:
    """Open a GeoPackage in QGIS's window; None if there is none here."""
    if shutil.which(QGIS[0], path="/usr/bin") is None or shutil.which("Xvfb") is None:
        return None
    with _screen() as screen, tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        surroundings = {
            "PATH": "/usr/bin:/bin", "HOME": folder, **screen,
            "PEER_FILE": str(path), "PEER_REPORT": str(report),
        }  # fmt: skip
        command = [*QGIS, str(_profile()), "--code", str(HERE / "qgis_window.py")]
        before, begin = _worked(), perf_counter()
        subprocess.run(
            command, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
        clock = perf_counter() - begin
        return Opened(clock, _worked() - before, float(report.read_text()))


def _profile() -> Path:
    """Return a place for QGIS's settings that stays: its first start takes longer than others."""
    folder = Path(tempfile.gettempdir()) / f"planboard-bench-qgis-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    return folder


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """Give what a program is told to use a screen that nobody sees; without Xvfb Qt has one of its own."""
    if shutil.which("Xvfb") is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        try:
            os.close(write)
            with os.fdopen(read) as told:
                yield {"DISPLAY": f":{told.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()


def qgis_core(path: Path) -> Opened | None:
    """Draw a GeoPackage with QGIS's map job, without any window; None if QGIS is not installed."""
    if qgis_python() is None:
        return None
    before, begin = _worked(), perf_counter()
    found = qgis_report(path, 0)
    return Opened(perf_counter() - begin, _worked() - before, found["memory"])


def warm(path: Path) -> None:
    """Start both once: settings written, modules compiled, files read."""
    planboard(path)
    qgis_window(path)
