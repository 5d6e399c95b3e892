"""Qt's own windows in the language in force: its translation, and what that lacks or words badly."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QLibraryInfo, QLocale, QTranslator
from PyQt6.QtWidgets import QApplication

from gis.i18n import language, tr
from layers.text import Text

_WORDS: Final = {
    ("QFileDialog", "&Look in:"): "查找范围(&L)：",
    ("QFileDialog", "Files of &type:"): "文件类型(&T)：",
    ("QFileDialog", "File &name:"): "文件名(&N)：",
    ("QFileDialog", "Parent Directory"): "上一级文件夹",
    ("QFileDialog", "Directory:"): "文件夹：",
    ("QFileDialog", "Directories"): "文件夹",
    ("QFileDialog", "Find Directory"): "选择文件夹",
    ("QFileSystemModel", "Size"): "大小",
    ("QAbstractFileIconProvider", "Folder"): "文件夹",
    ("QAbstractFileIconProvider", "Drive"): "磁盘",
    ("QPageSetupWidget", "Page &order:"): "页面顺序(&O)：",
    ("QPageSetupWidget", "Pages &per sheet:"): "每张页数(&P)：",
    ("QPrintSettingsOutput", "Page &Set:"): "奇偶页(&S)：",
}
"""Context and source, as Qt asks; the source is the English."""
_HELD: list[QTranslator] = []


class QtWords(QTranslator):
    """Answers for what Qt's translation has not, or calls by a word nobody uses."""

    def translate(
        self, context: str | None, source: str | None, disambiguation: str | None = None, n: int = -1
    ) -> str:
        """Return the word in the language in force, or None for Qt to look elsewhere: "" would be a word."""
        word = _WORDS.get((context or "", source or ""))
        return tr(Text(word, source or "")) if word is not None else None  # type: ignore[return-value]

    def isEmpty(self) -> bool:
        """Tell that there is something to ask for."""
        return False


def speak_qt() -> None:
    """Let Qt's own dialogs, buttons and menus speak the language in force."""
    app = QApplication.instance()
    assert app is not None
    for old in _HELD:
        app.removeTranslator(old)
    _HELD.clear()
    QLocale.setDefault(QLocale("zh_CN" if language() == "zh" else "en_US"))
    if language() != "zh":
        return
    theirs = QTranslator()
    theirs.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for translator in (theirs, QtWords()):  # the last is asked first
        app.installTranslator(translator)
        _HELD.append(translator)
