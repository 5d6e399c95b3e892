"""What the commands for the selection do: clipboard, merging, tidying lines and outlines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QMimeData, QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication

from gis.clipboard import MIME, Pasted, copied, pasted, pasted_text
from gis.edit.construct import refresh_dimensions
from gis.edit.features import remove_features
from gis.edit.join import merge_features, merge_words
from gis.edit.line_ends import reversal_words
from gis.edit.outlines import reverse_features, square_features, straighten_features
from gis.exchange.pasted_table import are_cells
from gis.measure import XY
from layers.changes import ChangeSet, Key
from layers.snapshot import Snapshot
from layers.text import Text
from ui.panels.table_text import features_page
from ui.tools.copying import TRACING
from ui.tools.unseen import tell_unseen

if TYPE_CHECKING:
    from ui.workplace import Workplace


_NUMBERS_TAKEN: Final = Text(
    "已粘贴；编号不能重复，{n} 个对象的编号留空待填。",
    "Pasted; numbers are unique, so {n} objects wait for theirs.",
)
_LEFT_OUT: Final = Text(
    "已粘贴；{n} 个属性值不适合此图层，未带入。",
    "Pasted; {n} values did not fit the layer and were left out.",
)
_COPIED: Final = Text(
    "已复制 {n} 个对象，可粘贴到图中或 Excel。", "Copied {n} features, for the map and for Excel."
)
_CUT: Final = Text("已剪切 {n} 个对象，可粘贴回图中。", "Cut {n} features; they can be pasted.")


class ShapeActions(QObject):
    """Copy, cut, paste, merge, reverse, straighten, square.

    Signals
    -------
    table_pasted()
        What is to be pasted are cells of a spreadsheet, which come in like a file.
    """

    table_pasted = pyqtSignal()

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self._window = window

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        return {
            "edit.copy": lambda: self.copy(),
            "edit.cut": self.cut,
            "edit.paste": self.paste_here,
            "edit.paste_in_place": partial(self.paste, None),
            "shape.merge": self.merge,
            "shape.reverse": self.reverse,
            "shape.straighten": partial(
                self._change, Text("拉直 {n} 条线", "Straighten {n} lines"), straighten_features
            ),
            "shape.refresh_dimensions": partial(
                self._change, Text("更新 {n} 个尺寸", "Refresh {n} dimensions"), refresh_dimensions
            ),
            "shape.square": partial(
                self._change, Text("摆正 {n} 个对象", "Square {n} features"), square_features
            ),
        }

    def copy(self, said: Text = _COPIED) -> bool:
        """Put the selection into the clipboard.

        Exactly for this program, as tables for spreadsheets, as GeoJSON for the rest.
        """
        session, clipboard = self._window.session, QApplication.clipboard()
        if session.snapshot is None or clipboard is None or not session.selection:
            return False
        made = copied(session.snapshot, session.selection)
        data = QMimeData()
        data.setData(MIME, made.own)
        data.setText(made.text)
        data.setHtml(features_page(session.snapshot, session.selection))
        clipboard.setMimeData(data)
        session.tell(said.format(n=len(session.selection)))
        return True

    def cut(self) -> None:
        """Copy the selection, then remove it as one step."""
        session = self._window.session
        keys = sorted(session.selection)
        if self.copy(_CUT):
            label = Text("剪切 {n} 个对象", "Cut {n} features").format(n=len(keys))
            session.run(label, lambda snapshot: remove_features(snapshot, keys))

    def paste_here(self) -> None:
        """Paste around the pointer; text goes where its coordinates say."""
        canvas = self._window.canvas
        x, y = canvas.viewport.to_world(*canvas.hands.pixel)
        self.paste((float(x), float(y)))

    def paste(self, middle: XY | None) -> None:
        """Paste around a place, or in place, as one step, and select what came."""
        session, clipboard = self._window.session, QApplication.clipboard()
        data = clipboard.mimeData() if clipboard is not None else None
        if data is None:
            return
        own, text = bytes(data.data(MIME).data()), data.text()
        if not own and are_cells(text):
            self.table_pasted.emit()
            return
        layer, existing = self._window.canvas.active_layer, session.draws_existing
        results: list[Pasted] = []

        def edit(snapshot: Snapshot) -> ChangeSet:
            results.append(
                pasted(snapshot, own, middle, existing=existing)
                if own
                else pasted_text(snapshot, text, layer, existing=existing)
            )
            return results[0].changes

        session.run(Text("粘贴", "Paste"), edit, lambda: self._on_pasted(results[0]))

    def _on_pasted(self, made: Pasted) -> None:
        session = self._window.session
        session.select(made.changes.features)
        tell_unseen(session, tuple(made.changes.features), self._window.canvas.viewport.scale_denominator)
        if made.states:
            words = Text("、".join(s.zh for s in made.states), ", ".join(s.en for s in made.states))
            tracing = None if session.draws_existing else TRACING
            session.tell(Text(f"粘贴的对象为“{words.zh}”。", f"Pasted as “{words.en}”."), "info", tracing)
        for count, words in ((made.taken, _NUMBERS_TAKEN), (made.left_out, _LEFT_OUT)):
            if count:
                session.tell(words.format(n=count))

    def merge(self) -> None:
        """Make one feature of the selection, and tell which numbers were added up."""
        session = self._window.session
        keys = sorted(session.selection)
        told: list[Text] = []
        made: list[Key] = []

        def edit(snapshot: Snapshot) -> ChangeSet:
            changes = merge_features(snapshot, keys)
            told.append(merge_words(snapshot, keys, changes))
            made.extend(_left(changes))
            return changes

        def done() -> None:
            session.select(made)
            session.tell(told[0], "success")

        session.run(Text("合并 {n} 个对象", "Merge {n} features").format(n=len(keys)), edit, done)

    def reverse(self) -> None:
        """Turn lines round, and tell which levels went along."""
        told: list[Text | None] = []

        def edit(snapshot: Snapshot, keys: Collection[Key]) -> ChangeSet:
            told.append(reversal_words(snapshot, keys))
            return reverse_features(snapshot, keys)

        def say() -> None:
            if told and told[0] is not None:
                self._window.session.tell(told[0], "success")

        self._change(Text("反转 {n} 条线", "Reverse {n} lines"), edit, say)

    def _change(
        self,
        label: Text,
        edit: Callable[[Snapshot, Collection[Key]], ChangeSet],
        say: Callable[[], None] = lambda: None,
    ) -> None:
        session = self._window.session
        keys = sorted(session.selection)
        made: list[Key] = []

        def whole(snapshot: Snapshot) -> ChangeSet:
            changes = edit(snapshot, keys)
            made.extend(_left(changes))
            return changes

        def done() -> None:
            if made:
                session.select(made)
            say()

        session.run(label.format(n=len(keys)), whole, done)


def _left(changes: ChangeSet) -> Iterable[Key]:
    return (key for key, change in changes.features.items() if change.after is not None)
