"""Putting a theme on the application."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from PyQt6.QtGui import QColor, QFont, QPalette
from PyQt6.QtWidgets import QApplication

from ui.theme.icons import pixmap
from ui.theme.sheet import style_sheet
from ui.theme.tokens import BASE_PX, FONT_FAMILIES, Theme, use_theme


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Set palette, font and style sheet; widgets repaint by themselves."""
    use_theme(theme)
    app.setStyle("Fusion")
    app.setFont(base_font())
    app.setPalette(_palette(theme))
    soft = theme.text_soft
    app.setStyleSheet(
        style_sheet(
            theme,
            _picture("caret-down", soft),
            _picture("caret-right", soft),
            _picture("check-bold", theme.on_accent),
            _picture("minus-bold", theme.on_accent),
        )
    )


def base_font(pixels: int = BASE_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font of the window in another size or weight."""
    font = QFont()
    font.setFamilies(list(FONT_FAMILIES))
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def _palette(theme: Theme) -> QPalette:
    palette, role = QPalette(), QPalette.ColorRole
    colors = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.Button: theme.panel,
        role.ButtonText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.ToolTipBase: theme.text,
        role.ToolTipText: theme.panel,
        role.PlaceholderText: theme.text_faint,
        role.Link: theme.accent,
        role.Mid: theme.line,
        role.Accent: theme.accent,
    }
    for where, color in colors.items():
        palette.setColor(where, QColor(color))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(theme.text_faint))
    return palette


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="planboard-")


def _picture(name: str, color: str) -> str:
    """Write a small icon to a file of this run, and return its path for the sheet."""
    path = Path(_folder().name) / f"{name}-{color[1:]}.png"
    if not path.exists():
        pixmap(name, 12, color, ratio=2.0).save(str(path))
    return path.as_posix()
