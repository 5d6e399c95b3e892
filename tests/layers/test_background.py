"""Backgrounds are values in the settings of a project, changed by change sets that can be taken back."""

import json

import pytest

from layers.background import (
    BACKGROUNDS,
    GridBackground,
    RasterBackground,
    TileBackground,
    add_background,
    backgrounds_of,
    change_background,
    remove_background,
    shift_background,
)
from layers.errors import RefusedError

PHOTO = RasterBackground(
    "a", "航片", path="photo.tif", bytes=7, sha256="00", crs="EPSG:4548", transform=(0.5, 0, 1, 0, -0.5, 2)
)
MAP = TileBackground("b", "Map", service="xyz", template="https://tiles.example/{z}/{x}/{y}.png")
GRID = GridBackground("c", "Grid", visible=False, opacity=0.5, step_m=50.0)


def settings_with(*backgrounds):
    settings = {}
    for background in backgrounds:
        settings = applied(settings, add_background(settings, background))
    return settings


def applied(settings, changes):
    return {**settings, **{name: json.loads(json.dumps(c.after)) for name, c in changes.settings.items()}}


def test_what_is_kept_is_read_again():
    assert backgrounds_of(settings_with(PHOTO, MAP, GRID)) == (PHOTO, MAP, GRID)


def test_a_change_and_its_inverse_leave_the_setting_as_it_was():
    settings = settings_with(PHOTO, GRID)
    changes = change_background(settings, "a", opacity=0.25, visible=False)
    assert backgrounds_of(applied(settings, changes))[0].opacity == 0.25
    assert changes.inverse().settings[BACKGROUNDS].after == settings[BACKGROUNDS]


def test_removing_the_last_one_removes_the_setting():
    settings = settings_with(GRID)
    assert remove_background(settings, "c").settings[BACKGROUNDS].after is None


def test_order_changes_past_the_neighbour_and_not_beyond_the_end():
    settings = settings_with(PHOTO, MAP)
    up = applied(settings, shift_background(settings, "a", True))
    assert [b.uid for b in backgrounds_of(up)] == ["b", "a"]
    assert not shift_background(up, "a", True)


@pytest.mark.parametrize("edit", [change_background, remove_background, shift_background])
def test_what_is_not_there_cannot_be_changed(edit):
    rest = {shift_background: (True,)}.get(edit, ())
    with pytest.raises(RefusedError):
        edit(settings_with(PHOTO), "z", *rest)


@pytest.mark.parametrize(
    "entry",
    [
        None, 7, {}, {"source": "video", "uid": "a", "title": "b"},
        {"source": "raster", "uid": 3, "title": "b"},
        {"source": "raster", "uid": "a", "title": "b", "transform": [1, 2]},
        {"source": "raster", "uid": "a", "title": "b", "visible": "yes"},
        {"source": "grid", "uid": "a", "title": "b", "step_m": "wide"},
    ],
)  # fmt: skip
def test_what_somebody_else_wrote_is_left_out_and_the_rest_is_read(entry):
    settings = settings_with(GRID)
    settings[BACKGROUNDS].insert(0, entry)
    assert backgrounds_of(settings) == (GRID,)
