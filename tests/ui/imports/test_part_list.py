"""A list of hundreds of layers: there at once for who asks, on screen bit by bit."""

from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint

from gis.exchange.parts import Part
from gis.exchange.raw import SourceLayer
from layers.kinds import standard_kinds
from layers.layer import Layer
from ui.imports.part_list import PartList
from ui.panels.parts import Elided
from ui.theme.sheet import style_sheet
from ui.theme.tokens import LIGHT

LAYERS = [Layer.of(standard_kinds()[name]) for name in ("building", "road")]
PARTS = [Part(Path(f"{i}.shp"), SourceLayer(str(i), "Polygon", i % 3, None)) for i in range(300)]


@pytest.fixture
def parts(qtbot):
    made = PartList()
    qtbot.addWidget(made)
    made.fill(PARTS, LAYERS, {PARTS[4]: "road"})
    return made


def test_all_parts_are_chosen_before_all_are_on_screen(parts):
    assert len(parts._lines) < len(PARTS)
    full = [part for part in PARTS if not part.is_empty]
    assert list(parts.chosen) == full
    assert {part for part, aim in parts.chosen.items() if aim == "road"} == {PARTS[4]}


def test_what_is_said_and_chosen_early_is_seen_when_a_line_appears(parts):
    last = PARTS[298]
    parts.tell(last, "不行", wrong=True)
    parts.take_up(frozenset(PARTS) - {last}, {last: "road"})
    assert parts.chosen == {last: "road"}
    assert parts.told[last].text() == "不行"
    assert [part for part, tick in parts.ticks.items() if tick.isChecked()] == [last]


def test_a_tick_on_screen_is_what_is_chosen(parts, qtbot):
    with qtbot.waitSignal(parts.changed):
        parts.ticks[PARTS[1]].setChecked(False)
    assert PARTS[1] not in parts.chosen
    assert PARTS[1] in parts.kept[0]


def test_what_is_said_of_a_layer_stands_under_its_name(parts):
    parts.setStyleSheet(style_sheet(LIGHT, "", "", "", ""))
    parts.tell(PARTS[1], "相同 1", wrong=False)
    parts.resize(420, 600)
    parts.show()
    told = parts.told[PARTS[1]]
    title = next(one for one in told.parentWidget().parentWidget().findChildren(Elided) if one is not told)
    assert abs(told.mapTo(parts, QPoint()).x() - title.mapTo(parts, QPoint()).x()) <= 1
