"""Findings are looked through by severity and words, copied, and seen on the map."""

import time

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
    return [search.list.topLevelItem(at).text(0) for at in range(search.list.topLevelItemCount())]


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
    search.list.setCurrentItem(search.list.topLevelItem(0))
    assert not search.look.isEnabled()
    search.list.setCurrentItem(search.list.topLevelItem(2))
    with qtbot.waitSignal(search.looked_at) as told:
        qtbot.mouseClick(search.look, Qt.MouseButton.LeftButton)
    assert told.args == [FOUND[0]]


def many(count):
    return [
        Finding("c", Text(f"坐标“坏{i}”无法读取", f"“bad {i}” cannot be read"), "error", "a.csv", i, "经度")
        for i in range(count, 0, -1)
    ]


def test_what_is_said_of_many_records_is_one_line_that_opens(search, qtbot):
    search.show_findings([*FOUND, *many(12)])
    assert lines(search)[0] == "“经度”：坐标…无法读取（12 条）"
    group = search.list.topLevelItem(0)
    assert not group.childCount()
    search.list.expandItem(group)
    assert [group.child(at).text(0) for at in (0, 11)] == [
        "第 1 条，“经度”：坐标“坏1”无法读取", "第 12 条，“经度”：坐标“坏12”无法读取",
    ]  # fmt: skip
    search.list.setCurrentItem(group)
    search.copy.click()
    assert len(QApplication.clipboard().text().splitlines()) == 12


def test_thousands_of_findings_are_listed_and_searched_in_short_turns(search, qtbot):
    turns = []
    work = search.list._filling._turn

    def timed():
        start = time.thread_time()
        work()
        turns.append(time.thread_time() - start)

    search.list._filling._turn = timed
    search.list._filling._timer.timeout.disconnect()
    search.list._filling._timer.timeout.connect(timed)
    search.show_findings(many(20_000))
    assert search.list._filling.under_way
    with qtbot.waitSignal(search.list.filled, timeout=20_000):
        pass
    assert lines(search) == ["“经度”：坐标…无法读取（20,000 条）"]
    search.words.setText("坏77")
    qtbot.waitUntil(lambda: not search.list._filling.under_way, timeout=20_000)
    assert search.told.text() == "111 条"
    assert max(turns) < 0.05
