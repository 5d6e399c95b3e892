"""The rows of the change list: groups with their number, changes with their sign, boxes to tick."""

from __future__ import annotations

from PyQt6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPolygon
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidgetItem

from gis.i18n import tr
from gis.revisions.comparison import KIND_WORDS, SIGNS, ChangeGroup, FeatureChange
from layers.text import Text, same
from ui.models.words import change_words, number_words
from ui.theme.appearance import base_font
from ui.theme.icons import paint_icon
from ui.theme.tokens import SMALL_PX, theme

GROUP = Qt.ItemDataRole.UserRole
CHANGE = Qt.ItemDataRole.UserRole + 1
HEADING = Qt.ItemDataRole.UserRole + 2
GROUP_ROW, CHANGE_ROW, TICK_PX = 40, 26, 22


class ChangeDelegate(QStyledItemDelegate):
    """Paints groups with their number in a triangle, and changes with their sign."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, GROUP_ROW if index.data(GROUP) else CHANGE_ROW)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        colors, box = theme(), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ticked = index.data(Qt.ItemDataRole.CheckStateRole)
        chosen = option.state & QStyle.StateFlag.State_Selected
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            whole = QRect(0, box.top(), box.right() + 1, box.height())
            painter.fillRect(whole, QColor(colors.accent_soft if chosen else colors.hover))
        if ticked is not None:
            paint_tick(painter, _tick_box(box), Qt.CheckState(ticked))
            box = box.adjusted(TICK_PX, 0, 0, 0)
        group: ChangeGroup | None = index.data(GROUP)
        if group is not None:
            _paint_group(painter, box, group)
        elif index.data(CHANGE) is not None:
            _paint_change(painter, box, index.data(CHANGE))
        else:  # a heading, or a line of words such as a layer that looks different
            tone = colors.text_soft if index.data(HEADING) else colors.text
            _line(painter, box.adjusted(6, 0, -8, 0), str(index.data()), tone, SMALL_PX)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent | None,
        model: QAbstractItemModel | None,
        option: QStyleOptionViewItem,
        index: QModelIndex,
    ) -> bool:
        """Tick and untick, by the mouse in the box and by Space."""
        if event is None or model is None or index.data(Qt.ItemDataRole.CheckStateRole) is None:
            return False
        if isinstance(event, QMouseEvent):
            near = _tick_box(option.rect).adjusted(-6, -8, 4, 8)
            meant = event.type() == QEvent.Type.MouseButtonRelease and near.contains(
                event.position().toPoint()
            )
        else:
            meant = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if not meant:
            return False
        on = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
        after = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
        return model.setData(index, after, Qt.ItemDataRole.CheckStateRole)


def _tick_box(row_box: QRect) -> QRect:
    return QRect(row_box.left() + 4, row_box.center().y() - 8, 16, 16)


def paint_tick(painter: QPainter, box: QRect, state: Qt.CheckState) -> None:
    """Draw a box with a tick, or with a bar where only some of a group are ticked."""
    colors = theme()
    on = state != Qt.CheckState.Unchecked
    painter.setPen(QColor(colors.accent if on else colors.line_strong))
    painter.setBrush(QColor(colors.accent if on else colors.panel))
    painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 4, 4)
    if on:
        glyph = "check" if state == Qt.CheckState.Checked else "minus"
        paint_icon(painter, glyph, box.adjusted(2, 2, -2, -2), colors.on_accent)


def _paint_group(painter: QPainter, box: QRect, group: ChangeGroup) -> None:
    colors = theme()
    x, y = box.left() + 18, box.center().y()
    painter.setBrush(QColor(colors.panel))
    painter.setPen(QColor(theme().change))
    painter.drawPolygon(QPolygon([QPoint(x, y - 14), QPoint(x + 16, y + 12), QPoint(x - 16, y + 12)]))
    painter.setFont(base_font(11, QFont.Weight.Bold))
    painter.drawText(QRect(x - 16, y - 5, 32, 16), int(Qt.AlignmentFlag.AlignCenter), str(group.number))
    left = box.left() + 44
    width = box.right() - left - 10
    _line(painter, QRect(left, box.top() + 3, width, 18), f"{group.sign}  {tr(group.title)}", colors.text, 13)
    reasons = tr(_why(group))
    words = f"{tr(number_words(group.label))}  ·  {reasons or tr('没有写明理由', 'no reason given')}"
    tone = colors.text_soft if reasons else colors.warning
    _line(painter, QRect(left, box.top() + 20, width, 16), words, tone, SMALL_PX)


def _why(group: ChangeGroup) -> Text:
    """Say what a number answers, then why in words; nothing if nobody has said."""
    asked = group.reasons[: len(group.reasons) - len(group.because)] or tuple(map(same, group.answers))
    zh, en = ("；".join(t.zh for t in asked), "; ".join(t.en for t in asked))
    told = (Text("回应 {r}", "answers {r}").format(r=Text(zh, en)), *group.because)[0 if asked else 1 :]
    return Text("；".join(t.zh for t in told), "; ".join(t.en for t in told))


def _paint_change(painter: QPainter, box: QRect, change: FeatureChange) -> None:
    colors = theme()
    tones = {"added": colors.success, "removed": colors.danger}
    tone = tones.get(change.kind, colors.info)
    _line(painter, QRect(box.left() + 6, box.top(), 16, box.height()), SIGNS[change.kind], tone, 14)
    name = f"{tr(change.name)}  "
    painter.setFont(base_font())
    used = min(painter.fontMetrics().horizontalAdvance(name) + 2, max(80, box.width() // 2))
    _line(painter, QRect(box.left() + 26, box.top(), used, box.height()), name, colors.text, 13)
    left = box.left() + 26 + used
    words = tr(KIND_WORDS[change.kind])
    detail = tr(change_words(change))
    words += f"  {detail}" if detail else ""
    _line(
        painter,
        QRect(left, box.top(), box.right() - left - 8, box.height()),
        words,
        colors.text_soft,
        SMALL_PX,
    )


def _line(painter: QPainter, box: QRect, words: str, color: str, size: int) -> None:
    painter.setFont(base_font(size))
    painter.setPen(QColor(color))
    short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)


def change_item(change: FeatureChange) -> QTreeWidgetItem:
    """Return the row of one change."""
    words = f"{tr(change.name)}: {tr(KIND_WORDS[change.kind])} {tr(change_words(change))}".strip()
    item = QTreeWidgetItem([words])
    item.setData(0, CHANGE, change)
    item.setToolTip(0, words)
    return item
