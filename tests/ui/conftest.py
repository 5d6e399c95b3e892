"""A small plan on disk, and the parts of the window around it."""

import pytest
from shapely import LineString, Point, box

from gis.edit.features import add_feature
from gis.project import Project
from layers.text import Text
from ui.session import Session

EAST, NORTH = 616650.0, 4077999.0
SPOTS = (
    (
        "drainage_spot",
        (0, 60),
        {
            "code": "D01",
            "title": "北门积水",
            "severity": 5,
            "status": "reported",
            "category": "ponding",
            "rain_date": "2020-07-25",
            "depth_m": 0.3,
        },
    ),
    (
        "traffic_spot",
        (80, 0),
        {
            "code": "T01",
            "title": "幼儿园门口拥堵",
            "severity": 4,
            "status": "answered",
            "category": "drop-off",
            "weekdays": "mon,tue,wed,thu,fri",
            "hours": "07:20-08:10",
        },
    ),
    (
        "traffic_spot",
        (90, 10),
        {
            "code": "T02",
            "title": "断头路",
            "severity": 2,
            "status": "in-design",
            "category": "dead-end",
            "weekdays": "sat",
            "hours": "16:00-18:00",
        },
    ),
)


def fill(project):
    """Put three buildings, a road and three problem spots into a project."""

    def put(layer, geometry, **values):
        project.apply(add_feature(project.snapshot, layer, geometry, values), Text("画", "draw"))

    for at, number in enumerate(("2", "10", "3")):
        west = EAST + at * 30
        put("building", box(west, NORTH, west + 20, NORTH + 10), number=number, floors=6, households=24 + at)
    put("road", LineString([(EAST, NORTH - 5), (EAST + 100, NORTH - 5)]), name="中心路")
    for layer, (x, y), values in SPOTS:
        put(layer, Point(EAST + x, NORTH + y), **values)


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "plan.gpkg", "Estate", "EPSG:4548") as made:
        fill(made)
        yield made


@pytest.fixture
def session(qtbot, project):
    opened = Session()
    opened.set_project(project)
    yield opened
    opened.set_project(None)


@pytest.fixture
def messages(session):
    told = []
    session.message.connect(lambda what, level, advice: told.append((level, what, advice)))
    session.offered.connect(lambda offer: told.append((offer.level, offer.what, offer.advice)))
    return told


@pytest.fixture
def keys(project):
    """The keys of the features by number or code."""
    found = {}
    for layer in project.snapshot.layers.values():
        field = layer.kind.number_field
        for feature in layer.table:
            if field and feature.attributes.get(field):
                found[feature.attributes[field]] = (layer.id, feature.uid)
    return found


@pytest.fixture
def empty_window(qtbot):
    """The whole window before any project is open."""
    from gis.settings import Settings
    from ui import start

    start.application(Settings())
    made = start.make_window(Settings())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    made.close()


@pytest.fixture
def window(qtbot, project, empty_window):  # the window closes before the project
    """The whole window on the small plan."""
    empty_window.session.set_project(project)
    qtbot.waitExposed(empty_window)
    return empty_window


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """Prepared copies of pictures go nowhere else."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def settled(qtbot, window):
    """Wait until the map and what lies below it are painted."""
    pictures = window.canvas.pictures
    qtbot.waitUntil(lambda: not pictures.busy and not pictures.backdrop.busy, timeout=10_000)


def colour(window, east, north):
    """Return the colour of the map at a place."""
    image = window.canvas.export_image()  # without the messages that lie over the map
    x, y = window.canvas.viewport.to_px(east, north)
    return image.pixelColor(round(float(x)), round(float(y))).getRgb()[:3]
