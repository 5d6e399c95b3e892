"""What the forms of all kinds of files have in common."""

import json

EAST, NORTH = 616650.0, 4077999.0
READY_MS = 30_000


def test_there_is_nothing_to_choose_before_the_file_is_read_and_its_size_is_told(
    window, bring, tmp_path, qtbot
):
    path = tmp_path / "large.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}) + " " * 6_000_000, "utf-8")
    form = bring([path])
    assert not any(box.isVisible() for box in (form.layer_choice, form.encoding, form.target, form.way))
    qtbot.waitUntil(lambda: "6 MB" in form.summary.text(), timeout=READY_MS)


def test_the_preview_of_a_single_point_shows_what_lies_around_it(window, bring, tmp_path, qtbot):
    path = tmp_path / "one.csv"
    path.write_text(f"名称,x,y\n一,{EAST + 5},{NORTH + 5}\n", "utf-8")
    asked = []
    window.session.zoom_requested.connect(asked.append)
    form = bring([path])
    qtbot.waitUntil(lambda: not form.busy and form.go.isEnabled(), timeout=READY_MS)
    [(west, south, east, north)] = asked
    assert min(east - west, north - south) >= 100


def test_on_a_small_screen_an_import_takes_the_room_of_the_layers_and_gives_it_back(
    window, bring, tmp_path, qtbot
):
    path = tmp_path / "one.csv"
    path.write_text(f"名称,x,y\n一,{EAST + 5},{NORTH + 5}\n", "utf-8")
    window.show()
    window.resize(910, 512)
    bring([path])
    assert not window.layers_dock.isVisible()
    qtbot.waitUntil(lambda: window.minimumSizeHint().width() <= 910)
    assert window.width() == 910
    window.file_actions.importing.give_up()
    assert window.layers_dock.isVisible()
    window.resize(1366, 768)
    bring([path])
    assert window.layers_dock.isVisible()
