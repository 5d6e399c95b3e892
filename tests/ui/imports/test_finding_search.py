"""Findings are looked through by severity and words, copied, and seen on the map."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from layers.errors import Finding
from layers.text import Text
from ui.imports.finding_search import FindingSearch

FOUND = (
    Finding("a", Text("碎面", "a sliver"), "warning", "a.shp", 7, place=(1.0, 2.0)),
    Finding("b", Text("没有图形", "no shape"), "error", "a.shp", 9),
    Finding("b", Text("没有图形", "no shape"), "error", "a.shp", 3),
)


@pytest.fixture
def search(qtbot):
    made = FindingSearch()
    qtbot.addWidget(made)
    made.show_findings(FOUND, more=4)
    return made


def lines(search):
    return [search.list.item(at).text() for at in range(search.list.count())]


def test_errors_come_first_by_record_and_what_was_not_kept_is_counted(search):
    assert [line.split("：")[0] for line in lines(search)] == ["第 3 条", "第 9 条", "第 7 条"]
    assert "4" in search.told.text()


def test_severity_and_words_narrow_the_list_and_the_copy(search, qtbot):
    search.severity.setCurrentIndex(search.severity.findData("error"))
    search.severity.activated.emit(search.severity.currentIndex())
    assert len(lines(search)) == 2
    qtbot.keyClicks(search.words, "9")
    search.copy.click()
    assert QApplication.clipboard().text() == "第 9 条：没有图形"


def test_only_what_has_a_place_is_seen_on_the_map(search, qtbot):
    search.list.setCurrentRow(0)
    assert not search.look.isEnabled()
    search.list.setCurrentRow(2)
    with qtbot.waitSignal(search.looked_at) as told:
        qtbot.mouseClick(search.look, Qt.MouseButton.LeftButton)
    assert told.args == [FOUND[0]]
