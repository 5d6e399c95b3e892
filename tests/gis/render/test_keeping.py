"""What is kept of a column belongs to that column."""

import numpy as np

from gis.render.keeping import kept_column


def test_columns_that_lie_in_one_array_are_not_taken_for_one_another():
    block = np.empty((2, 3), dtype=object)
    block[0], block[1] = ["new", "new", "existing"], [1, 2, 3]
    assert [kept_column(column, lambda c=column: list(c)) for column in block] == [
        ["new", "new", "existing"],
        [1, 2, 3],
    ]


def test_a_view_of_a_whole_column_shares_what_is_kept_of_it():
    column = np.array(["a", "b"], dtype=object)
    made = []
    for view in (column, column.view(), column.view()):
        kept_column(view, lambda v=view: made.append(v) or "codes")
    assert len(made) == 1
