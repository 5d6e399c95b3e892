"""What the list of problem spots promises."""

import time

import pytest
import shapely

from gis.edit.features import set_attributes
from layers.changes import Change, ChangeSet
from layers.feature import Feature
from layers.text import Text
from ui.models.spots import SpotFilter, at_once, closed_count, next_code, open_codes, rereading, spots_of
from ui.panels import batches
from ui.panels.spots_panel import SpotsPanel


@pytest.fixture
def panel(qtbot, session):
    made = SpotsPanel(session)
    qtbot.addWidget(made)
    made.show()
    return made


def codes(project, **wanted):
    return [spot.code for spot in spots_of(project.snapshot) if SpotFilter(**wanted).keeps(spot)]


def test_open_spots_come_first_and_the_worst_of_them_on_top(project):
    assert codes(project) == ["D01", "T02", "T01"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"role": "traffic-spot"}, ["T02", "T01"]),
        ({"status": "open"}, ["D01", "T02"]),
        ({"status": "closed"}, ["T01"]),
        ({"status": "in-design"}, ["T02"]),
        ({"severity": 4}, ["D01", "T01"]),
        ({"time": "workdays"}, ["T01"]),
        ({"time": "weekend"}, ["T02"]),
        ({"time": "morning"}, ["T01"]),
        ({"time": "afternoon"}, ["T02"]),
        ({"time": "rain"}, ["D01"]),
        ({"time": "rain:2020-07-25"}, ["D01"]),
        ({"time": "rain:2019-01-01"}, []),
        ({"text": "t02"}, ["T02"]),
        ({"text": "幼儿园 拥堵"}, ["T01"]),
        ({"role": "traffic-spot", "status": "open", "severity": 3}, []),
    ],
)
def test_the_filter_keeps_what_is_asked_for(project, wanted, found):
    assert codes(project, **wanted) == found


def test_typing_narrows_the_list_and_clearing_widens_it(panel):
    panel.bar.line.setText("积水")
    assert [spot.code for spot in panel.shown] == ["D01"]
    panel.bar.clear()
    assert len(panel.shown) == 3


def test_a_click_selects_the_spot_and_asks_the_map_to_show_it(panel, session, keys, qtbot):
    with qtbot.waitSignal(session.zoom_requested) as asked:
        panel.list.choose(panel.shown[0])
    assert session.selection == {keys["D01"]}
    west, _, east, _ = asked.args[0]
    assert east - west >= 100


def test_a_status_change_is_one_step_and_moves_the_spot(panel, session, project, keys):
    steps = len(project.history.done)
    panel.set_status(panel.shown[0], "done")
    assert project.snapshot.feature(keys["D01"]).attributes["status"] == "done"
    assert len(project.history.done) == steps + 1
    assert panel.shown[-1].code in ("D01", "T01")
    session.undo()
    assert panel.shown[0].code == "D01"


def test_a_status_change_of_a_selected_spot_goes_to_all_selected_spots(panel, session, project, keys):
    session.select([keys["D01"], keys["T02"], keys["3"]])
    panel.set_status(panel.shown[0], "verified")
    assert [project.snapshot.feature(keys[c]).attributes["status"] for c in ("D01", "T02")] == [
        "verified"
    ] * 2


def test_the_next_open_spot_goes_round(panel, session, keys):
    panel.next_open()
    assert session.selection == {keys["D01"]}
    panel.next_open()
    assert session.selection == {keys["T02"]}
    panel.next_open()
    assert session.selection == {keys["D01"]}


def test_the_next_code_continues_the_highest(project):
    assert next_code(project.snapshot, "traffic_spot") == "T03"
    assert next_code(project.snapshot, "drainage_spot") == "D02"


def test_nothing_can_be_added_while_a_revision_is_seen(panel, session, project):
    project.freeze("第一版")
    session.show_state("R1", project.state("R1"))
    assert not panel._add.isEnabled()


def many(count):
    features = (
        Feature(
            f"{i:032x}",
            shapely.Point(i, 0),
            {"code": f"D{i:05d}", "severity": 1 + i % 5, "status": "reported"},
        )
        for i in range(1, count + 1)
    )
    return ChangeSet.of(Change("drainage_spot", None, feature) for feature in features)


def test_many_spots_are_read_in_turns_and_the_list_stays_until_they_are(
    panel, session, project, qtbot, monkeypatch
):
    monkeypatch.setattr(batches, "BUDGET_S", 0.0)
    project.apply(many(40), Text("多", "Many"))
    qtbot.waitUntil(lambda: panel._reading.under_way)
    assert len(panel.shown) == 3
    qtbot.waitUntil(lambda: len(panel.shown) == 43)
    session.show_state("working", project.snapshot)
    assert panel.shown == ()
    assert panel.list.currentWidget() is panel.list.view
    qtbot.waitUntil(lambda: panel.shown == spots_of(project.snapshot))


@pytest.mark.parametrize("status", ["done", "in-design"])
def test_what_an_edit_changed_is_read_anew_and_comes_to_its_place(project, status):
    project.apply(many(30), Text("多", "Many"))
    before = project.snapshot
    chosen = [spot.key for spot in spots_of(before)][::3]
    edit = set_attributes(before, chosen, {"status": status, "severity": 4})
    after = before.apply(edit)
    assert at_once(rereading(spots_of(before), edit, after)) == spots_of(after)
    back = edit.inverse()
    assert at_once(rereading(spots_of(after), back, before)) == spots_of(before)


def test_spots_that_come_and_go_come_to_their_place(project):
    before, step = project.snapshot, many(700)
    after = before.apply(step)
    assert at_once(rereading(spots_of(before), step, after)) == spots_of(after)
    assert at_once(rereading(spots_of(after), step.inverse(), before)) == spots_of(before)


def test_spots_are_counted_from_columns_as_the_list_counts_them(project):
    spots = spots_of(project.snapshot)
    assert closed_count(project.snapshot) == (sum(spot.closed for spot in spots), len(spots))
    assert open_codes(project.snapshot) == {spot.code for spot in spots if not spot.closed}


def test_choosing_thousands_of_spots_takes_the_list_no_time(panel, session, project, qtbot):
    project.apply(many(4_000), Text("多", "Many"))
    qtbot.waitUntil(lambda: len(panel.shown) == 4_003)
    start = time.thread_time()
    session.select(spot.key for spot in panel.shown)
    assert time.thread_time() - start < 0.1
    assert len(panel.list.model.chosen) == 4_003
