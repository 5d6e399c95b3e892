"""Circles and arcs: CAD gets circles and arcs, and the plan its vertices back."""

import math

import ezdxf
import numpy as np
import pytest
import shapely

from gis.circles import circle_note
from gis.edit.construct import arc, circle
from gis.exchange.dxf.plan import plan_dxf_import
from gis.exchange.dxf.rounds import Round, round_of
from gis.exchange.dxf.writing import DxfOptions, write_dxf
from layers.feature import Feature
from tests.gis.exchange.conftest import plan
from tests.gis.exchange.dxf.conftest import SOUTH, WEST, read

AT = (WEST + 60, SOUTH)
NOTED = {"note": circle_note(AT, 5.0)}


def bend(start, through, end):
    """An arc of a wall, noted as one."""
    return arc(*((WEST + x, SOUTH + y) for x, y in (start, through, end)))


LEFT = bend((90, 10), (85, 13), (80, 10))
RIGHT = bend((80, 0), (85, 3), (90, 0))
LONG = bend((100, 0), (95, 14), (90, 0))


@pytest.fixture
def round_plan():
    return plan(
        green=[Feature("a" * 32, circle(AT, 5.0), {**NOTED, "state": "new"})],
        barrier=[Feature(c * 32, line, NOTED) for c, line in zip("bcd", (LEFT, RIGHT, LONG), strict=True)],
    )


def written(snapshot, tmp_path, version="R2010"):
    path = tmp_path / "a.dxf"
    write_dxf(
        snapshot, [x for x in snapshot.layers.values() if len(x.table)], path, options=DxfOptions(version)
    )
    document = ezdxf.readfile(path)
    auditor = document.audit()
    assert (auditor.errors, auditor.fixes) == ([], [])
    return path, document


@pytest.mark.parametrize("version", ["R2000", "R2010"])
def test_circles_and_arcs_leave_as_such_and_every_vertex_comes_back(round_plan, tmp_path, version):
    path, document = written(round_plan, tmp_path, version)
    kinds = [e.dxftype() for e in document.modelspace() if e.dxftype() != "HATCH"]
    assert sorted(kinds) == ["CIRCLE", "LWPOLYLINE", "LWPOLYLINE", "LWPOLYLINE"]
    assert [len(e) for e in document.modelspace().query("LWPOLYLINE")] == [2, 2, 3]
    assert not plan_dxf_import(round_plan, read(path)).changes
    empty = plan()
    back = empty.apply(plan_dxf_import(empty, read(path)).changes)
    for name in ("green", "barrier"):
        for feature in round_plan.layers[name].table:
            again = back.layers[name].table.get(feature.uid)
            assert shapely.equals_exact(again.geometry, feature.geometry, tolerance=1e-6)


def test_an_arc_is_the_arc_that_cad_draws(round_plan, tmp_path):
    _, document = written(round_plan, tmp_path)
    made = document.modelspace().query("LWPOLYLINE")
    for line, polyline in zip((LEFT, RIGHT, LONG), made, strict=True):
        assert np.allclose(polyline[0][:2], line.coords[0], atol=1e-6)
        assert np.allclose(polyline[-1][:2], line.coords[-1], atol=1e-6)
        curves = shapely.MultiLineString([list(e.flattening(1e-5)) for e in polyline.virtual_entities()])
        assert shapely.hausdorff_distance(shapely.force_2d(curves), line) < 0.006


def test_an_arc_stretched_in_cad_is_that_change(round_plan, tmp_path):
    path, document = written(round_plan, tmp_path)
    left, *_ = document.modelspace().query("LWPOLYLINE")
    left[0] = (left[0][0] + 2.0, *left[0][1:])
    document.saveas(path)
    (change,) = plan_dxf_import(round_plan, read(path)).changes
    assert change.uid == "b" * 32
    assert change.after.geometry.coords[0] == pytest.approx((WEST + 92, SOUTH + 10))
    assert len(change.after.geometry.coords) > 8


def test_what_is_not_noted_stays_a_polyline(tmp_path):
    shape = circle(AT, 5.0)
    _, document = written(plan(green=[Feature("a" * 32, shape, {})]), tmp_path)
    assert [e.dxftype() for e in document.modelspace()] == ["HATCH", "LWPOLYLINE"]


def test_vertices_that_do_not_lie_evenly_stay_vertices():
    xy = np.delete(shapely.get_coordinates(circle(AT, 5.0)), 7, axis=0)
    assert round_of(Feature("a" * 32, shapely.Polygon(xy), NOTED)) is None
    assert round_of(Feature("a" * 32, circle(AT, 5.0), NOTED)) is not None


def test_a_circle_moved_or_resized_in_cad_is_that_change(round_plan, tmp_path):
    path, document = written(round_plan, tmp_path)
    (ring,) = document.modelspace().query("CIRCLE")
    ring.translate(3.0, 4.0, 0.0)
    document.saveas(path)
    (change,) = plan_dxf_import(round_plan, read(path)).changes
    moved = shapely.transform(circle(AT, 5.0), lambda xy: xy + np.array([3.0, 4.0]))
    assert shapely.equals_exact(change.after.geometry, moved, tolerance=1e-6)
    ring.dxf.radius = 50.0
    document.saveas(path)
    (change,) = plan_dxf_import(round_plan, read(path)).changes
    assert change.after.geometry.area == pytest.approx(math.pi * 2500, rel=1e-3)


@pytest.mark.parametrize(
    "tags",
    [[(1070, 1), (1071, 10**9), (1040, 0.0), (1040, 5.0)], [(1070, 1), (1071, 0), (1040, 0.0), (1040, 5.0)]],
)
def test_marks_that_somebody_spoilt_do_not_count(round_plan, tmp_path, tags):
    path, document = written(round_plan, tmp_path)
    (ring,) = document.modelspace().query("CIRCLE")
    ring.set_xdata("PLANBOARD", [*ring.get_xdata("PLANBOARD")[:5], *tags])
    document.saveas(path)
    drawing = read(path)
    found = [g for g, t in zip(drawing.geometry, drawing.columns["type"], strict=True) if t == "CIRCLE"]
    assert 8 < shapely.get_num_coordinates(found[0]) < 500


def test_a_circle_ends_exactly_where_it_starts():
    xy = Round(616600.1, 4078000.2, 3.3, 0.7, -2 * math.pi, 24).points()
    assert np.array_equal(xy[0], xy[-1])
    assert len(xy) == 25
