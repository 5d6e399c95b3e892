"""What goes in comes out: every value, type and coordinate."""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.project import Project
from layers.feature import Feature
from tests.gis.store.plans import content, house, put, reopened

AWKWARD = [
    None, "", " ", "0", "1", "1.0", "金茵小区 3号楼 🏠", "a\x00b", "'; DROP TABLE building; --",
    0, 1, -1, 0.0, -0.0, 1.0, 0.1 + 0.2, 1e-300,
    1e300, 5e-324, True, False, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, 10**40, "2020-07-25", "2020",
]  # fmt: skip
FIELDS = ["number", "floors", "year", "note"]
WKT = [
    "POINT (1 2)", "POINT EMPTY", "POINT Z (1 2 3)", "POINT ZM (1 2 3 4)", "POINT M (1 2 9)",
    "LINESTRING (0 0, 1 1)", "LINESTRING Z (0 0 1, 1 1 nan)", "MULTIPOINT ((0 0), (1 1))",
    "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 1))", "POLYGON EMPTY", "MULTIPOLYGON Z EMPTY",
    "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
    "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
    "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))", "GEOMETRYCOLLECTION EMPTY",
    "POINT (616650.1234567891 4077999.3000000001)",
]  # fmt: skip


def typed(feature):
    return {name: (type(v), v, str(v)) for name, v in feature.attributes.items() if v is not None}


def test_awkward_values_come_back_exactly_in_columns_of_every_type(project):
    features = []
    for i, value in enumerate(AWKWARD):
        features.append(Feature(f"b{i}", shapely.box(i, 0, i + 1, 1), dict.fromkeys(FIELDS, value)))
    put(project, *features)
    spot = Feature(
        "s", shapely.Point(0, 0), {"rain_date": "about 2020", "depth_m": 1, "severity": 3.0, "code": 7}
    )
    put(project, spot, layer="drainage_spot")
    project.freeze("一稿")
    with reopened(project) as again:
        for state in (again.snapshot, again.state("R1")):
            for feature in features:
                assert typed(state.feature(("building", feature.uid))) == typed(feature)
            assert typed(state.feature(("drainage_spot", "s"))) == typed(spot)


@pytest.mark.parametrize("wkt", WKT)
def test_geometry_of_every_kind_comes_back_to_the_last_bit(project, wkt):
    shape = shapely.from_wkt(wkt)
    put(project, Feature("g", shape, {}), layer="drainage_spot")
    project.freeze("一稿")
    with reopened(project) as again:
        for state in (again.snapshot, again.state("R1")):
            assert state.feature(("drainage_spot", "g")).geometry.wkb == shape.wkb


def test_a_feature_without_geometry_is_not_one_with_an_empty_geometry(project):
    put(project, Feature("none", None, {}), Feature("empty", shapely.Point(), {}), layer="tree")
    with reopened(project) as again:
        assert again.snapshot.feature(("tree", "none")).geometry is None
        assert again.snapshot.feature(("tree", "empty")).geometry.is_empty


def test_numpy_scalars_become_plain_values_at_once_and_not_only_after_reopening(project):
    put(project, house("a", floors=np.int64(7), year=np.float64(1998.5), name=np.str_("甲")))
    found = typed(project.snapshot.feature(("building", "a")))
    assert (found["floors"][0], found["year"][0], found["name"][0]) == (int, float, str)
    with reopened(project) as again:
        assert typed(again.snapshot.feature(("building", "a"))) == found


def test_an_odd_value_is_forgotten_when_a_proper_one_replaces_it(project):
    put(project, house("a", floors="six"))
    put(project, house("a", floors=6))
    with reopened(project) as again:
        assert typed(again.snapshot.feature(("building", "a")))["floors"][:2] == (int, 6)


values = st.one_of(
    st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=8), st.integers(), st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(AWKWARD),
)  # fmt: skip
coordinates = st.floats(-1e7, 1e7)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.dictionaries(st.sampled_from(FIELDS), values), coordinates, coordinates),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_any_plain_value_comes_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("any") / "p.gpkg"
    with Project.create(path, "t", "EPSG:4548") as project:
        features = [Feature(f"f{i}", shapely.Point(x, y), a) for i, (a, x, y) in enumerate(rows)]
        put(project, *features)
        seen = content(project.snapshot)
    with Project.open(path) as again:
        assert content(again.snapshot) == seen
        for feature in features:
            found = again.snapshot.feature(("building", feature.uid))
            assert typed(found) == typed(feature)
            assert found.geometry.wkb == feature.geometry.wkb
