"""What was chosen by hand for a table holds for the next one; where its coordinates stand can be chosen."""

import json

import pytest
from shapely import box

EAST, NORTH = 616650.0, 4077999.0
READY_MS = 30_000


@pytest.fixture
def take(window, qtbot):
    """Open the import of a file and wait until it is worked out, or refused."""

    def opened(path):
        dock = window.file_actions.importing
        window.file_actions.import_path(path)
        qtbot.waitUntil(lambda: dock.form is not None and not dock.form.busy, timeout=READY_MS)
        return dock.form

    return opened


@pytest.fixture
def geojson(tmp_path):
    ring = list(box(118.311, 36.831, 118.3112, 36.8311).exterior.coords)
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"楼号": "77", "层数": 6, "颜色": "红"},
    }
    path = tmp_path / "楼.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def choose(qtbot, form, combo, data):
    at = combo.findData(data)
    combo.setCurrentIndex(at)
    combo.activated.emit(at)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)


def put(qtbot, form, column, data):
    box = form.columns.boxes[column]
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)


def bring_in(qtbot, window, form):
    form.submit()
    qtbot.waitUntil(lambda: window.file_actions.importing.form is None, timeout=10_000)


def test_what_was_chosen_by_hand_is_offered_with_the_next_file_of_the_same_columns(
    window, take, qtbot, tmp_path
):
    path, later = tmp_path / "花名册.csv", tmp_path / "下月.csv"
    path.write_text("栋,住户数,说明,经办\n3,40,甲,张\n", encoding="utf-8")
    later.write_text("经办,说明,栋,住户数\n李,乙,10,52\n", encoding="utf-8")
    form = take(path)
    assert form.note.isHidden()
    put(qtbot, form, "栋", "number")
    put(qtbot, form, "说明", "name")
    put(qtbot, form, "经办", "")
    bring_in(qtbot, window, form)

    form = take(later)
    assert not form.note.isHidden()
    assert "“栋”填入“楼号”" in form.note.words.text()
    assert form.plan.mapping["栋"] == "number"
    assert form.plan.mapping["说明"] == "name"
    assert form.plan.dropped == ("经办",)
    assert form.plan.counts.updated == 1

    form.note.turn.click()
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert not form.go.isEnabled()
    assert "未沿用" in form.note.words.text()
    form.note.turn.click()
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert form.plan.mapping["栋"] == "number"


def test_a_column_kept_as_an_extra_stays_one(window, take, qtbot, geojson):
    form = take(geojson)
    assert form.plan.mapping["层数"] == "floors"
    put(qtbot, form, "层数", None)
    assert "层数" not in form.plan.mapping
    assert "层数" in form.plan.unmapped


def test_a_field_is_filled_by_one_column(window, take, qtbot, geojson):
    form = take(geojson)
    put(qtbot, form, "颜色", "floors")
    assert form.plan.mapping == {"楼号": "number", "颜色": "floors"}
    assert form.columns.boxes["层数"].currentData() is None


def test_the_columns_of_the_coordinates_can_be_chosen(window, take, qtbot, tmp_path):
    path = tmp_path / "井.csv"
    path.write_text(f"编号,甲,乙\nY1,{EAST},{NORTH}\nY2,{EAST + 9},{NORTH}\n", encoding="utf-8")
    form = take(path)
    assert form.places.isVisible()
    form.places.second.setCurrentIndex(form.places.second.findData("乙"))
    choose(qtbot, form, form.places.first, "甲")
    assert form.crs.chosen[0] == "EPSG:4548"
    choose(qtbot, form, form.target, "manhole" if form.target.findData("manhole") >= 0 else "drainage_spot")
    assert form.plan.counts.added == 2
    bring_in(qtbot, window, form)
    form = take(path)
    assert "坐标取自“甲”“乙”" in form.note.words.text()
    assert form.plan.counts.added == 2


def test_a_vector_file_has_no_columns_of_coordinates(window, take, geojson):
    assert not take(geojson).places.isVisible()
