"""What the attribute table promises."""

import pytest
from PyQt6.QtCore import Qt

from ui.panels.table_panel import TablePanel


@pytest.fixture
def panel(qtbot, session):
    made = TablePanel(session)
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    made.follow("building")
    return made


def column(panel, name):
    return next(at for at, field in enumerate(panel.model.fields) if field.name == name)


def shown(panel, name):
    at = column(panel, name)
    return [panel.model.index(row, at).data() for row in range(panel.model.rowCount())]


def test_numbers_of_buildings_are_sorted_as_people_count(panel):
    panel.model.sort(column(panel, "number"))
    assert shown(panel, "number") == ["2", "3", "10"]
    panel.model.sort(column(panel, "number"), Qt.SortOrder.DescendingOrder)
    assert shown(panel, "number") == ["10", "3", "2"]


def test_the_filter_looks_into_every_column_and_counts(panel):
    panel._filter.setText("25")
    assert shown(panel, "number") == ["10"]
    assert panel._count.text() == "显示 1/3"


def test_an_edited_cell_is_one_step(panel, project, keys):
    steps = len(project.history.done)
    row = shown(panel, "number").index("3")
    assert panel.model.setData(panel.model.index(row, column(panel, "floors")), 7)
    assert project.snapshot.feature(keys["3"]).attributes["floors"] == 7
    assert len(project.history.done) == steps + 1


def test_an_edited_cell_of_a_selected_row_goes_to_all_selected_rows(panel, session, project, keys):
    session.select([keys["3"], keys["2"]])
    row = shown(panel, "number").index("3")
    panel.model.setData(panel.model.index(row, column(panel, "floors")), 5)
    assert [project.snapshot.feature(keys[n]).attributes["floors"] for n in ("2", "3", "10")] == [5, 5, 6]


def test_a_wrong_value_is_refused_and_told(panel, project, keys, messages):
    row = shown(panel, "number").index("3")
    assert not panel.model.setData(panel.model.index(row, column(panel, "floors")), 500)
    assert project.snapshot.feature(keys["3"]).attributes["floors"] == 6
    assert messages[-1][0] == "error"


def test_table_and_map_share_one_selection(panel, session, keys):
    session.select([keys["10"]])
    rows = {index.row() for index in panel.view.selectionModel().selectedRows()}
    assert rows == {shown(panel, "number").index("10")}
    panel.view.selectRow(shown(panel, "number").index("2"))
    assert session.selection == {keys["2"]}


def test_selecting_elsewhere_does_not_narrow_the_selection_to_the_table(panel, session, keys):
    session.select([keys["10"], keys["T01"]])
    assert session.selection == {keys["10"], keys["T01"]}
