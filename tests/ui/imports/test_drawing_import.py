"""Importing a drawing in the window: its layers are sent where they belong before anything comes in."""

import threading
from pathlib import Path

import ezdxf
import numpy as np
import pytest
from shapely import LineString, box

from gis.exchange.dxf.mapping import NOWHERE
from gis.exchange.dxf.saved_presets import preset_names
from gis.exchange.dxf.writing import write_dxf
from gis.exchange.import_records import record_of, with_record
from gis.exchange.source import Ground
from gis.georeference import ControlPoint, fit_control_points
from layers.changes import ChangeSet
from layers.text import Text
from ui.dialogs.georeference_dialog import GeoreferenceDialog
from ui.imports import drawing_import
from ui.imports.control_points import ControlPoints
from ui.models.control_table import PointRow

EAST, NORTH = 616650.0, 4077999.0
READY_MS = 30_000


@pytest.fixture
def drawing(tmp_path):
    document = ezdxf.new("R2010")
    space = document.modelspace()
    house = list(box(EAST, NORTH + 40, EAST + 20, NORTH + 50).exterior.coords)[:-1]
    space.add_lwpolyline(house, close=True, dxfattribs={"layer": "JMD", "color": 1})
    space.add_text("砼6", height=2, dxfattribs={"layer": "JMD"}).set_placement((EAST + 9, NORTH + 45))
    space.add_line((EAST, NORTH + 60), (EAST + 50, NORTH + 60), dxfattribs={"layer": "杂项"})
    space.add_line((EAST, NORTH + 62), (EAST + 50, NORTH + 62), dxfattribs={"layer": "杂项"})
    document.layers.add("旧图").off()
    space.add_line((EAST, NORTH + 64), (EAST + 50, NORTH + 64), dxfattribs={"layer": "旧图"})
    path = tmp_path / "总 图.dxf"
    document.saveas(path)
    return path


@pytest.fixture
def form(window, qtbot, drawing, monkeypatch, tmp_path, bring):
    monkeypatch.setattr(
        "gis.exchange.dxf.saved_presets.settings_file", lambda: tmp_path / "c" / "settings.json"
    )
    opened = bring([drawing])
    qtbot.waitUntil(lambda: not opened.busy, timeout=READY_MS)
    return opened


def row(form, name):
    tree = form.layers.tree
    items = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    return next([item.text(c) for c in range(4)] for item in items if item.text(0) == name)


def test_every_layer_stands_with_its_count_contents_and_target(form, window):
    assert row(form, "JMD")[1:] == ["2", "“砼6”  多段线 1，文字 1", "建筑"]
    assert row(form, "杂项")[1:] == ["2", "直线 2", "参考底图"]
    assert (row(form, "旧图")[1], row(form, "旧图")[3]) == ("1", "–")
    assert "关闭或冻结 1" in form.summary.text()
    assert form.plan.counts.features == 3
    assert window.session.proposal.extent[0] == pytest.approx(EAST)


def test_a_layer_can_be_sent_elsewhere_or_left_out(form, qtbot):
    form.layers.send(["杂项"], "road")
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert form.plan.layers["road"].added == 2
    assert row(form, "杂项")[3] == "道路"
    form.layers.send(["杂项"], NOWHERE)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert form.plan.counts.left_out == 2
    assert sum(form.plan.counts[1:]) == form.plan.counts.read
    form.layers.send_by_rules(["杂项"])
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert row(form, "杂项")[3] == "参考底图"


def test_a_target_may_carry_an_attribute(form, qtbot):
    from gis.exchange.dxf.aims import Aim

    form.layers.send(["JMD"], "green", Aim("green", {"cover": "plaza"}))
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    (after,) = [c.after for c in form.plan.changes if c.layer == "green"]
    assert after.attributes["cover"] == "plaza"


def test_the_menu_offers_every_layer_of_the_plan_and_its_variants(form):
    menu = form.layers.target_menu(["杂项"])
    inner = [act.text() for group in menu.actions() if group.menu() for act in group.menu().actions()]
    assert "建筑" in inner
    assert any("雨水口" in words for words in inner)
    assert [act.text() for act in menu.actions()[:3]] == ["按规则", "参考底图", "不导入"]
    menu.close()


def test_a_mapping_is_kept_under_a_name_and_used_again(form, qtbot):
    form.layers.send(["杂项"], "road")
    form.presets.save("院里/常用", form.layers.mapping)
    assert preset_names() == ("院里-常用",)
    form.presets.box.setCurrentIndex(0)
    form.presets.box.activated.emit(0)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert row(form, "杂项")[3] == "参考底图"
    at = form.presets.box.findText("院里-常用")
    form.presets.box.setCurrentIndex(at)
    form.presets.box.activated.emit(at)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert row(form, "杂项")[3] == "道路"
    form.presets.forget("院里-常用")
    assert preset_names() == ()


def test_hidden_layers_come_in_when_wanted(form, qtbot):
    form.with_hidden.setChecked(True)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert form.plan.counts.hidden == 0
    assert form.plan.counts.features == 4


def test_looking_at_a_layer_marks_what_it_holds(form, window):
    form.layers.tree.setCurrentItem(form.layers.tree.topLevelItem(0))
    focus = [part for part in window.session.proposal.parts if part.tone == "focus"]
    assert len(focus[0].geometry) == 2


def test_an_empty_drawing_is_refused_without_choices_that_would_not_help(window, bring, tmp_path, qtbot):
    path = tmp_path / "空.dxf"
    path.touch()
    form = bring([path])
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert "空.dxf" in form.summary.text()
    assert not any(box.isVisible() for box in (form.encoding, form.unit, form.crs, form.way, form.layers))


def test_a_drawing_comes_in_as_one_step(form, window, project, qtbot):
    form.submit()
    qtbot.waitUntil(lambda: len(project.snapshot.layers["building"].table) == 4, timeout=10_000)
    building = list(project.snapshot.layers["building"].table)[-1]
    assert (building.attributes["floors"], len(project.snapshot.layers["reference"].table)) == (6, 2)
    window.session.undo()
    qtbot.waitUntil(lambda: len(project.snapshot.layers["building"].table) == 3, timeout=10_000)
    assert len(project.snapshot.layers["reference"].table) == 0


def test_a_local_grid_asks_for_control_points(window, qtbot, tmp_path, bring):
    document = ezdxf.new("R2010")
    document.modelspace().add_lwpolyline([(0, 0), (20, 0), (20, 10)], dxfattribs={"layer": "JMD"})
    document.saveas(tmp_path / "local.dxf")
    form = bring([tmp_path / "local.dxf"])
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert not form.go.isEnabled()
    assert "控制点" in form.understood.text()
    at = next(i for i in range(form.crs.combo.count()) if form.crs.combo.itemData(i) == "points")
    form.crs.combo.activated.emit(at)
    qtbot.waitUntil(lambda: window.findChild(GeoreferenceDialog) is not None, timeout=READY_MS)
    dialog = window.findChild(GeoreferenceDialog)
    dialog.rows = [PointRow("A", 0, 0, EAST, NORTH), PointRow("B", 20, 0, EAST + 20, NORTH)]
    dialog._refresh()
    dialog.accept()
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert form.go.isEnabled()
    assert window.session.proposal.extent[:2] == pytest.approx((EAST, NORTH))


def test_points_used_before_come_back_with_the_axes_and_the_way_they_were_used_with(window, qtbot, project):
    points = [
        ControlPoint(f"K{n}", x, y, EAST + y, NORTH + x) for n, (x, y) in enumerate(((0, 0), (9, 0), (9, 5)))
    ]
    ground = Ground("EPSG:4548", fit_control_points(points, swapped=True), tuple(points))
    record = record_of(Path("旧.dxf"), "DXF", "EPSG:4548", [], {}, (), ground)
    project.apply(with_record(ChangeSet(), record), Text("导入", "Import"))
    asked = ControlPoints(window.session, window.tasks, window.canvas, window.picker)
    asked.ask(
        window, "新.dxf", np.array([LineString([(0, 0), (9, 5)]), None], dtype=object), lambda ground: None
    )
    qtbot.waitUntil(lambda: window.findChild(GeoreferenceDialog) is not None, timeout=READY_MS)
    dialog = window.findChild(GeoreferenceDialog)
    dialog.take_known()
    assert dialog.swap.isChecked()
    assert dialog.solution.acceptable
    assert dialog.solution.fit.rms_m < 1e-6
    dialog.close()


def test_what_grows_with_a_drawing_is_worked_out_beside_the_window(
    window, qtbot, drawing, monkeypatch, bring
):
    threads = {}

    def noted(name):
        work = getattr(drawing_import, name)

        def call(*args):
            threads[name] = threading.current_thread()
            return work(*args)

        monkeypatch.setattr(drawing_import, name, call)

    for name in ("layer_rows", "drawing_layers", "main_bounds", "ready_proposal"):
        noted(name)
    form = bring([drawing])
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert set(threads) == {"layer_rows", "drawing_layers", "main_bounds", "ready_proposal"}
    assert threading.main_thread() not in threads.values()
    assert "extent" in vars(window.session.proposal)  # known before the window asks for it


def test_what_was_found_by_itself_stands_in_the_boxes(form, qtbot):
    assert form.encoding.itemText(0) == "自动：UTF-8"
    assert form.unit.itemText(0) == "自动：米"
    form.unit.setCurrentIndex(form.unit.findData("ft"))
    form.unit.activated.emit(form.unit.currentIndex())
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert form.unit.itemText(0) == "自动判断单位"


def test_the_next_import_begins_in_the_folder_of_the_last(window, drawing, monkeypatch):
    asked = []

    def choose(parent, title, folder, pattern):
        asked.append(folder)
        return [str(drawing)], ""

    monkeypatch.setattr("ui.actions.file.QFileDialog.getOpenFileNames", choose)
    monkeypatch.setattr(window.file_actions, "import_paths", lambda paths: None)
    window.file_actions.import_file()
    window.file_actions.import_file()
    assert asked == [str(window.folder), str(drawing.parent)]


def test_for_a_file_that_no_choice_makes_readable_none_is_asked_for(window, qtbot, tmp_path, bring):
    dwg = tmp_path / "总图.dwg"
    dwg.write_bytes(b"AC1032" + bytes(100))
    form = bring([dwg])
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert "DWG" in form.summary.text()
    assert "另存为" in form.understood.text()
    assert form.problem.text() == ""
    assert not form.go.isEnabled()


def imported(form, window, qtbot):
    """Press the act at the foot and wait until all is written."""
    form.submit()
    qtbot.waitUntil(lambda: window.file_actions.importing.form is None, timeout=READY_MS)


def opened_again(bring, qtbot, path):
    form = bring([path])
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    return form


def test_the_same_drawing_again_is_an_update_with_nothing_to_do(form, window, qtbot, drawing, bring):
    imported(form, window, qtbot)
    again = opened_again(bring, qtbot, drawing)
    assert again.way.currentData() == "update"
    assert "不变 3" in again.summary.text()
    assert not again.go.isEnabled()
    assert "图纸与方案一致" in again.problem.text()
    again.way.setCurrentIndex(0)
    again.way.activated.emit(0)
    qtbot.waitUntil(lambda: not again.busy, timeout=READY_MS)
    assert again.go.text() == "导入 3 个"


@pytest.mark.parametrize("keeps_marks", [True, False])
def test_our_own_drawing_is_an_update_whether_another_program_kept_our_marks_or_not(
    window, project, qtbot, bring, tmp_path, keeps_marks
):
    path = tmp_path / "寄出.dxf"
    write_dxf(project.snapshot, [project.snapshot.layers["building"]], path)
    document = ezdxf.readfile(path)
    for entity in document.modelspace():
        if not keeps_marks:
            entity.discard_xdata("PLANBOARD")
    document.saveas(path)
    opened = bring([path])
    qtbot.waitUntil(lambda: not opened.busy, timeout=READY_MS)
    assert opened.way.currentData() == "update"
    assert not opened.plan.changes
    assert opened.plan.layers["building"].unchanged == len(project.snapshot.layers["building"].table)


def test_what_was_said_about_layers_counts_for_the_next_drawing(
    form, window, qtbot, drawing, tmp_path, bring
):
    form.layers.send(["杂项"], "road")
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    imported(form, window, qtbot)
    other = tmp_path / "二期.dxf"
    other.write_bytes(drawing.read_bytes())
    again = opened_again(bring, qtbot, other)
    assert again.presets.box.currentText() == "沿用上次导入的对应（1 个同名图层）"
    assert row(again, "杂项")[3] == "道路"
    again.presets.box.setCurrentIndex(0)
    again.presets.box.activated.emit(0)
    qtbot.waitUntil(lambda: not again.busy, timeout=READY_MS)
    assert row(again, "杂项")[3] == "参考底图"
