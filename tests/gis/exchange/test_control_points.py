"""Files in a local grid come in by control points, and by nothing else."""

import ezdxf
import pytest
import shapely

from gis.exchange.control_points import drawing_points, read_control_points
from gis.exchange.drawing_ground import drawing_on_ground
from gis.exchange.dxf.drawing import read_drawing
from gis.exchange.plan import plan_import
from gis.exchange.source import Ground, read_source
from gis.georeference import ControlPoint, fit_control_points
from layers.errors import BadInputError, CrsError
from tests.gis.exchange.test_reading import write_geojson

LINES = ("K1,100,200,616700,4078200", "K2,400,200,617000,4078200", "K3,100,500,616700,4078500")


def table(path, *lines, encoding="utf-8"):
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def csv_of_boxes(path):
    return table(path, "编号;wkt", "1;POLYGON ((100 200, 140 200, 140 212, 100 212, 100 200))")


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        ("点名,x,y,E,N", *LINES),
        ("北坐标\t东坐标\t点号\ty\tx", "4078200\t616700\tK1\t200\t100", "4078200\t617000\tK2\t200\t400",
         "4078500\t616700\tK3\t500\t100"),
        tuple(line.partition(",")[2] for line in LINES),
    ],
)  # fmt: skip
def test_control_points_are_read_with_and_without_titles(tmp_path, lines):
    found = read_control_points(table(tmp_path / "k.csv", *lines, encoding="gb18030"), "EPSG:4548")
    assert [p[1:5] for p in found] == [
        (100, 200, 616700, 4078200), (400, 200, 617000, 4078200), (100, 500, 616700, 4078500)
    ]  # fmt: skip


def test_places_given_in_degrees_are_converted(tmp_path):
    (point,) = read_control_points(table(tmp_path / "k.csv", "K1,0,0,118.3075,36.8260"), "EPSG:4548")
    assert (point.east, point.north) == pytest.approx((616650.295, 4077999.006), abs=0.01)


def test_each_line_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(BadInputError) as caught:
        read_control_points(table(tmp_path / "k.csv", LINES[0], "K2,x,1,2,3", "K3,1"), "EPSG:4548")
    assert [f.record for f in caught.value.findings] == [2, 3]


def test_a_local_grid_is_refused_without_control_points(tmp_path):
    with pytest.raises(CrsError) as caught:
        read_source(csv_of_boxes(tmp_path / "a.csv"), crs="EPSG:4548")
    assert "--control-points" in caught.value.advice.zh


def test_a_local_grid_comes_in_by_control_points(tmp_path, empty_plan):
    found = read_control_points(table(tmp_path / "k.csv", *LINES), "EPSG:4548")
    source = read_source(
        csv_of_boxes(tmp_path / "a.csv"), ground=Ground("EPSG:4548", fit_control_points(found))
    )
    made = plan_import(empty_plan, source, "building")
    (change,) = made.changes
    wanted = shapely.box(616700, 4078200, 616740, 4078212)
    assert change.after.geometry.symmetric_difference(wanted).area < 1e-3
    assert "georeference.fit" in {f.code for f in made.findings}


def test_old_datums_come_in_by_control_points_too(tmp_path, empty_plan):
    path = write_geojson(
        tmp_path / "a.geojson", shapely.box(616600, 4077900, 616640, 4077912), crs="EPSG:2384"
    )
    with pytest.raises(CrsError):
        plan_import(empty_plan, read_source(path), "building")
    lines = (
        "K1,616600,4077900,616715,4077896",
        "K2,617600,4077900,617715,4077896",
        "K3,616600,4078900,616715,4078896",
    )
    fit = fit_control_points(read_control_points(table(tmp_path / "k.csv", *lines), "EPSG:4548"))
    made = plan_import(empty_plan, read_source(path, ground=Ground("EPSG:4548", fit)), "building")
    assert next(iter(made.changes)).after.geometry.bounds == pytest.approx((616715, 4077896, 616755, 4077908))


def test_a_drawing_in_a_local_grid_comes_onto_the_ground(tmp_path):
    document = ezdxf.new("R2010", setup=True)
    document.units = 4  # millimetres
    corners = [(100_000, 200_000), (140_000, 200_000), (140_000, 212_000), (100_000, 212_000)]
    document.modelspace().add_lwpolyline(corners, close=True, dxfattribs={"layer": "JMD"})
    document.saveas(tmp_path / "a.dxf")
    lines = (
        "K1,100000,200000,616700,4078200",
        "K2,400000,200000,617000,4078200",
        "K3,100000,500000,616700,4078500",
    )
    fit = fit_control_points(read_control_points(table(tmp_path / "k.csv", *lines), "EPSG:4548"))
    drawing = drawing_on_ground(read_drawing(tmp_path / "a.dxf"), Ground("EPSG:4548", fit))
    assert drawing.bounds == pytest.approx((616700, 4078200, 616740, 4078212), abs=1e-3)
    assert drawing.crs == "EPSG:4548"
    assert {"georeference.fit", "georeference.unit"} <= {f.code for f in drawing.findings}


def test_ground_numbers_given_north_first_are_exchanged_and_told(tmp_path):
    lines = [f"{n},{x},{y},{north},{east}" for n, x, y, east, north in (line.split(",") for line in LINES)]
    points = read_control_points(table(tmp_path / "k.csv", *lines), "EPSG:4548")
    assert points[0].east == 616700.0
    assert all(point.exchanged for point in points)
    assert "georeference.north-first" in [f.code for f in fit_control_points(points).findings]
    plain = read_control_points(table(tmp_path / "k.csv", *LINES), "EPSG:4548")
    assert "georeference.north-first" not in [f.code for f in fit_control_points(plain).findings]


def test_drawing_numbers_given_north_first_are_exchanged_and_told():
    box = (1000.0, 2000.0, 1400.0, 2300.0)
    right = [ControlPoint("K1", 1000, 2000, 0, 0), ControlPoint("K2", 1400, 2300, 0, 0)]
    given = [point._replace(x=point.y, y=point.x) for point in right]
    points, (told,) = drawing_points(given, box)
    assert (list(points), told.code) == (right, "georeference.drawing-north-first")
    assert drawing_points(right, box) == (tuple(right), ())
    assert drawing_points(given, None) == (tuple(given), ())
