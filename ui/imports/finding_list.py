"""Findings of an import as a list; choosing one tells where it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QListWidget, QListWidgetItem

from gis.i18n import tr
from layers.errors import Finding
from ui.models.window_words import window_words
from ui.theme.icons import icon
from ui.theme.tokens import theme

_MARKS: Final = {"error": ("x-circle", "danger"), "warning": ("warning", "warning"), "info": ("info", "info")}
_ORDER: Final = {"error": 0, "warning": 1, "info": 2}
_MOST: Final = 500


class FindingList(QListWidget):
    """Errors first, then warnings, then notes.

    Signals
    -------
    finding_chosen(Finding)
    """

    finding_chosen = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.sheets: frozenset[str] = frozenset()
        """Names of the files whose records are known by their rows."""
        self.setWordWrap(True)
        self.setIconSize(QSize(16, 16))
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(lambda now, _: self._choose(now))

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """List findings, the first few hundred of them."""
        self.clear()
        for finding in sorted(findings, key=_turn)[:_MOST]:
            glyph, tone = _MARKS[finding.severity]
            words = finding_words(finding, in_sheet=finding.file in self.sheets)
            item = QListWidgetItem(icon(glyph, getattr(theme(), tone)), words)
            item.setData(Qt.ItemDataRole.UserRole, finding)
            self.addItem(item)
        rest = len(findings) - _MOST
        if rest > 0:
            self.addItem(
                tr(
                    "……另有 {n} 条，可在“导入记录和发现”中筛选和导出",
                    "… and {n} more; see them under Imports and findings",
                    n=rest,
                )
            )

    @property
    def selected(self) -> tuple[Finding, ...]:
        """The findings that are marked, from top to bottom."""
        lines = sorted(self.selectedItems(), key=self.row)
        found = (line.data(Qt.ItemDataRole.UserRole) for line in lines)
        return tuple(finding for finding in found if isinstance(finding, Finding))

    def keyPressEvent(self, e: QKeyEvent | None) -> None:
        """Copy the marked lines as text; Qt would copy one only."""
        clipboard = QGuiApplication.clipboard()
        if e is not None and clipboard is not None and e.matches(QKeySequence.StandardKey.Copy):
            clipboard.setText("\n".join(map(finding_words, self.selected)))
            return
        super().keyPressEvent(e)

    def _choose(self, item: QListWidgetItem | None) -> None:
        finding = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(finding, Finding):
            self.finding_chosen.emit(finding)


def _turn(finding: Finding) -> tuple[int, int]:
    """Return what comes first: errors, then the earlier record; what is about the whole file leads."""
    return _ORDER[finding.severity], finding.record if isinstance(finding.record, int) else 0


def finding_words(finding: Finding, *, in_sheet: bool = False) -> str:
    """Return a finding as one sentence with its place: the number of a record, or of a row of a sheet."""
    places = []
    if isinstance(finding.record, int) and in_sheet:
        places.append(tr("表格第 {n} 行", "row {n} of the sheet", n=finding.record))
    elif isinstance(finding.record, int):
        places.append(tr("第 {n} 条", "record {n}", n=finding.record))
    elif finding.record is not None:
        places.append(str(finding.record))
    if finding.field:
        places.append(f"“{finding.field}”")
    where = tr("，", ", ").join(places)
    words = tr(window_words(finding.message))
    return f"{where}{tr('：', ': ')}{words}" if where else words
