"""The buttons over the map while revisions are played through."""

from __future__ import annotations

from collections import Counter

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QFrame, QWidget

from gis.i18n import tr
from gis.revisions.comparison import KIND_WORDS, SIGNS
from layers.text import Text
from ui.models.words import state_title
from ui.panels.parts import Wording, icon_button, label, row
from ui.playing import Player
from ui.session import Session
from ui.theme.icons import icon

_BOTTOM_PX, _ABOVE_SCALE_PX, _SCALE_BAR_PX = 18, 62, 260


class PlayBar(QFrame):
    """Back, play or pause, forward; where it is and what changed there; how fast; close."""

    def __init__(self, session: Session, player: Player, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("Popover")
        self._session, self._player, self._over = session, player, over
        words = Wording(session, self)
        self._back, self._play = icon_button("skip-back"), icon_button("pause", 22)
        self._forward, self._speed = icon_button("skip-forward"), icon_button("gauge")
        self._close = icon_button("x", 14)
        for made, tip, do in (
            (self._back, Text("上一版 ([)", "Revision before ([)"), lambda: player.step(-1)),
            (self._play, Text("播放或暂停 (F3)", "Play or pause (F3)"), player.toggle),
            (self._forward, Text("下一版 (])", "Next revision (])"), lambda: player.step(1)),
            (self._speed, Text("快慢 (Shift+F3)", "How fast (Shift+F3)"), player.faster),
            (self._close, Text("结束播放 (Esc)", "Stop playing (Esc)"), player.close),
        ):
            words.bind(made.setToolTip, tip)
            made.clicked.connect(lambda _=False, d=do: d())
        self._name, self._place, self._told = label("", "heading"), label("", "faint"), label("", "soft")
        self._rate = label("", "soft")
        line = row(self._back, self._play, self._forward, 4, margins=(8, 4, 8, 4), spacing=4)
        for words_of in (self._name, self._place, self._told):
            line.addWidget(words_of)
        line.addSpacing(6)
        for last in (self._speed, self._rate, self._close):
            line.addWidget(last)
        self.setLayout(line)
        # Wherever the keyboard is; a form that has its own Esc would make it ambiguous.
        stop = QShortcut(QKeySequence("Esc"), self)
        stop.activated.connect(player.close)
        stop.activatedAmbiguously.connect(player.close)
        over.installEventFilter(self)
        player.changed.connect(self.reload)
        session.language_changed.connect(self.reload)
        self.hide()

    def reload(self) -> None:
        """Say where the player is."""
        player = self._player
        self.setVisible(player.active)
        if not player.active:
            return
        self._play.setIcon(icon("pause" if player.playing else "play"))
        self._back.setEnabled(player.at > 0)
        self._forward.setEnabled(player.at + 1 < len(player.line))
        if 0 <= player.at < len(player.line):
            self._name.setText(tr(state_title(player.line[player.at])))
            self._place.setText(f"{player.at + 1} / {len(player.line)}")
        self._told.setText(self._changes())
        self._rate.setText(f"{player.speed:g}×")
        self.adjustSize()
        self._stand()
        self.raise_()

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is not None and a1.type() == QEvent.Type.Resize:
            self._stand()
        return False

    def _changes(self) -> str:
        comparison = self._session.comparison
        if comparison is None:
            return tr("最初的一版", "the first one")
        counted = Counter(change.kind for change in comparison.changes)
        parts = [f"{SIGNS[kind]} {tr(KIND_WORDS[kind])} {counted[kind]}" for kind in SIGNS if counted[kind]]
        return "   ".join(parts) or tr("与前一版没有差异", "no difference from the one before")

    def _stand(self) -> None:
        room = self._over.size()
        width = min(self.sizeHint().width(), room.width() - 16)
        left = (room.width() - width) // 2
        bottom = _BOTTOM_PX if left > _SCALE_BAR_PX else _ABOVE_SCALE_PX
        self.setGeometry(left, room.height() - self.height() - bottom, width, self.height())
