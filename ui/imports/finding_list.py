"""Findings of an import, in groups of those that say the same; choosing one tells where it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from PyQt6.QtCore import QModelIndex, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QIcon, QKeyEvent, QKeySequence, QResizeEvent
from PyQt6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem

from gis.i18n import tr
from layers.errors import Finding
from ui.models.window_words import window_words
from ui.panels.batches import Batches
from ui.theme.icons import icon
from ui.theme.tokens import theme

Wanted: TypeAlias = Callable[[Finding, str], bool]
"""Whether a finding, and the words that are shown of it, is to be listed."""

_MARKS: Final = {"error": ("x-circle", "danger"), "warning": ("warning", "warning"), "info": ("info", "info")}
_ORDER: Final = {"error": 0, "warning": 1, "info": 2}
_VARIES: Final = re.compile(r"“[^”]{0,200}”|-?\d[\d,.]*")
"""What differs where the same is said of several records."""
_EDGE_PX: Final = 4
_LEAST_PX, _HIGHEST_PX = 80, 2000
_FEWEST: Final = 4
_MOST: Final = 500
_MOST_INSIDE: Final = 2000


class _Wrapping(QStyledItemDelegate):
    """Makes lines as high as their words need at the width of the list; a tree would cut them off."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        tree, viewport = self._tree, self._tree.viewport()
        depth = 2 if index.parent().isValid() else 1
        taken = depth * tree.indentation() + 2 * _EDGE_PX
        taken += tree.iconSize().width() + _EDGE_PX if depth == 1 else 0
        width = (viewport.width() if viewport is not None else 0) - taken
        room = QRect(0, 0, max(width, _LEAST_PX), _HIGHEST_PX)
        words = str(index.data() or "")
        height = option.fontMetrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), words).height()
        return QSize(width, max(height, tree.iconSize().height()) + 2 * _EDGE_PX)


class _Line(QTreeWidgetItem):
    """One finding, or all of a group."""

    def __init__(self, words: str, held: Sequence[Finding]) -> None:
        super().__init__([words])
        self.held = held


class FindingList(QTreeWidget):
    """Errors first, then warnings, then notes; long lists fill in turns.

    Signals
    -------
    finding_chosen(Finding)
    filled()
        Everything is listed.
    """

    finding_chosen = pyqtSignal(object)
    filled = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.sheets: frozenset[str] = frozenset()
        """Names of the files whose records are known by their rows."""
        self.listed: tuple[Finding, ...] = ()
        """What is listed, in groups or not."""
        self._of: Sequence[Finding] = ()
        self._words: dict[int, str] = {}
        self._filling, self._opening = Batches(self), Batches(self)
        self.setHeaderHidden(True)
        self.setWordWrap(True)
        self.setIndentation(16)
        self.setIconSize(QSize(16, 16))
        self.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Wrapping(self))
        self.currentItemChanged.connect(lambda now, _: self._choose(now))
        self.itemExpanded.connect(lambda item: self._opening.begin(self._fill_group(item)))

    def show_findings(self, findings: Sequence[Finding], wanted: Wanted | None = None) -> None:
        """List findings, or those of them that are wanted."""
        if findings is not self._of:
            self._of, self._words = findings, {}
        self._opening.cancel()
        self.clear()
        self.listed = ()
        self._filling.begin(self._fill(findings, wanted))

    def words_of(self, finding: Finding) -> str:
        """Return what is shown of a finding that is listed."""
        words = self._words.get(id(finding))
        if words is None:
            words = finding_words(finding, in_sheet=finding.file in self.sheets)
            self._words[id(finding)] = words
        return words

    @property
    def selected(self) -> tuple[Finding, ...]:
        """The findings that are marked, from top to bottom; of a marked group all."""
        marked: dict[int, Finding] = {}
        for item in self.selectedItems():
            marked |= {id(finding): finding for finding in _held(item)}
        return tuple(sorted(marked.values(), key=_turn))

    def resizeEvent(self, e: QResizeEvent | None) -> None:
        """Let the lines wrap at the new width."""
        super().resizeEvent(e)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Copy the marked lines as text; Qt would copy one only."""
        clipboard = QGuiApplication.clipboard()
        if event is not None and clipboard is not None and event.matches(QKeySequence.StandardKey.Copy):
            clipboard.setText("\n".join(map(self.words_of, self.selected)))
            return
        super().keyPressEvent(event)

    def _fill(self, findings: Sequence[Finding], wanted: Wanted | None) -> Iterator[None]:
        groups: dict[tuple[int, str, str | None, str], list[Finding]] = {}
        for finding in findings:
            if wanted is None or wanted(finding, self.words_of(finding)):
                alike = _VARIES.sub("…", finding.message.zh)
                key = _ORDER[finding.severity], finding.code, finding.field, alike
                groups.setdefault(key, []).append(finding)
            yield
        icons = {name: icon(glyph, getattr(theme(), tone)) for name, (glyph, tone) in _MARKS.items()}
        parts: list[list[Finding]] = []
        for members in groups.values():
            members.sort(key=_turn)
            parts += [members] if len(members) >= _FEWEST else [[finding] for finding in members]
            yield
        parts.sort(key=lambda part: _turn(part[0]))
        self.listed = tuple(finding for part in parts for finding in part)
        for part in parts[:_MOST]:
            self.addTopLevelItem(self._line(part, icons[part[0].severity]))
            yield
        if len(parts) > _MOST:
            self.addTopLevelItem(_rest(sum(map(len, parts[_MOST:]))))
        self.filled.emit()

    def _line(self, part: list[Finding], mark: QIcon) -> QTreeWidgetItem:
        item = _Line(self.words_of(part[0]) if len(part) == 1 else _heading(part), part)
        item.setIcon(0, mark)
        if len(part) > 1:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _fill_group(self, group: QTreeWidgetItem) -> Iterator[None]:
        members = _held(group)
        if group.childCount():
            return
        for finding in members[:_MOST_INSIDE]:
            group.addChild(_Line(self.words_of(finding), [finding]))
            yield
        if len(members) > _MOST_INSIDE:
            group.addChild(_rest(len(members) - _MOST_INSIDE))

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        held = _held(item) if item is not None else ()
        if len(held) == 1:
            self.finding_chosen.emit(held[0])


def _held(item: QTreeWidgetItem) -> Sequence[Finding]:
    """Return the findings that a line stands for."""
    return item.held if isinstance(item, _Line) else ()


def _rest(count: int) -> QTreeWidgetItem:
    words = tr(
        "……另有 {n} 条，可在“导入记录和发现”中筛选和导出",
        "… and {n} more; see them under Imports and findings",
        n=f"{count:,}",
    )
    return QTreeWidgetItem([words])


def _heading(part: Sequence[Finding]) -> str:
    """Return what a group says: the words of all, with a dash where they differ, and how many there are."""
    first = part[0]
    words = tr(window_words(first.message))
    if any(finding.message != first.message for finding in part):
        words = _VARIES.sub("…", words)
    where = f"“{first.field}”{tr('：', ': ')}" if first.field else ""
    return tr("{w}（{n} 条）", "{w} ({n})", w=where + words, n=f"{len(part):,}")


def _turn(finding: Finding) -> tuple[int, int]:
    """Return what comes first: errors, then the earlier record; what is about the whole file leads."""
    return _ORDER[finding.severity], finding.record if isinstance(finding.record, int) else 0


def finding_words(finding: Finding, *, in_sheet: bool = False) -> str:
    """Return a finding as one sentence with its place: the number of a record, or of a row of a sheet."""
    places = []
    if isinstance(finding.record, int) and in_sheet:
        places.append(tr("表格第 {n} 行", "row {n} of the sheet", n=finding.record))
    elif isinstance(finding.record, int):
        places.append(tr("第 {n} 条", "record {n}", n=finding.record))
    elif finding.record is not None:
        places.append(str(finding.record))
    if finding.field:
        places.append(f"“{finding.field}”")
    where = tr("，", ", ").join(places)
    words = tr(window_words(finding.message))
    return f"{where}{tr('：', ': ')}{words}" if where else words
