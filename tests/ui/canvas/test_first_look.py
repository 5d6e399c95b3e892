"""A large project is on the map before it is open."""

from __future__ import annotations

from threading import Thread

import pytest

from gis.project import Project
from gis.render import rough
from sample_data.large import write_large
from ui.canvas import first_look
from ui.canvas.canvas import MapCanvas
from ui.session import Session


@pytest.fixture
def town(tmp_path, monkeypatch):
    path = tmp_path / "town.gpkg"
    write_large(path, 60)
    monkeypatch.setattr(rough, "LARGE", 50)
    monkeypatch.setattr(first_look, "LARGE", 50)
    return path


@pytest.fixture
def canvas(qtbot):
    session = Session()
    widget = MapCanvas(session)
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.show()
    yield widget
    session.set_project(None)
    widget.pictures.close()


def look_at(canvas, path):
    """Look at a file as the thread that opens it does."""
    look = first_look.FirstLook(canvas)
    Thread(target=look.take, args=(path,)).start()
    return look


def test_the_first_look_stays_until_the_picture_of_the_open_project_is_made(qtbot, canvas, town):
    look_at(canvas, town)
    qtbot.waitUntil(lambda: canvas.pictures.frame is not None)
    assert canvas.pictures.frame.rough
    assert canvas.pictures.frame.order.glance
    frames = []
    canvas.pictures.landed.connect(lambda: frames.append(canvas.pictures.frame))
    project = Project.open(town)
    canvas.session.set_project(project)
    qtbot.waitUntil(lambda: canvas.pictures.frame is not None and not canvas.pictures.frame.rough)
    assert None not in frames
    assert canvas.pictures.glance is None
    canvas.session.set_project(None)
    project.close()


def test_panning_a_first_look_moves_it(qtbot, canvas, town):
    look_at(canvas, town)
    qtbot.waitUntil(lambda: canvas.pictures.frame is not None and not canvas.rendering)
    before = canvas.pictures.frame
    canvas.navigator.pan(40, 10)
    qtbot.waitUntil(lambda: canvas.pictures.frame is not before and not canvas.rendering)
    assert canvas.pictures.frame.order.glance


def test_a_project_that_cannot_be_opened_leaves_no_picture(qtbot, canvas, town):
    look = look_at(canvas, town)
    qtbot.waitUntil(lambda: canvas.pictures.frame is not None)
    look.end()
    assert canvas.pictures.frame is None


def test_the_open_project_is_not_covered_by_a_first_look_at_another(qtbot, canvas, town, tmp_path):
    other = Project.create(tmp_path / "other.gpkg", "other", "EPSG:4548")
    canvas.session.set_project(other)
    look_at(canvas, town)
    qtbot.wait(50)
    assert canvas.pictures.glance is None
    canvas.session.set_project(None)
    other.close()
