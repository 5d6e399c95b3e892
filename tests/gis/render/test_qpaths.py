import numpy as np
import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from gis.render.application import ensure_application
from gis.render.marks import Paths
from gis.render.prepare import nothing
from gis.render.qpaths import batches, draw_runs, is_simple
from gis.render.shapes import flatten, rows_of

RINGS = [shapely.box(4.3 + 12 * i, 5.2, 12.1 + 12 * i, 30.7 + i) for i in range(6)]
BOW = shapely.Polygon([(80, 5), (95, 30), (95, 5), (80, 30)])
LINES = [shapely.LineString([(4, 40), (60, 52.5), (90, 41)])]


def _image(draw) -> QImage:
    ensure_application()
    image = QImage(100, 60, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return image


def _paths(*shapes) -> Paths:
    flat = flatten(np.array(shapes, dtype=object))
    return Paths.of_runs(flat.areas if len(flat.areas) else flat.lines)


def test_runs_drawn_one_by_one_look_like_painter_paths():
    for paths in (_paths(*RINGS, BOW), _paths(*LINES)):
        closed = len(paths) > 1
        for pen, brush in ((QPen(QColor("#123456"), 1.9), None), (None, QColor("#800000"))):

            def ready(painter, pen=pen, brush=brush):
                painter.setPen(pen or Qt.PenStyle.NoPen)
                painter.setBrush(brush if brush is not None else Qt.BrushStyle.NoBrush)

            def one_by_one(painter, paths=paths, ready=ready):
                def ring(polygon):
                    painter.drawPolygon(polygon, Qt.FillRule.WindingFill)

                ready(painter)
                draw_runs(paths, ring, painter.drawPolyline, nothing)

            def as_paths(painter, paths=paths, ready=ready):
                ready(painter)
                for path in batches(paths, 1):
                    painter.drawPath(path)

            if brush is not None and not closed:
                continue
            assert _image(one_by_one) == _image(as_paths)


def test_an_area_with_a_hole_is_not_one_run():
    hole = shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [shapely.box(3, 3, 6, 6).exterior])
    assert is_simple(_paths(*RINGS))
    assert not is_simple(_paths(hole))


def test_cancelling_is_asked_for_while_runs_are_drawn():
    asked = []
    draw_runs(_paths(*RINGS * 20), lambda p: None, lambda p: None, lambda: asked.append(1))
    assert len(asked) == 4


def test_the_shapes_of_few_rows_are_those_of_these_rows_alone():
    hole = shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [shapely.box(3, 3, 6, 6).exterior])
    parts = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)])
    column = np.array([hole, parts, shapely.Point(1, 2), LINES[0], None] * 20, dtype=object)
    shapes, rows = flatten(column), np.array([1, 2, 3, 5, 40, 98])
    chosen = np.array([g if i in rows else None for i, g in enumerate(column)], dtype=object)
    few, expected = rows_of(shapes, rows, len(column)), flatten(chosen)
    for a, b in ((few.areas, expected.areas), (few.lines, expected.lines)):
        assert np.array_equal(a.coords, b.coords)
        assert np.array_equal(a.starts, b.starts)
        assert np.array_equal(a.row, b.row)
    assert np.array_equal(few.points, expected.points)
    assert few.point_row.tolist() == [2]
