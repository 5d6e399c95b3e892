"""A first look at a project that is not open yet."""

from __future__ import annotations

import numpy as np
import pytest

from gis.edit.features import set_attributes
from gis.project import Project
from gis.store.glance import glance
from layers.changes import ChangeSet, SettingChange
from layers.text import same
from sample_data.large import LAYER, write_large


@pytest.fixture
def town(tmp_path):
    path = tmp_path / "town.gpkg"
    write_large(path, 60)
    return path


def test_a_large_layer_is_seen_as_the_boxes_of_its_features(town):
    seen = glance(town, 50)
    project = Project.open(town)
    table = project.snapshot.layers[LAYER].table
    assert project.snapshot.extent() == seen.extent()
    project.close()
    boxes = seen.layers[LAYER].table
    assert np.array_equal(boxes.bounds, table.bounds)
    for name in ("use", "state"):
        assert boxes.columns[name].tolist() == table.columns[name].tolist()


def test_a_small_project_is_not_looked_at_before_it_is_opened(town):
    assert glance(town, 60) is None


def test_a_layer_that_is_switched_off_is_not_seen(town):
    project = Project.open(town)
    project.apply(ChangeSet(settings={f"layer.{LAYER}.visible": SettingChange(None, False)}), same("off"))
    project.close()
    assert glance(town, 50) is None


def test_values_that_are_missing_stay_missing(town):
    project = Project.open(town)
    key = (LAYER, str(project.snapshot.layers[LAYER].table.uids[7]))
    project.apply(set_attributes(project.snapshot, [key], {"use": None}), same("none"))
    project.close()
    assert glance(town, 50).layers[LAYER].table.columns["use"][7] is None


def test_what_is_no_project_gives_no_first_look(tmp_path):
    path = tmp_path / "other.gpkg"
    path.write_bytes(b"no database at all" * 100)
    assert glance(path, 0) is None
    assert glance(tmp_path / "missing.gpkg", 0) is None


def test_looking_leaves_the_file_as_it_was(town):
    before = town.read_bytes()
    glance(town, 50)
    assert town.read_bytes() == before
