"""What a published page will look like, light enough to follow every answer in the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QByteArray, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gis.i18n import language, tr
from layers.text import Text, date_words
from ui.panels.parts import clear, column, label, row

if TYPE_CHECKING:
    from gis.publish.content import Notice, PageContent, PublicGroup

_PICTURE_PX: Final = 1400
_GROUND: Final = "#F4F2ED"
_MOST_CHANGES: Final = 40
_MOST_PHOTOS: Final = 12
_THUMB_PX: Final = 150
_WIDEST_PX: Final = 760


class Picture(QLabel):
    """A picture as wide as there is room."""

    def __init__(self, image: QImage) -> None:
        super().__init__()
        self._image = image
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        super().resizeEvent(a0)
        if not self._image.isNull():
            self.setFixedHeight(round(self.width() * self._image.height() / self._image.width()))

    def sizeHint(self) -> QSize:
        return QSize(400, 300)

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._image)


class PagePreview(QScrollArea):
    """The page on white: head, map, what changed, how to comment, photos."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("PreviewScroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("网页预览", "Preview of the page"))
        self._page = QFrame()
        self._page.setObjectName("PagePreview")
        self._page.setMaximumWidth(_WIDEST_PX)
        self._inner: QVBoxLayout = column(margins=(26, 22, 26, 24), spacing=8)
        self._page.setLayout(self._inner)
        ground = QWidget()
        ground.setObjectName("PreviewGround")
        whole = column(margins=(16, 14, 16, 14))
        line = row(self._page)
        whole.addLayout(line)
        whole.addStretch(1)
        ground.setLayout(whole)
        self.setWidget(ground)

    def show_content(self, content: PageContent, picture: QImage) -> None:
        """Show what a page holds."""
        bar = self.verticalScrollBar()
        place = bar.value() if bar is not None else 0
        clear(self._inner)
        self._add_head(content)
        self._inner.addWidget(Picture(picture))
        if content.background is not None:
            self._inner.addWidget(_said(content.background.attribution, "page-soft"))
        self._add_changes(content)
        self._add_notice(content.notice)
        self._add_photos(content)
        if bar is not None:
            bar.setValue(place)

    def clear(self) -> None:
        """Show nothing."""
        clear(self._inner)

    def _add_head(self, content: PageContent) -> None:
        latest = content.revisions[-1]
        self._inner.addWidget(_said(content.title, "page-title"))
        chip = _said(latest.label or tr("当前方案", "Working plan"), "page-chip", wrap=False)
        words = " · ".join(filter(None, (latest.title, tr(date_words(latest.date)) if latest.date else "")))
        self._inner.addLayout(row(chip, _said(words, "page-soft", wrap=False), None))

    def _add_changes(self, content: PageContent) -> None:
        last = len(content.revisions) - 1
        groups = [group for one in content.comparisons if one.after == last for group in one.groups]
        if not groups:
            return
        self._inner.addWidget(
            _said(tr("改了什么（{n}）", "What changed ({n})", n=len(groups)), "page-heading")
        )
        for group in groups[:_MOST_CHANGES]:
            self._inner.addLayout(_change(group))
        if len(groups) > _MOST_CHANGES:
            more = tr("……还有 {n} 处", "… {n} more", n=len(groups) - _MOST_CHANGES)
            self._inner.addWidget(_said(more, "page-soft"))

    def _add_notice(self, notice: Notice) -> None:
        dates = [tr(date_words(day)) for day in (notice.comment_from, notice.comment_until) if day]
        rows = (
            (Text("公示期", "Notice period"), tr("至", " – ").join(dates)),
            (Text("怎样提意见", "How to comment"), _half(notice.how_to_comment)),
            (Text("联系方式", "Contact"), _half(notice.contact)),
            (Text("公示单位", "Published by"), _half(notice.office)),
            (Text("网址", "Address"), notice.address),
        )
        given = [(caption, words) for caption, words in rows if words]
        if not given:
            return
        self._inner.addWidget(_said(tr("怎样提意见", "Have your say"), "page-heading"))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(14)
        for line, (caption, words) in enumerate(given):
            grid.addWidget(_said(tr(caption), "page-soft", wrap=False), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_said(words, "page-text"), line, 1)
        self._inner.addLayout(grid)

    def _add_photos(self, content: PageContent) -> None:
        if not content.photos:
            return
        words = tr("照片（{n}）", "Photos ({n})", n=len(content.photos))
        self._inner.addWidget(_said(words, "page-heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for at, photo in enumerate(content.photos[:_MOST_PHOTOS]):
            image = QImage.fromData(photo.data, "JPEG")
            canvas = QLabel()
            canvas.setPixmap(
                QPixmap.fromImage(image).scaledToWidth(_THUMB_PX, Qt.TransformationMode.SmoothTransformation)
            )
            cell = column(canvas, spacing=2)
            if photo.caption:
                cell.addWidget(_said(photo.caption, "page-soft"))
            grid.addLayout(cell, at // 4, at % 4, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(4, 1)
        self._inner.addLayout(grid)


def picture_of(content: PageContent) -> QImage:
    """Return the map at the head of a page with the picture below it; for a worker thread."""
    from PyQt6.QtSvg import QSvgRenderer

    from gis.publish.page.overview import overview_box, overview_svg

    west, south, east, north = overview_box(content)
    height = round(_PICTURE_PX * (north - south) / (east - west))
    image = QImage(_PICTURE_PX, max(1, min(height, 4 * _PICTURE_PX)), QImage.Format.Format_RGB32)
    image.fill(QColor(_GROUND))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    below = content.background
    if below is not None:
        scale = _PICTURE_PX / (east - west)
        left, low, right, top = below.corners
        place = QRectF(
            (left - west) * scale, (north - top) * scale, (right - left) * scale, (top - low) * scale
        )
        painter.drawImage(place, QImage.fromData(below.data))
    svg = overview_svg(content, ground="none")
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(image.rect()))
    painter.end()
    return image


def _change(group: PublicGroup) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(1)
    grid.setColumnStretch(1, 1)
    number = _said(str(group.number), "page-number", wrap=False)
    number.setAlignment(Qt.AlignmentFlag.AlignCenter)
    grid.addWidget(number, 0, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(_said(f"{group.sign} {tr(group.title)}", "page-text"), 0, 1)
    why = [f"{code} {tr(words)}" for code, words in zip(group.answers, group.reasons, strict=True)]
    why += group.because
    if why:
        grid.addWidget(_said(tr("；", "; ").join(why), "page-soft"), 1, 1)
    return grid


def _half(text: Text) -> str:
    return text.zh if language() == "zh" else text.en


def _said(words: str, role: str, *, wrap: bool = True) -> QLabel:
    return label(words, role, wrap=wrap)
