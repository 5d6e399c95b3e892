"""Covering faces and plates: with the mouse, with the keyboard, and back."""

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QImage

from ui.dialogs.blackout_canvas import BlackoutCanvas


@pytest.fixture
def canvas(qtbot):
    made = BlackoutCanvas()
    qtbot.addWidget(made)
    made.resize(400, 400)
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    made.show_photo(image, ())
    made.show()
    return made


def drag(qtbot, canvas, start, end):
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*start))
    qtbot.mouseMove(canvas, QPoint(*end))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*end))


def test_a_drag_covers_in_parts_of_the_picture_whichever_way_it_goes(canvas, qtbot):
    drag(qtbot, canvas, (300, 200), (100, 100))
    assert canvas.boxes == ((0.25, 0.25, 0.75, 0.5),)
    assert canvas.grab().toImage().pixelColor(200, 150).lightness() == 0


def test_a_slip_of_the_hand_covers_nothing(canvas, qtbot):
    drag(qtbot, canvas, (100, 100), (102, 101))
    assert canvas.boxes == ()


def test_a_box_is_moved_and_sized_and_stays_on_the_picture(canvas, qtbot):
    drag(qtbot, canvas, (100, 100), (200, 200))
    drag(qtbot, canvas, (150, 150), (390, 390))
    assert canvas.boxes == ((0.75, 0.75, 1.0, 1.0),)
    drag(qtbot, canvas, (300, 300), (200, 200))
    assert canvas.boxes == ((0.5, 0.5, 1.0, 1.0),)


def test_every_change_can_be_undone_and_made_again(canvas, qtbot):
    drag(qtbot, canvas, (100, 100), (200, 200))
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert canvas.boxes == ()
    qtbot.keyClick(
        canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert len(canvas.boxes) == 1


def test_the_keyboard_alone_covers_moves_sizes_and_removes(canvas, qtbot):
    qtbot.keyClick(canvas, Qt.Key.Key_Insert)
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.boxes == ((0.39, 0.4, 0.59, 0.61),)
    qtbot.keyClick(canvas, Qt.Key.Key_Insert)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.chosen == 0
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert canvas.boxes == ((0.4, 0.4, 0.6, 0.6),)
