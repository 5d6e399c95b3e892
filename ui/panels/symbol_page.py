"""The page of the style editor that makes symbols: one, by category, by class, by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PyQt6.QtCore import QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QButtonGroup, QHBoxLayout, QListWidget, QListWidgetItem, QSpinBox, QWidget

from gis.i18n import tr
from gis.progress import Progress
from gis.ramps import RAMPS, Ramp, ramp
from gis.styling import (
    MOST_CATEGORIES,
    MOST_CLASSES,
    ClassMethod,
    StyleMode,
    by_category,
    by_class,
    classing_library,
    distinct_values,
    field_of,
    mode_of,
    single,
)
from layers.errors import PlanboardError
from layers.layer import Layer
from layers.schema import Field
from layers.style import Rule, Style
from layers.text import Text
from ui.panels.part_form import numeric_fields
from ui.panels.parts import column, icon_button, label, row, segment, set_property
from ui.panels.rule_form import RuleForm
from ui.panels.style_fields import Option, OptionField, ramp_picture, small_button, symbol_icon
from ui.tasks import Task, Tasks

MODES: Final[tuple[tuple[StyleMode, Text], ...]] = (
    ("single", Text("单一", "Single")),
    ("category", Text("分类", "By category")),
    ("class", Text("分级", "By class")),
    ("rule", Text("规则", "By rule")),
)
METHODS: Final[tuple[tuple[ClassMethod, Text], ...]] = (
    ("quantiles", Text("等数量", "Quantiles")),
    ("equal", Text("等间距", "Equal steps")),
    ("natural", Text("自然断点", "Natural breaks")),
    ("pretty", Text("整数断点", "Round numbers")),
)

_AT_ONCE: Final = 16
_ROW_PX: Final = 25


class SymbolPage(QWidget):
    """Edits the rules of a style.

    Signals
    -------
    edited(object)
        The style as it is now wanted.
    """

    edited = pyqtSignal(object)
    _loaded = False

    def __init__(self, layer: Layer, style: Style, tasks: Tasks) -> None:
        super().__init__()
        self._layer, self.style_now, self._tasks = layer, style, tasks
        self._geometry = layer.kind.geometry[0]
        self._mode: StyleMode = mode_of(style)
        self._makers: dict[StyleMode, QWidget] = {}
        self._task: Task | None = None
        self._closed = False
        self.problem = label(role="error", wrap=True)
        self.problem.hide()
        self.rules = QListWidget()
        self.rules.setIconSize(QSize(44, 16))
        self.rules.setMinimumWidth(180)
        self.rules.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rules.currentRowChanged.connect(lambda _: self._show_rule())
        self._picturing = QTimer(self)
        self._picturing.setSingleShot(True)
        self._picturing.timeout.connect(self._picture_rows)
        self.form = RuleForm(layer)
        self.form.edited.connect(self._on_rule)
        left = column(self._rule_bar(), self.rules, spacing=4)
        left.setStretch(1, 1)
        middle = row(spacing=16)
        middle.addLayout(left, 2)
        middle.addWidget(self.form, 3)
        whole = column(spacing=10)
        whole.addLayout(self._mode_bar())
        for maker in self._build_makers():
            whole.addWidget(maker)
        whole.addWidget(self.problem)
        whole.addLayout(middle, 1)
        self.setLayout(whole)
        self.show_style(style)

    def show_style(self, style: Style) -> None:
        """Show another style, such as one that was pasted."""
        self.style_now = style
        self._set_mode(mode_of(style))
        self._fill(0)

    def _mode_bar(self) -> QHBoxLayout:
        self._group = QButtonGroup(self)
        line = row(spacing=4)
        self.modes: dict[StyleMode, QWidget] = {}
        for mode, words in MODES:
            made = segment(tr(words))
            made.clicked.connect(lambda _=False, m=mode: self.choose_mode(m))
            self._group.addButton(made)
            self.modes[mode] = made
            line.addWidget(made)
        line.addStretch(1)
        return line

    def _rule_bar(self) -> QWidget:
        bar = QWidget()
        line = row(label(tr("符号", "Symbols"), "section"), None, spacing=0)
        acts: tuple[tuple[str, Text, Callable[[], object]], ...] = (
            ("plus", Text("加一个符号", "Add a symbol"), self._add_rule),
            ("minus", Text("删除这个符号", "Remove this symbol"), self._drop_rule),
            ("arrow-up", Text("优先（先匹配）", "Match earlier"), lambda: self._shift_rule(-1)),
            ("arrow-down", Text("靠后（后匹配）", "Match later"), lambda: self._shift_rule(1)),
        )
        for glyph, words, do in acts:
            made = icon_button(glyph, 14)
            made.setToolTip(tr(words))
            made.setAccessibleName(tr(words))
            made.clicked.connect(lambda _=False, act=do: act())
            line.addWidget(made)
        bar.setLayout(line)
        return bar

    def _build_makers(self) -> tuple[QWidget, ...]:
        fields = [
            Option(f.name, f.title) for f in self._layer.fields if f.type not in ("photos", "long_text")
        ]
        now = field_of(self.style_now)
        self.category_field = OptionField(fields, now)
        self.category_ramp = OptionField(_ramps("kinds", "steps"), RAMPS[0].id)
        category = QWidget()
        go = small_button(Text("分类", "Make"), self.make_categories)
        category.setLayout(
            row(label(tr("字段", "Field"), "field"), self.category_field, self.category_ramp, go, None)
        )
        numeric = [Option(f.name, f.title) for f in numeric_fields(self._layer)]
        self.class_field = OptionField(numeric, now)
        self.method = OptionField([Option(m, words) for m, words in METHODS], "natural")
        self.count = QSpinBox()
        self.count.setRange(2, MOST_CLASSES)
        self.count.setValue(5)
        self.count.setSuffix(tr(" 级", " classes"))
        self.count.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.class_ramp = OptionField(_ramps("steps", "around"), "teal")
        classes = QWidget()
        go_classes = small_button(Text("分级", "Make"), self.make_classes)
        go_classes.setEnabled(bool(numeric))
        lines = column(spacing=6)
        lines.addLayout(row(self.class_field, self.method, self.count, None, spacing=6))
        lines.addLayout(row(self.class_ramp, go_classes, None, spacing=6))
        classes.setLayout(lines)
        self._makers = {"category": category, "class": classes}
        return category, classes

    def choose_mode(self, mode: StyleMode) -> None:
        """Make symbols in another way; what can be kept is kept."""
        self._drop_task()
        self._say("")
        if mode == "single" and self._mode != "single":
            self._take(single(self._layer_now()), 0)
        self._set_mode(mode)
        self._show_rule()
        if mode == "class":
            self._load_ahead()
        if mode == "rule" and self.style_now.rules:
            self._fill(self.rules.currentRow())

    def make_categories(self) -> None:
        """Make a symbol for each value of the chosen field, in a worker."""
        field = self._layer.kind.field(str(self.category_field.value))
        if field is None:
            return
        layer, colors = self._layer_now(), ramp(self.category_ramp.value)

        def work(_: Progress) -> tuple[Style, str]:
            style, found = by_category(layer, field, colors), len(distinct_values(layer, field))
            return style, "" if found <= MOST_CATEGORIES else _too_many(field, found)

        self._make(Text("正在分类…", "Sorting by value…"), work)

    def make_classes(self) -> None:
        """Make a symbol for each range of the chosen field, in a worker."""
        field = self._layer.kind.field(str(self.class_field.value))
        if field is None:
            return
        layer, method, count = self._layer_now(), self.method.value, self.count.value()
        colors = ramp(self.class_ramp.value)

        def work(progress: Progress) -> tuple[Style, str]:
            return by_class(layer, field, method, count, colors, progress.check), ""

        self._make(Text("正在分级…", "Finding classes…"), work)

    def _make(self, doing: Text, work: Callable[[Progress], tuple[Style, str]]) -> None:
        """Make a style, and what is to be said of it, beside the window; until then a word tells so."""
        self._drop_task()
        self._say(tr(doing))
        self._task = self._tasks.run(doing, work, self._on_made, self._on_refused, quiet=True)

    def _load_ahead(self) -> None:
        """Load what finds classes while field and method are being chosen."""
        if not SymbolPage._loaded:
            SymbolPage._loaded = True
            words = Text("准备分级", "Getting ready for classes")
            self._tasks.run(words, lambda _: classing_library(), lambda _: None, quiet=True)

    def stop(self) -> None:
        """Wait for nothing any more: the editor is closed."""
        self._closed = True
        self._drop_task()

    def _drop_task(self) -> None:
        if self._task is not None and self._task.under_way:
            self._task.cancel()
        self._task = None

    def _on_made(self, made: tuple[Style, str]) -> None:
        style, words = made
        if not self._closed and self._task is not None:
            self._say(words)
            self._take(replace(style, labels=self.style_now.labels), 0)

    def _on_refused(self, error: PlanboardError) -> None:
        if not self._closed:
            advice = "" if error.advice is None else " " + tr(error.advice)
            self._say(tr(error.message) + advice, bad=True)

    def _layer_now(self) -> Layer:
        return replace(self._layer, style=self.style_now)

    def _say(self, words: str, *, bad: bool = False) -> None:
        self.problem.setText(words)
        set_property(self.problem, "role", "error" if bad else "soft")
        self.problem.setVisible(bool(words))

    def _set_mode(self, mode: StyleMode) -> None:
        self._mode = mode
        button = self.modes[mode]
        button.setChecked(True)  # type: ignore[attr-defined]
        for name, maker in self._makers.items():
            maker.setVisible(name == mode)

    def _all_rules(self) -> tuple[Rule, ...]:
        return (*self.style_now.rules, *self.style_now.overlays)

    def _fill(self, chosen: int) -> None:
        self.rules.blockSignals(True)
        self.rules.clear()
        for at, rule in enumerate(self._all_rules()):
            item = QListWidgetItem(tr(rule.title))
            item.setSizeHint(QSize(0, _ROW_PX))
            if at >= len(self.style_now.rules):
                item.setText(tr("叠加：{t}", "Over: {t}", t=tr(rule.title)))
                item.setToolTip(tr("叠加在上面，例如方案状态", "Drawn on top, such as the plan state"))
            self.rules.addItem(item)
        self.rules.setCurrentRow(min(max(chosen, 0), self.rules.count() - 1))
        self.rules.blockSignals(False)
        self._picture_rows()
        self._show_rule()

    def _picture_rows(self) -> None:
        """Give the next rows their pictures; hundreds would hold up the window."""
        bare = [at for at in range(self.rules.count()) if self._row(at).icon().isNull()]
        for at in bare[:_AT_ONCE]:
            self._row(at).setIcon(self._picture(self._all_rules()[at]))
        if len(bare) > _AT_ONCE and not self._closed:
            self._picturing.start()

    def _row(self, at: int) -> QListWidgetItem:
        item = self.rules.item(at)
        assert item is not None
        return item

    def _picture(self, rule: Rule) -> QIcon:
        return symbol_icon(rule.symbol, self._geometry)

    def _show_rule(self) -> None:
        at = self.rules.currentRow()
        if 0 <= at < len(self._all_rules()):
            over = at >= len(self.style_now.rules)
            self.form.show_rule(self._all_rules()[at], conditional=self._mode == "rule" or over)

    def _on_rule(self, rule: Rule) -> None:
        at = self.rules.currentRow()
        item = self.rules.currentItem()
        over = at >= len(self.style_now.rules)
        if item is not None:
            item.setIcon(self._picture(rule))
            item.setText(tr("叠加：{t}", "Over: {t}", t=tr(rule.title)) if over else tr(rule.title))
        self._with_rules([rule if i == at else old for i, old in enumerate(self._all_rules())])

    def _with_rules(self, rules: list[Rule], count: int | None = None) -> None:
        count = len(self.style_now.rules) if count is None else count
        self.style_now = replace(self.style_now, rules=tuple(rules[:count]), overlays=tuple(rules[count:]))
        self.edited.emit(self.style_now)

    def _add_rule(self) -> None:
        """Put a symbol before the one that takes everything else."""
        rules = list(self._all_rules())
        at = len(self.style_now.rules)
        if self.style_now.rules[-1].everything:
            at -= 1
        made = Rule(Text("新符号", "New symbol"), self.style_now.rules[-1].symbol)
        rules.insert(at, made)
        self._with_rules(rules, len(self.style_now.rules) + 1)
        self._set_mode("rule")
        self._fill(at)
        self.form.condition.setFocus()

    def _drop_rule(self) -> None:
        at, rules = self.rules.currentRow(), list(self._all_rules())
        count = len(self.style_now.rules)
        if at >= count or count > 1:
            del rules[at]
            self._with_rules(rules, count - (1 if at < count else 0))
            self._fill(min(at, len(rules) - 1))

    def _shift_rule(self, by: int) -> None:
        at, rules, count = self.rules.currentRow(), list(self._all_rules()), len(self.style_now.rules)
        if 0 <= at + by < len(rules) and (at < count) == (at + by < count):
            rules[at], rules[at + by] = rules[at + by], rules[at]
            self._with_rules(rules)
            self._fill(at + by)

    def _take(self, style: Style, chosen: int) -> None:
        self.style_now = style
        self._fill(chosen)
        self.edited.emit(style)


def _too_many(field: Field, found: int) -> str:
    return tr(
        "“{f}”有 {n} 种取值：最常见的 {m} 种各有符号，其余归入“其他”。",
        "“{f}” has {n} values: the {m} commonest have a symbol each, the rest are other.",
        f=tr(field.title), n=found, m=MOST_CATEGORIES,
    )  # fmt: skip


def _ramps(*uses: str) -> list[Option]:
    chosen: list[Ramp] = [r for use in uses for r in RAMPS if r.use == use]
    return [Option(r.id, r.title, ramp_picture(r.take(7), 64, 12)) for r in chosen]
