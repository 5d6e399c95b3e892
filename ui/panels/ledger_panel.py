"""The reason ledger: what was asked for, what was changed for it, or why not."""

from __future__ import annotations

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableView, QWidget

from gis.i18n import tr
from gis.revisions.ledger import Entry, Ledger
from gis.revisions.ledger_table import NOT_TOLD, deeds_told
from layers.changes import ChangeSet
from layers.text import Text
from ui.models.coordinates import roomy
from ui.models.words import plain
from ui.panels.filter_bar import FilterBar
from ui.panels.parts import EmptyState, Wording, button, column, dress_panel
from ui.session import Session
from ui.theme.tokens import theme

_HEADS = (
    Text("编号", "No."),
    Text("你提了什么", "What you said"),
    Text("我们改了什么", "What we changed"),
    Text("结果", "Outcome"),
    Text("答复", "Answer"),
)
_FILTERS = (
    ("", Text("全部", "All")),
    ("comment", Text("意见", "Comments")),
    ("spot", Text("问题点", "Spots")),
    ("silent", Text("尚无答复", "Not answered")),
)
_CODE_PX = 52
_SHARES = (0.21, 0.35, 0.13, 0.31)
"""How the columns of words share the width: answers are the longest."""
_SETTLE_MS = 800
_FITTED_ROWS = 200
_TALL_PX, _LOW_PX = 320, 30


class LedgerModel(QAbstractTableModel):
    """One row an entry: five columns of words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()

    def show(self, entries: tuple[Entry, ...]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return len(_HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_HEADS[section])
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _words(entry)[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        if role == Qt.ItemDataRole.ForegroundRole:
            silent = index.column() == 4 and not entry.is_told
            return QColor(theme().warning if silent else theme().text)
        return None


class LedgerPanel(QWidget):
    """The ledger of the working plan; read again when the plan has changed and the page is seen.

    Signals
    -------
    read_requested(), export_requested()
    """

    read_requested = pyqtSignal()
    export_requested = pyqtSignal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self.ledger: Ledger | None = None
        self._reading = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._model = LedgerModel(self)
        self._build()
        session.changed.connect(self._on_changed)
        for signal in (session.project_opened, session.revisions_changed, session.branches_changed):
            signal.connect(self._forget)
        session.language_changed.connect(self._fill)
        self._fill()

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The entries in the list."""
        return self._model.entries

    def take(self, ledger: Ledger) -> None:
        """Show a ledger."""
        self.ledger = ledger
        self._fill()

    def stop_waiting(self) -> None:
        """Say nothing more of reading: it has ended, one way or the other."""
        self._reading = False
        self._fill()

    def showEvent(self, a0: QShowEvent | None) -> None:
        """Read, if that was not done since the last edit."""
        super().showEvent(a0)
        self._ask()

    def _build(self) -> None:
        self._export = button("", "link", "export")
        self._words.bind(self._export.setText, Text("导出…", "Export…"))
        self._export.clicked.connect(self.export_requested)
        self.bar = FilterBar(self._words, _FILTERS, 0, [self._export])
        self.bar.changed.connect(self._fill)
        self._view = self._table()
        empty = EmptyState(
            "book-open",
            self._words,
            Text("台账还是空的", "The ledger is empty"),
            Text(
                "记下问题点和居民意见，并在修改的对象上填“回应问题”，这里就会列出谁提的、改了什么。",
                "Note problem spots and comments, and fill in what changed objects answer: this lists what "
                "was said and what was changed.",
            ),
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(self._view)
        self._pages.addWidget(empty)
        self.setLayout(column(self.bar, self._pages, spacing=0))

    def _table(self) -> QTableView:
        view = QTableView()
        view.setModel(self._model)
        view.setWordWrap(True)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        side, head = view.verticalHeader(), view.horizontalHeader()
        assert side is not None
        assert head is not None
        side.hide()
        head.setSectionResizeMode(len(_HEADS) - 1, QHeaderView.ResizeMode.Stretch)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        head.sectionResized.connect(lambda *_: self._fit_rows())
        view.clicked.connect(self._go)
        view.activated.connect(self._go)
        return view

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Share the width among the columns."""
        super().resizeEvent(a0)
        self._view.setColumnWidth(0, _CODE_PX)
        room = max(0, self.width() - _CODE_PX - 20)
        for at, share in enumerate(_SHARES[:-1], 1):
            self._view.setColumnWidth(at, round(room * share))

    def _fill(self) -> None:
        entries = self.ledger.entries if self.ledger is not None else ()
        shown = tuple(entry for entry in entries if self._keeps(entry))
        self._model.show(shown)
        self._fit_rows()
        silent = sum(not entry.is_told for entry in entries)
        words = tr("共 {n} 条，{s} 条尚无答复", "{n} in all, {s} not answered", n=len(entries), s=silent)
        reading = tr("正在读取…", "Reading…") if self._reading else ""
        self.bar.say(words if self.ledger is not None else reading)
        self._export.setEnabled(bool(entries))
        self._pages.setCurrentIndex(1 if self.ledger is not None and not entries else 0)

    def _fit_rows(self) -> None:
        """Give every row the height of its words; in a long ledger, all the same."""
        side = self._view.verticalHeader()
        if side is None:
            return
        if len(self._model.entries) > _FITTED_ROWS:
            side.setDefaultSectionSize(_LOW_PX)
            return
        for at in range(len(self._model.entries)):
            self._view.setRowHeight(at, max(_LOW_PX, min(_TALL_PX, self._view.sizeHintForRow(at) + 6)))

    def _keeps(self, entry: Entry) -> bool:
        wanted = self.bar.chosen
        if wanted == "silent" and entry.is_told:
            return False
        if wanted in ("comment", "spot") and (entry.role == "comment") != (wanted == "comment"):
            return False
        words = plain(" ".join(_words(entry)))
        return all(plain(word) in words for word in self.bar.text.split())

    def _go(self, index: QModelIndex) -> None:
        entry = self._model.entries[index.row()]
        snapshot = self._session.snapshot
        feature = snapshot.feature(entry.key) if snapshot is not None else None
        if feature is None:
            return
        self._session.select([entry.key])
        if feature.geometry is not None:
            self._session.zoom_requested.emit(roomy(feature.geometry.bounds))

    def _on_changed(self, changes: ChangeSet) -> None:
        if changes.features:
            self._forget()

    def _forget(self) -> None:
        self.ledger = None
        self._fill()
        if self.isVisible():
            self._settle.start()

    def _ask(self) -> None:
        if self.ledger is None and self.isVisible() and self._session.project is not None:
            self._reading = True
            self._fill()
            self.read_requested.emit()


def _words(entry: Entry) -> tuple[str, ...]:
    answer = entry.reply or (tr("见变更", "see the changes") if entry.deeds else tr(NOT_TOLD))
    return (entry.code, tr(entry.title), tr(deeds_told(entry)), tr(entry.standing), answer)
