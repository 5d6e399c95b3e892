"""Changing features with a drawn line or area: splitting and cutting holes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from shapely import Geometry

from gis.edit.counts import split_words
from gis.edit.edges import reshape_features
from gis.edit.outlines import cut_hole
from gis.edit.shapes import area_around, line_through
from gis.edit.split import split_features
from gis.edit.topology import reshape_shared
from gis.measure import XY
from layers.changes import ChangeSet, Key
from layers.errors import PlanboardError
from layers.snapshot import Snapshot
from layers.text import Text
from ui.tools.sharing import shared_layers
from ui.tools.sketch import SketchTool


class SketchedChange(SketchTool):
    """Draws a line or area, then changes the selection with it; without one, the layer drawn into.

    Attributes
    ----------
    label : Text
        What the step is called.
    """

    label: ClassVar[Text]

    @abstractmethod
    def edit(self, snapshot: Snapshot, keys: Sequence[Key], drawn: Geometry) -> ChangeSet:
        """Return the change, or raise `RefusedError` with the reason."""

    def may_begin(self) -> bool:
        if not self.may_edit():
            return False
        if self.host.session.selection or self.host.active_layer:
            return True
        self.host.session.tell(Text("请先选中要修改的对象。", "Select what to change first."), "warning")
        return False

    def complete(self, points: Sequence[XY]) -> bool:
        try:
            drawn = area_around(points) if self.closed else line_through(points)
        except PlanboardError as error:
            self.host.session.refuse(error)
            return False
        session, layer, change = self.host.session, self.host.active_layer or "", self.edit_now()
        selection, made = sorted(session.selection), list[Key]()
        told: list[Text | None] = []

        def edit(snapshot: Snapshot) -> ChangeSet:
            keys = selection or self._keys(snapshot, layer, drawn)
            changes = change(snapshot, keys, drawn)
            made.extend(
                key
                for key, change in changes.features.items()
                if change.after is not None and (change.before is None or key in keys)
            )
            told.append(self.told(snapshot, changes))
            return changes

        def done() -> None:
            session.select(made)
            self.say(selection, told[-1])

        return session.run(self.label, edit, done, lambda: self.take_up(points))

    def say(self, keys: Sequence[Key], words: Text | None) -> None:
        """Say what came of a change to the features that were selected."""
        if words is not None:
            self.host.session.tell(words, "success")

    def told(self, snapshot: Snapshot, changes: ChangeSet) -> Text | None:
        """Return what to say of a change that has been made to a snapshot, if anything."""
        return None

    def edit_now(self) -> Callable[[Snapshot, Sequence[Key], Geometry], ChangeSet]:
        """Return `edit` with what is typed at the moment: the edit itself may run in a worker thread."""
        return self.edit

    def _keys(self, snapshot: Snapshot, layer_id: str, drawn: Geometry) -> list[Key]:
        layer = snapshot.layers.get(layer_id)
        if layer is None or not len(layer.table):
            return []
        rows = layer.table.tree.query(drawn, predicate="intersects")
        return [(layer.id, str(uid)) for uid in layer.table.uids[rows]]


class SplitTool(SketchedChange):
    """Splits with a line."""

    id = "split"
    title = Text("分割", "Split")
    hint = Text("单击分割线的起点，要在对象之外", "Click where the cutting line starts, outside the object")
    hint_more = Text(
        "单击下一点；双击、Enter 或右键分割，Backspace 退回一点",
        "Click the next point; double-click, Enter or right-click splits, Backspace undoes",
    )
    label = Text("分割", "Split")

    def edit(self, snapshot: Snapshot, keys: Sequence[Key], drawn: Geometry) -> ChangeSet:
        return split_features(snapshot, keys, drawn)

    def told(self, snapshot: Snapshot, changes: ChangeSet) -> Text | None:
        return split_words(snapshot, changes)


class HoleTool(SketchedChange):
    """Cuts a hole into an area."""

    id = "cut-hole"
    title = Text("挖洞", "Cut a hole")
    hint = Text("单击洞的第一个角点", "Click the first corner of the hole")
    hint_more = Text(
        "单击下一角点；双击、Enter 或右键完成，Backspace 退回一点",
        "Click the next corner; double-click, Enter or right-click cuts, Backspace undoes",
    )
    label = Text("挖洞", "Cut a hole")
    closed = True

    def edit(self, snapshot: Snapshot, keys: Sequence[Key], drawn: Geometry) -> ChangeSet:
        return cut_hole(snapshot, keys, drawn)


class ReshapeTool(SketchedChange):
    """Lets an outline or a line follow a drawn line between where it meets it; neighbours too if asked."""

    id = "reshape"
    title = Text("改形", "Reshape")
    hint = Text("单击改形线的起点", "Click where the new edge starts")
    hint_more = Text(
        "与原边线相交两次；双击、Enter 或右键完成，Backspace 退回一点",
        "Meet the old edge twice; double-click, Enter or right-click ends, Backspace undoes",
    )
    label = Text("改形", "Reshape")

    def edit(self, snapshot: Snapshot, keys: Sequence[Key], drawn: Geometry) -> ChangeSet:
        return reshape_features(snapshot, keys, drawn)

    def edit_now(self) -> Callable[[Snapshot, Sequence[Key], Geometry], ChangeSet]:
        layers = shared_layers(self.host.session)
        return partial(reshape_shared, layers=layers) if layers else self.edit
