"""What the attribute table promises."""

import threading

import pytest
from PyQt6.QtCore import QItemSelectionModel, QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLineEdit
from shapely import box

from gis.clipboard import MIME
from gis.edit.construct import add_features
from gis.edit.features import set_attributes
from layers.text import Text
from ui.panels import table_panel
from ui.panels.table_cells import clipboard_cells
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


def key_in(panel, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(panel.view, key, modifiers)


def put_cursor(panel, row, name):
    at = panel.model.index(row, column(panel, name))
    panel.view.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.NoUpdate)


CTRL = Qt.KeyboardModifier.ControlModifier


def test_rows_are_copied_for_a_spreadsheet_with_their_titles_and_for_the_map(panel, session, keys):
    session.select([keys["3"], keys["10"]])
    key_in(panel, Qt.Key.Key_C, CTRL)
    data = QApplication.clipboard().mimeData()
    first, *lines = [line.split("\t") for line in data.text().splitlines()]
    assert first[: len(panel.model.fields)] == [field.title.zh for field in panel.model.fields]
    at = column(panel, "number")
    assert sorted(line[at] for line in lines) == ["10", "3"]
    assert data.hasFormat(MIME)


def test_copied_words_are_no_formula_for_a_spreadsheet_and_come_back_as_they_were(
    panel, session, project, keys
):
    project.apply(set_attributes(project.snapshot, [keys["3"]], {"name": "=1+1"}), Text("名", "name"))
    session.select([keys["3"]])
    key_in(panel, Qt.Key.Key_C, CTRL)
    text = QApplication.clipboard().text()
    assert "'=1+1" in text
    put_cursor(panel, shown(panel, "number").index("2"), "number")
    session.select([keys["2"]])
    key_in(panel, Qt.Key.Key_V, CTRL)
    assert project.snapshot.feature(keys["2"]).attributes["name"] == "=1+1"


def test_cells_from_a_spreadsheet_are_pasted_from_the_current_cell_on_as_one_step(panel, project, keys):
    panel.sort_by(column(panel, "number"))
    steps = len(project.history.done)
    put_cursor(panel, 0, "floors")
    QApplication.clipboard().setText("7\t1,998\r\n8\t2001\r\n\r\n")
    key_in(panel, Qt.Key.Key_V, CTRL)
    found = {n: project.snapshot.feature(keys[n]).attributes for n in ("2", "3")}
    assert [(found[n]["floors"], found[n]["year"]) for n in ("2", "3")] == [(7, 1998), (8, 2001)]
    assert len(project.history.done) == steps + 1


def test_a_line_of_titles_says_which_columns_are_meant_and_words_stand_for_codes(panel, project, keys):
    panel.sort_by(column(panel, "number"))
    put_cursor(panel, 1, "number")
    QApplication.clipboard().setText("层数\tState\tUse\n9\t拆除\thousing\n")
    key_in(panel, Qt.Key.Key_V, CTRL)
    values = project.snapshot.feature(keys["3"]).attributes
    assert (values["floors"], values["state"], values["use"]) == (9, "demolish", "housing")
    assert values["number"] == "3"


def test_one_pasted_cell_goes_to_all_selected_rows(panel, session, project, keys):
    session.select([keys["3"], keys["10"]])
    put_cursor(panel, shown(panel, "number").index("3"), "floors")
    QApplication.clipboard().setText("11")
    key_in(panel, Qt.Key.Key_V, CTRL)
    floors = [project.snapshot.feature(keys[n]).attributes["floors"] for n in ("3", "10", "2")]
    assert floors[:2] == [11, 11]
    assert floors[2] != 11


@pytest.mark.parametrize(
    ("text", "why"), [("x", "整数"), ("1\n2\n3\n4", "3 行"), ("\t".join("1" * 40), "40 列"), ("拆", "整数")]
)
def test_pasted_cells_that_do_not_fit_are_refused_in_words_and_nothing_changes(
    panel, project, keys, messages, text, why
):
    before = [project.snapshot.feature(keys[n]) for n in ("2", "3", "10")]
    put_cursor(panel, 0, "floors")
    QApplication.clipboard().setText(text)
    key_in(panel, Qt.Key.Key_V, CTRL)
    assert [project.snapshot.feature(keys[n]) for n in ("2", "3", "10")] == before
    assert messages[-1][0] == "error"
    assert why in messages[-1][1].zh


def test_shapes_in_the_clipboard_are_left_to_the_map(panel):
    QApplication.clipboard().setText('{"type": "FeatureCollection", "features": []}')
    assert clipboard_cells() is None


def test_enter_edits_the_current_cell(panel):
    put_cursor(panel, 0, "floors")
    key_in(panel, Qt.Key.Key_Return)
    assert panel.view.state() == panel.view.State.EditingState


def test_a_table_without_rows_says_why(panel, session):
    panel._filter.setText("没有这样的楼")
    assert "没有符合筛选的行" in panel.view.why_empty.zh
    panel._filter.setText("")
    panel.follow("green")
    assert panel.model.rowCount() == 0
    assert "还没有对象" in panel.view.why_empty.zh
    panel.view.grab()


def test_undo_right_after_replacing_takes_back_the_replacement(window, qtbot, project, keys):
    window.activateWindow()
    window.layers.set_active("building")
    window.actions_.trigger("layer.replace")
    strip = window.table.replace
    qtbot.waitUntil(strip._find.hasFocus)
    before = project.snapshot.feature(keys["3"])
    QTest.keyClicks(strip._find, "3")
    QTest.keyClicks(strip._put, "31")
    QTest.keyClick(strip._put, Qt.Key.Key_Return)
    assert project.history.done[-1].label.zh == "替换“3”为“31”"
    assert project.snapshot.feature(keys["3"]) != before
    QTest.keyClick(strip._put, Qt.Key.Key_Z, CTRL)
    assert project.snapshot.feature(keys["3"]) == before


def test_copied_rows_are_a_page_too_in_which_text_stays_text_and_markup_is_text(
    panel, session, project, keys
):
    given = {"number": "3-2", "name": "<b>=1+1", "floors": 7}
    project.apply(set_attributes(project.snapshot, [keys["3"]], given), Text("名", "name"))
    session.select([keys["3"]])
    key_in(panel, Qt.Key.Key_C, CTRL)
    page = QApplication.clipboard().mimeData().html()
    assert "mso-number-format:'\\@'\">3-2</td>" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "<td>7</td>" in page
    assert page.count("<tr>") == 2
