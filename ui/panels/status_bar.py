"""The line at the bottom: hint, coordinate, scale, coordinate system, drawing, snapping."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PyQt6.QtWidgets import QComboBox, QMenu, QSizePolicy, QToolButton, QWidget

from gis.i18n import tr
from layers.text import Text, same
from ui.models.coordinates import FORMATS, SCALE_PRESETS, read_scale, written
from ui.panels.parts import Elided, Wording, label, row
from ui.session import Session
from ui.theme.tokens import theme

_FORMAT_WORDS = {
    "plane": Text("东, 北（米）", "East, north (m)"),
    "survey": Text("测量坐标 X=北 Y=东", "Survey X = north, Y = east"),
    "degrees": Text("纬度, 经度", "Latitude, longitude"),
}
_HEIGHT = 30


class RenderDot(QWidget):
    """A small light: grey at rest, teal while the map is being drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.busy = False
        self.setFixedSize(14, 14)

    def show_busy(self, busy: bool) -> None:
        """Show whether the map is being drawn."""
        self.busy = busy
        self.setToolTip(tr("正在绘制…", "Drawing…") if busy else tr("绘制完成", "Drawn"))
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().accent if self.busy else theme().line_strong))
        painter.drawEllipse(3, 3, 8, 8)


class StatusBar(QWidget):
    """Shows where the pointer is and how the map is seen.

    Signals
    -------
    scale_chosen(float)
        A scale denominator.
    format_changed(str)
    """

    scale_chosen = pyqtSignal(float)
    format_changed = pyqtSignal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("Status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_HEIGHT)
        self._session = session
        self._words = Wording(session, self)
        self._hint_text = same("")
        self._place = (0.0, 0.0)
        self.coordinate_style = "plane"
        self._build()
        session.language_changed.connect(self._reword)
        for signal in (session.project_opened, session.viewed):
            signal.connect(self._show_project)
        self._show_project()

    def show_hint(self, hint: Text) -> None:
        """Show what the tool in hand expects."""
        self._hint_text = hint
        self._write_hint()

    def show_place(self, x: float, y: float) -> None:
        """Show where the pointer is, metres."""
        self._place = (x, y)
        snapshot = self._session.snapshot
        if snapshot is not None:
            self.coordinate.setText(written(x, y, snapshot.crs, self.coordinate_style))

    def show_scale(self, denominator: float) -> None:
        """Show the scale of the map."""
        if not self.scale.hasFocus():
            self.scale.setEditText(f"1:{denominator:.0f}")

    def show_busy(self, busy: bool) -> None:
        """Show whether the map is being drawn."""
        self.dot.show_busy(busy)

    def set_style(self, style: str) -> None:
        """Write coordinates in another way."""
        if style in FORMATS and style != self.coordinate_style:
            self.coordinate_style = style
            self.show_place(*self._place)
            self.format_changed.emit(style)

    def _build(self) -> None:
        self.hint = Elided()
        self.coordinate = QToolButton()
        self.coordinate.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.coordinate.setMinimumWidth(176)
        self.coordinate.clicked.connect(self._copy)
        self.coordinate.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.coordinate.customContextMenuRequested.connect(self._offer_styles)
        self._words.bind(
            self.coordinate.setToolTip,
            Text("单击复制坐标，右键选择写法", "Click copies, right-click chooses the format"),
        )
        self.scale = QComboBox()
        self.scale.setEditable(True)
        self.scale.setCompleter(None)  # it would make 1:1000 of 1:100
        self.scale.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.scale.setFixedWidth(92)
        self.scale.addItems([f"1:{preset}" for preset in SCALE_PRESETS])
        self.scale.activated.connect(lambda _: self._choose_scale())
        line = self.scale.lineEdit()
        if line is not None:
            line.returnPressed.connect(self._choose_scale)
        self._words.bind(self.scale.setToolTip, Text("比例尺，可直接输入", "Scale; type any"))
        self.crs = label(role="soft")
        self.dot = RenderDot()
        self.dot.show_busy(False)
        self.snap = QToolButton()
        self.snap.setCheckable(True)
        self.snap.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.read_only = label(role="chip")
        whole = row(self.hint, margins=(12, 0, 8, 0), spacing=6)
        whole.setStretch(0, 1)
        for item in (self.read_only, self.coordinate, self.scale, self.crs, self.snap, self.dot):
            whole.addWidget(item)
        self.setLayout(whole)
        self.hint.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _show_project(self) -> None:
        session = self._session
        snapshot = session.snapshot
        self._write_hint()
        self.crs.setText(_crs_name(snapshot.crs) if snapshot else "")
        self.crs.setToolTip(tr("坐标系 {c}", "Coordinate system {c}", c=snapshot.crs) if snapshot else "")
        project = session.project
        locked = project is not None and not session.editable
        self.read_only.setVisible(locked)
        self.read_only.setText(tr("只读", "Read-only"))
        reason = project.read_only_reason if project is not None else None
        self.read_only.setToolTip(tr(reason) if reason else tr("版次不能修改", "Revisions never change"))
        for item in (self.coordinate, self.scale, self.snap):
            item.setEnabled(project is not None)

    def _write_hint(self) -> None:
        """Without a plan there is nothing a tool could do."""
        self.hint.setText(tr(self._hint_text) if self._session.project is not None else "")

    def _reword(self) -> None:
        self.dot.show_busy(self.dot.busy)
        self._show_project()

    def _choose_scale(self) -> None:
        value = read_scale(self.scale.currentText())
        if value is None:
            self._session.tell(Text("比例尺应写作 1:500。", "Write the scale as 1:500."), "warning")
        else:
            self.scale_chosen.emit(value)
            self.scale.clearFocus()

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None and self.coordinate.text():
            clipboard.setText(
                self.coordinate.text().replace(" ", "")
                if self.coordinate_style == "plane"
                else self.coordinate.text()
            )
            self._session.tell(
                Text("已复制坐标 {c}", "Copied {c}").format(c=self.coordinate.text()), "success"
            )

    def _offer_styles(self, where: QPoint) -> None:
        menu = QMenu(self)
        for style in FORMATS:
            act = menu.addAction(tr(_FORMAT_WORDS[style]))
            if act is not None:
                act.setCheckable(True)
                act.setChecked(style == self.coordinate_style)
                act.triggered.connect(lambda _=False, s=style: self.set_style(s))
        menu.popup(self.coordinate.mapToGlobal(where))


def _crs_name(crs: str) -> str:
    """Return the code, or a short word for a system without one."""
    return crs if len(crs) <= 16 else tr("自定义坐标系", "own CRS")
