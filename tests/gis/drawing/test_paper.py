"""Sheet sizes, frames and scales."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.drawing.blocks import title_cells
from gis.drawing.content import SheetContent, written_date
from gis.drawing.paper import PAPERS, SCALES, arranged, best_scale, fits, paper_named
from layers.errors import UsageError
from layers.snapshot import Snapshot


@pytest.mark.parametrize(
    ("name", "frame"), [("A0", (1154, 821)), ("A1", (806, 574)), ("A2", (559, 400)), ("A3", (390, 287))]
)
def test_frames_have_the_size_of_the_standard(name, frame):
    paper = PAPERS[name]
    assert (paper.frame.width, paper.frame.height) == frame


@pytest.mark.parametrize("paper", PAPERS.values(), ids=lambda p: p.name)
def test_map_and_column_fill_the_frame(paper):
    assert paper.map.width + paper.words.width == pytest.approx(paper.frame.width)
    assert paper.words.right == pytest.approx(paper.frame.right)


def test_an_estate_of_460_by_380_metres_lies_on_a0_at_500_and_a1_at_1000():
    assert fits(PAPERS["A0"], 460, 380, 500)
    assert fits(PAPERS["A1"], 460, 380, 1000)
    assert not fits(PAPERS["A1"], 460, 380, 500)


@given(st.floats(1, 30_000), st.floats(1, 30_000), st.sampled_from(sorted(PAPERS)))
def test_the_best_scale_fits_and_the_next_larger_one_does_not(width, height, name):
    best = best_scale(PAPERS[name], width, height)
    if best is None:
        assert not fits(PAPERS[name], width, height, SCALES[-1])
        return
    assert fits(PAPERS[name], width, height, best)
    larger = SCALES[: SCALES.index(best)]
    assert not any(fits(PAPERS[name], width, height, scale) for scale in larger)


@given(st.floats(1, 5_000), st.floats(1, 5_000), st.sampled_from(sorted(PAPERS)), st.booleans())
def test_words_stand_where_the_map_may_be_largest_and_leave_no_gap(width, height, name, portrait):
    paper = paper_named(name, portrait)
    laid, scale = arranged(paper, width, height)
    assert scale == best_scale(paper, width, height)
    assert width / scale * 1000 < laid.map.width
    assert height / scale * 1000 < laid.map.height
    if laid.below:
        assert laid.title.height + laid.map.height + laid.words.height == pytest.approx(laid.frame.height)
        beside = paper.map
        assert width / scale * 1000 + 12 > beside.width or height / scale * 1000 + 12 > beside.height


def test_a_wide_site_on_an_upright_sheet_is_larger_with_the_words_below_it():
    upright, scale = arranged(paper_named("A3", portrait=True), 460, 380)
    assert (upright.below, scale) == (True, 2000)
    lying, scale = arranged(paper_named("A3"), 460, 380)
    assert (lying.below, scale) == (False, 2000)


def test_a_tall_site_on_an_upright_sheet_keeps_its_words_beside_it():
    assert not arranged(paper_named("A3", portrait=True), 200, 500)[0].below


def test_a_site_too_large_for_a_sheet_has_no_place_on_it():
    with pytest.raises(ValueError, match="no room"):
        arranged(PAPERS["A4"], 460, 380, 100)


def test_a_sheet_is_found_in_any_case_and_an_unknown_one_names_the_known():
    assert paper_named("a3").name == "A3"
    with pytest.raises(UsageError) as caught:
        paper_named("B5")
    assert "A4" in caught.value.advice.en


def test_dates_are_written_as_people_read_them():
    assert written_date("2020-07-25T10:00:00+08:00", "zh") == "2020年7月25日"
    assert written_date("2020-07-25", "en") == "25 July 2020"
    assert written_date("上周", "zh") == "上周"


def test_the_title_block_says_who_issues_the_sheet_and_never_what_program_made_it():
    settings = {"publish.office": "稷下街道办事处"}
    plan = Snapshot("金茵小区", "EPSG:4548", {}, settings=settings)
    content = SheetContent(plan, None, (), "zh")
    cells = dict(title_cells(content, paper_named("A3"), 500))
    assert cells["公示单位"] == "稷下街道办事处"
    assert cells["坐标系"] == "2000国家大地坐标系，3度带，中央经线117°"
    bare = dict(title_cells(replace(content, snapshot=replace(plan, settings={})), paper_named("A3"), 500))
    assert "公示单位" not in bare
    assert not any("图板" in words for words in (*cells.values(), *bare.values()))
