"""The algebra of changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from layers.changes import Change, ChangeSet, SettingChange
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot

START = Snapshot("t", "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()})


@st.composite
def histories(draw, steps=6):
    """Return a state and the change sets that led to it from the start."""
    state, made = START, []
    for _ in range(draw(st.integers(0, steps))):
        changes = []
        for uid in draw(st.sets(st.sampled_from("abcd"), max_size=3)):
            old = state.feature(("tree", uid))
            new = draw(
                st.one_of(
                    st.none(),
                    st.builds(
                        lambda x, c, u=uid: Feature(u, Point(x, 0), {"crown_m": c}),
                        st.integers(0, 3),
                        st.sampled_from([1, 1.0, None]),
                    ),
                )
            )
            if old or new:
                changes.append(Change("tree", old, new))
        title = draw(st.one_of(st.none(), st.text(max_size=3)))
        step = ChangeSet.of(
            changes, {"publish.contact": SettingChange(state.settings.get("publish.contact"), title)}
        )
        state = state.apply(step)
        made.append(step)
    return state, made


def contents(state):
    return {layer.id: {f.uid: f for f in layer.table} for layer in state.layers.values()}, dict(
        state.settings
    )


@given(histories())
def test_the_inverse_takes_everything_back(history):
    state, made = history
    for step in reversed(made):
        state = state.apply(step.inverse())
    assert contents(state) == contents(START)


@given(histories())
def test_steps_fold_into_one_that_does_the_same(history):
    state, made = history
    folded = ChangeSet()
    for step in made:
        folded = folded.then(step)
    assert contents(START.apply(folded)) == contents(state)


@given(histories(), st.integers(0, 6))
def test_folding_may_be_bracketed_anyhow(history, cut):
    _, made = history
    left, right = ChangeSet(), ChangeSet()
    for step in made[:cut]:
        left = left.then(step)
    for step in made[cut:]:
        right = right.then(step)
    whole = ChangeSet()
    for step in made:
        whole = whole.then(step)
    assert left.then(right) == whole


@given(histories())
def test_inverting_twice_is_the_same(history):
    for step in history[1]:
        assert step.inverse().inverse() == step


def test_a_change_that_starts_elsewhere_is_refused():
    here, there = Feature("u", Point(0, 0)), Feature("u", Point(9, 9))
    state = START.apply(ChangeSet.of([Change("tree", None, here)]))
    with pytest.raises(ValueError, match="expects"):
        state.apply(ChangeSet.of([Change("tree", there, None)]))


def test_one_and_one_point_zero_are_different_values():
    whole, real = Feature("u", None, {"a": 1}), Feature("u", None, {"a": 1.0})
    assert whole != real
    assert ChangeSet.of([Change("tree", whole, real)])


def test_adding_then_removing_is_no_change():
    one = Feature("u", Point(0, 0))
    assert not ChangeSet.of([Change("tree", None, one), Change("tree", one, None)])


def test_a_change_keeps_the_id_of_its_feature():
    with pytest.raises(ValueError, match="id"):
        Change("tree", Feature("u", None), Feature("v", None))


def test_settings_order_and_hide_layers():
    order = ["tree", "boundary"]
    state = START.apply(
        ChangeSet(
            {}, {"layers.order": SettingChange(None, order), "layer.tree.visible": SettingChange(None, False)}
        )
    )
    assert not state.layers["tree"].visible
    assert list(state.layers).index("tree") < list(state.layers).index("boundary")


@pytest.mark.parametrize(
    "case",
    [
        lambda state, made: len(made) >= 3 and all(made) and contents(state) != contents(START),
        lambda state, made: len(made) >= 2 and all(made) and contents(state) == contents(START),
    ],
    ids=["steps that lead elsewhere", "steps that lead back"],
)
def test_the_examples_reach(case):
    reached = []

    @settings(max_examples=300, derandomize=True, deadline=None, database=None)
    @given(histories())
    def look(history):
        reached.append(case(*history))

    look()
    assert any(reached)


def test_what_every_listener_asks_of_a_step_is_worked_out_once():
    one, two = (Feature(uid, None, {}) for uid in ("a", "b"))
    step = ChangeSet.of([Change("x", None, one), Change("y", two, None), Change("y", None, one)])
    uids = {name: [change.uid for change in some] for name, some in step.by_layer.items()}
    assert uids == {"x": ["a"], "y": ["b", "a"]}
    assert step.by_layer is step.by_layer
    assert step.counts_change
    assert not ChangeSet.of([Change("x", one, one.with_attributes(n=1))]).counts_change


def test_which_of_some_features_go_is_told_whichever_are_more():
    one, two = (Feature(uid, None, {}) for uid in ("a", "b"))
    step = ChangeSet.of([Change("x", one, None), Change("x", two, two.with_attributes(n=1))])
    many = frozenset({("x", f"{n}") for n in range(9)} | {("x", "a"), ("x", "b")})
    assert step.removed_among(many) == [("x", "a")]
    assert step.removed_among(frozenset({("x", "a")})) == [("x", "a")]
    assert step.removed_among(frozenset({("x", "b")})) == []
