"""Dimensions that follow what they measure."""

import pytest
from shapely import LineString, Point, Polygon, box

from gis.edit.construct import circle, dimension_line
from gis.edit.dimensions import leader_line, measured_words, radius_line
from gis.edit.edges import fillet_feature
from gis.edit.features import move_features, remove_features, set_attributes
from gis.edit.following import centre_at, fitted_centre, followed, forsaken
from gis.edit.join import merge_features
from gis.edit.outlines import simplify_features
from gis.edit.split import split_features
from gis.edit.transform import rotation, scaling, transform_features
from gis.edit.vertices import Vertex, insert_vertex, move_vertex, remove_vertices
from layers.changes import ChangeSet
from tests.gis.edit.plan import plan

HOUSE, NOTE = ("building", "building0"), ("note", "note0")


def house(note, shape=None, **others):
    return plan(building=[shape or box(0, 0, 10, 6)], note=[note], **others)


def aligned(start, end, beside):
    line = dimension_line(start, end, beside)
    return line, {"type": "dimension", "text": measured_words("dimension", line)}


def note_after(state, changes):
    return state.apply(followed(state, changes)).feature(NOTE)


def test_a_dimension_goes_along_with_what_is_moved():
    state = house(aligned((0, 0), (10, 0), (5, -2)))
    note = note_after(state, move_features(state, [HOUSE], 3, 1))
    assert list(note.geometry.coords) == [(3, 1), (3, -1), (13, -1), (13, 1)]
    assert note.attributes["text"] == "10.00 m"


def test_a_dimension_follows_one_corner_and_says_the_new_length_at_the_same_distance():
    state = house(aligned((0, 0), (10, 0), (5, -2)))
    note = note_after(state, move_vertex(state, HOUSE, Vertex(0, 0, corner(state, 10, 0)), 12, 0))
    assert list(note.geometry.coords) == [(0, 0), (0, -2), (12, -2), (12, 0)]
    assert note.attributes["text"] == "12.00 m"


def corner(state, x, y):
    coords = list(state.feature(HOUSE).geometry.exterior.coords)
    return coords.index((x, y))


def test_a_point_on_an_edge_keeps_its_share_of_the_edge():
    state = house(aligned((5, 0), (5, 6), (7, 3)))
    note = note_after(state, transform_features(state, [HOUSE], rotation((0, 0), 90)))
    start, end = note.geometry.coords[0], note.geometry.coords[-1]
    assert start == pytest.approx((0, -5))
    assert end == pytest.approx((6, -5))
    assert note.attributes["text"] == "6.00 m"


def test_a_dimension_between_two_features_follows_the_one_that_moves():
    state = plan(building=[box(0, 0, 10, 6), box(20, 0, 30, 6)], note=[aligned((10, 0), (20, 0), (15, -2))])
    note = note_after(state, move_features(state, [("building", "building1")], 5, 0))
    assert note.attributes["text"] == "15.00 m"
    assert note.geometry.coords[0] == (10, 0)


def test_words_that_somebody_wrote_are_kept():
    line, values = aligned((0, 0), (10, 0), (5, -2))
    state = house((line, {**values, "text": "约 10 米"}))
    note = note_after(state, move_vertex(state, HOUSE, Vertex(0, 0, corner(state, 10, 0)), 12, 0))
    assert note.attributes["text"] == "约 10 米"
    assert note.geometry.coords[-1] == (12, 0)


def test_a_dimension_stays_where_a_vertex_beside_it_comes_or_its_feature_goes():
    state = house(aligned((0, 0), (10, 0), (5, -2)))
    for changes in (insert_vertex(state, HOUSE, Vertex(0, 0, 0), 10, 3), remove_features(state, [HOUSE])):
        assert followed(state, changes) == changes


def test_a_dimension_that_is_edited_itself_is_moved_once_and_its_words_are_written_anew():
    state = house(aligned((0, 0), (10, 0), (5, -2)))
    both = transform_features(state, [HOUSE, NOTE], scaling((0, 0), 2))
    note = note_after(state, both)
    assert note.geometry.coords[-1] == (20, 0)
    assert note.attributes["text"] == "20.00 m"


def test_a_radius_follows_its_circle_and_says_its_radius():
    ring = circle((0.0, 0.0), 8.0)
    through = ring.exterior.coords[0]
    line = radius_line((0.0, 0.0), through, (12.0, 0.0))
    state = house((line, {"type": "radius", "text": measured_words("radius", line)}), ring)
    note = note_after(state, transform_features(state, [HOUSE], scaling((0, 0), 1.5)))
    assert note.attributes["text"] == "R 12.00 m"
    moved = note_after(state, move_features(state, [HOUSE], 4, 3))
    assert moved.geometry.coords[0] == pytest.approx((4, 3))


def test_an_area_is_told_anew_and_goes_along():
    state = house((Point(5, 3), {"type": "area", "text": measured_words("area", box(0, 0, 10, 6))}))
    note = note_after(state, move_features(state, [HOUSE], 20, 0))
    assert note.geometry == Point(25, 3)
    note = note_after(state, move_vertex(state, HOUSE, Vertex(0, 0, corner(state, 10, 0)), 14, 0))
    assert note.attributes["text"] == "72.0 m²（0.11 亩）"


def test_a_leader_keeps_its_words_and_goes_along():
    state = house((leader_line((10, 6), (14, 9)), {"type": "leader", "text": "外墙保温"}))
    note = note_after(state, move_features(state, [HOUSE], 1, 1))
    assert list(note.geometry.coords) == [(11, 7), (15, 10)]
    assert note.attributes["text"] == "外墙保温"


def test_edits_that_move_nothing_are_handed_on_as_they_are():
    state = house(aligned((0, 0), (10, 0), (5, -2)), road=[LineString([(0, 50), (9, 50)])])
    for changes in (ChangeSet(), set_attributes(state, [HOUSE], {"floors": 7})):
        assert followed(state, changes) == changes
    assert NOTE not in followed(state, move_features(state, [("road", "road0")], 1, 1)).features


def test_what_loses_vertices_leaves_its_dimensions_in_place():
    crooked = Polygon([(0, 0), (5, 0.01), (10, 0), (10, 6), (0, 6)])
    state = house(aligned((0, 0), (10, 0), (5, -2)), crooked)
    assert NOTE not in followed(state, simplify_features(state, [HOUSE], 0.1)).features


def test_only_what_lies_on_a_circle_has_a_centre():
    assert fitted_centre(box(0, 0, 5, 3)) is None
    assert fitted_centre(circle((1.0, 2.0), 5.0)) == pytest.approx((1, 2))


def test_the_radius_of_a_rounded_corner_follows_its_outline():
    plain = house(aligned((0, 0), (10, 0), (5, -2)))
    rounded = plain.apply(fillet_feature(plain, HOUSE, Vertex(0, 0, corner(plain, 10, 0)), 3.0))
    outline = rounded.feature(HOUSE).geometry
    place = (7 + 3 * 0.5**0.5, 3 - 3 * 0.5**0.5)
    centre = centre_at(outline, place)
    assert centre == pytest.approx((7, 3), abs=0.001)
    assert centre_at(outline, (4.0, 0.0)) is None
    through = max(outline.exterior.coords, key=lambda c: c[0] - c[1])
    line = radius_line((7.0, 3.0), through, (12.0, -2.0))
    state = house((line, {"type": "radius", "text": measured_words("radius", line)}), outline)
    note = note_after(state, transform_features(state, [HOUSE], scaling((0, 0), 2)))
    assert note.attributes["text"] == "R 6.00 m"
    assert note.geometry.coords[0] == pytest.approx((14, 6), abs=0.002)


def test_where_a_corner_is_rounded_off_its_dimension_goes_to_the_new_outline():
    state = house(aligned((0, 0), (10, 0), (5, -2)))
    changes = fillet_feature(state, HOUSE, Vertex(0, 0, corner(state, 10, 0)), 1.0)
    note = note_after(state, changes)
    end = Point(note.geometry.coords[-1])
    outline = state.apply(changes).feature(HOUSE).geometry.exterior
    assert outline.distance(end) < 1e-5
    assert end.distance(Point(10, 0)) < 0.5
    assert note.attributes["text"] == measured_words("dimension", note.geometry)


def test_where_a_measured_corner_is_deleted_its_dimension_goes_to_the_new_outline():
    state = house(aligned((0, 0), (10, 0), (5, -2)))
    changes = remove_vertices(state, HOUSE, [Vertex(0, 0, corner(state, 10, 0))])
    note = note_after(state, changes)
    shape = state.apply(changes).feature(HOUSE).geometry
    assert shape.exterior.distance(Point(note.geometry.coords[-1])) < 1e-5
    assert note.attributes["text"] == measured_words("dimension", note.geometry) != "10.00 m"


def test_an_inserted_vertex_does_not_keep_a_dimension_from_following_afterwards():
    state = house(aligned((0, 0), (10, 0), (5, -2)))
    first = followed(state, insert_vertex(state, HOUSE, Vertex(0, 0, 0), 10, 3))
    state = state.apply(first)
    note = note_after(state, move_vertex(state, HOUSE, Vertex(0, 0, corner(state, 10, 0)), 12, 0))
    assert note.attributes["text"] == "12.00 m"


def test_a_dimension_of_what_is_split_or_merged_stays_and_is_not_forsaken():
    state = house(aligned((0, 0), (10, 0), (5, -2)))
    changes = split_features(state, [HOUSE], LineString([(4, -1), (4, 9)]))
    assert NOTE not in followed(state, changes).features
    assert forsaken(state.apply(changes), changes) == []
    state = plan(building=[box(0, 0, 10, 6), box(10, 0, 14, 6)], note=[aligned((10, 0), (14, 0), (12, -2))])
    changes = merge_features(state, [("building", "building0"), ("building", "building1")])
    assert NOTE not in followed(state, changes).features
    assert forsaken(state.apply(changes), changes) == []


def test_what_measured_a_deleted_feature_is_told_unless_another_one_is_there():
    line, values = aligned((0, 0), (10, 0), (5, -2))
    area = (Point(5, 3), {"type": "area", "text": measured_words("area", box(0, 0, 10, 6))})
    state = plan(building=[box(0, 0, 10, 6)], note=[(line, values), area])
    changes = remove_features(state, [HOUSE])
    assert forsaken(state.apply(changes), changes) == [NOTE, ("note", "note1")]
    both = remove_features(state, [HOUSE, NOTE])
    assert forsaken(state.apply(both), both) == [("note", "note1")]
    around = plan(building=[box(0, 0, 10, 6)], green=[box(-50, -50, 50, 50)], note=[(line, values)])
    for key, lost in ((HOUSE, [NOTE]), (("green", "green0"), [])):
        changes = remove_features(around, [key])
        assert forsaken(around.apply(changes), changes) == lost
    shared = plan(building=[box(0, 0, 10, 6), box(0, -6, 10, 0)], note=[(line, values)])
    changes = remove_features(shared, [HOUSE])
    assert forsaken(shared.apply(changes), changes) == []
