"""What was published: the file, its hash, and what to do with it next."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from gis.i18n import tr
from layers.snapshot import Snapshot
from layers.text import Text, date_words
from ui.models.words import state_title
from ui.panels.parts import Glyph, button, column, label, row


class PublishedView(QWidget):
    """The end of publishing.

    Signals
    -------
    open_requested(Path)
    folder_requested(Path)
    postings_requested()
    """

    open_requested = pyqtSignal(object)
    folder_requested = pyqtSignal(object)
    postings_requested = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.path = Path()
        self._title, self._facts = label(role="heading"), label(role="soft", wrap=True)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open = button(tr("在浏览器中打开", "Open in the browser"), "primary", "browser")
        self.open.clicked.connect(lambda: self.open_requested.emit(self.path))
        folder = button(tr("打开所在文件夹", "Show in folder"), glyph="folder-open")
        folder.clicked.connect(lambda: self.folder_requested.emit(self.path))
        record = button(tr("公示记录", "Postings"), glyph="push-pin")
        record.clicked.connect(self.postings_requested)
        self.words = QPlainTextEdit()
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(116)
        self.words.setAccessibleName(tr("发到微信群的文字", "Text for the chat group"))
        self.copy: QPushButton = button(tr("复制文字", "Copy the text"), glyph="copy")
        self.copy.clicked.connect(self._copy)
        for act in (self.open, folder, record, self.copy):
            act.setAutoDefault(False)
        inner = column(spacing=12)
        inner.addLayout(row(Glyph("check-circle", 28, "success"), self._title, None, spacing=10))
        inner.addWidget(self._facts)
        inner.addLayout(row(self.open, folder, record, None))
        inner.addSpacing(10)
        hint = Text("发到微信群或朋友圈的文字（可以改）", "A text for the chat group (edit it as you like)")
        inner.addWidget(label(tr(hint), "section"))
        inner.addWidget(self.words)
        inner.addLayout(row(self.copy, None))
        inner.addStretch(1)
        body = QWidget()
        body.setMaximumWidth(720)
        body.setLayout(inner)
        whole = row(margins=(40, 72, 40, 20))
        whole.addStretch(1)
        whole.addWidget(body, 8)
        whole.addStretch(1)
        self.setLayout(whole)

    def show_page(self, path: Path, size: int, sha256: str, left_out: int, words: str) -> None:
        """Tell of one page."""
        self._title.setText(tr("网页已发布：{n}", "Page published: {n}", n=path.name))
        facts = Text(
            "{f}\n{k} KB，去除或遮盖 {m} 处。已记入公示记录，文件指纹 SHA-256：{h}",
            "{f}\n{k} KB; things left out or masked: {m}. Noted as a posting, SHA-256: {h}",
        )
        self._facts.setText(tr(facts, f=path, k=max(1, round(size / 1024)), m=left_out, h=sha256))
        self._show(path, words)

    def show_site(self, index: Path, written: int, pages: int, words: str) -> None:
        """Tell of a site."""
        self._title.setText(tr("网站已发布：{n} 个网页", "Site published, pages: {n}", n=pages))
        facts = Text(
            "{f}\n写入或更新 {w} 个文件，其余没有变化。旧版网页已注明被哪一版取代。"
            "把整个文件夹上传或拷走即可。",
            "{f}\nFiles written or updated: {w}; the others were as they should be. Older pages say "
            "what replaced them. Upload or copy the whole folder.",
        )
        self._facts.setText(tr(facts, f=index.parent, w=written))
        self._show(index, words)

    def _show(self, path: Path, words: str) -> None:
        self.path = path
        self.words.setPlainText(words)
        self.copy.setText(tr("复制文字", "Copy the text"))

    def _copy(self) -> None:
        board = QGuiApplication.clipboard()
        if board is not None:
            board.setText(self.words.toPlainText())
            self.copy.setText(tr("已复制", "Copied"))


def chat_words(snapshot: Snapshot, state: str, title: str, file_name: str) -> str:
    """Return a short text for a chat group that goes with the file.

    Parameters
    ----------
    snapshot : Snapshot
        With the settings of the publication.
    state, title : str
        The revision and what it is called.
    file_name : str
        Of the attached page; empty for a site.
    """
    setting = snapshot.settings.get
    name = str(setting("publish.title") or snapshot.title)
    what = " ".join(filter(None, (tr(state_title(state)), title)))
    lines = [tr("【{n}】改造方案 {w} 公示", "{n}: renovation plan {w}", n=name, w=what)]
    if file_name:
        words = Text(
            "请点开附件“{f}”查看，手机、电脑都能打开，不用联网。",
            "Open the attached “{f}” on a phone or computer; no network is needed.",
        )
        lines.append(tr(words, f=file_name))
    if address := setting("publish.address"):
        lines.append(tr("网址：{a}", "Address: {a}", a=address))
    if until := setting("publish.comment_until"):
        lines.append(tr("意见请在{d}前提出。", "Comments until {d}.", d=tr(date_words(until))))
    if contact := setting("publish.contact"):
        half = contact.get("zh") if isinstance(contact, dict) else contact
        lines.append(tr("联系：{c}", "Contact: {c}", c=half))
    return "\n".join(lines)
