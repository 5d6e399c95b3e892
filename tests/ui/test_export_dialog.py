"""What the export form promises: every format of the engine, one folder for all, the changes on screen."""

import pytest
from PyQt6.QtCore import Qt

from gis.exchange.folder_export import FOLDER_FORMATS
from layers.changes import Change, ChangeSet
from layers.text import same
from ui.dialogs.export_dialog import CHANGES, FOLDER, ExportDialog


@pytest.fixture
def form(window, qtbot, tmp_path):
    made = ExportDialog(window, window.session, window.tasks, tmp_path)
    qtbot.waitUntil(lambda: made.looked, timeout=20_000)
    return made


def choose(form, name):
    form.format.setCurrentIndex(form.format.findData(name))


def test_every_format_is_offered_with_a_file_name_of_its_ending(form):
    for one in FOLDER_FORMATS:
        choose(form, one.name)
        assert form.path.text().endswith(one.ending)
        assert form.note.text()
    assert form.format.findData(CHANGES) < 0


def test_only_the_ticked_layers_are_written_and_the_ending_is_put_right(form, window, qtbot, tmp_path):
    form._tick(Qt.CheckState.Unchecked)
    item = next(
        form.layers.item(at) for at in range(form.layers.count()) if "建筑" in form.layers.item(at).text()
    )
    item.setCheckState(Qt.CheckState.Checked)
    choose(form, "geojson")
    form.path.setText(str(tmp_path / "楼"))
    form.submit()
    qtbot.waitUntil((tmp_path / "楼.geojson").exists, timeout=20_000)
    assert '"number"' in (tmp_path / "楼.geojson").read_text("utf-8")


def test_nothing_is_written_without_a_layer_or_a_format(form, tmp_path):
    form._tick(Qt.CheckState.Unchecked)
    form.submit()
    assert not form.problem.isHidden()
    form._tick(Qt.CheckState.Checked)
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
        form = ExportDialog(window, window.session, window.tasks, tmp_path)
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
        form = ExportDialog(window, window.session, window.tasks, tmp_path)
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
    form = ExportDialog(window, window.session, window.tasks, tmp_path)
    qtbot.waitUntil(lambda: form.looked, timeout=20_000)
    assert not form.notice.isHidden()
    form._tick(Qt.CheckState.Unchecked)
    assert form.notice.isHidden()
    assert form.bare.isHidden()
    form.reject()
