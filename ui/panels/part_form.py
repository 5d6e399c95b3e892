"""The form of one part of a symbol: fill, hatch, line, arrows, crosses, marker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, get_args

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QGridLayout, QWidget

from gis.i18n import tr
from layers.layer import Layer
from layers.schema import Field, GeometryType
from layers.style import (
    Arrows,
    Crosses,
    Fill,
    Hatch,
    HatchPattern,
    Marker,
    MarkerShape,
    Part,
    Stroke,
)
from layers.text import Text
from ui.panels.style_fields import ColorField, NumberField, Option, OptionField, captioned, symbol_picture

PART_WORDS: Final[Mapping[str, Text]] = {
    "fill": Text("填充", "Fill"),
    "hatch": Text("图案", "Hatch"),
    "stroke": Text("线", "Line"),
    "arrows": Text("箭头", "Arrows"),
    "crosses": Text("叉号", "Crosses"),
    "marker": Text("点符号", "Marker"),
}
PATTERN_WORDS: Final[Mapping[str, Text]] = {
    "diagonal": Text("斜线", "Diagonal"),
    "cross": Text("网格", "Cross"),
    "wave": Text("水波", "Waves"),
    "dots": Text("点", "Dots"),
}
SHAPE_WORDS: Final[Mapping[str, Text]] = {
    "circle": Text("圆", "Circle"),
    "square": Text("方", "Square"),
    "diamond": Text("菱形图钉", "Diamond pin"),
    "drop": Text("水滴图钉", "Drop pin"),
    "triangle": Text("三角", "Triangle"),
    "cross": Text("叉", "Cross"),
    "tree": Text("树", "Tree"),
    "gate": Text("大门", "Gate"),
    "board": Text("公告栏", "Board"),
    "flag": Text("旗", "Flag"),
}
DASHES: Final[tuple[tuple[tuple[float, ...], Text], ...]] = (
    ((), Text("实线", "Solid")),
    ((2.0, 1.0), Text("虚线", "Dashed")),
    ((4.0, 1.2), Text("长虚线", "Long dashes")),
    ((0.6, 0.6), Text("点线", "Dotted")),
    ((4.0, 0.8, 0.6, 0.8), Text("点划线", "Dash and dot")),
    ((6.0, 0.9, 0.6, 0.9, 0.6, 0.9), Text("双点划线（红线）", "Dash and two dots (boundary)")),
)
SCALES: Final = (0, 200, 500, 1000, 2000, 5000, 10000, 25000)


def numeric_fields(layer: Layer) -> tuple[Field, ...]:
    """Return the fields of a layer that hold numbers."""
    return tuple(f for f in layer.fields if f.type in ("integer", "real"))


class PartForm(QWidget):
    """The inputs of one part.

    Signals
    -------
    edited(object)
        The part as it is now wanted.
    """

    edited = pyqtSignal(object)

    def __init__(self, part: Part, layer: Layer, geometry: GeometryType) -> None:
        super().__init__()
        self.part, self._layer, self._geometry = part, layer, geometry
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        fill: Mapping[type, Callable[[], None]] = {
            Fill: self._fill, Hatch: self._hatch, Stroke: self._stroke, Arrows: self._arrows,
            Crosses: self._crosses, Marker: self._marker,
        }  # fmt: skip
        fill[type(part)]()

    def _set(self, **values: Any) -> None:
        self.part = replace(self.part, **values)
        self.edited.emit(self.part)

    def _fill(self) -> None:
        self._color("color", Text("颜色", "Colour"))
        self._percent()
        self._check("shadow", Text("淡阴影", "Soft shade"))

    def _hatch(self) -> None:
        options = [
            Option(p, PATTERN_WORDS[p], symbol_picture((replace(self._own(Hatch), pattern=p),), "polygon"))
            for p in get_args(HatchPattern)
        ]
        self._options("pattern", Text("图案", "Pattern"), options)
        self._color("color", Text("颜色", "Colour"))
        self._mm("spacing_mm", Text("间距", "Spacing"), 0.4, 20.0, 0.2)
        self._mm("width_mm", Text("线宽", "Line width"), 0.05, 3.0, 0.05)
        self._number("angle_deg", Text("角度", "Angle"), "°", -180.0, 180.0, 15.0, 0)

    def _stroke(self) -> None:
        self._color("color", Text("颜色", "Colour"))
        self._width()
        known = {dash for dash, _ in DASHES}
        own = self._own(Stroke).dash
        dashes = (*DASHES, *(() if own in known else ((own, Text("现用线型", "As it is now")),)))
        line = replace(self._own(Stroke), width_field=None, width_m=0.0, width_mm=0.35, opacity=1.0)
        options = [
            Option(dash, words, symbol_picture((replace(line, dash=dash),), "line")) for dash, words in dashes
        ]
        self._options("dash", Text("线型", "Pattern"), options)
        self._percent()

    def _arrows(self) -> None:
        self._color("color", Text("颜色", "Colour"))
        self._mm("size_mm", Text("大小", "Size"), 0.4, 10.0, 0.2)
        self._mm("spacing_mm", Text("间距", "Spacing"), 2.0, 200.0, 1.0)
        self._check("chevron", Text("折线箭头", "Chevrons"))
        self._scale()

    def _crosses(self) -> None:
        self._color("color", Text("颜色", "Colour"))
        self._mm("size_mm", Text("大小", "Size"), 0.4, 10.0, 0.2)
        self._mm("spacing_mm", Text("间距", "Spacing"), 1.0, 100.0, 0.5)
        self._mm("width_mm", Text("线宽", "Line width"), 0.05, 3.0, 0.05)

    def _marker(self) -> None:
        plain = replace(
            self._own(Marker), size_field=None, text_field=None, tick=False, severity_field=None, on_all=True
        )
        options = [
            Option(
                s, SHAPE_WORDS[s], symbol_picture((replace(plain, shape=s, size_mm=3.0),), "point", 22, 18)
            )
            for s in get_args(MarkerShape)
        ]
        self._options("shape", Text("形状", "Shape"), options)
        self._mm("size_mm", Text("大小", "Size"), 0.5, 30.0, 0.2)
        self._field("size_field", Text("真实直径", "True diameter"), numeric_fields(self._layer))
        self._color("fill", Text("填充", "Fill"), none_allowed=True)
        self._color("line", Text("轮廓", "Outline"))
        self._mm("line_mm", Text("轮廓宽", "Outline width"), 0.0, 3.0, 0.05)
        self._color("casing", Text("光晕", "Halo"), none_allowed=True)
        self._field("text_field", Text("内写", "Written inside"), self._layer.fields)
        self._percent()
        if self._geometry != "point":
            self._check("on_all", Text("线和面上也画", "On lines and areas too"))
        self._scale()

    def _own(self, kind: type[Any]) -> Any:
        assert isinstance(self.part, kind), "a form shows parts of one kind"
        return self.part

    def _color(self, name: str, caption: Text, *, none_allowed: bool = False) -> None:
        field = ColorField(getattr(self.part, name), caption, none_allowed=none_allowed)
        field.edited.connect(lambda color: self._set(**{name: color}))
        captioned(self._grid, caption, field)

    def _number(
        self, name: str, caption: Text, unit: str, low: float, high: float, step: float, decimals: int
    ) -> None:
        field = NumberField(getattr(self.part, name), unit, low, high, step, decimals)
        field.valueChanged.connect(lambda value: self._set(**{name: round(value, 4)}))
        captioned(self._grid, caption, field)

    def _mm(self, name: str, caption: Text, low: float, high: float, step: float) -> None:
        self._number(name, caption, "mm", low, high, step, 2)

    def _percent(self) -> None:
        field = NumberField(getattr(self.part, "opacity", 1.0) * 100, "%", 5, 100, 5, 0)
        field.valueChanged.connect(lambda value: self._set(opacity=round(value / 100, 3)))
        captioned(self._grid, Text("不透明度", "Opacity"), field)

    def _check(self, name: str, caption: Text) -> None:
        box = QCheckBox(tr(caption))
        box.setChecked(bool(getattr(self.part, name)))
        box.toggled.connect(lambda on: self._set(**{name: on}))
        self._grid.addWidget(box, self._grid.rowCount(), 1)

    def _options(self, name: str, caption: Text, options: list[Option]) -> None:
        field = OptionField(options, getattr(self.part, name))
        field.edited.connect(lambda value: self._set(**{name: value}))
        captioned(self._grid, caption, field)

    def _field(self, name: str, caption: Text, fields: tuple[Field, ...]) -> None:
        options = [Option(None, Text("—", "—")), *(Option(f.name, f.title) for f in fields)]
        self._options(name, caption, options)

    def _scale(self) -> None:
        words = [
            Option(n, Text(f"1:{n:,} 及更大", f"1:{n:,} and larger") if n else Text("任何比例", "Any scale"))
            for n in SCALES
        ]
        self._options("max_scale", Text("显示于", "Shown at"), words)

    def _width(self) -> None:
        """Offer the width of a line: on paper, on the ground, or from a field."""
        stroke = self._own(Stroke)
        units = [Option("mm", Text("mm 图上", "mm on paper")), Option("m", Text("m 实地", "m on the ground"))]
        units += [Option(f.name, f.title) for f in numeric_fields(self._layer) if f.unit in ("m", "")]
        unit = stroke.width_field or ("m" if stroke.width_m else "mm")
        if stroke.width_field and all(o.value != stroke.width_field for o in units):
            units.append(Option(stroke.width_field, Text(stroke.width_field, stroke.width_field)))
        value = stroke.width_m if unit == "m" else stroke.width_mm
        number = NumberField(value, "", 0.0 if stroke.width_field else 0.01, 100.0, 0.05, 2)
        number.valueChanged.connect(
            lambda v: self._set(**{"width_m" if self._own(Stroke).width_m else "width_mm": round(v, 4)})
        )
        choice = OptionField(units, unit)

        def on_unit(name: str) -> None:
            in_m = name == "m"
            self._set(
                width_m=max(0.05, self._own(Stroke).width_m or 1.0) if in_m else 0.0,
                width_field=None if name in ("mm", "m") else name,
                width_mm=self._own(Stroke).width_mm or 0.25,
            )
            number.blockSignals(True)
            number.setValue(self._own(Stroke).width_m if in_m else self._own(Stroke).width_mm)
            number.blockSignals(False)

        choice.edited.connect(on_unit)
        number.setMinimumWidth(60)
        captioned(self._grid, Text("宽度", "Width"), number, choice)
