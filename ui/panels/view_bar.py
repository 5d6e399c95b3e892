"""The line under the timeline that says which old state is on screen."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QWidget

from gis.i18n import tr
from layers.revision import WORKING
from layers.text import Text
from ui.models.words import date_words
from ui.panels.parts import Elided, Glyph, Wording, button, row
from ui.session import Session


class ViewBar(QWidget):
    """Shown while a revision or a comparison is seen.

    Signals
    -------
    working_requested(), restore_requested()
    """

    working_requested = pyqtSignal()
    restore_requested = pyqtSignal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("ViewBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        words = Wording(session, self)
        self._label = Elided()
        self._restore = button("", "link")
        self._back = button("", "link", "pencil-line")
        words.bind(self._restore.setText, Text("恢复到此版次", "Restore"))
        words.bind(self._back.setText, Text("回到当前方案", "Working plan"))
        self._restore.clicked.connect(self.restore_requested)
        self._back.clicked.connect(self.working_requested)
        line = row(Glyph("eye", 16, "info"), margins=(12, 3, 10, 3))
        line.addWidget(self._label, 1)
        line.addWidget(self._restore)
        line.addWidget(self._back)
        self.setLayout(line)
        for signal in (session.project_opened, session.viewed, session.language_changed):
            signal.connect(self.reload)
        self.reload()

    def reload(self) -> None:
        """Say what is on screen, or hide."""
        session = self._session
        project = session.project
        revision = next((r for r in project.revisions if r.label == session.view), None) if project else None
        self._restore.setVisible(revision is not None and project is not None and not project.read_only)
        self.setVisible(revision is not None or session.comparison is not None)
        parts = []
        if revision is not None:
            parts.append(tr("正在查看 {l}（只读）", "Viewing {l} (read-only)", l=revision.label))
            parts.append(revision.title)
            parts.append(tr(date_words(revision.created)))
        if session.comparison is not None:
            count = len(session.comparison.changes)
            other = session.comparison.before
            other = tr("当前方案", "the working plan") if other == WORKING else other
            parts.append(tr("与 {o} 相比有 {n} 处变更", "{n} changes since {o}", n=count, o=other))
        self._label.setText(" · ".join(p for p in parts if p))
