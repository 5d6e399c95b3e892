"""The dock beside the map in which files come in, one form at a time, in the place of the properties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, TypeAlias

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QDockWidget, QStackedWidget, QWidget

from gis.exchange.arrivals import Arrivals
from gis.exchange.pasted_table import PastedTable
from gis.i18n import tr
from layers.changes import ChangeSet
from layers.text import Text
from ui.imports.control_points import ControlPoints
from ui.imports.drawing_import import DrawingImport
from ui.imports.import_form import ImportForm
from ui.imports.layers_import import LayersImport
from ui.imports.photo_import import PhotoImport
from ui.imports.photo_tray import PhotoTray
from ui.imports.table_import import TableImport
from ui.panels.parts import Elided, icon_button, row

if TYPE_CHECKING:
    from gis.render.viewport import Viewport
    from ui.workplace import Workplace

WIDTH_PX, LEAST_PX = 480, 420
_TITLE_PX: Final = 36
_MORE: Final = Text("还有 {n} 个文件没有导入。", "{n} more files have not been imported.")
_Form: TypeAlias = ImportForm | PhotoTray


class ImportDock(QDockWidget):
    """Made when the first file comes; stands in the place of the properties while it is open."""

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self.setObjectName("import")
        self._window, self._session = window, window.session
        self._again: Callable[[], None] | None = None
        self._form: _Form | None = None
        self._rest = Arrivals()
        self._pasted: TemporaryDirectory[str] | None = None
        self._heading = Elided("", Qt.TextElideMode.ElideMiddle)
        self._heading.setFixedHeight(_TITLE_PX)
        close = icon_button("x", 14)
        close.setToolTip(tr("取消导入", "Cancel the import"))
        close.clicked.connect(self.give_up)
        bar = QWidget()
        bar.setObjectName("DockTitle")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(_TITLE_PX)
        line = row(self._heading, close, margins=(14, 0, 8, 0))
        line.setStretch(0, 1)
        bar.setLayout(line)
        self.setTitleBarWidget(bar)
        self._stack = QStackedWidget()
        self._stack.setMinimumWidth(LEAST_PX)
        self.setWidget(self._stack)
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self)
        self.hide()
        self._properties_shown, self._properties_px, self._layers_px = True, 0, 0
        self._view: Viewport | None = None
        session = self._session
        session.project_opened.connect(self.close_form)
        session.changed.connect(self._on_changed)
        session.language_changed.connect(self._on_language)

    @property
    def form(self) -> _Form | None:
        """What is shown, if anything."""
        return self._form

    def take(self, arrivals: Arrivals) -> None:
        """Open the form for what comes first of several kinds of files; the others are offered after it."""
        self._forget_pasted()
        if isinstance(self._form, ImportForm) and self._form.writing:
            self._wait(self._form, arrivals)
            return
        first, self._rest = arrivals.first, arrivals.rest
        if self._rest.files:
            words = Text("先导入 {n}，随后导入其余 {k} 个文件。", "{n} comes first, the other {k} after it.")
            self._session.tell(words.format(n=first.files[0].name, k=len(self._rest.files)), "info")
        if first.drawings:
            self._open_drawing(first.drawings[0])
        elif first.folder or len(first.data) > 1:
            self._open_several(first.data)
        elif first.data:
            self._open_layer(first.data[0], None)
        elif first.photos:
            photos = first.photos
            self._show(lambda: PhotoImport(self._session, self._window.tasks, photos, self.show_tray))

    def take_pasted(self, table: PastedTable) -> None:
        """Open the form for cells from the clipboard; they are a file as long as the form is open."""
        self.close_form()
        self._rest = Arrivals()
        self._pasted = TemporaryDirectory(prefix="planboard-")
        name = tr("剪贴板中的表格", "Table from the clipboard")
        self._open_layer(table.write(Path(self._pasted.name), name), None, name)

    def _wait(self, form: ImportForm, arrivals: Arrivals) -> None:
        """Keep files until what is being written is done; they are offered then."""
        self._rest = arrivals
        words = Text(
            "正在写入 {n}，完成后再导入其他文件。", "{n} is being written; the next import comes after it."
        )
        self._session.tell(words.format(n=form.name), "info")

    def show_tray(self) -> None:
        """Open the tray of photos that wait to be placed."""
        self._show(lambda: PhotoTray(self._session, self._window.tasks, self._window.picker))

    def give_up(self) -> None:
        """Close the form unless it is being written, and show again what was on the map before."""
        form = self._form
        if isinstance(form, ImportForm) and form.writing:
            form.give_up()
            return
        if isinstance(form, ImportForm) and form.moved_the_map and self._view is not None:
            self._window.canvas.navigator.show_view(self._view)
        self._on_done()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Take what no field of the form used: Esc gives it up, Enter does what stands at its foot."""
        key = a0.key() if a0 is not None else None
        form = self._form
        if key == Qt.Key.Key_Escape and form is not None:
            self._escape(form)
        elif (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(form, ImportForm) and form.hasFocus()
        ):
            form.go.click()
        else:
            super().keyPressEvent(a0)

    def _escape(self, form: _Form) -> None:
        """Give the form up; the key is soon pressed, so it can be had again as it was."""
        again = self._again
        whole = isinstance(form, ImportForm) and not form.writing and not form.busy and form.go.isEnabled()
        kept = form.kept() if isinstance(form, ImportForm) and whole else None
        self.give_up()
        self._window.canvas.setFocus()
        if whole and again is not None:
            words = Text("没有导入，项目未作更改。", "Nothing was imported; the project is unchanged.")
            back = Text("回到导入", "Back to it")
            self._session.offer(words, [(back, lambda: self._reopen(again, kept))], passing=True)

    def _reopen(self, again: Callable[[], None], kept: object) -> None:
        """Open a form as it was."""
        again()
        if kept is not None and isinstance(self._form, ImportForm):
            self._form.take_up(kept)

    def close_form(self) -> None:
        """Close what is open."""
        self._drop_form()
        self._forget_pasted()

    def _forget_pasted(self) -> None:
        if self._pasted is not None:
            self._pasted.cleanup()
            self._pasted = None

    def _drop_form(self) -> None:
        form, self._form, self._again = self._form, None, None
        if form is None:
            return
        form.stop()
        self._stack.removeWidget(form)
        form.hide()
        form.deleteLater()
        self.hide()
        properties = self._window.attributes_dock
        properties.setVisible(self._properties_shown)
        if self._properties_shown and self._properties_px:
            self._window.resizeDocks([properties], [self._properties_px], Qt.Orientation.Horizontal)
        if self._layers_px:
            self._window.layers_dock.show()
            self._window.resizeDocks([self._window.layers_dock], [self._layers_px], Qt.Orientation.Horizontal)
            self._layers_px = 0

    def _make_room(self) -> None:
        """Hide the properties, and the layers too where a small screen has no room for all three."""
        window, layers = self._window, self._window.layers_dock
        window.attributes_dock.hide()
        if (layout := window.layout()) is not None:
            layout.invalidate()
        if layers.isVisible() and window.minimumSizeHint().width() + LEAST_PX > window.width():
            self._layers_px = layers.width()
            layers.hide()

    def _open_drawing(self, path: Path) -> None:
        session, tasks = self._session, self._window.tasks
        points = ControlPoints(session, tasks, self._window.canvas, self._window.picker)
        self._show(lambda: DrawingImport(session, tasks, path, points))

    def _open_layer(self, path: Path, layer: str | None, name: str = "") -> None:
        """Open one layer of a file; a file with several opens with all of them if none is named."""
        session, tasks = self._session, self._window.tasks
        points = ControlPoints(session, tasks, self._window.canvas, self._window.picker)

        def make() -> TableImport:
            form = TableImport(session, tasks, path, points, layer, name)
            form.all_wanted.connect(lambda: self._open_several([path]))
            return form

        self._show(make)

    def _open_several(self, paths: Sequence[Path]) -> None:
        """Open all layers of files or of a folder."""
        name = paths[0].name
        if len(paths) > 1:
            name = tr("{n} 等 {k} 个文件", "{n} and {k} files in all", n=name, k=len(paths))

        def make() -> LayersImport:
            form = LayersImport(self._session, self._window.tasks, paths, name)
            form.one_wanted.connect(self._open_layer)
            return form

        self._show(make)

    def _show(self, make: Callable[[], _Form]) -> None:
        if self._form is None:
            properties = self._window.attributes_dock
            self._properties_shown, self._properties_px = properties.isVisible(), properties.width()
            self._view = self._window.canvas.viewport
        else:
            self._drop_form()
        form = make()
        form.closed.connect(self._on_done)
        if isinstance(form, ImportForm):
            form.given_up.connect(self.give_up)
        self._form, self._again = form, lambda: self._show(make)
        self._heading.setText(
            tr("待放置的照片", "Photos to be placed")
            if isinstance(form, PhotoTray)
            else tr("导入 {n}", "Import {n}", n=form.name)
        )
        self._stack.addWidget(form)
        self._stack.setCurrentWidget(form)
        self._make_room()
        self.show()
        self._window.resizeDocks([self], [WIDTH_PX], Qt.Orientation.Horizontal)
        form.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        form.setFocus()

    def _on_done(self) -> None:
        """Close the form, and offer what came together with its file."""
        self.close_form()
        rest, self._rest = self._rest, Arrivals()
        if rest.files:
            count = len(rest.files)
            english = "One more file has not been imported." if count == 1 else _MORE.en
            words = Text(_MORE.zh, english).format(n=count)
            go_on = Text("继续：{n}", "Go on: {n}").format(n=rest.first.files[0].name)
            self._session.offer(words, [(go_on, lambda: self.take(rest))], waits=True)

    def _on_changed(self, changes: ChangeSet) -> None:
        writing = isinstance(self._form, ImportForm) and self._form.writing
        if self._form is not None and changes.features and not writing:
            self._form.refresh()

    def _on_language(self) -> None:
        """Make the form anew in the other language, with the choices made so far."""
        form, again = self._form, self._again
        if again is None or (isinstance(form, ImportForm) and form.writing):
            return
        self._reopen(again, form.kept() if isinstance(form, ImportForm) else None)
