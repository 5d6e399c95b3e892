"""Any edits, then undo: the start, to the byte of the stored features; then redo: the end."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import random
import re

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gis.edit
from gis.circles import circle_note
from gis.clipboard import copied, pasted, pasted_text
from gis.edit.arc_notes import with_arc_notes
from gis.edit.attributes import calculate_field, replace_values, set_cells
from gis.edit.bookmarks import Bookmark, drop_bookmark, keep_bookmark, rename_bookmark
from gis.edit.construct import (
    add_features,
    arc,
    band,
    circle,
    dimension_line,
    parking_row,
    rectangle_on,
    refresh_dimensions,
    slab,
)
from gis.edit.dimensions import leader_line, measured_words, radius_line
from gis.edit.edges import extend_feature, fillet_feature, reshape_features, trim_feature
from gis.edit.features import add_feature, move_features, remove_features, set_attributes, set_geometry
from gis.edit.following import followed
from gis.edit.join import merge_features
from gis.edit.looks import move_layers, put_in_group, set_filter, set_scales, set_settings, set_style
from gis.edit.outlines import (
    add_parallel,
    cut_hole,
    reverse_features,
    simplify_features,
    square_features,
    straighten_features,
)
from gis.edit.reasons import give_reasons
from gis.edit.shapes import area_around, line_through, rectangle_between
from gis.edit.split import split_features
from gis.edit.themes import drop_theme, keep_theme, rename_theme, switch_theme
from gis.edit.topology import insert_shared_vertex, reshape_shared, shift_shared_vertices
from gis.edit.transform import (
    copy_features,
    grid_shifts,
    path_shifts,
    polar_turns,
    reflection,
    rotation,
    scaling,
    transform_features,
)
from gis.edit.vertices import (
    insert_vertex,
    move_vertex,
    remove_vertex,
    remove_vertices,
    shift_vertices,
    vertex_table,
)
from gis.project import Project
from layers.background import (
    GridBackground,
    add_background,
    change_background,
    remove_background,
    shift_background,
    with_backgrounds,
)
from layers.changes import Change, ChangeSet
from layers.condition import Compare, Constant, FieldValue
from layers.errors import PlanboardError
from layers.feature import Feature
from layers.reason import Reason
from layers.style import Rule, Stroke, Style
from layers.text import same
from tests.gis.store.plans import E0, N0


class Hand:
    """Makes one random edit of each sort; the same seed makes the same edit."""

    def __init__(self, snapshot, seed):
        self.state, self.chance = snapshot, random.Random(seed)

    def place(self, within=40.0):
        return E0 + self.chance.uniform(-within, within), N0 + self.chance.uniform(-within, within)

    def keys(self, *layers, most=3):
        found = [(n, str(u)) for n in layers for u in self.state.layers[n].table.uids]
        return sorted(self.chance.sample(found, min(len(found), self.chance.randint(1, most))))

    def key(self, *layers):
        return self.keys(*layers, most=1)[0]

    def vertex(self, key):
        table = vertex_table(self.state.feature(key).geometry)
        return self.chance.choice(table.vertices)

    def color(self):
        return f"#{self.chance.randrange(2**24):06X}"

    def line(self):
        return shapely.LineString([self.place(), self.place()])


def reason(h):
    """Why one building changed and another went, of which only the plan can tell."""
    key, gone = h.key("building"), ("building", "f" * 32)
    feature = h.state.feature(key)
    since = ChangeSet.of([Change(key[0], None, feature), Change(gone[0], Feature(gone[1], None), None)])
    return give_reasons(h.state, since, "a" * 32, dict.fromkeys((key, gone), Reason((), (h.color(),))))


ANY = ("building", "road", "tree", "note")
SHAPED = ("building", "road")
FAR = shapely.LineString([(E0 + 70, N0 - 90), (E0 + 70, N0 + 90)])


def fillet(h):
    key = h.key(*SHAPED)
    return fillet_feature(h.state, key, h.vertex(key), 0.5)


def with_vertex(act):
    def edit(h):
        key = h.key(*SHAPED)
        return act(h, key, h.vertex(key))

    return edit


def wider(than_m):
    return Compare(FieldValue("width_m"), ">", Constant(than_m))


EDITS = {
    "draw": lambda h: add_feature(h.state, "tree", shapely.Point(h.place())),
    "circle": lambda h: add_features(
        h.state, "building", [circle(at := h.place(), 4.0)], {"note": circle_note(at, 4.0)}
    ),
    "arc": lambda h: add_features(h.state, "road", [arc(h.place(), h.place(), h.place())], {}),
    "band": lambda h: add_features(h.state, "green", [band([h.place(), h.place()], 3.0)], {}),
    "slab": lambda h: add_features(
        h.state, "building", [slab(h.place(), h.place(), h.place(), 20, 9, 2)], {}
    ),
    "parking row": lambda h: add_features(
        h.state, "parking", parking_row(h.place(), h.place(), h.place(), 3, 2.5, 5.3, 60), {}
    ),
    "leader": lambda h: add_features(
        h.state, "note", [leader_line(h.place(), h.place())], {"type": "leader"}
    ),
    "remove": lambda h: remove_features(h.state, h.keys(*ANY)),
    "move": lambda h: move_features(h.state, h.keys(*ANY), *[h.chance.uniform(-9, 9) for _ in "xy"]),
    "rotate": lambda h: transform_features(
        h.state, h.keys(*ANY), rotation(h.place(), h.chance.uniform(0, 360))
    ),
    "scale": lambda h: transform_features(
        h.state, h.keys(*ANY), scaling(h.place(), h.chance.uniform(0.5, 2))
    ),
    "mirror": lambda h: transform_features(h.state, h.keys(*ANY), reflection(h.place(), h.place())),
    "copy": lambda h: copy_features(h.state, h.keys(*ANY), grid_shifts(2, 2, (9.1, 0), (0, 7.3))),
    "along a line": lambda h: copy_features(h.state, h.keys(*ANY), path_shifts(h.line(), 3, turning=True)),
    "polar": lambda h: copy_features(h.state, h.keys(*ANY), polar_turns(h.place(), 5, 200)),
    "offset": lambda h: add_parallel(h.state, h.keys(*SHAPED), h.chance.uniform(-3, 3)),
    "split": lambda h: split_features(h.state, h.keys(*SHAPED), h.line()),
    "hole": lambda h: cut_hole(h.state, h.keys("building"), circle(h.place(10), 1.0)),
    "merge": lambda h: merge_features(h.state, h.keys("building")),
    "reshape": lambda h: reshape_features(h.state, h.keys(*SHAPED), h.line()),
    "shared reshape": lambda h: reshape_shared(h.state, h.keys(*SHAPED), h.line(), SHAPED),
    "trim": lambda h: trim_feature(h.state, h.key("road"), [h.line()], h.place()),
    "extend": lambda h: extend_feature(h.state, h.key("road"), [FAR], h.place()),
    "fillet": fillet,
    "square": lambda h: square_features(h.state, h.keys(*SHAPED)),
    "straighten": lambda h: straighten_features(h.state, h.keys("road")),
    "simplify": lambda h: simplify_features(h.state, h.keys(*SHAPED), 2.0),
    "reverse": lambda h: reverse_features(h.state, h.keys("road")),
    "move vertex": with_vertex(lambda h, key, v: move_vertex(h.state, key, v, *h.place())),
    "insert vertex": with_vertex(lambda h, key, v: insert_vertex(h.state, key, v, *h.place())),
    "remove vertex": with_vertex(lambda h, key, v: remove_vertices(h.state, key, [v])),
    "shift vertices": with_vertex(lambda h, key, v: shift_vertices(h.state, key, [v], 0.7, -0.4)),
    "shared vertices": with_vertex(
        lambda h, key, v: shift_shared_vertices(h.state, key, [v], (0.7, -0.4), SHAPED)
    ),
    "shared insert": with_vertex(lambda h, key, v: insert_shared_vertex(h.state, key, v, *h.place(), SHAPED)),
    "attributes": lambda h: set_attributes(h.state, h.keys("building"), {"floors": h.chance.randint(1, 30)}),
    "reason": reason,
    "calculate": lambda h: calculate_field(h.state, h.keys("building"), "households", "floors * 2"),
    "replace": lambda h: replace_values(h.state, h.keys("building"), ["name"], "旧", "新"),
    "dimensions": lambda h: refresh_dimensions(h.state, h.keys("note")),
    "area": lambda h: add_feature(h.state, "green", area_around([h.place() for _ in range(3)])),
    "line": lambda h: add_feature(h.state, "road", line_through([h.place(), h.place()])),
    "rectangle": lambda h: add_feature(
        h.state, "building", rectangle_between(h.place(), h.place(), h.chance.choice((0.0, 33.0)))
    ),
    "slanting rectangle": lambda h: add_features(
        h.state, "building", [rectangle_on(h.place(), h.place(), h.place())], {}
    ),
    "dimension": lambda h: add_features(
        h.state,
        "note",
        [dimension_line(h.place(), h.place(), h.place())],
        {"type": "dimension", "text": "1 m"},
    ),
    "radius": lambda h: add_features(
        h.state, "note", [radius_line(h.place(), h.place(), h.place())], {"type": "radius"}
    ),
    "words": lambda h: add_features(
        h.state, "note", [shapely.Point(h.place())], {"text": "字", "type": "note"}
    ),
    "new shape": lambda h: set_geometry(h.state, h.key("tree"), shapely.Point(h.place())),
    "one vertex less": with_vertex(lambda h, key, v: remove_vertex(h.state, key, v)),
    "cut and paste": lambda h: _cut_and_pasted(h, h.keys(*ANY)),
    "cells": lambda h: set_cells(h.state, {key: {"name": h.color()} for key in h.keys("building", "road")}),
    "paste text": lambda h: pasted_text(h.state, shapely.Point(h.place()).wkt, "tree").changes,
    "setting": lambda h: set_settings(h.state, {"layer.road.opacity": h.chance.randint(1, 9) / 10}),
    "style": lambda h: set_style(h.state, "road", Style((Rule(same("x"), (Stroke(h.color(), 0.3),)),))),
    "filter": lambda h: set_filter(h.state, "road", wider(h.chance.randint(1, 9))),
    "scales": lambda h: set_scales(h.state, "tree", 0, 100 * h.chance.randint(1, 90)),
    "group": lambda h: put_in_group(h.state, ["tree"], f"组{h.chance.randint(0, 99)}"),
    "order": lambda h: move_layers(h.state, ["tree"], h.chance.choice(["road", "pipe"]), above=True),
    "bookmark": lambda h: keep_bookmark(
        h.state, Bookmark(f"b{h.chance.randint(0, 9)}", *h.place(), 500.0, 0.0)
    ),
    "renamed bookmark": lambda h: rename_bookmark(h.state, "first", "north gate"),
    "no bookmark": lambda h: drop_bookmark(h.state, "first"),
    "theme": lambda h: keep_theme(h.state, f"t{h.chance.randint(0, 99)}"),
    "other theme": lambda h: switch_theme(h.state, "first"),
    "theme's name": lambda h: rename_theme(h.state, "first", f"n{h.chance.randint(0, 99)}"),
    "no theme": lambda h: drop_theme(h.state, "first"),
    "background": lambda h: add_background(h.state.settings, GridBackground(f"g{h.chance.random()}", "网格")),
    "another background": lambda h: change_background(h.state.settings, "grid", opacity=h.chance.random()),
    "background below": lambda h: shift_background(h.state.settings, "grid", True),
    "no background": lambda h: remove_background(h.state.settings, "grid"),
    "backgrounds": lambda h: with_backgrounds(h.state.settings, ()),
}


def _cut_and_pasted(h, keys):
    own = copied(h.state, keys).own
    cut = remove_features(h.state, keys)
    return cut.then(pasted(h.state.apply(cut), own, h.place()).changes)


def begin(state):
    """Return what the plan has at first: neighbours, roads that cross, trees, and dimensions on a house."""
    houses = [shapely.box(E0 + x, N0, E0 + x + 12.5, N0 + 9.25) for x in (-30.0, -17.5, 20.0)]
    changes = add_features(state, "building", houses, {"name": "旧楼", "floors": 6, "households": 36})
    roads = [
        shapely.LineString([(E0 - 40, N0 - 8), (E0, N0 - 8.125), (E0 + 40, N0 - 6)]),
        shapely.LineString([(E0, N0 - 30), (E0, N0 + 30)]),
    ]
    changes = changes.then(add_features(state, "road", roads, {"name": "路"}))
    changes = changes.then(add_feature(state, "tree", shapely.Point(E0 + 1 / 3, N0 + 0.1)))
    line = dimension_line((E0 - 30, N0), (E0 - 17.5, N0), (E0 - 20, N0 - 2))
    for words in (measured_words("dimension", line), "12 m"):
        changes = changes.then(add_features(state, "note", [line], {"type": "dimension", "text": words}))
    grids = (GridBackground("grid", "网格"), GridBackground("other", "网格", step_m=50.0))
    changes = changes.then(with_backgrounds(state.settings, grids))
    changes = changes.then(keep_bookmark(state, Bookmark("first", E0, N0, 500.0, 0.0)))
    changes = changes.then(keep_theme(state, "first"))
    return changes.then(set_settings(state, {"layer.tree.visible": False}))


def stored(project):
    """Return every feature and setting as the file holds it: all but the row number, shapes as bytes."""
    found = {
        ("setting", name): value for name, value in project._store.db.execute("SELECT * FROM pb_setting")
    }
    for name in project.snapshot.layers:
        rows = project._store.db.execute(f'SELECT * FROM "{name}"')
        heads = (
            [head[0] for head in rows.get_description()] if len(project.snapshot.layers[name].table) else []
        )
        for row in rows:
            values = dict(zip(heads, row, strict=True))
            values.pop("fid")
            found[name, values["uid"]] = values
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    with Project.create(tmp_path_factory.mktemp("undo") / "p.gpkg", "t", "EPSG:4548") as made:
        made.apply(begin(made.snapshot), same("begin"))
        yield made


def run(project, name, seed):
    """Apply one edit; return whether it was a step."""
    steps = len(project.history.done)
    state = project.snapshot
    try:
        project.apply(with_arc_notes(followed(state, EDITS[name](Hand(state, seed)))), same(name))
    except (PlanboardError, IndexError):  # refused, or nothing of that sort is left
        return False
    return len(project.history.done) > steps


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 10**6)), min_size=1, max_size=7))
def test_undoing_any_edits_leads_back_to_the_very_bytes_and_redoing_forth_again(project, edits):
    start = stored(project)
    steps = sum(run(project, name, seed) for name, seed in edits)
    end = stored(project)
    for _ in range(steps):
        assert project.undo() is not None
    assert stored(project) == start
    for _ in range(steps):
        assert project.redo() is not None
    assert stored(project) == end
    for _ in range(steps):
        project.undo()


def test_every_edit_there_is_is_among_them():
    """A new function of `gis.edit` that returns a change is undone here too, or this fails."""
    known = inspect.getsource(inspect.getmodule(Hand))
    missing = {
        f"{module.__name__}.{name}"
        for module in edit_modules()
        for name, found in vars(module).items()
        if inspect.isfunction(found)
        and found.__module__ == module.__name__
        and not name.startswith("_")
        and inspect.signature(found).return_annotation in ("ChangeSet", ChangeSet)
        and not re.search(rf"\b{name}\(", known)
    }
    assert missing == HANDED_ON


def edit_modules():
    names = [f"gis.edit.{module.name}" for module in pkgutil.iter_modules(gis.edit.__path__)]
    return [importlib.import_module(name) for name in (*names, "layers.background", "gis.clipboard")]


HANDED_ON = {"gis.edit.geometries.reshaped", "gis.edit.split.replaced_by_parts"}
"""What other edits are made of."""


@pytest.mark.parametrize("name", sorted(EDITS))
def test_each_sort_of_edit_is_a_step_and_undone_to_the_byte(project, name):
    start = stored(project)
    seed = next((seed for seed in range(300) if run(project, name, seed)), None)
    assert seed is not None, "no seed makes an edit of this sort"
    assert stored(project) != start
    project.undo()
    assert stored(project) == start
