"""The small inputs of the style editor: colours, lengths, pictures to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PyQt6.QtCore import QPoint, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFocusEvent, QIcon, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PyQt6.QtWidgets import (
    QColorDialog,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from gis.i18n import tr
from gis.ramps import RAMPS
from gis.render.legend import swatch_image
from layers.schema import GeometryType
from layers.style import Symbol
from layers.text import Text
from ui.panels.layer_rows import paint_ground
from ui.panels.parts import button, column, label, row
from ui.theme.tokens import theme

_BLOCK_PX: Final = 20
_ACROSS: Final = 8
_PALETTE_RAMPS: Final = ("drafting", "land-use", "vivid", "muted")
_DRAFTING: Final = ("#FFFFFF", "#3A3A3A", "#7A7A7A", "#C8102E", "#0072B2", "#D55E00", "#2E6E8E", "#8A5A44")


class ColorField(QToolButton):
    """A block of colour that opens a palette.

    Signals
    -------
    edited(str)
        ``#RRGGBB``, or empty where no colour is allowed.
    """

    edited = pyqtSignal(str)

    def __init__(self, color: str, name: Text, *, none_allowed: bool = False) -> None:
        super().__init__()
        self.color, self._none = color, none_allowed
        self._name = name
        self.setFixedSize(56, 26)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr(name))
        self.clicked.connect(self.open_palette)
        self._describe()

    def set_color(self, color: str) -> None:
        """Take a colour and tell."""
        if color != self.color:
            self.color = color
            self._describe()
            self.update()
            self.edited.emit(color)

    def open_palette(self) -> None:
        """Show the palette below the block."""
        palette = ColorPalette(self, self.color, none_allowed=self._none)
        palette.chosen.connect(self.set_color)
        palette.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        palette.show()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        edge = theme().accent if focused else theme().line_strong
        painter.setPen(QPen(QColor(edge), 2 if focused else 1))
        painter.setBrush(QColor(self.color) if self.color else QColor(theme().panel))
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.drawRoundedRect(box, 5, 5)
        if not self.color:
            painter.setPen(QPen(QColor(theme().danger), 1.5))
            painter.drawLine(box.bottomLeft(), box.topRight())

    def _describe(self) -> None:
        self.setToolTip(f"{tr(self._name)} {self.color or tr('无', 'none')}")


class ColorPalette(QFrame):
    """Blocks of good colours, a line for any other, and the system's own dialog.

    Signals
    -------
    chosen(str)
    """

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget, color: str, *, none_allowed: bool) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("Popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._color = color
        grid = QGridLayout()
        grid.setSpacing(3)
        rows: list[Sequence[str]] = [_DRAFTING]
        rows += [ramp.colors[:_ACROSS] for ramp in RAMPS if ramp.id in _PALETTE_RAMPS]
        rows += [ramp.take(_ACROSS) for ramp in RAMPS if ramp.id in ("blue", "green", "amber")]
        self.blocks: list[QToolButton] = []
        for at, colors in enumerate(rows):
            for place, value in enumerate(colors):
                grid.addWidget(self._block(value), at, place)
        self.line = QLineEdit(color)
        self.line.setPlaceholderText("#RRGGBB")
        self.line.setMaxLength(7)
        self.line.returnPressed.connect(self._on_typed)
        more = button(tr("更多…", "More…"))
        more.clicked.connect(self._more)
        whole = column(margins=(10, 10, 10, 10), spacing=8)
        whole.addLayout(grid)
        whole.addWidget(self.line)
        whole.addWidget(more)
        if none_allowed:
            none = button(tr("无颜色", "No colour"))
            none.clicked.connect(lambda: self._choose(""))
            whole.addWidget(none)
        self.setLayout(whole)

    def _block(self, value: str) -> QToolButton:
        made = QToolButton()
        made.setFixedSize(_BLOCK_PX, _BLOCK_PX)
        edge = theme().accent if value.upper() == self._color.upper() else theme().line_strong
        made.setStyleSheet(
            f"QToolButton {{ background: {value}; border: 1px solid {edge}; border-radius: 3px; }}"
            f"QToolButton:focus {{ border: 2px solid {theme().accent}; }}"
        )
        made.setToolTip(value)
        made.setAccessibleName(value)
        made.clicked.connect(lambda: self._choose(value))
        self.blocks.append(made)
        return made

    def _on_typed(self) -> None:
        words = self.line.text().strip()
        found = QColor(words if words.startswith("#") else f"#{words}")
        if found.isValid():
            self._choose(found.name().upper())
        else:
            self.line.setProperty("bad", True)
            self.line.setStyleSheet(f"border: 2px solid {theme().danger};")

    def _more(self) -> None:
        owner = self.parentWidget()
        self.hide()
        found = QColorDialog.getColor(QColor(self._color or "#FFFFFF"), owner, tr("颜色", "Colour"))
        if found.isValid():
            self.chosen.emit(found.name().upper())
        self.close()

    def _choose(self, value: str) -> None:
        self.chosen.emit(value)
        self.close()


class NumberField(QDoubleSpinBox):
    """A number with its unit; what is typed counts when the line is left or Enter is pressed."""

    def __init__(self, value: float, unit: str, low: float, high: float, step: float, decimals: int) -> None:
        super().__init__()
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setSuffix(f" {unit}" if unit else "")
        self.setValue(value)
        self.setKeyboardTracking(False)
        self.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.setMinimumWidth(84)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self.selectAll()


@dataclass(frozen=True)
class Option:
    """One thing to choose: a value, its words and a picture."""

    value: Any
    title: Text
    picture: QImage | None = None


class OptionField(QComboBox):
    """A choice of few.

    Signals
    -------
    edited(object)
        The value chosen.
    """

    edited = pyqtSignal(object)

    def __init__(self, options: Sequence[Option], value: object) -> None:
        super().__init__()
        self._options = list(options)
        pictures = [o.picture for o in options if o.picture is not None]
        if pictures:
            ratio = pictures[0].devicePixelRatio()
            self.setIconSize(QSize(round(pictures[0].width() / ratio), round(pictures[0].height() / ratio)))
        for option in options:
            if option.picture is None:
                self.addItem(tr(option.title))
            else:
                self.addItem(QIcon(QPixmap.fromImage(option.picture)), tr(option.title))
        self.set_value(value)
        self.activated.connect(lambda at: self.edited.emit(self._options[at].value))

    @property
    def value(self) -> Any:
        """What is chosen."""
        return self._options[self.currentIndex()].value if self._options else None

    def set_value(self, value: object) -> None:
        """Choose without telling."""
        at = next((i for i, o in enumerate(self._options) if o.value == value), 0)
        self.setCurrentIndex(at)


def symbol_picture(symbol: Symbol, geometry: GeometryType, width: int = 44, height: int = 16) -> QImage:
    """Return a picture of a symbol for lists, sharp on any screen, drawn by the map's painter."""
    image = swatch_image(symbol, geometry, width, height, 2.0)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
    paint_ground(painter, QRectF(0, 0, width, height))
    painter.end()
    return image


def symbol_icon(symbol: Symbol, geometry: GeometryType) -> QIcon:
    """Return a picture of a symbol that keeps its colours where its row is chosen."""
    picture = QPixmap.fromImage(symbol_picture(symbol, geometry))
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)
    return made


def ramp_picture(colors: Sequence[str], width: int = 96, height: int = 14) -> QImage:
    """Return a picture of colours side by side."""
    image = QImage(width * 2, height * 2, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(2.0)
    image.fill(0)
    painter = QPainter(image)
    step = width / len(colors)
    for at, color in enumerate(colors):
        painter.fillRect(QRectF(at * step, 0, step + 0.5, height), QColor(color))
    painter.end()
    return image


def captioned(grid: QGridLayout, caption: Text, *widgets: QWidget) -> None:
    """Add a caption and its inputs as a row of a form."""
    line = grid.rowCount()
    words = label(tr(caption), "field")
    words.setBuddy(widgets[0])
    grid.addWidget(words, line, 0)
    if len(widgets) == 1 and not isinstance(widgets[0], ColorField):
        grid.addWidget(widgets[0], line, 1)
        return
    if isinstance(widgets[0], QLineEdit):
        inner = row(*widgets, spacing=6)
        inner.setStretch(0, 1)
    else:
        inner = row(*widgets, None, spacing=6)
    grid.addLayout(inner, line, 1)


def small_button(words: Text, act: Callable[[], object]) -> QPushButton:
    """Return a button that Enter in a line does not press."""
    made = button(tr(words))
    made.setAutoDefault(False)
    made.clicked.connect(lambda: act())
    return made
