"""Copying a comment: what a resident sends is what the program reads."""

import re

import pytest
from playwright.sync_api import expect

from gis.publish.comment_text import parse_comment
from gis.publish.numbering import feature_numbered, number_of
from gis.publish.page import build_page
from tests.gis.publish.plans import BASE, box, content, point, second, snapshot


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_text_of_an_object_names_number_thing_and_place(reader, two, locale):
    opened = reader.open(two, "#f=T03", locale=locale)
    opened.locator("#card .act").click()
    field = opened.locator("#card textarea")
    expect(field).to_be_focused()
    field.press_sequentially("太堵 too crowded")
    read = parse_comment(field.input_value())
    assert feature_numbered(second(), read.number) == ("traffic_spot", "t1")
    assert (read.revision, read.estate, read.words) == ("R2", "试验小区", "太堵 too crowded")
    assert "T03" in read.about
    assert "3" in read.place


def test_the_text_of_a_change_carries_the_number_of_the_list(reader, two):
    opened = reader.open(two, "#f=R2-1")
    opened.locator("#group-1 .comment .act").click()
    read = parse_comment(opened.locator("#group-1 textarea").input_value())
    assert read.label == "R2-1"
    assert read.place


def test_every_objects_number_is_the_one_the_program_counts(reader, two):
    opened = reader.open(two)
    state = second()
    for kind, uid in (("building", "b3"), ("building", "kg"), ("road", "road"), ("parking", "p1")):
        number = f"R2-{number_of(state, (kind, uid))}"
        opened.evaluate("link => { location.hash = link; }", f"#f={number}")
        expect(opened.locator("#card dd.number")).to_have_text(number)
    opened.click("#card .close")
    opened.click("#tab-find")
    opened.fill("#query", f"R2-{number_of(state, ('building', 'kg'))}")
    expect(opened.locator("#found button").first).to_contain_text("幼儿园")
    opened.fill("#query", "r2-1")
    expect(opened.locator("#found button").first).to_contain_text("R2-1")


def test_copying_hands_over_the_text_or_leaves_it_selected(reader, two):
    kept = "window.KEPT = []; navigator.clipboard.writeText = async text => { window.KEPT.push(text); };"
    opened = reader.open(two, "#f=12", before=kept)
    opened.locator("#card .act").click()
    opened.locator("#card .strong").click()
    expect(opened.locator("#live")).to_contain_text("已复制")
    assert parse_comment(opened.evaluate("window.KEPT[0]")).about == "12号楼"
    refused = "navigator.clipboard.writeText = () => Promise.reject(); document.execCommand = () => false;"
    opened = reader.open(two, "#f=12", before=refused)
    opened.locator("#card .act").click()
    opened.locator("#card .strong").click()
    expect(opened.locator("#live")).to_contain_text("选中")
    selected = """() => {
        const e = document.activeElement;
        return e.value.slice(e.selectionStart, e.selectionEnd);
    }"""
    assert parse_comment(opened.evaluate(selected)).revision == "R2"


def test_what_changes_around_a_building_is_listed_nearest_first_within_forty_metres(reader):
    bays = [
        (f"p{i}", box(x, y, x + 5, y + 5), {"bays": 1, "state": "new"})
        for i, (x, y) in enumerate(((100, 20), (20, 85), (20, 40), (20, 200)))
    ]
    after = second(parking=bays, building=BASE["building"], pipe=[])
    opened = reader.open(build_page(content(snapshot(pipe=[]), after)), "#f=12")
    texts = opened.locator("#card .near small").all_text_contents()
    metres = [int(re.search(r"(\d+) 米", text)[1]) for text in texts]
    assert metres == sorted(metres)
    assert metres[0] == 3
    assert max(metres) <= 40


def test_places_are_told_by_the_nearest_building_and_its_side(reader):
    spots = [
        ("d1", point(45, 64), {"code": "D01", "title": "南"}),
        ("d2", point(45, 112), {"code": "D02", "title": "北"}),
        ("d3", point(45, 75), {"code": "D03", "title": "里"}),
    ]
    opened = reader.open(build_page(content(snapshot(drainage_spot=spots))))
    for code, place in (("D01", "12号楼南侧约6米"), ("D02", "12号楼北侧约30米"), ("D03", "12号楼")):
        opened.evaluate("link => { location.hash = link; }", f"#f={code}")
        opened.locator("#card .act").click()
        assert parse_comment(opened.locator("#card textarea").input_value()).place == place
