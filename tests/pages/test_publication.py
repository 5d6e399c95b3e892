"""Photos, the mark of a newer revision, a background and a site's index, in a real browser."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from gis.publish.content import Background, SiteEstate, SiteRevision, Superseded
from gis.publish.page import build_page
from gis.publish.page.index_page import build_index
from gis.publish.photos import PhotoShelf
from gis.publish.profile import PROFILES
from gis.publish.redaction import State, redact
from tests.gis.publish.attacks import ATTACKS
from tests.gis.publish.plans import content, point, revision, snapshot

WORD = " ".join(ATTACKS)


def jpeg(colour, size=(60, 40)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def test_a_photo_is_shown_with_its_caption_as_words(reader):
    spot = ("d1", point(60, 65), {"code": "D01", "title": "积水", "photos": "a"})
    shelf = PhotoShelf(lambda _: jpeg("red"), {"photo.a.public": True, "photo.a.caption": WORD}, True)
    states = [State(revision(), snapshot(drainage_spot=[spot]))]
    page = build_page(redact(states, [], PROFILES["public"], shelf=shelf).content)
    opened = reader.open(page, "#f=D01")
    shown = opened.locator("#card img")
    expect(shown).to_be_visible()
    assert shown.evaluate("i => i.decode().then(() => i.naturalWidth)") == 60
    assert "{{7*7}}" in opened.locator("#card figcaption").text_content()
    assert "window.PWN=1" in shown.get_attribute("alt")
    opened.requests[:] = [url for url in opened.requests if not url.startswith("blob:")]


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_page_says_what_replaced_it_and_leads_there(reader, locale):
    newer = Superseded("R3", WORD, "2020-07-25", "试验小区-R3.html")
    page = build_page(replace(content(), superseded=newer))
    opened = reader.open(page, locale=locale)
    mark = opened.locator("#newer")
    expect(mark).to_contain_text("已被 R3" if locale == "zh-CN" else "Superseded by R3")
    expect(mark).to_contain_text("</script><script>window.PWN=1</script>")
    assert mark.locator("a").evaluate("a => a.pathname").endswith("-R3.html")
    still = reader.open(page, script=False)
    expect(still.locator("#newer")).to_contain_text("Superseded by R3")


def test_a_background_lies_below_the_plan_and_can_be_switched_off(reader):
    below = Background(jpeg("#00FF00"), "image/jpeg", (-5000, -5000, 25000, 20000), WORD)
    opened = reader.open(build_page(replace(content(), background=below)))
    opened.wait_for_timeout(200)
    expect(opened.locator("#credit")).to_contain_text("{{7*7}}")
    assert greens(opened) > 5000
    opened.click("#tab-legend")
    opened.locator("#pane-legend label", has_text="背景图").click()
    opened.wait_for_timeout(100)
    assert greens(opened) == 0


def greens(opened):
    """Count pure green points of a picture of the page."""
    colours = np.asarray(Image.open(io.BytesIO(opened.screenshot())).convert("RGB")).astype(int)
    return int(((colours[..., 1] > 200) & (colours[..., 0] < 90) & (colours[..., 2] < 90)).sum())


def test_an_index_lists_revisions_without_a_script_or_a_request(reader):
    pages = tuple(
        SiteRevision(label, WORD, "2020-07-25", f"试验-{label}.html", 3, "0" * 64) for label in ("R2", "R1")
    )
    index = build_index([SiteEstate("k", WORD, pages)], "{}")
    for size in ((320, 568), (1280, 800), (3840, 2160)):
        opened = reader.open(index, size=size, ready=False)
        expect(opened.locator(".estate a")).to_have_count(2)
        expect(opened.locator("a.now")).to_contain_text("当前公示")
        expect(opened.locator("a.now")).to_contain_text("3 处变化")
        expect(opened.locator("li a.old")).to_contain_text("已被 R2 取代")
        expect(opened.locator("h2")).to_contain_text("<svg onload=window.PWN=1>")
        assert opened.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize(
    "media",
    [
        {"color_scheme": "dark"},
        {"contrast": "more"},
        {"forced_colors": "active"},
        {"reduced_motion": "no-preference"},
    ],
)
def test_a_wall_screen_fills_itself_in_every_theme(reader, two, media):
    opened = reader.open(two, size=(3840, 2160))
    opened.emulate_media(**media)
    assert opened.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 28
    assert 600 <= opened.locator("#panel").bounding_box()["width"] <= 1100
    assert opened.evaluate("document.documentElement.scrollWidth") <= 3840
