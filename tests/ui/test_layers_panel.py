"""What the layer panel promises."""

import pytest
from PyQt6.QtCore import Qt

from layers.snapshot import LAYER_ORDER
from ui.models.layer_list import groups_of, members, place_above, place_below, shifted
from ui.panels.layer_rows import MARKS
from ui.panels.layers_panel import LayersPanel


@pytest.fixture
def panel(qtbot, session):
    made = LayersPanel(session)
    qtbot.addWidget(made)
    made.resize(260, 500)
    made.show()
    return made


def test_hiding_a_layer_is_a_step_that_can_be_undone(panel, session, project):
    steps = len(project.history.done)
    panel.set_visible("building", False)
    assert project.snapshot.layers["building"].visible is False
    assert len(project.history.done) == steps + 1
    session.undo()
    assert project.snapshot.layers["building"].visible is True


def test_space_toggles_the_layer_under_the_cursor(panel, project, qtbot):
    panel.tree.choose("road")
    qtbot.keyClick(panel.tree, Qt.Key.Key_Space)
    assert project.snapshot.layers["road"].visible is False


def test_opacity_is_kept_in_the_project_and_many_keys_are_one_step(panel, project, qtbot):
    panel.set_active("building")
    steps = len(project.history.done)
    for _ in range(6):
        qtbot.keyClick(panel._slider, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: len(project.history.done) > steps)
    assert len(project.history.done) == steps + 1
    assert project.snapshot.layers["building"].opacity == 0.4
    assert project.snapshot.settings["layer.building.opacity"] == 0.4


def test_the_map_follows_the_opacity_slider_before_it_is_let_go(window, qtbot, project):
    window.layers.set_active("building")
    shown = window.canvas.pictures
    slider = window.layers._slider
    steps = len(project.history.done)

    def opacity():
        return shown.frame.order.snapshot.layers["building"].opacity if shown.frame else None

    qtbot.waitUntil(lambda: opacity() == 1.0)
    slider.setSliderDown(True)
    for value in (70, 55, 40):
        slider.setValue(value)
    qtbot.waitUntil(lambda: opacity() == 0.4)
    assert len(project.history.done) == steps
    slider.setSliderDown(False)
    qtbot.waitUntil(lambda: len(project.history.done) == steps + 1)
    assert project.snapshot.layers["building"].opacity == 0.4
    window.session.undo()
    qtbot.waitUntil(lambda: opacity() == 1.0)


def test_a_typed_opacity_goes_to_the_layer_it_was_typed_for(panel, project, qtbot):
    panel.set_active("building")
    panel._percent.setFocus()
    panel._percent.selectAll()
    qtbot.keyClicks(panel._percent, "35")
    qtbot.keyClick(panel._percent, Qt.Key.Key_Return)
    panel.tree.choose("road")
    qtbot.waitUntil(lambda: project.snapshot.layers["building"].opacity == 0.35)
    assert project.snapshot.layers["road"].opacity == 1.0
    assert panel._percent.value() == 100


def test_a_slider_brought_back_is_no_step(window, qtbot, project):
    window.layers.set_active("building")
    shown, slider = window.canvas.pictures, window.layers._slider
    steps = len(project.history.done)
    slider.setSliderDown(True)
    slider.setValue(40)
    slider.setValue(100)
    slider.setSliderDown(False)
    qtbot.waitUntil(lambda: shown.frame is not None and not shown.busy)
    assert len(project.history.done) == steps
    assert shown.frame.order.snapshot is project.snapshot


def test_a_layer_moved_up_passes_its_neighbour_of_the_group_only(project):
    before = [layer.id for group in groups_of(project.snapshot) for layer in group.layers]
    at = before.index("building")
    edit = shifted(project.snapshot, "building", up=True)
    after = project.snapshot.apply(edit(project.snapshot))
    names = [layer.id for group in groups_of(after) for layer in group.layers]
    assert names.index("building") == at - 1
    assert sorted(names) == sorted(before)


def test_the_top_layer_of_a_group_cannot_go_further_up(project):
    top = groups_of(project.snapshot)[0].layers[0].id
    assert shifted(project.snapshot, top, up=True) is None


def test_a_dropped_layer_lies_just_above_or_below_the_other(project):
    above = place_above("green", "building")(project.snapshot).settings[LAYER_ORDER].after
    assert above.index("green") == above.index("building") + 1
    below = place_below("building", "green")(project.snapshot).settings[LAYER_ORDER].after
    assert below.index("building") == below.index("green") - 1


def test_a_chosen_row_becomes_the_layer_that_is_drawn_on(panel, qtbot):
    with qtbot.waitSignal(panel.active_layer_changed) as told:
        panel.tree.choose("parking")
    assert told.args == ["parking"]
    assert panel.active_layer == "parking"


def test_what_is_chosen_stays_chosen_when_counts_change(panel, session, keys):
    from gis.edit.features import remove_features
    from layers.text import Text

    panel.tree.choose("road")
    session.run(Text("删", "remove"), lambda s: remove_features(s, [keys["3"]]))
    assert panel.tree.chosen == "road"


def test_a_revision_cannot_be_rearranged(panel, session, project, messages):
    project.freeze("第一版")
    session.show_state("R1", project.state("R1"))
    panel.set_visible("building", False)
    assert project.snapshot.layers["building"].visible is True
    assert messages[-1][0] == "warning"


def test_a_group_is_switched_as_one_step(panel, session, project):
    title = groups_of(project.snapshot)[-1].title
    inside = members(project.snapshot, title)
    steps = len(project.history.done)
    panel.set_group_visible(title, False)
    assert not any(project.snapshot.layers[name].visible for name in inside)
    assert len(project.history.done) == steps + 1
    session.undo()
    assert project.snapshot.layers[inside[0]].visible


def test_space_on_a_group_switches_it(panel, project, qtbot):
    title = groups_of(project.snapshot)[-1].title
    panel.tree.choose_group(title)
    qtbot.keyClick(panel.tree, Qt.Key.Key_Space)
    assert not any(project.snapshot.layers[name].visible for name in members(project.snapshot, title))


def test_a_folded_group_stays_folded_when_the_layers_change(panel, session, project):
    heading = panel.tree.topLevelItem(0)
    heading.setExpanded(False)
    panel.set_visible("building", False)
    assert not panel.tree.topLevelItem(0).isExpanded()


def test_a_group_of_ones_own_is_made_renamed_and_dissolved(panel, project, monkeypatch):
    monkeypatch.setattr(panel, "_asked", lambda title, name: "重点")
    panel.set_active("building")
    panel.make_group()
    assert project.snapshot.layers["building"].group.zh == "重点"
    panel.tree.choose_group(project.snapshot.layers["building"].group)
    monkeypatch.setattr(panel, "_asked", lambda title, name: "重点楼")
    panel.rename()
    assert project.snapshot.layers["building"].group.zh == "重点楼"
    panel.tree.choose_group(project.snapshot.layers["building"].group)
    panel.dissolve_group()
    assert project.snapshot.layers["building"].group == project.snapshot.layers["building"].kind.group


def test_keys_move_a_group_past_its_neighbour(panel, project):
    titles = [group.title for group in groups_of(project.snapshot)]
    panel.tree.choose_group(titles[1])
    panel.shift(True)
    assert [group.title for group in groups_of(project.snapshot)][:2] == [titles[1], titles[0]]


def test_a_layer_dropped_on_a_group_goes_into_it(panel, project):
    top = groups_of(project.snapshot)[0].title
    panel._on_dropped("tree", top, False)
    assert project.snapshot.layers["tree"].group == top
    assert groups_of(project.snapshot)[0].layers[0].id == "tree"


def test_a_style_is_copied_from_layer_to_layer(panel, project):
    panel.set_active("building")
    panel.copy_style()
    panel.set_active("green")
    panel.paste_style()
    assert project.snapshot.layers["green"].style == project.snapshot.layers["building"].style
    panel.reset_style()
    assert project.snapshot.layers["green"].style is project.snapshot.layers["green"].kind.style


def test_a_style_that_would_leave_nothing_of_a_layer_to_see_is_not_pasted(panel, project, messages):
    panel.set_active("building")
    panel.copy_style()
    panel.tree.choose("tree")
    panel.paste_style()
    assert "style.tree" not in project.snapshot.settings
    assert "画不出“树木”" in messages[-1][1].zh
    panel.copy_style()
    panel.tree.choose("building")
    panel.paste_style()
    assert "style.building" not in project.snapshot.settings
    panel.copy_style()
    panel.tree.choose("road")
    panel.paste_style()
    assert "style.road" in project.snapshot.settings


def test_themes_are_kept_switched_and_shown_on_the_button(panel, project, session):
    panel.themes.keep("全部")
    panel.set_visible("building", False)
    panel.themes.keep("无楼")
    assert panel.themes.text().strip() == "无楼"
    panel.themes.switch_number(1)
    assert project.snapshot.layers["building"].visible
    panel.themes.switch_next()
    assert not project.snapshot.layers["building"].visible
    session.undo()
    assert panel.themes.text().strip() == "全部"


def test_layers_the_map_leaves_out_at_its_scale_are_marked(panel, session, project):
    from gis.edit.looks import set_scales
    from layers.text import Text

    session.run(Text("比例", "scales"), lambda s: set_scales(s, "building", 0, 1000))
    panel.show_scale(5000)
    assert "eye-slash" in panel.tree._items()["building"].data(0, MARKS)
    panel.show_scale(500)
    assert panel.tree._items()["building"].data(0, MARKS) == ()


def test_f2_renames_the_chosen_layer(window, qtbot, monkeypatch):
    from PyQt6.QtCore import Qt
    from PyQt6.QtWidgets import QInputDialog

    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("房屋", True))
    window.activateWindow()
    window.layers.tree.choose("building")
    window.layers.tree.setFocus()
    qtbot.keyClick(window.layers.tree, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: window.session.snapshot.layers["building"].title.zh == "房屋")


def test_no_group_jumps_when_a_layer_moves_within_one(project):
    state = project.snapshot
    titles = [group.title for group in groups_of(state)]
    for name in ("tree", "building"):
        for _ in range(3):
            edit = shifted(state, name, up=False)
            state = state.apply(edit(state)) if edit is not None else state
            assert [group.title for group in groups_of(state)] == titles
    assert [layer.id for layer in groups_of(state)[-1].layers][:2] != ["tree", "building"]
