"""What the export form promises: every format of the engine, one folder for all, the changes on screen."""

import pytest
from PyQt6.QtCore import Qt

from gis.exchange.folder_export import FOLDER_FORMATS
from ui.dialogs.export_dialog import CHANGES, FOLDER, ExportDialog


@pytest.fixture
def form(window, tmp_path):
    return ExportDialog(window, window.session, window.tasks, tmp_path)


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
