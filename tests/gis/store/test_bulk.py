"""Making many objects without a search for garbage that all threads wait for."""

import gc

import pytest

from gis.store.bulk import MANY, many_objects


@pytest.fixture(autouse=True)
def _as_before():
    yield
    gc.unfreeze()


def test_no_search_runs_while_many_objects_are_made():
    looks = []
    gc.callbacks.append(lambda phase, _: looks.append(phase))
    try:
        with many_objects():
            made = [(n, [n]) for n in range(MANY)]
            assert looks == []
    finally:
        gc.callbacks.pop()
    assert len(made) == MANY
    assert gc.isenabled()


def test_what_was_made_in_bulk_is_not_looked_through_afterwards():
    frozen = gc.get_freeze_count()
    with many_objects():
        made = [[n] for n in range(2 * MANY)]
    assert gc.get_freeze_count() > frozen + MANY
    assert gc.get_count()[0] < MANY
    assert len(made) == 2 * MANY


def test_a_few_objects_are_looked_through_as_ever():
    gc.collect()
    frozen = gc.get_freeze_count()
    with many_objects():
        made = [[n] for n in range(100)]
    assert gc.get_freeze_count() == frozen
    assert len(made) == 100


def test_of_two_blocks_at_once_the_last_brings_the_search_back():
    first, second = many_objects(), many_objects()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_where_the_search_is_off_it_stays_off():
    gc.disable()
    try:
        with many_objects():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
