"""What the export form promises: every format of the engine, one folder for all, the changes on screen."""

import json

import pytest
from PyQt6.QtCore import Qt

from gis.crs_catalogue import crs_catalogue
from gis.exchange.folder_export import FOLDER_FORMATS
from gis.i18n import tr
from layers.changes import Change, ChangeSet
from layers.text import same
from ui.dialogs.export_dialog import ExportDialog, ExportHabits
from ui.dialogs.export_formats import CHANGES, FOLDER


@pytest.fixture
def form(window, qtbot, tmp_path):
    made = ExportDialog(window, window.session, window.tasks, ExportHabits(tmp_path))
    qtbot.waitUntil(lambda: made.looked, timeout=20_000)
    return made


def choose(form, name):
    form.format.setCurrentIndex(form.format.findData(name))


def line(form, layer, field=None):
    """Return the line of a layer, or of one of its fields."""
    found = next(i for i in form.layers._items() if i.data(0, Qt.ItemDataRole.UserRole) == layer)
    if field is None:
        return found
    children = (found.child(at) for at in range(found.childCount()))
    return next(c for c in children if c.data(0, Qt.ItemDataRole.UserRole) == field)


def written(form, qtbot, out):
    form.path.setText(str(out))
    form.submit()
    qtbot.waitUntil(out.exists, timeout=20_000)
    return out.read_text("utf-8")


def test_every_format_is_offered_with_a_file_name_of_its_ending(form):
    for one in FOLDER_FORMATS:
        choose(form, one.name)
        assert form.path.text().endswith(one.ending)
        assert form.note.text()
    assert form.format.findData(CHANGES) < 0


def test_only_the_ticked_layers_are_written_and_the_ending_is_put_right(form, window, qtbot, tmp_path):
    form.layers.tick(every=False)
    line(form, "building").setCheckState(0, Qt.CheckState.Checked)
    choose(form, "geojson")
    form.path.setText(str(tmp_path / "楼"))
    form.submit()
    qtbot.waitUntil((tmp_path / "楼.geojson").exists, timeout=20_000)
    assert '"number"' in (tmp_path / "楼.geojson").read_text("utf-8")


def test_nothing_is_written_without_a_layer_or_a_format(form, tmp_path):
    form.layers.tick(every=False)
    form.submit()
    assert not form.problem.isHidden()
    form.layers.tick(every=True)
    choose(form, FOLDER)
    for tick in form.ticks.values():
        tick.setChecked(False)
    form.submit()
    assert not form.problem.isHidden()
    assert [p for p in tmp_path.iterdir() if p.suffix != ".gpkg" and not p.name.startswith("plan")] == []


def test_a_folder_of_several_formats_is_made(form, window, qtbot, tmp_path):
    choose(form, FOLDER)
    for name, tick in form.ticks.items():
        tick.setChecked(name in ("csv", "geojson"))
    form.path.setText(str(tmp_path / "交付"))
    form.submit()
    qtbot.waitUntil((tmp_path / "交付").exists, timeout=20_000)
    assert sorted(p.name for p in (tmp_path / "交付").iterdir() if p.is_dir()) == ["csv", "geojson"]


def test_the_changes_are_masked_unless_the_tick_says_they_stay_inside(
    window, qtbot, project, tmp_path, monkeypatch
):
    from openpyxl import load_workbook

    from gis.edit.features import set_attributes
    from layers.text import Text

    key = ("building", str(project.snapshot.layers["building"].table.uids[0]))
    project.freeze("第一版")
    window.session.run(Text("改", "set"), lambda s: set_attributes(s, [key], {"name": "老张家 13912345678"}))
    window.revision_actions.compare("R1", "working")
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    told = []
    monkeypatch.setattr(window.session, "offer", lambda what, *_: told.append(what.zh))
    for ticked in (False, True):
        form = ExportDialog(window, window.session, window.tasks, ExportHabits(tmp_path))
        assert form.internal.isHidden()
        form.format.setCurrentIndex(form.format.findData(CHANGES))
        assert not form.internal.isHidden()
        assert not form.internal.isChecked()
        form.internal.setChecked(ticked)
        out = tmp_path / f"{ticked}.xlsx"
        form.path.setText(str(out))
        form.submit()
        qtbot.waitUntil(lambda count=ticked + 1: len(told) == count, timeout=20_000)
        words = {str(c.value) for row in load_workbook(out).worksheets[0].iter_rows() for c in row}
        assert any("13912345678" in word for word in words) is ticked
        assert any("内部资料 不得张贴" in word or "not for posting" in word for word in words) is ticked
    assert "已遮蔽个人信息" in told[0]
    assert "不得张贴" in told[1]


def test_a_layer_with_personal_data_is_named_and_can_go_without(window, project, qtbot, tmp_path):
    table = project.snapshot.layers["building"].table
    house = table.get(table.uids[0])
    noted = house.with_attributes(note="联系 13812345678")
    project.apply(ChangeSet.of([Change("building", house, noted)]), same("x"))
    for bare, there in ((False, True), (True, False)):
        form = ExportDialog(window, window.session, window.tasks, ExportHabits(tmp_path))
        qtbot.waitUntil(lambda form=form: form.looked, timeout=20_000)
        assert "备注" in form.notice.text()
        assert not form.bare.isChecked()
        choose(form, "geojson")
        out = tmp_path / f"{bare}.geojson"
        form.bare.setChecked(bare)
        form.path.setText(str(out))
        form.submit()
        qtbot.waitUntil(out.exists, timeout=20_000)
        assert ("13812345678" in out.read_text("utf-8")) is there


def test_the_notice_goes_with_the_layer(window, project, qtbot, tmp_path):
    table = project.snapshot.layers["building"].table
    house = table.get(table.uids[0])
    noted = house.with_attributes(note="联系 13812345678")
    project.apply(ChangeSet.of([Change("building", house, noted)]), same("x"))
    form = ExportDialog(window, window.session, window.tasks, ExportHabits(tmp_path))
    qtbot.waitUntil(lambda: form.looked, timeout=20_000)
    assert not form.notice.isHidden()
    form.layers.tick(every=False)
    assert form.notice.isHidden()
    assert form.bare.isHidden()
    form.reject()


def test_a_file_that_is_there_is_replaced_only_when_asked_for_twice(form, qtbot, tmp_path):
    old = tmp_path / "旧.geojson"
    old.write_text("old", "utf-8")
    choose(form, "geojson")
    form.path.setText(str(old))
    form.submit()
    assert not form.problem.isHidden()
    assert old.read_text("utf-8") == "old"
    form.path.setText(str(tmp_path / "新.geojson"))
    assert form.problem.isHidden()
    form.path.setText(str(old))
    form.submit()
    assert old.read_text("utf-8") == "old"
    form.submit()
    qtbot.waitUntil(lambda: old.read_text("utf-8") != "old", timeout=20_000)


def test_a_file_that_the_system_asked_about_is_not_asked_about_again(form, qtbot, tmp_path):
    old = tmp_path / "旧.geojson"
    old.write_text("old", "utf-8")
    choose(form, "geojson")
    form.path.agreed = old
    form.path.setText(str(old))
    form.submit()
    qtbot.waitUntil(lambda: old.read_text("utf-8") != "old", timeout=20_000)


@pytest.mark.parametrize("name", ["a?b", "CON", "不在/这里", "x" * 250])
def test_a_bad_name_is_told_in_place(form, tmp_path, name):
    choose(form, "geojson")
    form.path.setText(str(tmp_path / name))
    form.submit()
    assert not form.problem.isHidden()
    assert not form.result()


def test_only_what_is_selected_or_shown_goes_out(window, project, qtbot, tmp_path):
    uid = str(project.snapshot.layers["building"].table.uids[0])
    window.session.select([("building", uid)])
    form = ExportDialog(window, window.session, window.tasks, ExportHabits(tmp_path))
    qtbot.waitUntil(lambda: form.looked, timeout=20_000)
    form.scope.setCurrentIndex(form.scope.findData("selected"))
    assert form.chosen == ["building"]
    choose(form, "geojson")
    text = written(form, qtbot, tmp_path / "a.geojson")
    assert text.count('"Feature"') == 1
    assert uid in text


def test_an_unticked_field_stays_and_a_drawing_offers_none(form, qtbot, tmp_path):
    line(form, "building", "number").setCheckState(0, Qt.CheckState.Unchecked)
    choose(form, "dxf")
    assert line(form, "building").childCount() == 0
    choose(form, "geojson")
    text = written(form, qtbot, tmp_path / "a.geojson")
    rows = [f["properties"] for f in json.loads(text)["features"]]
    assert not [r for r in rows if r.get("layer") == "building" and "number" in r]


def test_the_systems_follow_the_format_and_those_of_online_maps_come_with_a_warning(form):
    choose(form, "kml")
    assert not form.crs.isEnabled()
    choose(form, "geojson")
    form.crs.setCurrentIndex(form.crs.findData("GCJ-02"))
    assert not form.beside.isHidden()
    choose(form, "dxf")
    assert form.beside.isHidden()
    assert form.crs.crs is None
    assert form.crs.findData("EPSG:4490") < 0
    form.crs.setEditText("4326")
    form.submit()
    assert not form.problem.isHidden()


def test_the_form_keeps_its_width_so_that_its_acts_stay_under_the_pointer(form):
    form.show()
    width = form.width() + 120
    form.resize(width, form.height())
    choose(form, "geojson")
    for system in ("GCJ-02", "BD-09"):
        form.crs.setCurrentIndex(form.crs.findData(system))
        assert form.width() == width
    choose(form, "dxf")
    assert form.width() == width
    form.hide()


def test_systems_are_called_as_in_the_import_and_old_datums_are_not_offered(form):
    choose(form, "gpkg")
    offered = {form.crs.itemData(i): form.crs.itemText(i) for i in range(form.crs.count())}
    known = {entry.crs: entry for entry in crs_catalogue()}
    assert all(tr(known[crs].title) == words for crs, words in offered.items() if crs)
    assert not any(known[crs].old for crs in offered if crs)
    form.crs.setEditText(tr(known["EPSG:4527"].title))
    assert form.crs.crs == "EPSG:4527"
    choose(form, "dxf")
    assert all(known[str(form.crs.itemData(i))].plane for i in range(1, form.crs.count()))


def test_a_frozen_state_can_be_exported_from_the_working_plan(window, project, qtbot, tmp_path):
    from gis.edit.features import set_attributes
    from layers.text import Text

    uid = str(project.snapshot.layers["building"].table.uids[0])
    project.freeze("第一版")
    window.session.run(
        Text("改", "set"), lambda s: set_attributes(s, [("building", uid)], {"name": "后来的名字"})
    )
    qtbot.waitUntil(
        lambda: project.snapshot.feature(("building", uid)).attributes["name"] == "后来的名字", timeout=20_000
    )
    form = ExportDialog(window, window.session, window.tasks, ExportHabits(tmp_path))
    form.state.setCurrentIndex(form.state.findData("R1"))
    qtbot.waitUntil(lambda: form._state.revision == "R1" and form.looked, timeout=20_000)
    choose(form, "geojson")
    assert "R1" in form.path.text()
    assert "后来的名字" not in written(form, qtbot, tmp_path / "a.geojson")


def test_folder_and_format_are_remembered(window, qtbot, tmp_path):
    window.actions_.qt["file.export"].trigger()
    form = window.findChild(ExportDialog)
    qtbot.waitUntil(lambda: form.looked, timeout=20_000)
    choose(form, "geojson")
    there = tmp_path / "去处"
    there.mkdir()
    written(form, qtbot, there / "a.geojson")
    assert (window.memory.export_folder, window.memory.export_format) == (str(there), "geojson")
