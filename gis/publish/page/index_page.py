"""The first page of a folder of pages: estates, their revisions, which one is in force. No script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from gis.publish.content import SiteEstate, SiteRevision
from gis.publish.page.document import asset, without_comments
from gis.publish.page.markup import escaped
from gis.publish.page.words import WORDS

STYLES: Final = ("style/tokens.css", "index.css")


def build_index(estates: Sequence[SiteEstate], data: str) -> bytes:
    """Return the index as UTF-8 bytes; equal input gives equal bytes.

    Parameters
    ----------
    estates : sequence of SiteEstate
        Each with its newest revision first.
    data : str
        JSON that the program reads when it adds to the folder; shown to nobody.
    """
    style = "\n".join(without_comments(asset(name)) for name in STYLES)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    listed = "".join(_estate(estate) for estate in estates)
    inert = data.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    page = (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="format-detection" content="telephone=no">\n<meta name="generator" content="Planboard">\n'
        f"<title>{escaped(WORDS['site_title'].zh)}</title>\n<style>{style}</style>\n</head>\n<body><main>\n"
        f"<header>{_words('site_title', tag='h1')}{_words('site_about', tag='p')}</header>\n"
        f"{listed}<footer>{_words('site_footer', tag='p')}</footer></main>\n"
        f'<script type="application/json" id="list">{inert}</script>\n</body>\n</html>\n'
    )
    return page.encode("utf-8")


def _estate(estate: SiteEstate) -> str:
    newest, *older = estate.revisions
    rows = "".join(_older(one, newest) for one in older)
    before = f"{_words('site_older', tag='h3')}<ol>{rows}</ol>" if rows else ""
    title = f"<h2><bdi>{escaped(estate.title)}</bdi></h2>"
    return f'<section class="estate">{title}{_newest(newest)}{before}</section>\n'


def _newest(one: SiteRevision) -> str:
    """Return the one revision that most readers want, as one large link."""
    changes = _words("site_changes", n=one.changes) if one.changes else ""
    return (
        f'<a class="now" href="{quote(one.file_name)}">{_words("site_current", css="state")}'
        f'<span class="what"><span class="chip"><bdi>{escaped(one.label)}</bdi></span> '
        f"<b><bdi>{escaped(one.title)}</bdi></b></span>"
        f'<span class="facts">{_time(one)}{changes}</span>{_words("site_open", css="go")}</a>'
    )


def _older(one: SiteRevision, newest: SiteRevision) -> str:
    return (
        f'<li><a class="old" href="{quote(one.file_name)}"><span class="chip"><bdi>{escaped(one.label)}</bdi>'
        f"</span><b><bdi>{escaped(one.title)}</bdi></b>{_time(one)}"
        f"{_words('superseded_short', css='mark', label=newest.label)}</a></li>"
    )


def _time(one: SiteRevision) -> str:
    date = escaped(one.date)
    return f'<time datetime="{date}">{date}</time>' if date else ""


def _words(key: str, tag: str = "span", css: str = "", **values: object) -> str:
    """Return a sentence of the page in both languages; the English one apart for eye and ear."""
    zh, en = WORDS[key].format(**values)
    kind = f' class="{css}"' if css else ""
    return f'<{tag}{kind}>{escaped(zh)} <span lang="en" class="second">{escaped(en)}</span></{tag}>'
