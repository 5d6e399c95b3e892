"""Columns and shapes in one piece of memory, and what GDAL hands over by columns."""

import datetime as dt
import io

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.exchange import gdal_reading, packed_shapes
from gis.exchange.child import layers_of, read
from gis.exchange.packed_column import PackedColumn, joined, pack
from gis.exchange.packed_shapes import PackedShapes
from tests.gis.exchange.specimens import DATA

REAL = DATA / "exchange"
value = st.one_of(
    st.none(),
    st.text(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
)


def kinds(values):
    return [type(v) for v in values]


@given(st.lists(value) | st.lists(st.none() | st.text()) | st.lists(st.none() | st.integers()))
def test_a_packed_column_gives_back_values_and_types(values):
    packed = pack(values)
    travelled = PackedColumn(packed.kind, packed.data, packed.missing)
    assert list(travelled) == values
    assert kinds(travelled) == kinds(values)
    assert len(travelled) == len(values)


texts, reals = st.lists(st.none() | st.text()), st.lists(st.none() | st.floats(allow_nan=False))
pairs = st.lists(st.none() | st.lists(st.integers(), min_size=2, max_size=2))


@given(st.lists(texts) | st.lists(reals) | st.lists(pairs) | st.lists(st.lists(value)))
def test_columns_joined_are_all_their_values_one_behind_the_other(parts):
    parts = [part for part in parts if part]
    empty = [all(v is None for v in part) for part in parts]
    column = joined([len(p) if nothing else pack(p) for p, nothing in zip(parts, empty, strict=True)])
    assert list(column) == [v for part in parts for v in part]
    assert kinds(column) == [type(v) for part in parts for v in part]


def test_text_that_holds_the_separator_is_not_torn():
    assert list(pack(["a\x1eb", "c"])) == ["a\x1eb", "c"]


def test_text_of_which_one_value_does_not_fit_the_encoding_is_not_recoded():
    column = PackedColumn("text", "3号楼".encode("gbk") + b"\x1e\xff\xfe", encoding="latin-1")
    assert column.recoded("utf-8") is None
    assert column.recoded("gb18030") is None
    fitting = PackedColumn("text", "3号楼\x1e甲".encode("gbk"), encoding="latin-1").recoded("gb18030")
    assert list(fitting) == ["3号楼", "甲"]


@given(st.lists(st.none() | st.binary(max_size=5), max_size=40))
def test_packed_shapes_travel_whole(blobs):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_shapes, "ROWS", 7)
        stream = io.BytesIO()
        PackedShapes.of(blobs).write(stream)
        stream.seek(0)
        assert list(PackedShapes.read(stream, len(blobs))) == blobs


def test_packed_shapes_that_are_cut_are_refused():
    stream = io.BytesIO()
    PackedShapes.of([b"abc", b"de"]).write(stream)
    with pytest.raises(ValueError, match="cut"):
        PackedShapes.read(io.BytesIO(stream.getvalue()[:-1]), 2)


def test_some_shapes_exchanged_leave_the_others_alone(monkeypatch):
    monkeypatch.setattr(packed_shapes, "ROWS", 2)
    packed = PackedShapes.of([b"a", b"bb", b"c", None, b"e"])
    assert list(packed.replaced({1: None, 3: b"dddd"})) == [b"a", None, b"c", b"dddd", b"e"]


def test_what_is_unpacked_are_the_shapes_and_none_where_there_is_none(monkeypatch):
    monkeypatch.setattr(packed_shapes, "ROWS", 2)
    points = [shapely.Point(i, 0) for i in range(3)]
    found = PackedShapes.of([points[0].wkb, None, points[2].wkb]).unpacked()
    assert list(found) == [points[0], None, points[2]]


def facts(path, layer):
    table = read(path, layer, None, ())
    shapes = [None if blob is None else shapely.from_wkb(blob).wkb for blob in table.wkb]
    columns = {name: (list(values), kinds(values)) for name, values in table.columns.items()}
    found = [(f.code, f.record, f.field) for f in table.findings if f.code != "import.flattened"]
    return columns, shapes, list(table.records), table.encoding, table.repaired, found


FILES = [path for path in sorted([*REAL.glob("*.shp"), *REAL.glob("*.gpkg")]) if path.stem != "shpjs_bad"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_layer_read_by_columns_is_the_layer_read_by_records(path, monkeypatch):
    layer = layers_of(path)[0].name
    by_columns = facts(path, layer)
    monkeypatch.setattr(gdal_reading, "_by_columns", lambda _path, _layer: None)
    assert by_columns == facts(path, layer)


def test_gaps_dates_truth_values_and_repairs_survive_the_columns(tmp_path):
    import geopandas as gpd
    import pandas as pd

    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    frame = gpd.GeoDataFrame(
        {
            "name": ["3号楼", None, "c"],
            "floors": pd.array([1, None, 3], dtype="Int64"),
            "height": [1.5, np.nan, 2.5],
            "seen": [dt.date(2026, 7, 25), None, dt.date(2026, 7, 26)],
            "ok": pd.array([True, None, False], dtype="boolean"),
        },
        geometry=[bow, None, shapely.box(0, 0, 1, 1)],
        crs="EPSG:4548",
    )
    frame.to_file(tmp_path / "a.gpkg", layer="a")
    columns, shapes, records, _, repaired, findings = facts(tmp_path / "a.gpkg", None)
    assert columns["name"][0] == ["3号楼", None, "c"]
    assert columns["floors"] == ([1, None, 3], [int, type(None), int])
    assert columns["height"][0] == [1.5, None, 2.5]
    assert columns["seen"][0] == ["2026-07-25", None, "2026-07-26"]
    assert columns["ok"][0] == [True, None, False]
    assert (records, repaired) == ([1, 2, 3], [1])
    assert shapes[1] is None
    assert shapely.from_wkb(shapes[0]).area == pytest.approx(0.5)
    assert {code for code, _, _ in findings} == {"import.geometry-missing", "import.geometry-repaired"}


def test_a_layer_over_several_pieces_keeps_its_order(tmp_path):
    import geopandas as gpd

    count = 3 * packed_shapes.ROWS + 5
    points = shapely.points(np.arange(count, dtype=float), 0.0)
    gpd.GeoDataFrame({"n": range(count)}, geometry=points, crs="EPSG:4548").to_file(tmp_path / "a.gpkg")
    table = read(tmp_path / "a.gpkg", None, None, ())
    assert list(table.columns["n"]) == list(range(count))
    assert [shape.x for shape in PackedShapes.of(table.wkb).unpacked()] == list(range(count))
