import base64
import gzip
import hashlib
import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from gis.publish.page import build_page
from gis.publish.page import leaflet as leaflet_module
from gis.publish.page.document import (
    BOOT,
    FIRST_STYLES,
    LIST_STYLES,
    OPENING,
    SCRIPTS,
    STILL_STYLES,
    WORD_STYLES,
    boot_script,
    opening_script,
    page_script,
    page_style,
)
from gis.publish.page.estate_map import MAP_DIV, EstateMap
from gis.publish.page.leaflet import LICENCE, leaflet_script
from gis.publish.page.words import WORDS, page_words
from layers.errors import PublishError
from tests.gis.publish.attacks import ATTACKS
from tests.gis.publish.decoding import layers_of, payload_of
from tests.gis.publish.plans import content, filled_with, redacted, revision, snapshot

ASSETS = Path(leaflet_module.__file__).parents[1] / "assets"


class Elements(HTMLParser):
    """Collects elements, their attributes, and the text of scripts and styles."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found, self.texts, self._open = [], {"script": [], "style": []}, None
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._open = tag if tag in self.texts else None
        if self._open:
            self.texts[tag].append("")

    def handle_data(self, data):
        if self._open:
            self.texts[self._open][-1] += data

    def handle_endtag(self, tag):
        self._open = None


@pytest.fixture(scope="module")
def page():
    return build_page(content())


def program_of(page):
    """Return style and scripts that the page lets in."""
    packed = re.search(rb'id="program">([^<]*)<', page).group(1)
    return gzip.decompress(base64.b64decode(packed)).decode("utf-8").split("\0")


def hashed(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_equal_content_gives_an_equal_file(page):
    assert build_page(content()) == page


def test_the_file_is_plain_ascii_and_reads_the_same(page):
    assert page.isascii()
    assert "试验小区" in html.unescape(page.decode())


def test_the_policy_comes_first_and_names_every_script_and_style_by_hash(page):
    elements = Elements(page)
    policy = next(a["content"] for t, a in elements.found if a.get("http-equiv") == "Content-Security-Policy")
    assert page.index(b"Content-Security-Policy") < page.index(b"<style") < page.index(b"<script")
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    tags = [attributes for tag, attributes in elements.found if tag == "script"]
    scripts = [
        text for attributes, text in zip(tags, elements.texts["script"], strict=True) if not attributes
    ]
    assert scripts == [opening_script(), boot_script()]
    allowed = [*scripts, *program_of(page), *elements.texts["style"]]
    assert set(re.findall(r"'sha256-[^']+'", policy)) == {hashed(text) for text in allowed}


def test_nothing_in_the_file_points_elsewhere(page):
    elements = Elements(page)
    links = [a for _, a in elements.found if {"src", "href", "srcset", "data", "action"} & set(a)]
    assert links == [{"id": "skip", "href": "#panel", "data-word": "skip"}]
    assert not re.search(r"url\(|@import|image-set", page_style())
    assert "sourceMappingURL" not in page.decode()


def test_no_element_carries_a_style_or_a_handler(page):
    for _, attributes in Elements(page).found:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize(
    "banned",
    [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "DOMParser",
        "bindPopup",
        "bindTooltip",
        'setAttribute("style',
        "fetch(",
        "XMLHttpRequest",
        "localStorage",
        "createContextualFragment",
    ],
)
def test_the_pages_own_script_never_makes_markup_of_text(banned):
    assert banned not in page_script()
    assert banned not in boot_script() + opening_script()


def test_every_asset_is_used_and_every_word_exists():
    assert {p.stem for p in (ASSETS / "script").glob("*.js")} == {*OPENING, *BOOT, *SCRIPTS}
    assert {p.stem for p in (ASSETS / "style").glob("*.css")} == {
        *WORD_STYLES,
        *STILL_STYLES,
        *FIRST_STYLES,
        *LIST_STYLES,
    }
    asked = set(re.findall(r'\bt\("(\w+)"', page_script())) | set(
        re.findall(r'data-\w+="(\w+)"', (ASSETS / "page.html").read_text("utf-8"))
    )
    assert asked <= set(page_words())


def test_no_word_is_kept_that_nothing_asks_for():
    text = (
        page_script()
        + (ASSETS / "page.html").read_text("utf-8")
        + "".join(
            Path(leaflet_module.__file__).with_name(f"{name}.py").read_text("utf-8")
            for name in ("document", "index_page")
        )
    )
    unused = [key for key in WORDS if not re.search(rf'["\'`]{key}["\'`]', text)]
    assert set(unused) <= {
        "filter_all",
        "filter_open",
        "filter_closed",
        "print_a4",
        "print_a3",
        "mark_added",
        "mark_removed",
        "mark_moved",
        "mark_changed",
        *(f"side_{side}" for side in ("n", "ne", "e", "se", "s", "sw", "w", "nw")),
    }


def test_leaflet_comes_with_its_notice_and_its_licence(page):
    assert "Leaflet 1.9.3, a JS library for interactive maps" in program_of(page)[3]
    assert program_of(page)[1] == page_script()
    assert b"Redistribution and use in source and binary forms" in page
    assert "CloudMade" in LICENCE
    assert "sourceMappingURL" not in leaflet_script()


def test_an_altered_leaflet_is_refused(monkeypatch, tmp_path):
    folder = tmp_path / "pyqtlet2" / "web" / "modules" / "leaflet_193"
    folder.mkdir(parents=True)
    (tmp_path / "pyqtlet2" / "__init__.py").write_text("raise SystemExit('never imported')")
    (folder / "leaflet.js").write_text("alert(1)")
    monkeypatch.syspath_prepend(tmp_path)
    leaflet_script.cache_clear()
    try:
        with pytest.raises(PublishError):
            leaflet_script()
    finally:
        leaflet_script.cache_clear()


@pytest.fixture
def compiled(monkeypatch):
    """Record every source that Jinja compiles."""
    sources = []
    compile_source = jinja2.Environment.compile

    def recorded(self, source, *args, **kwargs):
        sources.append(source)
        return compile_source(self, source, *args, **kwargs)

    monkeypatch.setattr(jinja2.Environment, "compile", recorded)
    return sources


def test_no_word_of_a_user_is_ever_compiled_as_a_template(compiled):
    word = "{{marker7}}" + "".join(ATTACKS)
    named = revision("R1", title=word, note=word, author=word)
    page = build_page(redacted(filled_with(word), revisions=[named]).content)
    assert compiled
    assert not [source for source in compiled if "marker7" in str(source)]
    assert b"{{marker7}}" in page


@pytest.mark.parametrize("word", ATTACKS)
def test_every_attack_comes_back_word_for_word_from_the_data(word):
    header = layers_of(
        payload_of(build_page(redacted(filled_with(word), revisions=[revision(title=word)]).content))
    )
    building = next(one for one in header["layers"] if one["id"] == "building")
    assert header["title"] == word
    assert header["revisions"][0]["title"] == word
    assert set(building["columns"]["name"]) == {word}


def test_the_still_part_shows_the_words_as_text():
    page = build_page(redacted(replace(snapshot(), title="<b>粗</b>&\"'")).content).decode()
    assert "&lt;b&gt;&#31895;&lt;/b&gt;&amp;&quot;&#x27;" in page
    assert "<b>" not in page.partition("<h1>")[2].partition("</h1>")[0]


def test_a_tree_with_a_foreign_template_is_refused():
    estate = EstateMap("", "", "")
    from branca.element import Element

    estate.figure.html.add_child(Element("<p>{{ 7 * 7 }}</p>"), name="other")
    with pytest.raises(PublishError):
        estate.rendered()


def test_maps_of_stock_folium_are_left_alone(page):
    import folium

    assert folium.Map.default_js
    assert MAP_DIV.encode() in page


def test_the_file_is_small(page):
    assert len(page) < 170_000
