"""One conflict of a merge: the common value, ours and theirs, each to be seen on the map."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QToolButton, QWidget

from gis.i18n import tr
from gis.revisions.comparison import KIND_WORDS, FeatureChange
from gis.revisions.merge import Conflict, Side
from layers.revision import WORKING
from layers.text import Text
from ui.models.merge_words import conflict_words, with_value
from ui.models.setting_words import is_seen
from ui.models.words import change_words
from ui.panels.parts import button, clear, column, label, row, segment
from ui.session import PREVIEW, Beside, Session

_SIDES: tuple[tuple[str, Text], ...] = (
    ("base", Text("共同起点", "Before")),
    ("ours", Text("本方", "Ours")),
    ("theirs", Text("对方", "Theirs")),
)


class ConflictCard(QWidget):
    """Shows what is chosen in the list of a merge.

    Signals
    -------
    decided(Conflict, str)
        ``"ours"`` or ``"theirs"``.
    """

    decided = pyqtSignal(object, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("PanelBody")
        self._session = session
        self._column = column(margins=(14, 10, 14, 10), spacing=8)
        self.setLayout(self._column)
        self.looks: dict[str, QToolButton] = {}

    def show_nothing(self) -> None:
        """Show an empty card."""
        self._begin()
        if self._session.view == PREVIEW:
            self._session.show_working()

    def show_words(self, words: Text) -> None:
        """Show a finding."""
        self._begin()
        self._column.addWidget(label(tr(words), wrap=True))
        self._column.addStretch(1)

    def show_change(self, change: FeatureChange) -> None:
        """Show what comes in without asking."""
        self._begin()
        self._column.addWidget(label(f"{tr(change.layer_title)}  {tr(change.name)}", "heading", wrap=True))
        detail = tr(change_words(change))
        words = tr(KIND_WORDS[change.kind]) + (f"  {detail}" if detail else "")
        self._column.addWidget(label(words, wrap=True))
        hint = Text("只有对方改过，直接并入。", "Only they changed it: it comes in as it is.")
        self._column.addWidget(label(tr(hint), "soft", wrap=True))
        self._column.addStretch(1)

    def show_conflict(self, conflict: Conflict, side: Side | None) -> None:
        """Show the three values of a conflict, and what was decided."""
        project = self._session.project
        clear(self._column)
        self.looks = {}
        if project is None:
            return
        words = conflict_words(conflict, project.snapshot)
        self._column.addWidget(label(f"{tr(words.name)}  ·  {tr(words.cell)}", "heading", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        group = QButtonGroup(self)
        for at, (name, title) in enumerate(_SIDES):
            grid.addWidget(self._value_card(conflict, name, title, getattr(words, name), group, side), 0, at)
            grid.setColumnStretch(at, 1)
        self._column.addLayout(grid)
        self._column.addStretch(1)
        if _shows(conflict):
            self._look(conflict, "theirs")
        elif self._session.view == PREVIEW:
            self._session.show_working()

    def _value_card(
        self, conflict: Conflict, name: str, title: Text, value: Text, group: QButtonGroup, side: Side | None
    ) -> QWidget:
        card = QFrame()
        card.setObjectName("Card")
        card.setProperty("chosen", name == side)
        inner = column(label(tr(title), "section"), margins=(10, 8, 10, 8), spacing=6)
        said = label(tr(value), wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inner.addWidget(said, 1)
        acts = row(spacing=4)
        if name != "base":
            take = button(
                tr("已采用", "Taken") if name == side else tr("采用", "Take"),
                "primary" if name == side else "",
            )
            take.clicked.connect(lambda: self.decided.emit(conflict, name))
            acts.addWidget(take)
        if _shows(conflict):
            look = segment(tr("看图", "Map"))
            look.setToolTip(
                tr("只看本方的图", "See ours alone on the map")
                if name == "ours"
                else tr("在地图上与本方对照", "See it on the map beside ours")
            )
            look.setChecked(name == "theirs")
            look.clicked.connect(lambda: self._look(conflict, name))
            group.addButton(look)
            self.looks[name] = look
            acts.addWidget(look)
        acts.addStretch(1)
        inner.addLayout(acts)
        card.setLayout(inner)
        return card

    def _look(self, conflict: Conflict, name: str) -> None:
        """Show one of the values on the map, beside ours; ours alone if it is that."""
        project, titles = self._session.project, dict(_SIDES)
        if project is None:
            return
        ours = project.snapshot
        if name == "ours":
            self._session.show_working()
        else:
            beside = Beside(WORKING, ours, titles["ours"], titles[name])
            seen = with_value(ours, conflict, getattr(conflict, name))
            self._session.preview(seen, titles[name], beside)
        if conflict.key is not None:
            self._session.select([conflict.key])

    def _begin(self) -> None:
        clear(self._column)
        self.looks = {}


def _shows(conflict: Conflict) -> bool:
    """Tell whether the map can show the sides of a conflict."""
    return conflict.key is not None or is_seen(conflict.cell)
