"""After a pan only the ground that came into sight is read; what is seen is the same as if all of it were."""

import numpy as np
import pytest

from gis.raster.reference import reference
from gis.render.backdrop import Backdrop
from gis.render.viewport import Viewport
from tests.gis.raster.pictures import NORTH, WEST, write
from tests.ui.canvas.mapping import make_project
from ui.canvas.backdrop import BackdropPicture
from ui.canvas.backdrop_painting import BackdropOrder, paint_backdrop
from ui.canvas.newest_job import Pace
from ui.session import Session

VIEW = Viewport(WEST + 60, NORTH - 60, 0.9, 160, 120)


@pytest.fixture
def photo(tmp_path):
    """A picture that is another at each place, 120 m wide: less than the view."""
    rows, columns = np.mgrid[:120, :120]
    values = np.stack([columns * 2, rows * 2, rows + columns]).astype(np.uint8)
    return reference(write(tmp_path / "photo.tif", values), tmp_path / "plan.gpkg")


@pytest.fixture
def backdrop(tmp_path):
    return Backdrop(tmp_path / "plan.gpkg", "EPSG:4548")


@pytest.fixture
def read(backdrop, monkeypatch):
    """The sizes of the views that are read."""
    views, original = [], Backdrop.paint

    def counting(self, painter, backgrounds, viewport, **options):
        views.append((viewport.width_px, viewport.height_px))
        return original(self, painter, backgrounds, viewport, **options)

    monkeypatch.setattr(Backdrop, "paint", counting)
    return views


def nobody():
    """Nobody is in a hurry."""


def made(backdrop, photo, view, before=None):
    return paint_backdrop(BackdropOrder(backdrop, (photo,), view), before, nobody)


def pixels(finished):
    image = finished.picture.image
    data = image.constBits().asarray(image.sizeInBytes())
    return np.frombuffer(data, np.uint8).reshape(image.height(), image.width(), 4).astype(int)


@pytest.mark.parametrize("turn", [0.0, 30.0])
@pytest.mark.parametrize(
    "way", [(17, 0), (-9, 0), (0, 12), (0, -21), (13, 8), (-13, -8), (20, -30), (-50, 40)]
)
def test_a_picture_that_was_moved_is_the_same_as_one_made_anew(backdrop, photo, way, turn):
    view = VIEW.turned(turn)
    before = made(backdrop, photo, view)
    panned = view.panned(*way)
    moved, anew = made(backdrop, photo, panned, before), made(backdrop, photo, panned)
    once, again = pixels(moved), pixels(anew)
    same = once[..., 3] == again[..., 3]
    # turned, GDAL reckons to an eighth of a pixel, and at the edges of what it reads with fewer neighbours
    assert (~same).mean() <= (0.005 if turn else 0.0)
    assert np.abs(once - again)[same].max() <= (8 if turn else 1)
    assert {0, 255} <= set(pixels(anew)[..., 3].ravel())  # its edges are in sight


def test_only_what_came_into_sight_is_read(backdrop, photo, read):
    before = made(backdrop, photo, VIEW)
    made(backdrop, photo, VIEW.panned(16, -10), before)
    assert read == [(160, 120), (16, 120), (144, 10)]


@pytest.mark.parametrize(
    "changed",
    [
        lambda view: view.panned(0.5, 0),
        lambda view: view.zoomed_at(0, 0, 1.1),
        lambda view: view.turned(5),
        lambda view: view.panned(150, 0),
        lambda view: view,
    ],
    ids=["half a pixel", "zoomed", "turned", "far away", "asked for again"],
)
def test_what_cannot_be_kept_is_read_anew(backdrop, photo, read, changed):
    before = made(backdrop, photo, VIEW)
    made(backdrop, photo, changed(VIEW), before)
    assert read[1:] == [(160, 120)]


def test_a_file_that_is_gone_is_not_shown_by_halves(backdrop, photo, tmp_path):
    before = made(backdrop, photo, VIEW)
    (tmp_path / "photo.tif").unlink()
    after = made(backdrop, photo, VIEW.panned(16, 0), before)
    assert [trouble.code for trouble in after.painted.troubles] == ["raster.missing"]
    assert pixels(after).max() == 0


def test_a_long_drag_does_not_begin_again_what_is_under_way(qtbot, tmp_path, photo, monkeypatch):
    from layers.background import add_background
    from layers.text import same

    session, begun = Session(), []
    with make_project(tmp_path / "plan.gpkg") as project:
        session.set_project(project)
        project.apply(add_background(project.snapshot.settings, photo), same("photo"))
        below = BackdropPicture(session, Pace())
        monkeypatch.setattr(below, "_start", lambda: begun.append(1))
        below._pause.timeout.disconnect()
        below._pause.timeout.connect(lambda: begun.append(1))
        below._job._ticket = object()  # one is being made all the time
        for step in range(20):
            below.order(VIEW.panned(step, 0), moving=True)
            qtbot.wait(20)
        assert not begun
        below._job._ticket = None
        qtbot.waitUntil(lambda: bool(begun), timeout=1000)
        below.close()
        session.set_project(None)
