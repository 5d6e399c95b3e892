"""A small plan, a map of it with a known view, and a hand that moves the mouse in ground coordinates."""

from dataclasses import replace

import shapely
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from gis.edit.features import add_feature
from gis.project import Project
from layers.text import same
from ui.canvas.canvas import MapCanvas

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
NO_BUTTON = Qt.MouseButton.NoButton

EAST, NORTH = 616_650.0, 4_077_999.0
WIDTH, HEIGHT = 400, 300
METRES_PER_PX = 0.25

SHAPES = {
    "boundary": [shapely.box(-45, -32, 45, 32)],
    "building": [shapely.box(-30, -10, -10, 10), shapely.box(10, -10, 30, 10)],
    "road": [shapely.LineString([(-40, -20), (40, -20)])],
    "tree": [shapely.Point(0, 0)],
}


def make_project(path) -> Project:
    project = Project.create(path, "小区", "EPSG:4548")
    for layer, shapes in SHAPES.items():
        for shape in shapes:
            placed = shapely.affinity.translate(shape, EAST, NORTH)
            project.apply(add_feature(project.snapshot, layer, placed), same("1"))
    return project


def key_of(project: Project, layer: str, number: int = 0):
    return layer, project.snapshot.layers[layer].table.uids[number]


class Hand:
    """Moves the mouse over a map; places are metres from the middle of the plan."""

    def __init__(self, canvas: MapCanvas):
        self.canvas = canvas

    def at(self, east: float, north: float) -> QPoint:
        x, y = self.canvas.viewport.to_px(EAST + east, NORTH + north)
        return QPoint(round(x), round(y))

    def move(self, east, north, buttons=NO_BUTTON, modifiers=PLAIN):
        self._send(QEvent.Type.MouseMove, self.at(east, north), NO_BUTTON, buttons, modifiers)

    def press(self, east, north, button=LEFT, modifiers=PLAIN):
        self._send(QEvent.Type.MouseButtonPress, self.at(east, north), button, button, modifiers)

    def release(self, east, north, button=LEFT, modifiers=PLAIN):
        self._send(QEvent.Type.MouseButtonRelease, self.at(east, north), button, NO_BUTTON, modifiers)

    def click(self, east, north, modifiers=PLAIN):
        self.move(east, north, modifiers=modifiers)
        self.press(east, north, modifiers=modifiers)
        self.release(east, north, modifiers=modifiers)

    def double_click(self, east, north):
        self.click(east, north)
        self._send(QEvent.Type.MouseButtonDblClick, self.at(east, north), LEFT, LEFT, PLAIN)
        self.release(east, north)

    def drag(self, start, end, button=LEFT, modifiers=PLAIN, steps=4):
        self.move(*start, modifiers=modifiers)
        self.press(*start, button=button, modifiers=modifiers)
        for step in range(1, steps + 1):
            share = step / steps
            place = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
            self.move(*place, buttons=button, modifiers=modifiers)
        self.release(*end, button=button, modifiers=modifiers)

    def drag_px(self, start: QPoint, by: QPoint, button=MIDDLE):
        self._send(QEvent.Type.MouseButtonPress, start, button, button, PLAIN)
        for share in (0.25, 0.5, 0.75, 1.0):
            self._send(QEvent.Type.MouseMove, start + by * share, NO_BUTTON, button, PLAIN)
        self._send(QEvent.Type.MouseButtonRelease, start + by, button, NO_BUTTON, PLAIN)

    def right_click(self, east, north):
        place = self.at(east, north)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, self.canvas.mapToGlobal(place))
        QApplication.sendEvent(self.canvas, event)

    def wheel(self, place: QPoint, notches: float):
        delta = QPoint(0, round(120 * notches))
        event = QWheelEvent(
            QPointF(place),
            QPointF(place),
            QPoint(),
            delta,
            NO_BUTTON,
            PLAIN,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)

    def key(self, key: Qt.Key, modifiers=PLAIN):
        QTest.keyClick(self.canvas, key, modifiers)

    def _send(self, kind, place, button, buttons, modifiers):
        event = QMouseEvent(kind, QPointF(place), QPointF(place), button, buttons, modifiers)
        QApplication.sendEvent(self.canvas, event)


def show_known_view(canvas: MapCanvas) -> None:
    canvas.resize(WIDTH, HEIGHT)
    canvas.show()
    view = replace(
        canvas.viewport,
        centre_x=EAST,
        centre_y=NORTH,
        metres_per_px=METRES_PER_PX,
        width_px=WIDTH,
        height_px=HEIGHT,
    )
    canvas.navigator.show_view(view)
    canvas.navigator.forget_history()
