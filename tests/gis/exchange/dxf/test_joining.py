"""Outlines drawn as single lines."""

import pytest
from shapely.geometry import Polygon

from gis.exchange.dxf.mapping import DxfMapping
from tests.gis.exchange.dxf.conftest import SOUTH, WEST, box, words
from tests.gis.exchange.dxf.test_plan import codes, of, planned


def walls(space, corners, layer="JMD", gap=0.0):
    """Draw a chain of single lines; each begins a little off the end of the one before."""
    for i in range(len(corners) - 1):
        (x, y), (a, b) = corners[i : i + 2]
        space.add_line(
            (WEST + x + gap * (i > 0), SOUTH + y), (WEST + a, SOUTH + b), dxfattribs={"layer": layer}
        )


def ring(x, y, width, height):
    """Return the corners of a rectangle, the first again at the end."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]


@pytest.mark.parametrize("gap", [0.0, 0.03])
def test_four_lines_that_meet_are_one_building(made, gap):
    def draw(_, space):
        walls(space, ring(0, 0, 20, 10), gap=gap)
        words(space, "混3", 8, 4, "JMD")

    result = planned(made(draw))
    (house,) = of(result, "building")
    assert house.geometry.area == pytest.approx(200, abs=1)
    assert (house.attributes["structure"], house.attributes["floors"]) == ("brick", 3)
    assert (result.counts.features, result.counts.merged) == (1, 4)
    assert "dxf.joined" in codes(result)


def test_houses_that_share_a_wall_are_told_from_a_court_by_their_notes(made):
    def draw(_, space):
        walls(space, ring(0, 0, 20, 10))
        walls(space, [(20, 0), (40, 0), (40, 10), (20, 10)])
        walls(space, [(40, 0), (60, 0), (60, 10), (40, 10)])
        words(space, "砼6", 8, 4, "JMD")
        words(space, "混2", 28, 4, "JMD")

    result = planned(made(draw))
    assert sorted(f.attributes["floors"] for f in of(result, "building")) == [2, 6]
    assert len(of(result, "reference")) == 3  # the walls of the court
    assert sum(result.counts) - result.counts.read == result.counts.read


def test_lines_that_close_nothing_stay_lines(made):
    result = planned(made(lambda _, space: walls(space, [(0, 0), (20, 0), (20, 10), (0, 10)])))
    assert not of(result, "building")
    assert len(of(result, "reference")) == 3
    assert "dxf.joined" not in codes(result)


def test_lines_stay_lines_where_lines_belong(made):
    mapping = DxfMapping.standard()
    result = planned(made(lambda _, space: walls(space, ring(0, 0, 20, 10), "DLSS")), mapping)
    assert len(of(result, "road")) == 4


def test_an_open_outline_beside_a_closed_one_does_not_change_it(made):
    def draw(_, space):
        box(space, 0, 0, 20, 10, "JMD")
        walls(space, [(5, 0), (5, 4), (9, 4)])

    (house,) = of(planned(made(draw)), "building")
    assert isinstance(house.geometry, Polygon)
    assert house.geometry.area == pytest.approx(200)


def test_notes_of_houses_in_no_outline_or_at_odds_are_told(made):
    def draw(_, space):
        box(space, 0, 0, 20, 10, "JMD")
        words(space, "砼6", 5, 4, "JMD")
        words(space, "砖2", 12, 4, "JMD")
        words(space, "混3", 50, 4, "JMD")

    result = planned(made(draw))
    told = {f.code: f for f in result.findings}
    assert told["dxf.note-outside"].message.zh.startswith("1 处")
    assert told["dxf.notes-at-odds"].record.startswith("#")
