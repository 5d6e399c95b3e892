"""The search box in the header and its list of hits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter
from PyQt6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from gis.i18n import tr
from layers.text import Text, same
from ui.acts.bound import key_words
from ui.acts.catalogue import ACTIONS
from ui.models.search import Hit
from ui.panels.parts import Wording
from ui.session import Session
from ui.theme.appearance import base_font
from ui.theme.icons import icon, paint_icon
from ui.theme.tokens import SMALL_PX, theme

HIT = Qt.ItemDataRole.UserRole
_ROW = 34
_LEAST_PX = 380
_GLYPHS = {
    "place": "crosshair",
    "change": "git-diff",
    "bookmark": "bookmark-simple",
    "theme": "swatches",
    "feature": "map-pin",
    "action": "command",
}


class _HitDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: object) -> None:
        hit: Hit = index.data(HIT)  # type: ignore[attr-defined]
        if painter is None:
            return
        colors, box = theme(), option.rect
        painter.save()
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(box, QColor(colors.accent_soft))
        glyph = ACTIONS[hit.action].icon if hit.action and ACTIONS[hit.action].icon else _GLYPHS[hit.kind]
        paint_icon(painter, glyph, QRect(box.left() + 10, box.center().y() - 8, 17, 17), colors.text_soft)
        about = key_words(ACTIONS[hit.action]) if hit.action else tr(hit.about)
        painter.setFont(base_font(SMALL_PX))
        painter.setPen(QColor(colors.text_faint))
        width = painter.fontMetrics().horizontalAdvance(about)
        painter.drawText(
            QRect(box.right() - width - 12, box.top(), width, box.height()),
            Qt.AlignmentFlag.AlignVCenter,
            about,
        )
        painter.setFont(base_font(13, QFont.Weight.Normal))
        painter.setPen(QColor(colors.text))
        room = QRect(box.left() + 36, box.top(), box.width() - width - 60, box.height())
        words = painter.fontMetrics().elidedText(tr(hit.title), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()


class SearchBox(QLineEdit):
    """Finds while typing.

    Signals
    -------
    hit_chosen(Hit)
    left()
        Esc, or a hit was taken: the map wants the keyboard back.
    """

    hit_chosen = pyqtSignal(object)
    left = pyqtSignal()

    def __init__(self, session: Session, find: Callable[[str, Callable[[list[Hit]], None]], None]) -> None:
        super().__init__()
        self.setObjectName("SearchBox")
        self._find = find
        self.addAction(icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        words = Wording(session, self)
        words.bind(
            self.setPlaceholderText,
            Text("查找楼号、编号、坐标或命令  Ctrl+K", "Find building, code, place, command  Ctrl+K"),
        )
        words.bind(
            self.setToolTip,
            Text(
                "例：3号楼、3#、T03、R2-17、616650, 4077999、撤销，以及书签和主题的名称",
                "Such as 3#, T03, R2-17, 616650, 4077999, undo, or the name of a bookmark or theme",
            ),
        )
        self._list: QListWidget | None = None
        self.textEdited.connect(lambda _: self.search())

    @property
    def hits(self) -> list[Hit]:
        """The hits on screen."""
        popup = self._list
        items = [popup.item(at) for at in range(popup.count())] if popup is not None else []
        return [item.data(HIT) for item in items if item is not None]

    def begin(self) -> None:
        """Take the keyboard and select what is there."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        if self.text():
            self.search()

    def search(self) -> None:
        """Show the hits for the text, as soon as they are found."""
        words = self.text()
        self._show([], Text("正在查找“{w}”…", "Looking for “{w}”…").format(w=words))
        self._find(words, partial(self._on_found, words))

    def _on_found(self, words: str, hits: list[Hit]) -> None:
        if words == self.text() and self._list is not None and self._list.isVisible():
            self._show(hits, Text("没有找到“{w}”", "Nothing found for “{w}”").format(w=words))

    def _show(self, hits: list[Hit], otherwise: Text) -> None:
        """Show hits, or words that cannot be chosen where there are none."""
        popup = self._popup()
        popup.clear()
        for hit in hits or [Hit("feature", otherwise, same(""))]:
            item = QListWidgetItem(tr(hit.title))
            item.setData(HIT, hit)
            if not hits:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            popup.addItem(item)
        if not self.text().strip():
            popup.hide()
            return
        popup.setCurrentRow(0 if hits else -1)
        self._place(popup)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        popup = self._list
        if a0 is None:
            return
        if a0.key() == Qt.Key.Key_Escape:
            self._close()
            self.clear()
            self.left.emit()
        elif a0.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and popup is not None and popup.isVisible():
            self._take(popup.currentItem())
        elif a0.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and popup is not None and popup.isVisible():
            step = 1 if a0.key() == Qt.Key.Key_Down else -1
            popup.setCurrentRow((popup.currentRow() + step) % popup.count())
        else:
            super().keyPressEvent(a0)

    def focusOutEvent(self, a0: QFocusEvent | None) -> None:
        super().focusOutEvent(a0)
        self._close()

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is not None and a1.type() in (
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.WindowDeactivate,
        ):
            self._close()
        return False

    def _popup(self) -> QListWidget:
        """Return the list; it floats inside the window, so that it never takes the keyboard."""
        if self._list is None:
            made = QListWidget(self.window())
            made.setObjectName("SearchList")
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setMouseTracking(True)
            made.setItemDelegate(_HitDelegate(made))
            made.itemPressed.connect(self._take)
            made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            made.hide()
            made.window().installEventFilter(self)  # type: ignore[union-attr]
            self._list = made
        return self._list

    def _place(self, popup: QListWidget) -> None:
        corner = self.mapTo(self.window(), QPoint(0, self.height() + 2))
        width = max(self.width(), _LEAST_PX)
        room = self.window().width() if self.window() is not None else width  # type: ignore[union-attr]
        left = max(0, min(corner.x(), room - width))
        popup.setGeometry(left, corner.y(), width, popup.count() * _ROW + 4)
        popup.raise_()
        popup.show()

    def _close(self) -> None:
        if self._list is not None:
            self._list.hide()

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        hit = item.data(HIT)
        self._close()
        self.clear()
        self.left.emit()
        self.hit_chosen.emit(hit)
