"""Thousands of features that come in tables are written some at a time, and all of them or none."""

from __future__ import annotations

import numpy as np
import pytest

from gis.store.many_rows import plain_table
from layers.changes import Change, ChangeSet
from layers.errors import RefusedError
from layers.feature import Feature
from layers.packed_changes import PackedChanges
from layers.table import Table
from layers.table_builder import TableBuilder
from layers.text import same
from tests.gis.store.plans import content, house, put, reopened

MANY = 4200


def packed(snapshot, features) -> PackedChanges:
    builder = TableBuilder(snapshot.layers["building"].table.columns)
    builder.add(features)
    return PackedChanges({"building": builder.table()})


def houses(first: int, count: int, **values):
    return [house(f"{i:032x}", i * 12.0, **values) for i in range(first, first + count)]


def test_what_comes_in_a_table_is_in_the_file_as_if_it_came_one_by_one(project, tmp_path):
    fresh = [*houses(1, MANY - 1, floors=6), house("f" * 32, 5.0).with_ancestors("a" * 32)]
    project.apply(ChangeSet(packed(project.snapshot, fresh)), same("import"))
    whole = content(project.snapshot)
    assert len(project.snapshot.layers["building"].table) == MANY
    with reopened(project) as again:
        assert content(again.snapshot) == whole
        assert again.snapshot.layers["building"].table.ancestors == {"f" * 32: ("a" * 32,)}


def test_a_packed_step_is_undone_and_redone_with_what_else_it_changed(project):
    put(project, house("old", 0.0))
    old = project.snapshot.layers["building"].table.get("old")
    before = content(project.snapshot)
    changes = packed(project.snapshot, houses(1, MANY))
    others = {("building", "old"): Change("building", old, old.with_attributes(floors=9))}
    project.apply(ChangeSet(PackedChanges(changes.come, others=others)), same("import"))
    after = content(project.snapshot)
    for _ in range(2):
        project.undo()
        assert content(project.snapshot) == before
        project.redo()
        assert content(project.snapshot) == after


def test_a_value_that_cannot_be_kept_leaves_file_and_plan_as_they_were(project):
    put(project, house("old", 0.0))
    before = content(project.snapshot)
    features = houses(1, MANY)
    features[-1] = features[-1].with_attributes(floors=float("inf"))
    with pytest.raises(RefusedError):
        project.apply(ChangeSet(packed(project.snapshot, features)), same("import"))
    assert content(project.snapshot) == before
    with reopened(project) as again:
        assert content(again.snapshot) == before


def test_text_that_is_no_unicode_is_found_while_it_is_written_and_takes_everything_back(project):
    before = content(project.snapshot)
    features = houses(1, MANY)
    features[-1] = features[-1].with_attributes(name="\ud800")
    with pytest.raises(RefusedError):
        project.apply(ChangeSet(packed(project.snapshot, features)), same("import"))
    assert content(project.snapshot) == before
    with reopened(project) as again:
        assert content(again.snapshot) == before


def test_numbers_of_other_kinds_become_plain_ones_before_they_are_shown(project):
    layer = project._store.tables["building"]
    features = [Feature("a" * 32, None, {"floors": np.int64(6)}), Feature("b" * 32, None)]
    table = plain_table(layer, Table.from_features(features, ["floors"]))
    assert [(type(v), v) for v in table.columns["floors"]] == [(int, 6), (type(None), None)]
    assert plain_table(layer, table) is table


def test_a_column_that_is_no_field_is_refused_by_name(project):
    table = Table.from_features([Feature("a" * 32, None)], ["no_such"])
    with pytest.raises(RefusedError, match="no_such"):
        plain_table(project._store.tables["building"], table)
