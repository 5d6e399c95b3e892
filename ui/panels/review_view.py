"""What a publication would make public, field by field with samples, before a file is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QFont
from PyQt6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from gis.i18n import tr
from layers.text import Text
from ui.theme.appearance import base_font
from ui.theme.icons import icon
from ui.theme.tokens import theme

if TYPE_CHECKING:
    from gis.publish.review import FieldReview, LayerReview, Review

_FIELD: Final = Qt.ItemDataRole.UserRole
_MOST_VALUES: Final = 3000


class ReviewView(QTreeWidget):
    """Public layers with their fields and all values, the changes, and the other words on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setColumnCount(2)
        self.setIndentation(16)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setColumnWidth(0, 190)
        head = self.header()
        assert head is not None
        head.setStretchLastSection(True)
        self._review: Review | None = None
        self.itemExpanded.connect(self._fill)

    def show_review(self, review: Review) -> None:
        """Show what `gis.publish.publication.preview` found."""
        from gis.publish.comment_text import number_in_words  # late: publishing is loaded by then

        self.clear()
        self._review = review
        public = [layer for layer in review.layers if layer.public]
        head = self._head(Text("将公开", "Will be public"), len(public), "eye", "success")
        for layer in public:
            self._add_layer(head, layer)
        if review.changes:
            head = self._head(
                Text("变更和原因", "Changes and reasons"), len(review.changes), "list", "success"
            )
            head.setExpanded(False)
            for label, said in review.changes:
                self._add(head, tr(number_in_words(label)), said)
        words = self._head(Text("其他文字", "Other words"), len(review.texts), "article", "success")
        for title, said in review.texts:
            self._add(words, tr(title), said)

    def _head(self, words: Text, count: int, glyph: str, tone: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([f"{tr(words)}  {count}"])
        item.setFont(0, base_font(weight=QFont.Weight.DemiBold))
        item.setIcon(0, icon(glyph, getattr(theme(), tone)))
        self.addTopLevelItem(item)
        item.setFirstColumnSpanned(True)
        item.setExpanded(True)
        return item

    def _add_layer(self, head: QTreeWidgetItem, layer: LayerReview) -> None:
        fields = [field for field in layer.fields if field.public]
        kept = [field for field in layer.fields if not field.public and field.filled]
        parts = [tr("{n} 个对象", "objects: {n}", n=layer.count)]
        if kept:
            names = tr("、", ", ").join(tr(field.title) for field in kept)
            parts.append(tr("不公开：{f}", "kept back: {f}", f=names))
        if layer.photos:
            parts.append(tr("照片 {n} 张", "{n} photos", n=layer.photos))
        item = self._add(head, tr(layer.title), tr("；", "; ").join(parts))
        for field in fields:
            told = self._add(item, tr(field.title), _told(field))
            if field.filled or field.older:
                told.setData(0, _FIELD, (layer.id, field.name))
                told.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)

    def _fill(self, item: QTreeWidgetItem) -> None:
        """List all values of a field once somebody opens it."""
        place = item.data(0, _FIELD)
        if place is None or item.childCount() or self._review is None:
            return
        values = self._review.values(*place)
        for value in values[:_MOST_VALUES]:
            count = tr("{n} 处", "{n} times", n=value.count)
            older = "" if value.now else tr("；只在较早的版次", "; in earlier revisions only")
            self._add(item, tr(value.words), count + older)
        if len(values) > _MOST_VALUES:
            self._add(item, tr("……还有 {n} 个值", "… {n} more values", n=len(values) - _MOST_VALUES), "")

    def _add(self, head: QTreeWidgetItem, first: str, second: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([first, second])
        item.setForeground(1, QColor(theme().text_soft))
        for at, words in enumerate((first, second)):
            item.setToolTip(at, words)
        head.addChild(item)
        return item


def _told(field: FieldReview) -> str:
    samples = tr("、", ", ").join(tr(sample) for sample in field.samples)
    words = tr("{n} 个值：{s}", "{n} values: {s}", n=field.filled, s=samples) if field.filled else "–"
    if field.older:
        words += tr("（较早版次另有 {n} 个）", " ({n} more in earlier revisions)", n=field.older)
    if field.masked:
        words += tr("（{n} 处已遮盖）", " ({n} masked)", n=field.masked)
    return words
