"""Thumbnails of the photos of one feature: add, look, remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PyQt6 import sip
from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QImage, QPixmap
from PyQt6.QtWidgets import QDialog, QFileDialog, QLabel, QMenu, QToolButton, QWidget

from gis.i18n import tr
from layers.changes import Key
from layers.schema import Field, Value
from layers.text import Text
from ui.panels.parts import column, icon_button, label, row
from ui.photo_pictures import PhotoPictures, TakenPhotos
from ui.session import Session

THUMB_PX = 64
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp")


class PhotoStrip(QWidget):
    """Photos as thumbnails; the pictures themselves lie in the project file.

    In a form that may still be given up, it holds new pictures itself (`held`): whoever saves the form
    puts them into the project.

    Signals
    -------
    committed(object)
        The new value of the field: photo ids joined by commas, or None.
    """

    committed = pyqtSignal(object)

    def __init__(self, field: Field, session: Session, *, hold: bool = False) -> None:
        super().__init__()
        self.field = field
        self._session = session
        self._hold = hold
        self._held: dict[str, tuple[bytes, str]] = {}
        self._ids: tuple[str, ...] = ()
        self._writable = True
        self.setAcceptDrops(True)
        self._line = row(spacing=6)
        self._add = icon_button("camera", 22)
        self._add.setFixedSize(THUMB_PX, THUMB_PX)
        self._add.setProperty("role", "segment")
        self._add.setToolTip(tr("添加照片（也可把图片拖到这里）", "Add photos (or drop pictures here)"))
        self._add.clicked.connect(self._browse)
        whole = column(spacing=4)
        whole.addLayout(self._line)
        self._reading = label(role="soft")
        self._reading.hide()
        whole.addWidget(self._reading)
        self.setLayout(whole)
        self.show_value(None)

    @property
    def value(self) -> Value:
        """The photo ids joined by commas, or None."""
        return ",".join(self._ids) or None

    @property
    def busy(self) -> bool:
        """Whether photos are being read."""
        return not self._reading.isHidden()

    @property
    def holds(self) -> bool:
        """Whether it keeps new pictures itself until a form is saved."""
        return self._hold

    @property
    def held(self) -> tuple[tuple[bytes, str], ...]:
        """The new pictures of the value with their file names: not in the project yet."""
        return tuple(self._held[photo_id] for photo_id in self._ids if photo_id in self._held)

    def show_value(self, value: Value, *, mixed: bool = False) -> None:
        """Show the photos of a value; several different values show none."""
        self._ids = tuple(p for p in str(value or "").split(",") if p) if not mixed else ()
        while (item := self._line.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self._add:
                widget.deleteLater()
        for photo_id in self._ids:
            self._line.addWidget(self._thumb(photo_id))
        self._line.addWidget(self._add)
        self._line.addStretch(1)
        self._add.setVisible(self._writable)

    def set_writable(self, writable: bool) -> None:
        """Allow or forbid adding and removing."""
        self._writable = writable
        self._add.setVisible(writable)

    def show_problem(self, problem: Text | None) -> None:
        """Photos have no wrong values."""

    def add_files(self, paths: Sequence[Path]) -> None:
        """Have picture files read beside the window, then put them onto this feature."""
        project = self._session.project
        if project is None or not paths or self.busy:
            return
        self._reading.setText(tr("正在读取 {n} 张照片…", "Reading {n} photos…", n=len(paths)))
        self._reading.show()
        self._add.setEnabled(False)
        kept_in = None if self._hold else project
        then = partial(_on_taken, self, self._session, self._session.selection)
        PhotoPictures.of(self._session).take(paths, kept_in, then)

    def take_up(self, taken: TakenPhotos) -> None:
        """Show photos that were read."""
        self._reading.hide()
        self._add.setEnabled(True)
        if self._hold:
            self._held |= {photo_id: (data, name) for photo_id, data, name in taken.photos}
        if taken.photos:
            added = [photo_id for photo_id, _, _ in taken.photos]
            self.show_value(",".join(dict.fromkeys((*self._ids, *added))))
            self.committed.emit(self.value)

    def dragEnterEvent(self, a0: QDragEnterEvent | None) -> None:
        if a0 is not None and self._writable and _pictures(a0):
            a0.acceptProposedAction()

    def dropEvent(self, a0: QDropEvent | None) -> None:
        if a0 is not None:
            a0.acceptProposedAction()
            self.add_files(_pictures(a0))

    def _browse(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self.window(),
            tr("添加照片", "Add photos"),
            "",
            tr("图片", "Pictures") + " (*.jpg *.jpeg *.png *.webp *.bmp)",
        )
        self.add_files([Path(name) for name in names])

    def _thumb(self, photo_id: str) -> QToolButton:
        made = icon_button("image", 22)
        made.setFixedSize(THUMB_PX, THUMB_PX)
        made.setToolTip(tr("单击放大，右键移除", "Click to enlarge, right-click to remove"))
        self._ask(photo_id, QSize(THUMB_PX * 2, THUMB_PX * 2), partial(_show_thumb, made))
        made.clicked.connect(lambda: self._enlarge(photo_id))
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(lambda at: self._offer(made, photo_id, made.mapToGlobal(at)))
        return made

    def _offer(self, owner: QWidget, photo_id: str, where: object) -> None:
        menu = QMenu(owner)
        look = menu.addAction(tr("放大查看", "Enlarge"))
        remove = menu.addAction(tr("移除照片", "Remove photo"))
        if look is not None and remove is not None:
            look.triggered.connect(lambda: self._enlarge(photo_id))
            remove.setEnabled(self._writable)
            remove.triggered.connect(lambda: self._remove(photo_id))
        menu.popup(where)  # type: ignore[arg-type]

    def _remove(self, photo_id: str) -> None:
        self.show_value(",".join(p for p in self._ids if p != photo_id))
        self.committed.emit(self.value)

    def _ask(self, photo_id: str, size: QSize, done: Callable[[QImage], None]) -> None:
        held = self._held.get(photo_id)
        source = self._session.project if held is None else held[0]
        PhotoPictures.of(self._session).ask(photo_id, size, source, done)

    def _enlarge(self, photo_id: str) -> None:
        screen = self.screen()
        room = screen.availableSize() * 0.8 if screen is not None else QSize(1000, 700)
        self._ask(photo_id, room, self._show_large)

    def _show_large(self, picture: QImage) -> None:
        if sip.isdeleted(self):
            return  # something else is in front by now
        if picture.isNull():
            self._session.tell(
                Text("照片不在项目文件中。", "The photo is not in the project file."), "warning"
            )
            return
        dialog = QDialog(self.window())
        dialog.setWindowTitle(tr("照片", "Photo"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        canvas = QLabel()
        canvas.setPixmap(QPixmap.fromImage(picture))
        dialog.setLayout(column(canvas))
        dialog.open()


def _on_taken(strip: PhotoStrip, session: Session, selected: frozenset[Key], taken: TakenPhotos) -> None:
    """Hand photos to the strip that asked for them, unless it shows another feature by now."""
    for name, why in taken.refused:
        session.tell(
            Text("未能添加照片 {name}：{why}", "Photo {name} was not added: {why}").format(
                name=name, why=why
            ),
            "warning",
        )
    gone = sip.isdeleted(strip)
    if not gone and (strip.holds or session.selection == selected):
        strip.take_up(taken)
        return
    if not gone:
        strip.take_up(TakenPhotos((), ()))
    if taken.photos:
        session.tell(
            Text(
                "照片读完时已换到别的对象，{n} 张没有添加。",
                "Something else was chosen while they were read: {n} photos were not added.",
            ).format(n=len(taken.photos)),
            "warning",
            Text("请回到原来的对象再添加一次。", "Go back to it and add them once more."),
        )


def _show_thumb(button: QToolButton, picture: QImage) -> None:
    """Show a photo on its button; the sign of a picture stays where it is named but not in the file."""
    if not sip.isdeleted(button) and not picture.isNull():
        pixmap = QPixmap.fromImage(picture)
        pixmap.setDevicePixelRatio(2.0)
        button.setIcon(QIcon(pixmap))
        button.setIconSize(QSize(THUMB_PX - 4, THUMB_PX - 4))


def _pictures(event: QDropEvent) -> list[Path]:
    mime = event.mimeData()
    paths = [Path(url.toLocalFile()) for url in mime.urls()] if mime is not None else []
    return [path for path in paths if path.suffix.lower() in (*ENDINGS, ".heic", ".heif")]
