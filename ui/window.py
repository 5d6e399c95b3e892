"""The window: the workplace with its acts bound, and nothing else."""

from __future__ import annotations

import base64
from dataclasses import replace

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtGui import QCloseEvent, QKeyEvent, QKeySequence

from gis.i18n import language
from gis.settings import Settings, save_settings
from ui.actions.background import BackgroundActions
from ui.actions.bookmarks import SightActions
from ui.actions.branches import BranchActions
from ui.actions.comments import CommentActions
from ui.actions.compare import CompareActions
from ui.actions.edit import EditActions
from ui.actions.file import FileActions
from ui.actions.help import HelpActions
from ui.actions.look import LookActions
from ui.actions.postings import PostingActions
from ui.actions.reasons import ReasonActions
from ui.actions.revisions import RevisionActions
from ui.actions.view import ViewActions
from ui.dropping import Dropping
from ui.habits import habits_of, take_up
from ui.recent import WindowMemory, save_memory
from ui.session import Session
from ui.watch import Watch
from ui.workplace import Workplace

_FIRST_SIZE = (1440, 900)
_STATE_VERSION = 1


class Window(Workplace):
    """The main window of one project."""

    def __init__(self, session: Session, settings: Settings, memory: WindowMemory) -> None:
        super().__init__(session, settings, memory)
        self._make_acts()
        self._bind_acts()
        self.name_window()
        self._remember_layout()
        self.watch, self.dropping = Watch(self, self.file_actions.rescue), Dropping(self, self.file_actions)

    def _make_acts(self) -> None:
        self.edit_actions = EditActions(self)
        self.view_actions = ViewActions(self)
        self.look_actions = LookActions(self)
        self.sight_actions = SightActions(self)
        self.revision_actions = RevisionActions(self)
        self.branch_actions = BranchActions(self, self.revision_actions)
        self.compare_actions = CompareActions(self, self.revision_actions)
        self.comment_actions = CommentActions(self, self.revision_actions)
        self.reason_actions = ReasonActions(self, self.revision_actions)
        self.background_actions = BackgroundActions(self)
        self.file_actions = FileActions(self, self.revision_actions, self.background_actions)
        self.posting_actions = PostingActions(self)
        self.help_actions = HelpActions(self)

    def _bind_acts(self) -> None:
        for group in (
            self.file_actions,
            self.edit_actions,
            self.view_actions,
            self.look_actions,
            self.sight_actions,
            self.revision_actions,
            self.branch_actions,
            self.compare_actions,
            self.comment_actions,
            self.reason_actions,
            self.background_actions,
            self.posting_actions,
            self.help_actions,
        ):
            self.actions_.bind(group.handlers())
        self.actions_.fill(self.header.bar, self.file_actions.fill_recent)
        self.actions_.fill_strip(self.strip)
        self.file_actions.fill_project_menu(self.header.menu)
        self.status.snap.setDefaultAction(self.actions_.qt["tool.snapping"])
        self.status.snap.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _remember_layout(self) -> None:
        memory = self.memory
        self.resize(*_FIRST_SIZE)
        if memory.geometry:
            self.restoreGeometry(QByteArray(base64.b64decode(memory.geometry)))
        self.reset_layout()
        if memory.state:
            self.restoreState(QByteArray(base64.b64decode(memory.state)), _STATE_VERSION)
        take_up(self, memory)

    def remember(self) -> None:
        """Keep the layout and the user's choices for the next start."""
        save_memory(
            replace(
                habits_of(self),
                geometry=base64.b64encode(self.saveGeometry().data()).decode("ascii"),
                state=base64.b64encode(self.saveState(_STATE_VERSION).data()).decode("ascii"),
            )
        )
        save_settings(replace(self.settings, language=language()))

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Use what nobody else has: Esc leads to the map, Enter on it to the form, dead shortcuts say why."""
        key = a0.key() if a0 is not None else None
        if key == Qt.Key.Key_Escape:
            self.canvas.setFocus()
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.canvas.hasFocus() and self.session.selection:
            self.attributes_dock.show()
            self.attributes.focus_first()
            return
        why = self.actions_.why_not(QKeySequence(a0.keyCombination())) if a0 is not None else None
        if why is not None:
            self.session.offer(why, (), "warning", passing=True, refusal=True)
        else:
            super().keyPressEvent(a0)

    def focusNextPrevChild(self, a0: bool) -> bool:
        """Lead Tab from what is selected on the map to its form; messages come before."""
        asked = any(card.offer.acts for card in self.messages.cards)
        form = bool(self.session.selection) and self.attributes_dock.isVisible() and not asked
        if a0 and form and self.canvas.hasFocus() and self.attributes.focus_first():
            return True
        return super().focusNextPrevChild(a0)

    def closeEvent(self, a0: QCloseEvent | None) -> None:
        self.file_actions.end_import()  # it stands in the place of a panel, which is to be remembered
        self.remember()
        self.watch.stop()
        self.tasks.stop_all()
        project = self.session.project
        self.session.set_project(None)
        if project is not None:
            project.close()
        super().closeEvent(a0)
