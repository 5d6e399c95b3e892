"""Residents' comments in one list, with filter and outcome."""

from __future__ import annotations

import datetime as dt

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QMenu, QWidget

from gis.edit.features import set_attributes
from gis.i18n import tr
from layers.changes import ChangeSet, Key
from layers.kinds.comments import CHANNELS, DECIDED, OUTCOMES
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.comments import Comment, CommentFilter, comments_of
from ui.panels.code_list import CodeList, popup
from ui.panels.comment_list import COMMENT_LOOK
from ui.panels.filter_bar import FilterBar
from ui.panels.parts import EmptyState, Wording, button, column, dress_panel
from ui.session import Session

_STATES = (
    ("", Text("全部", "All")),
    ("open", Text("待答复", "Open")),
    ("closed", Text("已答复", "Answered")),
)
_OUTCOME, _CHANNEL = range(2)


class CommentsPanel(QWidget):
    """The list of comments.

    Signals
    -------
    add_requested(), paste_requested()
    count_changed(int)
        How many wait for an answer.
    """

    add_requested = pyqtSignal()
    paste_requested = pyqtSignal()
    count_changed = pyqtSignal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self._all: tuple[Comment, ...] = ()
        self._paste = button("", "link", "clipboard-text")
        self._words.bind(self._paste.setText, Text("粘贴意见", "Paste comments"))
        self._words.bind(
            self._paste.setToolTip,
            Text(
                "先在微信或 QQ 里复制居民发来的整段聊天，再点这里逐条填写",
                "Copy the whole chat that residents sent, then fill in one comment after the other here",
            ),
        )
        self._paste.clicked.connect(self.paste_requested)
        self._add = button("", "link", "plus")
        self._words.bind(self._add.setText, Text("添加", "Add"))
        self._add.clicked.connect(self.add_requested)
        self.bar = FilterBar(self._words, _STATES, 2, [self._paste, self._add])
        self.bar.changed.connect(self._apply)
        self.list = self._build_list()
        self.list.chip_pressed.connect(lambda comment, where: popup(self.outcome_menu(comment), where))
        self.setLayout(column(self.bar, self.list, spacing=0))
        for signal in (session.project_opened, session.viewed):
            signal.connect(self.reload)
        session.changed.connect(self._on_changed)
        session.language_changed.connect(self._reword)
        self._reword()

    @property
    def shown(self) -> tuple[Comment, ...]:
        """The comments in the list."""
        return self.list.shown

    @property
    def filter(self) -> CommentFilter:
        """What the list is asked for."""
        bar = self.bar
        return CommentFilter(bar.choice(_OUTCOME) or bar.chosen, bar.choice(_CHANNEL) or "", bar.text)

    def reload(self) -> None:
        """Read the comments of the state on screen again."""
        snapshot = self._session.snapshot
        self._all = comments_of(snapshot) if snapshot else ()
        self._apply()

    def set_outcome(self, comment: Comment, outcome: str) -> None:
        """Decide about a comment, or about all selected ones if it is selected; the answer is dated today."""
        keys = self.list.meant_with(comment)
        words = next(choice.title for choice in OUTCOMES if choice.code == outcome)
        title = Text("意见 {code} 处理结果：{o}", "Comment {code}: {o}").format(code=comment.code, o=words)
        self._session.run(title, lambda snapshot: _decided(snapshot, keys, outcome))

    def outcome_menu(self, comment: Comment) -> QMenu:
        """Return the outcomes to choose from."""
        return self.list.choice_menu(OUTCOMES, comment.outcome, lambda code: self.set_outcome(comment, code))

    def _build_list(self) -> CodeList[Comment]:
        nothing = EmptyState(
            "chat-circle-text",
            self._words,
            Text("还没有居民意见", "No comments yet"),
            Text(
                "把宣传栏、电话、业主群和座谈会上的意见记下来，逐条给出处理结果和答复。",
                "Write down what came by notice board, phone, chat and meetings, and answer each.",
            ),
            Text("添加第一条", "Add the first one"),
        )
        filtered = EmptyState(
            "funnel",
            self._words,
            Text("没有符合条件的意见", "No comment matches"),
            Text("放宽筛选条件即可看到其余意见。", "Loosen the filter to see the others."),
            Text("清除筛选", "Clear the filter"),
        )
        nothing.chosen.connect(self.add_requested)
        filtered.chosen.connect(self.bar.clear)
        return CodeList(self._session, COMMENT_LOOK, nothing, filtered)

    def _reword(self) -> None:
        for at, words, choices in (
            (_OUTCOME, Text("结果", "Outcome"), OUTCOMES),
            (_CHANNEL, Text("渠道", "Channel"), CHANNELS),
        ):
            self.bar.refill(at, [("", words), *((c.code, c.title) for c in choices)])
        self.reload()

    def _apply(self) -> None:
        self.list.show_entries(self._all, self.filter.keeps)
        waiting, total = sum(not comment.closed for comment in self._all), len(self._all)
        words = tr("待答复 {o} · 共 {t}", "{o} open · {t} in all", o=waiting, t=total)
        if (shown := len(self.shown)) != total:
            words = tr("显示 {s}/{t}", "{s} of {t} shown", s=shown, t=total)
        self.bar.say(words)
        self.count_changed.emit(waiting)
        for act in (self._add, self._paste):
            act.setEnabled(self._session.editable)

    def _on_changed(self, changes: ChangeSet) -> None:
        snapshot = self._session.snapshot
        layers = {layer.id for layer in snapshot.with_role("comment")} if snapshot else set()
        if not layers.isdisjoint(changes.by_layer):
            self.reload()


def _decided(snapshot: Snapshot, keys: list[Key], outcome: str) -> ChangeSet:
    """Set an outcome; a first decision is dated today, an open comment has no day of answer."""
    today = dt.datetime.now().astimezone().date().isoformat()
    whole = ChangeSet()
    for key in keys:
        feature = snapshot.feature(key)
        if feature is None:
            continue
        answered = feature.attributes.get("answered_on") or today if outcome in DECIDED else None
        values: dict[str, Value] = {"outcome": outcome, "answered_on": answered}
        whole = whole.then(set_attributes(snapshot, [key], values))
    return whole
