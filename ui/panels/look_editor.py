"""The editor of how a layer looks: symbols, labels, and when it is shown; the map follows while one edits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QStackedWidget, QWidget

from gis.edit.looks import set_filter, set_scales, set_style
from gis.i18n import tr
from gis.styling import refuse_unseen
from layers.changes import ChangeSet
from layers.condition import Condition
from layers.errors import PlanboardError
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.style import Style
from layers.text import Text
from ui.models.style_text import read_style, write_style
from ui.panels.label_page import LabelPage
from ui.panels.parts import button, column, icon_button, label, row, rule, segment
from ui.panels.shown_page import ShownPage
from ui.panels.symbol_page import SymbolPage
from ui.tasks import Tasks

PAGES: Final = ("symbol", "label", "shown")
_SIZE: Final = (580, 640)


@dataclass(frozen=True)
class Look:
    """How a layer is wanted to look."""

    style: Style
    filter: Condition | None
    scales: tuple[int, int]

    @classmethod
    def of(cls, layer: Layer) -> Look:
        """Return how a layer looks now."""
        return cls(layer.style, layer.filter, layer.scales)

    def on(self, layer: Layer) -> Layer:
        """Return the layer looking so."""
        return replace(layer, style=self.style, filter=self.filter, scales=self.scales)

    def told(self, before: Look) -> Text:
        """Return the name of the step from another look of a layer {n} to this one."""
        if self.style == before.style and self.scales == before.scales:
            return Text("图层 {n} 的筛选", "Filter of layer {n}")
        if self.style == before.style and self.filter == before.filter:
            return Text("图层 {n} 的显示比例", "Scales of layer {n}")
        return Text("图层 {n} 的样式", "Style of layer {n}")

    def edit(self, snapshot: Snapshot, layer_id: str) -> ChangeSet:
        """Return the change that makes a layer look so, as one step."""
        changes = set_style(snapshot, layer_id, self.style).then(set_filter(snapshot, layer_id, self.filter))
        return changes.then(set_scales(snapshot, layer_id, *self.scales))


class LookEditor(QDialog):
    """Edits the look of one layer beside the map.

    Signals
    -------
    tried(str, object)
        The layer and the look to show for now; None: as it is.
    applied(str, object)
        The look that is wanted.
    """

    tried = pyqtSignal(str, object)
    applied = pyqtSignal(str, object)

    def __init__(self, parent: QWidget, layer: Layer, tasks: Tasks, page: str = "symbol") -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("LookEditor")
        self.layer = layer
        self.look = self._before = Look.of(layer)
        self.setWindowTitle(tr("样式：{n}", "Style: {n}", n=tr(layer.title)))
        self.resize(*_SIZE)
        self.symbol = SymbolPage(layer, layer.style, tasks)
        self.symbol.edited.connect(self._on_style)
        self._stack = QStackedWidget()
        for made in (self.symbol, QWidget(), QWidget()):  # the others are made when they are looked at
            self._stack.addWidget(made)
        whole = column(margins=(20, 14, 20, 14), spacing=12)
        whole.addLayout(self._head())
        whole.addWidget(rule())
        whole.addWidget(self._stack, 1)
        whole.addWidget(rule())
        whole.addLayout(self._foot())
        self.setLayout(whole)
        self.open_page(page)

    @cached_property
    def label(self) -> LabelPage:
        """The page of the labels."""
        page = LabelPage(self.layer, self.look.style)
        page.edited.connect(self._on_style)
        self._place(page, "label")
        return page

    @cached_property
    def shown(self) -> ShownPage:
        """The page of what is shown."""
        page = ShownPage(self.layer)
        page.edited.connect(self._on_shown)
        self._place(page, "shown")
        return page

    def _place(self, page: QWidget, name: str) -> None:
        at = PAGES.index(name)
        empty = self._stack.widget(at)
        self._stack.insertWidget(at, page)
        if empty is not None:
            self._stack.removeWidget(empty)
            empty.deleteLater()

    def _made(self, name: str) -> bool:
        return name in self.__dict__

    @property
    def changed(self) -> bool:
        """Whether anything looks other than before."""
        return self.look != self._before

    def open_page(self, page: str) -> None:
        """Show a page by name."""
        at = PAGES.index(page)
        getattr(self, page)
        self._stack.setCurrentIndex(at)
        self._tabs[at].setChecked(True)
        if page == "shown":
            self.shown.filter.setFocus()

    def apply(self) -> None:
        """Keep the look."""
        if self.changed:
            self.applied.emit(self.layer.id, self.look)

    def accept(self) -> None:
        """Keep the look and close; stay where something was typed that cannot be taken."""
        shown = self.shown.wrong if self._made("shown") else None
        pages = (("shown", shown), ("symbol", self.symbol.form.wrong))
        for page, field in pages:
            if field is not None:
                self.open_page(page)
                field.setFocus()
                self._say(
                    Text("请先改正红框中的内容。", "Mend what stands in the red frame first."), bad=True
                )
                return
        self.apply()
        super().accept()

    def reject(self) -> None:
        """Show the layer as it was and close."""
        self.tried.emit(self.layer.id, None)
        super().reject()

    def done(self, a0: int) -> None:
        self.symbol.stop()
        super().done(a0)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        # Enter in a field ends that field; it does not close the editor.
        if a0 is not None and a0.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if a0.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.accept()
            return
        super().keyPressEvent(a0)

    def copy(self) -> None:
        """Put the style into the clipboard."""
        write_style(self.look.style)
        self._say(Text("已复制为文字。", "Copied as text."))

    def paste(self) -> None:
        """Take the style of the clipboard."""
        try:
            style = read_style()
            refuse_unseen(style, self.layer)
        except PlanboardError as error:
            self._say(error.message, bad=True)
            return
        self._take_style(style)

    def reset(self) -> None:
        """Take the style of the kind."""
        self._take_style(self.layer.kind.style)

    def _head(self) -> QHBoxLayout:
        self._tabs = []
        group = QButtonGroup(self)
        line = row(label(tr(self.layer.title), "heading"), 12, spacing=6)
        words = (Text("符号", "Symbols"), Text("注记", "Labels"), Text("显示", "Shown"))
        for page, title in zip(PAGES, words, strict=True):
            tab = segment(tr(title))
            tab.clicked.connect(lambda _=False, p=page: self.open_page(p))
            group.addButton(tab)
            self._tabs.append(tab)
            line.addWidget(tab)
        line.addStretch(1)
        for glyph, title, act in (
            ("copy", Text("复制样式", "Copy style"), self.copy),
            ("clipboard", Text("粘贴样式", "Paste style"), self.paste),
            ("arrow-counter-clockwise", Text("恢复默认样式", "Standard style"), self.reset),
        ):
            made = icon_button(glyph, 16)
            made.setToolTip(tr(title))
            made.setAccessibleName(tr(title))
            made.clicked.connect(lambda _=False, do=act: do())
            line.addWidget(made)
        return line

    def _foot(self) -> QHBoxLayout:
        self._word = label(role="soft")
        cancel, go = button(tr("取消", "Cancel")), button(tr("确定", "OK"), "primary")
        for made, act in ((cancel, self.reject), (go, self.accept)):
            made.setAutoDefault(False)
            made.clicked.connect(lambda _=False, do=act: do())
        go.setToolTip(tr("确定 (Ctrl+Enter)", "OK (Ctrl+Enter)"))
        line = row(spacing=8)
        line.addWidget(self._word, 1)
        line.addWidget(cancel)
        line.addWidget(go)
        return line

    def _say(self, words: Text, *, bad: bool = False) -> None:
        self._word.setText(tr(words))
        self._word.setProperty("role", "error" if bad else "soft")
        style = self._word.style()
        if style is not None:
            style.polish(self._word)

    def _take_style(self, style: Style) -> None:
        self.symbol.show_style(style)
        if self._made("label"):
            self.label.show_style(style)
        self._try(replace(self.look, style=style))

    def _on_style(self, style: Style) -> None:
        """Take rules from one page and labels from the other."""
        labels = self.label.style_now.labels if self._made("label") else self.look.style.labels
        whole = self.symbol.style_now = replace(self.symbol.style_now, labels=labels)
        if self._made("label"):
            self.label.style_now = whole
        self._try(replace(self.look, style=whole))

    def _on_shown(self) -> None:
        self._try(replace(self.look, filter=self.shown.condition, scales=self.shown.scales))

    def _try(self, look: Look) -> None:
        self._word.clear()
        self.look = look
        self.tried.emit(self.layer.id, look)
