import pytest

from gis.project import Project


@pytest.fixture
def path(tmp_path):
    return tmp_path / "金茵小区.gpkg"


@pytest.fixture
def project(path):
    project = Project.create(path, "金茵小区", "EPSG:4548")
    yield project
    project.close()
