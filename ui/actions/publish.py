"""Publishing and drawing from the window: the forms, and the ways from them to the map and back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QObject

from layers.revision import WORKING
from layers.text import Text
from ui.models.coordinates import roomy
from ui.models.left_out import LeftOutRow
from ui.opening import open_file, reveal

if TYPE_CHECKING:
    from gis.drawing.draw import DrawResult
    from ui.dialogs.publish_dialog import PublishDialog
    from ui.window import Window


class Publishing(QObject):
    """Opens the form of publishing, once a project, and the form of the sheet."""

    def __init__(self, window: Window, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._session = window.session
        self._form: PublishDialog | None = None
        self._session.project_opened.connect(self._drop)
        self._session.language_changed.connect(self._drop)

    def open(self) -> None:
        """Show the form of publishing; one that waits while a text is mended comes back."""
        from ui.dialogs.publish_dialog import PublishDialog

        window, project = self._window, self._session.project
        if project is None:
            return
        form = self._form
        if form is not None and not sip.isdeleted(form):
            if form.project is project:
                form.come_back()
                return
            form.deleteLater()
        files, acts = window.file_actions, window.revision_actions
        form = PublishDialog(
            window, self._session, self._session.view, files.folder(), window.tasks, window.check
        )
        self._form = form
        form.findings_requested.connect(acts.show_findings)
        form.place_requested.connect(self._show_place)
        form.published.connect(window.postings.reload)
        form.finished.connect(self._forget)
        form.open_requested.connect(open_file)
        form.folder_requested.connect(reveal)
        form.postings_requested.connect(partial(window.view_actions.show_page, "postings"))
        form.open()

    def draw(self) -> None:
        """Show the form of the sheet."""
        from ui.dialogs.draw_dialog import DrawDialog

        window, project = self._window, self._session.project
        if project is None:
            return
        form = DrawDialog(
            window, self._session, self._session.view, window.file_actions.folder(), window.tasks
        )
        form.drawn.connect(self._on_drawn)
        form.open()

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

    def _drop(self) -> None:
        """Let go of a form that waits: it is about another project, or in another language."""
        if self._form is not None and not sip.isdeleted(self._form):
            self._form.deleteLater()
        self._form = None

    def _forget(self) -> None:
        self._form = None

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
