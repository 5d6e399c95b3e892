"""Trimming and extending lines at what they meet, and rounding corners."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import ClassVar, Final

import numpy as np
import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter
from shapely import Geometry

from gis import measure
from gis.edit.edges import (
    FARTHEST_M,
    extend_feature,
    extended,
    fillet_feature,
    filleted,
    trim_feature,
    trimmed_piece,
)
from gis.edit.geometries import shape_of
from gis.edit.line_ends import cut_words, extension_words
from gis.edit.vertices import Vertex, vertex_table
from gis.i18n import tr
from gis.measure import XY
from gis.snap import rows_near
from layers.changes import ChangeSet, Key
from layers.errors import PlanboardError
from layers.snapshot import Snapshot
from layers.text import Text
from ui.canvas.cards import Line
from ui.tools.entry import AT, Entry, Values, number
from ui.tools.event import MapEvent
from ui.tools.preview import paint_shapes
from ui.tools.tool import Tool, ToolHost

MOST_CUTTERS: Final = 5000
CORNER_PX: Final = 14.0


class EdgeTool(Tool):
    """Changes the line under the pointer with one click, against all that is visible, or what is selected.

    Attributes
    ----------
    label : Text
    """

    label: ClassVar[Text]
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._at: XY | None = None

    @abstractmethod
    def shown(self, line: Geometry, others: Sequence[Geometry], place: XY) -> Geometry:
        """Return what the preview shows; raise `RefusedError` if nothing can be done."""

    @abstractmethod
    def edit(self, snapshot: Snapshot, key: Key, others: Sequence[Geometry], place: XY) -> ChangeSet:
        """Return the change."""

    @abstractmethod
    def reach(self, line: Geometry, place: XY) -> Geometry:
        """Return the ground within which others count."""

    removes: ClassVar[bool] = False

    def move(self, event: MapEvent) -> None:
        self._at = event.world
        self.host.repaint_overlay()

    def press(self, event: MapEvent) -> None:
        self._at = event.world
        key = self._line_at(event.world)
        if key is None:
            self.host.session.tell(Text("请单击一条线。", "Click a line."), "warning")
        elif self.may_edit():
            self._apply(key, event.world)
        self.host.repaint_overlay()

    def _apply(self, key: Key, place: XY) -> None:
        session, told = self.host.session, list[Text | None]()
        chosen = session.selection - {key}

        def edit(snapshot: Snapshot) -> ChangeSet:
            changes = self.edit(snapshot, key, self._others(snapshot, key, chosen, place), place)
            told.append(self.told(snapshot, changes))
            return changes

        def done() -> None:
            if told[0] is not None:
                session.tell(told[0], "success")

        session.run(self.label, edit, done)

    def told(self, snapshot: Snapshot, changes: ChangeSet) -> Text | None:
        """Return what to say of a change that has been made to a snapshot, if anything."""
        return None

    def double_click(self, event: MapEvent) -> None:
        """Ignore the second press: once is meant."""

    def paint_overlay(self, painter: QPainter) -> None:
        snapshot = self.host.session.snapshot
        key = self._line_at(self._at) if self._at is not None else None
        if snapshot is None or key is None or self._at is None:
            return
        try:
            line = shape_of(snapshot, key)
            chosen = self.host.session.selection - {key}
            made = self.shown(line, self._others(snapshot, key, chosen, self._at), self._at)
        except PlanboardError:
            return
        paint_shapes(painter, [made], self.host.viewport, sound=not self.removes, filled=False)

    def _line_at(self, world: XY) -> Key | None:
        snapshot = self.host.session.snapshot
        for key in self.host.objects_at(world):
            feature = snapshot.feature(key) if snapshot else None
            if feature is not None and shapely.get_dimensions(feature.geometry) == 1:
                return key
        return None

    def _others(self, snapshot: Snapshot, key: Key, chosen: Set[Key], place: XY) -> list[Geometry]:
        if chosen:
            return [g for k in chosen if (f := snapshot.feature(k)) and (g := f.geometry) is not None]
        ground = self.reach(shape_of(snapshot, key), place)
        found: list[Geometry] = []
        for layer in snapshot.layers.values():
            if layer.visible and len(layer.table):
                rows = layer.table.tree.query(ground, predicate="intersects")
                found += [layer.table.geometry[r] for r in rows if (layer.id, layer.table.uids[r]) != key]
        return found[:MOST_CUTTERS]


class TrimTool(EdgeTool):
    """Removes the piece of a line that is clicked, up to what crosses it."""

    id = "trim"
    title = Text("修剪", "Trim")
    hint = Text(
        "单击要剪掉的一段；先选中对象则只以它们为边界",
        "Click the piece to remove; with a selection only that cuts",
    )
    label = Text("修剪", "Trim")
    removes = True

    def shown(self, line: Geometry, others: Sequence[Geometry], place: XY) -> Geometry:
        return trimmed_piece(line, others, place)

    def edit(self, snapshot: Snapshot, key: Key, others: Sequence[Geometry], place: XY) -> ChangeSet:
        return trim_feature(snapshot, key, others, place)

    def told(self, snapshot: Snapshot, changes: ChangeSet) -> Text | None:
        return cut_words(snapshot, changes)

    def reach(self, line: Geometry, place: XY) -> Geometry:
        return line


class ExtendTool(EdgeTool):
    """Extends the end of a line that is clicked to what lies ahead."""

    id = "extend"
    title = Text("延伸", "Extend")
    hint = Text(
        "单击线上靠近要延伸的一端；先选中对象则只延伸到它们",
        "Click a line near the end to extend; with a selection only to that",
    )
    label = Text("延伸", "Extend")

    def shown(self, line: Geometry, others: Sequence[Geometry], place: XY) -> Geometry:
        return extended(line, others, place)

    def edit(self, snapshot: Snapshot, key: Key, others: Sequence[Geometry], place: XY) -> ChangeSet:
        return extend_feature(snapshot, key, others, place)

    def told(self, snapshot: Snapshot, changes: ChangeSet) -> Text | None:
        return extension_words(snapshot, changes)

    def reach(self, line: Geometry, place: XY) -> Geometry:
        xy = np.asarray(line.coords)[:, :2] if line.geom_type == "LineString" else None
        if xy is None:
            return line
        from_first, from_last = (measure.segment_length_m(xy[i], place) for i in (0, -1))
        path = xy[::-1] if from_first < from_last else xy
        ahead = path[-1] - path[-2]
        return shapely.linestrings([path[-1], path[-1] + ahead / np.hypot(*ahead) * FARTHEST_M])


class FilletTool(Tool):
    """Rounds the corner under the pointer with a typed radius."""

    id = "fillet"
    title = Text("圆角", "Fillet")
    hint = Text("单击线或面的转角；半径可直接输入", "Click a corner; the radius can be typed")
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._at: XY | None = None
        self._radius_m = 6.0

    @property
    def entries(self) -> tuple[Entry, ...]:
        radius = Entry("radius", Text("半径", "Radius"), "m", self._radius_m, minimum=0.01, maximum=1000)
        return (radius, replace(AT, title=Text("转角", "Corner")))

    def enter(self, values: Values) -> bool:
        self._radius_m = number(values, "radius", self._radius_m)
        return True

    def move(self, event: MapEvent) -> None:
        self._at = event.world
        self.host.repaint_overlay()

    def press(self, event: MapEvent) -> None:
        self._radius_m = number(self.host.typed, "radius", self._radius_m)
        corner = self._corner_at(event.world)
        if corner is None:
            self.host.session.tell(Text("请单击一个转角。", "Click a corner."), "warning")
        elif self.may_edit():
            (key, vertex), radius = corner, self._radius_m
            self.host.session.run(Text("圆角", "Fillet"), lambda s: fillet_feature(s, key, vertex, radius))

    def double_click(self, event: MapEvent) -> None:
        """Ignore the second press: once is meant."""

    def paint_overlay(self, painter: QPainter) -> None:
        snapshot = self.host.session.snapshot
        corner = self._corner_at(self._at) if self._at is not None else None
        if snapshot is None or corner is None or self._at is None:
            return
        radius = number(self.host.typed, "radius", self._radius_m)
        try:
            made = filleted(shape_of(snapshot, corner[0]), corner[1], radius)
            paint_shapes(painter, [made], self.host.viewport, filled=False)
            line = Line(tr("半径 {r:g} m", "radius {r:g} m", r=radius), strong=True)
        except PlanboardError as error:
            line = Line(tr(error.message), soft=True)
        self.host.cards.paint(painter, self.to_px(self._at), [line])

    def _corner_at(self, world: XY) -> tuple[Key, Vertex] | None:
        """Return the corner nearest to a place: of the selection if there is one, else of all visible."""
        snapshot = self.host.session.snapshot
        if snapshot is None:
            return None
        reach_m = CORNER_PX * self.host.viewport.metres_per_px
        best: tuple[float, Key, Vertex] | None = None
        for key in self._near(snapshot, world, reach_m):
            table = vertex_table(shape_of(snapshot, key))
            away = np.hypot(*(table.xy - world).T)
            nearest = int(np.argmin(away)) if len(away) else -1
            if nearest >= 0 and away[nearest] <= reach_m and (best is None or away[nearest] < best[0]):
                best = (float(away[nearest]), key, table.vertices[nearest])
        return best[1:] if best else None

    def _near(self, snapshot: Snapshot, world: XY, reach_m: float) -> list[Key]:
        if self.host.session.selection:
            return [k for k in self.host.session.selection if _has_edges(snapshot, k)]
        near = [
            (layer.id, str(layer.table.uids[row]))
            for layer in snapshot.layers.values()
            if layer.visible
            for row in rows_near(layer.table, *world, reach_m)
        ]
        return [key for key in near if _has_edges(snapshot, key)]


def _has_edges(snapshot: Snapshot, key: Key) -> bool:
    feature = snapshot.feature(key)
    return feature is not None and bool(shapely.get_dimensions(feature.geometry) > 0)
