"""Sorting and searching of the table: quick ways give what the plain ones do."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.table import Table
from ui.models.table_rows import Arrangement, TableIndex, sort_key
from ui.models.words import plain

KIND = standard_kinds()["building"]
WORDS = st.one_of(
    st.none(),
    st.sampled_from(["", "9", "10", "010", "A 1", "２号楼", "2号楼", "x\x1fy", "Ａ"]),
    st.text(max_size=4),
)
VALUES = st.one_of(
    WORDS, st.integers(-5, 40), st.sampled_from([1.0, 1, True, 2.5]), st.integers(0, 12).map(str)
)


def _layer(values: list[object]) -> Layer:
    def column(items: list[object]) -> np.ndarray:
        made = np.empty(len(items), dtype=object)
        made[:] = items
        return made

    nothing = column([None] * len(values))
    columns = {field.name: nothing for field in KIND.fields} | {"number": column(values)}
    return Layer.of(KIND, Table(column([str(i) for i in range(len(values))]), nothing, columns))


@given(st.lists(VALUES, max_size=30) | st.lists(st.integers(0, 99).map(str), max_size=30))
def test_any_column_is_sorted_by_the_key_of_its_values(values):
    rows = TableIndex().rows(_layer(values), Arrangement(order=(("number", False),)))
    assert [sort_key(values[i]) for i in rows] == sorted(map(sort_key, values))


@given(st.lists(VALUES, max_size=30), st.sampled_from(["1", "号", "a1", "true", "A"]))
def test_any_column_is_searched_for_the_plain_words_of_its_values(values, word):
    rows = TableIndex().rows(_layer(values), Arrangement(word))
    said = ["" if v is None else plain(str(v)) for v in values]
    assert rows.tolist() == [i for i, words in enumerate(said) if plain(word) in words]


def test_columns_read_ahead_are_not_read_again(monkeypatch):
    from ui.models import table_rows

    layer, index, checks = _layer(["1", "2"]), TableIndex(), []
    index.read(layer, lambda: checks.append(1))
    monkeypatch.setattr(table_rows, "_Column", None)
    assert index.rows(layer, Arrangement("2")).tolist() == [1]
    assert len(checks) > 3
