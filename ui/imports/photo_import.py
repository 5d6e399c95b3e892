"""Importing photos: onto the nearest problem spot, as new spots, or onto the tray to be placed by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PyQt6.QtCore import QSignalBlocker, QSize, Qt
from PyQt6.QtGui import QIcon, QImage, QPixmap
from PyQt6.QtWidgets import QListWidget, QListWidgetItem

from gis.crs_names import BD09, GCJ02, WGS84
from gis.exchange.import_records import record_of
from gis.exchange.photos import PhotoFile, PhotoPlan, photos_words, plan_photos, read_photos
from gis.i18n import tr
from gis.progress import Progress
from gis.project import Project
from layers.changes import Change
from layers.errors import Finding, PlanboardError
from layers.snapshot import Snapshot
from layers.text import Text
from ui.imports.import_form import ImportForm
from ui.models.coordinates import roomy
from ui.models.proposal import as_array, proposal_of
from ui.models.words import moment_words
from ui.panels.batches import Batches
from ui.panels.parts import Choice
from ui.session import Session
from ui.tasks import Tasks

THUMB: Final = QSize(88, 66)
_ID: Final = int(Qt.ItemDataRole.UserRole) + 1
_SYSTEMS: Final = (
    (WGS84, Text("手机、相机定位 (WGS 84)", "Phone or camera (WGS 84)")),
    (GCJ02, Text("高德、腾讯水印相机 (GCJ-02)", "Amap, Tencent apps (GCJ-02)")),
    (BD09, Text("百度水印相机 (BD-09)", "Baidu apps (BD-09)")),
)
_WAYS: Final = {
    "attached": Text("附到已有问题点：{s}", "Goes to {s}"),
    "created": Text("新建问题点：{s}", "New spot: {s}"),
    "waiting": Text("没有位置，进入待放置照片", "No usable position: onto the tray"),
    "known": Text("已在项目中", "In the project already"),
    "twice": Text("与另一张相同，只导入一次", "The same as another one; it comes in once"),
    "refused": Text("不是可读的照片", "Not a readable photo"),
    "left": Text("不导入", "Left out"),
}
_COUNTS: Final = (
    ("attached", Text("附到问题点 {n}", "{n} to spots")),
    ("created", Text("新建问题点 {n}", "{n} new spots")),
    ("waiting", Text("待放置 {n}", "{n} to be placed")),
    ("known", Text("已有 {n}", "{n} known")),
    ("twice", Text("重复 {n}", "{n} twice")),
    ("refused", Text("不可读 {n}", "{n} unreadable")),
)


@dataclass(frozen=True)
class _Read:
    photos: tuple[PhotoFile, ...]
    findings: tuple[Finding, ...]
    pictures: dict[str, QImage]


@dataclass(frozen=True)
class _Worked:
    plan: PhotoPlan
    snapshot: Snapshot


class PhotoImport(ImportForm):
    """Photos are read once; where they go is worked out at every choice anew."""

    def __init__(
        self, session: Session, tasks: Tasks, paths: Sequence[Path], show_tray: Callable[[], None]
    ) -> None:
        super().__init__(session, tasks, tr(photos_words(len(paths))))
        self._paths, self._show_tray = tuple(paths), show_tray
        self._read: _Read | None = None
        self._worked: _Worked | None = None
        self._left: frozenset[str] = frozenset()
        """Ids of the photos that are not ticked."""
        self._filling = Batches(self)
        self._build()
        self.begin(Text("正在读取照片", "Reading photos"), lambda p: _photos(self._paths, p), self._on_read)

    @property
    def plan(self) -> PhotoPlan | None:
        """What the import would do, once it is worked out."""
        return self._worked.plan if self._worked is not None else None

    def submit(self) -> None:
        """Keep the photos, then apply where they go as one step."""
        worked, project = self._worked, self.session.project
        if worked is None or project is None:
            return
        plan = worked.plan
        counts = {"read": len(self._paths), **{w: len(getattr(plan, w)) for w, _ in _COUNTS}}
        if self._left:
            counts["left_out"] = len(self._left)
        layers = sorted({change.layer for change in plan.changes})
        record = record_of(
            Path(self.name), "EXIF", str(self.crs.currentData()), layers, counts, plan.findings
        )
        told = Text(
            "已导入 {n} 张照片，{w} 张待放置。", "{n} photos imported, {w} wait to be placed."
        ).format(n=len(plan.photos), w=len(plan.waiting))
        more = [(Text("放置照片", "Place photos"), self._show_tray)] if plan.waiting else []
        self.go.setEnabled(False)

        def work(progress: Progress) -> Project:
            project.add_photos([(photo.data, photo.name) for photo in plan.photos], progress)
            return project

        self.begin(
            Text("正在保存照片", "Keeping the photos"),
            work,
            lambda _: self.apply(plan.changes, record, told, more),
            self._on_unsaved,
        )

    def _on_unsaved(self, error: PlanboardError) -> None:
        """Say why the photos could not be kept: all of it can be tried again, once that is put right."""
        self.session.tell_error(error)
        self.refresh()

    def refresh(self) -> None:
        self._work_out()

    def kept(self) -> tuple[_Read, str, str, int, frozenset[str]] | None:
        if self._read is None:
            return None
        target, crs = (str(box.currentData() or "") for box in (self.target, self.crs))
        return self._read, target, crs, self.pages.currentIndex(), self._left

    def take_up(self, kept: tuple[_Read, str, str, int, frozenset[str]]) -> None:
        self._read, target, crs, page, self._left = kept
        for box, data in ((self.target, target), (self.crs, crs)):
            box.setCurrentIndex(box.findData(data))
        self.open_page(page)
        self._work_out()

    def _build(self) -> None:
        self.target, self.crs = Choice(), Choice()
        project = self.session.project
        if project is not None:
            for layer in project.snapshot.with_role("drainage-spot", "traffic-spot"):
                self.target.addItem(tr("新建“{l}”", "A new one in “{l}”", l=tr(layer.title)), layer.id)
        self.target.addItem(tr("不新建，进入待放置照片", "None: onto the tray"), "")
        for code, words in _SYSTEMS:
            self.crs.addItem(tr(words), code)
        for box in (self.target, self.crs):
            box.activated.connect(lambda _: self._work_out())
        self.add_choice(Text("附近没有问题点时", "With no spot near"), self.target)
        self.add_choice(Text("位置来自", "Positions are"), self.crs)
        self.photos = QListWidget()
        self.photos.setIconSize(THUMB)
        self.photos.setSpacing(2)
        self.photos.setWordWrap(True)
        self.photos.currentItemChanged.connect(lambda now, _: self._look_at(now))
        self.photos.itemChanged.connect(self._on_ticked)
        self.add_page(Text("照片", "Photos"), self.photos)
        self.add_page(Text("发现", "Findings"), self.findings)
        self.show_findings(())
        self.go.setText(tr("导入", "Import"))

    def _on_read(self, read: _Read) -> None:
        self._read = read
        self._work_out()

    def _work_out(self) -> None:
        read, project = self._read, self.session.project
        if read is None or project is None:
            return
        snapshot, target, crs = (
            project.snapshot,
            self.target.currentData() or None,
            str(self.crs.currentData()),
        )
        self._worked = None
        wanted = [photo for photo in read.photos if photo.id not in self._left]

        def work(progress: Progress) -> _Worked:
            progress.check()
            plan = plan_photos(snapshot, wanted, target, crs=crs, findings=read.findings)
            return _Worked(plan, snapshot)

        self.begin(Text("正在核对", "Checking"), work, self._on_worked)

    def _on_worked(self, worked: _Worked) -> None:
        self._worked = worked
        plan = worked.plan
        parts = [tr(photos_words(len(self._paths)))]
        parts += [tr(words, n=n) for way, words in _COUNTS if (n := len(getattr(plan, way)))]
        if self._left:
            parts.append(tr("不导入 {n}", "{n} left out", n=len(self._left)))
        self.summary.setText(tr("，", ", ").join(parts))
        self.understood.setText(
            tr(
                "15 米内有问题点的照片附到该点；照片压缩保存，不保留拍摄者信息。",
                "A photo within 15 m of a spot goes there. Photos are kept without their EXIF.",
            )
        )
        self.show_findings(plan.findings)
        self._fill(worked)
        self.preview(proposal_of(plan.changes))
        self.go.setText(tr("导入 {n} 张", "Import {n}", n=len(plan.photos)))
        self.go.setEnabled(bool(plan.changes))
        if not plan.changes:
            self.show_problem(Text("没有可导入的新照片。", "There is no new photo to import."))

    def _on_ticked(self, item: QListWidgetItem) -> None:
        photo_id = item.data(_ID)
        ticked = item.checkState() == Qt.CheckState.Checked
        if photo_id and ticked == (photo_id in self._left):
            self._left = self._left ^ {photo_id}
            self._work_out()

    def _fill(self, worked: _Worked) -> None:
        """Show all photos as they would come in, a few at a time; the list stays where it was."""
        assert self._read is not None
        changes = {
            photo: change
            for change in worked.plan.changes
            if change.after is not None
            for photo in str(change.after.attributes.get("photos") or "").split(",")
        }
        told = {finding.record: tr(finding.message) for finding in worked.plan.findings if finding.record}
        planned = iter(worked.plan.ways)
        ways = ["left" if photo.id in self._left else next(planned) for photo in self._read.photos]
        self._filling.begin(self._fill_rows(worked, ways, changes, told))

    def _fill_rows(
        self,
        worked: _Worked,
        ways: Sequence[str],
        changes: Mapping[str, Change],
        told: Mapping[int | str, str],
    ) -> Iterator[None]:
        assert self._read is not None
        for at, (photo, way) in enumerate(zip(self._read.photos, ways, strict=True)):
            change = changes.get(photo.id)
            words = _words(photo, way, change, worked.snapshot, told.get(photo.name))
            with QSignalBlocker(self.photos):
                self._show_photo(at, photo, way, words, change)
            yield
        for at, name in enumerate(worked.plan.refused, len(ways)):
            self._item(at).setText(f"{name}\n{told.get(name) or tr(_WAYS['refused'])}")
            yield

    def _show_photo(self, at: int, photo: PhotoFile, way: str, words: str, change: Change | None) -> None:
        assert self._read is not None
        item = self._item(at)
        item.setText(words)
        if item.icon().isNull():
            item.setIcon(as_icon(self._read.pictures[photo.id]))
        item.setData(Qt.ItemDataRole.UserRole, change)
        chosen = way not in ("known", "twice")  # those cannot be
        item.setData(_ID, photo.id if chosen else None)
        state = Qt.CheckState.Unchecked if way == "left" else Qt.CheckState.Checked
        item.setData(Qt.ItemDataRole.CheckStateRole, state if chosen else None)

    def _item(self, at: int) -> QListWidgetItem:
        """Return a row of the list, added if it is not there yet: as many photos stay as were read."""
        item = self.photos.item(at)
        if item is None:
            item = QListWidgetItem()
            self.photos.addItem(item)
        return item

    def _look_at(self, item: QListWidgetItem | None) -> None:
        change = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        proposal = self.session.proposal
        if isinstance(change, Change) and change.after is not None and change.after.geometry is not None:
            shape = change.after.geometry
            if proposal is not None:
                self.session.propose(proposal.with_focus(as_array([shape])))
            self.session.zoom_requested.emit(roomy(shape.bounds))


def _photos(paths: Sequence[Path], progress: Progress) -> _Read:
    photos, findings = read_photos(paths, progress.part(0, 0.8))
    pictures = {}
    for photo in photos:
        progress.check()
        pictures[photo.id] = thumbnail(photo.data)
    return _Read(photos, findings, pictures)


def thumbnail(data: bytes) -> QImage:
    """Return a small picture of a photo, in any thread; an empty one if it cannot be read."""
    image = QImage.fromData(data)
    if image.isNull():
        return image
    return image.scaled(
        THUMB * 2, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def as_icon(picture: QImage) -> QIcon:
    """Return a small picture as an icon that is sharp on fine screens."""
    pixmap = QPixmap.fromImage(picture)
    pixmap.setDevicePixelRatio(2.0)
    return QIcon(pixmap)


def _words(photo: PhotoFile, way: str, change: Change | None, snapshot: Snapshot, told: str | None) -> str:
    spot = ""
    if change is not None and change.after is not None:
        spot = tr(snapshot.layers[change.layer].name_of(change.before or change.after))
    lines = [photo.name, told if told and way in ("waiting", "twice") else tr(_WAYS[way], s=spot)]
    if photo.taken:
        lines.append(tr(moment_words(photo.taken)))
    return "\n".join(lines)
