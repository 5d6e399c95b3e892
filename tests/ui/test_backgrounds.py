"""Backgrounds in the window: added, seen below the plan, undone, lost and found, placed by control points."""

import shutil

import pytest
from PyQt6.QtWidgets import QApplication

from layers.background import BACKGROUNDS, backgrounds_of
from tests.gis.raster.pictures import quarters, write
from tests.ui.conftest import EAST, NORTH, colour, settled

pytestmark = pytest.mark.usefixtures("own_cache")


# In the window


@pytest.fixture
def photo(tmp_path):
    """A picture of the plan's ground, 160 m wide, in the project's CRS."""
    from rasterio.transform import from_origin

    (tmp_path / "maps").mkdir()
    where = {"transform": from_origin(EAST - 20, NORTH + 100, 1.0, 1.0)}
    return write(tmp_path / "maps" / "photo.tif", quarters(160), place=False, **where)


def add(qtbot, window, path):
    window.background_actions.add_file(path)
    qtbot.waitUntil(lambda: bool(window.backgrounds.rows), timeout=10_000)
    qtbot.waitUntil(lambda: window.canvas.pictures.backdrop.painted is not None, timeout=10_000)
    settled(qtbot, window)


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
    window.session.message.connect(lambda what, level, advice: told.append(level))
    window.file_actions.take_dropped([tmp_path / "broken.tif"])
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert told == ["error"]
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
    fill_in(form, "https://maps.example/{z}/map.png")
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


def test_a_picture_that_is_there_is_replaced_only_when_asked_for_twice(window, tmp_path):
    from ui.dialogs.map_image_dialog import MapImageDialog

    old = tmp_path / "map.tif"
    old.write_bytes(b"old")
    dialog = MapImageDialog(window, window.session, window.canvas.viewport, tmp_path)
    wishes = []
    dialog.chosen.connect(wishes.append)
    dialog.path.setText(str(old))
    dialog.submit()
    assert not dialog.problem.isHidden()
    assert wishes == []
    dialog.submit()
    assert [wish.out for wish in wishes] == [old]


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
    qtbot.waitUntil(lambda: dialog.proof is not None, timeout=60_000)
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
