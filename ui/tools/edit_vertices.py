"""Changing the shape of one feature, vertex by vertex."""

from __future__ import annotations

from collections.abc import Set
from typing import Final

import numpy as np
import shapely
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QKeyEvent, QPainter
from shapely import Geometry

from gis import measure
from gis.edit.topology import insert_shared_vertex, shared_shapes, shift_shared_vertices
from gis.edit.vertices import (
    Vertex,
    VertexTable,
    insert_vertex,
    move_vertex,
    remove_vertices,
    shift_vertices,
    vertex_table,
    with_vertex_moved,
    with_vertices_shifted,
)
from gis.measure import XY
from layers.changes import ChangeSet, Key
from layers.snapshot import Snapshot
from layers.text import Text
from ui.canvas.cards import Line
from ui.canvas.marks import CASING, HIGHLIGHT, WRONG, faint, pen
from ui.canvas.paths import outline_path, pixels
from ui.tools.entry import Entry
from ui.tools.event import MapEvent
from ui.tools.sharing import shared_layers
from ui.tools.sketch import paint_vertex
from ui.tools.tool import PlacingTool, ToolHost, pixels_apart

GRAB_PX: Final = 9.0
DRAG_PX: Final = 3.0
NUDGE_M: Final = 0.1
_ARROWS: Final = {
    Qt.Key.Key_Left: (-NUDGE_M, 0.0),
    Qt.Key.Key_Right: (NUDGE_M, 0.0),
    Qt.Key.Key_Up: (0.0, NUDGE_M),
    Qt.Key.Key_Down: (0.0, -NUDGE_M),
}


NONE_CHOSEN: Final = Text("还没有选中顶点。", "No vertex is chosen.")
WHOLE_OBJECT: Final = Text(
    "单击顶点或按 Tab 选一个；要删除整个对象，先按 V 回到选择。",
    "Click a vertex or press Tab; to delete the whole object, go back to selecting with V.",
)


class EditVerticesTool(PlacingTool):
    """Drags vertices of the selected feature; double-click on an edge inserts, Delete removes.

    A box drawn beside the shape, or Shift with a click, chooses several that
    then go together. Tab goes to the next vertex, Ctrl with an arrow nudges. A
    shape that would cross itself turns red and springs back. Insert adds a vertex
    in the middle of the edge after the chosen one.
    """

    id = "edit-vertices"
    title = Text("编辑顶点", "Edit vertices")
    hint = Text("单击要改形的对象", "Click the object to reshape")
    hint_more = Text(
        "拖动顶点，拖框或 Shift 选多个；双击边线或 Insert 插入，Delete 删除，Tab 换下一个，Ctrl+方向键微移",
        "Drag a vertex; a box or Shift takes several; double-click or Insert adds, Delete removes, Tab next",
    )
    hint_shared = Text("公共边界一起移动（J）。{hint}", "Shared borders move together (J). {hint}")
    hovers = True

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._chosen: int | None = None
        self._others: frozenset[int] = frozenset()
        self._box_to: XY | None = None
        self._hovered: int | None = None
        self._pressed: MapEvent | None = None
        self._target: XY | None = None
        self._known: tuple[Geometry, VertexTable] | None = None

    @property
    def snaps(self) -> bool:
        return self._target is not None

    @property
    def busy(self) -> bool:
        return self._pressed is not None and (self._target is not None or self._box_to is not None)

    @property
    def ignored(self) -> Set[Key]:
        return self.host.session.selection

    @property
    def anchor(self) -> XY | None:
        return self._place(self._chosen) if self._chosen is not None and self._table() else None

    @property
    def entries(self) -> tuple[Entry, ...]:
        return super().entries if self.anchor is not None else ()

    def take(self, place: XY) -> None:
        self._pressed = self._target = None
        if self._chosen is not None:
            self._move(place)

    def activate(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        if self._known is not None and self._geometry() is not self._known[0]:
            self._target = self._pressed = None
        table = self._table()
        if table is None or max(self._group, default=0) >= len(table.vertices):
            self._chosen, self._others = None, frozenset()
        more = (
            self.hint_shared.format(hint=self.hint_more)
            if self.host.session.shared_borders
            else self.hint_more
        )
        self.host.show_hint(self.hint if table is None else more)
        self.host.repaint_overlay()

    def press(self, event: MapEvent) -> None:
        self._pressed = event
        hit = self._vertex_at(event.pixel)
        if hit is not None and event.shift:
            self._toggle(hit)
        elif hit not in self._group:
            self._chosen, self._others = hit, frozenset()
        else:  # a vertex of the group leads it
            self._chosen, self._others = hit, self._group - {hit}
        if hit is None and self._edge_at(event.pixel) is None and not self._begins_box(event):
            self.host.session.select(self.host.objects_at(event.world)[:1])
        self.refresh()
        self._pressed = event

    def move(self, event: MapEvent) -> None:
        self.pointer = event.snapped
        if self._pressed is not None and self._chosen is None and self._begins_box(self._pressed):
            self._box_to = event.pixel
            self.host.repaint_overlay()
            return
        if self._pressed is None or self._chosen is None:
            self._hover(self._vertex_at(event.pixel))
            return
        if self._target is None:
            if pixels_apart(self._pressed.pixel, event.pixel) <= DRAG_PX:
                return
            if not self.may_edit():
                self._pressed = None
                return
        self._target = event.aim(self._place(self._chosen))
        self.host.repaint_overlay()

    def release(self, event: MapEvent) -> None:
        target, pressed, box_to = self._target, self._pressed, self._box_to
        self._pressed = self._target = self._box_to = None
        if target is not None and self._chosen is not None:
            self._move(target)
        elif pressed is not None and self._chosen is None and self._begins_box(pressed):
            self._end_box(pressed, event, box_to)
        self.refresh()

    def double_click(self, event: MapEvent) -> None:
        edge = self._edge_at(event.pixel)
        if edge is not None and self._vertex_at(event.pixel) is None:
            self._insert(edge, self._foot(edge, event.world))

    def _insert(self, edge: int, place: XY) -> None:
        table, key = self._table(), self._key()
        if table is None or key is None or not self.may_edit():
            return
        first = int(table.edges[edge][0])
        x, y = place
        label = Text("插入顶点", "Insert vertex")
        after = table.vertices[first]
        shared = shared_layers(self.host.session)

        def edit(state: Snapshot) -> ChangeSet:
            if shared:
                return insert_shared_vertex(state, key, after, x, y, shared)
            return insert_vertex(state, key, after, x, y)

        self.host.session.run(label, edit, lambda: self._choose(first + 1))

    def _choose(self, number: int) -> None:
        self._chosen = number
        self.refresh()

    def key(self, event: QKeyEvent) -> bool:
        table = self._table()
        if table is None:
            return False
        step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()))
        if step is not None:
            now = self._chosen if self._chosen is not None else (-1 if step > 0 else 0)
            self._chosen, self._others = (now + step) % len(table.vertices), frozenset()
            self.host.repaint_overlay()
            return True
        return self._change_by_key(event)

    def cancel(self) -> bool:
        dropped = any(part is not None for part in (self._target, self._chosen, self._box_to))
        self._pressed = self._target = self._chosen = self._box_to = None
        self._others = frozenset()
        self.host.repaint_overlay()
        return dropped

    def paint_overlay(self, painter: QPainter) -> None:
        table = self._table()
        if table is None:
            return
        if self._target is not None and self._chosen is not None:
            self._paint_drag(painter, self._target)
        room = QRectF(painter.viewport()).adjusted(-9, -9, 9, 9)
        for number, (x, y) in enumerate(pixels(table.xy, self.host.viewport)):
            if room.contains(QPointF(x, y)):
                full = number in self._group or number == self._hovered
                paint_vertex(painter, QPointF(x, y), full=full)
        if self._box_to is not None and self._pressed is not None:
            painter.setBrush(faint(HIGHLIGHT, 0.10))
            painter.setPen(pen(HIGHLIGHT, 1.4))
            painter.drawRect(QRectF(QPointF(*self._pressed.pixel), QPointF(*self._box_to)).normalized())

    def _hover(self, vertex: int | None) -> None:
        if vertex != self._hovered:
            self._hovered = vertex
            self.host.repaint_overlay()

    def _change_by_key(self, event: QKeyEvent) -> bool:
        key, vertices = self._key(), self._vertices()
        removes = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        if not vertices or key is None or self._chosen is None:
            if removes:  # otherwise a second Delete would take the whole object
                self.host.session.tell(NONE_CHOSEN, "warning", WHOLE_OBJECT)
            return removes
        if removes:
            label = Text("删除 {n} 个顶点", "Delete {n} vertices").format(n=len(vertices))
            self.host.session.run(label, lambda state: remove_vertices(state, key, vertices))
            self._chosen, self._others = None, frozenset()
            self.refresh()
            return True
        if event.key() == Qt.Key.Key_Insert:
            self._insert_after(self._chosen)
            return True
        if event.key() in _ARROWS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            dx, dy = _ARROWS[Qt.Key(event.key())]
            x, y = self._place(self._chosen)
            self._move((x + dx, y + dy))
            return True
        return False

    def _insert_after(self, number: int) -> None:
        """Insert a vertex in the middle of the edge that follows one."""
        table = self._table()
        edge = None if table is None else next((i for i, e in enumerate(table.edges) if e[0] == number), None)
        if table is not None and edge is not None:
            x, y = table.xy[table.edges[edge]].mean(axis=0)
            self._insert(edge, (float(x), float(y)))

    def _move(self, target: XY) -> None:
        key, vertex, vertices = self._key(), self._vertex(self._chosen), self._vertices()
        if key is None or vertex is None or self._chosen is None:
            return
        shared = shared_layers(self.host.session)
        if shared:
            x, y = self._place(self._chosen)
            by = target[0] - x, target[1] - y
            label = Text("移动 {n} 个公共顶点", "Move {n} shared vertices").format(n=len(vertices))
            self.host.session.run(label, lambda s: shift_shared_vertices(s, key, vertices, by, shared))
            return
        if not self._others:
            label = Text("移动顶点", "Move vertex")
            self.host.session.run(label, lambda state: move_vertex(state, key, vertex, *target))
            return
        x, y = self._place(self._chosen)
        dx, dy = target[0] - x, target[1] - y
        label = Text("移动 {n} 个顶点", "Move {n} vertices").format(n=len(vertices))
        self.host.session.run(label, lambda state: shift_vertices(state, key, vertices, dx, dy))

    @property
    def _group(self) -> frozenset[int]:
        return self._others | ({self._chosen} if self._chosen is not None else frozenset())

    def _vertices(self) -> list[Vertex]:
        table = self._table()
        return [table.vertices[number] for number in sorted(self._group)] if table is not None else []

    def _toggle(self, number: int) -> None:
        group = self._group ^ {number}
        self._chosen = number if number in group else min(group, default=None)
        self._others = group - {self._chosen} if self._chosen is not None else frozenset()

    def _begins_box(self, event: MapEvent) -> bool:
        """Tell whether a press begins a box: beside the shape and its edges, or with Shift."""
        if self._key() is None:
            return False
        beside = self._edge_at(event.pixel) is None
        return event.shift or (beside and self._key() not in self.host.objects_at(event.world))

    def _end_box(self, pressed: MapEvent, event: MapEvent, box_to: XY | None) -> None:
        """Choose the vertices in a drawn box; a plain click selects what lies there instead."""
        table = self._table()
        if box_to is None or table is None or pixels_apart(pressed.pixel, event.pixel) <= DRAG_PX:
            self.host.session.select(self.host.objects_at(event.world)[:1])
            return
        low, high = np.minimum(pressed.world, event.world), np.maximum(pressed.world, event.world)
        inside = np.flatnonzero(((table.xy >= low) & (table.xy <= high)).all(axis=1))
        group = frozenset(int(i) for i in inside) | (self._others if pressed.shift else frozenset())
        self._chosen = min(group, default=None)
        self._others = group - {self._chosen} if self._chosen is not None else frozenset()

    def _paint_drag(self, painter: QPainter, target: XY) -> None:
        geometry, vertex = self._geometry(), self._vertex(self._chosen)
        if geometry is None or vertex is None or self._chosen is None:
            return
        x, y = self._place(self._chosen)
        moved = with_vertex_moved(geometry, vertex, *target)
        if self._others:
            moved = with_vertices_shifted(geometry, self._vertices(), target[0] - x, target[1] - y)
        color = HIGHLIGHT if shapely.is_valid(moved) else WRONG
        shapes, shared = [moved], shared_layers(self.host.session)
        key, snapshot = self._key(), self.host.session.snapshot
        if shared and key is not None and snapshot is not None:
            by = target[0] - x, target[1] - y
            shapes += shared_shapes(snapshot, key, self._vertices(), by, shared)
            if not shapely.is_valid(shapes).all():
                color = WRONG
        path = outline_path(shapes, self.host.viewport)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line_color, width in ((CASING, 4.4), (color, 2.0)):
            painter.setPen(pen(line_color, width))
            painter.drawPath(path)
        at = self.to_px(target)
        paint_vertex(painter, at, color, full=True)
        distance = measure.length_text(measure.segment_length_m(self._place(self._chosen), target))
        self.host.cards.paint(painter, at, [Line(f"→ {distance}", strong=True)])

    def _key(self) -> Key | None:
        selection = self.host.session.selection
        return next(iter(selection)) if len(selection) == 1 else None

    def _geometry(self) -> Geometry | None:
        key, snapshot = self._key(), self.host.session.snapshot
        feature = snapshot.feature(key) if snapshot is not None and key is not None else None
        return feature.geometry if feature else None

    def _table(self) -> VertexTable | None:
        geometry = self._geometry()
        if geometry is None:
            self._known = None
            return None
        if self._known is None or self._known[0] is not geometry:
            self._known = (geometry, vertex_table(geometry))
        return self._known[1]

    def _vertex(self, number: int | None) -> Vertex | None:
        table = self._table()
        return table.vertices[number] if table is not None and number is not None else None

    def _place(self, number: int) -> XY:
        table = self._table()
        assert table is not None, "a vertex is chosen, so there is a shape"
        return float(table.xy[number, 0]), float(table.xy[number, 1])

    def _vertex_at(self, pixel: XY) -> int | None:
        table = self._table()
        if table is None or not len(table.xy):
            return None
        away = np.hypot(*(pixels(table.xy, self.host.viewport) - pixel).T)
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= GRAB_PX else None

    def _edge_at(self, pixel: XY) -> int | None:
        table = self._table()
        if table is None or not len(table.edges):
            return None
        ends = pixels(table.xy, self.host.viewport)[table.edges]
        away = shapely.distance(shapely.linestrings(ends), shapely.Point(pixel))
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= GRAB_PX else None

    def _foot(self, edge: int, world: XY) -> XY:
        """Return the place on an edge nearest to the pointer, not rounded: the edge stays straight."""
        table = self._table()
        assert table is not None, "an edge was hit, so there is a shape"
        line = shapely.LineString(table.xy[table.edges[edge]])
        foot = line.interpolate(line.project(shapely.Point(world)))
        return float(foot.x), float(foot.y)
