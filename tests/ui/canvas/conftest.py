"""A map of a small plan on disk."""

import pytest

from tests.ui.canvas.mapping import Hand, make_project, show_known_view
from ui.canvas.canvas import MapCanvas
from ui.session import Session


@pytest.fixture
def project(tmp_path):
    with make_project(tmp_path / "plan.gpkg") as made:
        yield made


@pytest.fixture
def session(project):
    opened = Session()
    opened.set_project(project)
    yield opened
    opened.set_project(None)


@pytest.fixture
def canvas(qtbot, session):
    widget = MapCanvas(session)
    qtbot.addWidget(widget)
    widget.navigator.smooth = False
    show_known_view(widget)
    qtbot.waitUntil(lambda: not widget.rendering and widget.pictures.frame is not None)
    return widget


@pytest.fixture
def hand(canvas):
    return Hand(canvas)


@pytest.fixture
def messages(session):
    told = []
    session.message.connect(lambda what, level, advice: told.append((level, what, advice)))
    session.offered.connect(lambda offer: told.append((offer.level, offer.what, offer.advice)))
    return told
