"""Publishing and drawing from the window: the forms, and the ways from them to the map and back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from layers.revision import WORKING
from layers.text import Text
from ui.models.coordinates import roomy
from ui.models.left_out import LeftOutRow
from ui.opening import open_file, reveal

if TYPE_CHECKING:
    from gis.drawing.draw import DrawResult
    from ui.actions.revisions import RevisionActions
    from ui.dialogs.draw_dialog import DrawDialog
    from ui.dialogs.publish_dialog import PublishDialog
    from ui.workplace import Workplace


class Publishing(QObject):
    """Opens the form of publishing, once a project, and the form of the sheet."""

    def __init__(self, window: Workplace, parent: QObject, revisions: RevisionActions) -> None:
        super().__init__(parent)
        self._window, self._revisions = window, revisions
        self._session = window.session
        self._form: PublishDialog | None = None
        self._drawing: DrawDialog | None = None
        self._session.project_opened.connect(self._drop)
        self._session.language_changed.connect(self._reword)
        for signal in (self._session.changed, self._session.revisions_changed):
            signal.connect(self._follow)

    def open(self) -> None:
        """Show the form of publishing; one that waits while a text is mended comes back."""
        project = self._session.project
        if project is None:
            return
        form = self._form
        if form is not None and not sip.isdeleted(form):
            if form.project is project and (form.replaceable or form.foot.busy):
                form.come_back()
                return
            form.deleteLater()
        self._made(None).show()

    def _made(self, before: PublishDialog | None) -> PublishDialog:
        """Make the form of publishing, or one that takes the place of another."""
        from ui.dialogs.publish_dialog import PublishDialog

        window = self._window
        form = PublishDialog(
            window, self._session, self._session.view, window.folder, window.tasks, window.check, before
        )
        self._form = form
        form.findings_requested.connect(self._revisions.show_findings)
        form.place_requested.connect(self._show_place)
        form.published.connect(window.postings.reload)
        form.finished.connect(lambda _: self._forget(form))
        form.open_requested.connect(open_file)
        form.folder_requested.connect(reveal)
        form.postings_requested.connect(partial(window.show_page, "postings"))
        return form

    def draw(self) -> None:
        """Show the form of the sheet; one that is open comes to the front."""
        form, project = self._drawing, self._session.project
        if project is None:
            return
        if form is None or sip.isdeleted(form):
            self._made_sheet(None).show()
        else:
            form.raise_()
            form.activateWindow()

    def _made_sheet(self, before: DrawDialog | None) -> DrawDialog:
        from ui.dialogs.draw_dialog import DrawDialog

        window = self._window
        form = DrawDialog(window, self._session, self._session.view, window.folder, window.tasks, before)
        self._drawing = form
        form.drawn.connect(self._on_drawn)
        form.finished.connect(lambda _: self._forget(form))
        return form

    def _on_drawn(self, result: DrawResult) -> None:
        self._window.postings.reload()
        path = result.paths[0]
        told = Text("图纸已生成：{n}（{s}，1:{c}，共 {p} 页）", "Drawing made: {n} ({s}, 1:{c}, pages: {p})")
        self._session.offer(
            told.format(n=path.name, s=result.sheet, c=result.scale, p=result.pages),
            [
                (Text("打开图纸", "Open the drawing"), partial(open_file, path)),
                (Text("打开所在文件夹", "Show in folder"), partial(reveal, path)),
            ],
            "success",
        )

    @property
    def _open_forms(self) -> list[PublishDialog | DrawDialog]:
        return [form for form in (self._form, self._drawing) if form is not None and not sip.isdeleted(form)]

    def _drop(self) -> None:
        """Let go of forms: they are about another project."""
        for form in self._open_forms:
            form.deleteLater()
        self._form = self._drawing = None

    def _reword(self) -> None:
        """Put forms in the language of today in the place of open ones, with all that was typed."""
        page, sheet = self._form, self._drawing
        if page is not None and not sip.isdeleted(page) and page.replaceable:
            _replace(page, self._made(page))
        if sheet is not None and not sip.isdeleted(sheet) and sheet.replaceable:
            _replace(sheet, self._made_sheet(sheet))

    def _follow(self) -> None:
        for form in self._open_forms:
            form.follow_plan()

    def _forget(self, form: PublishDialog | DrawDialog) -> None:
        if self._form is form:
            self._form = None
        if self._drawing is form:
            self._drawing = None

    def _show_place(self, place: LeftOutRow, state: str) -> None:
        """Show on the map what is left out; the working plan first, for there it can be mended."""
        session, project = self._session, self._session.project
        if project is None:
            return
        session.show_working()
        layer = project.snapshot.layers.get(place.layer)
        feature = layer.table.get(place.uid) if layer is not None and place.uid else None
        if feature is not None and feature.geometry is not None:
            session.select({(place.layer, place.uid)})
            session.zoom_requested.emit(roomy(feature.geometry.bounds))
            self._window.attributes_dock.show()
        elif layer is not None and (box := layer.table.extent()) is not None:
            session.zoom_requested.emit(roomy(box))
        session.offer(
            Text("看完或改好后，回到发布。", "Go back to publishing when you are done."),
            [(Text("回到发布", "Back to publishing"), self.open)],
            "info",
            None
            if state == WORKING
            else Text(
                "{r} 已冻结：这里改的文字只进入当前方案，{r} 的网页仍按遮盖后的文字发布。",
                "{r} is frozen: what you mend is in the working plan only; the page of {r} stays masked.",
            ).format(r=state),
        )


def _replace(old: QWidget, new: QWidget) -> None:
    new.setVisible(old.isVisible())
    old.deleteLater()
