"""What an expression picks, and how it refuses what it does not understand."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.expression import parse_expression
from layers.errors import BadInputError
from layers.kinds import standard_kinds
from layers.schema import Choice, Field
from layers.table import Table
from layers.text import Text

FIELDS = (
    Field("number", Text("楼号", "Building no.")),
    Field("floors", Text("层数", "Floors"), "integer"),
    Field("area", Text("面积", "Area"), "real"),
    Field("use", Text("用途", "Use"), "choice", domain=(
        Choice("housing", Text("住宅", "Housing")), Choice("shop", Text("商铺", "Shops")))),
    Field("days", Text("日", "Days"), "choices", domain=(
        Choice("mon", Text("周一", "Mon")), Choice("tue", Text("周二", "Tue")))),
    Field("lift", Text("有电梯", "Lift"), "boolean"),
    Field("built", Text("建成", "Built"), "date"),
)  # fmt: skip


def column(*values):
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


TABLE = Table(
    column("a", "b", "c", "d"),
    column(None, None, None, None),
    {
        "number": column("3", "10", "3甲", None),
        "floors": column(5, 6, 11, None),
        "area": column(100.0, 250.5, None, 0.0),
        "use": column("housing", "shop", "housing", ""),
        "days": column("mon,tue", "tue", "", None),
        "lift": column(True, False, None, True),
        "built": column("1998-06-01", "2004-01-15", "2020-07-25", None),
    },
)


def picked(text):
    return "".join(TABLE.uids[parse_expression(text, FIELDS).rows(TABLE)])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("floors > 5", "bc"),
        ("层数 >= 6", "bc"),
        ("Floors<=6", "ab"),
        ("层数≥6 且 用途='住宅'", "c"),
        ("use = 'Shops' or floors = 5", "ab"),
        ("用途 in ('住宅', 'shop')", "abc"),
        ("用途 属于（“住宅”，“商铺”）", "abc"),
        ("use not in ('shop')", "acd"),
        ("use <> 'shop'", "acd"),
        ("not use = 'shop'", "acd"),
        ("floors between 6 and 11", "bc"),
        ("层数 介于 5 且 6", "ab"),
        ("number like '3%'", "ac"),
        ("number like '1_'", "b"),
        ("楼号 包含 '甲'", "c"),
        ("number is null", "d"),
        ("用途 为空", "d"),
        ("用途 不为空", "abc"),
        ("use is not empty", "abc"),
        ("days = '周一'", "a"),
        ("日 in ('tue')", "ab"),
        ("lift = true", "ad"),
        ("有电梯 = '否'", "b"),
        ("built >= '2004-01-01'", "bc"),
        ("area / floors > 30", "b"),
        ("(area + 1) * 2 > 100 and (floors = 5 or floors = 6)", "ab"),
        ("((floors > 5))", "bc"),
        ("floors = -5 or floors < 2 * 3", "a"),
        ("\"Building no.\" = '10'", "b"),
        ("[楼号] = '10' ", "b"),
        ("area / 0 > 1", ""),
        ("floors = 5 or floors = 6 and use = 'housing'", "a"),
    ],
)
def test_an_expression_picks_these_rows(text, rows):
    assert picked(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "floors > 5",
        "层数≥6 且 (用途='住宅' 或 不 楼号 包含 '甲''乙')",
        "floors between 6 and 11 or area*2-1 < -4.5",
        "lift = true and number is empty",
        "use in ('shop','Housing')",
        "not not floors = 1",
    ],
)
def test_what_is_written_back_reads_to_the_same(text):
    first = parse_expression(text, FIELDS)
    again = parse_expression(first.text, FIELDS)
    assert (again.condition, again.text) == (first.condition, first.text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", 1),
        ("floors >", 9),
        ("层高 > 3", 1),
        ("floors > 5 and", 15),
        ("floors ; drop", 8),
        ("__import__('os') = 1", 1),
        ("floors.real > 1", 1),
        ("use in 'shop'", 8),
        ("use in ('shop'", 15),
        ("(floors > 5", 12),
        ("floors > 5)", 11),
        ("floors like 5", 13),
        ("floors", 7),
        ("5 6", 3),
        ("use in (floors)", 9),
    ],
)
def test_what_is_not_understood_is_refused_at_its_place(text, place):
    with pytest.raises(BadInputError) as caught:
        parse_expression(text, FIELDS)
    assert caught.value.findings[0].record == place


def test_brackets_without_end_and_texts_without_end_are_refused():
    for text in ("(" * 500 + "floors=1" + ")" * 500, "not " * 450 + "floors=1", "floors=" + "-" * 900 + "1",
                 "x" * 3000):  # fmt: skip
        with pytest.raises(BadInputError):
            parse_expression(text, FIELDS)


def test_an_unknown_field_is_answered_with_those_there_are():
    with pytest.raises(BadInputError) as caught:
        parse_expression("hight > 3", FIELDS)
    assert "层数" in caught.value.advice.zh
    assert "floors" in caught.value.advice.en


def test_a_pattern_of_many_wildcards_takes_no_longer_than_its_letters():
    table = Table(column("a"), column(None), {"number": column("a" * 2000)})
    assert not parse_expression(f"number like '{'%a' * 300}b'", FIELDS).rows(table).any()


def test_one_feature_is_judged_as_its_row_is():
    found = parse_expression("层数 > 5 且 用途 = '住宅'", FIELDS)
    assert [found.holds(feature.attributes) for feature in TABLE] == found.rows(TABLE).tolist()


@given(st.text(max_size=60))
def test_any_text_is_understood_or_refused_in_words(text):
    with contextlib.suppress(BadInputError):
        parse_expression(text, FIELDS).rows(TABLE)


def test_titles_of_every_standard_field_can_be_typed_in_both_languages():
    for kind in standard_kinds().values():
        for field in kind.fields:
            for title in field.title:
                found = parse_expression(f'"{title}" is empty', kind.fields)
                assert len(found.fields) == 1
