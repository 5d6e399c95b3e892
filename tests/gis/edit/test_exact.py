"""Exact places from typed words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.edit.exact import Absolute, Polar, Relative, check_near, placed, read_number, read_typed
from gis.measure import heading_deg, segment_length_m
from layers.errors import BadInputError


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("12.5", Polar(12.5)),
        (" １２．５ ", Polar(12.5)),
        ("-3", Polar(-3.0)),
        ("12<90", Polar(12.0, 90.0)),
        ("<45", Polar(None, 45.0)),
        ("＜45°", Polar(None, 45.0)),
        ("@3,-4", Relative(3.0, -4.0)),
        ("@3 -4", Relative(3.0, -4.0)),
        ("＠３，４", Relative(3.0, 4.0)),
        ("616650.25,4077999", Absolute(616650.25, 4077999.0)),
        ("616650.25， 4077999", Absolute(616650.25, 4077999.0)),
        ("5m", Polar(5.0)),
        ("5 米", Polar(5.0)),
    ],
)
def test_what_people_type_is_read(text, typed):
    assert read_typed(text) == typed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1,2,3",
        "@1",
        "@",
        "<",
        "1e999",
        "nan",
        "inf",
        "1_000",
        "12<",
        "--3",
        "1<2<3",
        "0",
        "=1+1",
        "1e12",
    ],
)
def test_nonsense_is_refused_with_what_can_be_typed(text):
    with pytest.raises(BadInputError) as refused:
        read_typed(text)
    assert refused.value.code in ("typed.nonsense", "typed.zero")
    assert refused.value.message.zh


def test_angles_run_clockwise_from_grid_north_and_right_angles_are_exact():
    assert placed(Polar(5, 0), (10, 20), (0, 0)) == (10, 25)
    assert placed(Polar(5, 90), (10, 20), (0, 0)) == (15, 20)
    assert placed(Polar(5, 180), (10, 20), (0, 0)) == (10, 15)
    assert placed(Polar(5, 450), (10, 20), (0, 0)) == (15, 20)


def test_an_angle_alone_holds_the_pointer_to_its_line():
    assert placed(Polar(None, 90), (0, 0), (7, 3)) == (7, 0)


@given(
    st.floats(0.001, 1e5),
    st.floats(0, 359.999),
    st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)),
)
def test_a_typed_length_and_angle_are_the_ones_measured(length, angle, origin):
    place = placed(Polar(length, angle), origin, origin)
    assert segment_length_m(origin, place) == pytest.approx(length, abs=1e-8)
    if length > 0.1:
        turn = abs(heading_deg(origin, place) - angle) % 360
        assert min(turn, 360 - turn) < 1e-3


@given(st.floats(0.01, 1e4), st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_a_distance_alone_goes_towards_the_pointer(length, dx, dy):
    if math.hypot(dx, dy) < 1e-3:
        return
    x, y = placed(Polar(length), (0, 0), (dx, dy))
    assert math.hypot(x, y) == pytest.approx(length)
    assert x * dx + y * dy > 0


@pytest.mark.parametrize(
    ("typed", "origin", "code"),
    [
        (Polar(3), None, "typed.no-origin"),
        (Relative(1, 1), None, "typed.no-origin"),
        (Polar(3), (0, 0), "typed.no-direction"),
    ],
)
def test_what_cannot_be_placed_is_refused(typed, origin, code):
    with pytest.raises(BadInputError) as refused:
        placed(typed, origin, (0, 0))
    assert refused.value.code == code


def test_a_relative_coordinate_without_its_sign_is_noticed():
    check_near((616_900, 4_078_000), (616_650, 4_077_999, 617_000, 4_078_300))
    check_near((3, 4), None)
    with pytest.raises(BadInputError) as refused:
        check_near((3, 4), (616_650, 4_077_999, 617_000, 4_078_300))
    assert "@" in refused.value.message.zh


def test_numbers_carry_units():
    assert [read_number(t) for t in ("4.5 m", "45°", "４５度", "-.5")] == [4.5, 45, 45, -0.5]


@pytest.mark.parametrize(
    "words",
    [
        "616650.25,4077999.5",
        "616 650.25, 4 077 999.50",
        "X=4077999.5 Y=616650.25",
        "Ｎ4077999.5，Ｅ616650.25",
    ],
)
def test_a_coordinate_is_read_as_programs_and_surveyors_write_it(words):
    assert read_typed(words) == Absolute(616650.25, 4077999.5)


def test_exchanged_axes_are_named_with_the_order_that_is_meant():
    plan = (616400.0, 4077800.0, 616900.0, 4078200.0)
    with pytest.raises(BadInputError) as refused:
        check_near((4077999.5, 616650.25), plan)
    assert refused.value.code == "typed.swapped"
    assert "616650.25,4077999.5" in refused.value.message.zh
    assert "X=4077999.5 Y=616650.25" in refused.value.message.en
