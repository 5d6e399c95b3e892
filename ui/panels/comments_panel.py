"""Residents' comments in one list, with filter and outcome."""

from __future__ import annotations

import datetime as dt

from PyQt6.QtCore import QItemSelectionModel, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QComboBox, QMenu, QStackedWidget, QWidget

from gis.edit.features import set_attributes
from gis.i18n import tr
from layers.changes import ChangeSet, Key
from layers.kinds.comments import CHANNELS, DECIDED, OUTCOMES
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.comments import Comment, CommentFilter, comments_of
from ui.models.coordinates import roomy
from ui.panels.comment_list import CommentDelegate, CommentModel
from ui.panels.parts import Elided, EmptyState, Wording, button, column, dress_panel, find_line, row, segment
from ui.panels.spot_list import SpotListView
from ui.session import Session
from ui.theme.icons import icon

_STATES = (
    ("", Text("全部", "All")),
    ("open", Text("待答复", "Open")),
    ("closed", Text("已答复", "Answered")),
)
_ONE_LINE_PX = 760


class CommentsPanel(QWidget):
    """The list of comments.

    Signals
    -------
    add_requested(), paste_requested(), ledger_requested()
    count_changed(int)
        How many wait for an answer.
    """

    add_requested = pyqtSignal()
    paste_requested = pyqtSignal()
    ledger_requested = pyqtSignal()
    count_changed = pyqtSignal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self._all: tuple[Comment, ...] = ()
        self._model = CommentModel(self)
        self._build_bar()
        self._view = SpotListView()
        delegate = CommentDelegate(self._view)
        self._view.setModel(self._model)
        self._view.setItemDelegate(delegate)
        delegate.outcome_pressed.connect(lambda comment, where: self.outcome_menu(comment).popup(where))
        self._view.chosen.connect(self._on_chosen)
        self._build_pages()
        for signal in (session.project_opened, session.viewed):
            signal.connect(self.reload)
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._mark_selection)
        session.language_changed.connect(self._reword)
        self._reword()

    @property
    def shown(self) -> tuple[Comment, ...]:
        """The comments in the list."""
        return self._model.comments

    @property
    def filter(self) -> CommentFilter:
        """What the list is asked for."""
        state = next((code for code, one in self._state.items() if one.isChecked()), "")
        outcome = self._outcome.currentData() or state
        return CommentFilter(outcome, self._channel.currentData() or "", self._text.text())

    def reload(self) -> None:
        """Read the comments of the state on screen again."""
        snapshot = self._session.snapshot
        self._all = comments_of(snapshot) if snapshot else ()
        self._apply()

    def set_outcome(self, comment: Comment, outcome: str) -> None:
        """Decide about a comment, or about all selected ones if it is selected; the answer is dated today."""
        keys = {c.key for c in self._all} & self._session.selection
        keys = keys if comment.key in keys else {comment.key}
        words = next(choice.title for choice in OUTCOMES if choice.code == outcome)
        title = Text("意见 {code} 处理结果：{o}", "Comment {code}: {o}").format(code=comment.code, o=words)
        self._session.run(title, lambda snapshot: _decided(snapshot, sorted(keys), outcome))

    def outcome_menu(self, comment: Comment) -> QMenu:
        """Return the outcomes to choose from."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for choice in OUTCOMES:
            act = menu.addAction(tr(choice.title))
            if act is not None:
                act.setCheckable(True)
                act.setChecked(choice.code == comment.outcome)
                act.setEnabled(self._session.editable)
                act.triggered.connect(lambda _=False, code=choice.code: self.set_outcome(comment, code))
        return menu

    def add_menu(self) -> QMenu:
        """Return the ways to add a comment."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for glyph, words, signal in (
            ("note-pencil", Text("填写一条意见…", "Write one down…"), self.add_requested),
            (
                "clipboard-text",
                Text("粘贴网页上复制的意见", "Paste one copied from the page"),
                self.paste_requested,
            ),
        ):
            act = menu.addAction(icon(glyph), tr(words))
            if act is not None:
                act.triggered.connect(signal)
        return menu

    def clear_filter(self) -> None:
        """Show every comment again."""
        self._state[""].setChecked(True)
        for combo in (self._outcome, self._channel):
            combo.setCurrentIndex(0)
        self._text.clear()
        self._apply()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Put the filter into two lines where one is too short."""
        wide = self.width() >= _ONE_LINE_PX
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._bar.setDirection(direction)
        super().resizeEvent(a0)

    def _build_bar(self) -> None:
        self._state = {code: segment() for code, _ in _STATES}
        for (code, words), one in zip(_STATES, self._state.values(), strict=True):
            self._words.bind(one.setText, words)
            one.setAutoExclusive(True)
            one.setChecked(code == "")
            one.toggled.connect(self._apply)
        self._outcome, self._channel = QComboBox(), QComboBox()
        for combo in (self._outcome, self._channel):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(6)
            combo.setMaximumWidth(132)
            combo.activated.connect(self._apply)
        self._text = find_line()
        self._text.setMinimumWidth(90)
        self._words.bind(self._text.setPlaceholderText, Text("筛选", "Filter"))
        self._text.textChanged.connect(self._apply)
        self._count = Elided("soft")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._ledger = button("", "link", "book-open")
        self._words.bind(self._ledger.setText, Text("台账", "Ledger"))
        self._words.bind(
            self._ledger.setToolTip, Text("你提了什么，我们改了什么", "What you said, what we changed")
        )
        self._ledger.clicked.connect(self.ledger_requested)
        self._add = button("", "link", "plus")
        self._words.bind(self._add.setText, Text("添加", "Add"))
        self._add.clicked.connect(
            lambda: self.add_menu().popup(self._add.mapToGlobal(QPoint(0, self._add.height())))
        )
        first = row(*self._state.values(), 8, self._outcome, self._channel, spacing=4)
        second = row(self._text, spacing=8)
        second.addWidget(self._count, 1)
        second.addWidget(self._ledger)
        second.addWidget(self._add)
        self._bar = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._bar.setContentsMargins(12, 6, 8, 6)
        self._bar.setSpacing(8)
        self._bar.addLayout(first)
        self._bar.addLayout(second, 1)

    def _build_pages(self) -> None:
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
        filtered.chosen.connect(self.clear_filter)
        self._pages = QStackedWidget()
        for page in (self._view, nothing, filtered):
            self._pages.addWidget(page)
        whole = column(spacing=0)
        whole.addLayout(self._bar)
        whole.addWidget(self._pages, 1)
        self.setLayout(whole)

    def _reword(self) -> None:
        _refill(self._outcome, [("", Text("结果", "Outcome")), *((c.code, c.title) for c in OUTCOMES)])
        _refill(self._channel, [("", Text("渠道", "Channel")), *((c.code, c.title) for c in CHANNELS)])
        self.reload()

    def _apply(self) -> None:
        wanted = self.filter
        self._model.show([comment for comment in self._all if wanted.keeps(comment)])
        waiting = sum(not comment.closed for comment in self._all)
        shown, total = len(self._model.comments), len(self._all)
        words = tr("待答复 {o} · 共 {t}", "{o} open · {t} in all", o=waiting, t=total)
        if shown != total:
            words = tr("显示 {s}/{t}", "{s} of {t} shown", s=shown, t=total)
        self._count.setText(words)
        self._pages.setCurrentIndex(0 if shown else (2 if total else 1))
        self.count_changed.emit(waiting)
        self._add.setEnabled(self._session.editable)
        self._mark_selection()

    def _mark_selection(self) -> None:
        selection = self._view.selectionModel()
        if selection is None:
            return
        selection.clearSelection()
        chosen = self._session.selection
        rows = [at for at, comment in enumerate(self._model.comments) if comment.key in chosen]
        for at in rows:
            selection.select(self._model.index(at), QItemSelectionModel.SelectionFlag.Select)
        if len(rows) == 1:
            self._view.scrollTo(self._model.index(rows[0]))

    def _on_changed(self, changes: ChangeSet) -> None:
        snapshot = self._session.snapshot
        layers = {layer.id for layer in snapshot.with_role("comment")} if snapshot else set()
        if any(layer in layers for layer, _ in changes.features):
            self.reload()

    def _on_chosen(self, comment: Comment) -> None:
        snapshot = self._session.snapshot
        self._session.select([comment.key])
        feature = snapshot.feature(comment.key) if snapshot else None
        if feature is not None and feature.geometry is not None:
            self._session.zoom_requested.emit(roomy(feature.geometry.bounds))


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


def _refill(combo: QComboBox, entries: list[tuple[str, Text]]) -> None:
    kept = combo.currentData()
    combo.blockSignals(True)
    combo.clear()
    for code, words in entries:
        combo.addItem(tr(words), code)
    combo.setCurrentIndex(max(0, combo.findData(kept)))
    combo.blockSignals(False)
