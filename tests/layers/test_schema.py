"""What a field accepts, and how it words a value."""

from __future__ import annotations

import pytest

from layers.kinds import standard_kinds
from layers.schema import Choice, Field
from layers.text import Text

FLOORS = Field("floors", Text("层数", "Floors"), "integer", minimum=0, maximum=120)
DAYS = Field(
    "days",
    Text("日", "Days"),
    "choices",
    domain=(Choice("mon", Text("周一", "Mon")), Choice("tue", Text("周二", "Tue"))),
)


@pytest.mark.parametrize("value", [None, "", 0, 6, 120])
def test_a_whole_number_in_range_or_nothing_is_accepted(value):
    assert FLOORS.problem(value) is None


@pytest.mark.parametrize("value", ["6", 6.0, True, -1, 121])
def test_text_fractions_truth_values_and_numbers_out_of_range_are_refused(value):
    assert FLOORS.problem(value) is not None


def test_a_required_field_insists():
    assert Field("a", Text("甲", "A"), required=True).problem("") == Text("必填", "Required")


def test_several_codes_are_worded_one_by_one():
    assert DAYS.word("mon,tue") == Text("周一、周二", "Mon, Tue")


def test_an_unknown_code_is_named_in_the_refusal():
    assert "wed" in DAYS.problem("mon,wed").en


@pytest.mark.parametrize(
    ("value", "accepted"), [("2020-07-25", True), ("25.7.2020", False), ("2020-13-01", False)]
)
def test_a_date_is_iso(value, accepted):
    assert (Field("d", Text("日期", "Date"), "date").problem(value) is None) is accepted


@pytest.mark.parametrize("kind", standard_kinds().values(), ids=lambda k: k.name)
def test_a_kind_is_whole(kind):
    names = [field.name for field in kind.fields]
    assert len(names) == len(set(names))
    assert all(name.isascii() and name == name.lower() for name in names)
    assert all(field.problem(field.default) is None for field in kind.fields if field.default is not None)
    assert kind.style.rules, "a kind without a symbol cannot be seen"
    assert not kind.style.rules[-1].when, "the last rule catches every feature"


@pytest.mark.parametrize("kind", standard_kinds().values(), ids=lambda k: k.name)
def test_the_rules_of_a_style_ask_only_for_fields_and_codes_that_exist(kind):
    for rule in (*kind.style.rules, *kind.style.overlays):
        for name, wanted in rule.when.items():
            field = kind.field(name)
            assert field is not None, f"{rule.title.en} asks for {name}"
            codes = {choice.code for choice in field.domain}
            assert not codes or set(wanted) <= codes, f"{rule.title.en} asks for unknown codes of {name}"
