"""A newer drawing of the same things updates them."""

import pytest

from gis.exchange.dxf.plan import plan_dxf_import
from gis.exchange.update import chosen_of, rows_of
from tests.gis.exchange.conftest import plan
from tests.gis.exchange.dxf.conftest import SOUTH, WEST, box, words

CRS = "EPSG:4548"


@pytest.fixture
def drawn(made):
    """Return a plan into which a drawing of two houses and a line has come."""

    def draw(_, space):
        box(space, 0, 0, 40, 12, "JMD")
        words(space, "砼6", 15, 4, "JMD")
        box(space, 0, 30, 40, 12, "JMD")
        space.add_line((WEST, SOUTH - 5), (WEST + 50, SOUTH - 5), dxfattribs={"layer": "杂项"})

    drawing = made(draw)
    snapshot = plan()
    return drawing, snapshot.apply(plan_dxf_import(snapshot, drawing, crs=CRS).changes)


def test_the_same_drawing_again_changes_nothing(drawn):
    drawing, snapshot = drawn
    again = plan_dxf_import(snapshot, drawing, crs=CRS, updates=True)
    assert not again.changes
    assert not again.gone
    assert sum(counts.unchanged for counts in again.layers.values()) == 3


def test_without_updating_all_is_new_again(drawn):
    drawing, snapshot = drawn
    assert len(plan_dxf_import(snapshot, drawing, crs=CRS).changes) == 3


def test_a_newer_drawing_changes_adds_and_misses(drawn, made):
    _, snapshot = drawn

    def draw(_, space):
        box(space, 0, 0, 40, 13, "JMD")
        words(space, "砼7", 15, 4, "JMD")
        box(space, 0, 60, 40, 12, "JMD")

    newer = plan_dxf_import(snapshot, made(draw), crs=CRS, updates=True)
    rows = rows_of(snapshot, newer.changes, newer.gone)
    assert [row.fate for row in rows] == ["changed", "added", "gone"]
    assert next(text.zh for text in rows[0].differences) == "层数 6 → 7"
    assert newer.gone[0][0] == "building"  # the line's layer is not in this drawing: it says nothing of it
    left = chosen_of(snapshot, newer.changes, newer.gone, newer.gone)
    assert len(left) == 2
    assert len(chosen_of(snapshot, newer.changes, newer.gone, ())) == 3


def test_what_a_drawing_does_not_say_stays_as_the_office_wrote_it(drawn):
    drawing, snapshot = drawn
    known = next(f for f in snapshot.layers["building"].table if f.attributes["floors"] is None)
    office = known.with_attributes(floors=5, use="shop", note="已核")
    from layers.changes import Change, ChangeSet

    edited = snapshot.apply(ChangeSet.of([Change("building", known, office)]))
    assert not plan_dxf_import(edited, drawing, crs=CRS, updates=True).changes
