"""Beside the days for comments: what is wrong with them, a proposal, and the yes that it takes."""

from __future__ import annotations

import datetime as dt
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QWidget

from gis.i18n import tr
from gis.notice_period import USUAL_DAYS, NoticePeriod, PeriodTrouble
from gis.project import Project
from layers.text import Text, date_words
from ui.dialogs.settings_draft import SettingsDraft
from ui.panels.parts import button, column, label, row

PERIOD_OVER: Final = Text(
    "公示期已过。请改为新的公示期，或勾选“仍要发布”。",
    "The notice period is over. Set a new one, or tick that it is meant.",
)
OLD: Final = NoticePeriod(dt.date.min, None)
"""Stands for the period of an older state: that is history, and nothing is proposed for it."""


class PeriodNote(QWidget):
    """Says in red that a notice period is over, and offers one that begins today.

    Signals
    -------
    proposed(NoticePeriod)
    """

    proposed = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self._trouble: PeriodTrouble | None = None
        self.words = label(role="error", wrap=True)
        self.propose = button("", "link", "calendar-blank")
        self.propose.setAutoDefault(False)
        self.propose.clicked.connect(lambda: self.proposed.emit(NoticePeriod.beginning(dt.date.today())))
        self.yes = QCheckBox(tr("公示期已过，仍要发布", "Publish although it is over"))
        inner = column(self.words, spacing=4)
        inner.addLayout(row(self.propose, None))
        inner.addWidget(self.yes)
        self.setLayout(inner)
        self.show_period(NoticePeriod(None, None), None)

    @property
    def stands_in_the_way(self) -> bool:
        """Whether nothing may be posted before somebody has said yes to it."""
        return self._trouble is not None and self._trouble.grave and not self.yes.isChecked()

    def show_period(self, period: NoticePeriod, trouble: PeriodTrouble | None) -> None:
        """Tell of a period; a yes to another trouble does not count for this one."""
        if trouble != self._trouble:
            self.yes.setChecked(False)
        self._trouble = trouble
        self.words.setText(tr(trouble.words) if trouble is not None else "")
        self.words.setVisible(trouble is not None)
        self.yes.setVisible(trouble is not None and trouble.grave)
        usual = NoticePeriod.beginning(dt.date.today())
        words = Text("公示 {n} 天：今天至{d}", "{n} days from today, until {d}")
        assert usual.last is not None
        self.propose.setText(tr(words.format(n=USUAL_DAYS, d=date_words(usual.last.isoformat()))))
        self.propose.setVisible(trouble is not None or (period.first is None and period.last is None))


def period_told(
    project: Project, draft: SettingsDraft, state: str
) -> tuple[NoticePeriod, PeriodTrouble | None]:
    """Return the notice period of the newest state as some answers have it, and what is wrong with it."""
    period = NoticePeriod.of(draft.settings)
    revision = next((one for one in project.revisions if one.label == state), None)
    label_, made = (revision.label, revision.created) if revision is not None else ("", "")
    return period, period.trouble(dt.date.today(), label_, made)
