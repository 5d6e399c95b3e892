"""Before going back to a revision: what comes back, what stays, and whether that is meant."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QWidget

from gis.i18n import tr
from gis.revisions.restoring import Restoration, counted
from layers.snapshot import Snapshot
from layers.text import Text
from ui.dialogs.form_dialog import FormDialog
from ui.panels.parts import label


class RestoreDialog(FormDialog):
    """Says what restoring would do; nothing happens before it is confirmed.

    Signals
    -------
    chosen(bool)
        Whether comments and problem spots go back, too.
    """

    chosen = pyqtSignal(bool)

    def __init__(self, parent: QWidget, planned: Restoration, now: Snapshot) -> None:
        super().__init__(
            parent,
            Text("恢复到 {l}", "Restore {l}").format(l=planned.label),
            Text(
                "当前方案变成 {l} 的样子。各版次都不变；这一步可以撤销。",
                "The working plan becomes what {l} was. No revision changes; the step can be undone.",
            ).format(l=planned.label),
            Text("恢复方案", "Restore the plan"),
            500,
        )
        self._planned, self._now = planned, now
        self.back, self.stay = label(wrap=True), label(wrap=True)
        self.add_row(Text("恢复", "Comes back"), self.back)
        self.add_row(Text("保留", "Stays"), self.stay)
        self.reports = QCheckBox(
            tr("意见和问题点也恢复到当时", "Comments and problem spots go back to that state, too")
        )
        self.reports.setVisible(bool(planned.gone or planned.altered))
        self.reports.toggled.connect(self._tell)
        self.body.addWidget(self.reports)
        self.lost = label(role="error", wrap=True)
        self.body.addWidget(self.lost)
        self._tell()
        self.be_cautious()

    def submit(self) -> None:
        """Do it."""
        self.chosen.emit(self.reports.isChecked())
        self.accept()

    def _tell(self) -> None:
        planned, whole = self._planned, self.reports.isChecked()
        plan = counted(planned.plan, self._now) or Text("没有图形变化", "no feature differs")
        altered = counted(planned.altered, self._now)
        if whole and altered:
            plan = _joined(plan, altered)
        self.back.setText(tr(plan))
        self.stay.setText(tr(_kept(planned.gone if not whole else {}, self._now)))
        gone = counted(planned.gone, self._now)
        self.lost.setVisible(whole and gone is not None)
        if gone is not None:
            words = Text(
                "{l} 之后收到的将从当前方案中去掉：{w}。",
                "What came in after {l} goes from the working plan: {w}.",
            )
            self.lost.setText(tr(words.format(l=planned.label, w=gone)))


def _kept(since: Mapping[str, int], now: Snapshot) -> Text:
    """Say what stays: what came in since with its numbers, and what always does."""
    always = Text("张贴记录、发布设置", "records of posting, publishing settings")
    received = counted(since, now)
    if received is None:
        return always
    came = Text("后来收到的{w}", "what came in since ({w})").format(w=received)
    return _joined(came, always)


def _joined(one: Text, other: Text) -> Text:
    return Text(f"{one.zh}；{other.zh}", f"{one.en}; {other.en}")
