"""Placing a picture or a drawing by control points: click there, click here, see how well it fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PyQt6.QtCore import QEvent, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence, QShowEvent, QTransform
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QSlider,
    QSplitter,
    QWidget,
)
from shapely import Point

from gis.exchange.import_records import ImportRecord
from gis.georeference import ControlPoint, Fit, Method
from gis.i18n import tr
from gis.pick import Box
from layers.background import Affine
from layers.errors import PlanboardError
from layers.text import Text
from ui.canvas.backdrop import Ghost
from ui.canvas.canvas import MapCanvas
from ui.canvas.pins import Pin
from ui.dialogs.picture_view import PictureView
from ui.dialogs.point_table import PointTable, X
from ui.dialogs.system_offer import SystemOffer
from ui.models.control_table import PointRow, Solution, next_name, pasted_rows, solve
from ui.models.window_words import window_words
from ui.panels.parts import button, column, label, row
from ui.place_picker import PlacePicker
from ui.session import Session

_OWN_KEYS: Final = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Paste)
_WIDE_PX, _EDGE_PX, _TOP_PX = 560, 12, 72
_METHODS: Final[tuple[tuple[Method, Text], ...]] = (
    ("similarity", Text("四参数（平移、旋转、缩放）", "Similarity (shift, turn, scale)")),
    ("affine", Text("仿射（至少 4 点，可校正图纸变形）", "Affine (4 points or more; for warped paper)")),
)
_START: Final = Text(
    "第 1 步：在图上单击一个好认的点（墙角、路口）。滚轮缩放，拖动移动。",
    "Step 1: click a point you know on the picture (a corner). Wheel zooms, drag moves.",
)
_NOT_PASTED: Final = Text("剪贴板里没有控制点。", "The clipboard holds no control points.")
_PASTE_FORM: Final = Text(
    "从 Excel 复制几行再粘贴：点名、图上 X、图上 Y、东、北（点名可省；只有东、北也可以）。",
    "Copy rows of Excel, then paste: name, drawing x, y, east, north; or without the name.",
)
_ON_MAP: Final = Text(
    "第 2 步：在地图上单击同一个点（会捕捉），或在表中输入坐标。Esc 取消。",
    "Step 2: click the same point on the map (it snaps), or type its coordinates. Esc cancels.",
)


@dataclass(frozen=True)
class ControlSheet:
    """What is to be placed.

    Parameters
    ----------
    title : str
    image : QImage
        How it looks; a drawing is painted with `gis.render.outline_picture.picture_of`.
    to_drawing : Affine
        From pixels of `image` to the drawing's coordinates. Of a picture: (column, minus row) in the
        pixels of the file.
    picture : bool
        Whether the drawing is a picture: no unit, rows counted downwards on screen.
    known : ImportRecord, optional
        An earlier import whose control points may serve for this one.
    """

    title: str
    image: QImage
    to_drawing: Affine
    picture: bool
    known: ImportRecord | None = None


class GeoreferenceDialog(QDialog):
    """Collects control points, shows the fit and tries it out on the map.

    The window stays in use meanwhile. Callers: make it with a `ControlSheet`, connect `fitted`, `show` it.

    Signals
    -------
    fitted(Fit)
        The user accepts: from the drawing's coordinates to the project's CRS.
    """

    fitted = pyqtSignal(object)

    def __init__(
        self, parent: QWidget, session: Session, canvas: MapCanvas, picker: PlacePicker, sheet: ControlSheet
    ) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._canvas, self._picker, self._sheet = session, canvas, picker, sheet
        self.rows: list[PointRow] = []
        self._past: list[tuple[list[PointRow], int]] = []
        self.solution = Solution(None, ())
        self._current = -1
        self._build()
        self.setWindowTitle(tr("配准：{n}", "Georeference: {n}", n=sheet.title))
        session.project_opened.connect(self.reject)
        self._refresh()

    # What the user does

    def point_at(self, column: float, row_down: float) -> None:
        """Take a place on the picture: for the point in hand if it lacks one, else for a new one.

        While the map is waited for, another click only corrects the one before.
        """
        x, y = self._drawing_place(column, row_down)
        self._remember()
        in_hand = self.rows[self._current] if 0 <= self._current < len(self.rows) else None
        if in_hand is not None and (in_hand.x is None or (in_hand.east is None and self._picker.active)):
            self.rows[self._current] = replace(self.rows[self._current], x=x, y=y)
        else:
            self.rows.append(PointRow(next_name(self.rows), x, y))
            self._current = len(self.rows) - 1
        self._refresh()
        if self.rows[self._current].east is None:
            self._pick()

    def point_on_map(self, place: Point) -> None:
        """Take a place on the ground for the point in hand."""
        if 0 <= self._current < len(self.rows):
            self._remember()
            east, north = self._canvas.snapped((place.x, place.y))
            self.rows[self._current] = replace(self.rows[self._current], east=east, north=north)
            self._refresh()
            self.activateWindow()

    def choose(self, at: int) -> None:
        """Take a point in hand."""
        if 0 <= at < len(self.rows):
            self._current = at
            self._refresh()
            spot = self._picture_place(self.rows[at])
            if spot is not None:
                self.view.centre_on(*spot)

    def remove(self) -> None:
        """Remove the point in hand."""
        if 0 <= self._current < len(self.rows):
            self._remember()
            del self.rows[self._current]
            self._current = min(self._current, len(self.rows) - 1)
            self._picker.stop()
            self._refresh()

    def load(self, path: Path) -> None:
        """Read points from a table: name, x, y, east, north; of a picture column and row."""
        from gis.exchange.control_points import read_control_points

        snapshot = self._session.snapshot
        if snapshot is None:
            return
        try:
            points = read_control_points(path, snapshot.crs)
        except PlanboardError as error:
            self._say(error.message, error.advice, bad=True)
            return
        down = -1.0 if self._sheet.picture else 1.0
        self._take_rows(
            [PointRow(p.name, p.x, down * p.y, p.east, p.north, exchanged=p.exchanged) for p in points]
        )

    @property
    def used_points(self) -> tuple[ControlPoint, ...]:
        """The points that make the fit."""
        return tuple(line.point for line in self.rows if line.used and line.point is not None)

    def take_known(self) -> None:
        """Take the points of an earlier import that are not here yet, and how they were fitted."""
        known = self._sheet.known
        if known is None:
            return
        self.swap.setChecked(known.swapped)
        self.method.setCurrentIndex(self.method.findData(known.method))
        fresh = [PointRow(p.name, p.x, p.y, p.east, p.north) for p in known.points]
        here = {line.point for line in self.rows}
        self._take_rows([line for line in fresh if line.point not in here])

    def paste(self) -> None:
        """Take the points that stand in the clipboard, such as rows of Excel."""
        clipboard = QGuiApplication.clipboard()
        rows = pasted_rows(clipboard.text() if clipboard is not None else "", self.rows)
        if not rows:
            self._say(_NOT_PASTED, _PASTE_FORM, bad=True)
            return
        if self._sheet.picture:
            rows = [replace(r, y=None if r.y is None else -r.y) for r in rows]
        self._take_rows(rows)

    def add_row(self) -> None:
        """Add a point whose numbers are typed."""
        self._picker.stop()
        self._take_rows([PointRow(next_name(self.rows))])
        self.table.setFocus()
        self.table.setCurrentCell(self._current, X)

    def _take_rows(self, rows: Sequence[PointRow]) -> None:
        self._remember()
        self.rows += rows
        self._current = len(self.rows) - 1
        self._refresh()

    def take_back(self) -> None:
        """Undo the last thing that was done to the points."""
        if self._past:
            self.rows, self._current = self._past.pop()
            self._picker.stop()
            self._refresh()

    def _remember(self) -> None:
        self._past.append((list(self.rows), self._current))

    def accept(self) -> None:
        if self.solution.acceptable and self.solution.fit is not None:
            fit = self.solution.fit
            super().accept()
            self.fitted.emit(fit)

    def done(self, a0: int) -> None:
        """Leave the map as it was, however the form is left."""
        self._picker.stop()
        self._canvas.show_ghost(None)
        super().done(a0)

    def event(self, a0: QEvent | None) -> bool:
        """Keep undo and paste for the points: the window behind would do both to the plan."""
        mine = isinstance(a0, QKeyEvent) and a0.type() == QEvent.Type.ShortcutOverride
        if mine and isinstance(a0, QKeyEvent) and any(map(a0.matches, _OWN_KEYS)):
            a0.accept()
            return True
        return super().event(a0)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Let Escape stop the pointing; it closes the form only while there is nothing to lose."""
        if a0 is not None and a0.matches(QKeySequence.StandardKey.Undo):
            self.take_back()
            return
        if a0 is not None and a0.key() == Qt.Key.Key_Escape and (self._picker.active or self.rows):
            self._picker.stop()
            return
        if a0 is not None and a0.matches(QKeySequence.StandardKey.Paste):
            self.paste()
            return
        super().keyPressEvent(a0)

    def showEvent(self, a0: QShowEvent | None) -> None:
        """Stand at the right of the window, over the panels, so that the map stays free."""
        super().showEvent(a0)
        window = self.parentWidget()
        if window is not None and a0 is not None and not a0.spontaneous():
            self.setGeometry(_beside(window.window() or window))
            self.activateWindow()  # a tool window is not given the keys by itself, and a paste would miss it

    # How it is built

    def _build(self) -> None:
        self.view = PictureView(self._sheet.image)
        self.view.pointed.connect(self.point_at)
        self.view.mark_chosen.connect(self.choose)
        self.hint = label(wrap=True)
        self.table = PointTable(picture=self._sheet.picture)
        self.table.chosen.connect(self._on_row)
        self.table.edited.connect(self._on_edited)
        self.table.placed.connect(self._picker.stop)
        self.method = QComboBox()
        for code, words in _METHODS:
            self.method.addItem(tr(words), code)
        self.method.currentIndexChanged.connect(lambda _: self._refresh())
        self.swap = QCheckBox(tr("交换坐标轴（镜像、东北颠倒）", "Exchange the axes (mirrored drawing)"))
        self.swap.toggled.connect(lambda _: self._refresh())
        self.summary, self.problem = label(wrap=True), label(role="error", wrap=True)
        self.preview = QCheckBox(tr("在地图上预览", "Preview on the map"))
        self.preview.setChecked(True)
        self.preview.toggled.connect(lambda _: self._show_ghost())
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(10, 100)
        self.opacity.setValue(60)
        self.opacity.setMaximumWidth(140)
        self.opacity.setAccessibleName(tr("预览不透明度", "Opacity of the preview"))
        self.opacity.valueChanged.connect(lambda _: self._show_ghost())
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.view)
        parts.addWidget(self._lower())
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setChildrenCollapsible(False)
        whole = column(margins=(16, 14, 16, 14), spacing=10)
        whole.addWidget(self.hint)
        whole.addWidget(parts, 1)
        whole.addWidget(self.summary)
        whole.addWidget(self.problem)
        whole.addLayout(self._foot())
        self.setLayout(whole)

    def _lower(self) -> QWidget:
        holder = QWidget()
        again = self._act(Text("在地图上点取", "Pick on the map"), self._pick)
        acts = row(
            again,
            self._act(Text("添加一行", "Add a row"), self.add_row),
            self._act(Text("粘贴", "Paste"), self.paste, _PASTE_FORM),
            self._act(Text("读取文件…", "File…"), self._ask_file),
            self._act(Text("删除", "Remove"), self.remove),
            None,
        )
        body = column(self.table, spacing=8)
        body.addLayout(acts)
        line = row(label(tr("方法", "Method"), "field"), self.method, None)
        known = self._sheet.known
        if known is not None:
            words = Text("沿用上次的 {n} 个点", "Take the last {n} points").format(n=len(known.points))
            told = Text("导入 {f} 时用过的控制点", "The control points of the import of {f}")
            line.insertWidget(2, self._act(words, self.take_known, told.format(f=known.file)))
        body.addLayout(line)
        body.addWidget(self.swap)
        self.offer = SystemOffer()
        self.offer.clicked.connect(self.convert_ground)
        body.addLayout(row(self.offer, None))
        body.addLayout(row(self.preview, self.opacity, None))
        holder.setLayout(body)
        return holder

    def _foot(self) -> QHBoxLayout:
        self.go = button(tr("按此配准", "Place it so"), "primary")
        self.go.clicked.connect(self.accept)
        self.go.setAutoDefault(False)
        cancel = self._act(Text("取消", "Cancel"), self.reject)
        return row(None, cancel, self.go)

    def _act(self, title: Text, do: Callable[[], object], tip: Text | None = None) -> QWidget:
        made = button(tr(title))
        made.setToolTip(tr(tip) if tip is not None else "")
        made.setAutoDefault(False)
        made.clicked.connect(lambda _=False: do())
        return made

    # What follows from it

    def _refresh(self) -> None:
        method, snapshot = self.method.currentData(), self._session.snapshot
        crs = snapshot.crs if snapshot is not None else None
        if crs is not None:
            self.rows = [line.east_first(crs) for line in self.rows]
        if not self._sheet.picture:
            self.rows = [line.drawing_east_first(self._drawing_box()) for line in self.rows]
        self.solution = solve(
            self.rows, method, swapped=self.swap.isChecked(), picture=self._sheet.picture, crs=crs
        )
        self.table.fill(self.rows, self.solution.residuals_m, self._current)
        self.view.show_marks(
            [
                Pin(*spot, line.name, line.used, at == self._current)
                for at, line in enumerate(self.rows)
                if (spot := self._picture_place(line)) is not None
            ]
        )
        self.offer.look_at(self.rows, snapshot)
        self._show_summary()
        waits = 0 <= self._current < len(self.rows) and self.rows[self._current].east is None
        self.hint.setText(tr(_ON_MAP if waits else _START))
        self.go.setEnabled(self.solution.acceptable)
        self._show_ghost()

    def convert_ground(self) -> None:
        """Take the ground of all points for that of the system that is offered."""
        snapshot = self._session.snapshot
        if snapshot is not None:
            self._remember()
            self.rows = self.offer.converted(self.rows, snapshot.crs)
            self._refresh()

    def _show_summary(self) -> None:
        solution, fit = self.solution, self.solution.fit
        self.swap.setVisible(solution.offer_swap or self.swap.isChecked() or not self._sheet.picture)
        if fit is None:
            self.summary.setText("")
            self._say(solution.problem, solution.advice, bad=solution.offer_swap or len(self.rows) > 1)
            return
        words = tr(
            "中误差 {r:.3f} m（{n} 个点） · 旋转 {a:.2f}°", "RMS {r:.3f} m ({n} points) · rotation {a:.2f}°",
            r=fit.rms_m, n=len(fit.names), a=fit.rotation_deg,
        )  # fmt: skip
        size = (
            tr("一个像素 {s:.3f} m", "one pixel is {s:.3f} m", s=fit.scale)
            if self._sheet.picture
            else tr("比例 {s:.6g}", "scale {s:.6g}", s=fit.scale)
        )
        self.summary.setText(f"{words} · {size}")
        if solution.problem.zh:
            self._say(solution.problem, solution.advice, bad=True)
        else:
            doubts = [tr(f.message) for f in fit.findings if f.severity != "info"]
            doubts += [self.offer.doubt] if self.offer.doubt else []
            self.problem.setText(tr("；", "; ").join(doubts))
            self.problem.setVisible(bool(doubts))

    def _say(self, what: Text, advice: Text | None, *, bad: bool) -> None:
        said = [window_words(text) for text in (what, advice) if text is not None]
        words = " ".join(tr(text) for text in said if text.zh)
        (self.problem if bad else self.summary).setText(words)
        self.problem.setVisible(bad and bool(words))

    def _on_row(self, at: int) -> None:
        if at != self._current:
            self.choose(at)

    def _on_edited(self, at: int, line: PointRow) -> None:
        self._remember()
        self.rows[at] = line
        self._current = at
        self._refresh()

    def _pick(self) -> None:
        if 0 <= self._current < len(self.rows):
            self._picker.start(self.point_on_map, _ON_MAP)

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, tr("控制点文件", "Control points"), "", "CSV, TXT, DAT (*.csv *.txt *.dat)"
        )
        if name:
            self.load(Path(name))

    def _show_ghost(self) -> None:
        fit, ghost = self.solution.fit, None
        if fit is not None and self.preview.isChecked():
            ghost = Ghost(self._sheet.image, self._to_ground(fit), self.opacity.value() / 100)
        pins = [
            Pin(line.east, line.north, line.name, line.used, at == self._current)
            for at, line in enumerate(self.rows)
            if line.east is not None and line.north is not None
        ]
        self._canvas.show_ghost(ghost, pins)

    def _to_ground(self, fit: Fit) -> QTransform:
        """Return the transformation from pixels of the shown image to the ground."""
        corners = [self._drawing_place(x, y) for x, y in ((0, 0), (1, 0), (0, 1))]
        (c, f), (ax, ay), (bx, by) = ((float(p[0]), float(p[1])) for p in fit.apply(corners))  # type: ignore[arg-type]
        return QTransform(ax - c, ay - f, bx - c, by - f, c, f)

    def _drawing_place(self, column: float, row_down: float) -> tuple[float, float]:
        a, b, c, d, e, f = self._sheet.to_drawing
        return a * column + b * row_down + c, d * column + e * row_down + f

    def _drawing_box(self) -> Box:
        """Return the box around the drawing, in its own numbers."""
        image = self._sheet.image
        xs, ys = zip(
            self._drawing_place(0, 0), self._drawing_place(image.width(), image.height()), strict=True
        )
        return min(xs), min(ys), max(xs), max(ys)

    def _picture_place(self, line: PointRow) -> tuple[float, float] | None:
        if line.x is None or line.y is None:
            return None
        a, b, c, d, e, f = self._sheet.to_drawing
        column, row_down = QTransform(a, d, b, e, c, f).inverted()[0].map(line.x, line.y)
        return column, row_down

    def sizeHint(self) -> QSize:
        return QSize(_WIDE_PX, _WIDE_PX)


def picture_transform(fit: Fit) -> Affine:
    """Return where the pixels (column, row) of a picture lie, from a fit of (column, minus row)."""
    (c, f), (ax, ay), (bx, by) = ((float(p[0]), float(p[1])) for p in fit.apply([[0, 0], [1, 0], [0, -1]]))  # type: ignore[arg-type]
    return ax - c, bx - c, c, ay - f, by - f, f


def _beside(window: QWidget) -> QRect:
    """Return the right side of a window, as far as the screen shows it."""
    room = window.geometry()
    screen = QGuiApplication.screenAt(room.center()) or QGuiApplication.primaryScreen()
    if screen is not None:
        room = room.intersected(screen.availableGeometry())
    wide = min(_WIDE_PX, room.width() - 2 * _EDGE_PX)
    return QRect(
        room.right() - wide - _EDGE_PX, room.top() + _TOP_PX, wide, room.height() - _TOP_PX - _EDGE_PX
    )
