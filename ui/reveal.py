"""Showing a file that was written in the desktop's own file manager."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDesktopServices


def reveal(path: Path) -> None:
    """Open the folder that a file lies in; a folder itself is opened."""
    folder = path if path.is_dir() else path.parent
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
