"""Keyboard, small screens, large text, colours, paper, no script."""

import io
import re
import subprocess

import pytest
from playwright.sync_api import expect

from gis.publish.page import build_page
from tests.gis.publish.plans import box, content, second, snapshot


@pytest.fixture(scope="module")
def page(two):
    return two


WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
    const b = e.getBoundingClientRect();
    const floats = getComputedStyle(e).position === 'absolute' || e.closest('#map') || e.closest('#live');
    return b.width && b.right > innerWidth + 1 && !floats;
}).map(e => e.id || e.className || e.tagName)"""


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_nothing_is_wider_than_a_narrow_phone(reader, page, locale):
    opened = reader.open(page, size=(320, 568), locale=locale)
    for tab in ("changes", "find", "problems", "legend"):
        opened.click(f"#tab-{tab}")
        assert opened.evaluate(WIDE) == []
        assert opened.evaluate("() => document.documentElement.scrollWidth") <= 320
        assert opened.evaluate(
            "() => { const p = document.getElementById('panes'); return p.scrollWidth <= p.clientWidth; }"
        )
    for _ in range(2):
        opened.click("#text-size")
        assert opened.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_going_to_a_line_of_a_list_never_moves_the_page_itself(reader, page):
    """Search within the page and screen readers bring what they found into sight."""
    for size in ((360, 640), (1280, 800)):
        opened = reader.open(page, size=size)
        opened.evaluate("() => document.querySelector('#pane-changes').lastElementChild.scrollIntoView()")
        assert opened.evaluate("() => document.querySelector('#panes').scrollTop") > 0
        assert opened.evaluate("() => document.scrollingElement.scrollTop") == 0
        assert opened.evaluate("() => document.querySelector('#top').getBoundingClientRect().top") == 0


def test_a_table_of_quantities_keeps_its_words_whole(reader, page):
    for size in ((320, 640), (1280, 800)):
        opened = reader.open(page, size=size, locale="en-US")
        assert opened.evaluate(LINES) == [1, 1, 1, 1]


LINES = """() => [...document.querySelectorAll('.numbers thead th')].map(e => {
    const words = document.createRange();
    words.selectNodeContents(e);
    return words.getClientRects().length;
})"""


def test_a_phone_shows_facts_in_the_sheet_and_goes_back(reader, page):
    opened = reader.open(page, size=(390, 844))
    opened.click("#tab-find")
    opened.fill("#query", "3")
    opened.locator("#found button").first.click()
    expect(opened.locator("#card h2")).to_have_text("3号楼")
    expect(opened.locator(".leaflet-popup")).to_have_count(0)
    opened.locator("#card .close").click()
    expect(opened.locator("#found button").first).to_be_focused()


def test_the_sheet_grows_and_shrinks(reader, page):
    opened = reader.open(page, size=(390, 844))
    low = opened.locator("#panel").bounding_box()["height"]
    opened.click("#sheet")
    assert opened.locator("#panel").bounding_box()["height"] > low + 150
    expect(opened.locator("#sheet")).to_have_attribute("aria-expanded", "true")


def test_targets_on_a_phone_are_large_enough_to_touch(reader, page):
    opened = reader.open(page, size=(390, 844))
    small = opened.evaluate(
        """() => [...document.querySelectorAll('button, select, input')].filter(e => e.offsetParent)
        .map(e => [e.id || e.textContent, e.getBoundingClientRect()])
        .filter(([, b]) => b.width < 24 || (b.height < 24 && b.width < 200)).map(([name]) => name)"""
    )
    assert small == ["revision"] or small == []


def test_everything_is_reached_and_used_by_keyboard(reader, page):
    opened = reader.open(page)
    reached = []
    for _ in range(60):
        opened.keyboard.press("Tab")
        reached.append(
            opened.evaluate(
                "() => { const e = document.activeElement; return e.id || e.className || e.tagName; }"
            )
        )
        if reached[-1] == "BODY":
            break
    for wanted in ("skip", "revision", "text-size", "language", "tab-changes", "group", "map"):
        assert wanted in reached, wanted
    opened.locator("#tab-changes").focus()
    opened.keyboard.press("ArrowRight")
    expect(opened.locator("#tab-find")).to_be_focused()
    expect(opened.locator("#pane-find")).to_be_visible()
    opened.keyboard.press("End")
    expect(opened.locator("#tab-legend")).to_be_focused()


def test_arrows_and_signs_move_the_map_only_when_it_has_the_focus(reader, page):
    opened = reader.open(page)
    picture = "() => document.querySelector('#map canvas').toDataURL()"
    before = opened.evaluate(picture)
    opened.locator("#map").focus()
    opened.keyboard.press("+")
    opened.wait_for_timeout(300)
    assert opened.evaluate(picture) != before


def test_focus_is_visible(reader, page):
    opened = reader.open(page)
    for _ in range(3):
        opened.keyboard.press("Tab")
    outline = opened.evaluate(
        "() => [document.activeElement, document.activeElement.parentElement]"
        ".map(e => getComputedStyle(e).outlineStyle).join()"
    )
    assert "solid" in outline


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *(
        (text, ground)
        for text in ("ink", "soft", "accent", "change", "danger")
        for ground in ("paper", "back")
    ),
    ("paper", "accent"),
    ("paper", "change"),
    ("accent", "accent-soft"),
    ("ink", "change-soft"),
    ("soft", "accent-soft"),
    ("soft", "change-soft"),
    ("ink", "warn"),
]


@pytest.mark.parametrize(
    ("theme", "least"),
    [
        ({}, 4.5),
        ({"color_scheme": "dark"}, 4.5),
        ({"contrast": "more"}, 7),
        ({"contrast": "more", "color_scheme": "dark"}, 7),
    ],
)
def test_text_colours_reach_the_contrast_that_is_asked_for(reader, page, theme, least):
    opened = reader.open(page)
    opened.emulate_media(**theme)
    names = sorted({name for pair in PAIRS for name in pair} | {"edge"})
    tokens = opened.evaluate(
        """names => Object.fromEntries(names.map(name =>
            [name, getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim()]))""",
        names,
    )
    found = {pair: contrast(*(tokens[name] for name in pair)) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}
    assert contrast(tokens["edge"], tokens["paper"]) >= 3


def test_names_and_roles_are_there_for_a_screen_reader(reader, page):
    opened = reader.open(page)
    assert (
        opened.locator("button:not([aria-label])").evaluate_all(
            "all => all.filter(b => !b.textContent.trim()).length"
        )
        == 0
    )
    assert opened.locator("canvas").evaluate_all("all => all.every(c => c.closest('[aria-hidden]'))")
    for name in ("改了什么", "找我的楼", "问题点", "图例"):
        expect(opened.get_by_role("tab", name=name)).to_have_count(1)
    expect(opened.get_by_role("tab", selected=True)).to_have_text("改了什么")
    assert "maximum-scale" not in page.decode()
    assert "user-scalable" not in page.decode()


def test_without_scripts_picture_and_changes_are_readable(reader, page):
    opened = reader.open(page, script=False)
    expect(opened.locator("#still svg")).to_be_visible()
    expect(opened.locator("#still svg text").filter(has_text="12")).to_have_count(1)
    expect(opened.locator("#still ol > li")).to_have_count(len(content().comparisons[0].groups))
    expect(opened.locator("#still")).to_contain_text("T03 接送拥堵")
    expect(opened.locator("#still")).to_contain_text("List of changes")
    expect(opened.locator("#app")).to_be_hidden()


def printed_words(pdf):
    result = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return result.stdout.decode("utf-8")


def test_a_print_holds_title_map_legend_scale_and_changes(reader, page):
    opened = reader.open(page)
    pdf = opened.pdf(print_background=True, prefer_css_page_size=True)
    words = printed_words(pdf)
    for wanted in ("试验小区", "R2", "图例", "改了什么", "T03", "前后数量"):
        assert wanted in words
    assert re.search(rb"/MediaBox ?\[ ?0 0 84[12]", pdf)
    assert io.BytesIO(pdf).read(4) == b"%PDF"
    drawn = opened.evaluate(
        "() => { const c = document.querySelector('#paper canvas'); return c.width * c.height; }"
    )
    assert drawn > 4_000_000


def sheets(pdf):
    """Return number, width and height in millimetres of a PDF's pages."""
    told = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    size = re.search(r"Page size: +([\d.]+) x ([\d.]+)", told)
    return int(re.search(r"Pages: +(\d+)", told)[1]), *(
        round(float(side) * 25.4 / 72) for side in size.groups()
    )


def test_a_print_is_a4_and_at_a_button_a3_and_upright_where_the_site_is(reader, page):
    opened = reader.open(page)
    assert sheets(opened.pdf(prefer_css_page_size=True)) == (2, 297, 210)
    opened.evaluate("() => { window.print = () => {}; }")
    opened.locator(".saves button", has_text="A3").click()
    assert sheets(opened.pdf(prefer_css_page_size=True)) == (2, 420, 297)
    assert sheets(opened.pdf(prefer_css_page_size=True)) == (2, 297, 210)
    tall = [("site", box(0, 0, 100, 400), {"name": "红线"})]
    opened = reader.open(build_page(content(snapshot(boundary=tall), second(boundary=tall))))
    assert sheets(opened.pdf(prefer_css_page_size=True)) == (2, 210, 297)


COVERED = """() => {
    const box = name => document.querySelector(name).getBoundingClientRect(), map = box('#map');
    const drawn = document.querySelector('#map canvas'), at = drawn.getBoundingClientRect();
    const copy = new OffscreenCanvas(drawn.width, drawn.height).getContext('2d', {willReadFrequently: true});
    copy.drawImage(drawn, 0, 0);
    const d = copy.getImageData(0, 0, drawn.width, drawn.height).data, k = drawn.width / at.width;
    const found = new Set(), within = (b, x, y) => b.left < x && x < b.right && b.top < y && y < b.bottom;
    for (let i = 0; i < d.length; i += 4) {
        if (d[i] < 190 || d[i + 1] > 30 || d[i + 2] > 60 || d[i + 2] < 30) continue;  // the boundary's red
        const x = at.left + (i / 4 % drawn.width) / k, y = at.top + Math.floor(i / 4 / drawn.width) / k;
        if (!within(map, x, y)) found.add('edge');
        for (const name of ['#views', '#zoom']) if (within(box(name), x, y)) found.add(name);
    }
    return [...found];
}"""


@pytest.mark.parametrize(
    ("size", "shape"),
    [((320, 568), (460, 380)), ((320, 568), (60, 40)), ((360, 640), (120, 420)), ((1280, 800), (460, 300))],
)
def test_no_button_covers_the_site_when_the_whole_of_it_is_shown(reader, size, shape):
    site = [("site", box(0, 0, *shape), {"name": "红线"})]
    opened = reader.open(build_page(content(snapshot(boundary=site), second(boundary=site))), size=size)
    assert opened.evaluate(COVERED) == []
    for _ in range(2):
        opened.click("#text-size")
        opened.wait_for_timeout(80)
        assert opened.evaluate(COVERED) == []
