"""Where the cards of running values stand."""

import pytest
from PyQt6.QtCore import QPointF, QRectF

from ui.canvas.cards import placed

ROOM = QRectF(0, 0, 800, 600)


@pytest.mark.parametrize(
    ("pointer", "before", "across", "down"),
    [
        ((400, 300), (200, 100), 1, 1),
        ((400, 300), (600, 500), -1, 1),
        ((780, 300), (600, 420), -1, 1),
        ((780, 580), (600, 590), -1, -1),
    ],
)
def test_a_card_stands_below_the_pointer_on_the_side_where_nothing_is_drawn(pointer, before, across, down):
    at = QPointF(*pointer)
    card = placed(at, 160, 50, ROOM, drawn=[QPointF(*before), at])
    assert ROOM.contains(card)
    assert (card.center().x() > at.x()) == (across > 0)
    assert (card.center().y() > at.y()) == (down > 0)


def test_where_everything_is_drawn_over_the_card_still_shows():
    at, ring = QPointF(400, 300), []
    for x, y in ((100, 100), (700, 500), (100, 500), (700, 100), (400, 0), (400, 600), (0, 300), (800, 300)):
        ring += [QPointF(x, y), at]
    assert ROOM.contains(placed(at, 160, 50, ROOM, drawn=ring))


def test_a_second_card_covers_the_first_one_nowhere_around_the_pointer():
    for x in range(10, 800, 60):
        for y in range(10, 600, 60):
            at = QPointF(x, y)
            first = placed(at, 160, 50, ROOM, drawn=[QPointF(400, 300), at])
            second = placed(at, 120, 28, ROOM, above=True, taken=[first])
            assert not first.intersects(second), (x, y)
            assert ROOM.contains(second)
