"""What the layer panel promises."""

import pytest
from PyQt6.QtCore import Qt

from layers.snapshot import LAYER_ORDER
from ui.models.layer_list import groups_of, place_above, place_below, shifted
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


def test_opacity_is_kept_in_the_project(panel, project):
    panel.set_active("building")
    panel._slider.setValue(40)
    assert project.snapshot.layers["building"].opacity == 0.4
    assert project.snapshot.settings["layer.building.opacity"] == 0.4


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
