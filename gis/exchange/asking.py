"""Asking the child process that opens foreign files (`gis.exchange.child`), and stopping it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from glob import escape
from itertools import islice
from pathlib import Path
from typing import Any, Final

from gis.disk_words import told_by_disk
from gis.exchange.child_progress import progress_file, told_fraction
from gis.exchange.process_group import end_group, group_options
from gis.progress import Progress
from layers import errors
from layers.errors import BadInputError, NotFoundError
from layers.text import Text

_ROOT: Final = Path(__file__).resolve().parents[2]
_OTHERS_OPTIONS: Final = ("GDAL_", "OGR_", "CPL_", "SHAPE_", "PROJ_", "SQLITE_")
_POLL_S: Final = 0.05
_MOST_S: Final = 900.0
_UNKNOWN: Final = Text("找不到文件：{path}", "There is no such file: {path}")
_LINK: Final = Text("{path} 是失效或循环的链接。", "{path} is a link that leads nowhere or back to itself.")
_DEVICE: Final = Text("{path} 不是普通文件。", "{path} is no ordinary file.")
_CHANGING: Final = Text(
    "{file} 在读取时被其他程序改动，未导入。", "{file} was changed while it was read; nothing was imported."
)
_MOST_SIDES: Final = 40
_READING: Final = Text("正在读取文件", "Reading the file")
_READING_LARGE: Final = Text("正在读取文件（{n} MB）", "Reading the file ({n} MB)")
_LARGE_BYTES: Final = 5_000_000


def existing_file(path: Path) -> Path:
    """Return the absolute path of a file.

    Raises
    ------
    NotFoundError
    BadInputError
        For a folder or a device.
    StorageError
        If the disk or share is gone.
    """
    with told_by_disk(path):
        return _existing_file(path)


def _existing_file(path: Path) -> Path:
    if path.is_dir():
        raise BadInputError(
            Text("{path} 是文件夹，请选择其中的文件。", "{path} is a folder; choose a file in it.").format(
                path=path
            ),
            code="file.folder",
        )
    if not path.exists():
        words = _LINK if path.is_symlink() else _UNKNOWN
        advice = Text("请检查文件名和所在文件夹。", "Check the name and the folder.")
        raise NotFoundError(words.format(path=path), advice, code="file.unknown")
    if not path.is_file():
        raise BadInputError(_DEVICE.format(path=path), code="file.kind")
    return path.absolute()


def ask_child(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Return what the child process that opens foreign files answers (see `gis.exchange.child`).

    Raises
    ------
    PlanboardError
        What the child raises; `BadInputError` if it stops or takes too long;
        `CancelledError` if the user stops it.
    """
    progress.check()
    path = Path(request["path"])
    several = [Path(name) for name in request.get("paths", [path])]
    before = [_states(name) for name in several]
    progress.step(0.0, _reading_words(before))
    with (
        tempfile.TemporaryFile() as answer_file,
        tempfile.TemporaryDirectory(prefix="planboard-", ignore_cleanup_errors=True) as scratch,
    ):
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", _start_words()],
            stdin=subprocess.PIPE,
            stdout=answer_file,
            stderr=subprocess.DEVNULL,
            env=_environment(scratch),
            **group_options(),
        )
        try:
            _wait(child, request, progress, _reading_words(before))
        finally:
            end_group(child)
        answer_file.seek(0)
        words = answer_file.read()
    answer = _understood(words, child.returncode)
    changed = next((name for name, old in zip(several, before, strict=True) if _states(name) != old), None)
    if changed is not None:
        advice = Text("请等它保存完再导入。", "Wait until it has been saved, then import it again.")
        raise BadInputError(_CHANGING.format(file=changed.name), advice, code="import.changing")
    return answer


def _reading_words(states: Sequence[Sequence[tuple[str, int, int]]]) -> Text:
    """Return what is being read, with its size if that takes a while."""
    size = sum(size for one in states for _, size, _ in one[:1])
    return _READING_LARGE.format(n=round(size / 1e6)) if size >= _LARGE_BYTES else _READING


def _states(path: Path) -> list[tuple[str, int, int]]:
    """Return name, size and time of a file and of those of its set: another program may be writing them."""
    found = []
    with told_by_disk(path):
        sides = sorted(path.parent.glob(f"{escape(path.stem)}.*"))
    for name in [path, *islice(sides, _MOST_SIDES)]:
        try:
            state = name.stat()
        except OSError:  # gone since it was listed
            continue
        found.append((name.name, state.st_size, state.st_mtime_ns))
    return found


def _start_words() -> str:
    """Return what starts the child: the user's environment shut out, this program's folder first."""
    module = "runpy.run_module('gis.exchange.child', run_name='__main__')"
    return f"import runpy, sys; sys.path.insert(0, {str(_ROOT)!r}); {module}"


def _environment(scratch: str) -> dict[str, str]:
    """Return the environment without what other software set for GDAL: it might write, or misread.

    What is written for a while goes into `scratch`: a child that is stopped does not clear it away.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS_OPTIONS)}
    return kept | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), scratch)


def _wait(child: subprocess.Popen[bytes], request: dict[str, Any], progress: Progress, doing: Text) -> None:
    assert child.stdin is not None
    child.stdin.write(json.dumps(request).encode())
    child.stdin.close()
    until = time.monotonic() + _MOST_S
    said = progress_file(request.get("out", ""))
    while child.poll() is None:
        progress.check()
        if (fraction := told_fraction(said)) is not None:
            progress.step(fraction, doing)
        if time.monotonic() > until:
            raise BadInputError(
                Text("读取超过 {n} 分钟，已停止。", "Reading took over {n} minutes and was stopped.").format(
                    n=int(_MOST_S / 60)
                ),
                code="import.too-slow",
            )
        time.sleep(_POLL_S)


def _understood(words: bytes, exit_code: int) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(words.decode("utf-8", "surrogatepass"))
    except ValueError:
        raise BadInputError(
            Text(
                "读取程序中途停止（{code}），文件可能已损坏或过大。",
                "The reader stopped ({code}); the file may be damaged or too large.",
            ).format(code=exit_code),
            Text("项目未作任何更改。", "The project is unchanged."),
            code="import.reader-stopped",
        ) from None
    if "error" in answer:
        raise error_of(answer["error"])
    return answer


def error_of(told: Sequence[Any]) -> errors.PlanboardError:
    """Return the error that the child told: family, message, advice, code."""
    family, message, advice, code = told
    kind: type[errors.PlanboardError] = getattr(errors, family)
    return kind(Text(*message), Text(*advice) if advice else None, code=code)
