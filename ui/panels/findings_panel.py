"""What a check of the plan found: by severity and rule, a click leads to the place."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QFont, QShowEvent
from PyQt6.QtWidgets import QAbstractItemView, QStackedWidget, QTreeWidget, QTreeWidgetItem, QWidget

from gis.i18n import tr
from layers.changes import ChangeSet
from layers.errors import Finding
from layers.feature import Feature
from layers.reason import key_of_record
from layers.revision import WORKING
from layers.text import Text, same
from ui.models.coordinates import roomy
from ui.models.words import number_words, state_title
from ui.panels.parts import Elided, EmptyState, Wording, button, column, dress_panel, row, segment
from ui.plan_check import SEVERITIES, Findings, PlanCheck, counted
from ui.session import PREVIEW, Session
from ui.theme.appearance import base_font
from ui.theme.icons import icon
from ui.theme.tokens import theme

FINDING = Qt.ItemDataRole.UserRole
UNEXPLAINED = "rules.change-unexplained"
"""The rule whose findings are put right in the list of changes."""
_SETTLE_MS = 1200
_MOST_ROWS = 300
_LONG_M, _AROUND_M = 80.0, 60.0
_GLYPHS = {
    "error": ("warning-octagon", "danger"),
    "warning": ("warning", "warning"),
    "info": ("info", "info"),
}


class FindingsPanel(QWidget):
    """The findings of the state on screen. While it is seen it follows every edit.

    Signals
    -------
    count_changed(int)
        Errors and warnings.
    reason_requested(str, object)
        A change of a state (its label) has no reason: the key of a feature of it.
    """

    count_changed = pyqtSignal(int)
    reason_requested = pyqtSignal(str, object)

    def __init__(self, session: Session, check: PlanCheck) -> None:
        super().__init__()
        dress_panel(self)
        self._session, self._check = session, check
        self._words = Wording(session, self)
        self.findings: Findings | None = None
        self._label = WORKING
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.check)
        self._build()
        session.changed.connect(self._on_changed)
        for signal in (session.project_opened, session.viewed, session.revisions_changed):
            signal.connect(self._on_viewed)
        session.language_changed.connect(self._fill)
        self._fill()

    @property
    def tree(self) -> QTreeWidget:
        """The list, for those who drive it."""
        return self._tree

    def check(self) -> None:
        """Look at the state on screen now."""
        self._settle.stop()
        view = self._session.view
        self._label = label = WORKING if view == PREVIEW else view
        if self._session.project is None:
            self._take(label, None)
            return
        self._again.setEnabled(False)
        self._state.setText(tr("正在检查…", "Checking…"))
        task = self._check.run(label, lambda found: self._take(label, found))
        if task is not None:
            task.ended.connect(lambda *_: self._again.setEnabled(True))

    def showEvent(self, a0: QShowEvent | None) -> None:
        """Look, if that was not done since the last edit."""
        super().showEvent(a0)
        if self.findings is None:
            self.check()

    def _build(self) -> None:
        self._filters = {code: segment() for code, _ in SEVERITIES}
        for one in self._filters.values():
            one.setChecked(True)
            one.toggled.connect(self._fill)
        self._state = Elided("soft")
        self._again = button("", "link", "arrow-clockwise")
        self._words.bind(self._again.setText, Text("重新检查", "Check again"))
        self._again.clicked.connect(self.check)
        bar = row(*self._filters.values(), 8, spacing=4, margins=(12, 6, 8, 6))
        bar.addWidget(self._state, 1)
        bar.addWidget(self._again)
        self._tree = QTreeWidget()
        self._tree.setHeaderHidden(True)
        self._tree.setIndentation(16)
        self._tree.setUniformRowHeights(True)
        self._tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._tree.itemClicked.connect(self._go)
        self._tree.itemActivated.connect(self._go)
        nothing = EmptyState(
            "check-circle",
            self._words,
            Text("没有发现问题", "Nothing was found"),
            Text(
                "每处修改都有理由，问题点和意见都有回应，图形没有错误。",
                "Every change has a reason, spots and comments are answered, and the shapes are sound.",
            ),
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(self._tree)
        self._pages.addWidget(nothing)
        whole = column(spacing=0)
        whole.addLayout(bar)
        whole.addWidget(self._pages, 1)
        self.setLayout(whole)

    def _take(self, label: str, found: Findings | None) -> None:
        if label == self._label:
            self.findings = found
            self._again.setEnabled(True)
            self._fill()

    def _fill(self) -> None:
        found = self.findings or ()
        counts = counted(found)
        for code, words in SEVERITIES:
            self._filters[code].setText(f"{tr(words)} {counts[code]}")
        self._state.setText(
            tr("检查了{l}", "{l} was checked", l=state_title(self._label))
            if self.findings is not None
            else ""
        )
        self._tree.clear()
        shown = [f for f in found if self._filters[f.severity].isChecked()]
        for code in dict.fromkeys(f.code for f in shown):
            self._add_rule(code, [f for f in shown if f.code == code])
        self._pages.setCurrentIndex(1 if self.findings is not None and not found else 0)
        self.count_changed.emit(counts["error"] + counts["warning"])

    def _add_rule(self, code: str, found: list[Finding]) -> None:
        from gis.rules.registry import all_rules  # late: nobody has looked before the first check

        title = next((rule.title for rule in all_rules() if rule.code == code), same(code))
        words = tr(title)
        head = QTreeWidgetItem([f"{words[:1].upper()}{words[1:]}  {len(found)}"])
        head.setFont(0, base_font(weight=QFont.Weight.DemiBold))
        glyph, tone = _GLYPHS[found[0].severity]
        head.setIcon(0, icon(glyph, getattr(theme(), tone)))
        self._tree.addTopLevelItem(head)
        for finding in found[:_MOST_ROWS]:
            number, gap, rest = tr(finding.message).partition(" ")
            words = tr(number_words(number)) + gap + rest
            item = QTreeWidgetItem([words])
            item.setData(0, FINDING, finding)
            item.setToolTip(0, words)
            head.addChild(item)
        if len(found) > _MOST_ROWS:
            head.addChild(QTreeWidgetItem([tr("……还有 {n} 处", "… {n} more", n=len(found) - _MOST_ROWS)]))
        head.setExpanded(True)

    def _go(self, item: QTreeWidgetItem) -> None:
        """Select what a finding is about, and show its place: what is gone has one, too."""
        finding: Finding | None = item.data(0, FINDING)
        snapshot = self._session.snapshot
        if finding is None or snapshot is None:
            return
        key = (finding.layer, finding.uid) if finding.layer and finding.uid else None
        feature = snapshot.feature(key) if key is not None else None
        self._session.select([key] if key is not None and feature is not None else [])
        box = _box_of(finding, feature)
        if box is not None:
            self._session.zoom_requested.emit(box)
        if key is not None and finding.code == UNEXPLAINED:
            self.reason_requested.emit(self._label, key)
        elif box is None and feature is not None:
            words = Text(
                "这个对象在图上没有位置，属性在右侧。", "It has no place on the map; see its properties."
            )
            self._session.tell(words)
        elif box is None:
            words = Text("这个对象在图上已不存在。", "That object is no longer on the map.")
            self._session.tell(words)

    def _on_changed(self, changes: ChangeSet) -> None:
        if changes.features or any(map(key_of_record, changes.settings)):
            self._forget()

    def _on_viewed(self) -> None:
        if self._label != self._session.view or self._session.view != PREVIEW:
            self._forget()

    def _forget(self) -> None:
        self.findings = None
        if self.isVisible():
            self._settle.start()
        else:
            self.count_changed.emit(0)


def _box_of(finding: Finding, feature: Feature | None) -> tuple[float, float, float, float] | None:
    """Return what to show of a finding: its object, or of a long one the place that is meant."""
    shape = feature.geometry if feature is not None else None
    if shape is not None and not shape.is_empty:
        west, south, east, north = shape.bounds
        if finding.place is None or max(east - west, north - south) <= _LONG_M:
            return roomy((west, south, east, north))
    if finding.place is None:
        return None
    east, north = finding.place
    return roomy((east, north, east, north), _AROUND_M)
