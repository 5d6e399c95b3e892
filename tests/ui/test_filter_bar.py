"""The line over a list fits the width it is given."""

import pytest
from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QPushButton, QWidget

from layers.text import Text
from ui.panels.filter_bar import FilterBar
from ui.panels.parts import Wording
from ui.session import Session


@pytest.fixture
def bar(qtbot):
    host = QWidget()
    host.resize(1200, 300)
    qtbot.addWidget(host)
    session, host.owner = Session(), QObject()
    host.session = session
    segments = [("a", Text("全部", "All")), ("b", Text("排水", "Drainage")), ("c", Text("交通", "Traffic"))]
    made = FilterBar(Wording(session, host.owner), segments, 3, [QPushButton("添加", host)])
    for at, words in enumerate((("状态", "Status"), ("严重程度", "Severity"), ("时间", "Time"))):
        made.refill(at, [(0, Text(*words))])
    made.setParent(host)
    host.show()
    return made


@pytest.mark.parametrize(("width", "lines"), [(340, 3), (560, 2), (1100, 1)])
def test_its_parts_stand_in_as_many_lines_as_the_width_asks_for_and_never_over_one_another(
    bar, qtbot, width, lines
):
    for _ in range(3):
        bar.setGeometry(0, 0, width, bar.layout().minimumSize().height())
        qtbot.wait(1)
    shown = [*bar.segments.values(), *bar.combos, bar.line]
    boxes = [one.geometry() for one in shown]
    assert all(bar.rect().contains(box) for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    assert (bar.line.y() > bar.segments["a"].geometry().bottom()) == (lines > 1)
    assert (bar.combos[0].y() > bar.segments["a"].geometry().bottom()) == (lines == 3)
