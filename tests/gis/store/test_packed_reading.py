"""A layer of thousands of rows is read as it was written."""

from __future__ import annotations

from tests.gis.store.plans import content, house, put, reopened


def test_a_value_that_all_rows_share_is_read_again(project):
    put(project, *(house(f"h{i}", i * 12.0, floors=6, note="") for i in range(1100)))
    before = content(project.snapshot)
    with reopened(project) as again:
        assert content(again.snapshot) == before


def test_a_few_odd_values_among_thousands_are_read_again(project):
    odd = {3: 6.0, 500: "six", 1099: None}
    put(project, *(house(f"h{i}", i * 12.0, floors=odd.get(i, 6), use="shop") for i in range(1100)))
    before = content(project.snapshot)
    with reopened(project) as again:
        assert content(again.snapshot) == before
