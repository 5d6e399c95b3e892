"""The tray: photos in the project that wait for a place, put onto the map by a click."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget
from shapely import Point

from gis.exchange.photo_tray import WaitingPhoto, drop_photo, place_photo, waiting_photos
from gis.i18n import tr
from gis.measure import compass_words
from gis.progress import Progress
from layers.changes import ChangeSet
from layers.errors import NotFoundError
from layers.text import Text
from ui.imports.photo_import import THUMB, as_icon, thumbnail
from ui.models.words import moment_words
from ui.panels.parts import Choice, button, column, dress_panel, label, row
from ui.place_picker import PlacePicker
from ui.session import Session
from ui.tasks import Task, Tasks

_HINT: Final = Text(
    "单击照片拍摄的位置：15 米内有问题点则附到该点，否则新建；Esc 取消",
    "Click where it was taken: it goes to a spot within 15 m, else a new one is made; Esc cancels",
)


class PhotoTray(QWidget):
    """Choosing a photo arms the map; each click places one and takes up the next.

    Signals
    -------
    closed()
    """

    closed = pyqtSignal()

    def __init__(self, session: Session, tasks: Tasks, picker: PlacePicker) -> None:
        super().__init__()
        dress_panel(self)
        self.session, self._tasks, self._picker = session, tasks, picker
        self._pictures: dict[str, QImage] = {}
        self._task: Task | None = None
        self.photos = QListWidget()
        self.photos.setIconSize(THUMB)
        self.photos.setSpacing(2)
        self.photos.setWordWrap(True)
        self.photos.itemClicked.connect(lambda _: self.arm())
        self.photos.itemActivated.connect(lambda _: self.arm())
        self.target = Choice()
        self.words = label(role="soft", wrap=True)
        self.place, self.drop = (
            button(tr("在地图上放置", "Place on the map"), "primary"),
            button(tr("移除", "Remove")),
        )
        close = button(tr("关闭", "Close"))
        self.place.clicked.connect(self.arm)
        self.drop.clicked.connect(self._drop)
        close.clicked.connect(self.leave)
        body = column(spacing=10, margins=(14, 12, 14, 10))
        body.addWidget(self.words)
        body.addLayout(
            row(label(tr("附近没有问题点时新建到", "With no spot near, into"), "field"), self.target)
        )
        body.addWidget(self.photos, 1)
        foot = QFrame()
        foot.setObjectName("PanelFoot")
        foot.setLayout(row(self.drop, None, close, self.place, margins=(14, 10, 14, 10)))
        whole = column(spacing=0)
        whole.addLayout(body, 1)
        whole.addWidget(foot)
        self.setLayout(whole)
        session.changed.connect(self._on_changed)
        self._fill_targets()
        self.reload()

    @property
    def chosen(self) -> WaitingPhoto | None:
        """The photo that is placed next."""
        item = self.photos.currentItem()
        found = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return found if isinstance(found, WaitingPhoto) else None

    def reload(self) -> None:
        """Show what waits."""
        project, last = self.session.project, self.photos.currentRow()
        self.photos.clear()
        waiting = waiting_photos(project.snapshot) if project is not None else ()
        for photo in waiting:
            item = QListWidgetItem(_words(photo))
            item.setData(Qt.ItemDataRole.UserRole, photo)
            self.photos.addItem(item)
        self._load_pictures([photo.id for photo in waiting])
        if waiting:
            self.photos.setCurrentRow(min(max(last, 0), len(waiting) - 1))
        self.words.setText(
            tr(
                "{n} 张照片等待放置。选中照片，再在地图上单击拍摄位置。",
                "{n} photos wait. Choose one, then click the map where it was taken.",
                n=len(waiting),
            )
            if waiting
            else tr("没有等待放置的照片。", "No photo waits to be placed.")
        )
        for act in (self.place, self.drop):
            act.setEnabled(bool(waiting))

    def arm(self) -> None:
        """Wait for a click on the map for the chosen photo."""
        if self.chosen is not None and self.session.may_edit():
            self._picker.start(self.put, _HINT)

    def put(self, place: Point) -> None:
        """Put the chosen photo at a place, and take up the next."""
        photo, project = self.chosen, self.session.project
        if photo is None or project is None:
            return
        target = str(self.target.currentData() or "")

        def edit(snapshot: object) -> ChangeSet:
            return place_photo(snapshot, photo.id, place, target or None)  # type: ignore[arg-type]

        self.session.run(Text("放置照片 {n}", "Place photo {n}").format(n=photo.name), edit)

    def leave(self) -> None:
        """Close; the photos go on waiting."""
        self.stop()
        self.closed.emit()

    def stop(self) -> None:
        """Wait for no click any more."""
        self._picker.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def refresh(self) -> None:
        """Nothing is worked out here; `_on_changed` follows the plan."""

    def _drop(self) -> None:
        photo = self.chosen
        if photo is None:
            return
        self.session.run(
            Text("移除待放置的照片 {n}", "Remove waiting photo {n}").format(n=photo.name),
            lambda snapshot: drop_photo(snapshot, photo.id),
        )

    def _on_changed(self, changes: ChangeSet) -> None:
        if "photos.unplaced" in changes.settings:
            armed = self.photos.count() > 1 and bool(changes.features)
            self.reload()
            if armed and self.isVisible() and self.photos.count():
                self.arm()

    def _fill_targets(self) -> None:
        project = self.session.project
        if project is not None:
            for layer in project.snapshot.with_role("drainage-spot", "traffic-spot"):
                self.target.addItem(tr(layer.title), layer.id)

    def _load_pictures(self, ids: list[str]) -> None:
        """Make the small pictures in the background; a photo that is not in the file has none."""
        project, known = self.session.project, dict(self._pictures)
        missing = [photo_id for photo_id in ids if photo_id not in known]
        self._show_pictures()
        if project is None or not missing:
            return

        def work(progress: Progress) -> dict[str, QImage]:
            made = {}
            for photo_id in missing:
                progress.check()
                try:
                    made[photo_id] = thumbnail(project.photo(photo_id).data)
                except NotFoundError:
                    made[photo_id] = QImage()
            return made

        def done(made: dict[str, QImage]) -> None:
            self._pictures |= made
            if self._task is not None:
                self._task = None
                self._show_pictures()

        self._task = self._tasks.run(Text("读取照片", "Reading photos"), work, done, quiet=True)

    def _show_pictures(self) -> None:
        for at in range(self.photos.count()):
            item = self.photos.item(at)
            photo = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
            if item is not None and isinstance(photo, WaitingPhoto) and photo.id in self._pictures:
                item.setIcon(as_icon(self._pictures[photo.id]))


def _words(photo: WaitingPhoto) -> str:
    lines = [photo.name]
    if photo.taken:
        lines.append(tr("拍摄于 {t}", "Taken {t}", t=tr(moment_words(photo.taken))))
    if photo.direction is not None:
        lines.append(tr("朝{d}", "Looking {d}", d=tr(compass_words(photo.direction))))
    return "\n".join(lines)
