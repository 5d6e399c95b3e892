"""Boxes in blocks answer as one array of all of them would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.boxes import Boxes
from layers.column import BLOCK


def _boxes(count: int, seed: int = 1) -> np.ndarray:
    chance = np.random.default_rng(seed)
    low = chance.uniform(0, 100, (count, 2))
    boxes = np.concatenate([low, low + chance.uniform(0, 3, (count, 2))], axis=1)
    boxes[chance.uniform(size=count) < 0.01] = np.nan
    return boxes


def _surveyed(count: int, seed: int = 1) -> np.ndarray:
    """Return boxes of places written to the millimetre, in a projected system."""
    chance = np.random.default_rng(seed)
    low = np.array([616_500.0, 4_077_900.0]) + chance.integers(0, 100_000, (count, 2)) / 1000
    return np.round(np.concatenate([low, low + chance.integers(0, 3000, (count, 2)) / 1000], axis=1), 3)


def _met(boxes: np.ndarray, extent: tuple[float, float, float, float]) -> list[int]:
    west, south, east, north = extent
    return [
        i
        for i, (a, b, c, d) in enumerate(boxes.tolist())
        if a <= east and c >= west and b <= north and d >= south
    ]


EXTENTS = [
    (10.0, 10.0, 12.0, 14.0),
    (-1.0, -1.0, 200.0, 200.0),
    (300.0, 0.0, 400.0, 9.0),
    (50.0, 50.0, 50.0, 50.0),
]


@pytest.mark.parametrize("count", [0, 1, 500, BLOCK, 3 * BLOCK + 7])
@pytest.mark.parametrize("extent", EXTENTS)
def test_the_rows_that_meet_an_extent_are_found_block_by_block_as_one_by_one(count, extent):
    boxes = _boxes(count)
    assert Boxes(boxes).meeting(extent).tolist() == _met(boxes, extent)


@pytest.mark.parametrize("order", [[3, 1, 2], [0, BLOCK, BLOCK + 1], [BLOCK * 2, 5, BLOCK, 5], []])
def test_the_boxes_of_some_rows_come_in_the_order_asked_for(order):
    boxes = _boxes(2 * BLOCK + 100)
    rows = np.array(order, dtype=np.intp)
    assert np.array_equal(Boxes(boxes)[rows], boxes[rows], equal_nan=True)


def test_the_box_around_all_leaves_out_what_is_empty_and_there_is_none_around_nothing():
    assert Boxes(np.array([[np.nan] * 4, [1.0, 2, 3, 4]])).around() == (1.0, 2.0, 3.0, 4.0)
    assert Boxes(np.array([[np.nan] * 4])).around() is None
    assert Boxes(np.empty((0, 4))).around() is None


@pytest.mark.parametrize("count", [0, 40, 2 * BLOCK + 5])
def test_after_any_edits_the_boxes_are_those_of_a_fresh_start(count):
    chance, now = np.random.default_rng(7), _boxes(count)
    edited = Boxes(now)
    for number in range(30):
        changed = {
            int(row): _boxes(1, number)[0] for row in chance.integers(0, max(len(now), 1), 3) if len(now)
        }
        gone = {int(row) for row in chance.integers(0, max(len(now), 1), 2) if len(now)} - set(changed)
        added = _boxes(int(chance.integers(0, 4)), number + 50)
        edited = edited.patched(changed, added, gone)
        now = now.copy()
        for row, box in changed.items():
            now[row] = box
        now = np.concatenate([np.delete(now, sorted(gone), axis=0), added])
        assert np.array_equal(edited, now, equal_nan=True)
        assert edited.meeting(EXTENTS[0]).tolist() == _met(now, EXTENTS[0])
        assert edited.around() == Boxes(now).around()


def test_an_edit_shares_the_blocks_it_does_not_touch():
    boxes = Boxes(_boxes(3 * BLOCK))
    edited = boxes.patched({BLOCK + 3: np.zeros(4)}, np.empty((0, 4)), [])
    assert [a is b for a, b in zip(boxes._blocks, edited._blocks, strict=True)] == [True, False, True]


@pytest.mark.parametrize("wrong", [1e78, -7.2e15, np.inf])
def test_a_coordinate_that_is_no_place_does_not_take_the_rest_out_of_sight(wrong):
    near = [616_000.0, 4_077_000.0, 616_900.0, 4_078_000.0]
    boxes = np.array([near, [616_000.0, 4_077_000.0, 616_010.0, wrong], [np.nan] * 4])
    assert Boxes(boxes).around() == tuple(near)
    assert Boxes(boxes[1:]).around() is None


def test_surveyed_boxes_come_out_to_the_bit_and_take_half_the_memory():
    boxes = _surveyed(2 * BLOCK + 1500)
    packed = Boxes(boxes)
    assert np.asarray(packed).tobytes() == boxes.tobytes()
    assert sum(block._steps.nbytes for block in packed._blocks) == boxes.nbytes // 2


@given(
    st.integers(0, 2 * BLOCK - 1),
    st.sampled_from([(0, 1), (1, 0), (0, 0)]),
    st.tuples(*[st.sampled_from([0.0, -1e-9, 1e-9, 0.0005, -0.0005, 5.0])] * 4),
)
def test_what_just_touches_an_extent_is_found_among_surveyed_boxes_as_one_by_one(row, corner, off):
    boxes = _surveyed(2 * BLOCK)
    touched = [boxes[row][2 * corner[0]], boxes[row][1 + 2 * corner[1]]] * 2
    extent = tuple(at + by for at, by in zip(touched, off, strict=True))
    assert Boxes(boxes).meeting(extent).tolist() == _met(boxes, extent)


@pytest.mark.parametrize(
    "extent", [(-np.inf, -np.inf, np.inf, 4_077_950.0), (np.inf, 0, 0, 0), (np.nan,) * 4, (1e12, 0, 1e13, 9)]
)
def test_an_extent_without_end_meets_what_lies_within_it(extent):
    boxes = _surveyed(BLOCK)
    assert Boxes(boxes).meeting(extent).tolist() == _met(boxes, extent)


def test_a_block_of_round_numbers_is_kept_as_it_is_once_a_box_in_it_is_not_round():
    boxes = _surveyed(BLOCK)
    odd = np.array([616_500.0, 4_077_900.0, 616_500.0 + 1 / 3, 4_077_901.0])
    edited = Boxes(boxes).patched({7: odd}, np.empty((0, 4)), [])
    boxes[7] = odd
    assert np.asarray(edited).tobytes() == boxes.tobytes()
