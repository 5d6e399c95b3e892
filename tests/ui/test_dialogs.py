"""What the forms in dialogs promise."""

from pathlib import Path

import pytest

from layers.revision import WORKING
from ui.dialogs.draw_dialog import DrawDialog
from ui.dialogs.freeze_dialog import FreezeDialog
from ui.dialogs.new_project_dialog import NewProjectDialog
from ui.dialogs.publish_dialog import PublishDialog


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


def test_a_suggested_label_and_title_count_only_the_plan_that_is_frozen(window, project):
    project.freeze("第一版")
    project.create_branch("方案A", "R1")
    project.switch_branch("方案A")
    dialog = FreezeDialog(window, project, "", window.check)
    assert (dialog.label.text(), dialog.title.text()) == ("A-R2", "方案A 第1稿")
    dialog.reject()
    project.freeze("方案A 第1稿")
    project.switch_branch("main")
    dialog = FreezeDialog(window, project, "", window.check)
    assert (dialog.label.text(), dialog.title.text()) == ("R2", "公示稿 第2版")
    dialog.reject()


def publishing(window, project, view, folder):
    dialog = PublishDialog(window, window.session, view, folder, window.tasks, window.check)
    return dialog, dialog.target.states, dialog.target.path


def drawing(window, project, view, folder):
    dialog = DrawDialog(window, window.session, view, folder, window.tasks)
    return dialog, dialog.states, dialog.path


@pytest.mark.parametrize(
    ("make", "nothing"),
    [
        pytest.param(publishing, [], id="a page always tells its changes"),
        pytest.param(drawing, [""], id="a sheet may tell none"),
    ],
)
def test_an_output_offers_only_older_revisions_to_compare_with(window, project, tmp_path, make, nothing):
    project.freeze("第一版")
    project.freeze("第二版")
    dialog, states, path = make(window, project, WORKING, tmp_path)
    assert states.state == "R2"
    assert [states.compare.itemData(i) for i in range(states.compare.count())] == [*nothing, "R1"]
    states.revision.setCurrentIndex(states.revision.findData("R1"))
    assert [states.compare.itemData(i) for i in range(states.compare.count())] == [""]
    assert "R1" in Path(path.text()).name
    dialog.reject()


def test_the_shortcut_sheet_lists_every_key(window):
    from PyQt6.QtWidgets import QLabel

    from ui.acts.bound import key_words
    from ui.acts.catalogue import ACTIONS
    from ui.dialogs.help_dialogs import show_keys

    sheet = show_keys(window)
    words = {label.text() for label in sheet.findChildren(QLabel)}
    assert {key_words(a) for a in ACTIONS.values() if a.keys} <= words
    sheet.close()
