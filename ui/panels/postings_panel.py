"""The posting record: what was made public, of which revision, and whether it still holds."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontDatabase, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gis.disk_words import disk_words
from gis.i18n import tr
from gis.progress import Progress
from gis.revisions.posting_table import days_told, still_hanging
from layers.errors import StorageError
from layers.posting import Board, Posting
from layers.text import Text
from ui.models.postings import PostingRow, rows_of
from ui.models.words import moment_words, state_title
from ui.panels.parts import Elided, EmptyState, Wording, button, column, dress_panel, row
from ui.session import Session
from ui.tasks import Tasks
from ui.theme.icons import icon
from ui.theme.tokens import theme

ROW = Qt.ItemDataRole.UserRole
BOARD = Qt.ItemDataRole.UserRole + 1
_HEADS = (
    Text("版次", "Revision"),
    Text("形式", "Form"),
    Text("文件", "File"),
    Text("面向", "For"),
    Text("发布时间", "Made on"),
    Text("现状", "Standing"),
    Text("对比", "Compared with"),
    Text("文件指纹 SHA-256", "SHA-256"),
)
_FILE, _HASH = 2, 7
_SPARED = (7, 6, 3, 1)
"""Columns that go, in this order, where there is no room for all."""
_FILE_PX, _HASH_PX, _EDGE_PX, _MOST_PX = 150, 150, 18, 220
_SHOWN_DIGITS = 16
_BLOCK = 1 << 20
_ROW_PX = 28


class PostingsPanel(QWidget):
    """The list of postings, latest first.

    Signals
    -------
    view_requested(str)
        A revision.
    publish_requested(), export_requested()
    board_requested(Posting, Board or None)
        Note where a posting hangs, or change what is noted.
    removal_requested(Posting, Board)
    """

    view_requested = pyqtSignal(str)
    publish_requested = pyqtSignal()
    export_requested = pyqtSignal()
    board_requested = pyqtSignal(object, object)
    removal_requested = pyqtSignal(object, object)

    def __init__(self, session: Session, tasks: Tasks) -> None:
        super().__init__()
        dress_panel(self)
        self._session, self._tasks = session, tasks
        self._words = Wording(session, self)
        bar = self._build_bar()
        self._list = self._build_list()
        empty = EmptyState(
            "push-pin",
            self._words,
            Text("还没有公示记录", "Nothing was posted yet"),
            Text(
                "发布网页或出图时会自动记下：哪一版、哪个文件、什么时候、文件指纹。",
                "Publishing a page or making a drawing notes the revision, the file, the time and its hash.",
            ),
            Text("发布网页…", "Publish a page…"),
        )
        empty.chosen.connect(self.publish_requested)
        self._newest: str | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list)
        self._pages.addWidget(empty)
        whole = column(spacing=0)
        whole.addLayout(bar)
        whole.addWidget(self._pages, 1)
        self.setLayout(whole)
        for signal in (
            session.project_opened,
            session.revisions_changed,
            session.postings_changed,
            session.language_changed,
        ):
            signal.connect(self.reload)
        self.reload()

    @property
    def list(self) -> QTreeWidget:
        """The list, for those who drive it."""
        return self._list

    def reload(self) -> None:
        """Read the record of the project in front."""
        project = self._session.project
        postings = project.postings if project is not None else ()
        revisions = project.revisions if project is not None else ()
        rows = rows_of(postings, revisions)
        newest = rows[0].posting.key if rows else None
        chosen = self._chosen_key() if newest == self._newest else newest  # what was just published is next
        self._newest = newest
        hanging = {board.uid for _, board, _ in still_hanging(postings, revisions, _today())}
        self._list.setHeaderLabels([tr(head) for head in _HEADS])
        self._list.blockSignals(True)  # with no row chosen the button that has the keyboard would lose it
        self._list.clear()
        for one in rows:
            item = _item(one)
            self._list.addTopLevelItem(item)
            for board in one.posting.boards:
                item.addChild(_board_item(one, board, board.uid in hanging))
                item.child(item.childCount() - 1).setFirstColumnSpanned(True)  # type: ignore[union-attr]
            item.setExpanded(True)
            if one.posting.key == chosen:
                self._list.setCurrentItem(item)
        if rows and self._list.currentItem() is None:
            self._list.setCurrentItem(self._list.topLevelItem(0))
        self._list.blockSignals(False)
        current = sum(one.superseded_by is None and not one.again for one in rows)
        self._count.setText(
            tr("共 {n} 条，现行 {c} 条", "{n} in all, {c} current", n=len(rows), c=current) if rows else ""
        )
        self._old.setText(
            tr(
                "{n} 处仍挂着已被取代的版本，请更换",
                "{n} still hang though superseded: replace them",
                n=len(hanging),
            )
            if hanging
            else ""
        )
        for act in (self._note, self._verify, self._export):
            act.setVisible(bool(rows))
        self._mark_chosen()
        self._pages.setCurrentIndex(0 if rows else 1)
        self._fit_columns()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Leave out what matters least where there is no room for all columns."""
        super().resizeEvent(a0)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Give each column what its words need, and the rest to the file."""
        widths = [min(_MOST_PX, self._needed(at)) for at in range(len(_HEADS))]
        widths[_FILE], widths[_HASH] = _FILE_PX, _HASH_PX
        room, shown = self.width() - _EDGE_PX, set(range(len(_HEADS)))
        for at in _SPARED:
            if sum(widths[i] for i in shown) > room:
                shown.remove(at)
        widths[_FILE] += room - sum(widths[at] for at in shown)
        for at, width in enumerate(widths):
            self._list.setColumnHidden(at, at not in shown)
            self._list.setColumnWidth(at, width)

    def _needed(self, at: int) -> int:
        """Return how wide a column must be for its heading and the postings (the boards span all)."""
        words = [tr(_HEADS[at])]
        items = (self._list.topLevelItem(i) for i in range(self._list.topLevelItemCount()))
        words += [item.text(at) for item in items if item is not None]
        measure = self._list.fontMetrics()
        return max(measure.horizontalAdvance(w) for w in words) + (44 if at == 0 else 20)

    def verify(self, path: Path) -> None:
        """Tell whether a file is one of those posted, by its hash."""

        def work(progress: Progress) -> str:
            return _digest(path, progress)

        self._tasks.run(Text("核对文件", "Checking the file"), work, lambda found: self._tell(path, found))

    def _build_bar(self) -> QHBoxLayout:
        """Make the line over the list: how many, what should come down, what can be done."""
        self._count = Elided("soft")
        self._verify = button("", "link", "fingerprint")
        self._words.bind(self._verify.setText, Text("核对文件…", "Check a file…"))
        self._words.bind(
            self._verify.setToolTip,
            Text("看一个网页或图纸是不是当时发布的那一份", "Tell whether a page or drawing is one of these"),
        )
        self._verify.clicked.connect(self._ask_file)
        self._note = button("", "link", "map-pin-line")
        self._words.bind(self._note.setText, Text("记录张贴…", "Note where it hangs…"))
        self._words.bind(
            self._note.setToolTip, Text("地点、起止日期和现场照片", "Place, from when to when, photos")
        )
        self._note.clicked.connect(lambda: self._ask_board(None))
        self._export = button("", "link", "export")
        self._words.bind(self._export.setText, Text("导出…", "Export…"))
        self._export.clicked.connect(self.export_requested)
        self._old = Elided()
        self._old.setProperty("role", "warning")
        bar = row(margins=(12, 4, 8, 4))
        bar.addWidget(self._count, 1)
        bar.addWidget(self._old, 2)
        for act in (self._note, self._export, self._verify):
            act.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the list
            bar.addWidget(act)
        return bar

    def _build_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setUniformRowHeights(True)
        made.setIndentation(18)
        made.setAlternatingRowColors(True)
        made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        made.setColumnCount(len(_HEADS))
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = made.header()
        assert head is not None
        head.setStretchLastSection(False)
        made.itemActivated.connect(lambda item, _: self._open(item))
        made.currentItemChanged.connect(lambda *_: self._mark_chosen())
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(self._offer)
        return made

    @property
    def _chosen(self) -> tuple[Posting | None, Board | None]:
        """The posting in front, and the board if it is one."""
        item = self._list.currentItem()
        if item is None:
            return None, None
        return item.data(0, ROW).posting, item.data(0, BOARD)

    def _chosen_key(self) -> str:
        posting, _ = self._chosen
        return posting.key if posting is not None else ""

    def _mark_chosen(self) -> None:
        project = self._session.project
        writable = project is not None and not project.read_only
        self._note.setEnabled(writable and self._chosen[0] is not None)

    def _open(self, item: QTreeWidgetItem) -> None:
        """See the revision of a posting, or change what is noted of a board."""
        board = item.data(0, BOARD)
        if board is not None:
            self._ask_board(board)
        else:
            self.view_requested.emit(item.data(0, ROW).posting.revision)

    def _ask_board(self, board: Board | None) -> None:
        posting, _ = self._chosen
        project = self._session.project
        if posting is not None and project is not None and not project.read_only:
            self.board_requested.emit(posting, board)

    def menu_of(self, item: QTreeWidgetItem) -> QMenu:
        """Return what can be done with a posting or a board."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        posting, board = item.data(0, ROW).posting, item.data(0, BOARD)
        acts: list[tuple[Text, Callable[[], object]]] = []
        if board is not None:
            acts.append((Text("修改…", "Change…"), lambda: self._ask_board(board)))
            acts.append(
                (
                    Text("删去这个地点", "Remove this place"),
                    lambda: self.removal_requested.emit(posting, board),
                )
            )
        else:
            acts.append((Text("记录张贴…", "Note where it hangs…"), lambda: self._ask_board(None)))
            acts.append((Text("查看这一版", "See that revision"), lambda: self._open(item)))
        acts.append((Text("复制文件指纹", "Copy the hash"), lambda: _copy(posting.sha256)))
        for words, do in acts:
            act = menu.addAction(tr(words))
            if act is not None:
                act.triggered.connect(lambda _=False, d=do: d())
        return menu

    def _offer(self, where: QPoint) -> None:
        item = self._list.itemAt(where)
        view = self._list.viewport()
        if item is not None and view is not None:
            self._list.setCurrentItem(item)
            self.menu_of(item).popup(view.mapToGlobal(where))

    def _ask_file(self) -> None:
        made, every = tr("网页与图纸", "Pages and drawings"), tr("所有文件", "All files")
        pattern = f"{made} (*.html *.htm *.pdf *.png *.svg);;{every} (*)"
        name, _ = QFileDialog.getOpenFileName(self, tr("核对文件", "Check a file"), "", pattern)
        if name:
            self.verify(Path(name))

    def _tell(self, path: Path, digest: str) -> None:
        project = self._session.project
        rows = rows_of(project.postings, project.revisions) if project is not None else ()
        found = next((one for one in rows if one.posting.sha256 == digest), None)
        if found is None:
            self._session.tell(
                Text("“{n}”不在公示记录里。", "“{n}” is none of those posted.").format(n=path.name),
                "warning",
                Text(
                    "文件可能被改过，或不是由本项目发布的。",
                    "It was altered, or not published from this project.",
                ),
            )
            return
        words = Text("“{n}”与公示记录一致：{r}，{t}。", "“{n}” is as it was posted: {r}, {t}.")
        label, when = state_title(found.posting.revision), moment_words(found.posting.created)
        self._session.tell(words.format(n=path.name, r=label, t=when), "success", found.standing)


def _item(one: PostingRow) -> QTreeWidgetItem:
    posting, colors = one.posting, theme()
    against = tr(state_title(posting.compared_with)) if posting.compared_with else "–"
    item = QTreeWidgetItem(
        [
            tr(state_title(posting.revision)),
            tr(one.what),
            posting.file_name,
            tr(one.readers),
            tr(moment_words(posting.created)),
            tr(one.standing),
            against,
            posting.sha256[:_SHOWN_DIGITS] + "…",
        ]
    )
    item.setSizeHint(0, QSize(0, _ROW_PX))
    item.setData(0, ROW, one)
    item.setToolTip(2, posting.file_name)
    item.setToolTip(7, posting.sha256)
    item.setFont(7, QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    held = one.superseded_by is None
    item.setForeground(5, QColor(colors.success if held else colors.text_faint))
    if not held:
        for at in (0, 1, 2, 3, 4, 6, 7):
            item.setForeground(at, QColor(colors.text_soft))
    return item


def _board_item(one: PostingRow, board: Board, overdue: bool) -> QTreeWidgetItem:
    colors = theme()
    parts = [board.place, tr(days_told(board))]
    if board.photos:
        parts.append(tr("照片 {n} 张", "{n} photos", n=len(board.photos)))
    if board.note:
        parts.append(board.note)
    if overdue:
        parts.append(tr("仍挂着，请更换", "still hangs: replace it"))
    item = QTreeWidgetItem(["   ·   ".join(parts)])
    item.setSizeHint(0, QSize(0, _ROW_PX))
    item.setIcon(0, icon("map-pin", colors.warning if overdue else colors.text_soft))
    item.setToolTip(0, "\n".join(parts))
    item.setForeground(0, QColor(colors.warning if overdue else colors.text))
    item.setData(0, ROW, one)
    item.setData(0, BOARD, board)
    return item


def _today() -> str:
    return dt.date.today().isoformat()


def _copy(words: str) -> None:
    clipboard = QApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(words)


def _digest(path: Path, progress: Progress) -> str:
    found = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                progress.check()
                found.update(block)
    except OSError as error:
        raise StorageError(
            Text("无法读取“{n}”：{w}", "Cannot read “{n}”: {w}").format(n=path.name, w=disk_words(error)),
            code="file.read",
        ) from error
    return found.hexdigest()
