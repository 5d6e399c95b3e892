"""A list of coded things of the plan, tied to the selection and the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import QAbstractItemView, QListView, QMenu, QStackedWidget

from gis.i18n import tr
from layers.changes import Key
from layers.schema import Choice
from ui.models.coordinates import roomy
from ui.panels.code_rows import ENTRY, CodeDelegate, CodeModel, Row, RowLook
from ui.panels.parts import EmptyState
from ui.session import Session


class CodeList(QStackedWidget, Generic[Row]):
    """The list, or why it is empty: because there is nothing, or because nothing passes the filter.

    Signals
    -------
    chip_pressed(entry, QPoint)
        The user wants to change what the chip of an entry says.
    """

    chip_pressed = pyqtSignal(object, object)

    def __init__(
        self, session: Session, look: RowLook[Row], nothing: EmptyState, filtered: EmptyState
    ) -> None:
        super().__init__()
        self._session = session
        self._all: tuple[Row, ...] = ()
        self.model = CodeModel(look, self)
        self.view = QListView()
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        delegate = CodeDelegate(look, self.view)
        delegate.chip_pressed.connect(self.chip_pressed)
        self.view.setModel(self.model)
        self.view.setItemDelegate(delegate)
        for signal in (self.view.clicked, self.view.activated):
            signal.connect(lambda index: self.choose(index.data(ENTRY)))
        for page in (self.view, nothing, filtered):
            self.addWidget(page)
        session.selection_changed.connect(self._mark_selection)

    @property
    def shown(self) -> tuple[Row, ...]:
        """The entries in the list."""
        return self.model.entries

    def show_entries(self, everything: Sequence[Row], keeps: Callable[[Row], bool] | None) -> None:
        """Show those of the entries that the filter keeps; all without one."""
        self._all = tuple(everything)
        self.model.show([entry for entry in everything if keeps is None or keeps(entry)])
        self.setCurrentIndex(0 if self.shown else (2 if everything else 1))
        self._mark_selection()

    def wait(self) -> None:
        """Show nothing until there is something to show; what was there is of another plan."""
        self._all = ()
        self.model.show(())
        self.setCurrentIndex(0)

    def choose(self, entry: Row) -> None:
        """Select an entry, and show it on the map."""
        snapshot = self._session.snapshot
        self._session.select([entry.key])
        feature = snapshot.feature(entry.key) if snapshot else None
        if feature is not None and feature.geometry is not None:
            self._session.zoom_requested.emit(roomy(feature.geometry.bounds))

    def meant_with(self, entry: Row) -> list[Key]:
        """Return which features an act on an entry is about: all selected ones, if it is one of them."""
        chosen = {one.key for one in self._all} & self._session.selection
        return sorted(chosen) if entry.key in chosen else [entry.key]

    def choice_menu(self, choices: Sequence[Choice], now: str, choose: Callable[[str], object]) -> QMenu:
        """Return a menu of what the chip of an entry may say."""
        menu = QMenu(self)
        for choice in choices:
            act = menu.addAction(tr(choice.title))
            if act is not None:
                act.setCheckable(True)
                act.setChecked(choice.code == now)
                act.setEnabled(self._session.editable)
                act.triggered.connect(lambda _=False, code=choice.code: choose(code))
        return menu

    def _mark_selection(self) -> None:
        self.model.chosen = chosen = self._session.selection
        self._repaint()
        if len(chosen) == 1:
            row = next((at for at, entry in enumerate(self.shown) if entry.key in chosen), None)
            if row is not None:
                self.view.scrollTo(self.model.index(row))

    def _repaint(self) -> None:
        if (shown := self.view.viewport()) is not None:
            shown.update()


def popup(menu: QMenu, where: QPoint) -> None:
    """Show a menu that goes when it is closed."""
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(where)
