"""When the days for comments cannot be those of what is posted."""

import datetime as dt

import pytest

from gis.notice_period import FIRST, LAST, NoticePeriod

TODAY = dt.date(2026, 11, 22)


def trouble(first, last, made="2026-11-20T10:00:00+08:00"):
    return NoticePeriod.of({FIRST: first, LAST: last}).trouble(TODAY, "R4", made)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (None, None),
        ("2026-11-22", "2026-11-28"),
        (None, "2026-11-22"),
        ("2026-11-20", None),
        ("下周", "待定"),
    ],
)
def test_a_period_that_can_still_be_kept_is_no_trouble(first, last):
    assert trouble(first, last) is None


def test_a_period_over_before_the_revision_was_frozen_is_told_as_that_of_the_one_before():
    found = trouble("2026-10-01", "2026-10-07")
    assert found.grave
    assert "R4" in found.words.zh
    assert "2026年10月7日" in found.words.zh
    assert "2026年11月20日" in found.words.zh


def test_a_period_that_is_merely_over_is_grave_too():
    found = trouble("2026-11-20", "2026-11-21")
    assert found.grave
    assert "R4" not in found.words.zh
    assert trouble(None, "2026-11-21", made="").grave


def test_a_period_begun_before_the_freeze_is_doubtful_and_one_turned_round_is_grave():
    assert not trouble("2026-11-01", "2026-11-30").grave
    assert trouble("2026-11-30", "2026-11-25").grave


def test_what_is_proposed_is_never_a_trouble():
    proposed = NoticePeriod.beginning(TODAY)
    assert proposed.settings == {FIRST: "2026-11-22", LAST: "2026-11-28"}
    assert proposed.trouble(TODAY, "R4", "2026-11-22") is None
