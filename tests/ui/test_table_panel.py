"""What the attribute table promises."""

import threading

import pytest
from PyQt6.QtCore import QItemSelectionModel, QPoint, Qt
from PyQt6.QtWidgets import QLineEdit
from shapely import box

from gis.edit.construct import add_features
from layers.text import Text
from ui.panels import table_panel
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
    panel.sort_by(column(panel, "number"))
    assert shown(panel, "number") == ["2", "3", "10"]
    panel.sort_by(column(panel, "number"))
    assert shown(panel, "number") == ["10", "3", "2"]
    panel.sort_by(column(panel, "number"))
    assert shown(panel, "number") == ["2", "10", "3"]


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


def put(project, **values):
    """Add a building."""
    made = add_features(project.snapshot, "building", [box(0, 0, 5, 5)], values)
    project.apply(made, Text("画", "draw"))


def test_equals_are_sorted_by_the_next_column_and_a_click_with_shift_adds_it(qtbot, panel, project):
    put(project, number="1", floors=9)
    panel.reload()
    panel.sort_by(column(panel, "floors"))
    panel.sort_by(column(panel, "number"), further=True)
    assert shown(panel, "number") == ["2", "3", "10", "1"]
    panel.sort_by(column(panel, "number"), further=True)
    assert shown(panel, "number") == ["10", "3", "2", "1"]
    head = panel.view.horizontalHeader()
    titles = [
        panel.model.headerData(column(panel, name), Qt.Orientation.Horizontal)
        for name in ("floors", "number")
    ]
    assert [title[-2:] for title in titles] == ["▲₁", "▼₂"]
    at = head.sectionViewportPosition(column(panel, "floors")) + 20
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at, 10))
    assert panel.model.wish.order == (("floors", False),)


def test_a_condition_filters_and_what_is_wrong_with_it_is_said_beside_it(panel):
    panel._filter.setText("户数 > 24")
    assert shown(panel, "number") == ["10", "3"]
    panel._filter.setText("户 > 24")
    assert "户" in panel._problem.text()
    assert panel._problem.isVisible()
    assert shown(panel, "number") == ["10", "3"]
    panel._filter.setText("")
    assert shown(panel, "number") == ["2", "10", "3"]
    assert not panel._problem.isVisible()


def test_only_the_selected_rows_can_be_shown(panel, session, keys):
    panel._only.setChecked(True)
    assert shown(panel, "number") == []
    session.select([keys["10"], keys["T01"]])
    assert shown(panel, "number") == ["10"]


def test_every_selected_row_is_marked_however_scattered(panel, session, keys):
    session.select([keys["2"], keys["3"]])
    assert [panel.model.is_chosen(row) for row in range(3)] == [True, False, True]


def test_an_edit_elsewhere_keeps_the_rows_and_shows_the_new_value(panel, session, project, keys):
    from gis.edit.features import set_attributes

    resets = []
    panel.model.modelReset.connect(lambda: resets.append(True))
    session.run(Text("改", "edit"), lambda s: set_attributes(s, [keys["10"]], {"floors": 11}))
    assert shown(panel, "floors") == ["6", "11", "6"]
    assert not resets


def test_a_row_that_no_longer_meets_the_filter_goes(panel, session, keys):
    from gis.edit.features import set_attributes

    panel._filter.setText("层数=6")
    session.run(Text("改", "edit"), lambda s: set_attributes(s, [keys["10"]], {"floors": 11}))
    assert shown(panel, "number") == ["2", "3"]


def test_a_large_table_is_arranged_beside_the_window(qtbot, panel, monkeypatch):
    arranging: list[int] = []
    plain = panel.model.index_of_columns.rows

    def noting(*asked):
        arranging.append(threading.get_ident())
        return plain(*asked)

    monkeypatch.setattr(table_panel, "LARGE", 1)
    monkeypatch.setattr(panel.model.index_of_columns, "rows", noting)
    panel.sort_by(column(panel, "number"))
    qtbot.waitUntil(lambda: shown(panel, "number") == ["2", "3", "10"])
    assert arranging
    assert threading.get_ident() not in arranging


def test_a_field_is_calculated_for_the_rows_shown_as_one_step(qtbot, panel, project, keys):
    steps = len(project.history.done)
    panel._filter.setText("户数 > 24")
    panel._toggle(panel.calculate)
    panel.calculate._field.setCurrentIndex(panel.calculate._field.findData("floors"))
    qtbot.keyClicks(panel.calculate._formula, "households - 20")
    qtbot.keyClick(panel.calculate._formula, Qt.Key.Key_Return)
    assert [project.snapshot.feature(keys[n]).attributes["floors"] for n in ("2", "10", "3")] == [6, 5, 6]
    assert len(project.history.done) == steps + 1
    assert "已修改" in panel.calculate._said.text()


def test_a_formula_that_means_nothing_is_said_in_its_strip_and_cannot_be_applied(qtbot, panel, project):
    before = project.snapshot
    panel._toggle(panel.calculate)
    qtbot.keyClicks(panel.calculate._formula, "floors *")
    assert panel.calculate._said.property("role") == "error"
    assert not panel.calculate._act.isEnabled()
    qtbot.keyClick(panel.calculate._formula, Qt.Key.Key_Return)
    assert project.snapshot is before


def test_words_are_found_and_replaced_in_the_selected_rows(qtbot, panel, session, project, keys):
    session.select([keys["2"]])
    panel._toggle(panel.replace)
    qtbot.keyClicks(panel.replace._find, "2")
    qtbot.keyClicks(panel.replace._put, "7")
    assert panel.replace._only.isChecked()
    qtbot.mouseClick(panel.replace._act, Qt.MouseButton.LeftButton)
    assert project.snapshot.feature(keys["2"]).attributes["number"] == "7"
    assert project.snapshot.feature(keys["10"]).attributes["number"] == "10"


def test_ctrl_with_a_click_takes_a_row_out_of_the_selection(panel, session, keys):
    session.select([keys["2"], keys["10"], keys["3"]])
    flags = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
    panel.view.selectionModel().select(panel.model.index(1, 0), flags)
    assert session.selection == {keys["2"], keys["3"]}


def test_ctrl_with_a_click_takes_a_row_out_of_a_selection_too_large_for_qt(
    qtbot, panel, session, keys, monkeypatch
):
    monkeypatch.setattr(table_panel, "_MOST_MIRRORED", 1)
    session.select([keys["2"], keys["10"]])
    where = panel.view.visualRect(panel.model.index(1, 0)).center()
    held = Qt.KeyboardModifier.ControlModifier
    monkeypatch.setattr(table_panel.QApplication, "keyboardModifiers", staticmethod(lambda: held))
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, held, where)
    assert session.selection == {keys["2"]}


def test_ctrl_a_selects_every_row_that_is_shown(qtbot, panel, session, keys):
    panel._filter.setText("户数 > 24")
    qtbot.keyClick(panel.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert session.selection == {keys["10"], keys["3"]}


def test_find_and_replace_is_found_by_its_name_and_its_keys(window, qtbot):
    window.layers.set_active("building")
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.drawer.current == "table" and window.table.replace.isVisible())
    assert window.focusWidget() in window.table.replace.findChildren(QLineEdit)
    hits = []
    window.search.find("replace", hits.extend)
    assert any("查找和替换" in hit.title.zh for hit in hits)
    window.actions_.trigger("layer.calculate")
    assert window.table.calculate.isVisible()
    assert not window.table.replace.isVisible()
