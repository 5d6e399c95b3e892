"""Importing a data file in the window: previewed over the plan, then one step."""

import json
import threading

import geopandas as gpd
import pytest
import shapely
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication, QScrollArea
from shapely import box

from gis.crs import transform
from gis.exchange.import_records import records_of
from gis.project import Project
from ui import edit_queue
from ui.models.proposal import Tone

EAST, NORTH = 616650.0, 4077999.0
READY_MS = 30_000


@pytest.fixture
def take(window, qtbot, bring):
    """Open the import of a file and wait until it is worked out, or refused."""

    def opened(*paths):
        form = bring(list(paths))
        qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
        return form

    return opened


@pytest.fixture
def geojson(tmp_path):
    west, south = 118.311, 36.831
    ring = list(box(west, south, west + 2e-4, south + 1e-4).exterior.coords)
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"楼号": "77", "层数": 6, "颜色": "红"},
    }
    path = tmp_path / "楼.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False), "utf-8"
    )
    return path


def survey(path, project, *, swapped_mm=False):
    """Write a newer survey of the three buildings: 2 is gone, 10 has more floors, 88 is new; no .prj."""
    table = project.snapshot.layers["building"].table
    shapes = [*table.geometry[1:], shapely.affinity.translate(table.geometry[0], 0, 40)]
    frame = gpd.GeoDataFrame({"楼号": ["10", "3", "88"], "层数": [9, 6, 6]}, geometry=shapes, crs="EPSG:4548")
    if swapped_mm:
        frame.geometry = [shapely.transform(s, lambda xy: xy[:, ::-1] * 1000) for s in shapes]
    frame.to_file(path, encoding="gbk")
    path.with_suffix(".prj").unlink()
    return path


def shown(window) -> dict[Tone, int]:
    return {part.tone: len(part.geometry) for part in window.session.proposal.parts}


def choose(qtbot, form, combo, data):
    at = combo.findData(data)
    combo.setCurrentIndex(at)
    combo.activated.emit(at)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)


def test_an_import_shows_what_was_understood_and_changes_nothing_until_it_is_asked_to(
    window, qtbot, geojson, project, take
):
    form = take(geojson)
    assert form.plan.layer == "building"
    assert form.plan.mapping["楼号"] == "number"
    assert "颜色" in form.plan.unmapped
    assert "新增 1" in form.summary.text()
    assert shown(window) == {"added": 1}
    assert len(project.snapshot.layers["building"].table) == 3
    form.submit()
    qtbot.waitUntil(lambda: len(project.snapshot.layers["building"].table) == 4, timeout=10_000)
    assert window.session.proposal is None
    assert [record.file for record in records_of(project.snapshot)] == ["楼.geojson"]
    window.session.undo()
    qtbot.waitUntil(lambda: len(project.snapshot.layers["building"].table) == 3, timeout=10_000)
    assert records_of(project.snapshot) == ()


def test_an_import_that_cannot_be_understood_says_so_in_place(window, tmp_path, take):
    path = tmp_path / "bad.geojson"
    path.write_text("{", "utf-8")
    form = take(path)
    assert "bad.geojson" in form.summary.text()
    assert form.understood.text()
    assert not form.go.isEnabled()
    assert window.session.proposal is None


def test_a_file_that_cannot_be_opened_offers_no_choices_that_would_not_help(window, tmp_path, take):
    path = tmp_path / "bad.geojson"
    path.write_text("{", "utf-8")
    form = take(path)
    assert form.problem.isHidden()
    assert not any(box.isVisible() for box in (form.layer_choice, form.encoding, form.target, form.way))


def test_giving_up_clears_the_map_and_brings_the_properties_back(window, geojson, take):
    assert window.attributes_dock.isVisible()
    form = take(geojson)
    assert not window.attributes_dock.isVisible()
    form.give_up()
    assert window.session.proposal is None
    assert window.attributes_dock.isVisible()
    assert window.file_actions.importing.form is None


@pytest.mark.parametrize("swapped_mm", [False, True])
def test_a_file_without_a_system_is_put_where_its_numbers_lie(tmp_path, project, take, window, swapped_mm):
    form = take(survey(tmp_path / "楼.shp", project, swapped_mm=swapped_mm))
    crs, reading = form.crs.chosen
    assert crs == "EPSG:4548"
    assert (reading.swapped, reading.unit_m) == ((True, 0.001) if swapped_mm else (False, 1.0))
    west, south, east, north = window.session.proposal.extent
    assert (west, south) == pytest.approx((EAST, NORTH), abs=50)
    assert (east, north) == pytest.approx((EAST + 80, NORTH + 50), abs=50)
    assert "文件未标注" in form.understood.text()


def test_another_system_moves_the_preview_at_once(tmp_path, project, take, window, qtbot, geojson):
    form = take(geojson)
    before = window.session.proposal.extent
    crs = next(
        i
        for i in range(form.crs.combo.count())
        if form.crs.combo.itemData(i) == ("GCJ-02", form.crs.chosen[1])
    )
    form.crs.combo.setCurrentIndex(crs)
    form.crs.combo.activated.emit(crs)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    after = window.session.proposal.extent
    assert 300 < abs(after[0] - before[0]) < 700


def test_an_update_lists_what_is_new_changed_and_gone_and_does_what_is_ticked(
    tmp_path, project, take, window, qtbot
):
    form = take(survey(tmp_path / "楼.shp", project))
    choose(qtbot, form, form.way, "number")
    fates = [(row.fate, row.name.zh) for row in form._worked.rows]
    assert ("changed", "10号楼") in fates
    assert ("added", "88号楼") in fates
    assert ("gone", "2号楼") in fates
    assert shown(window) == {"changed": 1, "added": 1}  # what is gone stays unless it is ticked
    assert "2" in form.go.text()
    changed = form.updates.topLevelItem(0)
    assert "6 → 9" in changed.child(0).text(0)
    changed.child(0).setCheckState(0, Qt.CheckState.Unchecked)
    form.updates.topLevelItem(2).setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert shown(window) == {"gone": 1, "added": 1}
    form.submit()
    qtbot.waitUntil(
        lambda: "2" not in project.snapshot.layers["building"].table.columns["number"], timeout=10_000
    )
    after = project.snapshot.layers["building"].table
    assert sorted(after.columns["number"]) == ["10", "3", "88"]
    assert next(f for f in after if f.attributes["number"] == "10").attributes["floors"] == 6
    window.session.undo()
    qtbot.waitUntil(
        lambda: "2" in project.snapshot.layers["building"].table.columns["number"], timeout=10_000
    )


def test_adding_what_is_there_already_is_told(tmp_path, project, take):
    form = take(survey(tmp_path / "楼.shp", project))
    assert any(f.code == "import.there-already" for f in form.plan.findings)


def test_an_edit_meanwhile_is_taken_into_account(tmp_path, project, take, window, qtbot, keys):
    form = take(survey(tmp_path / "楼.shp", project))
    choose(qtbot, form, form.way, "number")
    key = keys["10"]
    feature = project.snapshot.feature(key)
    from layers.changes import Change, ChangeSet
    from layers.text import same

    changes = ChangeSet.of([Change(key[0], feature, feature.with_attributes(floors=9))])
    window.session.run(same("edit"), lambda _: changes)
    qtbot.waitUntil(lambda: not form.busy and form.plan is not None, timeout=READY_MS)
    assert not [row for row in form._worked.rows if row.fate == "changed"]


def test_a_change_of_language_keeps_what_was_chosen_and_typed(window, project, take, qtbot, tmp_path):
    form = take(survey(tmp_path / "新测.shp", project))
    choose(qtbot, form, form.encoding, "GB18030")
    choose(qtbot, form, form.way, "number")
    box = form.columns.boxes["层数"]
    box.setCurrentIndex(box.findData(""))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    form.updates.topLevelItem(0).setCheckState(0, Qt.CheckState.Unchecked)
    form.open_page(2)
    dropped = form.updates.dropped
    assert dropped

    window.session.speak("en")
    other = window.file_actions.importing.form
    assert other is not form
    qtbot.waitUntil(lambda: not other.busy, timeout=READY_MS)
    assert other.encoding.currentData() == "GB18030"
    assert other.way.currentData() == "number"
    assert other.columns.boxes["层数"].currentData() == ""
    assert other.updates.dropped == dropped
    assert other.pages.currentIndex() == 2
    assert other.go.text().startswith("Import")
    window.session.speak("zh")


def test_a_column_that_is_left_out_comes_in_nowhere(window, project, take, qtbot, geojson):
    form = take(geojson)
    box = form.columns.boxes["颜色"]
    box.setCurrentIndex(box.findData(""))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    made = next(iter(form.plan.changes)).after
    assert "红" not in str(made.attributes)
    assert form.columns.boxes["颜色"].currentData() == ""


def test_a_table_without_the_key_column_offers_its_columns_to_choose_it(window, take, qtbot, tmp_path):
    path = tmp_path / "花名册.csv"
    path.write_text("栋,住户数\n3,40\n", encoding="utf-8")
    form = take(path)
    assert not form.go.isEnabled()
    assert "--" not in form.understood.text()
    box = form.columns.boxes["栋"]
    box.setCurrentIndex(box.findData("number"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert form.plan.counts.updated == 1


def far(tmp_path, name, lon, lat):
    ring = list(box(lon, lat, lon + 0.001, lat + 0.001).exterior.coords)
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "geometry": geometry, "properties": {"名称": name}}
    path = tmp_path / f"{name}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def test_a_system_that_the_file_names_is_chosen_and_the_distance_told(window, take, tmp_path):
    form = take(far(tmp_path, "济南", 117.0, 36.65))
    assert "4326" in form.crs.combo.currentText()
    assert "公里" in form.problem.text()
    assert form.go.isEnabled()


def test_what_lies_beyond_the_ground_of_the_plan_is_refused_before_it_is_asked_for(window, take, tmp_path):
    form = take(far(tmp_path, "上海", 121.49, 31.23))
    assert "4326" in form.crs.combo.currentText()
    assert not form.go.isEnabled()
    assert "4548" in form.summary.text()


def test_giving_up_shows_again_what_was_on_the_map_before(window, take, geojson):
    before = window.canvas.viewport
    form = take(geojson)
    assert window.canvas.viewport != before
    form.cancel.click()
    assert window.canvas.viewport == before
    assert window.file_actions.importing.form is None


@pytest.fixture
def slow(project, monkeypatch):
    """A gate before the writing of an import."""
    gate, apply = threading.Event(), project.apply
    monkeypatch.setattr(edit_queue, "PATIENCE_S", 0.0)

    def waiting(*args, **kwargs):
        gate.wait(10)
        return apply(*args, **kwargs)

    project.apply = waiting
    yield gate
    gate.set()


def test_files_that_come_while_an_import_is_written_wait_for_their_turn(
    window, take, geojson, tmp_path, qtbot, slow
):
    (tmp_path / "户数.csv").write_text("楼号,户数\n1,30\n", encoding="utf-8")
    told, offers = [], []
    window.session.message.connect(lambda what, level, advice: told.append(what.en))
    window.session.offered.connect(offers.append)
    form = take(geojson)
    form.go.click()
    window.file_actions.import_paths([tmp_path / "户数.csv"])
    qtbot.waitUntil(lambda: bool(told), timeout=READY_MS)
    assert "is being written" in told[-1]
    assert window.file_actions.importing.form is form
    slow.set()
    qtbot.waitUntil(lambda: window.file_actions.importing.form is None, timeout=READY_MS)
    waiting = next(offer for offer in offers if offer.what.en == "One more file has not been imported.")
    waiting.acts[0][1]()
    assert window.file_actions.importing.form.name == "户数.csv"


def test_a_form_closed_while_it_is_written_lets_the_import_be_and_is_not_asked_again(
    window, project, take, geojson, qtbot, slow
):
    before = len(project.snapshot.layers["building"].table)
    form = take(geojson)
    form.go.click()
    window.file_actions.importing.close_form()
    slow.set()
    qtbot.waitUntil(lambda: len(project.snapshot.layers["building"].table) == before + 1, timeout=READY_MS)
    qtbot.wait(50)  # what is told afterwards would reach a form that is gone


def test_while_it_is_written_the_form_says_so_and_stays(window, project, take, geojson, qtbot, slow):
    form = take(geojson)
    form.go.click()
    assert not form.go.isEnabled()
    assert form.cancel.toolTip() == form.understood.text() != ""
    assert window.file_actions.importing.form is form
    slow.set()
    qtbot.waitUntil(lambda: window.file_actions.importing.form is None, timeout=READY_MS)
    assert "77" in project.snapshot.layers["building"].table.columns["number"]


@pytest.mark.parametrize("way", ["button", "cross"])
def test_an_import_cancelled_while_it_is_written_leaves_the_project_as_it_was(
    window, project, take, geojson, qtbot, slow, way
):
    before, steps = project.snapshot, project.history
    form = take(geojson)
    form.go.click()
    (form.cancel.click if way == "button" else window.file_actions.importing.give_up)()
    assert window.file_actions.importing.form is None  # at once
    slow.set()
    qtbot.waitUntil(lambda: not window.session.edits.busy, timeout=READY_MS)
    assert project.snapshot is before
    assert project.history == steps
    with Project.open(project.path, read_only=True) as again:
        assert "77" not in again.snapshot.layers["building"].table.columns["number"]
    assert [card.offer.level for card in window.messages.cards] == ["info"]


def test_an_import_that_was_on_disk_when_it_was_cancelled_is_told_and_can_be_undone(
    window, project, take, geojson, qtbot, monkeypatch
):
    monkeypatch.setattr(edit_queue, "PATIENCE_S", 0.0)
    form, gate, apply = take(geojson), threading.Event(), project.apply

    def late(*args, **kwargs):
        apply(*args, **kwargs)
        gate.wait(10)

    project.apply = late
    form.go.click()
    qtbot.waitUntil(lambda: "77" in project.snapshot.layers["building"].table.columns["number"])
    form.cancel.click()
    gate.set()
    qtbot.waitUntil(lambda: not window.session.edits.busy, timeout=READY_MS)
    (card,) = window.messages.cards
    assert [act.en for act, _ in card.offer.acts] == ["Zoom to it", "Undo"]


def test_a_sheet_without_rows_is_seen_with_the_reason_and_cannot_be_chosen(window, take, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(["花名册"])
    sheet = book.create_sheet("住户")
    for row in (["楼号", "层数"], ["3", 7]):
        sheet.append(row)
    book.save(tmp_path / "表.xlsx")
    form = take(tmp_path / "表.xlsx")
    assert "没有数据" in form.layer_choice.itemText(0)
    assert not form.layer_choice.model().item(0).isEnabled()
    assert form.layer_choice.currentData() == "住户"
    assert form.plan.counts.updated == 1


def of_buildings(path, project, crs, named):
    shapes = list(transform(project.snapshot.layers["building"].table.geometry, "EPSG:4548", crs))
    gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=named).to_file(path)
    return path


def test_a_file_in_an_old_datum_has_no_system_chosen_for_it_and_control_points_offered(
    window, project, take, tmp_path
):
    path = tmp_path / "a.shp"
    shapes = [box(EAST, NORTH, EAST + 9, NORTH + 7), box(EAST, NORTH + 31, EAST + 9, NORTH + 40)]
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=shapes, crs="EPSG:2384").to_file(path)
    form = take(path)
    assert form.crs.chosen[0] == "EPSG:2384"
    assert form.plan is None
    assert not form.go.isEnabled()
    assert form.crs.points.isVisible()


def test_points_of_an_online_map_under_another_name_are_one_click_from_their_place(
    window, project, take, qtbot, tmp_path
):
    form = take(of_buildings(tmp_path / "a.geojson", project, "GCJ-02", "EPSG:4326"))
    assert "GCJ-02" in form.crs.better.text()
    form.crs.better.click()
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert form.crs.chosen[0] == "GCJ-02"
    assert not form.crs.better.isVisible()
    assert form.crs.note.text()


def test_a_system_is_found_by_a_part_of_its_name_and_nonsense_is_told(window, project, take, qtbot, geojson):
    form = take(geojson)
    crs = form.crs
    crs.combo.setCurrentIndex(crs.combo.findData("other"))
    crs.combo.activated.emit(crs.combo.currentIndex())
    completer = crs.code.completer()
    completer.setCompletionPrefix("117°")
    titles = [completer.completionModel().index(i, 0).data() for i in range(completer.completionCount())]
    assert any("EPSG:4548" in title for title in titles)
    crs.code.setText(next(title for title in titles if "EPSG:4527" in title))
    assert crs.chosen[0] == "EPSG:4527"
    crs.code.setText("山东坐标")
    crs.code.editingFinished.emit()
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert "山东坐标" in form.summary.text()
    assert not form.go.isEnabled()


def test_escape_in_the_form_gives_it_up_and_it_can_be_had_again_as_it_was(window, take, geojson, qtbot):
    offers = []
    window.session.offered.connect(offers.append)
    form = take(geojson)
    form.open_page(1)
    form.pages.currentWidget().setFocus()
    qtbot.keyClick(form.pages.currentWidget(), Qt.Key.Key_Escape)
    dock = window.file_actions.importing
    assert dock.form is None
    assert window.session.proposal is None
    offers[-1].acts[0][1]()
    qtbot.waitUntil(lambda: dock.form.go.isEnabled(), timeout=READY_MS)
    assert dock.form.pages.currentIndex() == 1


def test_an_import_needs_no_mouse(window, project, take, geojson, qtbot):
    form = take(geojson)
    assert form.hasFocus()
    before = len(project.snapshot.layers["building"].table)
    qtbot.keyClick(form, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.file_actions.importing.form is None, timeout=READY_MS)
    assert len(project.snapshot.layers["building"].table) == before + 1


def test_tab_goes_through_the_form_from_top_to_bottom(take, geojson, qtbot):
    form = take(geojson)
    heights = []
    while not form.go.hasFocus():
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert form.isAncestorOf(now)
        heights.append(now.mapTo(form, now.rect().topLeft()).y())
    assert len(heights) > 6
    assert heights == sorted(heights)


def test_on_a_low_screen_the_choices_scroll_and_are_not_pressed_together(window, take, geojson, qtbot):
    form = take(geojson)
    window.resize(1100, 520)
    choices = form.crs.parentWidget()
    qtbot.waitUntil(lambda: choices.height() >= choices.heightForWidth(choices.width()))
    area = next(area for area in form.findChildren(QScrollArea) if area.isAncestorOf(choices))
    assert area.widget().height() > area.height()


def test_the_wheel_over_a_choice_changes_nothing(take, geojson):
    form = take(geojson)
    form.target.setCurrentIndex(1)
    before = form.target.currentData()
    middle = QPointF(form.target.rect().center())
    turn = QWheelEvent(
        middle, QPointF(form.target.mapToGlobal(middle)), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(form.target, turn)
    assert form.target.currentData() == before
    assert not turn.isAccepted()
