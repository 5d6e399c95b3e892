"""Choosing a whole layer mapping: built in, as last time, or one of the user's own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QInputDialog, QMenu, QWidget

from gis.exchange.dxf.mapping import REFERENCE, DxfMapping, plain_layer
from gis.exchange.dxf.saved_presets import forget_preset, last_mapping, save_preset, usable_presets
from gis.i18n import tr
from layers.errors import PlanboardError
from layers.text import Text
from ui.panels.parts import Choice, button, row
from ui.session import Session

STANDARD: Final = "standard"
_ALL_REFERENCE: Final = "reference"
_LAST: Final = "last"
_OWN: Final = "own:"
_BUILT_IN: Final = Text("内置：南方 CASS 代码和常用图层名", "Built in: CASS codes and common names")
_EVERYTHING: Final = Text("全部作为参考底图", "Everything as reference")
_UNSAVED: Final = Text("自定（未保存）", "Own choice (not saved)")
_AS_LAST: Final = Text(
    "沿用上次导入的对应（{n} 个同名图层）", "As in the last import ({n} layers of the same name)"
)


class MappingChoice(QWidget):
    """The mappings that there are, and what can be done with them.

    Signals
    -------
    chosen(DxfMapping)
        Another mapping is to be used.
    save_wanted(str)
        The mapping on screen is to be kept under a name.
    """

    chosen = pyqtSignal(object)
    save_wanted = pyqtSignal(str)

    def __init__(self, session: Session, name: str) -> None:
        super().__init__()
        self._session, self._name = session, name
        self._own: dict[str, DxfMapping] = {}
        self._last: DxfMapping | None = None
        self._known = 0
        self.box, self.more = Choice(), button(tr("方案…", "Manage …"))
        self.more.clicked.connect(self._offer)
        self.box.activated.connect(lambda _: self._on_activated())
        line = row(self.box, self.more, spacing=6)
        line.setStretch(0, 1)
        self.setLayout(line)
        self.setFocusProxy(self.box)
        self.fill(STANDARD)

    @property
    def code(self) -> str:
        """What is chosen; empty for a choice of the user's own that is not saved."""
        return str(self.box.currentData() or "")

    def fill(self, code: str) -> None:
        """Offer the mappings that there are now, and show one as chosen."""
        self._own = usable_presets()
        self.box.clear()
        self.box.addItem(tr(_BUILT_IN), STANDARD)
        if self._known:
            self.box.addItem(tr(_AS_LAST.format(n=self._known)), _LAST)
        self.box.addItem(tr(_EVERYTHING), _ALL_REFERENCE)
        for name in self._own:
            self.box.addItem(name, f"{_OWN}{name}")
        self.show_code(code)

    def show_code(self, code: str) -> None:
        """Show what is chosen; empty: the user's own choice, which is in the list only while it is."""
        unsaved = self.box.findData("")
        if code and unsaved >= 0:
            self.box.removeItem(unsaved)
        elif not code and unsaved < 0:
            self.box.addItem(tr(_UNSAVED), "")
        self.box.setCurrentIndex(self.box.findData(code))

    def offer_last(self, layers: Collection[str]) -> DxfMapping | None:
        """Offer the mapping of the last import if it speaks of layers of this drawing too, and return it.

        The drawings of one office have the same layers; what was said about them once need not be said again.
        """
        last = last_mapping()
        if last is None:
            return None
        said = {plain_layer(name) for name in last.said}
        self._known = sum(plain_layer(name) in said for name in layers)
        self._last = last
        self.fill(_LAST if self._known else self.code)
        return last if self._known else None

    def save(self, name: str, mapping: DxfMapping) -> None:
        """Keep a mapping under a name, and show it as chosen."""
        try:
            kept = save_preset(name, mapping)
        except PlanboardError as error:
            self._session.tell_error(error)
            return
        self.fill(f"{_OWN}{kept}")

    def forget(self, name: str) -> None:
        """Delete one of the user's own."""
        forget_preset(name)
        self.fill(STANDARD)

    def menu(self) -> QMenu:
        """Return what can be done with mappings."""
        menu = QMenu(self)
        code = self.code
        save = menu.addAction(tr("把当前对应保存为方案…", "Save this mapping as …"))
        if save is not None:
            save.triggered.connect(lambda _=False: self._ask_name())
        forget = menu.addAction(tr("删除此方案", "Delete this mapping"))
        if forget is not None:
            forget.setEnabled(code.startswith(_OWN))
            forget.triggered.connect(lambda _=False: self.forget(code.removeprefix(_OWN)))
        return menu

    def _offer(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _on_activated(self) -> None:
        mapping = self._mapping()
        if mapping is not None:
            self.show_code(self.code)
            self.chosen.emit(mapping)

    def _mapping(self) -> DxfMapping | None:
        code = self.code
        if code == STANDARD:
            return DxfMapping.standard()
        if code == _ALL_REFERENCE:
            return DxfMapping.onto(REFERENCE)
        return self._last if code == _LAST else self._own.get(code.removeprefix(_OWN))

    def _ask_name(self) -> None:
        name, given = QInputDialog.getText(
            self, tr("保存方案", "Save mapping"), tr("方案名称", "Name"), text=self._name
        )
        if given and name.strip():
            self.save_wanted.emit(name)
