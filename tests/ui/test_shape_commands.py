"""Clipboard, merging and tidying through the window's acts."""

import json
from io import StringIO

import pandas
import pytest
import shapely
from PyQt6.QtWidgets import QApplication

from gis.edit.features import add_feature
from layers.errors import StorageError
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


def test_what_is_copied_on_the_map_is_a_table_for_spreadsheets_and_shapes_for_other_maps(window, keys):
    window.session.select([keys["10"], keys["2"]])
    window.actions_.trigger("edit.copy")
    copied = QApplication.clipboard().mimeData()
    [table] = pandas.read_html(StringIO(copied.html()), converters={"楼号": str})
    assert sorted(table["楼号"]) == ["10", "2"]
    assert len(json.loads(copied.text())["features"]) == 2


def test_what_is_copied_from_several_layers_is_a_table_for_each_with_its_title(window, project, keys):
    road = ("road", rows(project, "road")[0].uid)
    window.session.select([keys["10"], road])
    window.actions_.trigger("edit.copy")
    page = QApplication.clipboard().mimeData().html()
    assert page.count("<table>") == 2
    assert [page.count(f"<b>{title}</b>") for title in ("建筑", "道路")] == [1, 1]


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
    window.session.offered.connect(lambda offer: told.append((offer.level, offer.what.zh)))
    QApplication.clipboard().setText("<script>alert(1)</script>")
    window.actions_.trigger("edit.paste")
    assert told[0][0] == "error"


def test_merging_what_touches_and_refusing_what_does_not(window, project, keys):
    told = []
    window.session.offered.connect(lambda offer: told.append(offer.what.zh))
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


def said(window):
    return [card.offer.what.zh for card in window.messages.cards]


def test_a_refusal_goes_when_something_else_is_selected_another_tool_taken_or_another_state_shown(
    window, project, keys
):
    def refuse():
        window.session.select([keys["2"], keys["10"]])
        window.actions_.trigger("shape.merge")
        assert any("公共边" in words for words in said(window))

    refuse()
    window.session.select([keys["2"]])
    assert not said(window)
    refuse()
    window.canvas.set_tool("draw-point")
    assert not said(window)
    window.canvas.set_tool("select")
    refuse()
    window.session.show_state("R1", project.snapshot)
    assert not said(window)
    assert not window.messages.isVisible()  # where the card was, clicks reach the map


def test_an_error_that_is_no_refusal_stays_until_it_is_closed(window, keys):
    window.session.tell_error(StorageError(Text("磁盘已满。", "The disk is full.")))
    window.session.select([keys["2"]])
    window.canvas.set_tool("draw-point")
    assert said(window) == ["磁盘已满。"]


def test_what_lands_far_from_the_plan_is_kept_and_asked_about(window, project, qtbot):
    QApplication.clipboard().setText(f"POINT ({EAST + 48_000} {NORTH})")
    window.canvas.active_layer = "tree"
    count = len(rows(project, "tree"))
    window.actions_.trigger("edit.paste_in_place")
    assert len(rows(project, "tree")) == count + 1
    (card,) = [c for c in window.messages.cards if c.offer.waits]
    assert "48 km" in card.offer.what.zh
    assert "48 km" in card.offer.what.en
    card.offer.acts[0][1]()
    assert len(rows(project, "tree")) == count
    assert not any(c.offer.waits for c in window.messages.cards)  # it is no longer there


def test_what_lands_beside_the_plan_is_not_asked_about(window, project):
    QApplication.clipboard().setText(f"POINT ({EAST + 1_500} {NORTH})")
    window.canvas.active_layer = "tree"
    window.actions_.trigger("edit.paste_in_place")
    assert not any(card.offer.waits for card in window.messages.cards)


def test_copies_tell_what_they_are(window, project, keys):
    window.session.select([keys["2"]])
    window.actions_.trigger("edit.duplicate")
    (made,) = window.session.selection
    assert project.snapshot.feature(made).attributes["state"] == "new"
    assert said(window) == ["副本为“新建”。编号不能重复，副本的编号留空待填。"]
    window.actions_.trigger("edit.draw_existing")
    window.session.select([keys["2"]])
    window.actions_.trigger("edit.duplicate")
    (made,) = window.session.selection
    assert project.snapshot.feature(made).attributes["state"] == "existing"


def test_what_is_cut_and_pasted_is_still_the_same_feature(window, project, keys):
    before = project.snapshot.feature(keys["2"])
    window.session.select([keys["2"]])
    window.actions_.trigger("edit.cut")
    assert project.snapshot.feature(keys["2"]) is None
    window.actions_.trigger("edit.paste_in_place")
    assert project.snapshot.feature(keys["2"]) == before
    window.actions_.trigger("edit.paste_in_place")
    assert len(rows(project, "building")) == 4


def test_cutting_says_that_it_cut(window, keys):
    window.session.select([keys["2"]])
    window.actions_.trigger("edit.cut")
    assert "已剪切 1 个对象" in said(window)[0]


def test_a_question_waits_and_is_no_refusal(window, keys):
    window.session.offer(Text("真的？", "Really?"), [], waits=True)
    window.session.select([keys["2"]])
    (card,) = window.messages.cards
    assert card.offer.waits
    assert not card.offer.refusal
