"""What lies below the plan: tick, opacity, order, and what is wrong, each at its row."""

from __future__ import annotations

from functools import partial

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PyQt6.QtWidgets import QCheckBox, QFrame, QSlider, QVBoxLayout, QWidget

from gis.i18n import tr
from layers.background import (
    BACKGROUNDS,
    Background,
    GridBackground,
    RasterBackground,
    TileBackground,
    backgrounds_of,
    change_background,
    remove_background,
    shift_background,
)
from layers.changes import ChangeSet
from layers.text import Text
from ui.canvas.backdrop import BackdropPicture
from ui.panels.parts import (
    Elided,
    Glyph,
    Wording,
    button,
    clear,
    column,
    icon_button,
    label,
    row,
    scrolled,
    set_property,
)
from ui.session import Session

_GLYPHS: dict[type[Background], str] = {
    RasterBackground: "image",
    TileBackground: "map-trifold",
    GridBackground: "grid-four",
}
_MOST_PX = 216
_FIND = frozenset({"raster.missing", "file.unknown"})
_ACCESS = {
    "tiles.ask": Text("允许联网…", "Allow…"),
    "tiles.no-key": Text("填写密钥…", "Enter the key…"),
    "tiles.refused": Text("核对密钥…", "Check the key…"),
}
_QUIET = frozenset({"tiles.offline", "tiles.busy", "tiles.ask", "tiles.no-key", "tiles.nothing"})
"""Said softly: nothing is broken."""
_PLACE = frozenset({"raster.unplaced", "raster.no-crs", "crs.control-points", "crs.contradiction"})


class BackgroundRow(QFrame):
    """One background.

    Signals
    -------
    chosen(), toggled(bool)
    find_requested(), place_requested(), access_requested()
    """

    access_requested = pyqtSignal()
    chosen = pyqtSignal()
    toggled = pyqtSignal(bool)
    find_requested = pyqtSignal()
    place_requested = pyqtSignal()

    def __init__(self, background: Background, *, editable: bool, current: bool) -> None:
        super().__init__()
        self.background = background
        self.setObjectName("BackgroundRow")
        self.setProperty("chosen", current)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tick = QCheckBox()
        self.tick.setChecked(background.visible)
        self.tick.setEnabled(editable)
        self.tick.setAccessibleName(background.title)
        self.tick.toggled.connect(self.toggled)
        name = Elided(mode=Qt.TextElideMode.ElideMiddle)
        name.setText(background.title)
        line = row(self.tick, Glyph(_GLYPHS[type(background)], 16), name, spacing=8)
        line.setStretch(2, 1)
        self._trouble = column(spacing=2, margins=(24, 0, 0, 2))
        whole = column(spacing=0, margins=(14, 5, 10, 5))
        whole.addLayout(line)
        whole.addLayout(self._trouble)
        self.setLayout(whole)

    def show_trouble(self, code: str, what: Text, advice: Text | None, *, editable: bool) -> None:
        """Say at the row why it is not shown, and offer the way on."""
        words = label(tr(what), "soft" if code in _QUIET else "error", wrap=True)
        words.setToolTip(tr(advice) if advice is not None else "")
        self._trouble.addWidget(words)
        offers = (
            (_FIND, Text("重新指定…", "Find it…"), self.find_requested),
            (_PLACE, Text("指定位置…", "Say where it lies…"), self.place_requested),
            (_ACCESS, _ACCESS.get(code, Text("允许联网…", "Allow…")), self.access_requested),
        )
        for codes, title, signal in offers:
            if code in codes and editable:
                act = button(tr(title), "link")
                act.clicked.connect(lambda _=False, s=signal: s.emit())
                self._trouble.addLayout(row(act, None))

    def show_waiting(self) -> None:
        """Say that the picture is being prepared."""
        self._trouble.addWidget(label(tr("正在准备…", "Being prepared…"), "faint"))

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:
        self.chosen.emit()
        super().mousePressEvent(a0)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        if a0 is not None and a0.key() == Qt.Key.Key_Space:
            self.tick.toggle()
        elif a0 is not None and a0.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(a0)


class BackgroundsPanel(QWidget):
    """The backgrounds, topmost first, and the controls of the current one.

    Signals
    -------
    add_requested(QPoint)
        The user wants another one; where the menu may open.
    find_requested(str), place_requested(str), zoom_requested(str), access_requested(str)
        Of the background of that id.
    """

    add_requested = pyqtSignal(QPoint)
    find_requested = pyqtSignal(str)
    place_requested = pyqtSignal(str)
    zoom_requested = pyqtSignal(str)
    access_requested = pyqtSignal(str)

    def __init__(self, session: Session, backdrop: BackdropPicture) -> None:
        super().__init__()
        self.setObjectName("PanelFoot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._backdrop = session, backdrop
        self._words = Wording(session, self)
        self._current = ""
        self.rows: list[BackgroundRow] = []
        self._build()
        for signal in (session.project_opened, session.viewed, session.language_changed):
            signal.connect(self.reload)
        session.changed.connect(self._on_changed)
        backdrop.state_changed.connect(self.reload)
        self.reload()

    @property
    def current(self) -> str:
        """The id of the background whose controls are shown, or empty."""
        return self._current

    def reload(self) -> None:
        """Show the backgrounds of the project."""
        backgrounds = self._backgrounds()
        if self._current not in {b.uid for b in backgrounds}:
            self._current = backgrounds[-1].uid if backgrounds else ""
        clear(self._list)
        self.rows = [self._row(background) for background in reversed(backgrounds)]
        for made in self.rows:
            self._list.addWidget(made)
        self._empty.setVisible(not self.rows)
        self._show_state()
        self._show_current()
        self._fit_rows()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        super().resizeEvent(a0)
        self._fit_rows()

    def _fit_rows(self) -> None:
        """Be as high as the rows, up to a limit: the layers above need the room."""
        width = max(1, self.width())
        wanted = sum(made.heightForWidth(width) if made.hasHeightForWidth() else made.sizeHint().height()
                     for made in self.rows)  # fmt: skip
        self._area.setVisible(bool(self.rows))
        self._area.setFixedHeight(min(wanted, _MOST_PX))

    def choose(self, uid: str) -> None:
        """Show the controls of another background."""
        self._current = uid
        for made in self.rows:
            set_property(made, "chosen", made.background.uid == uid)
        self._show_current()

    def _build(self) -> None:
        heading, self._add = label(role="section"), icon_button("plus", 16)
        self._words.bind(heading.setText, Text("底图", "Background"))
        self._words.bind(self._add.setToolTip, Text("添加底图", "Add a background"))
        self._add.clicked.connect(
            lambda: self.add_requested.emit(self._add.mapToGlobal(QPoint(0, self._add.height())))
        )
        self._empty = label(role="faint", wrap=True)
        self._empty.setContentsMargins(14, 0, 10, 6)
        self._words.bind(
            self._empty.setText,
            Text(
                "无底图。可添加影像、扫描图、在线地图或网格。",
                "None. Add a picture, a scan, a map or a grid.",
            ),
        )
        self._list: QVBoxLayout = column(spacing=0)
        body = QWidget()
        body.setObjectName("PanelBody")
        body.setLayout(self._list)
        self._area = scrolled(body)
        self._controls = self._made_controls()
        whole = column(spacing=0, margins=(0, 4, 0, 4))
        whole.addLayout(row(heading, None, self._add, margins=(14, 0, 8, 2)))
        whole.addWidget(self._empty)
        whole.addWidget(self._area)
        whole.addWidget(self._controls)
        self.setLayout(whole)

    def _made_controls(self) -> QWidget:
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(5, 100)
        self.slider.setPageStep(10)
        self.slider.setMinimumWidth(48)
        self.slider.valueChanged.connect(self._on_slid)
        self.slider.sliderReleased.connect(self._commit_opacity)
        self._percent = label(role="soft")
        self._percent.setFixedWidth(38)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        caption = Glyph("circle-half", 16)
        self._words.bind(caption.setToolTip, Text("不透明度", "Opacity"))
        self._words.bind(self.slider.setToolTip, Text("底图不透明度", "Opacity of the background"))
        line = row(caption, margins=(14, 4, 8, 2), spacing=4)
        line.addWidget(self.slider, 1)
        line.addWidget(self._percent)
        for glyph, words, do in (
            ("frame-corners", Text("缩放到底图", "Zoom to it"), self._zoom),
            ("arrow-up", Text("上移", "Move up"), partial(self._shift, True)),
            ("arrow-down", Text("下移", "Move down"), partial(self._shift, False)),
            ("trash", Text("移除（文件保留）", "Remove; the file stays"), self._remove),
        ):
            made = icon_button(glyph, 16)
            self._words.bind(made.setToolTip, words)
            made.clicked.connect(lambda _=False, d=do: d())
            line.addWidget(made)
        holder = QWidget()
        holder.setLayout(line)
        return holder

    def _row(self, background: Background) -> BackgroundRow:
        uid, editable = background.uid, self._session.editable
        made = BackgroundRow(background, editable=editable, current=uid == self._current)
        made.chosen.connect(lambda: self.choose(uid))
        made.toggled.connect(lambda on: self._set_visible(background, on))
        made.find_requested.connect(lambda: self.find_requested.emit(uid))
        made.place_requested.connect(lambda: self.place_requested.emit(uid))
        made.access_requested.connect(lambda: self.access_requested.emit(uid))
        return made

    def _backgrounds(self) -> tuple[Background, ...]:
        project = self._session.project
        return backgrounds_of(project.snapshot.settings) if project is not None else ()

    def _show_state(self) -> None:
        self._add.setEnabled(self._session.editable)
        painted = self._backdrop.painted
        if painted is None:
            return
        project = self._session.project
        waiting = {raster.path for raster in painted.waiting}
        for made in self.rows:
            for trouble in painted.troubles:
                if trouble.uid == made.background.uid:
                    made.show_trouble(
                        trouble.code, trouble.what, trouble.advice, editable=self._session.editable
                    )
            if isinstance(made.background, RasterBackground) and project is not None and waiting:
                from gis.raster.reference import path_of

                if path_of(made.background, project.path) in waiting:
                    made.show_waiting()

    def _show_current(self) -> None:
        found = next((b for b in self._backgrounds() if b.uid == self._current), None)
        self._controls.setVisible(found is not None)
        self._controls.setEnabled(self._session.editable)
        if found is not None:
            self.slider.blockSignals(True)
            self.slider.setValue(round(found.opacity * 100))
            self.slider.blockSignals(False)
            self._percent.setText(f"{self.slider.value()}%")

    def _set_visible(self, background: Background, on: bool) -> None:
        title = (
            Text("显示底图 {n}", "Show background {n}") if on else Text("隐藏底图 {n}", "Hide background {n}")
        )
        self._run(title, background, lambda s: change_background(s, background.uid, visible=on))

    def _on_slid(self, value: int) -> None:
        self._percent.setText(f"{value}%")
        if not self.slider.isSliderDown():
            self._commit_opacity()

    def _commit_opacity(self) -> None:
        value = self.slider.value() / 100
        found = self._found()
        if found is not None and abs(found.opacity - value) > 1e-6:
            title = Text("底图 {n} 不透明度", "Opacity of background {n}")
            self._run(title, found, lambda s: change_background(s, found.uid, opacity=value))

    def _shift(self, up: bool) -> None:
        found = self._found()
        if found is not None:
            self._run(
                Text("移动底图 {n}", "Move background {n}"),
                found,
                lambda s: shift_background(s, found.uid, up),
            )

    def _remove(self) -> None:
        found = self._found()
        if found is not None:
            title = Text("移除底图 {n}", "Remove background {n}")
            self._run(title, found, lambda s: remove_background(s, found.uid))

    def _zoom(self) -> None:
        if self._current:
            self.zoom_requested.emit(self._current)

    def _found(self) -> Background | None:
        return next((b for b in self._backgrounds() if b.uid == self._current), None)

    def _run(self, title: Text, background: Background, edit: object) -> None:
        assert callable(edit)
        words = title.format(n=background.title)
        if not self._session.run(words, lambda snapshot: edit(snapshot.settings)):
            self.reload()

    def _on_changed(self, changes: ChangeSet) -> None:
        if BACKGROUNDS in changes.settings:
            self.reload()
