"""Messages over the map: what happened, what to do next, and how far long work is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QKeyEvent, QRegion
from PyQt6.QtWidgets import QAbstractButton, QBoxLayout, QFrame, QLayout, QProgressBar, QWidget

from gis.i18n import tr
from layers.text import Text
from ui.edit_queue import Job
from ui.models.offer import Offer
from ui.models.window_words import window_words
from ui.panels.parts import Glyph, button, column, icon_button, label, later, row
from ui.session import Session
from ui.tasks import Task, Tasks

_GLYPHS = {"info": "info", "success": "check-circle", "warning": "warning", "error": "warning-octagon"}
_TONES = {"info": "info", "success": "success", "warning": "warning", "error": "danger"}
_STAY_MS = {"info": 6000, "success": 6000, "warning": 12000, "error": 0}
_WIDEST = 540
_MARGIN_PX, _TOP_PX, _GAP_PX = 16, 8, 6
_TASK_PX = 420
_AROUND_PX = 84
"""What stands beside the words of a message: its sign, its cross, and room between."""
_BORDER_PX = 2
"""The lines at both sides, which the style draws inside a card."""
_MOST = 3
_WITH_ACTS = 4
_PATIENCE_MS = 350


class Card(QFrame):
    """What all cards share: they are as wide as asked for and as high as their words need."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("Message")

    def fit(self, room_px: int) -> None:
        """Take as much of a width as there is use for."""
        self.take(min(_TASK_PX, room_px))

    def take(self, width_px: int) -> None:
        """Be so wide, and as high as that needs."""
        inner = self.layout()
        assert inner is not None, "every card is laid out"
        for part in (
            inner,
            *inner.findChildren(QLayout),
        ):  # words not shown yet do not tell that they changed
            part.invalidate()
        needed = inner.totalHeightForWidth(width_px) if inner.hasHeightForWidth() else -1
        height = max(needed, inner.totalMinimumSize().height())
        self.setFixedSize(width_px, height + 2 * self.frameWidth() + _BORDER_PX)


class MessageCard(Card):
    """One message; goes by itself unless it is an error or a question, later if it has buttons.

    It covers no more of the map than its words need: one line if there is room. Tab leads from the map to
    its buttons; Esc takes it away. Whichever ends it, the map has the keyboard.

    Attributes
    ----------
    buttons : list of QAbstractButton
        In the order of Tab.
    """

    def __init__(self, offer: Offer, home: QWidget) -> None:
        super().__init__()
        self._home = home
        self.buttons: list[QAbstractButton] = []
        self.setProperty("level", offer.level)
        self.offer = offer
        self._said = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._words = [label(tr(window_words(offer.what)))]
        self._words[0].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if window_words(offer.advice).zh:
            self._words.append(label(tr(window_words(offer.advice)), "soft"))
        for part in self._words:
            self._said.addWidget(part)
        if offer.acts:
            self._said.addLayout(self._acts())
        close = icon_button("x", 14)
        close.setToolTip(tr("关闭", "Close"))
        close.setAccessibleName(tr("关闭", "Close"))
        close.clicked.connect(self.leave)
        self.buttons.append(close)
        self._beside = (Glyph(_GLYPHS[offer.level], 18, _TONES[offer.level]), close)
        self._line = row(margins=(12, 3, 4, 3), spacing=10)
        self._line.addWidget(self._beside[0])
        self._line.addLayout(self._said, 1)
        self._line.addWidget(close)
        self.setLayout(self._line)
        stay = 0 if offer.waits else _STAY_MS[offer.level] * (_WITH_ACTS if offer.acts else 1)
        if stay:
            later(self, stay, self.leave)

    def leave(self) -> None:
        """Go, and give the keyboard back if it was here."""
        if any(button.hasFocus() for button in self.buttons):
            self._home.setFocus()
        self.deleteLater()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        if a0 is not None and a0.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(a0)

    def fit(self, room_px: int) -> None:
        """Say it in one line if there is room, else in as few as there may be."""
        room = min(room_px, _WIDEST)
        self._lay_out(one_line=True)
        natural = self._line.sizeHint().width() + 2 * self.frameWidth() + _BORDER_PX
        if natural > room:
            self._lay_out(one_line=False)
            widest = max(part.fontMetrics().horizontalAdvance(part.text()) for part in self._words)
            natural = max(self._line.minimumSize().width(), widest + _AROUND_PX)
        self.take(min(natural, room))

    def _lay_out(self, *, one_line: bool) -> None:
        way, place = QBoxLayout.Direction, Qt.AlignmentFlag
        self._said.setDirection(way.LeftToRight if one_line else way.TopToBottom)
        self._said.setSpacing(12 if one_line else 2)
        self._said.setContentsMargins(0, 4, 0, 4)
        for part in self._words:
            part.setWordWrap(not one_line)
        for beside in self._beside:
            self._line.setAlignment(beside, place.AlignVCenter if one_line else place.AlignTop)

    def _acts(self) -> QBoxLayout:
        acts = row(spacing=6)
        for title, do in self.offer.acts:
            act = button(tr(title))
            act.clicked.connect(lambda _=False, d=do: self._do(d))
            acts.addWidget(act)
            self.buttons.append(act)
        acts.addStretch(1)
        return acts

    def _do(self, act: Callable[[], None]) -> None:
        self.leave()
        act()


class TaskCard(Card):
    """Long work under way, with its progress and a way to stop it."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self._title = label(tr(task.title))
        self._doing = label("", "soft")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._cancel = button(tr("取消", "Cancel"))
        self._cancel.clicked.connect(lambda: self._stop(task))
        task.progressed.connect(self._on_progress)
        said = column(self._title, self._bar, self._doing, spacing=4)
        line = row(margins=(12, 8, 10, 8), spacing=12)
        line.addWidget(Glyph("hourglass", 18, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(said, 1)
        line.addWidget(self._cancel)
        self.setLayout(line)

    def _on_progress(self, fraction: float, doing: Text) -> None:
        self._bar.setRange(0, 100)
        self._bar.setValue(round(fraction * 100))
        self._doing.setText(f"{tr(doing)}  {fraction:.0%}")

    def _stop(self, task: Task) -> None:
        task.cancel()
        self._cancel.setEnabled(False)
        self._doing.setText(tr("正在停止…", "Stopping…"))


class EditCard(Card):
    """An edit that takes its time, and how many wait behind it."""

    def __init__(self, job: Job, behind: int) -> None:
        super().__init__()
        self._job = job
        words = tr("正在保存：{what}", "Saving: {what}", what=tr(job.label))
        more = tr("一步完成；可以继续工作。", "Done in one step. You can go on working.")
        if job.stoppable and not job.lasting:
            more = tr(
                "一步完成，完成后可以撤销；可以继续工作。",
                "Done in one step, which can be undone afterwards. You can go on working.",
            )
        if behind:
            more = tr("还有 {n} 步排在后面。", "{n} more wait behind it.", n=behind)
        self._more = label(more, "soft", wrap=True)
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, 0)
        line = row(margins=(12, 8, 10, 8), spacing=12)
        line.addWidget(Glyph("hourglass", 18, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(column(label(words, wrap=True), bar, self._more, spacing=4), 1)
        self._cancel = button(tr("取消", "Cancel"))
        self._cancel.clicked.connect(self._stop)
        if job.stoppable:
            line.addWidget(self._cancel)
        self.setLayout(line)
        if job.stopped:
            self._stop()

    def _stop(self) -> None:
        """Stop what is being done; all of it is taken back."""
        self._job.stop()
        self._cancel.setEnabled(False)
        self._more.setText(tr("正在停止，一切保持原样…", "Stopping; everything stays as it was…"))


class MessageBar(QWidget):
    """A column of cards at the top of the map; clicks beside them reach the map."""

    def __init__(self, session: Session, tasks: Tasks, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._tasks: dict[Task, TaskCard] = {}
        self._edit: EditCard | None = None
        self._waiting: tuple[Job, int] | None = None
        self._shown: list[Card] = []
        session.message.connect(lambda what, level, advice: self.show_offer(Offer(what, level, advice, ())))
        session.offered.connect(self.show_offer)
        session.changed.connect(self._on_changed)
        session.viewed.connect(self.drop_passing)
        session.selection_changed.connect(self.drop_refusals)
        tasks.started.connect(self._on_started)
        tasks.stopped.connect(self._on_stopped)
        session.edits.waited_for.connect(self._on_edit_waited)
        session.edits.emptied.connect(self._on_edits_done)
        over.installEventFilter(self)
        self.hide()

    @property
    def cards(self) -> list[MessageCard]:
        """The messages on screen, oldest first."""
        return [card for card in self._shown if isinstance(card, MessageCard)]

    def show_offer(self, offer: Offer) -> None:
        """Show a message; the same words are not shown twice, and old ones make room."""
        for card in self.cards:
            if card.offer.what == offer.what:
                self._drop(card)
        for card in self.cards[: -(_MOST - 1)]:
            self._drop(card)
        home = self._over.focusProxy() or self._over
        card = MessageCard(offer, home)
        self._add(card)
        for before, after in pairwise((home, *card.buttons)):
            QWidget.setTabOrder(before, after)

    def drop_passing(self) -> None:
        """Take away what was said about the tool, the layer or the state in use: one of them is another."""
        self._drop_all(lambda offer: offer.passing)

    def drop_refusals(self) -> None:
        """Take away what was refused for what was selected: something else is."""
        self._drop_all(lambda offer: offer.refusal)

    def _on_changed(self) -> None:
        """Take away what was wrong before: work went on. What offers a way on stays, unless of a step."""
        self._drop_all(lambda o: o.of_step or o.refusal or (o.level == "error" and not o.acts))

    def clear(self) -> None:
        """Take all messages away."""
        self._drop_all(lambda _: True)

    def _drop_all(self, which: Callable[[Offer], bool]) -> None:
        """Take messages away; where they were, clicks reach the map."""
        gone = [card for card in self.cards if which(card.offer)]
        for card in gone:
            self._drop(card)
        if gone:
            self._place()

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is not None and a1.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _add(self, card: Card) -> None:
        card.setParent(self)
        self._shown.append(card)
        card.destroyed.connect(lambda: self._on_gone(card) if not sip.isdeleted(self) else None)
        self._place()

    def _drop(self, card: Card) -> None:
        self._shown.remove(card)
        if isinstance(card, MessageCard):
            card.leave()
        card.hide()
        card.deleteLater()

    def _on_gone(self, card: Card) -> None:
        """Close the gap that a card left which went by itself."""
        if card in self._shown:
            self._shown.remove(card)
            self._place()

    def _place(self) -> None:
        """Put the cards below one another; beside them, the map takes the clicks."""
        for card in self._shown:
            card.fit(self._over.width() - 2 * _MARGIN_PX)
        width = max((card.width() for card in self._shown), default=1)
        height, covered = 0, QRegion()
        for card in self._shown:
            card.move((width - card.width()) // 2, height)
            card.show()
            covered += QRegion(card.geometry())
            height += card.height() + _GAP_PX
        self.setGeometry((self._over.width() - width) // 2, _TOP_PX, width, max(1, height))
        self.setMask(covered)
        self.setVisible(bool(self._shown))
        self.raise_()

    def _on_started(self, task: Task) -> None:
        """Show long work; what is done at once shows nothing."""
        if not task.quiet:
            later(self, _PATIENCE_MS, lambda: self._show_task(task))

    def _show_task(self, task: Task) -> None:
        if task.under_way:
            self._tasks[task] = TaskCard(task)
            self._add(self._tasks[task])

    def _on_stopped(self, task: Task) -> None:
        card = self._tasks.pop(task, None)
        if card is not None:
            self._drop(card)
            self._place()

    def _on_edit_waited(self, job: Job, behind: int) -> None:
        """Show a long edit; the card follows what is being done."""
        first, self._waiting = self._waiting is None, (job, behind)
        if self._edit is not None:
            self._show_edit()
        elif first:
            later(self, _PATIENCE_MS, self._show_edit)

    def _show_edit(self) -> None:
        if self._edit is not None:
            self._drop(self._edit)
            self._edit = None
        if self._waiting is not None:
            self._edit = EditCard(*self._waiting)
            self._add(self._edit)

    def _on_edits_done(self) -> None:
        self._waiting = None
        if self._edit is not None:
            self._show_edit()
            self._place()
