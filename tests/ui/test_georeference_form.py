"""Placing a scan or a drawing by control points: the table, and the form beside the map."""

import pytest
from PIL import Image
from PyQt6.QtCore import QEvent, QPoint, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from shapely import Point

from gis.georeference import ControlPoint, fit_control_points
from gis.point_systems import converted
from layers.background import BACKGROUNDS, RasterBackground, backgrounds_of
from tests.ui.conftest import EAST, NORTH, colour, settled
from ui.models.control_table import PointRow, next_name, pasted_rows, solve

pytestmark = pytest.mark.usefixtures("own_cache")


# Control points as a table


def rows(*points):
    return [PointRow(str(n), *values) for n, values in enumerate(points, 1)]


SQUARE = rows((0, 0, 500, 900), (100, 0, 550, 900), (100, -80, 550, 860), (0, -80, 500, 860))


def test_points_of_a_picture_give_metres_of_a_pixel_without_a_word_about_units():
    solution = solve(SQUARE, "similarity", swapped=False, picture=True)
    assert solution.acceptable
    assert solution.fit.scale == pytest.approx(0.5)
    assert [f.code for f in solution.fit.findings] == []
    assert solution.residuals_m == pytest.approx((0, 0, 0, 0), abs=1e-6)


def test_a_point_that_is_switched_off_shows_how_far_it_would_be_off():
    wrong = [*SQUARE, PointRow("5", 50, -40, 525, 890, used=False)]
    solution = solve(wrong, "similarity", swapped=False, picture=True)
    assert solution.fit.rms_m < 1e-6
    assert solution.residuals_m[4] == pytest.approx(10)


def test_what_is_missing_is_counted():
    assert "2" in solve(SQUARE[:2], "affine", swapped=False, picture=True).problem.en
    half = [*SQUARE[:1], PointRow("2", 100, 0)]
    assert not solve(half, "similarity", swapped=False, picture=True).acceptable


def test_points_that_contradict_each_other_are_shown_but_not_accepted():
    wrong = [*SQUARE[:3], PointRow("4", 0, -80, 900, 860)]
    solution = solve(wrong, "similarity", swapped=False, picture=True)
    assert not solution.acceptable
    assert max(solution.residuals_m) > 50
    assert solution.problem.zh


def test_rows_of_a_sheet_are_pasted_with_and_without_names_and_titles_left_out():
    whole = pasted_rows("点名\tX\tY\t东\t北\nK1\t1.5\t2\t616000.1\t4077000\n\t3\t4\t5\t6\n", [])
    assert whole == [PointRow("K1", 1.5, 2, 616000.1, 4077000), PointRow("1", 3, 4, 5, 6)]
    ground = pasted_rows("616000.1, 4077000\n合计\nnan\tinf", whole)
    assert ground == [PointRow("2", None, None, 616000.1, 4077000)]


def test_north_first_in_the_drawing_is_exchanged_only_where_the_drawing_has_no_such_place():
    box = (800.0, 2000.0, 1200.0, 2400.0)
    assert PointRow("1", 2176.6, 881.9, 1, 2).drawing_east_first(box) == PointRow("1", 881.9, 2176.6, 1, 2)
    assert PointRow("1", 881.9, 2176.6, 1, 2).drawing_east_first(box).x == 881.9
    square = (0.0, 0.0, 400.0, 400.0)
    assert PointRow("1", 300, 100, 1, 2).drawing_east_first(square).x == 300
    assert PointRow("1", 9e9, 100, 1, 2).drawing_east_first(square).x == 9e9


def test_a_mirrored_drawing_offers_to_exchange_its_axes():
    mirrored = rows((900, 500, 500, 900), (900, 600, 600, 900), (820, 600, 600, 820), (820, 500, 500, 820))
    solution = solve(mirrored, "similarity", swapped=False, picture=False)
    assert (solution.fit, solution.offer_swap) == (None, True)
    assert solve(mirrored, "similarity", swapped=True, picture=False).acceptable


def test_a_new_point_takes_the_smallest_free_number():
    assert next_name([SQUARE[0], SQUARE[2]]) == "2"


def test_a_fit_of_a_drawing_still_doubts_an_odd_unit():
    points = [row.point for row in SQUARE]
    assert [f.code for f in fit_control_points(points).findings] == ["georeference.scale"]


# The form


@pytest.fixture
def form(qtbot, window, tmp_path):
    """The form of control points on a scan of which each pixel is half a metre."""
    Image.new("RGB", (320, 240), "#FFE0A0").save(tmp_path / "scan.png")
    window.background_actions._look_at(tmp_path / "scan.png", window.background_actions._place_by_points)
    qtbot.waitUntil(lambda: _form() is not None, timeout=10_000)
    made = _form()
    window.canvas.snapping = False
    yield made
    if _form() is not None:
        made.reject()


def _form():
    found = [w for w in QApplication.topLevelWidgets() if type(w).__name__ == "GeoreferenceDialog"]
    return next((w for w in found if w.isVisible()), None)


def click_both(window, form, column, row, east, north):
    spot = form.view.to_widget(column, row).toPoint()
    QTest.mouseClick(form.view, Qt.MouseButton.LeftButton, pos=spot)
    assert window.picker.active
    x, y = window.canvas.viewport.to_px(east, north)
    at = QPoint(round(float(x)), round(float(y)))
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=at)


def test_points_typed_in_another_zone_are_offered_to_be_converted(form, window):
    lines = ["A\t20\t20\t{}\t{}", "B\t300\t20\t{}\t{}", "C\t20\t220\t{}\t{}"]
    places = [(EAST, NORTH), (EAST + 140, NORTH), (EAST, NORTH - 100)]
    for code in ("EPSG:4549", "EPSG:4527"):
        points = [ControlPoint("", 0, 0, *place) for place in places]
        given = [p[3:5] for p in converted(points, "EPSG:4548", code)]
        words = "\n".join(line.format(*place) for line, place in zip(lines, given, strict=True))
        form.rows = pasted_rows(words, [])
        form._refresh()
        assert code in form.offer.text()
        assert form.problem.isVisible()
        form.offer.click()
        assert [(r.east, r.north) for r in form.rows] == [pytest.approx(p, abs=1e-3) for p in places]
        assert not form.offer.isVisible()
        form.take_back()
        assert form.rows[0].east == pytest.approx(given[0][0], abs=1e-3)


def test_points_on_one_line_are_told_to_show_no_mirrored_picture():
    line = rows((0, 0, 500, 900), (100, 0, 550, 900), (200, -1, 600, 899.5))
    assert [f.code for f in solve(line, "similarity", swapped=False, picture=True).fit.findings] == [
        "georeference.in-line"
    ]


def test_two_clicks_a_point_place_a_scan(qtbot, window, form, tmp_path):
    window.canvas.zoom_to((EAST - 20, NORTH - 40, EAST + 180, NORTH + 120))
    settled(qtbot, window)
    for column, row in ((20, 20), (300, 20), (300, 220)):
        click_both(window, form, column, row, EAST + column / 2, NORTH + 110 - row / 2)
    assert len(form.rows) == 3
    assert form.solution.acceptable
    assert form.solution.fit.scale == pytest.approx(0.5, rel=0.02)
    assert window.canvas.pictures.backdrop.ghost is not None
    form.accept()
    qtbot.waitUntil(lambda: bool(window.backgrounds.rows), timeout=10_000)
    (kept,) = backgrounds_of(window.session.project.snapshot.settings)
    assert isinstance(kept, RasterBackground)
    assert kept.crs == "EPSG:4548"
    assert kept.transform[0] == pytest.approx(0.5, rel=0.02)
    assert kept.transform[4] == pytest.approx(-0.5, rel=0.02)
    assert window.canvas.pictures.backdrop.ghost is None
    settled(qtbot, window)
    assert colour(window, EAST + 150, NORTH + 60) == (255, 224, 160)


def test_a_second_click_on_the_picture_corrects_the_first_until_the_map_has_answered(window, form):
    form.point_at(20, 20)
    form.point_at(24, 21)
    assert [(line.x, line.y) for line in form.rows] == [(24, -21)]
    form.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier))
    form.point_at(300, 20)
    assert len(form.rows) == 2


def test_what_was_done_to_the_points_is_taken_back_step_by_step(qtbot, window, form):
    form.point_at(20, 20)
    form.point_on_map(Point(EAST, NORTH))
    form.point_at(300, 20)
    form.remove()
    assert len(form.rows) == 1
    for left in ([20, 300], [20], [20]):
        qtbot.keyClick(form, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert [line.x for line in form.rows] == left
    assert form.rows[0].east is None
    qtbot.keyClick(form, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert form.rows == []
    qtbot.keyClick(form, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # nothing more


def test_coordinates_can_be_typed_and_a_point_switched_off(form):
    form.point_at(20, 20)
    form.table.item(0, 3).setText(f"{EAST + 10}, {NORTH + 100}")
    form.point_at(300, 20)
    form.table.item(1, 3).setText(str(EAST + 150))
    form.table.item(1, 4).setText(str(NORTH + 100))
    assert form.solution.acceptable
    form.point_at(300, 220)
    form.table.item(2, 3).setText(f"{EAST + 999}\t{NORTH}")
    assert not form.solution.acceptable
    assert not form.go.isEnabled()
    form.table.item(2, 0).setCheckState(Qt.CheckState.Unchecked)
    assert form.solution.acceptable
    assert float(form.table.item(2, 5).text()) > 100


def test_points_are_read_from_a_table_and_nonsense_is_told(form, tmp_path):
    (tmp_path / "points.csv").write_text(
        f"A,20,20,{EAST + 10},{NORTH + 100}\nB,300,20,{EAST + 150},{NORTH + 100}\n"
    )
    form.load(tmp_path / "points.csv")
    assert form.solution.fit.scale == pytest.approx(0.5)
    (tmp_path / "bad.csv").write_text("A,not,a,number,here\n")
    form.load(tmp_path / "bad.csv")
    assert form.problem.isVisibleTo(form)
    assert len(form.rows) == 2


def test_leaving_the_form_leaves_the_map_as_it_was(window, form):
    form.point_at(20, 20)
    assert window.picker.active
    form.reject()
    assert not window.picker.active
    assert window.canvas.pictures.backdrop.ghost is None
    assert BACKGROUNDS not in window.session.project.snapshot.settings


def test_a_place_typed_as_survey_tables_give_it_is_exchanged_and_told(form):
    for column, row in ((20, 20), (300, 20), (300, 220)):
        form.point_at(column, row)
        at = len(form.rows) - 1
        form.table.item(at, 3).setText(f"{NORTH + 110 - row / 2}, {EAST + column / 2}")
    assert form.rows[0].east == pytest.approx(EAST + 10)
    assert form.solution.acceptable
    assert form.solution.fit.rms_m < 1e-3
    assert "北、东" in form.problem.text()


def test_a_place_outside_the_system_of_the_plan_is_not_taken(form):
    for column in (20, 300):
        form.point_at(column, 20)
        form.table.item(len(form.rows) - 1, 3).setText(f"{39_000_000 + EAST + column / 2}, {NORTH}")
    assert not form.solution.acceptable
    assert not form.go.isEnabled()
    assert "带号" in form.problem.text()


def test_what_is_said_in_the_form_names_no_option_of_the_command_line(form):
    for column, row in ((20, 20), (300, 20), (300, 220), (20, 220)):
        form.point_at(column, row)
        at = len(form.rows) - 1
        form.table.item(at, 3).setText(f"{EAST - column / 2}, {NORTH + 110 - row / 2}")
    assert form.solution.offer_swap
    assert "镜像" in form.problem.text()
    assert "--" not in form.problem.text()


def test_the_points_are_marked_on_the_map_while_the_form_is_open(window, form):
    form.point_at(20, 20)
    form.table.item(0, 3).setText(f"{EAST + 10}, {NORTH + 100}")
    assert [(pin.name, pin.x) for pin in window.canvas.pictures.backdrop.pins] == [("1", EAST + 10)]
    form.reject()
    assert window.canvas.pictures.backdrop.pins == ()


def test_escape_stops_the_pointing_and_keeps_the_points(window, form):
    form.point_at(20, 20)
    assert window.picker.active
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not window.picker.active
    assert form.isVisible()
    assert len(form.rows) == 1


def test_the_form_stands_at_the_right_and_leaves_the_map_free(window, form):
    assert form.geometry().right() <= window.geometry().right()
    assert form.geometry().left() > window.geometry().left()
    assert form.width() <= 560


def test_a_drawing_without_a_place_is_painted_to_point_at():
    import numpy as np
    import shapely

    from gis.render.outline_picture import picture_of

    shapes = np.array([shapely.box(1000, 2000, 1100, 2050), shapely.Point(1050, 2025), None], dtype=object)
    image, (a, _, c, _, e, f) = picture_of(shapes, 800)
    x, y = (1050 - c) / a, (2025 - f) / e
    assert (x, y) == pytest.approx((image.width() / 2, image.height() / 2), abs=1)
    assert image.pixelColor(round(x), round(y)).alpha() > 0
    corner = round((1000 - c) / a), round((2050 - f) / e)
    assert image.pixelColor(*corner).alpha() > 0
    assert image.pixelColor(round(x) + 60, round(y)).alpha() == 0
    assert picture_of(np.array([None], dtype=object)) is None
