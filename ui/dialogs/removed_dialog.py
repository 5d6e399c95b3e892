"""What a publication left out, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QListWidget, QWidget

from gis.i18n import tr
from layers.errors import Finding
from ui.panels.parts import button, column, label, row


def show_removed(parent: QWidget, findings: Sequence[Finding]) -> QDialog:
    """Open the list."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("未发布的内容", "What was left out"))
    rows = QListWidget()
    rows.setWordWrap(True)
    for finding in findings:
        where = " · ".join(part for part in (finding.layer, finding.field) if part)
        rows.addItem(tr(finding.message) + (f"  ({where})" if where else ""))
    close = button(tr("关闭", "Close"), "primary")
    close.clicked.connect(dialog.close)
    whole = column(margins=(20, 18, 20, 16), spacing=12)
    whole.addWidget(
        label(tr("以下内容没有发布，也不在网页文件里", "None of this is in the page file"), "heading")
    )
    whole.addWidget(rows, 1)
    whole.addLayout(row(None, close))
    dialog.setLayout(whole)
    dialog.resize(560, 420)
    dialog.show()
    return dialog
