"""What the search box finds, and how coordinates and scales are read."""

import gc
import threading
from weakref import ref

import numpy as np
import pytest

from gis.edit.features import move_features
from gis.revisions.compare import compare
from layers.snapshot import Snapshot
from layers.text import date_words, natural
from ui import searching
from ui.acts.catalogue import ACTIONS
from ui.models.coordinates import FORMATS, read_places, read_scale, roomy, written
from ui.models.search import Hit, find
from ui.models.words import days_words


@pytest.mark.parametrize("words", ["3号楼", "3#", "3", "３号楼", "3 号楼"])
def test_a_building_is_found_however_its_number_is_written(project, keys, words):
    assert find(words, project.snapshot, None, [])[0].key == keys["3"]


def test_a_code_and_a_title_lead_to_the_spot(project, keys):
    assert find("t02", project.snapshot, None, [])[0].key == keys["T02"]
    assert find("幼儿园", project.snapshot, None, [])[0].key == keys["T01"]


def test_a_change_number_leads_to_its_cloud(project, keys):
    later = project.snapshot.apply(move_features(project.snapshot, [keys["3"]], 9, 0))
    found = compare(project.snapshot, later)
    label = found.groups[0].label
    hits = find(label.lower(), later, found, [])
    assert hits[0].kind == "change"
    assert hits[0].extent == found.groups[0].cloud.bounds


def test_a_coordinate_is_understood_in_metres_and_in_degrees(project):
    assert find("616650, 4077999", project.snapshot, None, [])[0].place == (616650, 4077999)
    x, y = read_places("36.8260, 118.3075", "EPSG:4548")[0]
    assert (round(x), round(y)) == (616650, 4077999)
    assert read_places("3号楼", "EPSG:4548") == ()


@pytest.mark.parametrize("style", FORMATS)
def test_what_the_status_bar_writes_leads_back_to_the_place(project, style):
    words = written(616650.25, 4077999.5, "EPSG:4548", style)
    place = find(words, project.snapshot, None, [])[0].place
    assert place == pytest.approx((616650.25, 4077999.5), abs=0.2)


@pytest.mark.parametrize(
    "words", ["4077999, 616650", "X=4077999 Y=616650", "118.3075, 36.8260", "E118.3075 N36.8260"]
)
def test_a_coordinate_with_north_first_or_with_letters_leads_to_the_plan_too(project, words):
    place = find(words, project.snapshot, None, [])[0].place
    assert place == pytest.approx((616650, 4077999), abs=1)


def test_a_coordinate_far_from_the_plan_says_how_far(project):
    hit = find("1000, 2000", project.snapshot, None, [])[0]
    assert "km" in hit.about.en


def test_a_command_is_found_by_its_words_in_either_language(project):
    assert find("撤销", project.snapshot, None, list(ACTIONS))[0].action == "edit.undo"
    assert find("undo", project.snapshot, None, list(ACTIONS))[0].action == "edit.undo"


def test_a_bookmark_and_a_theme_are_found_by_name_and_shown(window, qtbot, project, session):
    window.sight_actions.keep("北门 A")
    was = window.canvas.viewport
    window.layers.set_visible("tree", False)
    window.layers.themes.keep("北门无树")
    window.layers.set_visible("tree", True)
    window.canvas.navigator.show_view(was.centred(was.centre_x + 500, was.centre_y))
    hits: list[Hit] = []
    window.search.find("北门", hits.extend)
    assert [hit.kind for hit in hits[:2]] == ["bookmark", "theme"]
    window.search.go(hits[0])
    assert window.canvas.viewport.centre_x == pytest.approx(was.centre_x, abs=0.01)
    window.search.go(hits[1])
    qtbot.waitUntil(lambda: not project.snapshot.layers["tree"].visible)


def test_nothing_typed_finds_nothing(project):
    assert find("  ", project.snapshot, None, list(ACTIONS)) == []
    assert find("没有这个东西", project.snapshot, None, list(ACTIONS)) == []


def test_enter_takes_the_first_hit_and_gives_the_keyboard_back(window, qtbot, keys):
    from PyQt6.QtCore import Qt

    box = window.header.search
    box.setText("T02")
    box.search()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert window.session.selection == {keys["T02"]}
    assert box.text() == ""


@pytest.mark.parametrize(
    ("words", "value"), [("1:500", 500), ("1：2000", 2000), ("750", 750), ("x", None), ("1:0", None)]
)
def test_a_scale_is_read_as_people_type_it(words, value):
    assert read_scale(words) == value


def test_coordinates_are_written_in_the_chosen_way():
    assert written(616650.294, 4077999.006, "EPSG:4548") == "616 650.29, 4 077 999.01"
    assert written(616650.294, 4077999.006, "EPSG:4548", "survey") == "X=4077999.01  Y=616650.29"
    assert written(616650.295, 4077999.006, "EPSG:4548", "degrees") == "36.826000°N, 118.307500°E"


def test_a_point_gets_room_around_it():
    west, south, east, north = roomy((10, 10, 10, 10), 100)
    assert (west, south, east, north) == (-40, -40, 60, 60)


def test_words_for_dates_days_and_numbers(project):
    days = project.snapshot.layers["traffic_spot"].kind.field("weekdays")
    assert date_words("2020-07-25").zh == "2020年7月25日"
    assert days_words("mon,tue,wed,thu,fri", days).zh == "周一至周五"
    assert days_words("mon,wed", days).en == "Mon, Wed"
    assert sorted(["10号楼", "2号楼"], key=natural) == ["2号楼", "10号楼"]


def test_among_very_many_objects_is_searched_beside_the_window_and_only_for_the_last_words(
    window, qtbot, keys, monkeypatch
):
    from PyQt6.QtCore import Qt

    threads = set()

    def found(*arguments):
        threads.add(threading.get_ident())
        return find(*arguments)

    monkeypatch.setattr(searching, "MANY", 0)
    monkeypatch.setattr(searching, "find", found)
    box = window.header.search
    for words in ("T0", "T02"):
        box.setText(words)
        box.search()
    qtbot.waitUntil(lambda: bool(box.hits) and box.hits[0].key == keys["T02"])
    assert threads
    assert threading.get_ident() not in threads
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert window.session.selection == {keys["T02"]}


def test_names_that_are_searched_go_with_the_version_of_the_table_they_are_of(project):
    layer = project.snapshot.layers["building"]
    table = layer.table.where(np.arange(len(layer.table)))
    find("3", Snapshot("plan", "EPSG:4548", {"building": layer.with_table(table)}), None, [])
    gone = ref(table)
    del table
    gc.collect()
    assert gone() is None
