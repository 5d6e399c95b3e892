"""The sample as a project file."""

from pathlib import Path

import pytest

from gis.project import Project
from sample_data.estate import EstateContent, write_sample


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.gpkg"
    write_sample(path)
    return path


def test_the_file_holds_three_revisions_and_a_plan_that_went_on(sample: Path, estate: EstateContent) -> None:
    with Project.open(sample, read_only=True) as project:
        assert [(r.label, r.title) for r in project.revisions] == [
            (r.label, r.title) for r in estate.revisions
        ]
        assert len(project.changes_between("R3", "working")) == len(estate.working)


@pytest.mark.parametrize("label", ["R1", "R2", "R3", "working"])
def test_every_state_in_the_file_is_the_state_that_was_drawn(
    sample: Path, estate: EstateContent, label: str
) -> None:
    drawn = estate.snapshot(label)
    with Project.open(sample, read_only=True) as project:
        state = project.snapshot if label == "working" else project.state(label)
        assert state.crs == drawn.crs
        assert state.title == drawn.title
        for name, layer in drawn.layers.items():
            assert {f.uid: f for f in state.layers[name].table} == {f.uid: f for f in layer.table}


def test_the_settings_of_the_sample_are_in_the_file(sample: Path, estate: EstateContent) -> None:
    with Project.open(sample, read_only=True) as project:
        for name, value in estate.settings.items():
            assert project.snapshot.settings[name] == value
