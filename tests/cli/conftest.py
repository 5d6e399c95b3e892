"""Running whole commands in this process."""

import json
import shutil
from pathlib import Path

import pytest
import shapely

from gis.cli.main import main
from gis.project import Project
from layers.changes import Change, ChangeSet
from layers.feature import Feature
from layers.text import same


class Outcome:
    """Exit code and what was written."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def run(capsys):
    """Run a command and return its outcome."""

    def run(*arguments):
        code = main([str(a) for a in arguments])
        written = capsys.readouterr()
        assert "Traceback" not in written.err + written.out
        return Outcome(code, written.out, written.err)

    return run


@pytest.fixture
def project(tmp_path, finished_project):
    """A small project with two revisions, and an edit after them; a copy for each test."""
    return Path(shutil.copy(finished_project, tmp_path))


@pytest.fixture(scope="session")
def finished_project(tmp_path_factory):
    """The one that is copied."""
    path = tmp_path_factory.mktemp("finished") / "estate.gpkg"
    west, south = 616600.0, 4078000.0
    site = Feature("1" * 32, shapely.box(west, south, west + 200, south + 100), {"name": "小区"})
    house = Feature(
        "2" * 32, shapely.box(west + 10, south + 10, west + 50, south + 22), {"number": "1号楼", "floors": 6}
    )
    lane = Feature(
        "3" * 32, shapely.LineString([(west, south + 5), (west + 90, south + 5)]),
        {"class": "lane", "width_m": 4.0, "state": "existing"},
    )  # fmt: skip
    spot = Feature(
        "4" * 32, shapely.Point(west + 90, south + 5),
        {"code": "T01", "title": "断头路", "category": "dead-end", "severity": 3, "status": "reported"},
    )  # fmt: skip
    opened = Project.create(path, "试验小区", "EPSG:4548")
    try:
        opened.apply(_added(boundary=site, building=house, road=lane, traffic_spot=spot), same("base"))
        opened.freeze("第1版", "首次公示", "", "R1")
        longer = lane.with_geometry(shapely.LineString([(west, south + 5), (west + 200, south + 5)]))
        longer = longer.with_attributes(state="new", answers="T01")
        opened.apply(
            ChangeSet.of([Change("road", opened.snapshot.feature(("road", lane.uid)), longer)]), same("edit")
        )
        opened.freeze("第2版", "打通断头路", "", "R2")
        before = opened.snapshot.feature(("building", house.uid))
        opened.apply(
            ChangeSet.of([Change("building", before, before.with_attributes(floors=5))]), same("edit")
        )
    finally:
        opened.close()
    return path


def _added(**features):
    return ChangeSet.of(Change(layer, None, feature) for layer, feature in features.items())
