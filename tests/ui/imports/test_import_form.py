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
