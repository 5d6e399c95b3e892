"""Hostile words, damaged files, old browsers."""

import base64
import gzip
import json
import random
import re
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from playwright.sync_api import expect

from gis.privacy import masked
from gis.publish.page import build_page
from gis.publish.page.document import asset
from gis.publish.page.payload import encode, zipped
from layers.text import same
from tests.gis.publish.attacks import ATTACKS, NAUGHTY
from tests.gis.publish.decoding import layers_of, payload_of
from tests.gis.publish.plans import BASE, box, content, filled_with, point, redacted, revision, snapshot
from tests.gis.publish.test_payload import pages
from tests.pages.chromium import Reader

WORD = " ¦ ".join(ATTACKS)
TIDY = re.compile(r"\s+")


def tidy(text):
    return TIDY.sub(" ", text).strip()


@pytest.fixture(scope="module")
def hostile():
    """A page with every attack in every place that takes words."""
    spots = [
        (f"d{i}", point(10 + i, 65), {"code": f"D{i:02d}", "title": word, "answer": word})
        for i, word in enumerate(ATTACKS)
    ]
    notice = {
        f"publish.{name}": WORD
        for name in ("office", "contact", "how_to_comment", "comment_from", "comment_until", "address")
    }
    titles = {f"layer.{name}.title": WORD for name in BASE}
    before = filled_with(WORD)
    after = snapshot(
        "R2",
        title=WORD,
        settings={**notice, **titles},
        drainage_spot=spots,
        traffic_spot=[],
        building=[
            ("b12", box(20, 70, 70, 82), {"number": WORD, "name": WORD}),
            (
                "n",
                box(90, 20, 99, 30),
                {"name": "__proto__", "state": "new", "answers": WORD, "reason": WORD},
            ),
        ],
        comment=[
            (f"c{i}", point(12 + i, 60), {"code": f"Y{i:02d}", "gist": word, "reply": word, "about": word})
            for i, word in enumerate(ATTACKS)
        ],
    )
    names = [revision("R1", WORD, WORD, WORD), revision("R2", WORD, WORD, WORD)]
    return build_page(redacted(before, after, revisions=names).content)


def test_hostile_words_are_shown_as_words_everywhere(reader, hostile):
    opened = reader.open(hostile)
    shown = tidy(masked(WORD)[0])
    assert tidy(opened.locator("h1").text_content()) == shown
    assert tidy(opened.locator(".revision .note").text_content()) == shown
    for part in ("#pane-changes", "#pane-legend", "#foot", "#published"):
        assert shown in tidy(opened.locator(part).text_content()), part
    opened.click("#tab-problems")
    titles = opened.locator(".spots .what b bdi").all_text_contents()
    assert [tidy(t) for t in titles] == [tidy(masked(w)[0]) for w in ATTACKS] * 2
    answers = opened.locator(".spots .answer").all_text_contents()
    assert [tidy(t) for t in answers] == [tidy(masked(w)[0]) for w in ATTACKS] * 2  # of spots and of comments


@pytest.mark.parametrize(
    "planted",
    [
        b"<script>window.PWN = 1</script>",
        b'<img src="x.png" onerror="window.PWN = 1">',
        b'<svg onload="window.PWN = 1"></svg>',
        b'<iframe srcdoc="<script>top.PWN = 1</script>"></iframe>',
        b'<script src="https://planboard.invalid/x.js"></script>',
        b"<style>body { color: red }</style>",
    ],
)
def test_what_got_into_a_page_by_other_hands_is_stopped_by_its_policy(two, windows, tmp_path, planted):
    """Were the words of a page ever to become markup, the browser itself would refuse to run them."""
    reader = Reader(windows, tmp_path)
    opened = reader.open(two.replace(b"<figure>", planted + b"<figure>", 1))
    opened.wait_for_timeout(50)
    assert opened.evaluate("() => String(window.PWN)") == "undefined"
    assert any("Content Security Policy" in words for words in reader.misdeeds)
    reader.close()


def test_hostile_words_stay_words_in_notes_search_and_english(reader, hostile):
    opened = reader.open(hostile)
    opened.click("#tab-find")
    opened.fill("#query", "{{7*7}}")
    opened.locator("#found button").first.click()
    assert tidy(masked(WORD)[0]) in tidy(opened.locator(".details").text_content())
    opened.keyboard.press("Escape")
    opened.click("#language")
    opened.fill("#query", "<img src=x onerror=window.PWN=1>")
    opened.locator("#tab-changes").click()
    for item in opened.locator(".groups > li > button").all():
        item.click()
    made = opened.evaluate(
        "() => [...document.querySelectorAll('img, iframe, svg, object, a, script[src]')].map(e => e.id)"
    )
    assert made == ["skip"]
    opened.pdf()


def test_hostile_column_names_units_groups_and_legends_stay_words(reader):
    made = content()
    layers = []
    for layer in made.layers:
        words = iter(ATTACKS * 3)
        fields = tuple(replace(f, title=same(next(words)), unit=next(words)) for f in layer.fields)
        rules = tuple(replace(rule, title=same(WORD)) for rule in layer.style.rules)
        style = replace(layer.style, rules=rules)
        layers.append(replace(layer, fields=fields, style=style, group=same(WORD), title=same(WORD)))
    layers = tuple(named(layer, ATTACKS) for layer in layers)
    opened = reader.open(build_page(replace(made, layers=layers)), "#f=T03")
    shown = tidy(WORD)
    opened.click("#card .close")
    opened.click("#tab-legend")
    assert opened.locator("#pane-legend h3").first.text_content() == WORD
    assert shown in tidy(opened.locator("#pane-legend .keys").first.text_content())
    opened.click("#tab-find")
    opened.fill("#query", "12")
    opened.locator("#found button").first.click()
    told = [tidy(word) for word in opened.locator("#card dt").all_text_contents()]
    assert tidy(ATTACKS[0]) in told
    opened.pdf()


def named(layer, words):
    """Return the layer with one of the words as name of each field that nothing asks for by name."""
    used = {"number", "name", "code", "title", "state", "width_m", "crown_m", "severity", "answers"}
    names = {f.name: f.name if f.name in used else w for f, w in zip(layer.fields, words, strict=False)}
    fields = tuple(replace(f, name=names[f.name]) for f in layer.fields)
    return replace(layer, fields=fields, columns={names[n]: column for n, column in layer.columns.items()})


def test_the_still_part_with_hostile_words_makes_no_element_of_them(reader, hostile):
    opened = reader.open(hostile, script=False)
    assert opened.locator("#still :is(img, iframe, a, script, style, object)").count() == 0
    assert tidy(masked(ATTACKS[6])[0]) in tidy(opened.locator("h1").text_content())


def test_naughty_strings_are_shown_word_for_word(reader):
    spots = [
        (f"d{i}", point(i % 190, 65), {"code": f"N{i:03d}", "title": word})
        for i, word in enumerate(NAUGHTY)
        if word.strip()
    ]
    opened = reader.open(build_page(content(snapshot(drainage_spot=spots, traffic_spot=[]))))
    opened.click("#tab-problems")
    titles = opened.locator(".spots .what b bdi").all_text_contents()
    expected = [masked(values["title"])[0] for _, _, values in spots]
    assert titles == expected


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "format", "lengths", "text"])
def test_a_damaged_file_says_so_and_keeps_the_still_picture(reader, two, damage):
    page = two
    packed = payload_of(page)
    data = gzip.decompress(packed)
    if damage == "flip":
        packed = packed[:200] + bytes([packed[200] ^ 16]) + packed[201:]
    elif damage == "cut":
        packed = packed[: len(packed) // 2]
    elif damage == "empty":
        packed = b""
    elif damage == "format":
        packed = zipped(data.replace(b'"format":1', b'"format":9'))
    elif damage == "lengths":
        packed = zipped(data + b"\0")
    damaged = base64.b64encode(packed) if damage != "text" else "数据".encode()
    opened = reader.open(page.replace(base64.b64encode(payload_of(page)), damaged), ready=False)
    expect(opened.locator("#trouble")).to_be_visible()
    expect(opened.locator("#trouble")).to_contain_text("损坏")
    expect(opened.locator("#still svg")).to_be_visible()
    expect(opened.locator("#app")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("at", [b"<noscript", b"</figure>", b'id="data">', b'id="program">', b"boot();"])
def test_a_file_cut_short_says_so_wherever_it_ends(reader, two, at, script):
    page = two
    opened = reader.open(page[: page.rindex(at) + 9], ready=False, script=script)
    expect(opened.locator("#cut")).to_be_visible()
    expect(opened.locator("#cut")).to_contain_text("不完整")
    expect(opened.locator("#cut")).to_contain_text("incomplete")
    expect(opened.locator("#still")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("at", [b"incomplete", b"<header", b"--accent-soft", b"#tabs button", b"<noscript"])
def test_a_file_of_which_only_the_first_kilobytes_came_says_so(windows, two, tmp_path, at, script):
    """The browser reports a style that the cut altered, so these pages are not held to silence."""
    (tmp_path / "cut.html").write_bytes(two[: two.index(at) + len(at)])
    opened = windows.new_page((360, 640), "zh-CN", script)
    opened.goto((tmp_path / "cut.html").as_uri())
    expect(opened.locator("#cut")).to_be_visible()
    expect(opened.locator("#cut")).to_contain_text("不完整")
    opened.close()


def test_the_words_about_a_cut_file_stand_in_its_first_kilobytes(two):
    assert two.index(b"incomplete") < 3200


@pytest.mark.parametrize("script", [True, False])
def test_a_damaged_style_is_not_taken_for_a_cut_file(windows, tmp_path, script):
    """The browser reports what the page's policy stopped, so this page is not held to silence."""
    page = build_page(content())
    for number, rule in enumerate((b"#cut {", b"#still {")):
        (tmp_path / f"{number}.html").write_bytes(page.replace(rule, rule[:-1] + b"[", 1))
        opened = windows.new_page((360, 640), "zh-CN", script)
        opened.goto((tmp_path / f"{number}.html").as_uri())
        if script and number:
            expect(opened.locator("#trouble")).to_be_visible()
        expect(opened.locator("#cut")).to_be_hidden()
        expect(opened.locator("h1")).to_be_visible()
        opened.close()


def test_a_whole_file_says_nothing_of_being_cut(reader, two):
    page = two
    for script in (True, False):
        expect(reader.open(page, script=script).locator("#cut")).to_be_hidden()


def test_the_script_alone_knows_a_cut_file_where_styles_cannot_look_ahead(reader, two):
    page = two
    opened = reader.open(page[: page.index(b"</figure>")], ready=False)
    expect(opened.locator("html")).to_have_class("cut")


def test_a_damaged_program_says_so_too(reader, two):
    page = two
    start = page.index(b'id="program">') + 400
    opened = reader.open(page[:start] + b"AAAA" + page[start + 4 :], ready=False)
    expect(opened.locator("#trouble")).to_be_visible()


def test_a_damaged_first_script_says_so_although_it_may_not_run(windows, tmp_path):
    """The browser reports what the page's policy stopped, so this page is not held to silence."""
    at = (page := build_page(content())).rindex(b"boot();")
    (tmp_path / "damaged.html").write_bytes(page[:at] + b"coot();" + page[at + 7 :])
    opened = windows.new_page((360, 640), "zh-CN", True)
    opened.goto((tmp_path / "damaged.html").as_uri())
    expect(opened.locator("#trouble")).to_be_visible(timeout=1000)
    expect(opened.locator("#still svg")).to_be_visible()
    opened.close()


def test_data_that_decodes_but_makes_no_sense_brings_the_still_picture_back(reader, two):
    page = two
    data = gzip.decompress(payload_of(page)).replace(b'"extent":[', b'"extend":[')
    broken = page.replace(base64.b64encode(payload_of(page)), base64.b64encode(zipped(data)))
    opened = reader.open(broken, ready=False)
    expect(opened.locator("#trouble")).to_be_visible()
    expect(opened.locator("#still svg")).to_be_visible()
    expect(opened.locator("#app")).to_be_hidden()


def test_a_column_that_is_read_late_and_makes_no_sense_brings_the_still_picture_back(reader, two):
    data = gzip.decompress(payload_of(two))
    word = '"门口积水"'.encode()
    at = data.rindex(word)  # in the dictionary of the spots' titles, which no map shows
    spoilt = zipped(data[:at] + word[:-1] + b"," + data[at + len(word) :])
    opened = reader.open(
        two.replace(base64.b64encode(payload_of(two)), base64.b64encode(spoilt)), ready=False
    )
    expect(opened.locator("#trouble")).to_be_visible()
    expect(opened.locator("#still svg")).to_be_visible()
    expect(opened.locator("#app")).to_be_hidden()


def test_an_old_browser_without_unpacking_shows_the_same(reader, two):
    page = two
    old = reader.open(page, before="delete window.DecompressionStream;")
    new = reader.open(page)
    assert old.evaluate("() => typeof DecompressionStream") == "undefined"
    assert old.locator("#pane-changes").text_content() == new.locator("#pane-changes").text_content()
    picture = "() => document.querySelector('#map canvas').toDataURL()"
    assert old.evaluate(picture) == new.evaluate(picture)


@pytest.fixture(scope="module")
def workbench(browser):
    """A blank page with the page's decoder, for many small inputs."""
    context = browser.new_context(offline=True)
    blank = context.new_page()
    sources = "\n".join(asset(f"script/{name}.js") for name in ("inflate", "decode"))
    blank.set_content(f"<script>{sources}</script>")
    yield blank
    context.close()


READ = """async text => {
    const plan = decode(await unpacked(text));
    return JSON.stringify(plan.layers.map(l => ({
        first: [...l.first], last: [...l.last], kinds: [...l.kind],
        feature: [...l.feature], looks: [...l.look],
        shapes: [...l.kind].map((_, i) => {
            const a = plan.starts[l.path[i]], b = plan.starts[l.path[i + 1]];
            return [...plan.xs.slice(a, b)].map((x, v) => [x, plan.ys[a + v]]);
        }),
        columns: Object.fromEntries(l.fields.map(f =>
            [f.id, [...f.column].map(c => (c < 0 ? null : f.values[c]))])),
    })));
}"""


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pages())
def test_the_script_reads_what_python_writes(workbench, page):
    packed = encode(page)
    read = json.loads(workbench.evaluate(READ, base64.b64encode(packed).decode()))
    for mine, back in zip(layers_of(packed)["layers"], read, strict=True):
        assert [[list(p) for p in shape[3]] for shape in mine["shapes"]] == back["shapes"]
        assert [shape[0] for shape in mine["shapes"]] == back["kinds"]
        for name, there in (("first", "first"), ("last", "last"), ("feature", "feature"), ("look", "looks")):
            assert mine[name] == back[there]
        assert mine["columns"] == back["columns"]


def test_the_fallback_unpacks_what_gzip_packs(workbench):
    dice = random.Random(3)
    noise = bytes(dice.randrange(256) for _ in range(70_000))
    cases = [
        b"",
        b"a",
        "中文".encode() * 5000,
        noise,
        noise[:300] * 40,
        np.arange(30_000, dtype=np.uint16).tobytes(),
    ]
    for data in cases:
        packed = base64.b64encode(zipped(data)).decode()
        found = workbench.evaluate(
            """async text => {
                const kept = window.DecompressionStream;
                window.DecompressionStream = undefined;
                try {
                    const out = await unpacked(text);
                    return [out.length, checksum(out)];
                } finally { window.DecompressionStream = kept; }
            }""",
            packed,
        )
        assert found == [len(data), zlib.crc32(data)]
