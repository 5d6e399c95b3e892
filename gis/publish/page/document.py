"""Putting a page together: head, still part, map, data, scripts."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import quote

from gis.publish.comment_text import number_in_words
from gis.publish.content import PageContent, PublicGroup, PublicRevision
from gis.publish.page.leaflet import LICENCE, leaflet_script, leaflet_style
from gis.publish.page.markup import both, escaped
from gis.publish.page.overview import overview_svg
from gis.publish.page.payload import encode, zipped
from gis.publish.page.words import WORDS

OPENING: Final = ("opening",)
"""What runs before anything is seen."""

BOOT: Final = ("inflate", "boot")
"""What stands in the page as it is: it unpacks the rest."""

SCRIPTS: Final = (
    "base", "decode", "words", "model", "geometry", "marks", "paint", "bends", "labels", "clouds",
    "picture", "plan_layer", "search", "around", "comment", "details", "changes_tab", "find_tab",
    "problems_tab", "legend_tab", "chrome", "print", "save", "start",
)  # fmt: skip
"""The page's script files in the order in which they depend on one another."""

_DATA: Final = "<!-- data -->"
"""Where the data goes once everything else is bytes: as text beside Chinese it would weigh twice as much."""

WORD_STYLES: Final = ("cut",)
"""What the first words need: all else comes after them, so that a file cut in its first kilobytes says so."""

STILL_STYLES: Final = ("tokens", "layout", "still")
FIRST_STYLES: Final = ("map",)
"""What the first map needs; it stays behind the others, for it has the last word over Leaflet's."""

LIST_STYLES: Final = ("panel", "print")


def build_page(content: PageContent) -> bytes:
    """Return the finished page as ASCII bytes; equal content gives equal bytes.

    The user's words travel in two ways only: escaped into the still part, and
    inside the compressed data, which the page's script shows as text nodes.
    """
    from gis.publish.page.estate_map import EstateMap  # late: folium takes half a second

    head = _head(content)
    before, _, after = asset("page.html").partition("<!-- map -->")
    tail = (
        f'{after}{_still(content)}<template id="leaflet-licence">{escaped(LICENCE)}</template>\n'
        f'<script type="application/octet-stream" id="data">{_DATA}</script>\n'
        f'<script type="application/octet-stream" id="program">{_program()}</script>\n'
        f'<script>{boot_script()}</script>\n<span id="end" hidden></span>\n'
    )
    # Plain ASCII is read by a browser in half the time; other characters travel as references.
    page = EstateMap(head, _top(content) + before, tail).rendered().encode("ascii", "xmlcharrefreplace")
    upper, lower = page.split(_DATA.encode())  # exactly two: words of users are escaped, none reads like this
    return b"".join((upper, base64.b64encode(encode(content)), lower))


@cache
def opening_script() -> str:
    """Return the script in the head of the page."""
    return _function(OPENING)


@cache
def boot_script() -> str:
    """Return the script that unpacks the program and lets it in."""
    return _function(BOOT)


@cache
def page_script() -> str:
    """Return the page's own program: the files of ``assets/script`` in one function."""
    return _function(SCRIPTS)


def _function(names: Sequence[str]) -> str:
    parts = "\n".join(without_comments(asset(f"script/{name}.js")) for name in names)
    return _plain(f'(function () {{\n"use strict";\n{parts}\n}})();')


def _plain(script: str) -> str:
    """Write what is not ASCII as escapes, which mean the same in words, patterns and names of a script."""
    return re.sub(r"[^\x00-\x7f]", lambda found: f"\\u{ord(found.group()):04x}", script)


@cache
def _program() -> str:
    """Return styles, program and Leaflet, packed: a third of their size, the same on every page."""
    parts = (first_style(), page_script(), list_style(), leaflet_script())
    return base64.b64encode(zipped("\0".join(parts).encode("ascii"))).decode("ascii")


@cache
def word_style() -> str:
    """Return the style in the head of the page."""
    return _styles(WORD_STYLES)


@cache
def still_style() -> str:
    """Return the style that the page needs before any script runs, and without one."""
    return _styles(STILL_STYLES)


@cache
def first_style() -> str:
    """Return the style that the map needs."""
    return _styles(FIRST_STYLES)


@cache
def list_style() -> str:
    """Return Leaflet's style and that of everything beside the map."""
    return f"{leaflet_style()}\n{_styles(LIST_STYLES)}"


def page_style() -> str:
    """Return all style of the page."""
    return "\n".join((word_style(), still_style(), list_style(), first_style()))


def _styles(names: Sequence[str]) -> str:
    return "\n".join(without_comments(asset(f"style/{name}.css")) for name in names)


def asset(name: str) -> str:
    """Return a file of ``assets``."""
    return files("gis.publish").joinpath("assets", *name.split("/")).read_text("utf-8").replace("\r\n", "\n")


def without_comments(source: str) -> str:
    """Drop lines that hold nothing but a comment, and indentation: the source is read in ``assets``."""
    source = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*\n", "", source, flags=re.DOTALL | re.MULTILINE)
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _head(content: PageContent) -> str:
    scripts = (opening_script(), boot_script(), page_script(), leaflet_script())
    styles = (word_style(), still_style(), first_style(), list_style())
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(_hashed(s) for s in scripts)}",
            f"style-src {' '.join(_hashed(s) for s in styles)}",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    latest = content.revisions[-1]
    title = " · ".join(filter(None, (content.title, latest.label or WORDS["working_short"].zh)))
    return (
        '\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="format-detection" content="telephone=no">\n'
        '<meta name="generator" content="Planboard">\n'
        f"<title>{escaped(title)}</title>\n<style>{word_style()}</style>\n"
        f"<script>{opening_script()}</script>\n"
    )


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _top(content: PageContent) -> str:
    """Return the first words, then the style that they look better with."""
    latest = content.revisions[-1]
    words = " · ".join(filter(None, (latest.title, latest.date)))
    return (
        f'\n<div id="cut" role="alert" hidden>{both(*WORDS["cut"])}</div>\n<header id="top"><div id="titles">'
        f"<h1><bdi>{escaped(content.title)}</bdi></h1>"
        f'<p id="published"><b>{escaped(latest.label or WORDS["working_short"].zh)}</b> '
        f'<bdi>{escaped(words)}</bdi></p></div><div id="tools"></div></header>\n'
        f"<style>{still_style()}</style>\n{_newer(content)}"
    )


def _newer(content: PageContent) -> str:
    """Return the mark of a page that a newer revision has replaced."""
    newer = content.superseded
    if newer is None:
        return ""
    name = " · ".join(filter(None, (newer.label, newer.title, newer.date)))
    words = both(*WORDS["superseded"].format(name=name), tag="span")
    link = f'<a href="{quote(newer.file_name)}">{both(*WORDS["open_newer"], tag="span")}</a>'
    return f'<div id="newer" role="note">{words} {link if newer.file_name else ""}</div>\n'


def _still(content: PageContent) -> str:
    """Return what is read without scripts: a picture, the changes, the revisions, how to comment."""
    last = len(content.revisions) - 1
    groups = [g for c in content.comparisons if c.after == last for g in c.groups]
    changes = "".join(_still_group(g) for g in groups)
    listed = f"{both(*WORDS['change_list'], tag='h2')}<ol>{changes}</ol>" if changes else ""
    revisions = "".join(_still_revision(r) for r in content.revisions)
    return (
        '<main id="still"><div id="trouble" role="alert" hidden>'
        f"{both(*WORDS['broken'])}{both(*WORDS['broken_advice'])}</div>"
        f"<noscript>{both(*WORDS['no_script'])}</noscript>"
        f"<figure>{overview_svg(content)}</figure>{listed}"
        f"{both(*WORDS['revisions'], tag='h2')}<ul>{revisions}</ul>{_still_notice(content)}</main>\n"
    )


def _still_group(group: PublicGroup) -> str:
    reasons = " ".join(
        f"<span><b>{escaped(code)}</b> <bdi>{escaped(reason.zh)}</bdi></span>"
        for code, reason in zip(group.answers, group.reasons, strict=True)
    )
    reasons += "".join(f" <bdi>{escaped(words)}</bdi>" for words in group.because)
    title = both(f"{group.sign} {group.title.zh}", group.title.en, tag="span")
    number = escaped(number_in_words(group.label).zh)
    return f'<li value="{group.number}">{title} <small>{number}</small> {reasons}</li>'


def _still_revision(revision: PublicRevision) -> str:
    words = " · ".join(filter(None, (revision.title, revision.date)))
    note = f"<p><bdi>{escaped(revision.note)}</bdi></p>" if revision.note else ""
    return f"<li><b>{escaped(revision.label)}</b> <bdi>{escaped(words)}</bdi>{note}</li>"


def _still_notice(content: PageContent) -> str:
    notice = content.notice
    rows = [both(*text) for text in (notice.office, notice.how_to_comment, notice.contact) if text.zh]
    dates = " – ".join(filter(None, (notice.comment_from, notice.comment_until)))
    if dates:
        rows.append(f"<p>{escaped(dates)}</p>")
    return f"{both(*WORDS['comment'], tag='h2')}{''.join(rows)}" if rows else ""
