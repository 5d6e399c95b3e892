"""WMTS services tell their layers; tiles of any set of matrices lie where pyproj says."""

import numpy as np
import pytest

from gis.raster.tiles.capabilities import description_of, is_capabilities, read_capabilities
from gis.raster.tiles.lattice import MOST_TILES, lattice, lattice_in
from gis.raster.tiles.matrices import Matrix, MatrixSet, geographic, read_matrices
from gis.raster.tiles.services import address_of, matrices_of, read_template, service_of
from layers.background import TileBackground, backgrounds_of, with_backgrounds
from layers.errors import BadInputError
from tests.gis.raster.tiles.descriptions import (
    HEAD,
    described,
    geographic_set,
    layer,
    matrix_set,
    mercator_set,
)
from tests.gis.raster.tiles.test_lattice import E, N, around

URL = "https://w.example"


def test_layers_are_read_with_the_address_of_their_tiles_and_the_key_that_was_used():
    content = described(URL, [layer("vec", "矢量底图", ["c"])], [geographic_set()])
    (found,) = read_capabilities(content, URL + "/vec_c/wmts?request=GetCapabilities&tk=S3")
    assert found.title == "矢量底图"
    template, key = read_template(found.template)
    assert key == "S3"
    assert template.startswith(URL + "/wmts?")
    assert "LAYER=vec&" in template
    assert "TILEMATRIXSET=c&" in template
    assert found.matrices.crs == "EPSG:4490"
    assert found.matrices.levels[0].id == "1"
    assert found.matrices.nested


@pytest.mark.parametrize(
    ("crs", "corner"),
    [
        ("urn:ogc:def:crs:EPSG::4490", "90.0 -180.0"),
        ("urn:ogc:def:crs:EPSG::4490", "-180.0 90.0"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "-180.0 90.0"),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "90.0 -180.0"),
    ],
)
def test_corners_are_understood_whichever_axis_comes_first(crs, corner):
    content = described(URL, [layer("v", "v", ["c"])], [geographic_set(crs=crs, corner=corner)])
    first = read_capabilities(content, URL)[0].matrices.levels[0]
    assert (first.left, first.top) == (-180.0, 90.0)
    assert first.tile_units == pytest.approx(180.0)


def test_of_several_sets_that_of_web_maps_is_taken_and_an_unknown_one_left_out():
    sets = [
        geographic_set(),
        mercator_set(),
        matrix_set("odd", "urn:ogc:def:crs:EPSG::999999", "0 0", 1e6, 3),
    ]
    layers = [layer("a", "A", ["c", "w"]), layer("b", "B", ["odd"]), layer("c", "C", ["odd", "c"])]
    found = read_capabilities(described(URL, layers, sets), URL)
    assert [(one.title, one.matrices.crs) for one in found] == [("A", "EPSG:3857"), ("C", "EPSG:4490")]


def test_an_address_given_for_a_layer_is_filled_with_what_is_chosen():
    time = "<Dimension><ows:Identifier>Time</ows:Identifier><Default>2020</Default></Dimension>"
    path = URL + "/{Time}/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png"
    content = described(URL, [layer("a", "A", ["w"], path, time)], [mercator_set()])
    (found,) = read_capabilities(content, URL)
    assert read_template(found.template).template == URL + "/2020/default/w/{z}/{y}/{x}.png"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<html/>", b"no xml", HEAD.encode() + b"</Capabilities>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><Capabilities>&b;</Capabilities>',
        described(URL, [layer("a", "A", ["w"])], []),
        described(URL, [layer("a", "A", ["w"])], [matrix_set("w", "EPSG:3857", "x y", 1e6, 3)]),
        described(URL, [layer("a", "A", ["w"])], [matrix_set("w", "EPSG:3857", "0 0", 1e6, 80)]),
    ],
)  # fmt: skip
def test_what_is_no_description_is_refused_with_a_word(content):
    with pytest.raises(BadInputError) as refused:
        read_capabilities(content, URL)
    assert refused.value.advice is not None


def test_addresses_of_descriptions_are_told_from_those_of_tiles():
    assert is_capabilities("https://a.example/wmts")
    assert is_capabilities("https://a.example/1.0.0/WMTSCapabilities.xml")
    assert not is_capabilities("https://a.example/wmts?TILEMATRIX={z}")
    assert not is_capabilities("file:///etc/wmts")
    assert description_of("https://a.example/wmts?tk=1").endswith(
        "?tk=1&SERVICE=WMTS&REQUEST=GetCapabilities"
    )


@pytest.mark.parametrize("set_crs", ["EPSG:4490", "EPSG:4548"])
@pytest.mark.parametrize("metres_per_px", [0.7, 5.0])
def test_tiles_of_other_sets_cover_the_view_and_lie_where_pyproj_says(set_crs, metres_per_px):
    from pyproj import Transformer

    levels = tuple(Matrix(str(n), 100.0 / 2**n, 0.0, 10_000_000.0, 2**20, 2**20) for n in range(12))
    matrices = geographic() if set_crs == "EPSG:4490" else MatrixSet(set_crs, levels)
    view = around(200 * metres_per_px)
    found = lattice_in(view, metres_per_px, "EPSG:4548", matrices)
    tiles = found.tiles()
    assert 0 < len(tiles) <= MOST_TILES
    assert found.corners[..., 0].min() <= view[:, 0].min()
    assert found.corners[..., 1].max() >= view[:, 1].max()
    level, to_plan = matrices.levels[found.zoom], Transformer.from_crs(set_crs, 4548, always_xy=True)
    (_, column, row), corners = tiles[0]
    place = to_plan.transform(level.left + column * level.tile_units, level.top - row * level.tile_units)
    assert corners[0] == pytest.approx(np.array(place), abs=0.01)
    unit_m = 111_000 if set_crs == "EPSG:4490" else 1
    assert 0.35 < level.unit_px * unit_m / metres_per_px < 1.6


def test_the_set_of_longitude_and_latitude_shows_the_ground_that_web_maps_show():
    view = around(150)
    web, other = (
        lattice(view, 0.5, "EPSG:4548", "EPSG:4326", 18),
        lattice_in(view, 0.5, "EPSG:4548", geographic()),
    )
    assert web.corners[..., 0].min() < E < other.corners[..., 0].max()
    assert other.corners[..., 1].min() < N < other.corners[..., 1].max()


def test_a_view_outside_a_set_has_no_tiles():
    far = MatrixSet("EPSG:4548", (Matrix("0", 1.0, 0.0, 1000.0, 2, 2),))
    assert lattice_in(around(100), 1.0, "EPSG:4548", far) is None


def test_a_set_is_kept_in_the_project_and_nonsense_falls_back_to_web_maps():
    kept = TileBackground("t", "t", template=URL + "/{z}/{y}/{x}", matrices=geographic().text())
    (again,) = backgrounds_of({name: c.after for name, c in with_backgrounds({}, (kept,)).settings.items()})
    service = service_of(again)
    assert service.matrices == geographic()
    assert address_of(service, (13, 5, 6), "") == URL + "/14/6/5"
    for text in (
        "EPSG:4490|",
        "EPSG:4490|1,2",
        "nothing|1,1,1,1,1,1,256",
        "EPSG:4490|1,nan,0,0,1,1,256",
        "x" * 99,
    ):
        assert read_matrices(text) is None


def test_the_c_addresses_of_tianditu_are_longitude_and_latitude():
    typed = (
        "https://t0.tianditu.gov.cn/img_c/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=img&STYLE=default"
        "&TILEMATRIXSET=c&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=abc"
    )
    template, _ = read_template(typed)
    service = service_of(TileBackground("t", "t", template=template, matrices=matrices_of(template)))
    assert service.matrices.crs == "EPSG:4490"
    found = lattice_in(around(100), 0.5, "EPSG:4548", service.matrices)
    address = address_of(service, found.tiles()[0][0], "abc")
    assert f"TILEMATRIX={found.zoom + 1}&" in address
    assert matrices_of(template.replace("SET=c", "SET=w")) == ""


TIANDITU_SCALE = 2.958293554545656e8


@pytest.mark.parametrize(
    ("name", "crs", "corner", "size"),
    [
        ("w", "urn:ogc:def:crs:EPSG::900913", "20037508.3427892 -20037508.3427892", lambda n: (2**n, 2**n)),
        ("c", "urn:ogc:def:crs:EPSG::4490", "90.0 -180.0", lambda n: (2**n, 2 ** (n - 1))),
    ],
)
def test_the_sets_that_tianditu_describes_against_the_standard_are_the_known_ones(name, crs, corner, size):
    # its scales count pixels of 96 dots an inch, and the corner of set w has the north first
    sets = [matrix_set(name, crs, corner, TIANDITU_SCALE, 18, size, first=1)]
    (found,) = read_capabilities(described(URL, [layer("vec", "vec", [name])], sets), URL)
    first, last = found.matrices.levels[0], found.matrices.levels[-1]
    world = 360.0 if name == "c" else 2 * 20037508.342789244
    assert first.left == pytest.approx(-world / 2)
    assert first.top == pytest.approx(90.0 if name == "c" else world / 2)
    assert first.tile_units * first.columns == pytest.approx(world, rel=1e-8)
    assert last.tile_units * last.columns == pytest.approx(world, rel=1e-8)
    assert (last.id, found.matrices.nested) == ("18", True)


def test_an_address_with_nothing_left_open_is_asked_for_a_description():
    assert is_capabilities("http://127.0.0.1:8080/geoserver/gwc/service")
    assert not is_capabilities("128.0.0.1/wmts")


@pytest.mark.parametrize(
    ("address", "matrices"),
    [("?T=vec_c&x={x}&y={y}&l={z}", "geographic"), ("?x={x}&y={y}&l={z}&T=cva_c", "geographic"),
     ("?T=vec_w&x={x}&y={y}&l={z}", "")],
)  # fmt: skip
def test_the_data_server_of_tianditu_tells_its_set_by_its_layer(address, matrices):
    assert matrices_of("https://t0.tianditu.gov.cn/DataServer" + address) == matrices
