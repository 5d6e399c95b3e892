"""Icons of one outline family, drawn from a font at any size and scaling.

The font file (Phosphor, MIT) comes with the package qtawesome. Importing that
package reads a dozen fonts; this reads the one that is used, on first use.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PyQt6.QtCore import QPoint, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from ui.theme.tokens import ICON_PX, theme


@cache
def _glyphs() -> dict[str, str]:
    package = find_spec("qtawesome")
    if package is None or package.origin is None:
        raise RuntimeError("the icon font is missing: install qtawesome")
    folder = Path(package.origin).parent / "fonts"
    names = json.loads(next(folder.glob("phosphor-charmap-*.json")).read_text("utf-8"))
    return {name: chr(int(code, 16)) for name, code in names.items()}


@cache
def _family() -> str:
    package = find_spec("qtawesome")
    assert package is not None
    assert package.origin is not None
    font_file = next((Path(package.origin).parent / "fonts").glob("phosphor-*.ttf"))
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(font_file)))
    if not families:
        raise RuntimeError(f"the icon font {font_file} cannot be read")
    return families[0]


def paint_icon(painter: QPainter, name: str, rect: QRect, color: str) -> None:
    """Draw an icon into a square; the painter is left as it was."""
    painter.save()
    font = QFont(_family())
    font.setPixelSize(max(1, min(rect.width(), rect.height())))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), _glyphs()[name])
    painter.restore()


class _Engine(QIconEngine):
    """Paints one glyph in the colour of the state; a colour may be the name of one of the theme's."""

    def __init__(self, name: str, color: str | None, on: str | None) -> None:
        super().__init__()
        self._name, self._color, self._on = name, color, on

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        if painter is not None:
            paint_icon(painter, self._name, rect, self._tone(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        if size.isEmpty():
            return pixmap
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._color, self._on)

    def _tone(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        colors = theme()
        if mode == QIcon.Mode.Disabled:
            return colors.line_strong
        chosen = self._color or "text_soft"
        if state == QIcon.State.On:
            chosen = self._on or self._color or "accent"
        return str(getattr(colors, chosen, chosen))


def icon(name: str, color: str | None = None, on: str | None = None) -> QIcon:
    """Return an icon by its Phosphor name, such as ``"map-pin"``.

    Raises
    ------
    KeyError
        If the family has no such icon: a typing mistake, found by the tests.
    """
    if name not in _glyphs():
        raise KeyError(name)
    return QIcon(_Engine(name, color, on))


def pixmap(name: str, size: int = ICON_PX, color: str | None = None, ratio: float = 1.0) -> QPixmap:
    """Return an icon as a picture of `size` device-independent pixels."""
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_icon(painter, name, image.rect(), color or theme().text_soft)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image
