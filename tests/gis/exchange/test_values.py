"""Foreign values and field names are fitted to ours."""

import pytest

from gis.exchange.mapping import automatic_mapping, complete_mapping, short_names
from gis.exchange.values import fit, number
from layers.errors import UsageError
from layers.kinds import standard_kinds
from layers.schema import Field, choices
from layers.text import Text


def field(kind, **more):
    return Field("f", Text("字段", "field"), kind, **more)


@pytest.mark.parametrize(
    ("given", "fitted"),
    [
        (6, 6),
        ("6", 6),
        ("6层", 6),
        ("６", 6),
        (6.0, 6),
        ("约 1,186 户", 1186),
        ("", None),
        (" ", None),
        (None, None),
    ],
)
def test_whole_numbers_are_read_as_people_write_them(given, fitted):
    assert fit(field("integer"), given) == (fitted, None)


@pytest.mark.parametrize("given", ["许多层", "5-6", "6.5", 6.5, "B2"])
def test_what_is_no_whole_number_is_said(given):
    value, problem = fit(field("integer"), given)
    assert value is None
    assert problem is not None


def test_a_real_field_holds_floats_only():
    assert repr(fit(field("real"), 3).value) == "3.0"
    assert fit(field("real"), "DN300").value == 300.0


def test_a_value_out_of_range_is_not_taken():
    assert fit(field("integer", minimum=0, maximum=120), 999).problem is not None


@pytest.mark.parametrize(
    ("given", "fitted"),
    [
        ("2020-7-5", "2020-07-05"),
        ("2020年7月5日", "2020-07-05"),
        ("20200705", "2020-07-05"),
        ("2020/07/05T08:00", "2020-07-05"),
    ],
)
def test_dates_become_iso_text(given, fitted):
    assert fit(field("date"), given).value == fitted


def test_an_impossible_date_is_said():
    assert fit(field("date"), "2020-02-31").problem is not None


@pytest.mark.parametrize(
    ("given", "fitted"), [("是", True), (1, True), ("no", False), (0, False), ("√", True)]
)
def test_truth_is_read_in_many_words(given, fitted):
    assert fit(field("boolean"), given).value is fitted


def test_codes_are_found_by_title_and_synonym():
    use = standard_kinds()["building"].field("use")
    assert [fit(use, w).value for w in ("housing", "住宅", "Residential", "商业")] == [
        "housing",
        "housing",
        "housing",
        "shop",
    ]
    assert fit(use, "火箭").problem is not None


def test_several_codes_may_stand_in_one_value():
    days = field("choices", domain=choices(mon=("周一", "Mon"), fri=("周五", "Fri")))
    assert fit(days, "周一、Fri").value == "mon,fri"
    assert fit(days, "周一、周九").problem is not None


def test_photo_fields_take_only_ids_of_photos():
    assert fit(field("photos"), "IMG_1.jpg").problem is not None
    assert fit(field("photos"), "0" * 64).value == "0" * 64


def test_each_column_fills_one_field_and_each_field_is_filled_once():
    fields = standard_kinds()["building"].fields
    mapping = automatic_mapping(["楼号", "number", "NAME", "building:levels", "层数"], fields)
    assert mapping == {"number": "number", "NAME": "name", "层数": "floors"}


def test_the_user_overrules_and_may_leave_out():
    fields = standard_kinds()["building"].fields
    mapping = complete_mapping(["a", "name"], fields, {"a": "楼号", "name": ""})
    assert mapping == {"a": "number"}


@pytest.mark.parametrize("given", [{"nix": "name"}, {"a": "nix"}])
def test_a_mapping_of_what_does_not_exist_names_what_does(given):
    with pytest.raises(UsageError) as caught:
        complete_mapping(["a"], standard_kinds()["building"].fields, given)
    assert caught.value.advice is not None


@pytest.mark.parametrize("kind", standard_kinds().values(), ids=lambda k: k.name)
def test_short_names_are_short_different_and_found_again(kind):
    short = short_names(kind.fields)
    assert len(set(short.values())) == len(kind.fields)
    assert all(len(name) <= 10 and name.isascii() for name in short.values())
    assert automatic_mapping(short.values(), kind.fields) == {s: n for n, s in short.items()}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("1.2万", 12000), ("3千", 3000), ("30户左右", 30), ("地上6层", 6), ("约30", 30)],
)
def test_numbers_are_read_as_people_write_them(given, wanted):
    assert number(given) == wanted


@pytest.mark.parametrize("given", ["-", "—", "/", "无", " 不详 "])
def test_a_sign_for_nothing_is_no_number_and_no_fault(given):
    assert fit(Field("floors", Text("层数", "Floors"), "integer"), given) == (None, None)
    assert fit(Field("note", Text("备注", "Note"), "text"), "无").value == "无"


@pytest.mark.parametrize("given", ["1998-05-01", "1998年5月", "1998/5/1 00:00:00"])
def test_of_a_date_the_year_is_taken_where_years_are_wanted(given):
    year = Field("year", Text("建成年份", "Year"), "integer", minimum=1800, maximum=2200)
    assert fit(year, given).value == 1998
    assert fit(Field("floors", Text("层数", "Floors"), "integer"), "1998-05-01").value is None
