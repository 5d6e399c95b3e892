"""What is kept of a column belongs to that column."""

import gc
from weakref import ref

import numpy as np
import pytest
import shapely
from PyQt6.QtGui import QImage, QPainter

from gis.render import gathering
from gis.render.keeping import kept_column
from gis.render.paint import paint_layer
from gis.render.prepare import prepare_layer
from gis.render.viewport import Viewport
from layers.column import Column
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.table import Table


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


@pytest.mark.parametrize("metres_per_px", [0.25, 30.0])
def test_what_is_kept_of_a_table_goes_with_it(qapp, monkeypatch, metres_per_px):
    monkeypatch.setattr(gathering, "MANY", 3)  # so that paths are kept of a few houses
    kind = standard_kinds()["building"]
    houses = [Feature(f"{i:032x}", shapely.box(i, 0, i + 12, 7), {"state": "new"}) for i in range(12)]
    layer = Layer.of(kind, Table.from_features(houses, [f.name for f in kind.fields]))
    prepared = prepare_layer(layer, Viewport(6.0, 3.0, metres_per_px, 200, 100))
    assert any(crowd.frame is not None for crowd in prepared.crowds.values())
    image = QImage(200, 100, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    paint_layer(painter, prepared)
    painter.end()
    table, marks = ref(layer.table), ref(prepared.marks[-1])
    gc.collect()
    gc.disable()  # an edit leaves an old version of a table behind; a search for garbage may be far off
    try:
        del layer, prepared
        assert (table(), marks()) == (None, None)
    finally:
        gc.enable()
