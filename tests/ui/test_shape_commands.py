"""Clipboard, merging and tidying through the window's acts."""

import pytest
import shapely
from PyQt6.QtWidgets import QApplication

from gis.edit.features import add_feature
from layers.text import Text
from tests.ui.conftest import EAST, NORTH


def rows(project, layer):
    return list(project.snapshot.layers[layer].table)


def test_copy_and_paste_in_place_and_at_the_pointer(window, project, keys):
    window.session.select([keys["10"]])
    window.actions_.trigger("edit.copy")
    window.actions_.trigger("edit.paste_in_place")
    copy = rows(project, "building")[-1]
    assert copy.geometry.wkb == project.snapshot.feature(keys["10"]).geometry.wkb
    assert copy.attributes.get("number") is None
    assert window.session.selection == {("building", copy.uid)}
    window.actions_.trigger("edit.paste")
    x, y = window.canvas.viewport.to_world(*window.canvas.hands.pixel)
    centre = rows(project, "building")[-1].geometry.centroid
    assert (centre.x, centre.y) == pytest.approx((x, y), abs=0.01)


def test_cut_is_one_step(window, project, keys):
    steps = len(project.history.done)
    window.session.select([keys["10"]])
    window.actions_.trigger("edit.cut")
    assert project.snapshot.feature(keys["10"]) is None
    assert len(project.history.done) == steps + 1
    window.actions_.trigger("edit.paste_in_place")
    assert len(rows(project, "building")) == 3


def test_wkt_text_is_pasted_into_the_layer_in_hand(window, project):
    window.canvas.active_layer = "tree"
    QApplication.clipboard().setText(f"POINT ({EAST + 3} {NORTH + 30})")
    window.actions_.trigger("edit.paste")
    assert rows(project, "tree")[-1].geometry.x == EAST + 3


def test_nonsense_in_the_clipboard_is_told(window, project, messages):
    told = []
    window.session.message.connect(lambda what, level, advice: told.append((level, what.zh)))
    QApplication.clipboard().setText("<script>alert(1)</script>")
    window.actions_.trigger("edit.paste")
    assert told[0][0] == "error"


def test_merging_what_touches_and_refusing_what_does_not(window, project, keys):
    told = []
    window.session.message.connect(lambda what, level, advice: told.append(what.zh))
    window.session.select([keys["2"], keys["10"]])
    window.actions_.trigger("shape.merge")
    assert "公共边" in told[0]
    assert len(rows(project, "building")) == 3
    gap = shapely.box(EAST + 20, NORTH, EAST + 30, NORTH + 10)
    project.apply(add_feature(project.snapshot, "building", gap), Text("补", "fill"))
    window.session.select([*window.session.selection, ("building", rows(project, "building")[-1].uid)])
    window.actions_.trigger("shape.merge")
    (merged,) = window.session.selection
    assert project.snapshot.feature(merged).geometry.area == pytest.approx(500)
    assert len(rows(project, "building")) == 2


def test_a_road_is_reversed(window, project):
    road = ("road", rows(project, "road")[0].uid)
    window.session.select([road])
    window.actions_.trigger("shape.reverse")
    assert project.snapshot.feature(road).geometry.coords[0] == (EAST + 100, NORTH - 5)
