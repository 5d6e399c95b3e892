"""Handing a file to the program that the desktop has for it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDesktopServices

from layers.text import Text
from ui.session import Session

SHOW_FOLDER = Text("打开所在文件夹", "Show in folder")


def open_file(path: Path) -> None:
    """Open a file: a page in the browser, a drawing in its viewer."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def reveal(path: Path) -> None:
    """Open the folder that a file lies in; a folder itself is opened."""
    folder = path if path.is_dir() else path.parent
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def tell_written(session: Session, path: Path, became: Text | None = None) -> None:
    """Say that a file was written and what became of personal data in it, and offer to open it."""
    words = Text("已导出：{n}", "Exported: {n}")
    words = words if became is None else Text("已导出：{n}（{b}）", "Exported: {n} ({b})")
    session.offer(
        words.format(n=path.name, b=became or ""),
        [(Text("打开", "Open"), partial(open_file, path)), (SHOW_FOLDER, partial(reveal, path))],
        "success",
    )
