"""The list of findings, and the line in the forms."""

from shapely import LineString, Point, box

from gis.edit.features import add_feature, remove_features, set_attributes
from layers.text import Text
from tests.ui.conftest import EAST, NORTH
from ui.panels.check_line import CheckLine
from ui.panels.findings_panel import FINDING
from ui.plan_check import tally


def checked(window, qtbot):
    window.show_page("findings")
    qtbot.waitUntil(lambda: window.findings.findings is not None, timeout=20_000)
    return window.findings


def entries(panel):
    tree = panel.tree
    heads = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    return [head.child(i).data(0, FINDING) for head in heads for i in range(head.childCount())]


def test_the_plan_is_checked_when_the_page_is_opened(window, qtbot, keys):
    panel = checked(window, qtbot)
    assert {(f.layer, f.uid) for f in panel.findings if f.code == "rules.spot-unanswered"} == {
        keys["D01"],
        keys["T02"],
    }
    assert set(entries(panel)) == set(panel.findings)


def test_a_click_on_a_finding_selects_its_object_and_goes_there(window, qtbot, keys):
    panel = checked(window, qtbot)
    tree = panel.tree
    heads = (tree.topLevelItem(at) for at in range(tree.topLevelItemCount()))
    item = next(
        head.child(i) for head in heads for i in range(head.childCount()) if "D01" in head.child(i).text(0)
    )
    with qtbot.waitSignal(window.session.zoom_requested):
        panel.tree.itemClicked.emit(item, 0)
    assert window.session.selection == {keys["D01"]}


def provoke(project):
    """Put one fault of each kind that has a place into the plan, and return where each is."""
    word = Text("错", "wrong")

    def put(layer, geometry, **values):
        project.apply(add_feature(project.snapshot, layer, geometry, values), word)

    put("boundary", box(EAST - 50, NORTH - 150, EAST + 400, NORTH + 80))
    project.freeze("第一版")
    put("building", box(EAST + 45, NORTH + 2, EAST + 56, NORTH + 8), number="11", floors=6)
    put("parking", box(EAST + 62, NORTH + 6, EAST + 70, NORTH + 16), bays=2, state="new")
    put("building", box(EAST + 380, NORTH, EAST + 420, NORTH + 10), number="12", floors=3, state="new")
    put("road", LineString([(EAST, NORTH - 100), (EAST + 300, NORTH - 100)]), name="长路", state="new")
    put("pipe", LineString([(EAST, NORTH - 60), (EAST + 30, NORTH - 60)]), system="storm")
    put("pipe", LineString([(EAST + 30.3, NORTH - 60), (EAST + 60, NORTH - 60)]), system="storm")
    put("comment", None, code="C01", gist="路灯不亮")
    return {
        "rules.buildings-overlap": (EAST + 47.5, NORTH + 5),
        "rules.bays-overlap": (EAST + 66, NORTH + 8),
        "rules.outside-boundary": (EAST + 410, NORTH + 5),
        "rules.dead-end": (EAST + 300, NORTH - 100),
        "rules.loose-end": (EAST + 30, NORTH - 60),
    }


def test_every_finding_leads_to_its_place_and_only_what_has_none_does_not(window, project, keys, qtbot):
    places = provoke(project)
    project.apply(remove_features(project.snapshot, [keys["2"]]), Text("拆", "gone"))
    panel = checked(window, qtbot)
    shown = []
    window.session.zoom_requested.connect(shown.append)
    tree, led = panel.tree, {}
    for head in (tree.topLevelItem(at) for at in range(tree.topLevelItemCount())):
        for item in (head.child(i) for i in range(head.childCount())):
            finding = item.data(0, FINDING)
            shown.clear()
            tree.itemClicked.emit(item, 0)
            led.setdefault(finding.code, []).extend(box(*extent) for extent in shown)
            placeless = finding.layer == "comment"
            assert len(shown) == (0 if placeless else 1), finding
            for west, south, east, north in shown:
                assert box(west, south, east, north).covers(Point(finding.place))
                assert east - west < 200
    for code, place in places.items():
        assert any(extent.covers(Point(place)) for extent in led[code]), code
    gone = [f for f in panel.findings if f.uid == keys["2"][1]]
    assert gone


def test_a_severity_can_be_left_out_of_the_list(window, qtbot):
    panel = checked(window, qtbot)
    panel._filters["warning"].setChecked(False)
    assert all(finding.severity != "warning" for finding in entries(panel))


def test_an_edit_is_checked_again_while_the_list_is_seen(window, qtbot, keys):
    panel = checked(window, qtbot)
    window.session.run(
        Text("答", "answer"), lambda s: set_attributes(s, [keys["D01"]], {"status": "not-adopted"})
    )
    qtbot.waitUntil(
        lambda: panel.findings is not None and keys["D01"] not in {(f.layer, f.uid) for f in panel.findings},
        timeout=20_000,
    )


def test_the_findings_of_a_frozen_revision_are_looked_for_once(window, qtbot, project):
    project.freeze("第一版")
    found = []
    window.check.run("R1", found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    assert window.check.run("R1", found.append) is None
    assert found[0] is found[1]


def test_a_form_says_how_many_findings_there_are_and_leads_to_them(window, qtbot):
    line = CheckLine(window.check)
    qtbot.addWidget(line)
    line.show()
    line.ask("working")
    qtbot.waitUntil(lambda: line._show.isVisible(), timeout=20_000)
    assert "需注意" in line._words.text()
    with qtbot.waitSignal(line.list_requested):
        line._show.click()


def test_no_finding_is_said_in_words():
    assert tally(()).zh == "没有发现问题"
