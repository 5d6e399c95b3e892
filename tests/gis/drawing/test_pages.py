"""Nothing on a sheet covers another, and nothing runs off it."""

from __future__ import annotations

import gc
import re
import subprocess
import time
from collections import defaultdict
from dataclasses import replace

import pytest
from segno import make as encoded
from shapely import Point, box

import gis.drawing.sheet
from gis.drawing.draw import draw
from gis.revisions.compare import compare
from layers.changes import ChangeSet, SettingChange
from layers.feature import Feature
from layers.revision import Revision
from tests.gis.drawing.test_draw import REVISIONS, added, compared_with, plan

NOTICE = {
    "publish.how_to_comment": "意见可投入中心广场宣传栏旁的意见箱，或到指挥部登记，逐条答复。",
    "publish.contact": "改造指挥部：小区中心社区用房一层，每日9:00至17:00有专人解答",
    "publish.office": "金茵小区改造指挥部(示例)",
    "publish.comment_from": "2020-07-10",
    "publish.comment_until": "2020-07-17",
}


def with_settings(state, settings):
    return state.apply(ChangeSet({}, {n: SettingChange(None, v) for n, v in settings.items()}))


def words_of(path):
    """Return the words of a PDF by page, with their boxes in points."""
    told = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = []
    for page in told.split("<page ")[1:]:
        width, height = (float(n) for n in re.search(r'width="([\d.]+)" height="([\d.]+)"', page).groups())
        pattern = r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>'
        words = [(*map(float, m[:4]), m[4]) for m in re.findall(pattern, page)]
        pages.append((width, height, words))
    return pages


def overlaps(words):
    """Return pairs of words whose letters lie over each other, by their inner boxes."""
    rows = defaultdict(list)
    for word in words:
        rows[round(word[1] / 40)].append(word)
    found = []
    for row, here in rows.items():
        near = [*here, *rows.get(row + 1, [])]
        for i, a in enumerate(here):
            for b in near[i + 1 :]:
                deep = min(a[3], b[3]) - max(a[1], b[1])
                wide = min(a[2], b[2]) - max(a[0], b[0])
                if deep > 0.55 * min(a[3] - a[1], b[3] - b[1]) and wide > 0.5:
                    found.append((a[4], b[4]))
    return found


@pytest.mark.parametrize("sheet", ["A0", "A1", "A2", "A3", "A4"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_words_of_the_column_lie_over_others(qapp, tmp_path, sheet, language):
    after, comparison = compared_with(12)
    after = with_settings(after, {**NOTICE, "publish.url": "https://example.org/R2"})
    draw(
        after, tmp_path / "a.pdf", sheet=sheet, comparison=comparison, revisions=REVISIONS, language=language
    )
    for width, height, words in words_of(tmp_path / "a.pdf"):
        column = [w for w in words if w[0] > width * 0.74]
        assert not overlaps(column)
        assert all(w[0] >= 0 and w[2] <= width and w[1] >= 0 and w[3] <= height for w in words)


@pytest.mark.parametrize("sheet", ["A0", "A2", "A4"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_words_of_an_upright_sheet_lie_over_others(qapp, tmp_path, sheet, language):
    after, comparison = compared_with(12)
    settings = {**NOTICE, "publish.url": "https://example.org/R2", "publish.contact": "联系" * 400}
    draw(
        with_settings(after, settings),
        tmp_path / "a.pdf",
        sheet=sheet,
        comparison=comparison,
        revisions=REVISIONS,
        language=language,
        portrait=True,
    )
    (width, height, words), *_ = words_of(tmp_path / "a.pdf")
    told = {w[4] for w in words}
    assert {str(group.number) for group in comparison.groups} <= told  # all changes on the first sheet
    top = 100 if sheet == "A4" else 200
    assert not overlaps([w for w in words if w[1] < top or w[1] > height * 0.7])
    assert all(w[0] >= 0 and w[2] <= width and w[1] >= 0 and w[3] <= height for w in words)


def test_an_upright_sheet_with_nothing_to_tell_is_drawn(qapp, tmp_path):
    """Manholes as they are lie on no board: neither legend nor changes nor revisions."""
    state = replace(plan(), layers={"drain_node": plan().layers["drain_node"]})
    for x, y in ((0, 0), (500, 10)):
        state = added(
            state, "drain_node", Point(616_650.0 + x, 4_078_000.0 + y), type="manhole", state="existing"
        )
    result = draw(state, tmp_path / "a.svg", sheet="A4", scale=5000, portrait=True)
    assert result.pages == 1


def test_what_fails_while_painting_is_told_and_takes_nothing_down(qapp, tmp_path, monkeypatch):
    def fails(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(gis.drawing.sheet, "paint_words", fails)
    for ending in ("pdf", "png", "svg"):
        with pytest.raises(ZeroDivisionError):
            draw(plan(), tmp_path / f"a.{ending}", sheet="A4")
    gc.collect()  # no device goes while it is painted on
    assert not list(tmp_path.iterdir())


def test_on_an_upright_sheet_scale_bar_and_north_arrow_leave_the_map_free(qapp, tmp_path):
    draw(plan(), tmp_path / "a.pdf", sheet="A3", language="en", portrait=True)
    (_, height, words), *_ = words_of(tmp_path / "a.pdf")
    grid = next(w for w in words if w[4] == "grid")
    assert grid[3] < height * 0.1


def test_what_needs_more_than_one_further_sheet_gets_it(qapp, tmp_path):
    after, comparison = compared_with(72)
    history = tuple(
        Revision(
            f"R{i}", "", None, f"公示稿 第{i}版", "改了很多处。\n" * 9, "", "2020-04-18T09:00:00+08:00", ""
        )
        for i in range(1, 60)
    )
    result = draw(after, tmp_path / "a.pdf", sheet="A4", comparison=comparison, revisions=history)
    pages = words_of(tmp_path / "a.pdf")
    assert result.pages == len(pages) > 2
    for width, height, words in pages:
        assert all(w[0] >= 0 and w[2] <= width and w[1] >= 0 and w[3] <= height for w in words)
    told = {w[4] for _, _, words in pages for w in words}
    assert {str(group.number) for group in comparison.groups} <= told
    assert {r.label for r in history} <= told


def test_a_wordy_contact_keeps_the_title_block_and_is_cut_with_a_mark(qapp, tmp_path):
    state = with_settings(plan(), {**NOTICE, "publish.contact": "联系" * 2000})
    draw(state, tmp_path / "a.pdf", sheet="A4")
    (page,) = words_of(tmp_path / "a.pdf")[:1]
    width, _, words = page
    assert any(w[4].endswith("…") for w in words)
    assert not overlaps([w for w in words if w[0] > width * 0.74])


@pytest.mark.parametrize("sheet", ["A0", "A2", "A4"])
def test_captions_of_the_contact_keep_clear_of_what_they_caption(qapp, tmp_path, sheet):
    draw(with_settings(plan(), NOTICE), tmp_path / "a.pdf", sheet=sheet, language="en")
    words = words_of(tmp_path / "a.pdf")[0][2]
    caption = next(w for w in words if w[4] == "period")
    beside = [w for w in words if w[0] > caption[0] and abs(w[1] - caption[1]) < 1 and w is not caption]
    assert min(w[0] for w in beside) - caption[2] > 0.3 * (caption[3] - caption[1])


def test_dates_of_the_revision_table_are_whole_in_both_languages(qapp, tmp_path):
    for language, date in (("zh", "2020年11月22日"), ("en", "22 November 2020")):
        late = tuple(replace(r, created="2020-11-22T09:00:00+08:00") for r in REVISIONS)
        draw(plan(), tmp_path / "a.pdf", sheet="A2", revisions=late, language=language)
        text = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
        ).stdout
        assert date in text


@pytest.mark.parametrize(("scale", "told"), [(500, True), (2000, False)])
def test_the_legend_leaves_out_what_the_scale_leaves_out(qapp, tmp_path, scale, told):
    """Inlets are too small to be drawn at 1:2000."""
    state = added(plan(), "drain_node", Point(616_700.0, 4_078_100.0), type="inlet", state="new")
    draw(state, tmp_path / "a.pdf", sheet="A0", scale=scale, language="en")
    (page,) = words_of(tmp_path / "a.pdf")
    assert ("Inlet" in {w[4] for w in page[2]}) is told


def test_a_full_small_sheet_keeps_its_legend_and_sends_the_changes_on(qapp, tmp_path):
    after, comparison = compared_with(12)
    for kind, x in (("facility", 20), ("tree", 40), ("comment", 60)):
        after = added(after, kind, Point(616_700.0 + x, 4_078_100.0))
    draw(with_settings(after, NOTICE), tmp_path / "a.pdf", sheet="A4", comparison=comparison)
    first, *_ = words_of(tmp_path / "a.pdf")
    assert "图例" in {w[4] for w in first[2]}


def crowded(count):
    """Return a plan with so many scattered changes, and what changed."""
    base = state = plan()
    parking, bays = state.layers["parking"], {}
    for i in range(count):
        x, y, uid = 616_660.0 + i % 20 * 22, 4_078_010.0 + i // 20 * 24, f"{i:032x}"
        values = {**dict.fromkeys(parking.table.columns), "state": "new"}
        bays[uid] = Feature(uid, box(x, y, x + 3, y + 5), values)
    layers = {**state.layers, "parking": parking.with_table(parking.table.with_features(bays))}
    before, after = replace(base, revision="R1"), replace(state, revision="R2", layers=layers)
    return after, compare(before, after)


@pytest.mark.parametrize("sheet", ["A1", "A3"])
def test_of_hundreds_of_changes_the_board_shows_districts_and_lists_every_number(qapp, tmp_path, sheet):
    after, comparison = crowded(300)
    result = draw(after, tmp_path / "a.pdf", sheet=sheet, comparison=comparison)
    pages = words_of(tmp_path / "a.pdf")
    assert result.changes == len(comparison.groups) == 300
    assert result.pages == 2
    first = {w[4] for w in pages[0][2]}
    assert {"A", "B", "C"} <= first
    assert len({str(number) for number in range(1, 301)} & first) > 280  # each where it lies, small
    told = " ".join(w[4] for w in pages[1][2])
    ranges = [tuple(map(int, found.split("–"))) for found in re.findall(r"\d+(?:–\d+)?", told)]
    assert set(range(1, 301)) <= {n for span in ranges for n in range(span[0], span[-1] + 1)}
    for width, height, words in pages:
        assert all(w[0] >= 0 and w[2] <= width and w[1] >= 0 and w[3] <= height for w in words)
        assert not overlaps([w for w in words if w[0] > width * 0.78])


def test_the_column_grows_into_what_the_site_leaves_free_before_a_change_goes_to_another_sheet(
    qapp, tmp_path, monkeypatch
):
    """At 1:2000 the site needs 240 of the 310 mm beside the usual column."""
    base = state = plan()
    for i in range(9):
        state = added(
            state, "tree", Point(616_690.0 + i * 40, 4_078_040.0), state="new", reason=f"{i}树" * 90
        )
    after = with_settings(replace(state, revision="R2"), NOTICE)
    comparison = compare(replace(base, revision="R1"), after)
    pages = []
    for most_wider in (0.0, gis.drawing.sheet.MOST_WIDER):
        monkeypatch.setattr(gis.drawing.sheet, "MOST_WIDER", most_wider)
        drawn = draw(after, tmp_path / "a.pdf", sheet="A3", comparison=comparison, scale=2000)
        pages.append(drawn.pages)
    assert pages == [2, 1]


@pytest.mark.parametrize("sheet", ["A0", "A1", "A2", "A3", "A4"])
def test_numbers_on_the_map_are_as_large_as_the_words_of_its_list(qapp, tmp_path, sheet):
    """A resident goes from the number on the map to that in the list: both are read from the same place."""
    after, comparison = compared_with(12)
    draw(after, tmp_path / "a.pdf", sheet=sheet, comparison=comparison)
    width, _, words = words_of(tmp_path / "a.pdf")[0]
    on_map = [w[3] - w[1] for w in words if w[4].strip("+") == "12" and w[0] < width * 0.78]
    least = {"A0": 3.5, "A1": 3.2, "A2": 2.7, "A3": 1.9, "A4": 1.5}[sheet] * 72 / 25.4
    assert max(on_map) * 0.5 >= least  # half of a line's box is the height of a digit


def test_a_book_as_a_reason_takes_no_longer_than_a_breath(qapp, tmp_path):
    base = state = plan()
    for i in range(30):
        place = Point(616_680.0 + (i % 8) * 50, 4_078_030.0 + (i // 8) * 80)
        state = added(state, "tree", place, reason=f"{i}树" * 60_000, state="new")
    before, after = replace(base, revision="R1"), replace(state, revision="R2")
    comparison = compare(before, after)
    assert len(comparison.groups) == 30
    begun = time.process_time()
    draw(after, tmp_path / "a.pdf", sheet="A4", comparison=comparison)
    assert time.process_time() - begun < 8


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "不是网址"])
def test_only_the_address_of_a_web_page_becomes_a_code_to_scan(qapp, tmp_path, address):
    draw(with_settings(plan(), {"publish.url": address}), tmp_path / "a.pdf", sheet="A3")
    (page,) = words_of(tmp_path / "a.pdf")
    assert "扫码看网页版" not in {w[4] for w in page[2]}


def test_the_code_on_a_sheet_opens_the_page_in_the_state_that_the_sheet_shows(qapp, tmp_path, monkeypatch):
    scanned = []
    monkeypatch.setattr("segno.make", lambda words, **more: scanned.append(words) or encoded(words, **more))
    state = replace(with_settings(plan(), {"publish.address": "https://a.cn/jinyin.html"}), revision="R3")
    for language in ("zh", "en"):
        draw(state, tmp_path / "a.pdf", sheet="A3", language=language)
    assert set(scanned) == {"https://a.cn/jinyin.html#r=R3", "https://a.cn/jinyin.html#r=R3&l=en"}
