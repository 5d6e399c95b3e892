"""DWG drawings: through the ODA File Converter where it is installed. Runs in the child process only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gis.disk_words import disk_words
from gis.exchange.dxf.looks import is_dwg
from layers.errors import BadInputError
from layers.text import Text

_PROGRAM: Final = "ODAFileConverter"
_OUT_VERSION: Final = "ACAD2018"
_PATIENCE_S: Final = 300.0
_MOST_WORDS: Final = 160
_NONE: Final = Text(
    "{file} 是 DWG 图纸，不能直接读取。", "{file} is a DWG drawing and cannot be read as it is."
)
_WAY_ON: Final = Text(
    "在 AutoCAD、中望或浩辰 CAD 中打开，另存为“AutoCAD 2010 DXF”再导入。"
    "也可安装免费的 ODA File Converter，之后可直接导入 DWG。",
    "Open it in CAD, save it as “AutoCAD 2010 DXF” and import that; or install the free ODA File Converter, "
    "after which DWG files can be imported directly.",
)
_FAILED: Final = Text(
    "ODA File Converter 不能转换 {file}：{why}", "The ODA File Converter cannot convert {file}: {why}"
)
_TOO_SLOW: Final = Text(
    "{m:.0f} 分钟内没有完成，已停止", "it was not done after {m:.0f} minutes and has been stopped"
)
_NOTHING: Final = Text(
    "没有生成图纸（可能图纸已损坏，或转换程序版本过旧）",
    "it made no drawing (which may be damaged, or newer than the converter)",
)
_BY_HAND: Final = Text(
    "请在 CAD 中另存为“AutoCAD 2010 DXF”再导入。", "Save it in CAD as “AutoCAD 2010 DXF” and import that."
)


@contextmanager
def as_dxf(path: Path) -> Iterator[Path]:
    """Give a drawing as DXF: the file itself, or for DWG what the ODA File Converter makes of it.

    Raises
    ------
    BadInputError
        For a DWG, if the converter is not installed or fails; with the way on.
    """
    if not is_dwg(path):
        yield path
        return
    program = find_converter(os.environ)
    if program is None:
        raise BadInputError(_NONE.format(file=path.name), _WAY_ON, code="import.dwg")
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        # Under plain names: not every version of the converter copes with others.
        source, target = Path(folder, "in"), Path(folder, "out")
        source.mkdir()
        target.mkdir()
        shutil.copyfile(path, source / "drawing.dwg")
        why = _converted(program, source, target)
        made = target / "drawing.dxf"
        if not made.exists() or not made.stat().st_size:
            raise _failed(path, why or _told_by(target) or _NOTHING)
        yield made


def find_converter(environment: Mapping[str, str]) -> str | None:
    """Return the converter on the search path, or the newest where its installer puts it on Windows."""
    found = shutil.which(_PROGRAM, path=environment.get("PATH"))
    if found is not None:
        return found
    homes = [environment[name] for name in ("ProgramFiles", "ProgramW6432") if name in environment]
    # Each release is installed beside the others: “ODA/ODAFileConverter 25.4.0”.
    programs = [exe for home in homes for exe in Path(home, "ODA").glob(f"{_PROGRAM}*/{_PROGRAM}.exe")]
    newest = max(programs, key=lambda exe: _release(exe.parent.name), default=None)
    return str(newest) if newest is not None else None


def _release(name: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", name)))


def _converted(program: str, source: Path, target: Path) -> Text | None:
    """Run the converter over a folder; return why it failed, if it says so.

    What it prints and returns means nothing: it ends with an error where all went well.
    """
    command = [program, str(source), str(target), _OUT_VERSION, "DXF", "0", "1", "*.DWG"]
    try:
        subprocess.run(
            command,
            timeout=_PATIENCE_S,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **_unseen(),
        )
    except subprocess.TimeoutExpired:
        return _TOO_SLOW.format(m=_PATIENCE_S / 60)
    except OSError as error:
        return disk_words(error)
    return None


def _unseen() -> dict[str, Any]:
    """Return how to start a program without its window."""
    if sys.platform == "win32":
        start = subprocess.STARTUPINFO()
        start.dwFlags |= subprocess.STARTF_USESHOWWINDOW
        start.wShowWindow = subprocess.SW_HIDE
        return {"startupinfo": start, "creationflags": subprocess.CREATE_NO_WINDOW}
    if "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ:
        return {}
    return {"env": {**os.environ, "QT_QPA_PLATFORM": "offscreen"}}


def _told_by(target: Path) -> Text | None:
    """Return what the converter wrote about a failure beside the drawing that it did not make."""
    for note in sorted(target.glob("*.err")):
        words = " ".join(note.read_text(encoding="utf-8", errors="replace").split())[:_MOST_WORDS]
        if words:
            return Text(words, words)
    return None


def _failed(path: Path, why: Text) -> BadInputError:
    return BadInputError(_FAILED.format(file=path.name, why=why), _BY_HAND, code="import.dwg")
