"""Findings of an import to look through: by severity and words, to be copied, to be seen on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QWidget

from gis.i18n import tr
from gis.import_sheets import SEVERITIES
from layers.errors import Finding
from ui.imports.finding_list import FindingList
from ui.panels.parts import Choice, button, column, find_line, label, row

_SEARCH_PX: Final = 260


class FindingSearch(QWidget):
    """A list of findings under a choice of severity and a line for words.

    Signals
    -------
    looked_at(Finding)
        The user wants to see where it is; it has a place.
    """

    looked_at = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self._findings: tuple[Finding, ...] = ()
        self._more = 0
        self.severity, self.words = Choice(), find_line(_SEARCH_PX)
        self.words.setMinimumWidth(_SEARCH_PX)
        self.words.setPlaceholderText(tr("查找发现", "Search the findings"))
        self.list = FindingList()
        self.told = label(role="soft")
        self.look, self.copy = button(tr("在地图上看", "Show on the map")), button(tr("复制", "Copy"))
        self.copy.setToolTip(
            tr("复制选中的行；没有选中则复制列出的全部", "Copies the selected lines, or all that are listed")
        )
        for made in (self.look, self.copy):
            made.setAutoDefault(False)
        self.look.setEnabled(False)
        self.severity.activated.connect(lambda _: self._show())
        self.words.textChanged.connect(lambda _: self._show())
        self.list.finding_chosen.connect(lambda f: self.look.setEnabled(f.place is not None))
        self.list.itemDoubleClicked.connect(lambda *_: self._look())
        self.list.filled.connect(self._count)
        self.look.clicked.connect(self._look)
        self.copy.clicked.connect(self.copy_lines)
        whole = column(spacing=8)
        whole.addLayout(row(self.severity, self.words, None, spacing=8))
        whole.addWidget(self.list, 1)
        whole.addLayout(row(self.told, None, self.look, self.copy, spacing=8))
        self.setLayout(whole)

    def show_findings(self, findings: Sequence[Finding], more: int = 0) -> None:
        """List findings; `more` of them were not kept."""
        self._findings, self._more = tuple(findings), more
        counts = Counter[str](finding.severity for finding in findings)
        self.severity.clear()
        self.severity.addItem(tr("全部 {n}", "All {n}", n=f"{len(findings):,}"), None)
        for severity, title in SEVERITIES.items():
            if counts[severity]:
                self.severity.addItem(f"{tr(title)} {counts[severity]:,}", severity)
        self._show()

    def copy_lines(self) -> None:
        """Put the selected lines, or all that are listed, into the clipboard, one a line."""
        found = self.list.selected or self.list.listed
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText("\n".join(map(self.list.words_of, found)))
        self.told.setText(tr("已复制 {n} 条", "{n} copied", n=f"{len(found):,}"))

    def _show(self) -> None:
        severity, words = self.severity.currentData(), self.words.text().strip().casefold()
        self.look.setEnabled(False)
        self.told.setText(tr("正在查找…", "Searching …"))
        self.list.show_findings(
            self._findings, lambda f, said: severity in (None, f.severity) and words in said.casefold()
        )

    def _count(self) -> None:
        words = tr("{n} 条", "{n} findings", n=f"{len(self.list.listed):,}")
        if self._more:
            words += tr(
                "，另有 {m} 条只计数、未保存", "; {m} more were counted, not kept", m=f"{self._more:,}"
            )
        self.told.setText(words)

    def _look(self) -> None:
        found = self.list.selected
        if found and found[0].place is not None:
            self.looked_at.emit(found[0])
