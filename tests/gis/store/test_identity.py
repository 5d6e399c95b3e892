"""Which row is which feature after another program edited the table."""

from itertools import count

import pytest

from gis.store.identity import resolve

A, B, C = "a" * 32, "b" * 32, "c" * 32


def decided(rows, heads, place_of):
    numbers = count(1)
    return dict(resolve(rows, heads, place_of, make=lambda: f"new{next(numbers)}").uids)


@pytest.mark.parametrize(
    ("rows", "heads", "place_of", "expected"),
    [
        pytest.param({1: A}, {1: A}, {A: 1}, {1: A}, id="a row that kept its id"),
        pytest.param({1: A, 2: A}, {1: A}, {A: 1}, {1: A, 2: "new1"}, id="a copy gets a new id"),
        pytest.param({2: A}, {}, {A: 1}, {2: "new1"}, id="a copy of an untouched row gets a new id"),
        pytest.param({1: None}, {1: A}, {}, {1: A}, id="an emptied id comes back by the row number"),
        pytest.param({1: " "}, {1: A}, {}, {1: A}, id="a blank id counts as empty"),
        pytest.param({5: None}, {}, {}, {5: "new1"}, id="a new row without id gets one"),
        pytest.param({5: C}, {}, {}, {5: C}, id="a new row keeps an id of its own"),
        pytest.param({5: 17}, {}, {}, {5: "new1"}, id="a number is no id"),
        pytest.param({7: A}, {1: A}, {A: 1}, {7: A}, id="a renumbered row stays itself"),
        pytest.param({1: B, 2: A}, {1: A, 2: B}, {A: 1, B: 2}, {1: B, 2: A}, id="two rows that swap"),
        pytest.param({1: "typo"}, {1: A}, {}, {1: A}, id="a word typed over an id is put right"),
        pytest.param({1: C}, {1: A}, {}, {1: C}, id="a row replaced by another feature"),
        pytest.param({1: A, 2: A, 3: A}, {3: A}, {A: 3}, {1: "new1", 2: "new2", 3: A}, id="the owner wins"),
    ],
)  # fmt: skip
def test_every_row_ends_with_one_id_of_its_own(rows, heads, place_of, expected):
    result = decided(rows, heads, place_of)
    assert result == expected
    assert len(set(result.values())) == len(rows)
