"""The line under the timeline that says which old state is on screen."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QToolButton, QWidget

from gis.i18n import tr
from layers.revision import WORKING, Branch, Revision
from layers.text import Text, counted, date_words, same
from ui.models.words import state_title
from ui.panels.parts import Elided, Glyph, Wording, button, row, segment
from ui.session import Session
from ui.theme.icons import icon
from ui.theme.tokens import theme

_WORDS_PX = 900
_MODES = (
    ("one", "cloud", Text("云线图", "Clouds"), Text("一张图，圈出变更", "One map with the changes clouded")),
    (
        "split",
        "columns",
        Text("左右对照", "Side by side"),
        Text("两张图同步移动和缩放 (Ctrl+\\)", "Two maps that move and zoom together (Ctrl+\\)"),
    ),
    (
        "swipe",
        "square-half",
        Text("卷帘", "Swipe"),
        Text("拖动手柄看前后 (Ctrl+Shift+\\)", "Drag the handle between before and after (Ctrl+Shift+\\)"),
    ),
)


class ViewBar(QWidget):
    """Shown while a revision, another alternative or a comparison is seen, or the project cannot be edited.

    Signals
    -------
    working_requested(), restore_requested()
    switch_requested(str), adopt_requested(str)
        The alternative on screen.
    mode_requested(str)
        How two states are shown: ``"one"``, ``"split"``, ``"swipe"``.
    """

    mode_requested = pyqtSignal(str)
    working_requested = pyqtSignal()
    restore_requested = pyqtSignal()
    switch_requested = pyqtSignal(str)
    adopt_requested = pyqtSignal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("ViewBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        words = Wording(session, self)
        self._label = Elided()
        self._restore = button("", "link")
        self._switch, self._adopt = button("", "link"), button("", "link")
        self._back = button("", "link", "pencil-line")
        words.bind(self._switch.setText, Text("切换到此方案", "Switch to it"))
        words.bind(self._adopt.setText, Text("采纳…", "Adopt…"))
        self._switch.clicked.connect(lambda: self.switch_requested.emit(session.view))
        self._adopt.clicked.connect(lambda: self.adopt_requested.emit(session.view))
        words.bind(self._restore.setText, Text("恢复到此版次", "Restore"))
        words.bind(self._back.setText, Text("回到当前方案", "Working plan"))
        self._restore.clicked.connect(self.restore_requested)
        self._back.clicked.connect(self.working_requested)
        line = row(Glyph("eye", 16, "info"), margins=(12, 3, 10, 3))
        line.addWidget(self._label, 1)
        line.addWidget(self._build_modes(words))
        for act in (self._restore, self._adopt, self._switch, self._back):
            act.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # it hides when pressed: the keyboard stays
            line.addWidget(act)
        self.setLayout(line)
        for signal in (
            session.project_opened,
            session.viewed,
            session.proven,
            session.revisions_changed,
            session.branches_changed,
            session.language_changed,
        ):
            signal.connect(self.reload)
        self.reload()

    def _build_modes(self, words: Wording) -> QWidget:
        """Make the buttons that say how two states are shown."""
        self._modes = QWidget()
        line = row(spacing=0)
        self.modes: dict[str, QToolButton] = {}
        for name, glyph, title, tip in _MODES:
            made = segment()
            made.setIcon(icon(glyph, None, theme().accent))
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            made.clicked.connect(lambda _=False, n=name: self.mode_requested.emit(n))
            words.bind(made.setText, title)
            words.bind(made.setToolTip, tip)
            self.modes[name] = made
            line.addWidget(made)
        self._modes.setLayout(line)
        return self._modes

    def show_mode(self, mode: str) -> None:
        """Mark how two states are shown."""
        for name, made in self.modes.items():
            made.setChecked(name == mode)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Where there is no room for words, icons say it."""
        style = Qt.ToolButtonStyle
        wide = self.width() >= _WORDS_PX
        for made in self.modes.values():
            made.setToolButtonStyle(style.ToolButtonTextBesideIcon if wide else style.ToolButtonIconOnly)
        super().resizeEvent(a0)

    def reload(self) -> None:
        """Say what is on screen, or hide."""
        session = self._session
        project, view = session.project, session.view
        read_only = project is not None and project.read_only
        revision = next((r for r in project.revisions if r.label == view), None) if project else None
        branch = (
            next((b for b in project.branches if b.name == view and not b.current), None) if project else None
        )
        self._restore.setVisible(revision is not None and not read_only)
        self._restore.setEnabled(not session.checking)
        for act in (self._switch, self._adopt):
            act.setVisible(branch is not None and not read_only)
        self._back.setVisible(view != WORKING or session.comparison is not None)
        self._modes.setVisible(session.beside is not None)
        self._label.setText(" · ".join(tr(part) for part in self._parts(revision, branch) if part.zh))
        self.setVisible(bool(self._label.text()))

    def _parts(self, revision: Revision | None, branch: Branch | None) -> list[Text]:
        session = self._session
        project = session.project
        parts = []
        if session.previewed is not None:
            parts.append(Text("正在预览：{t}", "Preview: {t}").format(t=session.previewed))
        if revision is not None:
            parts.append(Text("正在查看 {l}（只读）", "Viewing {l} (read-only)").format(l=revision.label))
            parts += [same(revision.title), date_words(revision.created)]
        if session.checking:
            parts.append(Text("正在核对是否与定稿时一致…", "checking that it is what was frozen …"))
        if branch is not None:
            words = Text(
                "正在查看比选方案“{b}”（切换后可编辑）", "Viewing alternative “{b}” (switch to edit it)"
            )
            parts.append(words.format(b=branch.title))
        if session.comparison is not None:
            found = len(session.comparison.changes)
            words = Text("与{o}相比有{n}", "{n} since {o}")
            count = counted(found, " {n} 处变更", "{n} change", "{n} changes")
            before = session.comparison.before
            other = state_title(before) if before == WORKING or branch else same(f" {before} ")
            parts.append(words.format(n=count, o=other))
        if project is not None and project.read_only and session.view == WORKING:
            parts.append(Text("只读", "Read-only"))
            parts.append(project.read_only_reason or same(""))
        return parts
