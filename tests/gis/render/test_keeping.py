"""What is kept of a column belongs to that column."""

import numpy as np

from gis.render.keeping import kept_column
from layers.column import Column


def test_columns_that_lie_in_one_array_are_not_taken_for_one_another():
    block = np.empty((2, 3), dtype=object)
    block[0], block[1] = ["new", "new", "existing"], [1, 2, 3]
    columns = [Column.of(values) for values in block]
    assert [kept_column(column, lambda c=column: list(c)) for column in columns] == [
        ["new", "new", "existing"],
        [1, 2, 3],
    ]


def test_a_column_without_a_change_shares_what_is_kept_of_it():
    column = Column.of(np.array(["a", "b"], dtype=object))
    made = []
    for same in (column, column.patched({}, [], []), column):
        kept_column(same, lambda v=same: made.append(v) or "codes")
    assert len(made) == 1
