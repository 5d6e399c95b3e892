"""The posting record: what was made public, of which revision, and whether it still holds."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontDatabase
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gis.i18n import tr
from gis.progress import Progress
from layers.errors import StorageError
from layers.text import Text
from ui.models.postings import PostingRow, rows_of
from ui.models.words import moment_words, state_title
from ui.panels.parts import Elided, EmptyState, Wording, button, column, dress_panel, row
from ui.session import Session
from ui.tasks import Tasks
from ui.theme.tokens import theme

ROW = Qt.ItemDataRole.UserRole
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
_WIDTHS = (72, 68, 210, 96, 150, 150, 104)
_SHOWN_DIGITS = 16
_BLOCK = 1 << 20


class PostingsPanel(QWidget):
    """The list of postings, latest first.

    Signals
    -------
    view_requested(str)
        A revision.
    publish_requested()
    """

    view_requested = pyqtSignal(str)
    publish_requested = pyqtSignal()

    def __init__(self, session: Session, tasks: Tasks) -> None:
        super().__init__()
        dress_panel(self)
        self._session, self._tasks = session, tasks
        self._words = Wording(session, self)
        self._count = Elided("soft")
        self._verify = button("", "link", "fingerprint")
        self._words.bind(self._verify.setText, Text("核对文件…", "Check a file…"))
        self._words.bind(
            self._verify.setToolTip,
            Text("看一个网页或图纸是不是当时发布的那一份", "Tell whether a page or drawing is one of these"),
        )
        self._verify.clicked.connect(self._ask_file)
        bar = row(margins=(12, 4, 8, 4))
        bar.addWidget(self._count, 1)
        bar.addWidget(self._verify)
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
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list)
        self._pages.addWidget(empty)
        whole = column(spacing=0)
        whole.addLayout(bar)
        whole.addWidget(self._pages, 1)
        self.setLayout(whole)
        for signal in (session.project_opened, session.revisions_changed, session.language_changed):
            signal.connect(self.reload)
        self.reload()

    @property
    def list(self) -> QTreeWidget:
        """The list, for those who drive it."""
        return self._list

    def reload(self) -> None:
        """Read the record of the project in front."""
        project = self._session.project
        rows = rows_of(project.postings, project.revisions) if project is not None else ()
        self._list.setHeaderLabels([tr(head) for head in _HEADS])
        self._list.clear()
        for one in rows:
            self._list.addTopLevelItem(_item(one))
        current = sum(one.superseded_by is None for one in rows)
        self._count.setText(
            tr("共 {n} 条，现行 {c} 条", "{n} in all, {c} current", n=len(rows), c=current) if rows else ""
        )
        self._verify.setEnabled(bool(rows))
        self._pages.setCurrentIndex(0 if rows else 1)

    def verify(self, path: Path) -> None:
        """Tell whether a file is one of those posted, by its hash."""

        def work(progress: Progress) -> str:
            return _digest(path, progress)

        self._tasks.run(Text("核对文件", "Checking the file"), work, lambda found: self._tell(path, found))

    def _build_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setAlternatingRowColors(True)
        made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        made.setColumnCount(len(_HEADS))
        head = made.header()
        assert head is not None
        for at, width in enumerate(_WIDTHS):
            made.setColumnWidth(at, width)
        head.setSectionResizeMode(len(_WIDTHS), QHeaderView.ResizeMode.Stretch)
        made.itemActivated.connect(
            lambda item, _: self.view_requested.emit(item.data(0, ROW).posting.revision)
        )
        return made

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


def _digest(path: Path, progress: Progress) -> str:
    found = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                progress.check()
                found.update(block)
    except OSError as error:
        raise StorageError(
            Text("无法读取“{n}”：{w}", "Cannot read “{n}”: {w}").format(
                n=path.name, w=error.strerror or str(error)
            ),
            code="file.read",
        ) from error
    return found.hexdigest()
