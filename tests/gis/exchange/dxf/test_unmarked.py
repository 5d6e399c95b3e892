"""Our drawings coming back from programs that drop extended data: known by their layers and shapes."""

import ezdxf
import pytest
import shapely

from gis.circles import circle_note
from gis.edit.construct import arc, circle, dimension_line
from gis.exchange.dxf.plan import plan_dxf_import
from gis.exchange.dxf.writing import DxfOptions, write_dxf
from layers.feature import Feature
from tests.gis.exchange.conftest import plan
from tests.gis.exchange.dxf.conftest import SOUTH, WEST, box, read, words


def at(*points):
    return [(WEST + x, SOUTH + y) for x, y in points]


def house(uid, x, number):
    shape = shapely.box(WEST + x, SOUTH, WEST + x + 12, SOUTH + 9)
    return Feature(uid * 32, shape, {"number": number, "floors": 6, "state": "existing", "use": "housing"})


COURT = shapely.Polygon(at((0, 20), (40, 20), (40, 60), (0, 60)), [at((10, 30), (20, 30), (20, 40))])
TWINS = shapely.MultiPolygon([shapely.box(WEST + x, SOUTH + 70, WEST + x + 9, SOUTH + 80) for x in (0, 20)])
ROUND = circle(at((80, 40))[0], 5.0)
BEND = arc(*at((90, 0), (95, 3), (100, 0)))
STREET = shapely.LineString(at((-20, -10), (80, -10)))

MEASURED = {"type": "dimension", "text": "12.00 m"}


@pytest.fixture
def sent():
    """A small plan with one of each sort of shape."""
    return plan(
        building=[house("a", 0, "1"), house("b", 30, "2"), house("c", 60, "3")],
        green=[
            Feature("d" * 32, COURT, {"name": "中心绿地", "state": "renovated"}),
            Feature("e" * 32, TWINS, {}),
            Feature("f" * 32, ROUND, {"note": circle_note(at((80, 40))[0], 5.0), "state": "new"}),
        ],
        barrier=[Feature("1" * 32, BEND, {"note": circle_note((WEST + 95, SOUTH - 2.667), 5.667)})],
        road=[Feature("2" * 32, STREET, {"name": "环南路", "class": "main", "width_m": 7.0})],
        tree=[Feature("3" * 32, shapely.Point(*at((5, -20))[0]), {"crown_m": 5.0})],
        note=[Feature("4" * 32, dimension_line(*at((0, 0), (12, 0), (0, -3))), MEASURED)],
    )


@pytest.fixture
def stripped(sent, tmp_path):
    """Return a function that lets somebody edit the drawing in a program that drops every mark."""

    def stripped(edit=lambda space: None, **options):
        path = tmp_path / "a.dxf"
        write_dxf(
            sent, [x for x in sent.layers.values() if len(x.table)], path, options=DxfOptions(**options)
        )
        document = ezdxf.readfile(path)
        for entity in document.entitydb.values():
            if entity.xdata is not None:
                entity.xdata.data.pop("PLANBOARD", None)
        document.rootdict.remove("PLANBOARD")
        edit(document.modelspace())
        document.saveas(path)
        return read(path)

    return stripped


def codes(made):
    return {finding.code for finding in made.findings}


@pytest.mark.parametrize("version", ["R2000", "R2010"])
def test_a_drawing_without_marks_changes_nothing_and_says_how_it_was_known(sent, stripped, version):
    made = plan_dxf_import(sent, stripped(version=version))
    assert not made.changes
    assert sum(made.counts[1:]) == made.counts.read
    assert {k: c.unchanged for k, c in made.layers.items()} == {
        k: len(x.table) for k, x in sent.layers.items() if len(x.table)
    }
    assert "dxf.recognised" in codes(made)
    assert "dxf.unmet" not in codes(made)


def test_cass_names_lead_home_too_where_they_are_of_one_layer(sent, stripped):
    made = plan_dxf_import(sent, stripped(names="cass"))
    assert not [c for c in made.changes if c.layer in ("building", "barrier", "note")]
    assert made.layers["building"].unchanged == 3


def test_what_was_moved_a_little_is_that_change_alone(sent, stripped):
    def edit(space):
        (wall, *_) = [e for e in space.query("LWPOLYLINE") if e.dxf.layer == "建筑"]
        wall.set_points([(x + 0.5, y) for x, y, *_ in wall.get_points()], format="xy")

    (change,) = plan_dxf_import(sent, stripped(edit)).changes
    assert (change.layer, change.uid, change.action) == ("building", "a" * 32, "modify")
    assert change.after.attributes == change.before.attributes
    assert change.after.geometry.bounds[0] == pytest.approx(WEST + 0.5)


def test_a_court_that_was_moved_leaves_the_rest_of_its_area_as_it_is(sent, stripped):
    def edit(space):
        (court,) = [e for e in space.query("LWPOLYLINE") if e.dxf.layer == "绿地与广场_改造" and len(e) == 3]
        court.set_points([(x, y + 0.5) for x, y, *_ in court.get_points()], format="xy")

    (change,) = plan_dxf_import(sent, stripped(edit)).changes
    assert change.uid == "d" * 32
    assert shapely.equals_exact(
        shapely.Polygon(change.after.geometry.exterior), shapely.Polygon(COURT.exterior), 1e-6
    )
    assert change.after.geometry.interiors[0].bounds[1] == pytest.approx(SOUTH + 30.5)


def test_what_was_drawn_besides_is_new_on_the_layer_it_is_drawn_on(sent, stripped):
    def edit(space):
        box(space, 90, 0, 10, 10, "建筑_新建")
        words(space, "业主自写", 3, 3, "建筑_文字")

    made = plan_dxf_import(sent, stripped(edit))
    added = {c.layer: c.after for c in made.changes}
    assert set(added) == {"building", "reference"}
    assert added["building"].attributes["state"] == "new"
    assert added["reference"].attributes["text"] == "业主自写"


def test_what_was_deleted_is_told_and_offered_to_go(sent, stripped):
    def edit(space):
        (wall, *_) = [e for e in space.query("LWPOLYLINE") if e.dxf.layer == "建筑"]
        space.delete_entity(wall)

    drawing = stripped(edit)
    made = plan_dxf_import(sent, drawing)
    assert not made.changes
    (told,) = [f for f in made.findings if f.code == "dxf.unmet"]
    assert (told.layer, "1 个" in told.message.zh) == ("building", True)
    assert plan_dxf_import(sent, drawing, updates=True).gone == (("building", "a" * 32),)


def test_a_survey_with_layers_called_like_ours_is_a_survey(sent, made):
    def draw(_, space):
        for x in range(5):
            box(space, 300 + 20 * x, 200, 12, 9, "建筑")
            words(space, "砼6", 306 + 20 * x, 204, "建筑_文字")

    found = plan_dxf_import(sent, made(draw))
    assert "dxf.recognised" not in codes(found)
    assert found.layers["building"].added == 5


def test_what_the_user_says_about_a_layer_goes_first(sent, stripped):
    from gis.exchange.dxf.mapping import DxfMapping

    drawing = stripped(lambda space: box(space, 90, 0, 10, 10, "建筑"))
    mapping = DxfMapping.standard().with_layer("建筑", "reference")
    (change,) = plan_dxf_import(sent, drawing, mapping).changes
    assert change.layer == "reference"


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("排水管", "pipe"),
        ("pipe", "pipe"),
        ("Notes and dimensions", "note"),
        ("注记与尺寸", "note"),
        ("方案要素_新建", "plan_element"),
    ],
)
def test_layers_called_like_those_of_the_project_lead_there_in_any_drawing(sent, made, name, layer):
    def draw(_, space):
        if layer == "note":
            words(space, "南 区", 300, 300, name)
        elif layer == "pipe":
            space.add_lwpolyline(at((300, 300), (320, 300)), dxfattribs={"layer": name})
        else:
            box(space, 300, 300, 10, 10, name)

    (change,) = plan_dxf_import(sent, made(draw)).changes
    assert change.layer == layer
