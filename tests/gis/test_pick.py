"""What lies under the pointer or in a box."""

import shapely

from gis.pick import features_at, features_in_box
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.table import Table


def layer_of(kind: str, **shapes: object) -> Layer:
    found = standard_kinds()[kind]
    features = [shape if isinstance(shape, Feature) else Feature(uid, shape) for uid, shape in shapes.items()]
    return Layer.of(found, Table.from_features(features, [f.name for f in found.fields]))


BOUNDARY = layer_of("boundary", site=shapely.box(0, 0, 100, 100))
BUILDINGS = layer_of("building", a=shapely.box(10, 10, 20, 20), b=shapely.box(15, 15, 18, 18))


def test_the_smaller_of_two_overlapping_areas_comes_first():
    assert features_at([BUILDINGS], 16, 16, 0.1) == (("building", "b"), ("building", "a"))


def test_an_area_is_met_inside_and_not_beside_it():
    assert features_at([BUILDINGS], 10.01, 12, 1.0) == (("building", "a"),)
    assert features_at([BUILDINGS], 9.99, 12, 1.0) == ()


def test_the_site_boundary_is_met_on_its_line_only():
    assert features_at([BOUNDARY], 50, 50, 0.1) == ()
    assert features_at([BOUNDARY], 50, 100.3, 0.1) == (("boundary", "site"),)


def test_a_line_is_met_within_a_few_pixels_whatever_the_scale():
    pipes = layer_of("pipe", p=shapely.LineString([(0, 0), (100, 0)]))
    assert features_at([pipes], 50, 0.4, 0.1) == (("pipe", "p"),)
    assert features_at([pipes], 50, 0.6, 0.1) == ()
    assert features_at([pipes], 50, 40, 10.0) == (("pipe", "p"),)


def test_a_road_is_met_over_its_true_width():
    road = Feature("r", shapely.LineString([(0, 0), (100, 0)]), {"width_m": 6.0})
    layer = layer_of("road", r=road)
    assert features_at([layer], 50, 2.9, 0.01) == (("road", "r"),)
    assert features_at([layer], 50, 3.1, 0.01) == ()


def test_points_and_lines_go_before_the_area_around_them():
    node = layer_of("drain_node", n=shapely.Point(16, 16))
    pipe = layer_of("pipe", p=shapely.LineString([(16, 0), (16, 30)]))
    assert [key[1] for key in features_at([node, pipe, BUILDINGS], 16, 16, 0.1)] == ["n", "p", "b", "a"]


def test_a_pin_is_met_above_its_tip():
    spots = layer_of("drainage_spot", s=shapely.Point(50, 50))
    assert features_at([spots], 50, 50.8, 0.1) == (("drainage_spot", "s"),)
    assert features_at([spots], 50, 48.5, 0.1) == ()


def test_a_box_takes_what_is_inside_or_also_what_it_touches():
    assert features_in_box([BUILDINGS], (9, 9, 19, 19), "inside") == (("building", "b"),)
    assert set(features_in_box([BUILDINGS], (9, 9, 19, 19), "touching")) == {
        ("building", "a"),
        ("building", "b"),
    }


def test_a_box_beside_a_slanted_shape_does_not_take_it_for_its_bounding_box():
    slanted = layer_of("building", s=shapely.Polygon([(0, 0), (10, 0), (0, 10)]))
    assert features_in_box([slanted], (8, 8, 9, 9), "touching") == ()


def test_a_box_within_the_site_does_not_take_the_site():
    assert features_in_box([BOUNDARY], (40, 40, 60, 60), "touching") == ()


def test_a_tree_is_met_over_its_crown_but_what_is_on_top_goes_first():
    tree = layer_of("tree", t=Feature("t", shapely.Point(30, 30), {"crown_m": 8.0}))
    node = layer_of("drain_node", n=shapely.Point(33, 30))
    assert features_at([tree], 33.5, 30, 0.05) == (("tree", "t"),)
    assert features_at([tree], 34.5, 30, 0.05) == ()
    assert features_at([node, tree], 33, 30, 0.05)[0] == ("drain_node", "n")


def test_an_area_can_be_met_at_its_pin_too():
    flooded = layer_of("drainage_spot", f=shapely.box(0, 0, 4, 1))
    assert features_at([flooded], 2, 1.9, 0.1) == (("drainage_spot", "f"),)
    assert features_at([flooded], 3.9, 1.9, 0.1) == ()
