"""What a resident does with the page."""

import re
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import expect

from gis.publish.comment_text import parse_comment
from gis.publish.page import build_page
from gis.publish.profile import PROFILES
from gis.publish.redaction import State, redact
from gis.revisions.compare import compare
from tests.gis.publish.plans import BASE, box, content, line, point, redacted, revision, second, snapshot

NOTICE = {
    "publish.office": "指挥部",
    "publish.contact": "社区用房一层",
    "publish.how_to_comment": {"zh": "投意见箱", "en": "Use the box"},
    "publish.comment_from": "2020-07-10",
    "publish.comment_until": "2020-07-17",
}


@pytest.fixture(scope="module")
def page():
    third = snapshot(
        "R3",
        settings=NOTICE,
        **{
            k: [
                (f.uid, f.geometry, {n: v for n, v in f.attributes.items() if v is not None})
                for f in one.table
            ]
            for k, one in second().layers.items()
        },
        green=[("g", box(10, 10, 40, 30), {"state": "new"})],
    )
    names = [
        revision("R1"),
        revision("R2", "公示稿 第2版", created="2020-07-02T09:00:00+08:00"),
        revision("R3", "公示稿 第3版", "恢复绿地", created="2020-07-25T09:00:00+08:00"),
    ]
    return build_page(redacted(snapshot(), second(), third, revisions=names).content)


def test_the_page_opens_from_disk_without_a_request_or_an_error(reader, page):
    opened = reader.open(page)
    expect(opened.locator("h1")).to_have_text("试验小区")
    expect(opened.locator("#revision")).to_have_value("2")
    expect(opened.locator("#still")).to_have_count(0)
    assert opened.title() == "试验小区 · R3"


def test_the_map_is_drawn(reader, two):
    opened = reader.open(two)
    colours = opened.evaluate(
        """() => { const c = document.querySelector('#map canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, seen = new Set();
        for (let i = 0; i < d.length; i += 4) seen.add([d[i], d[i + 1], d[i + 2]].join());
        return [...seen]; }"""
    )
    assert {"218,213,205", "232,217,181", "255,255,255"} <= set(colours)  # a house, the kindergarten, a road


COUNTED = """
    const fill = CanvasRenderingContext2D.prototype.fillRect;
    window.DRAWN = [];
    CanvasRenderingContext2D.prototype.fillRect = function (x, y, w, h) {
        if (this.canvas.closest("#map") && w >= 300 && h >= 200) window.DRAWN.push(typeof L);
        return fill.call(this, x, y, w, h);
    };
"""


@pytest.mark.parametrize("size", [(1280, 800), (360, 640), (3840, 2160)])
def test_the_first_map_comes_before_the_library_and_is_not_drawn_again_for_it(reader, two, size):
    opened = reader.open(two, before=COUNTED, size=size)
    assert opened.evaluate("window.DRAWN") == ["undefined", "object"], "the first, and once with room to pan"
    expect(opened.locator("#map canvas")).to_have_count(1)
    assert not opened.evaluate("document.body.inert")


WRITTEN = """
    const write = CanvasRenderingContext2D.prototype.fillText;
    window.WRITTEN = [];
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        const {a, b} = this.getTransform();
        if (this.canvas.closest("#map")) window.WRITTEN.push([text, Math.atan2(b, a)]);
        return write.call(this, text, ...rest);
    };
"""


@pytest.mark.parametrize("reverse", [False, True])
def test_the_name_of_a_winding_road_follows_it_letter_by_letter_and_never_stands_on_its_head(reader, reverse):
    turns = np.linspace(np.pi * 0.85, np.pi * 0.15, 60)
    arc = [(100 + 90 * np.cos(turn), 10 + 60 * np.sin(turn)) for turn in turns]
    values = {"name": "月牙弯湖滨路", "class": "main", "width_m": 7.0}
    road = ("bow", line(*(arc[::-1] if reverse else arc)), values)
    opened = reader.open(build_page(content(snapshot(road=[road], building=[]))), before=WRITTEN)
    written = [(text, angle) for text, angle in opened.evaluate("window.WRITTEN") if text in "月牙弯湖滨路"]
    last = written[-6:]
    assert "".join(text for text, _ in last) == "月牙弯湖滨路"
    angles = [angle for _, angle in last]
    assert angles == sorted(angles)  # over the top of a bow, y down: from rising to falling
    assert angles[-1] - angles[0] > 0.05
    assert max(map(abs, angles)) < np.pi / 2


def test_numbers_in_the_list_are_those_of_the_clouds_and_a_click_goes_there(reader, two):
    opened = reader.open(two)
    items = opened.locator(".groups > li")
    groups = content().comparisons[0].groups
    expect(items).to_have_count(len(groups))
    before = opened.locator("#map canvas").evaluate("c => c.toDataURL()")
    items.nth(0).locator(".group").click()
    expect(items.nth(0).locator(".group")).to_have_attribute("aria-expanded", "true")
    expect(items.nth(0).locator(".more > .number")).to_have_text("R2-1")
    expect(opened.locator("#live")).to_contain_text("1.")
    assert opened.locator("#map canvas").evaluate("c => c.toDataURL()") != before
    assert opened.url.endswith("#r=R2&f=R2-1")


def test_a_change_names_the_problem_it_answers(reader, two):
    opened = reader.open(two)
    expect(opened.locator(".groups .why").filter(has_text="接送拥堵")).to_contain_text("T03")


WRITINGS = (
    "12",
    "１２号楼",
    "十二栋",
    "#12",
    "12#",
    "No. 12",
    "no12",
    "12幢",
    "12 号楼",
    "Building 12",
    "12-2-501",
    "十二号楼2单元",
    "12号楼2单元501",
    "０１２",
    "第12栋",
    "12号",
    "楼12",
    "楼号12",
    "12#楼",
    "十二#",
    "栋 12",
    "十二棟",
    "拾贰号樓",
    "某某小区12",
    "某某小区（东区）十二号楼",
)


def test_every_way_to_write_a_building_number_finds_it(reader, two):
    opened = reader.open(two)
    opened.click("#tab-find")
    for query in WRITINGS:
        opened.fill("#query", "")
        opened.fill("#query", query)
        expect(opened.locator("#found button small").first).to_be_visible()
        assert opened.locator("#found button").first.inner_text().startswith("12号楼"), query


@pytest.mark.parametrize("away", [60_000, 900_000])
def test_a_plan_larger_than_any_estate_opens_whole(reader, away):
    """A district of 60 km opened on its middle, where nothing may stand: an empty map."""
    site = [("site", box(0, 0, away, away), {"name": "红线"})]
    opened = reader.open(build_page(content(snapshot(boundary=site))))
    scale = opened.locator(".leaflet-control-scale-line")
    metres = 1000 * float(re.fullmatch(r"([\d.]+)\s*km", scale.inner_text()).group(1))
    per_pixel = metres / scale.evaluate("e => e.getBoundingClientRect().width")
    shown = opened.locator("#map").bounding_box()
    assert per_pixel * min(shown["width"], shown["height"]) > away


def test_search_finds_names_and_problem_codes_and_says_when_nothing_fits(reader, two):
    opened = reader.open(two)
    opened.click("#tab-find")
    for query, found in (("幼儿", "幼儿园"), ("t03", "T03"), ("积水", "D01")):
        opened.fill("#query", query)
        expect(opened.locator("#found button").first).to_contain_text(found)
    opened.fill("#query", "T12")
    expect(opened.locator("#found button")).to_have_count(0)
    opened.fill("#query", "<img src=x>99")
    expect(opened.locator("#found-count")).to_contain_text("<img src=x>99")
    expect(opened.locator("#found button")).to_have_count(0)


def test_search_finds_a_comment_by_its_number_and_opens_it(reader):
    said = [
        ("c5", point(60, 60), {"code": "C05", "gist": "请恢复绿地", "reply": "已恢复"}),
        ("c6", None, {"code": "C06", "gist": "夜里太暗", "reply": "已加灯"}),
    ]
    opened = reader.open(build_page(content(snapshot(comment=said))))
    opened.click("#tab-find")
    opened.fill("#query", "c05")
    expect(opened.locator("#found button")).to_have_count(1)
    opened.locator("#found button").click()
    expect(opened.locator("#card")).to_contain_text("已恢复")
    opened.click("#card .close")
    opened.fill("#query", "C06")
    expect(opened.locator("#found button")).to_have_count(0)


def test_a_building_shows_its_public_facts_and_what_changes_near_it(reader, two):
    opened = reader.open(two)
    opened.click("#tab-find")
    opened.fill("#query", "12")
    opened.press("#query", "Enter")
    note = opened.locator("#card .details")
    expect(note.locator("h2")).to_have_text("12号楼")
    expect(note).to_contain_text("36 户")
    expect(note).not_to_contain_text("私人备注")
    expect(note.locator(".near li")).not_to_have_count(0)
    expect(note.locator("h2")).to_be_focused()
    expect(opened.locator(".leaflet-popup")).to_have_text("12号楼R2-1006")
    opened.keyboard.press("Escape")
    expect(opened.locator(".leaflet-popup")).to_have_count(0)


def test_a_click_on_the_map_opens_what_is_there(reader, two):
    opened = reader.open(two, "#f=12")
    box_ = opened.locator("#map").bounding_box()
    popup = opened.locator(".leaflet-popup-tip").bounding_box()
    opened.keyboard.press("Escape")
    opened.mouse.click(popup["x"] + popup["width"] / 2, popup["y"] + popup["height"] + 2)
    expect(opened.locator("#card h2")).to_have_text("12号楼")
    assert box_["width"] > 800


def test_problem_spots_tell_status_and_what_solves_them(reader, two):
    opened = reader.open(two)
    opened.click("#tab-problems")
    expect(opened.locator("#pane-problems h2")).to_have_text("2 个问题点：1 个已回应，1 个待解决")
    expect(opened.locator(".spots > li").filter(has_text="T03").locator(".belongs")).to_contain_text("R2-")
    opened.locator(".choice button", has_text="待解决").click()
    expect(opened.locator(".spots > li")).to_have_count(1)
    expect(opened.locator(".spots > li")).to_contain_text("D01")


def test_an_older_revision_shows_its_own_state_and_says_that_it_is_old(reader, page):
    opened = reader.open(page)
    opened.select_option("#revision", "0")
    expect(opened.locator("#older")).to_contain_text("较早的版次")
    expect(opened.locator("#pane-changes")).to_contain_text("这是第一个版次")
    expect(opened.locator("#views")).to_be_hidden()
    opened.click("#tab-legend")
    expect(opened.locator("#pane-legend")).not_to_contain_text("停车位")
    opened.select_option("#revision", "1")
    expect(opened.locator("#pane-legend")).to_contain_text("停车位")
    expect(opened.locator("#views button")).to_have_count(4)


def test_before_after_changes_and_swipe_are_four_different_pictures(reader, two):
    opened = reader.open(two)
    pictures = {opened.locator("#map canvas").evaluate("c => c.toDataURL()")}
    for mode in ("before", "changes", "swipe"):
        opened.click(f"[data-mode={mode}]")
        expect(opened.locator(f"[data-mode={mode}]")).to_have_attribute("aria-pressed", "true")
        pictures.add(opened.locator("#map canvas").evaluate("c => c.toDataURL()"))
    assert len(pictures) == 4
    opened.locator("#swipe input").press("ArrowRight")
    opened.wait_for_timeout(100)
    pictures.add(opened.locator("#map canvas").evaluate("c => c.toDataURL()"))
    assert len(pictures) == 5


def test_the_legend_switches_layers(reader, two):
    opened = reader.open(two)
    opened.click("#tab-legend")
    before = opened.locator("#map canvas").evaluate("c => c.toDataURL()")
    opened.locator(".toggle", has_text="建筑").click()
    assert opened.locator("#map canvas").evaluate("c => c.toDataURL()") != before
    opened.locator(".toggle", has_text="建筑").click()
    assert opened.locator("#map canvas").evaluate("c => c.toDataURL()") == before


def test_the_language_changes_at_once_and_everywhere(reader, page):
    opened = reader.open(page)
    assert opened.evaluate("() => document.documentElement.lang") == "zh-CN"
    opened.click("#language")
    assert opened.evaluate("() => document.documentElement.lang") == "en"
    for part in ("#tabs", "#views", "#foot", "#pane-legend", "#pane-problems"):
        chinese = re.findall(r"[\u4e00-\u9fff]+", opened.locator(part).text_content())
        assert set(chinese) <= {"指挥部", "社区用房一层", "接送拥堵", "门口积水", "中文"}, part
    expect(opened.locator("#foot")).to_contain_text("10 Jul 2020 to 17 Jul 2020")
    opened.click("#language")
    expect(opened.locator("#foot")).to_contain_text("2020年7月10日 至 2020年7月17日")


def test_the_language_leaves_the_open_building_open_and_in_the_link(reader, two):
    opened = reader.open(two, "#f=12")
    expect(opened.locator("#card h2")).to_have_text("12号楼")
    opened.click("#language")
    expect(opened.locator("#card h2")).to_have_text("Building 12")
    expect(opened.locator(".leaflet-popup")).to_contain_text("Building 12")
    expect(opened.locator("#language")).to_be_focused()
    assert opened.url.endswith("l=en&f=R2-1006")
    opened.keyboard.press("Escape")
    expect(opened.locator("#card h2")).to_have_count(0)
    expect(opened.locator("#tab-changes")).to_be_focused()


def test_the_numbers_of_a_draft_are_words(reader):
    states = [State(revision(), snapshot()), State(None, replace(second(), revision=None))]
    pair = [(0, 1, compare(states[0].snapshot, states[1].snapshot))]
    opened = reader.open(build_page(redact(states, pair, PROFILES["public"]).content), "#f=12")
    assert "working" not in opened.locator("body").inner_text()
    expect(opened.locator("#card dd.number")).to_have_text("草稿-1006")
    opened.locator("#card .act").click()
    read = parse_comment(opened.locator("#card textarea").input_value())
    assert (read.revision, read.number) == ("working", 1006)
    opened.click("#card .close")
    opened.click("#tab-find")
    for query in ("草稿-1006", "working-1006"):
        opened.fill("#query", query)
        expect(opened.locator("#found button").first).to_contain_text("12号楼")
    opened.click("#language")
    assert "草稿" not in opened.locator("#app").inner_text()


@pytest.fixture(scope="module")
def crowded():
    bays = [
        (
            f"p{i}",
            box(i % 20 * 60, i // 20 * 60, i % 20 * 60 + 5, i // 20 * 60 + 3),
            {"bays": 1, "state": "new"},
        )
        for i in range(400)
    ]
    site = [("site", box(-20, -20, 1220, 1220), {"name": "红线"})]
    return build_page(content(snapshot(boundary=site), second(parking=bays, boundary=site)))


def test_changes_that_crowd_are_counted_on_the_map_and_all_stay_in_the_list(reader, crowded):
    opened = reader.open(crowded)
    assert opened.locator(".groups > li").count() >= 390
    drawn = opened.locator("#map canvas").evaluate("c => c.toDataURL()")
    stage = opened.locator("#map").bounding_box()
    opened.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    for x in range(-60, 61, 12):
        for y in range(-60, 61, 12):
            opened.mouse.click(stage["x"] + stage["width"] / 2 + x, stage["y"] + stage["height"] / 2 + y)
            if "处变化" in (opened.locator("#live").text_content() or ""):
                break
        else:
            continue
        break
    expect(opened.locator("#live")).to_contain_text("处变化")
    expect(opened.locator("#card .details")).to_have_count(0)
    assert opened.locator("#map canvas").evaluate("c => c.toDataURL()") != drawn
    opened.locator(".groups > li > button").nth(250).click()
    expect(opened.locator(".groups > li.open")).to_have_count(1)
    opened.click("#tab-legend")
    expect(opened.locator("#pane-legend")).to_contain_text("挤在一起")


def test_a_reader_with_an_english_browser_starts_in_english(reader, two):
    expect(reader.open(two, locale="en-GB").locator("#tab-find")).to_have_text("Find")


def test_how_to_comment_is_shown_only_if_somebody_said_so(reader, page, two):
    expect(reader.open(page).locator("#foot dl")).to_contain_text("投意见箱")
    expect(reader.open(two).locator("#foot dl")).to_have_count(0)


def test_quantities_show_both_sides_and_the_difference(reader, two):
    row = reader.open(two).locator(".numbers tr", has_text="机动车停车位")
    assert row.locator("td").all_text_contents() == ["0", "3", "+3"]


def test_text_grows(reader, two):
    opened = reader.open(two)
    size = "() => parseFloat(getComputedStyle(document.body).fontSize)"
    first = opened.evaluate(size)
    opened.click("#text-size")
    assert opened.evaluate(size) >= first + 3


def test_a_link_opens_what_it_names(reader, two):
    opened = reader.open(two, "#f=T03")
    expect(opened.locator(".details h2")).to_have_text("T03 接送拥堵")
    for link, shown in (("#r=R2&f=12", "12号楼"), ("#r=R2&f=R2-1005", "3号楼"), ("#r=R1&f=12", "12号楼")):
        opened.evaluate("link => { location.hash = link; }", link)
        expect(opened.locator(".details h2")).to_have_text(shown)
    opened.evaluate("() => { location.hash = '#r=R2&f=R2-2'; }")
    expect(opened.locator("#group-2 > button")).to_have_attribute("aria-expanded", "true")


HOSTILE_LINKS = (
    "#r=<img src=x onerror=PWN=1>",
    "#f=../../x",
    "#r=1e309",
    "#f=%E0%A4%A",
    "#r=__proto__&f=constructor",
    "#v=evil&l=xx",
    "#f=building.99999999",
    "#" + "a" * 5000,
)


def test_a_hostile_link_changes_nothing(reader, two):
    opened = reader.open(two, HOSTILE_LINKS[0])
    for link in HOSTILE_LINKS:
        opened.evaluate("link => { location.hash = link; }", link)
        opened.wait_for_timeout(30)
        expect(opened.locator("#revision")).to_have_value("1")
        expect(opened.locator(".details")).to_have_count(0)


def test_a_plan_with_one_revision_and_no_spots_is_complete(reader):
    bare = snapshot(drainage_spot=[], traffic_spot=[])
    opened = reader.open(build_page(content(bare)))
    expect(opened.locator("#pane-changes")).to_contain_text("第一个版次")
    opened.click("#tab-problems")
    expect(opened.locator("#pane-problems")).to_contain_text("没有公开的问题点")


def test_holes_parts_and_points_are_all_hit(reader):
    spots = [
        ("d1", point(60, 65), {"code": "D01", "title": "点"}),
        ("d2", box(100, 10, 120, 30), {"code": "D02", "title": "面"}),
    ]
    opened = reader.open(build_page(content(snapshot(drainage_spot=spots))), "#f=D02")
    expect(opened.locator(".details h2")).to_have_text("D02 面")
    assert BASE["drainage_spot"][0][0] == "d1"


def test_comments_show_gist_and_reply_and_never_what_was_said(reader):
    said = {
        "code": "Y01",
        "gist": "希望增加车位",
        "text": "我是12号楼的老王",
        "outcome": "adopted",
        "reply": "已增加三个",
    }
    comments = [("c1", point(50, 60), said), ("c2", None, {"code": "Y02", "gist": "路灯太暗"})]
    opened = reader.open(build_page(content(snapshot(comment=comments))))
    opened.click("#tab-problems")
    pane = opened.locator("#pane-problems")
    expect(pane).to_contain_text("2 条意见，已答复 1 条")
    expect(pane).to_contain_text("希望增加车位")
    expect(pane).to_contain_text("已增加三个")
    assert "老王" not in pane.text_content()
    pane.locator("li", has_text="Y02").click()
    expect(opened.locator(".details")).to_have_count(0)
    pane.locator("li button", has_text="Y01").click()
    expect(opened.locator(".details")).to_contain_text("已增加三个")
