"""What the forms in dialogs promise."""

import json
from pathlib import Path

import pytest

from layers.revision import WORKING
from ui.dialogs.freeze_dialog import FreezeDialog
from ui.dialogs.import_dialog import ImportDialog
from ui.dialogs.new_project_dialog import NewProjectDialog
from ui.dialogs.output_dialogs import DrawDialog
from ui.dialogs.publish_dialog import PublishDialog


@pytest.fixture
def geojson(tmp_path):
    west, south = 118.311, 36.831
    ring = [
        [west, south],
        [west + 2e-4, south],
        [west + 2e-4, south + 1e-4],
        [west, south + 1e-4],
        [west, south],
    ]
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


def test_an_import_shows_what_was_understood_and_changes_nothing_until_it_is_asked_to(
    window, qtbot, geojson, project
):
    dialog = ImportDialog(window, window.session, window.tasks, geojson)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.plan is not None, timeout=20_000)
    assert dialog.plan.layer == "building"
    assert dialog.plan.mapping["楼号"] == "number"
    assert "颜色" in dialog.plan.unmapped
    assert "新增 1" in dialog.summary.text()
    assert len(project.snapshot.layers["building"].table) == 3
    dialog.submit()
    qtbot.waitUntil(lambda: len(project.snapshot.layers["building"].table) == 4, timeout=10_000)
    window.session.undo()
    assert len(project.snapshot.layers["building"].table) == 3


def test_an_import_that_cannot_be_understood_says_so_in_the_form(window, qtbot, tmp_path):
    path = tmp_path / "bad.geojson"
    path.write_text("{", "utf-8")
    dialog = ImportDialog(window, window.session, window.tasks, path)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.problem.isVisible(), timeout=20_000)
    assert not dialog.go.isEnabled()
    dialog.reject()


def test_a_project_needs_a_name_and_gets_its_file_named_after_it(qtbot, window, tmp_path):
    dialog = NewProjectDialog(window, tmp_path)
    chosen = []
    dialog.chosen.connect(lambda *answers: chosen.append(answers))
    dialog.submit()
    assert chosen == []
    dialog.title.setText("金茵/小区")
    dialog._suggest("金茵/小区")
    dialog.submit()
    assert chosen == [(tmp_path / "金茵-小区.gpkg", "金茵/小区", "EPSG:4548")]


def test_an_existing_file_is_not_replaced_by_a_new_project(window, tmp_path):
    (tmp_path / "a.gpkg").write_bytes(b"precious")
    dialog = NewProjectDialog(window, tmp_path)
    chosen = []
    dialog.chosen.connect(lambda *answers: chosen.append(answers))
    dialog.title.setText("a")
    dialog.path.setText(str(tmp_path / "a.gpkg"))
    dialog.submit()
    assert chosen == []
    dialog.reject()


def test_freezing_suggests_the_next_label_and_warns_if_nothing_changed(window, project):
    project.freeze("第一版")
    dialog = FreezeDialog(window, project, "设计院", window.check)
    assert dialog.label.text() == "R2"
    from ui.dialogs.freeze_dialog import _since

    assert "没有任何修改" in _since(project).zh
    dialog.reject()


def publishing(window, project, view, folder):
    return PublishDialog(window, project, view, folder, window.tasks, window.check)


@pytest.mark.parametrize("make", [publishing, DrawDialog])
def test_an_output_offers_only_older_revisions_to_compare_with(window, project, tmp_path, make):
    project.freeze("第一版")
    project.freeze("第二版")
    dialog = make(window, project, WORKING, tmp_path)
    assert dialog.revision.currentData() == "R2"
    assert [dialog.compare.itemData(i) for i in range(dialog.compare.count())] == ["", "R1"]
    dialog.revision.setCurrentIndex(dialog.revision.findData("R1"))
    assert [dialog.compare.itemData(i) for i in range(dialog.compare.count())] == [""]
    assert "R1" in Path(dialog.path.text()).name
    dialog.reject()


def test_the_shortcut_sheet_lists_every_key(window):
    from PyQt6.QtWidgets import QLabel

    from ui.actions import ACTIONS
    from ui.actions_bound import key_words
    from ui.dialogs.help_dialogs import show_keys

    sheet = show_keys(window)
    words = {label.text() for label in sheet.findChildren(QLabel)}
    assert {key_words(a) for a in ACTIONS.values() if a.keys} <= words
    sheet.close()
