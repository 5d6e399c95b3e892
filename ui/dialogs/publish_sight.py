"""What is to be seen before publishing: the page, what will be public, what is left out, and the photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QStackedWidget, QWidget

from gis.i18n import tr
from gis.project import Project
from ui.dialogs.publish_photos import PhotoEditor
from ui.dialogs.publish_work import Looked
from ui.dialogs.settings_draft import SettingsDraft
from ui.panels.left_out_view import LeftOutView
from ui.panels.page_preview import PagePreview
from ui.panels.parts import column, label, row, segment
from ui.panels.review_view import ReviewView
from ui.tasks import Tasks

if TYPE_CHECKING:
    from gis.publish.publication import Page


class PublishSight(QWidget):
    """Three views of one publication behind tabs, and the editor of its photos."""

    def __init__(self, project: Project, draft: SettingsDraft, tasks: Tasks) -> None:
        super().__init__()
        self.preview, self.review, self.left_out = PagePreview(), ReviewView(), LeftOutView()
        self.editor = PhotoEditor(project, draft, tasks)
        self.shown = QStackedWidget()
        self.tabs = [segment(tr("预览", "Preview")), segment(), segment()]
        for at, (tab, part) in enumerate(
            zip(self.tabs, (self.preview, self.review, self.left_out), strict=True)
        ):
            tab.clicked.connect(lambda _=False, i=at: self.show_tab(i))
            self.shown.addWidget(part)
        self.shown.addWidget(self.editor)
        self.state = label(role="soft")
        whole = column(spacing=0)
        whole.addLayout(row(*self.tabs, None, self.state, spacing=6, margins=(14, 10, 14, 10)))
        whole.addWidget(self.shown, 1)
        self.setLayout(whole)
        self._count(None)
        self.show_tab(0)

    @property
    def at(self) -> int:
        """Which tab is in front; the first one while a photo is."""
        return self.shown.currentIndex() % len(self.tabs)

    def show_tab(self, at: int) -> None:
        """Show the preview, what will be public, or what is left out."""
        self.shown.setCurrentIndex(at)
        for i, tab in enumerate(self.tabs):
            tab.setChecked(i == at)

    def show_editor(self) -> None:
        """Show the photo in hand instead."""
        self.shown.setCurrentWidget(self.editor)
        for tab in self.tabs:
            tab.setChecked(False)

    def leave_editor(self) -> None:
        """Go back from the photo to the preview; another view stays."""
        if self.shown.currentWidget() is self.editor:
            self.show_tab(0)

    def show_found(self, found: Looked) -> None:
        """Show what was looked up."""
        self.preview.show_content(found.review.content, found.picture)
        self.review.show_review(found.review)
        self.left_out.show_groups(found.groups)
        self._count(found)

    def clear(self) -> None:
        """Show nothing: what was looked up does not hold."""
        for view in (self.preview, self.review, self.left_out):
            view.clear()
        self._count(None)
        self.state.setText("")

    def tell(self, found: Looked, page: Page | None) -> None:
        """Say how much is public and how large the page is, once it is made."""
        words, size = "公开 {p} 个图层、照片 {f} 张；{s}", tr("大小计算中…", "weighing…")
        if page is not None:
            size = tr("网页 {k} KB", "page of {k} KB", k=max(1, round(len(page.data) / 1024)))
        public = sum(layer.public for layer in found.review.layers)
        photos = len(found.review.content.photos)
        self.state.setText(tr(words, "Public: {p} layers, {f} photos; {s}", p=public, f=photos, s=size))

    def _count(self, found: Looked | None) -> None:
        public = sum(layer.public for layer in found.review.layers) if found else 0
        out = sum(len(group.rows) for group in found.groups) if found else 0
        self.tabs[1].setText(tr("将公开 {n}", "Will be public {n}", n=public or ""))
        self.tabs[2].setText(tr("不公开与遮盖 {n}", "Left out, masked {n}", n=out or ""))
