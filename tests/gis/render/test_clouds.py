import numpy as np
import pytest
import shapely
from shapely import Point, box

from gis.render.cloud_lines import badges, cloud_lines, scalloped
from gis.render.clouds import badge_boxes, paint_comparison
from gis.render.scene import blank_image
from gis.revisions.comparison import ChangeGroup, Comparison, FeatureChange
from layers import palette
from layers.feature import Feature
from layers.text import Text
from tests.gis.render.maps import metre_view, pixels, rgb

WORD = Text("物", "thing")
VIEW = metre_view(400, 300, 0.25, px_per_mm=3.8)


def _change(kind, before, after) -> FeatureChange:
    def feature(geometry):
        return None if geometry is None else Feature("a" * 32, geometry, {})

    return FeatureChange(kind, "thing", "a" * 32, WORD, WORD, feature(before), feature(after))


def _group(number, changes, cloud) -> ChangeGroup:
    anchor = Point(cloud.bounds[2], cloud.bounds[3])
    return ChangeGroup(number, f"R2-{number}", WORD, tuple(changes), cloud, anchor, (), (), "+")


def _comparison(*changes, clouds=()) -> Comparison:
    groups = tuple(_group(i + 1, changes, cloud) for i, cloud in enumerate(clouds))
    return Comparison("R1", "R2", tuple(changes), (), groups, ())


def _drawn(comparison, language="zh") -> np.ndarray:
    from PyQt6.QtGui import QPainter

    image = blank_image(VIEW)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    paint_comparison(painter, comparison, VIEW, language)
    painter.end()
    return pixels(image)


def _has(grid, color) -> int:
    return int((np.abs(grid - rgb(color)).max(axis=2) < 90).sum())


@pytest.mark.parametrize("size", [(12, 8), (40, 30), (70, 5)])
def test_the_arcs_of_a_cloud_are_5_to_8_mm_wide_and_bulge_outwards(size):
    cloud = box(10, 10, 10 + size[0], 10 + size[1]).buffer(3)
    (line,) = cloud_lines(_comparison(clouds=[cloud]), VIEW)
    cusps = line[::3]
    chords = np.hypot(*np.diff(cusps, axis=0).T) / VIEW.px_per_mm
    assert chords.max() <= 8.0
    assert np.median(chords) >= 5.0
    shape = shapely.polygons(cusps)
    control = shapely.points(line[1::3])
    assert (~shapely.contains(shape, control)).mean() > 0.9
    assert np.allclose(line[0], line[-1])


def test_a_cloud_around_something_small_is_still_a_cloud():
    (line,) = cloud_lines(_comparison(clouds=[Point(50, 40).buffer(0.2)]), VIEW)
    assert len(line) >= 13
    assert np.ptp(line[:, 0]) / VIEW.px_per_mm > 8


def test_scallops_close_the_ring_with_whole_arcs():
    ring = np.array([(0, 0), (0, 100), (100, 100), (100, 0), (0, 0)], dtype=float)
    assert len(scalloped(ring, 25.0)) == 3 * 16 + 1


def test_the_numbers_of_neighbouring_clouds_do_not_cover_each_other():
    clouds = [box(20 + i, 20, 60, 50) for i in range(5)]
    boxes = [box(*b) for b in badge_boxes(_comparison(clouds=clouds), VIEW)]
    assert len(boxes) == 5
    assert not any(a.intersection(b).area > 1e-6 for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_number_out_of_view_is_not_drawn():
    assert badges(_comparison(clouds=[box(500, 500, 520, 520)]), VIEW) == []


def test_every_kind_of_change_has_its_own_colour():
    old, new = box(10, 10, 30, 30), box(50, 40, 70, 60)
    assert _has(_drawn(_comparison(_change("added", None, new))), palette.ADDED) > 50
    assert _has(_drawn(_comparison(_change("removed", old, None))), palette.REMOVED) > 50
    assert _has(_drawn(_comparison(_change("moved", old, new))), palette.MOVED) > 50
    assert _has(_drawn(_comparison(_change("reshaped", old, new))), palette.MOVED) > 50
    assert _has(_drawn(_comparison(_change("changed", old, old))), palette.CHANGED) > 50


def test_a_moved_feature_has_an_arrow_from_its_old_place_to_its_new():
    grid = _drawn(_comparison(_change("moved", Point(20, 40), Point(80, 40))))
    row = np.abs(grid[(300 - 160)] - rgb(palette.MOVED)).max(axis=1) < 100
    assert row[120:300].mean() > 0.95
    tip = (np.abs(grid[:, 312:318] - rgb(palette.MOVED)).max(axis=2) < 60).sum()
    shaft = (np.abs(grid[:, 200:206] - rgb(palette.MOVED)).max(axis=2) < 60).sum()
    assert tip > shaft


def test_where_a_reshaped_feature_was_is_dashed():
    grid = _drawn(_comparison(_change("reshaped", box(10, 10, 60, 60), box(10, 10, 60, 40))))
    edge = np.abs(grid[60] - rgb(palette.MOVED)).max(axis=1) < 100
    drawn = edge[48:232]
    assert 0.3 < drawn.mean() < 0.9


def test_a_cloud_tints_what_it_encloses_only_faintly():
    grid = _drawn(_comparison(clouds=[box(20, 20, 80, 60)]))
    inside = grid[300 - 160, 200]
    expected = [255 - 0.06 * (255 - c) for c in rgb(palette.CHANGE)]
    assert inside.tolist() == pytest.approx(expected, abs=1.5)


def test_the_drawing_is_the_same_in_both_languages():
    comparison = _comparison(_change("added", None, box(50, 40, 70, 60)), clouds=[box(45, 35, 75, 65)])
    _drawn(comparison)  # the first letters that Qt draws in a process differ by a shade from all later ones
    assert (_drawn(comparison, "zh") == _drawn(comparison, "en")).all()


def test_a_change_without_geometry_is_passed_over():
    assert (_drawn(_comparison(_change("added", None, None))) == 255).all()


def test_numbers_keep_clear_of_the_pins_of_problem_spots():
    comparison = _comparison(clouds=[box(40, 30, 60, 45)])
    (alone,) = badge_boxes(comparison, VIEW)
    (beside,) = badge_boxes(comparison, VIEW, avoid=[alone])
    assert beside != alone
    assert beside[2] <= alone[0] or beside[0] >= alone[2] or beside[3] <= alone[1] or beside[1] >= alone[3]
