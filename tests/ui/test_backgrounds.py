"""Backgrounds in the window: added, seen below the plan, undone, lost and found, placed by control points."""

import shutil

import pytest
from PIL import Image
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from gis.georeference import fit_control_points
from layers.background import BACKGROUNDS, RasterBackground, backgrounds_of
from tests.gis.raster.pictures import quarters, write
from tests.ui.conftest import EAST, NORTH
from ui.models.control_table import PointRow, next_name, solve

# Control points as a table


def rows(*points):
    return [PointRow(str(n), *values) for n, values in enumerate(points, 1)]


SQUARE = rows((0, 0, 500, 900), (100, 0, 550, 900), (100, -80, 550, 860), (0, -80, 500, 860))


def test_points_of_a_picture_give_metres_of_a_pixel_without_a_word_about_units():
    solution = solve(SQUARE, "similarity", swapped=False, picture=True)
    assert solution.acceptable
    assert solution.fit.scale == pytest.approx(0.5)
    assert [f.code for f in solution.fit.findings] == []
    assert solution.residuals_m == pytest.approx((0, 0, 0, 0), abs=1e-6)


def test_a_point_that_is_switched_off_shows_how_far_it_would_be_off():
    wrong = [*SQUARE, PointRow("5", 50, -40, 525, 890, used=False)]
    solution = solve(wrong, "similarity", swapped=False, picture=True)
    assert solution.fit.rms_m < 1e-6
    assert solution.residuals_m[4] == pytest.approx(10)


def test_what_is_missing_is_counted():
    assert "2" in solve(SQUARE[:2], "affine", swapped=False, picture=True).problem.en
    half = [*SQUARE[:1], PointRow("2", 100, 0)]
    assert not solve(half, "similarity", swapped=False, picture=True).acceptable


def test_points_that_contradict_each_other_are_shown_but_not_accepted():
    wrong = [*SQUARE[:3], PointRow("4", 0, -80, 900, 860)]
    solution = solve(wrong, "similarity", swapped=False, picture=True)
    assert not solution.acceptable
    assert max(solution.residuals_m) > 50
    assert solution.problem.zh


def test_a_mirrored_drawing_offers_to_exchange_its_axes():
    mirrored = rows((900, 500, 500, 900), (900, 600, 600, 900), (820, 600, 600, 820), (820, 500, 500, 820))
    solution = solve(mirrored, "similarity", swapped=False, picture=False)
    assert (solution.fit, solution.offer_swap) == (None, True)
    assert solve(mirrored, "similarity", swapped=True, picture=False).acceptable


def test_a_new_point_takes_the_smallest_free_number():
    assert next_name([SQUARE[0], SQUARE[2]]) == "2"


def test_a_fit_of_a_drawing_still_doubts_an_odd_unit():
    points = [row.point for row in SQUARE]
    assert [f.code for f in fit_control_points(points).findings] == ["georeference.scale"]


# In the window


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def photo(tmp_path):
    """A picture of the plan's ground, 160 m wide, in the project's CRS."""
    from rasterio.transform import from_origin

    (tmp_path / "maps").mkdir()
    where = {"transform": from_origin(EAST - 20, NORTH + 100, 1.0, 1.0)}
    return write(tmp_path / "maps" / "photo.tif", quarters(160), place=False, **where)


def settled(qtbot, window):
    pictures = window.canvas.pictures
    qtbot.waitUntil(lambda: not pictures.busy and not pictures.backdrop.busy, timeout=10_000)


def add(qtbot, window, path):
    window.background_actions.add_file(path)
    qtbot.waitUntil(lambda: bool(window.backgrounds.rows), timeout=10_000)
    qtbot.waitUntil(lambda: window.canvas.pictures.backdrop.painted is not None, timeout=10_000)
    settled(qtbot, window)


def colour(window, east, north):
    image = window.canvas.export_image()  # without the messages that lie over the map
    x, y = window.canvas.viewport.to_px(east, north)
    return image.pixelColor(round(float(x)), round(float(y))).getRgb()[:3]


def test_a_picture_lies_below_the_plan_where_it_says(qtbot, window, photo):
    add(qtbot, window, photo)
    (kept,) = backgrounds_of(window.session.project.snapshot.settings)
    assert kept.path == "maps/photo.tif"
    window.canvas.zoom_to((EAST - 20, NORTH - 60, EAST + 140, NORTH + 100))
    settled(qtbot, window)
    assert colour(window, EAST - 10, NORTH + 90) == (255, 0, 0)
    assert colour(window, EAST + 130, NORTH + 90) == (0, 255, 0)
    assert colour(window, EAST - 10, NORTH - 50) == (0, 0, 255)
    assert colour(window, EAST + 10, NORTH + 3) != (255, 0, 0)  # a building stands there


def test_adding_and_looks_are_steps_that_can_be_undone(qtbot, window, photo):
    add(qtbot, window, photo)
    settings = window.session.project.snapshot.settings
    window.backgrounds.rows[0].tick.click()
    qtbot.waitUntil(lambda: not backgrounds_of(window.session.project.snapshot.settings)[0].visible)
    window.session.undo()
    qtbot.waitUntil(lambda: window.session.project.snapshot.settings == settings)
    window.session.undo()
    qtbot.waitUntil(lambda: BACKGROUNDS not in window.session.project.snapshot.settings)
    assert not window.backgrounds.rows
    assert not window.canvas.pictures.backdrop.on


def test_opacity_is_committed_once_the_slider_is_let_go(qtbot, window, photo):
    add(qtbot, window, photo)
    slider = window.backgrounds.slider
    slider.setSliderDown(True)
    for value in (80, 60, 40):
        slider.setValue(value)
    steps = len(window.session.project.history.done)
    slider.setSliderDown(False)
    qtbot.waitUntil(lambda: backgrounds_of(window.session.project.snapshot.settings)[0].opacity == 0.4)
    assert len(window.session.project.history.done) == steps + 1


def test_a_lost_file_is_told_at_its_row_and_can_be_found_again(qtbot, window, photo, tmp_path, monkeypatch):
    add(qtbot, window, photo)
    shutil.move(photo, tmp_path / "moved.tif")
    window.canvas.pictures.backdrop.again()
    backdrop = window.canvas.pictures.backdrop
    qtbot.waitUntil(lambda: bool(backdrop.painted and backdrop.painted.troubles))
    assert backdrop.painted.troubles[0].code == "raster.missing"
    assert any("photo.tif" in child.text() for child in _labels(window.backgrounds.rows[0]))
    monkeypatch.setattr(window.background_actions, "_ask_picture", lambda title: tmp_path / "moved.tif")
    window.backgrounds.rows[0].find_requested.emit()
    qtbot.waitUntil(lambda: backgrounds_of(window.session.project.snapshot.settings)[0].path == "moved.tif")
    qtbot.waitUntil(lambda: not backdrop.painted.troubles)


def _labels(widget):
    from PyQt6.QtWidgets import QLabel

    return widget.findChildren(QLabel)


def test_a_grid_costs_no_picture_and_goes_as_it_came(qtbot, window):
    window.background_actions.toggle_grid()
    qtbot.waitUntil(lambda: bool(window.backgrounds.rows))
    assert not window.canvas.pictures.backdrop.on
    assert window.actions_.qt["background.grid"].isChecked()
    window.background_actions.toggle_grid()
    qtbot.waitUntil(lambda: not window.backgrounds.rows)


def test_what_is_no_picture_says_so_and_changes_nothing(qtbot, window, tmp_path):
    (tmp_path / "broken.tif").write_bytes(b"II*\x00 nothing")
    told = []
    window.session.message.connect(lambda what, level, advice: told.append((level, what.en)))
    window.file_actions.take_dropped([tmp_path / "broken.tif"])
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert told[0][0] == "error"
    assert BACKGROUNDS not in window.session.project.snapshot.settings


def test_a_large_picture_is_prepared_once_and_then_seen(qtbot, window, tmp_path):
    import numpy as np
    from rasterio.transform import from_origin

    values = np.full((1, 4200, 4200), 200, dtype=np.uint8)
    where = {"transform": from_origin(EAST - 20, NORTH + 100, 0.04, 0.04)}
    path = write(tmp_path / "large.tif", values, place=False, compress="deflate", **where)
    window.background_actions.add_file(path)
    backdrop = window.canvas.pictures.backdrop
    qtbot.waitUntil(lambda: backdrop.painted is not None and not backdrop.painted.waiting, timeout=20_000)
    window.canvas.zoom_to((EAST - 20, NORTH - 60, EAST + 140, NORTH + 100))
    settled(qtbot, window)
    assert len(list((tmp_path / "cache").rglob("*.tif"))) == 1
    assert colour(window, EAST + 130, NORTH - 50) == (200, 200, 200)


@pytest.fixture
def form(qtbot, window, tmp_path):
    """The form of control points on a scan of which each pixel is half a metre."""
    Image.new("RGB", (320, 240), "#FFE0A0").save(tmp_path / "scan.png")
    window.background_actions._look_at(tmp_path / "scan.png", window.background_actions._place_by_points)
    qtbot.waitUntil(lambda: _form() is not None, timeout=10_000)
    made = _form()
    window.canvas.snapping = False
    yield made
    if _form() is not None:
        made.reject()


def _form():
    found = [w for w in QApplication.topLevelWidgets() if type(w).__name__ == "GeoreferenceDialog"]
    return next((w for w in found if w.isVisible()), None)


def click_both(window, form, column, row, east, north):
    spot = form.view.to_widget(column, row).toPoint()
    QTest.mouseClick(form.view, Qt.MouseButton.LeftButton, pos=spot)
    assert window.picker.active
    x, y = window.canvas.viewport.to_px(east, north)
    at = QPoint(round(float(x)), round(float(y)))
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=at)


def test_two_clicks_a_point_place_a_scan(qtbot, window, form, tmp_path):
    window.canvas.zoom_to((EAST - 20, NORTH - 40, EAST + 180, NORTH + 120))
    settled(qtbot, window)
    for column, row in ((20, 20), (300, 20), (300, 220)):
        click_both(window, form, column, row, EAST + column / 2, NORTH + 110 - row / 2)
    assert len(form.rows) == 3
    assert form.solution.acceptable
    assert form.solution.fit.scale == pytest.approx(0.5, rel=0.02)
    assert window.canvas.pictures.backdrop.ghost is not None
    form.accept()
    qtbot.waitUntil(lambda: bool(window.backgrounds.rows), timeout=10_000)
    (kept,) = backgrounds_of(window.session.project.snapshot.settings)
    assert isinstance(kept, RasterBackground)
    assert kept.crs == "EPSG:4548"
    assert kept.transform[0] == pytest.approx(0.5, rel=0.02)
    assert kept.transform[4] == pytest.approx(-0.5, rel=0.02)
    assert window.canvas.pictures.backdrop.ghost is None
    settled(qtbot, window)
    assert colour(window, EAST + 150, NORTH + 60) == (255, 224, 160)


def test_coordinates_can_be_typed_and_a_point_switched_off(form):
    form.point_at(20, 20)
    form.table.item(0, 3).setText(f"{EAST + 10}, {NORTH + 100}")
    form.point_at(300, 20)
    form.table.item(1, 3).setText(str(EAST + 150))
    form.table.item(1, 4).setText(str(NORTH + 100))
    assert form.solution.acceptable
    form.point_at(300, 220)
    form.table.item(2, 3).setText(f"{EAST + 999}\t{NORTH}")
    assert not form.solution.acceptable
    assert not form.go.isEnabled()
    form.table.item(2, 0).setCheckState(Qt.CheckState.Unchecked)
    assert form.solution.acceptable
    assert float(form.table.item(2, 5).text()) > 100


def test_points_are_read_from_a_table_and_nonsense_is_told(form, tmp_path):
    (tmp_path / "points.csv").write_text(
        f"A,20,20,{EAST + 10},{NORTH + 100}\nB,300,20,{EAST + 150},{NORTH + 100}\n"
    )
    form.load(tmp_path / "points.csv")
    assert form.solution.fit.scale == pytest.approx(0.5)
    (tmp_path / "bad.csv").write_text("A,not,a,number,here\n")
    form.load(tmp_path / "bad.csv")
    assert form.problem.isVisibleTo(form)
    assert len(form.rows) == 2


def test_leaving_the_form_leaves_the_map_as_it_was(window, form):
    form.point_at(20, 20)
    assert window.picker.active
    form.reject()
    assert not window.picker.active
    assert window.canvas.pictures.backdrop.ghost is None
    assert BACKGROUNDS not in window.session.project.snapshot.settings


def test_a_place_typed_as_survey_tables_give_it_is_exchanged_and_told(form):
    for column, row in ((20, 20), (300, 20), (300, 220)):
        form.point_at(column, row)
        at = len(form.rows) - 1
        form.table.item(at, 3).setText(f"{NORTH + 110 - row / 2}, {EAST + column / 2}")
    assert form.rows[0].east == pytest.approx(EAST + 10)
    assert form.solution.acceptable
    assert form.solution.fit.rms_m < 1e-3
    assert "北、东" in form.problem.text()


def test_a_place_outside_the_system_of_the_plan_is_not_taken(form):
    for column in (20, 300):
        form.point_at(column, 20)
        form.table.item(len(form.rows) - 1, 3).setText(f"{39_000_000 + EAST + column / 2}, {NORTH}")
    assert not form.solution.acceptable
    assert not form.go.isEnabled()
    assert "带号" in form.problem.text()


def test_what_is_said_in_the_form_names_no_option_of_the_command_line(form):
    for column, row in ((20, 20), (300, 20), (300, 220), (20, 220)):
        form.point_at(column, row)
        at = len(form.rows) - 1
        form.table.item(at, 3).setText(f"{EAST - column / 2}, {NORTH + 110 - row / 2}")
    assert form.solution.offer_swap
    assert "镜像" in form.problem.text()
    assert "--" not in form.problem.text()


def test_the_points_are_marked_on_the_map_while_the_form_is_open(window, form):
    form.point_at(20, 20)
    form.table.item(0, 3).setText(f"{EAST + 10}, {NORTH + 100}")
    assert [(pin.name, pin.x) for pin in window.canvas.pictures.backdrop.pins] == [("1", EAST + 10)]
    form.reject()
    assert window.canvas.pictures.backdrop.pins == ()


def test_escape_stops_the_pointing_and_keeps_the_points(window, form):
    form.point_at(20, 20)
    assert window.picker.active
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not window.picker.active
    assert form.isVisible()
    assert len(form.rows) == 1


def test_the_form_stands_at_the_right_and_leaves_the_map_free(window, form):
    assert form.geometry().right() <= window.geometry().right()
    assert form.geometry().left() > window.geometry().left()
    assert form.width() <= 560


def test_a_drawing_without_a_place_is_painted_to_point_at():
    import numpy as np
    import shapely

    from gis.render.outline_picture import picture_of

    shapes = np.array([shapely.box(1000, 2000, 1100, 2050), shapely.Point(1050, 2025), None], dtype=object)
    image, (a, _, c, _, e, f) = picture_of(shapes, 800)
    x, y = (1050 - c) / a, (2025 - f) / e
    assert (x, y) == pytest.approx((image.width() / 2, image.height() / 2), abs=1)
    assert image.pixelColor(round(x), round(y)).alpha() > 0
    corner = round((1000 - c) / a), round((2050 - f) / e)
    assert image.pixelColor(*corner).alpha() > 0
    assert image.pixelColor(round(x) + 60, round(y)).alpha() == 0
    assert picture_of(np.array([None], dtype=object)) is None


# Online maps


@pytest.fixture
def server(monkeypatch):
    from tests.gis.raster.tiles.server import running

    with running(monkeypatch) as service:
        yield service


def tiles_form(qtbot, window, uid=None):
    if uid is None:
        window.background_actions.add_tiles()
    else:
        window.background_actions.allow(uid)
    found = [w for w in QApplication.topLevelWidgets() if type(w).__name__ == "TilesDialog" and w.isVisible()]
    return found[0]


def fill_in(form, address, key=""):
    form.service.setCurrentIndex(form.service.count() - 1)
    form.address.setText(address)
    form.name.setText("示意地图")
    form.owner.setText("© Nobody")
    form.key.setText(key)
    form.submit()


def code_of(window):
    painted = window.canvas.pictures.backdrop.painted
    return [t.code for t in painted.troubles] if painted is not None else None


def test_an_online_map_shows_whose_it_is_and_keeps_its_key_out_of_the_project(qtbot, window, server):
    server.key = "S3CRET"
    fill_in(tiles_form(qtbot, window), server.template + "?tk=S3CRET")
    backdrop = window.canvas.pictures.backdrop
    qtbot.waitUntil(lambda: bool(backdrop.painted and backdrop.painted.credits), timeout=10_000)
    qtbot.waitUntil(lambda: not backdrop.painted.pending, timeout=10_000)
    assert backdrop.painted.credits == ["© Nobody"]
    (kept,) = backgrounds_of(window.session.project.snapshot.settings)
    assert kept.template.endswith("?tk={key}")
    copy = window.session.project.path.with_name("copy.gpkg")
    window.session.project.save_copy(copy)
    assert b"S3CRET" not in copy.read_bytes()


def test_the_layers_of_a_service_are_read_chosen_and_shown_where_they_lie(qtbot, window, server):
    from tests.gis.raster.tiles.descriptions import described, geographic_set, layer

    root = server.template.split("/{z}")[0]
    layers = [layer("img", "影像", ["c"]), layer("vec", "矢量底图", ["c"])]
    server.description = described(root, layers, [geographic_set()])
    form = tiles_form(qtbot, window)
    fill_in(form, root + "/wmts")
    qtbot.waitUntil(lambda: form.layer.count() == 2, timeout=10_000)
    assert form.layer.isVisible()
    form.layer.setCurrentIndex(1)
    form.submit()
    backdrop = window.canvas.pictures.backdrop
    qtbot.waitUntil(lambda: bool(backdrop.painted and backdrop.painted.credits), timeout=10_000)
    qtbot.waitUntil(lambda: not backdrop.painted.pending, timeout=10_000)
    (kept,) = backgrounds_of(window.session.project.snapshot.settings)
    assert "LAYER=vec&" in kept.template
    assert kept.matrices.startswith("EPSG:4490|")
    assert any("LAYER=vec" in path and "TILEMATRIX=1" in path for path in server.asked)


def test_a_service_that_does_not_describe_itself_is_told_in_the_form(qtbot, window, server):
    server.status = 403
    form = tiles_form(qtbot, window)
    fill_in(form, server.template.split("/{z}")[0] + "/wmts")
    qtbot.waitUntil(lambda: form.problem.isVisible(), timeout=10_000)
    assert "403" in form.problem.text()
    assert form.go.isEnabled()
    assert form.address.text().endswith("/wmts")
    server.status, server.description = 200, b"<html>login</html>"
    form.submit()
    qtbot.waitUntil(lambda: "WMTS" in form.problem.text(), timeout=10_000)
    form.reject()


def test_a_map_from_a_colleagues_project_asks_before_it_uses_the_net(qtbot, window, server):
    from layers.background import TileBackground, add_background
    from layers.text import Text

    project = window.session.project
    map_ = TileBackground("m", "别人的地图", template=server.template)
    project.apply(add_background(project.snapshot.settings, map_), Text("加", "add"))
    qtbot.waitUntil(lambda: code_of(window) == ["tiles.ask"], timeout=10_000)
    assert server.asked == []
    form = tiles_form(qtbot, window, "m")
    form.submit()
    qtbot.waitUntil(lambda: code_of(window) == [] and bool(server.asked), timeout=10_000)


def test_a_refused_key_is_told_at_the_row_and_can_be_mended(qtbot, window, server):
    server.key = "right"
    fill_in(tiles_form(qtbot, window), server.template + "?tk={key}", "wrong")
    qtbot.waitUntil(lambda: code_of(window) == ["tiles.refused"], timeout=10_000)
    settled(qtbot, window)
    assert window.canvas.pictures.backdrop._fetcher.wait(10)  # those that were under way together
    asked = len(server.asked)
    window.canvas.zoom_in()
    settled(qtbot, window)
    assert len(server.asked) == asked
    (row,) = window.backgrounds.rows
    form = tiles_form(qtbot, window, row.background.uid)
    assert form.key.text() == "wrong"
    form.key.setText("right")
    form.submit()
    qtbot.waitUntil(lambda: code_of(window) == [], timeout=10_000)


def test_an_address_that_is_none_is_told_in_the_form(qtbot, window):
    form = tiles_form(qtbot, window)
    fill_in(form, "https://maps.example/map.png")
    assert form.problem.isVisibleTo(form)
    assert form.isVisible()
    form.reject()
    assert BACKGROUNDS not in window.session.project.snapshot.settings


# The map as a picture


def test_the_map_is_exported_with_its_place_from_the_window(qtbot, window, tmp_path):
    import rasterio

    from ui.dialogs.map_image_dialog import MapImageDialog

    dialog = MapImageDialog(window, window.session, window.canvas.viewport, tmp_path)
    dialog.chosen.connect(window.background_actions._write_map)
    dialog.extent.setCurrentIndex(dialog.extent.count() - 1)
    dialog.path.setText(str(tmp_path / "map.tif"))
    assert dialog.go.isEnabled()
    dialog.submit()
    qtbot.waitUntil(lambda: (tmp_path / "map.tif").is_file(), timeout=20_000)
    with rasterio.open(tmp_path / "map.tif") as data:
        assert data.crs.to_epsg() == 4548
        assert data.bounds.left < EAST < data.bounds.right


def test_a_picture_too_large_is_told_in_the_form_before_anything_is_drawn(window, tmp_path):
    from ui.dialogs.map_image_dialog import MapImageDialog

    dialog = MapImageDialog(window, window.session, window.canvas.viewport, tmp_path)
    dialog.scale.setEditText("1:1")
    assert not dialog.go.isEnabled()
    assert dialog.problem.isVisibleTo(dialog)
    dialog.scale.setEditText("nonsense")
    assert not dialog.go.isEnabled()
    dialog.scale.setEditText("1:1000")
    assert dialog.go.isEnabled()
    dialog.reject()


def test_what_is_shown_goes_into_the_clipboard(window):
    window.actions_.trigger("map.copy")
    image = QApplication.clipboard().image()
    assert (image.width(), image.height()) == (window.canvas.width(), window.canvas.height())
    QApplication.clipboard().clear()


def test_the_sheet_carries_the_background_when_ticked_and_only_then(qtbot, window, photo, tmp_path):
    from gis.drawing.proof import Wish, proof_of
    from ui.dialogs.draw_dialog import DrawDialog

    add(qtbot, window, photo)
    dialog = DrawDialog(window, window.session, "working", tmp_path, window.tasks)
    assert not dialog.wish.background
    dialog.background.setChecked(True)
    assert dialog.wish.background
    qtbot.waitUntil(lambda: dialog.proof is not None, timeout=20_000)
    dialog.reject()
    project = window.session.project
    greens = []
    for ticked in (False, True):
        page = proof_of(project, Wish("working", sheet="A3", background=ticked)).pages[0]
        places = [(x, y) for x in range(0, page.width(), 9) for y in range(0, page.height(), 9)]
        seen = [page.pixelColor(*place).getRgb()[:3] for place in places]
        greens.append(seen.count((0, 255, 0)))
    assert greens[0] == 0
    assert greens[1] > 50


def test_a_project_without_pictures_has_no_tick_for_them(window, tmp_path):
    from ui.dialogs.draw_dialog import DrawDialog

    dialog = DrawDialog(window, window.session, "working", tmp_path, window.tasks)
    assert dialog.background.isHidden()
    dialog.reject()
