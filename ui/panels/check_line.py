"""One line in a form: what a check of the plan finds, and the way to the list."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from gis.i18n import tr
from layers.errors import Finding
from ui.panels.parts import Glyph, button, label, row
from ui.plan_check import PlanCheck, counted, tally


class CheckLine(QWidget):
    """Says how many findings a state has. Emits `list_requested` if somebody wants to read them."""

    list_requested = pyqtSignal()

    def __init__(self, check: PlanCheck) -> None:
        super().__init__()
        self._check = check
        self._label = ""
        self._glyph = Glyph("hourglass", 16, "text_soft")
        self._words = label(role="soft")
        self._show = button(tr("查看", "Show"), "link")
        self._show.setAutoDefault(False)
        self._show.clicked.connect(self.list_requested)
        self._show.hide()
        self.setLayout(row(self._glyph, self._words, self._show, None, spacing=8))

    def ask(self, state: str) -> None:
        """Check a state: a revision, or ``"working"``."""
        self._label = state
        self._glyph.show_icon("hourglass", "text_soft")
        self._words.setText(tr("正在检查方案…", "Checking the plan…"))
        self._show.hide()
        self._check.run(state, lambda found: self._take(state, found))

    def _take(self, state: str, found: tuple[Finding, ...]) -> None:
        from PyQt6 import sip

        if sip.isdeleted(self) or state != self._label:
            return
        counts = counted(found)
        glyph, tone = ("warning", "warning") if counts["warning"] else ("check-circle", "success")
        if counts["error"]:
            glyph, tone = "warning-octagon", "danger"
        self._glyph.show_icon(glyph, tone)
        self._words.setText(tr("发布前检查：{t}", "Check before posting: {t}", t=tally(found)))
        self._show.setVisible(bool(found))
