import pytest
import shapely

from gis.project import Project
from layers.feature import Feature
from tests.gis.store.plans import content, drop, house, put

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 3000


@pytest.fixture
def path(tmp_path):
    return tmp_path / "金茵小区.gpkg"


@pytest.fixture
def project(path):
    project = Project.create(path, "金茵小区", "EPSG:4548")
    yield project
    project.close()


@pytest.fixture
def made(project):
    """A closed file with two revisions, an alternative and a photo, and what its plan holds."""
    put(project, *(house(f"h{i:03}", i * 12, note=f"备注{i:03}结束") for i in range(40)))
    put(project, *(Feature(f"t{i}", shapely.Point(i, 0), {"crown_m": 4.0}) for i in range(5)), layer="tree")
    project.add_photo(PNG, "x.png")
    project.freeze("一稿")
    put(project, house("h001", 13, note="后来改的"))
    drop(project, "h002")
    project.freeze("二稿")
    project.create_branch("方案A", "R1")
    project.switch_branch("方案A")
    put(project, house("z", 900))
    project.switch_branch("main")
    project.close()
    return project.path, content(project.snapshot)
