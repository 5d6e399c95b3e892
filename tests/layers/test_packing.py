"""What is packed comes out as it went in."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import GeometryCollection, LinearRing, MultiPolygon, Point, Polygon

import layers.ids as ids_module
from layers.column import BLOCK, Column, Plain, objects
from layers.feature import Feature, new_uid
from layers.ids import Ids
from layers.packed_shapes import Outlines, pack_shapes
from layers.packed_values import Coded, Same, pack_values, value_blocks
from layers.table import Table

LITTLE = 60
"""Values of a block are few kinds: drawn once, repeated."""

near = st.integers(-40_000, 40_000)
metres = st.one_of(
    near.map(lambda n: n / 1000),
    st.integers(0, 2**33).map(lambda n: 4_000_000 + n / 1000),
    st.floats(-1e7, 1e7),
    st.sampled_from([-0.0, 0.1 + 0.2, 1e-300, 123456.789, 5e8]),
)
places = st.tuples(metres, metres)
rings = st.lists(places, min_size=3, max_size=6).map(lambda r: [*r, r[0]])
polygons = st.builds(Polygon, rings, st.lists(rings, max_size=2))
lines = st.lists(places, min_size=2, max_size=6).map(shapely.LineString)
shapes = st.one_of(
    polygons, lines, places.map(Point), st.lists(polygons, min_size=1, max_size=3).map(MultiPolygon),
    st.lists(lines, min_size=1, max_size=3).map(shapely.MultiLineString),
    st.lists(places, min_size=1, max_size=3).map(shapely.MultiPoint),
    st.sampled_from([
        None, Point(), Polygon(), MultiPolygon(), LinearRing([(0, 0), (1, 0), (1, 1)]), Point(1, 2, 3),
        GeometryCollection([Point(1, 1), Polygon([(0, 0), (1, 0), (1, 1)])]),
        shapely.from_wkt("MULTIPOLYGON (EMPTY, ((0 0, 1 0, 1 1, 0 0)))"), shapely.from_wkt("POINT M (1 2 3)"),
    ]),
)  # fmt: skip
usual = st.one_of(*(st.lists(one, min_size=1, max_size=8) for one in (polygons, lines, places.map(Point))))
values = st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=5), st.booleans())
attributes = st.one_of(
    st.lists(values, min_size=1, max_size=9),
    *(
        st.lists(st.one_of(st.none(), one), min_size=1, max_size=9)
        for one in (st.integers(-300, 300), st.integers(), st.floats(), st.text(max_size=4), st.booleans())
    ),
)


def wkb(geometries) -> list[bytes | None]:
    return [None if g is None else shapely.to_wkb(g, include_srid=True) for g in geometries]


def exactly(items) -> list[tuple[type, str]]:
    return [(type(item), repr(item)) for item in items]


@settings(max_examples=60)
@given(st.one_of(usual, st.lists(shapes, min_size=1, max_size=12)), st.data())
def test_geometries_come_out_to_the_byte(drawn, data):
    column = objects([*drawn, *drawn[:1] * 9])
    block = pack_shapes(column)
    assert wkb(block.take(None)) == wkb(column)
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, len(column) - 1)))), dtype=np.intp)
    assert wkb(block.take(rows)) == wkb(column[rows])


@given(attributes, st.data())
def test_values_come_out_with_their_types(drawn, data):
    column = objects(drawn * data.draw(st.sampled_from([1, LITTLE])))
    block = pack_values(column)
    assert exactly(block.take(None)) == exactly(column)
    rows = np.array(data.draw(st.lists(st.integers(0, len(column) - 1), max_size=9)), dtype=np.intp)
    assert exactly(block.take(rows)) == exactly(column[rows])
    if (coded := block.coded()) is not None:
        assert exactly(objects(coded[1])[coded[0]]) == exactly(column)


def test_round_coordinates_take_a_quarter_of_the_bytes():
    west = 500_000 + np.arange(500)[:, None] * 58.0
    corners = np.stack(
        [west + np.array([0, 30.1, 30.1, 0, 0]), 4e6 + west * 0 + [0, 0, 12.5, 12.5, 0]], axis=-1
    )
    block = pack_shapes(shapely.polygons(np.round(corners, 3)))
    assert isinstance(block, Outlines)
    assert block.coords.steps.nbytes * 4 == corners.nbytes


def test_long_steps_among_short_ones_are_kept():
    line = shapely.LineString([(0, 0), *((x, 1) for x in range(30)), (5e5, 7), (5e5, 8.125)])
    block = pack_shapes(objects([line, line]))
    assert isinstance(block, Outlines)
    assert wkb(block.take(None)) == wkb([line, line])
    assert wkb(block.take(np.array([1]))) == wkb([line])


def test_boxes_of_packed_outlines_are_those_of_the_shapes():
    outlines = objects([
        Polygon([(0, 0), (9, 0), (9, 9)], [[(6, 1), (20, 1), (7, 2)]]),  # invalid: its hole leaves it
        Polygon([(0, 0), (1, 0), (1, -5)]),
    ] * 40)  # fmt: skip
    block = pack_shapes(outlines)
    assert isinstance(block, Outlines)
    assert np.array_equal(block.ragged(None).bounds(), shapely.bounds(outlines))


def large_table(count: int = 2 * BLOCK + 100) -> Table:
    square = shapely.box(np.arange(count) * 10.0, 0, np.arange(count) * 10.0 + 8, 8)
    names = objects([str(i) for i in range(count)])
    uses = objects(["housing", "shop", None, "housing"] * (count // 4))
    uids = objects([new_uid() for _ in range(count)])
    return Table(uids, square, {"number": names, "use": uses}).packed()


edits = st.lists(
    st.tuples(st.sampled_from(["move", "name", "remove", "add"]), st.integers(0, 2 * BLOCK + 99)),
    max_size=12,
)


@settings(max_examples=10, deadline=None)
@given(st.lists(edits, min_size=1, max_size=4))
def test_editing_a_packed_table_equals_editing_a_dictionary(rounds):
    table = large_table()
    expected = {f.uid: f for f in table}
    listed = list(expected)
    for steps in rounds:
        put, gone = {}, []
        for what, row in steps:
            uid = listed[row]
            known = expected.get(uid)
            if what == "add" or known is None:
                uid = new_uid()
                put[uid] = Feature(uid, Point(row, row), {"number": f"n{row}", "use": None})
            elif what == "remove" and uid not in put:
                gone.append(uid)
            elif uid not in gone:
                put[uid] = (
                    known.with_geometry(shapely.affinity.translate(known.geometry, 0.5))
                    if what == "move" else known.with_attributes(number=row)
                )  # fmt: skip
        before, old = list(table)[:50], table
        table = table.with_features(put, gone)
        assert list(old)[:50] == before
        expected = {uid: f for uid, f in (expected | put).items() if uid not in gone}
        assert list(table) == list(expected.values())
        assert all(table.get(uid) == expected[uid] for uid in put)
        assert all(uid not in table for uid in gone)
        assert np.array_equal(table.bounds, shapely.bounds(np.asarray(table.geometry)))


def test_an_edit_shares_the_blocks_it_does_not_touch():
    table = large_table()
    feature = table.at(5)
    later = table.with_features({feature.uid: feature.with_attributes(number="x")})
    assert later.geometry.blocks[1] is table.geometry.blocks[1]
    assert later.columns["number"].blocks[1] is table.columns["number"].blocks[1]
    assert later.columns["use"] is table.columns["use"]


def test_a_column_reads_like_an_array():
    column = Column.packed(objects([str(i % 700) for i in range(3 * BLOCK)]), pack_values)
    array = np.asarray(column)
    assert not any(isinstance(block, Plain) for block in column.blocks)
    for at in ([5, 3, -1, 5], slice(10, 6000, 7), array == "3"):
        assert column[at].tolist() == array[at].tolist()
    assert list(column) == array.tolist()
    assert column[-1] == array[-1]
    with pytest.raises(IndexError):
        column[len(column)]


def test_some_rows_of_a_packed_table_are_those_rows():
    table = large_table()
    mask = np.arange(len(table)) % 3 == 1
    assert list(table.where(mask)) == [f for f, wanted in zip(table, mask, strict=True) if wanted]
    turned = np.array([7, 3, 4000])
    assert list(table.where(turned)) == [table.at(row) for row in turned]


@given(st.lists(st.sampled_from(["a", "A" * 32, "0" * 32, "f" * 32, " " + "0" * 31, "é" * 32]), unique=True))
def test_odd_ids_are_kept_as_they_are(odd):
    uids = [new_uid() for _ in range(BLOCK)]
    for ids in (Ids([*uids, *odd]), Ids(uids).patched(odd, []), Ids.joined([Ids(uids), Ids(odd)])):
        assert ids.tolist() == [*uids, *odd]
        assert [ids.row_of(uid) for uid in (*uids[:9], *odd)] == [*range(9), *range(BLOCK, BLOCK + len(odd))]
        assert ids.row_of("b" * 32) is None
        assert ids.differ()


def test_a_doubled_id_is_noticed():
    uids = [new_uid() for _ in range(BLOCK)]
    assert not Ids([*uids, uids[7]]).differ()
    assert not Ids(["a", "a"]).differ()


def test_a_tree_over_a_large_table_answers_as_one_over_its_shapes(monkeypatch):
    monkeypatch.setattr("layers.tree._SMALL", 100)
    table = large_table()
    whole = shapely.STRtree(np.asarray(table.geometry))
    window = shapely.box(100, 2, 900, 4)
    assert set(table.tree.query(window).tolist()) == set(whole.query(window, predicate="intersects").tolist())
    points = shapely.points(np.arange(0, 400, 3.0), 9.0)
    found, expected = (
        tree.query(points, predicate="dwithin", distance=1.5).T.tolist() for tree in (table.tree, whole)
    )
    assert sorted(found) == sorted(expected)


@given(attributes, attributes)
def test_values_packed_one_block_after_another_come_out_with_their_types(first, second):
    column = (*first, *first[:1] * (BLOCK - len(first)), *second * LITTLE, *first[:1] * BLOCK)
    blocks = list(value_blocks(column))
    assert exactly(value for block in blocks for value in block.take(None)) == exactly(column)


def test_blocks_of_the_same_few_values_share_them():
    first, second, third = value_blocks(["brick", "frame", None, "brick"] * (BLOCK // 2) + ["brick"] * BLOCK)
    assert isinstance(first, Coded)
    assert second.values is first.values
    assert isinstance(third, Same)


@pytest.mark.parametrize("other", [True, 1.0, [1], "1"])
def test_a_value_that_equals_a_known_one_stays_what_it_is(other):
    _, block = value_blocks([*[1, 2] * (BLOCK // 2), *[1] * 99, other])
    assert exactly(block.take(None)) == exactly([*[1] * 99, other])


@pytest.mark.parametrize("mapped", [0, 10**6])
def test_where_an_id_stands_is_known_after_any_edits(monkeypatch, mapped):
    monkeypatch.setattr(ids_module, "_MAPPED", mapped)
    monkeypatch.setattr(ids_module, "_STRETCH", 700)
    chance, known = np.random.default_rng(3), [new_uid() for _ in range(BLOCK)]
    ids, lost = Ids(known), list[str]()
    assert ids.row_of(known[7]) == 7
    for number in range(60):
        gone = sorted({*chance.integers(0, len(known), 3).tolist(), len(known) - 1})
        again = [lost.pop()] if number % 3 == 0 and lost else []
        lost += [known[row] for row in gone]
        added = [new_uid(), *again]
        ids = ids.patched(added, gone)
        known = [uid for row, uid in enumerate(known) if row not in gone] + added
        assert ids.tolist() == known
        assert [ids.row_of(uid) for uid in known] == list(range(len(known)))
        assert [ids.row_of(uid) for uid in set(lost) - set(known)] == [None] * len(set(lost) - set(known))
        stands = {uid: row for row, uid in enumerate(known)}
        assert ids.rows_of([*lost, *known]).tolist() == [stands.get(uid, -1) for uid in [*lost, *known]]
        assert ids.rows_of([*known[5:9], "N0 1d"]).tolist() == [5, 6, 7, 8, -1]


def test_removing_and_editing_by_turns_does_not_stack_blocks():
    column = Column.packed(objects([n % 7 for n in range(BLOCK)]), pack_values)
    expected = [n % 7 for n in range(BLOCK)]
    for number in range(200):
        column = column.patched({number: 99}, [], [])
        expected[number] = 99
        column = column.patched({}, [], [len(expected) - 1])
        expected.pop()
        assert column.tolist() == expected
        depth, block = 0, column.blocks[0]
        while hasattr(block, "base"):
            depth, block = depth + 1, block.base
        assert depth <= 4


def test_ids_that_share_a_half_or_are_asked_twice_are_told_apart(monkeypatch):
    monkeypatch.setattr(ids_module, "_MAPPED", 0)
    monkeypatch.setattr(ids_module, "_STRETCH", 700)
    first, second = "a" * 16, "b" * 16
    odd = [first + first, first + second, second + first, first + "c" * 16]
    ids = Ids([*odd, *(new_uid() for _ in range(BLOCK))])
    sought = [odd[3], odd[1], second + second, odd[0], odd[3], odd[2], first + "9" * 16]
    assert ids.rows_of(sought).tolist() == [3, 1, -1, 0, 3, 2, -1]
