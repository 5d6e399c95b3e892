"""The one panel for what nobody expected."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import Qt, QUrl
from PyQt6.QtGui import QDesktopServices, QGuiApplication
from PyQt6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from gis.i18n import tr
from ui.panels.parts import Glyph, button, column, label, row

_SHOWN: list[QDialog] = []


def show_report(parent: QWidget, words: str, log: Path) -> QDialog:
    """Show a traceback; a second bug is added to the panel that is open."""
    if _SHOWN:
        _SHOWN[0].findChild(QPlainTextEdit).appendPlainText("\n" + words)
        return _SHOWN[0]
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("程序出错", "Something went wrong"))
    details = QPlainTextEdit(words)
    details.setReadOnly(True)
    copy, folder, close = (
        button(tr("复制详情", "Copy details")),
        button(tr("打开日志文件夹", "Open log folder")),
        button(tr("继续", "Go on"), "primary"),
    )
    clipboard = QGuiApplication.clipboard()
    copy.clicked.connect(lambda: clipboard.setText(details.toPlainText()) if clipboard is not None else None)
    folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log.parent))))
    close.clicked.connect(dialog.close)
    head = row(spacing=14)
    head.addWidget(Glyph("bug", 28, "danger"), 0, Qt.AlignmentFlag.AlignTop)
    said = column(
        label(tr("遇到了一个程序错误", "The program met an error"), "heading"),
        label(
            tr(
                "您的数据没有丢失：每次修改都已存盘。可以继续工作；请把详情发给开发者。",
                "Your data are safe: every edit was on disk. You can go on; please report the details.",
            ),
            "soft",
            wrap=True,
        ),
        spacing=4,
    )
    head.addLayout(said, 1)
    whole = column(margins=(24, 20, 24, 18), spacing=14)
    whole.addLayout(head)
    whole.addWidget(details, 1)
    whole.addLayout(row(copy, folder, None, close))
    dialog.setLayout(whole)
    dialog.resize(640, 420)
    _SHOWN.append(dialog)
    dialog.finished.connect(lambda _: _SHOWN.clear())
    dialog.show()
    return dialog
