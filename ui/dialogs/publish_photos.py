"""Photos for the page: which are public, what stands below them, and what is covered on them."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QIcon, QImage, QPixmap
from PyQt6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from gis.i18n import tr
from gis.progress import Progress
from gis.project import Project
from gis.publish.photos import MOST_PX, boxes_of, prepared_photo
from layers.errors import PlanboardError
from layers.revision import WORKING
from layers.text import Text
from ui.dialogs.blackout_canvas import CHOOSE, BlackoutCanvas
from ui.dialogs.form_page import FormPage
from ui.dialogs.settings_draft import SettingsDraft
from ui.models.plan_photos import PlanPhoto, photos_of
from ui.panels.parts import button, column, icon_button, label, row
from ui.tasks import Tasks

_READING = Text("正在读取照片…", "Reading the photo…")
_UNREADABLE = Text(
    "这张照片无法读取，不会放入网页：文件损坏、过大，或是 HEIC 等格式。请另存为 JPEG 后重新添加。",
    "This photo cannot be read and stays out of the page: damaged, too large, or of a format such as HEIC. "
    "Save it as JPEG and add it again.",
)
_THUMB_PX = 72
_ID = Qt.ItemDataRole.UserRole


class PhotosPage(FormPage):
    """The list of photos, ticked if public.

    Signals
    -------
    photo_chosen(object)
        A `PlanPhoto`, or None.
    """

    photo_chosen = pyqtSignal(object)
    _thumb_made = pyqtSignal(str, object)

    def __init__(self, project: Project, draft: SettingsDraft, tasks: Tasks) -> None:
        super().__init__(
            Text("照片", "Photos"),
            Text(
                "打勾的照片会缩小、去掉拍摄地点和时间后放进网页。选中后，在右侧拖框遮住人脸和车牌。",
                "Ticked photos go into the page, made smaller and without place and time. Cover faces and "
                "number plates on the right.",
            ),
        )
        self._project, self._draft, self._tasks = project, draft, tasks
        self._filling = False
        self.photos: tuple[PlanPhoto, ...] = ()
        self.list = QListWidget()
        self.list.setIconSize(QSize(_THUMB_PX, _THUMB_PX))
        self.list.setSpacing(2)
        self.list.setAccessibleName(tr("照片", "Photos"))
        self.list.itemChanged.connect(self._on_tick)
        self.list.currentRowChanged.connect(self._on_row)
        self.none = label(role="soft", wrap=True)
        self.add_wide(self.none)
        self.add_wide(self.list, 1)
        self._room = QWidget()
        self.add_wide(self._room, 1)
        self._thumb_made.connect(self._show_thumb)
        self._show_whether()

    @property
    def ticked(self) -> int:
        """How many are public."""
        return sum(self._draft.get(photo.public) is True for photo in self.photos)

    def show_photos(self, photos: tuple[PlanPhoto, ...], state: str) -> None:
        """List the photos of another state."""
        self.none.setText(tr(self._why_none(state)))
        if photos == self.photos:
            return
        self.photos = photos
        self._show_whether()
        self._fill()
        self.photo_chosen.emit(None)
        if photos:
            self._tasks.run(Text("读取照片", "Reading photos"), self._read_thumbs, lambda _: None, quiet=True)

    def _why_none(self, state: str) -> Text:
        later = 0 if state == WORKING else len(photos_of(self._project.snapshot))
        if not later:
            return Text(
                "这一版没有照片。在问题点或设施的属性里可以添加。",
                "This revision has no photos. Add them to problem spots or facilities.",
            )
        return Text(
            "{r} 冻结时还没有照片；当前方案有 {n} 张。要公开它们，请冻结新版次，或发布当前方案。",
            "{r} was frozen without photos; the working plan has {n}. To publish them, freeze a new "
            "revision or publish the working plan.",
        ).format(r=state, n=later)

    def refresh(self) -> None:
        """Tell again how many boxes each photo has."""
        self._filling = True
        for at, photo in enumerate(self.photos):
            item = self.list.item(at)
            if item is not None:
                item.setText(self._words(photo))
        self._filling = False

    def _show_whether(self) -> None:
        self.list.setVisible(bool(self.photos))
        for part in (self.none, self._room):
            part.setVisible(not self.photos)

    def _fill(self) -> None:
        self._filling = True
        self.list.clear()
        for photo in self.photos:
            item = QListWidgetItem(self._words(photo))
            item.setData(_ID, photo.photo_id)
            item.setSizeHint(QSize(0, _THUMB_PX + 8))
            on = self._draft.get(photo.public) is True
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self._filling = False

    def _words(self, photo: PlanPhoto) -> str:
        covered = len(boxes_of(self._draft.get(photo.blackout)))
        caption = self._draft.words(photo.caption)
        lines = [tr(photo.title), caption or tr("（没有说明）", "(no caption)")]
        lines.append(
            tr("已遮盖 {n} 处", "covered: {n}", n=covered) if covered else tr("没有遮盖", "nothing covered")
        )
        return "\n".join(lines)

    def _on_tick(self, item: QListWidgetItem) -> None:
        if not self._filling:
            photo = self.photos[self.list.row(item)]
            self._draft.put(photo.public, True if item.checkState() == Qt.CheckState.Checked else None)

    def _on_row(self, at: int) -> None:
        self.photo_chosen.emit(self.photos[at] if 0 <= at < len(self.photos) else None)

    def _read_thumbs(self, progress: Progress) -> None:
        for photo in self.photos:
            progress.check()
            image = read_photo(self._project, photo.photo_id, _THUMB_PX * 2)
            if not image.isNull():
                self._thumb_made.emit(photo.photo_id, image)

    def _show_thumb(self, photo_id: str, image: QImage) -> None:
        self._filling = True
        for at, photo in enumerate(self.photos):
            item = self.list.item(at)
            if photo.photo_id == photo_id and item is not None:
                item.setIcon(QIcon(QPixmap.fromImage(image)))
        self._filling = False


class PhotoEditor(QWidget):
    """One photo large: its caption, and boxes over what nobody should recognise."""

    def __init__(self, project: Project, draft: SettingsDraft, tasks: Tasks) -> None:
        super().__init__()
        self._project, self._draft, self._tasks = project, draft, tasks
        self._photo: PlanPhoto | None = None
        self.canvas = BlackoutCanvas()
        self.canvas.boxes_changed.connect(self._keep_boxes)
        self.caption = QLineEdit()
        self.caption.setPlaceholderText(tr("照片说明（会公开）", "Caption (public)"))
        self.caption.editingFinished.connect(self._keep_caption)
        self.caption.setEnabled(False)
        add = button(tr("加一个黑框", "Add a box"), glyph="plus")
        add.clicked.connect(self.canvas.add_box)
        remove = button(tr("删除黑框", "Remove box"), glyph="trash")
        remove.clicked.connect(self.canvas.remove_chosen)
        undo, redo = icon_button("arrow-u-up-left"), icon_button("arrow-u-up-right")
        undo.setToolTip(tr("撤销  (Ctrl+Z)", "Undo  (Ctrl+Z)"))
        redo.setToolTip(tr("重做  (Ctrl+Shift+Z)", "Redo  (Ctrl+Shift+Z)"))
        undo.clicked.connect(self.canvas.undo)
        redo.clicked.connect(self.canvas.redo)
        for act in (add, remove):
            act.setAutoDefault(False)
        self._acts = (add, remove, undo, redo)
        keys = Text(
            "拖动画黑框；拖框移动，拖角改大小。"
            "键盘：Insert 加框，空格换框，方向键移动，Shift+方向键改大小，Delete 删除。",
            "Drag to cover; drag a box to move it, a corner to size it. Keys: Insert adds, Space goes to "
            "the next, arrows move, Shift+arrows size, Delete removes.",
        )
        whole = column(margins=(16, 14, 16, 10), spacing=8)
        whole.addLayout(row(add, remove, undo, redo, None, spacing=6))
        whole.addWidget(self.canvas, 1)
        whole.addWidget(self.caption)
        whole.addWidget(label(tr(keys), "faint", wrap=True))
        self.setLayout(whole)
        self.show_photo(None)

    def show_photo(self, photo: PlanPhoto | None) -> None:
        """Show one photo, read in the background."""
        self._keep_caption()
        self._photo = photo
        for part in (*self._acts, self.caption):
            part.setEnabled(photo is not None)
        self.canvas.show_photo(QImage(), (), _READING if photo is not None else CHOOSE)
        self.caption.setText(self._draft.words(photo.caption) if photo is not None else "")
        if photo is None:
            return

        def work(progress: Progress) -> QImage:
            progress.check()
            return read_photo(self._project, photo.photo_id, MOST_PX)

        title = Text("读取照片", "Reading photos")
        self._tasks.run(title, work, lambda image: self._show(photo, image), quiet=True)

    def _show(self, photo: PlanPhoto, image: QImage) -> None:
        from PyQt6 import sip

        if sip.isdeleted(self) or photo != self._photo:
            return
        self.canvas.show_photo(image, boxes_of(self._draft.get(photo.blackout)), _UNREADABLE)
        for part in (*self._acts, self.canvas):
            part.setEnabled(not image.isNull())

    def _keep_boxes(self, boxes: object) -> None:
        if self._photo is not None:
            kept = [list(box) for box in boxes]  # type: ignore[attr-defined]
            self._draft.put(self._photo.blackout, kept or None)

    def _keep_caption(self) -> None:
        if self._photo is not None:
            self._draft.put(self._photo.caption, self.caption.text().strip() or None)


def read_photo(project: Project, photo_id: str, most_px: int) -> QImage:
    """Return a photo upright and no larger than asked; a null image if it cannot be read.

    By the very code that publishes it: where a box lies here, it lies on the page, however the
    camera was held and whatever the file says about it.
    """
    try:
        data, _ = prepared_photo(project.photo(photo_id).data)
    except (PlanboardError, OSError, ValueError, SyntaxError):
        return QImage()
    image = QImage.fromData(data, "JPEG")
    if max(image.width(), image.height()) <= most_px:
        return image
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(most_px, most_px, keep, smooth)
