"""Several layers of files in the window: one preview, one step."""

import openpyxl
import pytest
from PyQt6.QtCore import Qt

from gis.exchange.export import export
from gis.exchange.folder_export import export_folder
from gis.exchange.import_records import records_of
from gis.exchange.kept_choices import Choices, keep_choices
from gis.i18n import set_language
from layers.changes import Change, ChangeSet
from layers.text import same
from ui.imports.layers_import import LayersImport
from ui.imports.table_import import TableImport

READY_MS = 30_000


@pytest.fixture
def take(window, qtbot, bring):
    """Open the import of files and wait until it is worked out, or refused."""

    def opened(*paths):
        bring(list(paths))
        dock = window.file_actions.importing  # a file of several layers goes on to the form of all of them
        qtbot.waitUntil(lambda: dock.form is not None and not dock.form.busy, timeout=READY_MS)
        return dock.form

    return opened


def tick(form, layer, *, on):
    part = next(part for part in form.parts.ticks if part.layer.name == layer)
    form.parts.ticks[part].setChecked(on)


def told(form):
    return {part.layer.name: words.text() for part, words in form.parts.told.items()}


def edited(project):
    """Change a floor count and take a building away."""
    table = project.snapshot.layers["building"].table
    first, second = table.get(table.uids[0]), table.get(table.uids[1])
    changes = [Change("building", first, first.with_attributes(floors=2)), Change("building", second, None)]
    project.apply(ChangeSet.of(changes), same("x"))


def test_a_file_of_several_layers_comes_back_as_one_step(window, qtbot, project, tmp_path, take):
    out = export(project.snapshot, tmp_path / "全部.gpkg").files[0]
    before = project.snapshot
    edited(project)
    form = take(out)
    assert isinstance(form, LayersImport)
    assert {share.target for share in form.plan.shares} == {
        n for n, layer in before.layers.items() if len(layer.table)
    }
    assert "新增 1，更新 1" in told(form)["building"]
    assert form.go.text() == "导入 2 个"
    form.submit()
    old = before.layers["building"].table
    qtbot.waitUntil(lambda: len(project.snapshot.layers["building"].table) == len(old), timeout=READY_MS)
    new = project.snapshot.layers["building"].table
    assert {f.uid: f.attributes["floors"] for f in new} == {f.uid: f.attributes["floors"] for f in old}
    assert [record.file for record in records_of(project.snapshot)] == ["全部.gpkg"]
    window.session.undo()
    qtbot.waitUntil(lambda: len(project.snapshot.layers["building"].table) == 2, timeout=READY_MS)


def test_a_layer_that_is_not_ticked_stays_out(window, qtbot, project, tmp_path, take):
    out = export(project.snapshot, tmp_path / "全部.gpkg").files[0]
    edited(project)
    form = take(out)
    tick(form, "building", on=False)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert "building" not in {share.target for share in form.plan.shares}
    assert not form.go.isEnabled()


def test_what_only_the_plan_has_stays_unless_it_is_ticked(window, qtbot, project, tmp_path, take):
    out = export(project.snapshot, tmp_path / "全部.gpkg").files[0]
    table = project.snapshot.layers["building"].table
    extra = table.get(table.uids[0])
    fresh = type(extra)("f" * 32, extra.geometry, dict(extra.attributes))
    project.apply(ChangeSet.of([Change("building", None, fresh)]), same("x"))
    form = take(out)
    head = form.updates.topLevelItem(0)
    assert "文件中已没有" in head.text(0)
    assert not form.go.isEnabled()
    head.setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: form.go.isEnabled(), timeout=READY_MS)
    form.submit()
    qtbot.waitUntil(lambda: "f" * 32 not in project.snapshot.layers["building"].table, timeout=READY_MS)


def test_a_folder_that_was_exported_is_taken_as_a_whole(window, project, tmp_path, take):
    export_folder(project.snapshot, tmp_path / "给设计院", ["geojson", "xlsx"])
    form = take(tmp_path / "给设计院")
    assert isinstance(form, LayersImport)
    assert {part.path.suffix for part in form.parts.ticks} == {".geojson"}
    assert form.plan.counts["unchanged"] == form.plan.counts["read"] > 0


def test_empty_sheets_are_seen_but_cannot_be_chosen(window, project, tmp_path, take):
    book = openpyxl.Workbook()
    book.active.title = "封面"
    for name in ("建筑", "停车位"):
        sheet = book.create_sheet(name)
        sheet.append(["楼号", "层数"])
        sheet.append(["3", 9])
    book.save(tmp_path / "多表.xlsx")
    form = take(tmp_path / "多表.xlsx")
    ticks = {part.layer.name: box.isEnabled() for part, box in form.parts.ticks.items()}
    assert ticks == {"封面": False, "建筑": True, "停车位": True}
    assert told(form)["封面"] == "没有数据"


def test_one_layer_can_be_looked_at_on_its_own_and_all_again(window, qtbot, project, tmp_path, take):
    form = take(export(project.snapshot, tmp_path / "全部.gpkg").files[0])
    form.parts.one_wanted.emit(next(part for part in form.parts.ticks if part.layer.name == "building"))
    dock = window.file_actions.importing
    assert isinstance(dock.form, TableImport)
    qtbot.waitUntil(lambda: not dock.form.busy, timeout=READY_MS)
    assert dock.form.layer_choice.currentData() == "building"
    dock.form.together.click()
    assert isinstance(dock.form, LayersImport)
    qtbot.waitUntil(lambda: not dock.form.busy, timeout=READY_MS)


def test_another_language_keeps_what_was_ticked(window, qtbot, project, tmp_path, take):
    form = take(export(project.snapshot, tmp_path / "全部.gpkg").files[0])
    tick(form, "building", on=False)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    set_language("en")
    window.session.language_changed.emit()
    form = window.file_actions.importing.form
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert "building" not in {share.target for share in form.plan.shares}
    assert form.go.text() == "Import"


def test_what_was_chosen_for_one_sheet_holds_where_several_come_in_together(window, qtbot, tmp_path, take):
    import openpyxl

    keep_choices(("栋", "户数", "说明"), Choices(columns={"栋": "number"}, left_out=("说明",)))
    book = openpyxl.Workbook()
    for name, number in (("一", "3"), ("二", "10")):
        sheet = book.create_sheet(name)
        sheet.append(["栋", "户数", "说明"])
        sheet.append([number, 77, "甲"])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "表.xlsx")
    form = take(tmp_path / "表.xlsx")
    assert "一：“栋”填入“楼号”" in form.note.words.text()
    assert form.plan.counts["updated"] == 2
    form.note.turn.click()
    qtbot.waitUntil(lambda: not form.busy, timeout=30_000)
    assert not form.plan.counts.get("updated")
