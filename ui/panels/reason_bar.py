"""The line below the list of changes where a change says why: what it answers, and reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import QStringListModel, Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QCompleter, QLineEdit, QSizePolicy, QStackedWidget, QWidget

from gis.i18n import tr
from gis.revisions.comparison import FeatureChange
from layers.asking import asked_in
from layers.changes import Key
from layers.codes import code_of, split_codes
from layers.reason import NO_REASON, Reason, Rewording
from layers.snapshot import Snapshot
from layers.text import Text, natural
from ui.models.comments import comments_of
from ui.models.spots import open_codes
from ui.panels.field_editors import MANY
from ui.panels.parts import Elided, Wording, button, row, set_property
from ui.session import Session

_HEIGHT_PX: Final = 44
_CODES_PX, _MOST_PX = 150, 170
_ALL: Final = Text("同一编号下的其余变更也用这个理由", "All changes under the number get this reason")
_SEPARATORS: Final = ",，、;； "


class CodesLine(QLineEdit):
    """A line for codes of problem spots and comments; completes the one being typed by code or title."""

    def __init__(self) -> None:
        super().__init__()
        self._known = QStringListModel(self)
        completer = QCompleter(self._known, self)
        completer.setWidget(self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated[str].connect(self._take)
        popup = completer.popup()
        if popup is not None:
            popup.setObjectName("CodesPopup")
        self._completer = completer
        self.textEdited.connect(self._offer)

    def know(self, asked: Sequence[tuple[str, str]]) -> None:
        """Offer these codes, each with what it is about, in this order."""
        self._known.setStringList([f"{code} {title}".strip() for code, title in asked])

    def offered(self) -> list[str]:
        """Return what is offered for what has been typed."""
        model = self._completer.completionModel()
        count = model.rowCount() if model is not None else 0
        return [str(model.index(i, 0).data()) for i in range(count)] if model is not None else []

    def _begun(self) -> str:
        """Return the code that is being typed: what stands after the last separator."""
        before = self.text()[: self.cursorPosition()]
        at = max(before.rfind(mark) for mark in _SEPARATORS)
        return before[at + 1 :]

    def _offer(self) -> None:
        begun = self._begun()
        popup = self._completer.popup()
        if not begun:
            if popup is not None:
                popup.hide()
            return
        self._completer.setCompletionPrefix(begun)
        box = self.rect()
        box.setWidth(max(box.width(), 320))
        self._completer.complete(box)

    def _take(self, chosen: str) -> None:
        """Put the code of the chosen entry in the place of what was typed of it."""
        at, begun = self.cursorPosition(), self._begun()
        code = chosen.split(" ", 1)[0]
        self.setText(self.text()[: at - len(begun)] + code + self.text()[at:])
        self.setCursorPosition(at - len(begun) + len(code))
        self.setModified(True)


class ReasonBar(QWidget):
    """The reason of the changes that are chosen in the list; it is kept as soon as a line is left.

    Signals
    -------
    given(object)
        Mapping of feature key to `Rewording`: what was typed about each of these changes.
    compare_requested()
        Compare so that reasons can be given.
    """

    given = pyqtSignal(object)
    compare_requested = pyqtSignal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("ReasonBar")
        self._session = session
        self._words = Wording(session, self)
        self._reasons: dict[Key, Reason] = {}
        self._shown = NO_REASON
        self._others: dict[Key, Reason] = {}
        self._known: dict[str, str] = {}
        self.codes, self.because = CodesLine(), QLineEdit()
        self.others = QCheckBox()
        self._name, self._said, self._hint = Elided("section"), Elided("soft"), Elided("soft")
        self._back = button("", "link", "git-diff")
        self._build()

    def _build(self) -> None:
        bind = self._words.bind
        bind(self.codes.setPlaceholderText, Text("回应编号，如 T13", "Answers, such as T13"))
        bind(self.codes.setToolTip, Text("它回应的问题点和意见的编号", "Spots and comments it answers"))
        bind(self.codes.setAccessibleName, Text("回应的问题和意见", "What it answers"))
        bind(
            self.because.setPlaceholderText,
            Text("修改理由：会议、规范、现场条件……", "Reason: a meeting, a rule, the site …"),
        )
        bind(self.because.setAccessibleName, Text("修改理由", "Reason"))
        self.codes.setFixedWidth(_CODES_PX)
        self.because.setMinimumWidth(120)
        self.because.setMaxLength(400)
        for line in (self.codes, self.because):
            line.editingFinished.connect(self._finish)
            line.textEdited.connect(lambda _: self._say(""))
        self.others.clicked.connect(self._on_others)
        bind(self._back.setText, Text("与上一版比较", "Compare with the last"))
        self._back.clicked.connect(self.compare_requested)
        for words in (self._name, self._said):
            words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        form, told = QWidget(), QWidget()
        form.setLayout(row(self._name, self.codes, self.others, self._said, margins=(12, 0, 12, 0)))
        form.layout().insertWidget(2, self.because, 1)  # type: ignore[union-attr]
        said = row(margins=(12, 0, 12, 0))
        said.addWidget(self._hint, 1)
        said.addWidget(self._back)
        told.setLayout(said)
        self._pages = QStackedWidget()
        self._pages.addWidget(form)
        self._pages.addWidget(told)
        self.setLayout(row(self._pages))
        self.setFixedHeight(_HEIGHT_PX)

    @property
    def told(self) -> str:
        """What the bar says beside the lines, or in their place."""
        return self._hint.text() if self._pages.currentIndex() else self._said.text()

    @property
    def is_form(self) -> bool:
        """Whether a reason can be typed."""
        return self._pages.currentIndex() == 0

    def tell(self, words: Text, *, compare: bool = False) -> None:
        """Say something in the place of the lines: what to choose, or why nothing can be written."""
        self._reasons, self._others = {}, {}
        self._hint.setText(tr(words))
        self._back.setVisible(compare)
        self._pages.setCurrentIndex(1)

    def show_changes(
        self, name: str, changes: Sequence[FeatureChange], others: Sequence[FeatureChange], snapshot: Snapshot
    ) -> None:
        """Show the reason of some changes; `others` stand under the same number.

        What is being typed about the same changes stays.
        """
        reasons = {change.key: change.reason for change in changes}
        again = reasons.keys() == self._reasons.keys() and self.is_form
        typing = again and (self.codes.isModified() or self.because.isModified())
        self._others = {change.key: change.reason for change in others}
        self._know(snapshot)
        _fit(self._name, name)
        words = Text("也用于同号的 {n} 处", "The {n} others, too")
        self.others.setText(tr(words.format(n=len(others))))
        self.others.setToolTip(tr(_ALL))
        self.others.setVisible(bool(others))
        if not again:
            self.others.setChecked(False)
            self._say("")
        self._pages.setCurrentIndex(0)
        if typing:
            return
        self._reasons = reasons
        self._show_lines()

    def begin(self) -> None:
        """Put the cursor where a reason is typed."""
        if self.is_form:
            line = self.because if self.codes.text() and not self.because.text() else self.codes
            line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            line.selectAll()

    def _know(self, snapshot: Snapshot) -> None:
        self._known = asked_in(snapshot)
        waiting = open_codes(snapshot)
        waiting |= {code_of(comment.code) for comment in comments_of(snapshot) if not comment.closed}
        asked = sorted(self._known.items(), key=lambda item: (item[0] not in waiting, natural(item[0])))
        self.codes.know(asked)

    def _show_lines(self) -> None:
        said = list(self._reasons.values())
        codes = {reason.answers for reason in said}
        words = {reason.word_text for reason in said}
        for line, texts in ((self.codes, {", ".join(c) for c in codes}), (self.because, words)):
            line.setText(next(iter(texts)) if len(texts) == 1 else "")
            line.setModified(False)
            if len(texts) > 1:
                line.setPlaceholderText(tr(MANY))
        self._shown = self._typed()
        set_property(self.codes, "bad", "false")
        if len(codes) == 1 and len(words) == 1:
            self._words.apply()

    def _say(self, words: str, *, bad: bool = False) -> None:
        set_property(self._said, "role", "error" if bad else "soft")
        _fit(self._said, words)
        set_property(self.codes, "bad", "true" if bad else "false")

    def _finish(self) -> None:
        if (self.codes.isModified() or self.because.isModified()) and self._reasons:
            self._give()

    def _on_others(self) -> None:
        """Give what is written to the others at once, if there is anything to give."""
        if self.others.isChecked() and any(self._reasons.values()):
            self._give()

    def _give(self) -> None:
        """Check what is typed and pass it on."""
        typed = split_codes(self.codes.text())
        unknown = [code for code in typed if code not in self._known]
        if unknown:
            words = Text("没有编号 {c}", "There is no {c}").format(c=", ".join(unknown))
            self._say(tr(words), bad=True)
            return
        new = Rewording.between(self._shown, self._typed())
        given = dict.fromkeys(self._reasons, new)
        self._reasons = {key: new.of(reason) for key, reason in self._reasons.items()}
        if self.others.isChecked() and self.others.isVisibleTo(self):
            whole = self._shared() or self._typed()
            given |= dict.fromkeys(self._others, Rewording(whole.answers, (), whole.words or None))
        for line in (self.codes, self.because):
            line.setModified(False)
        self._shown = self._typed()
        self._say("")
        self.given.emit(given)

    def _typed(self) -> Reason:
        return Reason.of(self.codes.text(), self.because.text())

    def _shared(self) -> Reason | None:
        """Return the reason that all chosen changes have; None if they differ."""
        said = set(self._reasons.values())
        return said.pop() if len(said) == 1 else None

    def forget(self) -> None:
        """Show the changes anew when they come again: what was typed is not in the plan."""
        self._reasons = {}

    def show_kept(self) -> None:
        """Say that what was typed is in the plan."""
        self._say(tr("已保存", "Saved"))


def _fit(told: Elided, words: str) -> None:
    """Let a label say something in as much room as that takes, up to a bound."""
    told.setText(words)
    told.setFixedWidth(min(_MOST_PX, told.fontMetrics().horizontalAdvance(words) + 4) if words else 0)
