"""Files that were cut or whose parts do not fit: what is whole comes in, the loss is told with numbers."""

import struct
import zipfile

import geopandas as gpd
import pytest
from fiona._err import CPLE_AppDefinedError
from fiona.errors import FionaError
from shapely import box

from gis.exchange.archive_salvage import salvaged
from gis.exchange.child import read
from gis.exchange.remembered import forget
from gis.exchange.shp_index import is_lying, read_shx, scan_shp
from layers.errors import BadInputError, PlanboardError

COUNT = 20


@pytest.fixture(autouse=True)
def read_anew():
    """Let each test read its files, though only parts of a set were changed."""
    forget()


@pytest.fixture
def houses():
    shapes = [box(616600 + 30 * i, 4078000, 616620 + 30 * i, 4078012) for i in range(COUNT)]
    names = [f"{i}号楼" for i in range(1, COUNT + 1)]
    return gpd.GeoDataFrame({"楼号": names}, geometry=shapes, crs="EPSG:4548")


@pytest.fixture
def shp(tmp_path, houses):
    path = tmp_path / "a.shp"
    houses.to_file(path, encoding="gbk")
    return path


def cut(path, share):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


def told(table, code="import.truncated"):
    return " ".join(f.message.zh for f in table.findings if f.code == code)


def shapes(table):
    return sum(wkb is not None for wkb in table.wkb)


@pytest.mark.parametrize("index", ["missing", "whole", "cut"])
def test_of_a_cut_shp_every_whole_shape_comes_in_whatever_became_of_its_index(shp, index):
    cut(shp, 0.5)
    if index == "missing":
        shp.with_suffix(".shx").unlink()
    elif index == "cut":
        cut(shp.with_suffix(".shx"), 0.4)
    table = read(shp, None, None, ())
    assert (table.read, shapes(table)) == (20, 9)
    assert "应有 20 个图形，读到 9 个，其余 11 个" in told(table)
    assert list(table.columns["楼号"])[:2] == ["1号楼", "2号楼"]
    assert sum(f.severity == "error" for f in table.findings) == 11


def test_a_cut_shp_alone_says_that_nobody_knows_how_much_is_missing(shp):
    cut(shp, 0.5)
    for end in (".shx", ".dbf", ".prj", ".cpg"):
        shp.with_suffix(end).unlink()
    table = read(shp, None, None, ())
    assert (table.read, shapes(table)) == (9, 9)
    assert "无法得知" in told(table)


def test_a_damaged_stretch_costs_the_shapes_in_it_and_no_attribute_moves(shp):
    whole = read(shp, None, None, ())
    offsets = read_shx(shp.with_suffix(".shx"))[:, 0]
    data = bytearray(shp.read_bytes())
    data[offsets[4] : offsets[6] + 40] = b"\xff" * (offsets[6] + 40 - offsets[4])
    shp.write_bytes(data)
    shp.with_suffix(".shx").unlink()
    table = read(shp, None, None, ())
    assert [wkb is None for wkb in table.wkb] == [i in (4, 5, 6) for i in range(COUNT)]
    assert list(table.wkb)[7:] == list(whole.wkb)[7:]
    assert list(table.columns["楼号"]) == list(whole.columns["楼号"])
    assert "其余 3 个" in told(table)


def test_an_index_that_leads_astray_is_made_again_from_the_shapes(shp):
    whole = list(read(shp, None, None, ()).wkb)
    index = shp.with_suffix(".shx")
    data = bytearray(index.read_bytes())
    struct.pack_into(">ii", data, 100 + 8 * 5, 50, 64)  # the first shape once more
    struct.pack_into(">ii", data, 100 + 8 * 7, 99_999_999, 64)
    index.write_bytes(data)
    forget()
    assert is_lying(shp, read_shx(index))
    table = read(shp, None, None, ())
    assert list(table.wkb) == whole
    assert "与图形不符" in told(table, "import.incomplete")


def test_an_index_in_another_order_is_no_lie(shp):
    index = shp.with_suffix(".shx")
    data = bytearray(index.read_bytes())
    data[100:108], data[108:116] = data[108:116], data[100:108]
    index.write_bytes(data)
    assert not is_lying(shp, read_shx(index))


def test_shapes_without_a_row_in_a_cut_dbf_come_in_without_attributes(shp):
    cut(shp.with_suffix(".dbf"), 0.5)
    table = read(shp, None, None, ())
    assert shapes(table) == COUNT
    filled = sum(value is not None for value in table.columns["楼号"])
    assert 0 < filled < COUNT
    assert f"只有 {filled} 条完整的记录，图形有 20 个：后 {COUNT - filled} 个" in told(table)


def test_a_dbf_with_other_rows_than_the_shp_has_shapes_is_told(shp, houses, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    houses.head(15).to_file(other / "a.shp", encoding="gbk")
    shp.with_suffix(".dbf").write_bytes((other / "a.dbf").read_bytes())
    table = read(shp, None, None, ())
    assert (table.read, shapes(table)) == (20, 20)
    assert "后 5 个图形没有属性" in told(table)
    houses.head(15).to_file(shp, encoding="gbk")
    gpd.GeoDataFrame(houses).to_file(other / "a.shp", encoding="gbk")
    shp.with_suffix(".dbf").write_bytes((other / "a.dbf").read_bytes())
    table = read(shp, None, None, ())
    assert (table.read, shapes(table)) == (20, 15)
    assert "后 5 条没有图形" in told(table)
    assert sum(f.severity == "error" for f in table.findings) == 5


def test_a_shp_without_a_whole_shape_is_refused(shp):
    shp.write_bytes(shp.read_bytes()[:150])
    shp.with_suffix(".shx").unlink()
    with pytest.raises(BadInputError):
        read(shp, None, None, ())


def test_looking_for_records_in_what_is_none_ends(tmp_path):
    path = tmp_path / "a.shp"
    head = bytearray(100)
    struct.pack_into(">i", head, 0, 9994)
    struct.pack_into("<i", head, 32, 5)
    path.write_bytes(bytes(head) + struct.pack("<i", 5) * 500_000)
    assert not len(scan_shp(path).offsets)


def test_text_of_a_cut_flatgeobuf_is_as_in_the_whole_one(tmp_path, houses):
    path = tmp_path / "a.fgb"
    houses.to_file(path, driver="FlatGeobuf", SPATIAL_INDEX="NO")
    whole = read(path, None, None, ())
    cut(path, 0.7)
    table = read(path, None, None, ())
    count = len(table.records)
    assert 0 < count < COUNT
    assert list(table.columns["楼号"]) == list(whole.columns["楼号"])[:count]
    assert f"应有 20 条记录，只读到 {count} 条" in told(table)


@pytest.mark.parametrize("end", ["zip", "kmz"])
def test_of_a_cut_archive_what_is_whole_in_it_comes_in(tmp_path, houses, end):
    houses.to_crs(4326).to_file(tmp_path / "a.kml", driver="KML")
    path = tmp_path / f"a.{end}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "a.kml", "doc.kml")
    cut(path, 0.6)
    table = read(path, None, None, ())
    assert 0 < shapes(table) < COUNT
    assert "压缩包不完整" in told(table)
    assert "文件在第" in told(table)


def test_whole_files_in_a_cut_archive_are_whole(tmp_path, shp):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for end in (".shp", ".shx", ".dbf", ".prj"):
            archive.write(shp.with_suffix(end), f"东区/a{end}")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"PK\x01\x02")])
    table = read(path, None, None, ())
    assert shapes(table) == COUNT
    assert "取出了 4 个完整的文件" in told(table)


def test_a_cut_archive_that_would_unpack_beyond_bounds_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b"0" * 50_000_000)
    cut(path, 0.9)
    assert salvaged(path, 1_000_000) is None
    path.write_bytes(b"PK\x03\x04" * 1000)
    assert salvaged(path, 1_000_000) is None
    with pytest.raises(PlanboardError):
        read(path, None, None, ())


ROWS = [f"{i}号楼,118.30{i:02d},36.82,好" for i in range(1, 13)]


@pytest.mark.parametrize(("end", "rows"), [("13号楼,118.3", 12), ('13号楼,118.3,36.8,"没有', 12), ("", 12)])
def test_a_last_row_that_breaks_off_is_left_out_and_told(tmp_path, end, rows):
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["楼号,经度,纬度,备注", *ROWS, end]), "utf-8")
    table = read(path, None, None, ())
    assert len(table.records) == rows
    assert ("中断" in told(table)) == bool(end)


@pytest.mark.parametrize(
    "end", ["13号楼,118.3013,36.82,好", "注：本表由社区填报，请勿外传", '13号楼,118.3013,36.82,5"管']
)
def test_a_table_without_a_line_end_is_whole(tmp_path, end):
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["楼号,经度,纬度,备注", *ROWS, end]), "utf-8")
    assert not told(read(path, None, None, ()))


@pytest.mark.parametrize(
    "error", [ValueError("Null layer"), CPLE_AppDefinedError(3, 1, b"damaged"), FionaError("x")]
)
def test_whatever_gdal_makes_of_a_damaged_file_it_is_refused_with_words(tmp_path, houses, monkeypatch, error):
    def fail(*_, **__):
        raise error

    path = tmp_path / "a.fgb"
    houses.to_file(path, driver="FlatGeobuf")
    cut(path, 0.7)
    monkeypatch.setattr("fiona.open", fail)
    with pytest.raises(BadInputError, match="损坏"):
        read(path, None, None, ())
