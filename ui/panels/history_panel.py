"""Every step since the project was made: a click goes back to it, or forward again; and what was frozen."""

from __future__ import annotations

from collections import deque

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QWidget

from gis.i18n import tr
from layers.revision import Revision
from layers.text import Text
from ui.models.words import moment_words
from ui.panels.parts import EmptyState, Wording, column, dress_panel
from ui.session import Session
from ui.theme.appearance import base_font
from ui.theme.icons import icon
from ui.theme.tokens import theme

STEPS_BACK = Qt.ItemDataRole.UserRole
REVISION = Qt.ItemDataRole.UserRole + 1
_SHOWN = 300


class HistoryPanel(QWidget):
    """The steps, latest first; undone ones are grey. Between them stands what was frozen.

    Signals
    -------
    view_requested(str)
        The label of a revision.
    """

    view_requested = pyqtSignal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        words = Wording(session, self)
        self._list = QListWidget()
        self._list.setUniformItemSizes(True)
        self._list.setIconSize(QSize(15, 15))
        self._list.itemClicked.connect(self._go)
        self._list.itemActivated.connect(self._go)
        empty = EmptyState(
            "clock-counter-clockwise",
            words,
            Text("还没有修改", "No step yet"),
            Text(
                "每一次修改都会记在这里，可以随时退回，重新打开项目后也可以。",
                "Every edit is kept here; you can go back at any time, even after opening the project again.",
            ),
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list)
        self._pages.addWidget(empty)
        self.setLayout(column(self._pages, spacing=0))
        session.changed.connect(lambda _: self.reload())
        for signal in (
            session.project_opened,
            session.language_changed,
            session.revisions_changed,
            session.viewed,
        ):
            signal.connect(self.reload)
        self.reload()

    @property
    def list(self) -> QListWidget:
        """The list, for those who drive it."""
        return self._list

    def reload(self) -> None:
        """Show the history of the project in front."""
        project = self._session.project
        self._list.clear()
        done = project.history.done if project else ()
        undone = project.history.undone if project else ()
        for ahead, step in reversed(list(enumerate(undone, 1))):
            self._add(tr(step.label), tr(moment_words(step.time)), ahead)
        frozen = self._frozen()
        for back, step in enumerate(reversed(done[-_SHOWN:])):
            while frozen and frozen[-1][0] >= step.id:
                self._add_frozen(frozen.pop()[1])
            self._add(tr(step.label), tr(moment_words(step.time)), -back)
        if len(done) <= _SHOWN:
            for _, revision in reversed(frozen):
                self._add_frozen(revision)
        if done or undone:
            start = (
                tr("最初状态", "The beginning") if len(done) <= _SHOWN else tr("更早的状态", "Before that")
            )
            self._add(start, "", -min(len(done), _SHOWN))
        self._pages.setCurrentIndex(0 if self._list.count() else 1)

    def _frozen(self) -> deque[tuple[int, Revision]]:
        """Return the revisions of the plan in front, each after which step it was frozen, in that order."""
        project = self._session.project
        if project is None:
            return deque()
        after, here = project.frozen_after, project.branch
        found = [(after[r.label], r) for r in project.revisions if r.branch == here and r.label in after]
        return deque(sorted(found, key=lambda one: one[0]))

    def _add_frozen(self, revision: Revision) -> None:
        words = tr("冻结为 {l}  {t}", "Frozen as {l}  {t}", l=revision.label, t=revision.title)
        item = QListWidgetItem(f"{tr(moment_words(revision.created))}   {words}".strip())
        item.setData(REVISION, revision.label)
        item.setIcon(icon("snowflake", theme().accent))
        item.setForeground(QColor(theme().accent))
        item.setToolTip(tr("单击查看这一版", "Click to view this revision"))
        item.setFont(base_font())
        self._list.addItem(item)

    def _add(self, words: str, when: str, steps: int) -> None:
        colors = theme()
        item = QListWidgetItem(f"{when}   {words}".strip())
        item.setData(STEPS_BACK, steps)
        item.setIcon(
            icon(
                "caret-right" if steps == 0 else "arrow-u-up-right" if steps > 0 else "check",
                colors.accent if steps == 0 else colors.text_faint,
            )
        )
        item.setForeground(QColor(colors.text_faint if steps > 0 else colors.text))
        item.setToolTip(
            tr("单击退回到这一步", "Click to go back to this step")
            if steps < 0
            else tr("单击重做到这一步", "Click to redo up to this step")
            if steps > 0
            else tr("当前状态", "Now")
        )
        font = base_font()
        font.setBold(steps == 0)
        item.setFont(font)
        self._list.addItem(item)

    def _go(self, item: QListWidgetItem) -> None:
        label = item.data(REVISION)
        if label is not None:
            self.view_requested.emit(label)
        else:
            self._session.go(int(item.data(STEPS_BACK)))
