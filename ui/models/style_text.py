"""Styles in the clipboard, as text that other projects and people can read."""

from __future__ import annotations

import json
from typing import Final

from PyQt6.QtWidgets import QApplication

from layers.errors import BadInputError
from layers.style import Style
from layers.style_data import style_data, style_of
from layers.text import Text

LONGEST: Final = 2_000_000


def write_style(style: Style) -> None:
    """Put a style into the clipboard."""
    clipboard = QApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(json.dumps(style_data(style), ensure_ascii=False, indent=1))


def read_style() -> Style:
    """Return the style in the clipboard.

    Raises
    ------
    BadInputError
        If there is none, or it cannot be read.
    """
    clipboard = QApplication.clipboard()
    text = clipboard.text() if clipboard is not None else ""
    try:
        data = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BadInputError(
            Text("剪贴板里没有样式。", "There is no style in the clipboard."),
            Text("先在另一个图层上复制样式。", "Copy the style of another layer first."),
            code="style.none",
        )
    return style_of(data)
