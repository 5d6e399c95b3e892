"""The letters of map, sheet and legend."""

from __future__ import annotations

from typing import Final

from PyQt6.QtGui import QFont

FAMILIES: Final = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "sans-serif",
)  # fmt: skip
"""Tried in this order: Debian's, the same under other names, Windows', macOS'."""

EM_PER_LETTER: Final = 1.25
"""Font size of a letter height: Noto's capitals are 0.73 em, its ideographs 0.92 em high."""


def font(size_px: float, bold: bool = False) -> QFont:
    """Return the map font at a size in device pixels (of the em square).

    Hinting is off, so that letters take the same room at every zoom and on
    every device.
    """
    result = QFont()
    result.setFamilies(FAMILIES)
    result.setPixelSize(max(1, round(size_px)))
    result.setBold(bold)
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    result.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    # Noto's local forms are glyphs without a character: digits after Latin letters would be
    # drawn with them, and a PDF could then not tell what they are.
    result.setFeature(QFont.Tag(b"locl"), 0)
    return result


def letter_font(letter_mm: float, px_per_mm: float, bold: bool = False) -> QFont:
    """Return the map font for letters of a height in millimetres of paper."""
    return font(letter_mm * EM_PER_LETTER * px_per_mm, bold)
