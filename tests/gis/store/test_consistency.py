"""A project that contradicts itself is refused in words, and left as it is."""

from __future__ import annotations

import apsw
import pytest

from gis.project import Project
from layers.errors import CrsError, StorageError


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.gpkg"
    Project.create(path, "甲", "EPSG:4548").close()
    return path


def wreck(path, statement):
    db = apsw.Connection(str(path))
    db.execute(statement)
    db.close()
    return path.read_bytes()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pb_meta SET value = 'EPSG:4326' WHERE key = 'crs'",
        "UPDATE pb_meta SET value = 'EPSG:4547' WHERE key = 'crs'",
        "DELETE FROM pb_meta WHERE key = 'crs'",
        "DELETE FROM pb_meta WHERE key = 'srs_id'",
    ],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_missing_or_contradictory_crs_is_refused_and_nothing_changes(path, statement, read_only):
    before = wreck(path, statement)
    with pytest.raises(CrsError) as caught:
        Project.open(path, read_only=read_only)
    assert caught.value.exit_code == 11
    assert path.read_bytes() == before


def test_a_setting_that_is_no_json_is_named(path):
    wreck(path, "INSERT INTO pb_setting(name, value) VALUES ('publish.contact', '{not json')")
    with pytest.raises(StorageError) as caught:
        Project.open(path)
    assert "publish.contact" in caught.value.message.zh
