"""What the form of the selection promises."""

import pytest
from PIL import Image
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QLabel, QLineEdit
from shapely import Point

from layers.errors import NotFoundError
from layers.text import Text
from ui.panels.attributes_panel import AttributesPanel
from ui.panels.field_editors import parsed, tidy_date
from ui.panels.parts import Chip
from ui.panels.photo_strip import PhotoStrip
from ui.session import Session


@pytest.fixture
def panel(qtbot, session):
    made = AttributesPanel(session)
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.show()
    return made


def line(panel, name):
    return panel.form.editors[name].findChild(QLineEdit)


def values(project, key):
    return project.snapshot.feature(key).attributes


def test_enter_commits_one_step_named_after_the_field(panel, session, project, keys, qtbot):
    session.select([keys["3"]])
    steps = len(project.history.done)
    line(panel, "households").setText("48")
    qtbot.keyClick(line(panel, "households"), Qt.Key.Key_Return)
    assert values(project, keys["3"])["households"] == 48
    assert len(project.history.done) == steps + 1
    assert project.history.done[-1].label.zh == "修改 3号楼 的户数"


def test_a_value_out_of_range_is_refused_in_place_and_nothing_changes(panel, session, project, keys, qtbot):
    session.select([keys["3"]])
    for wrong in ("-1", "many", "5.5"):
        line(panel, "floors").setText(wrong)
        qtbot.keyClick(line(panel, "floors"), Qt.Key.Key_Return)
        assert not panel.form.editors["floors"]._error.isHidden()
        assert values(project, keys["3"])["floors"] == 6


def test_leaving_an_untouched_field_makes_no_step(panel, session, project, keys, qtbot):
    session.select([keys["3"]])
    steps = len(project.history.done)
    for editor in panel.form.editors.values():
        if hasattr(editor, "finish"):
            editor.finish()
    assert len(project.history.done) == steps


def test_an_edit_of_several_features_is_one_step_for_all(panel, session, project, keys, qtbot):
    session.select([keys["3"], keys["10"]])
    assert line(panel, "number").placeholderText() == "（多个值）"
    steps = len(project.history.done)
    line(panel, "year").setText("1998")
    qtbot.keyClick(line(panel, "year"), Qt.Key.Key_Return)
    assert [values(project, keys[n])["year"] for n in ("3", "10")] == [1998, 1998]
    assert len(project.history.done) == steps + 1


def test_photos_of_a_new_spot_come_into_the_project_when_it_is_saved_and_not_before(
    panel, project, tmp_path, qtbot
):
    picture = tmp_path / "spot.png"
    Image.new("RGB", (40, 30), "red").save(picture)
    panel.begin_spot("traffic_spot", Point(616700, 4078010))
    form = panel.draft.form
    form.editors["photos"].add_files([picture])
    form.editors["title"].findChild(QLineEdit).setText("南门")
    panel.draft.save()
    assert panel.draft is not None, "it waits for its photos"
    qtbot.waitUntil(lambda: not form.editors["photos"].busy)
    photo_id = form.values()["photos"]
    with pytest.raises(NotFoundError):
        project.photo(photo_id)
    form.editors["title"].findChild(QLineEdit).setText("南门拥堵")
    panel.draft.save()
    assert project.photo(photo_id).name == "spot.png"


def test_leaving_a_field_of_several_values_keeps_them(panel, session, project, keys):
    session.select([keys["3"], keys["10"]])
    panel.form.editors["number"].finish()
    assert values(project, keys["3"])["number"] == "3"
    assert values(project, keys["10"])["number"] == "10"


def test_features_of_different_layers_share_only_equal_fields(panel, session, keys):
    session.select([keys["3"], keys["T01"]])
    assert "imported" not in panel.form.editors
    assert "number" not in panel.form.editors
    assert "severity" not in panel.form.editors


def test_an_undone_edit_is_seen_in_the_form(panel, session, project, keys, qtbot):
    session.select([keys["3"]])
    line(panel, "households").setText("48")
    qtbot.keyClick(line(panel, "households"), Qt.Key.Key_Return)
    session.undo()
    assert line(panel, "households").text() == "26"


def test_a_choice_commits_its_code(panel, session, project, keys):
    session.select([keys["3"]])
    combo = panel.form.editors["state"].findChild(QComboBox)
    combo.setCurrentIndex(combo.findData("renovated"))
    combo.activated.emit(combo.currentIndex())
    assert values(project, keys["3"])["state"] == "renovated"


def test_severity_is_chosen_from_a_row_of_numbers(panel, session, project, keys):
    session.select([keys["T02"]])
    panel.form.editors["severity"]._choose(5)
    assert values(project, keys["T02"])["severity"] == 5


def test_a_revision_cannot_be_edited(panel, session, project, keys):
    project.freeze("第一版")
    session.select([keys["3"]])
    session.show_state("R1", project.state("R1"))
    assert not line(panel, "households").isEnabled()


def test_typed_numbers_and_dates_are_understood_as_people_write_them(project):
    floors = project.snapshot.layers["building"].kind.field("floors")
    width = project.snapshot.layers["road"].kind.field("width_m")
    assert parsed(floors, " 6 ") == 6
    assert parsed(floors, "六") == "六"
    assert parsed(width, "4。5") == 4.5
    assert parsed(width, "") is None
    assert tidy_date("2020年7月5日") == tidy_date("2020.7.5") == tidy_date("2020/7/5") == "2020-07-05"


def test_a_photo_is_kept_in_the_project_and_a_file_that_is_none_is_refused(
    panel, session, project, keys, tmp_path, messages, qtbot
):
    from PyQt6.QtGui import QImage

    picture, other = tmp_path / "门口.png", tmp_path / "list.png"
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    assert image.save(str(picture))
    other.write_bytes(b"not a picture")
    session.select([keys["T01"]])
    strip = panel.form.editors["photos"]
    assert isinstance(strip, PhotoStrip)
    strip.add_files([picture, other])
    assert strip.busy
    qtbot.waitUntil(lambda: not strip.busy)
    stored = values(project, keys["T01"])["photos"]
    assert project.photo(stored).data == picture.read_bytes()
    assert [level for level, _, _ in messages] == ["warning"]


def test_photos_that_were_read_while_another_feature_was_chosen_go_to_neither(
    panel, session, project, keys, tmp_path, messages, qtbot
):
    picture = tmp_path / "gate.png"
    Image.new("RGB", (40, 30), "red").save(picture)
    session.select([keys["T01"]])
    panel.form.editors["photos"].add_files([picture])
    session.select([keys["T02"]])
    qtbot.waitUntil(lambda: bool(messages))
    assert [values(project, keys[n])["photos"] for n in ("T01", "T02")] == [None, None]
    assert "1 张" in messages[0][1].zh
    assert not panel.form.editors["photos"].busy


def test_a_photo_that_cannot_be_read_is_refused_with_its_reason(
    panel, session, keys, tmp_path, messages, qtbot
):
    heic = tmp_path / "a.heic"
    heic.write_bytes(b"....ftypheic")
    session.select([keys["T01"]])
    panel.form.editors["photos"].add_files([heic, tmp_path / "gone.jpg"])
    qtbot.waitUntil(lambda: len(messages) == 2)
    assert "JPEG" in messages[0][1].zh


def test_a_new_spot_needs_its_title_and_is_saved_as_one_step_with_the_next_code(panel, session, project):
    panel.begin_spot("traffic_spot", Point(616700, 4078010))
    steps = len(project.history.done)
    panel.draft.save()
    assert panel.draft is not None
    assert len(project.history.done) == steps
    panel.draft.form.editors["title"].findChild(QLineEdit).setText("南门拥堵")
    panel.draft.save()
    assert panel.draft is None
    (key,) = session.selection
    assert values(project, key)["code"] == "T03"
    assert values(project, key)["title"] == "南门拥堵"
    assert len(project.history.done) == steps + 1


def test_the_spots_a_feature_answers_lead_there(panel, session, project, keys):
    from gis.edit.features import set_attributes

    session.run(Text("回应", "answer"), lambda s: set_attributes(s, [keys["3"]], {"answers": "T02, X9"}))
    session.select([keys["3"]])
    good, bad = panel.findChildren(Chip)
    assert good.text() == "T02 断头路"
    assert "X9" in bad.text()
    good.clicked.emit()
    assert session.selection == {keys["T02"]}


def test_a_comparison_found_anew_leaves_the_field_being_typed_in(panel, session, project, keys, qtbot):
    session.select([keys["3"]])
    reason = line(panel, "reason")
    reason.setFocus()
    qtbot.keyClicks(reason, "clear of")
    session.show_state(session.view, project.snapshot)
    assert line(panel, "reason") is reason
    qtbot.keyClicks(reason, " the sewer")
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    assert values(project, keys["3"])["reason"] == "clear of the sewer"


def test_what_is_told_below_the_form_follows_an_edit(panel, session, project, keys, qtbot):
    session.select([keys["3"]])
    answers = line(panel, "answers")
    answers.setText("D99")
    qtbot.keyClick(answers, Qt.Key.Key_Return)
    assert any("D99" in chip.text() for chip in panel.findChildren(Chip) if not chip.isHidden())


def test_a_very_large_selection_is_summed_up_beside_the_window(qtbot, panel, session, keys, monkeypatch):
    monkeypatch.setattr("ui.panels.attributes_panel.MANY_SELECTED", 1)
    session.select([keys["2"], keys["3"]])
    assert panel.form is None
    qtbot.waitUntil(lambda: panel.form is not None)
    assert "floors" in panel.form.editors


def test_while_a_project_opens_the_panel_says_so_and_not_that_there_is_none(qtbot):
    session = Session()
    panel = AttributesPanel(session)
    qtbot.addWidget(panel)

    def words():
        return " ".join(made.text() for made in panel.findChildren(QLabel) if not made.isHidden())

    assert "没有打开的项目" in words()
    session.tell_opening(Text("打开 金茵.gpkg", "Opening Jinyin.gpkg"))
    qtbot.waitUntil(lambda: "正在打开 金茵.gpkg" in words() and "没有打开的项目" not in words())
    session.tell_opening(None)
    qtbot.waitUntil(lambda: "没有打开的项目" in words() and "正在打开" not in words())


def test_undo_in_a_form_field_means_the_text_while_there_is_some_and_the_plan_otherwise(
    window, project, keys, qtbot
):
    window.activateWindow()
    window.session.select([keys["3"]])
    editors = window.attributes.form.editors
    floors, households = (editors[name].findChild(QLineEdit) for name in ("floors", "households"))
    before, steps = values(project, keys["3"])["floors"], len(project.history.done)
    floors.setFocus()
    floors.selectAll()
    qtbot.keyClicks(floors, "9")
    qtbot.keyClick(floors, Qt.Key.Key_Return)
    assert values(project, keys["3"])["floors"] == 9
    households.setFocus()
    qtbot.keyClicks(households, "1")
    qtbot.keyClick(households, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert values(project, keys["3"])["floors"] == 9
    qtbot.keyClick(households, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert values(project, keys["3"])["floors"] == before
    assert len(project.history.done) == steps
