"""How a row of the comment list looks: its code, what was said, and how it ended."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtGui import QColor, QPainter, QPen

from layers import palette
from layers.text import Text
from ui.models.comments import Comment
from ui.panels.code_rows import Chip, RowLook, paint_code, sign_rect
from ui.theme.icons import paint_icon
from ui.theme.tokens import theme

_ICON_PX = 16


def outcome_tones(comment: Comment) -> tuple[str, str]:
    """Return text and ground colour of an outcome."""
    colors = theme()
    if comment.outcome in ("adopted", "partly"):
        return colors.success, colors.success_soft
    if comment.closed:
        return colors.text_soft, colors.hover
    return colors.warning, colors.warning_soft


def _paint_sign(painter: QPainter, centre: QPoint, comment: Comment) -> None:
    color = QColor(palette.COMMENT)
    ink = QColor(theme().text_soft) if theme().name == "dark" else color
    painter.setPen(QPen(ink if comment.closed else color, 1.4))
    painter.setBrush(QColor(theme().panel) if comment.closed else color)
    painter.drawRoundedRect(sign_rect(centre), 6, 6)
    paint_code(painter, centre, comment.code, ink if comment.closed else QColor("#FFFFFF"))


def _paint_placeless(painter: QPainter, box: QRect, comment: Comment) -> None:
    """Show that the comment has no place on the map."""
    if not comment.placed:
        inside = QRect(box.left(), box.center().y() - _ICON_PX // 2, _ICON_PX, _ICON_PX)
        paint_icon(painter, "map-pin-line", inside, theme().line_strong)


COMMENT_LOOK: RowLook[Comment] = RowLook(
    title=lambda comment: comment.gist,
    below=lambda comment: comment.below,
    untitled=Text("（未写摘要）", "(no gist)"),
    chip=lambda comment: Chip(comment.outcome_words, *outcome_tones(comment)),
    sign=_paint_sign,
    mark=_paint_placeless,
    mark_px=_ICON_PX,
)
