"""What differs between two states: numbered clouds with their changes, and the quantities."""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QPainter, QPolygon, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QSplitter,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gis.i18n import tr
from gis.revisions.comparison import (
    KIND_WORDS,
    SIGNS,
    ChangeGroup,
    Comparison,
    FeatureChange,
    Quantity,
    Restyled,
)
from gis.revisions.restyling import facets_told
from layers import palette
from layers.text import Text
from ui.models.coordinates import roomy
from ui.models.words import change_words, number_words, state_title
from ui.panels.parts import (
    Elided,
    EmptyState,
    Wording,
    button,
    clear,
    column,
    dress_panel,
    label,
    row,
    scrolled,
)
from ui.session import Session
from ui.theme.appearance import base_font
from ui.theme.tokens import SMALL_PX, theme

GROUP = Qt.ItemDataRole.UserRole
CHANGE = Qt.ItemDataRole.UserRole + 1
HEADING = Qt.ItemDataRole.UserRole + 2
GROUP_ROW, CHANGE_ROW = 40, 26
_QUANTITIES_PX, _BOTH_PX, _SCROLL_PX = 340, 640, 14


class ChangeDelegate(QStyledItemDelegate):
    """Paints groups with their number in a triangle, and changes with their sign."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(200, GROUP_ROW if index.data(GROUP) else CHANGE_ROW)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        if painter is None:
            return
        colors, box = theme(), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = option.state & QStyle.StateFlag.State_Selected
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            whole = QRect(0, box.top(), box.right() + 1, box.height())
            painter.fillRect(whole, QColor(colors.accent_soft if chosen else colors.hover))
        group: ChangeGroup | None = index.data(GROUP)
        if group is not None:
            _paint_group(painter, box, group)
        elif index.data(CHANGE) is not None:
            _paint_change(painter, box, index.data(CHANGE))
        elif index.data(HEADING):
            _line(painter, box.adjusted(6, 0, -8, 0), str(index.data()), colors.text_soft, SMALL_PX)
        painter.restore()


def _paint_group(painter: QPainter, box: QRect, group: ChangeGroup) -> None:
    colors = theme()
    x, y = box.left() + 18, box.center().y()
    painter.setBrush(QColor(colors.panel))
    painter.setPen(QColor(palette.CHANGE))
    painter.drawPolygon(QPolygon([QPoint(x, y - 14), QPoint(x + 16, y + 12), QPoint(x - 16, y + 12)]))
    painter.setFont(base_font(11, QFont.Weight.Bold))
    painter.drawText(QRect(x - 16, y - 5, 32, 16), int(Qt.AlignmentFlag.AlignCenter), str(group.number))
    left = box.left() + 44
    width = box.right() - left - 10
    _line(painter, QRect(left, box.top() + 3, width, 18), f"{group.sign}  {tr(group.title)}", colors.text, 13)
    reasons = tr("；", "; ").join(tr(reason) for reason in group.reasons) or ", ".join(group.answers)
    words = f"{tr(number_words(group.label))}  ·  " + (
        tr("回应 {r}", "answers {r}", r=reasons) if reasons else tr("未注明回应哪个问题", "no reason given")
    )
    tone = colors.text_soft if reasons else colors.warning
    _line(painter, QRect(left, box.top() + 20, width, 16), words, tone, SMALL_PX)


def _paint_change(painter: QPainter, box: QRect, change: FeatureChange) -> None:
    colors = theme()
    tones = {"added": colors.success, "removed": colors.danger}
    tone = tones.get(change.kind, colors.info)
    _line(painter, QRect(box.left() + 6, box.top(), 16, box.height()), SIGNS[change.kind], tone, 14)
    name = f"{tr(change.name)}  "
    painter.setFont(base_font())
    used = min(painter.fontMetrics().horizontalAdvance(name), max(80, box.width() // 2))
    _line(painter, QRect(box.left() + 26, box.top(), used, box.height()), name, colors.text, 13)
    left = box.left() + 26 + used
    words = tr(KIND_WORDS[change.kind])
    detail = tr(change_words(change))
    words += f"  {detail}" if detail else ""
    _line(
        painter,
        QRect(left, box.top(), box.right() - left - 8, box.height()),
        words,
        colors.text_soft,
        SMALL_PX,
    )


def _line(painter: QPainter, box: QRect, words: str, color: str, size: int) -> None:
    painter.setFont(base_font(size))
    painter.setPen(QColor(color))
    short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)


class ChangesPanel(QWidget):
    """The change list of the comparison on screen.

    Signals
    -------
    compare_requested()
        The user wants to compare with the last revision.
    export_requested()
        The user wants the list as a table.
    count_changed(int)
    """

    compare_requested = pyqtSignal()
    export_requested = pyqtSignal()
    count_changed = pyqtSignal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self._tree = QTreeWidget()
        self._tree.setHeaderHidden(True)
        self._tree.setMouseTracking(True)
        self._tree.setIndentation(16)
        self._tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._tree.setItemDelegate(ChangeDelegate(self._tree))
        self._tree.itemClicked.connect(self._go)
        self._tree.itemActivated.connect(self._go)
        self._quantities = QWidget()
        self._quantities.setObjectName("PanelBody")
        self._quantity_column = column()
        self._quantities.setLayout(self._quantity_column)
        empty, same_state = self._empty_states()
        empty.chosen.connect(self.compare_requested)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._tree)
        right = self._right = scrolled(self._quantities)
        right.setMinimumWidth(_QUANTITIES_PX)
        split.addWidget(right)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        self._about = Elided("soft")
        export = button("", "link", "export")
        self._words.bind(export.setText, Text("导出…", "Export…"))
        export.clicked.connect(self.export_requested)
        bar = row(margins=(12, 4, 8, 4))
        bar.addWidget(self._about, 1)
        bar.addWidget(export)
        found = QWidget()
        inner = column(spacing=0)
        inner.addLayout(bar)
        inner.addWidget(split, 1)
        found.setLayout(inner)
        self._pages = QStackedWidget()
        for page in (found, empty, same_state):
            self._pages.addWidget(page)
        self.setLayout(column(self._pages, spacing=0))
        for signal in (session.project_opened, session.viewed, session.language_changed):
            signal.connect(self.reload)
        self.reload()

    def _empty_states(self) -> tuple[EmptyState, EmptyState]:
        """Make what stands here without a comparison, and with one that finds nothing."""
        empty = EmptyState(
            "git-diff",
            self._words,
            Text("没有正在进行的比较", "Nothing is being compared"),
            Text(
                "在时间轴上把一版拖到另一版，或与上一版比较，变更会在地图上圈出并在这里逐条列出。",
                "Drag one revision onto another on the timeline, or compare with the last one: the changes "
                "are clouded on the map and listed here.",
            ),
            Text("与上一版比较", "Compare with the last revision"),
        )
        same_state = EmptyState(
            "equals",
            self._words,
            Text("两版没有差异", "No difference"),
            Text("两个状态中的所有对象都相同。", "Every object is the same in both states."),
        )
        return empty, same_state

    @property
    def tree(self) -> QTreeWidget:
        """The change list, for those who drive it."""
        return self._tree

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Leave the room to the changes where there is not enough for both."""
        self._right.setVisible(self.width() >= _BOTH_PX)
        super().resizeEvent(a0)

    def reload(self) -> None:
        """Show the comparison on screen."""
        comparison = self._session.comparison
        self._tree.clear()
        if comparison is not None:
            before, after = state_title(comparison.before), state_title(comparison.after)
            words = Text("{a} → {b}：{n} 处变更，{g} 个编号", "{a} → {b}: {n} changes under {g} numbers")
            count, groups = len(comparison.changes), len(comparison.groups)
            self._about.setText(tr(words.format(a=before, b=after, n=count, g=groups)))
            self._fill(comparison)
            self._fill_restyled(comparison.restyled)
            self._fill_quantities(comparison.quantities)
        total = len(comparison.changes) + len(comparison.spot_changes) if comparison else 0
        something = bool(total or (comparison and comparison.restyled))
        self._pages.setCurrentIndex(1 if comparison is None else 0 if something else 2)
        self.count_changed.emit(total)

    def _fill(self, comparison: Comparison) -> None:
        for group in comparison.groups:
            item = QTreeWidgetItem([f"{tr(number_words(group.label))} {tr(group.title)}"])
            item.setData(0, GROUP, group)
            item.setToolTip(0, f"{tr(number_words(group.label))} {tr(group.title)}")
            self._tree.addTopLevelItem(item)
            for change in group.changes:
                item.addChild(_change_item(change))
            item.setExpanded(len(comparison.groups) <= 3)
        loose = [c for c in comparison.changes if comparison.group_of(c.key) is None]
        for title, changes in (
            (Text("没有位置的变更", "Changes without a place"), loose),
            (Text("问题点的变化", "Problem spots"), list(comparison.spot_changes)),
        ):
            if changes:
                item = QTreeWidgetItem([f"{tr(title)}  {len(changes)}"])
                item.setData(0, HEADING, True)
                self._tree.addTopLevelItem(item)
                for change in changes:
                    item.addChild(_change_item(change))

    def _fill_restyled(self, layers: tuple[Restyled, ...]) -> None:
        """List the layers that look different: nothing was built or torn down for that."""
        if not layers:
            return
        heading = tr("改了样式的图层", "Restyled layers")
        item = QTreeWidgetItem([f"{heading}  {len(layers)}"])
        item.setData(0, HEADING, True)
        self._tree.addTopLevelItem(item)
        for one in layers:
            told = f"{tr(one.title)}  {tr(facets_told(one))}"
            child = QTreeWidgetItem([told])
            child.setToolTip(0, told)
            item.addChild(child)

    def _fill_quantities(self, quantities: tuple[Quantity, ...]) -> None:
        clear(self._quantity_column)
        table = QWidget()
        self._quantity_column.addWidget(table)
        grid = QGridLayout(table)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.addWidget(label(tr("工程量", "Quantities"), "section"), 0, 0)
        for at, words in enumerate((tr("前", "before"), tr("后", "after"), tr("增减", "change")), 1):
            grid.addWidget(_right(label(words, "faint")), 0, at)
        for line, quantity in enumerate(quantities, 1):
            self._quantity_row(grid, line, quantity)
        self._right.setMinimumWidth(max(_QUANTITIES_PX, table.sizeHint().width() + _SCROLL_PX))
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(len(quantities) + 1, 1)

    def _quantity_row(self, grid: QGridLayout, line: int, quantity: Quantity) -> None:
        unit = tr(quantity.unit)
        grid.addWidget(label(tr(quantity.title) + (f" ({unit})" if unit else ""), "soft"), line, 0)
        places = quantity.decimals
        for at, number in enumerate((quantity.before, quantity.after), 1):
            grid.addWidget(_right(label(f"{number:,.{places}f}")), line, at)
        delta = label(
            f"{quantity.delta:+,.{places}f}".replace("-", "−") if round(quantity.delta, places) else "–"
        )
        grid.addWidget(_right(delta), line, 3)

    def _go(self, item: QTreeWidgetItem) -> None:
        group: ChangeGroup | None = item.data(0, GROUP)
        change: FeatureChange | None = item.data(0, CHANGE)
        if group is not None:
            self._session.zoom_requested.emit(roomy(group.cloud.bounds))
        elif change is not None and change.geometry is not None:
            self._session.zoom_requested.emit(roomy(change.geometry.bounds))
            snapshot = self._session.snapshot
            if snapshot is not None and snapshot.feature(change.key) is not None:
                self._session.select([change.key])


def _change_item(change: FeatureChange) -> QTreeWidgetItem:
    words = f"{tr(change.name)}: {tr(KIND_WORDS[change.kind])} {tr(change_words(change))}".strip()
    item = QTreeWidgetItem([words])
    item.setData(0, CHANGE, change)
    item.setToolTip(0, words)
    return item


def _right(widget: QWidget) -> QWidget:
    widget.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)  # type: ignore[attr-defined]
    return widget
