"""Geometries packed straight from their blobs are those that shapely makes of them."""

from __future__ import annotations

import struct

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon

from gis.store.blobs import UnreadableGeometryError, from_blobs_leniently, to_blobs
from gis.store.outlines import shape_blocks
from layers.column import BLOCK
from layers.packed_shapes import Outlines
from tests.layers.test_packing import polygons, shapes, usual, wkb

SQUARE = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
HOLED = Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2)], [(4, 4), (5, 4), (5, 5)]])


def blobs_of(geometries):
    return to_blobs(geometries, 4548)[0]


def unpacked(blocks):
    return [geometry for block in blocks for geometry in block.take(None)]


@given(st.one_of(usual, st.lists(shapes, min_size=1, max_size=9), st.lists(polygons, min_size=1, max_size=9)))
def test_geometries_come_out_to_the_byte(drawn):
    many = [*drawn, *drawn[:1] * 40]
    assert wkb(unpacked(shape_blocks(blobs_of(many)))) == wkb(many)


@pytest.mark.parametrize("shape", [SQUARE, LineString([(0, 0), (3, 4)]), Point(1, 2)])
def test_nothing_is_made_by_shapely_of_what_is_simple(shape):
    (block,) = shape_blocks(blobs_of([shape] * 100), decode=lambda _: pytest.fail("was made"))
    assert isinstance(block, Outlines)


def test_an_area_with_courtyards_lies_packed_between_the_others():
    many = [SQUARE, HOLED, *[SQUARE] * 20, HOLED]
    (block,) = shape_blocks(blobs_of(many))
    assert isinstance(block, Outlines)
    assert wkb(block.take(None)) == wkb(many)


def test_geometries_come_in_blocks_of_a_column():
    lengths = [len(block) for block in shape_blocks(blobs_of([SQUARE] * (BLOCK + 100)))]
    assert lengths == [BLOCK, 100]


def broken(what):
    good = bytearray(blobs_of([SQUARE])[0])
    if what == "more vertices than there are":
        struct.pack_into("<I", good, 49, 2**31)
    elif what == "an open ring":
        struct.pack_into("<d", good, 53, 0.25)
    elif what == "a number that is none":
        struct.pack_into("<d", good, 69, float("nan"))
    return bytes(good[:-3] if what == "cut" else good[:20] if what == "cut in its header" else good)


@pytest.mark.parametrize("what", ["more vertices than there are", "an open ring", "cut", "cut in its header"])
def test_a_broken_geometry_is_told_and_costs_no_other_one(what):
    many = [*blobs_of([SQUARE] * 100), broken(what)]
    with pytest.raises(UnreadableGeometryError):
        shape_blocks(many)
    assert wkb(unpacked(shape_blocks(many, from_blobs_leniently))) == [*wkb([SQUARE] * 100), None]


def test_an_odd_number_stays_what_shapely_reads():
    many = [*blobs_of([SQUARE] * 100), broken("a number that is none")]
    assert wkb(unpacked(shape_blocks(many))) == wkb([*[SQUARE] * 100, shapely.from_wkb(many[-1][40:])])


def test_what_is_no_geometry_at_all_is_left_to_who_decodes():
    strange = [*blobs_of([SQUARE] * 100), "text", 7, None]
    assert unpacked(shape_blocks(strange, from_blobs_leniently))[100:] == [None, None, None]
