"""The first page of a folder of pages: estates, their revisions, which one is in force. No script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from gis.publish.content import SiteEstate, SiteRevision
from gis.publish.page.document import asset, without_comments
from gis.publish.page.markup import both, escaped
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
        f"<header>{both(*WORDS['site_title'], tag='h1')}{both(*WORDS['site_about'])}</header>\n"
        f"{listed}<footer>{both(*WORDS['site_footer'])}</footer></main>\n"
        f'<script type="application/json" id="list">{inert}</script>\n</body>\n</html>\n'
    )
    return page.encode("utf-8")


def _estate(estate: SiteEstate) -> str:
    newest = estate.revisions[0]
    rows = "".join(_revision(one, newest) for one in estate.revisions)
    return f'<section class="estate"><h2><bdi>{escaped(estate.title)}</bdi></h2><ol>{rows}</ol></section>\n'


def _revision(one: SiteRevision, newest: SiteRevision) -> str:
    current = one is newest
    mark = WORDS["site_current"] if current else WORDS["superseded_short"].format(label=newest.label)
    words = both(*mark, tag="span").removeprefix("<span>")
    date = escaped(one.date)
    return (
        f'<li class="{"now" if current else "old"}"><a href="{quote(one.file_name)}">'
        f'<span class="chip"><bdi>{escaped(one.label)}</bdi></span>'
        f'<span class="name"><b><bdi>{escaped(one.title)}</bdi></b>'
        f'<time datetime="{date}">{date}</time></span><span class="mark">{words}</a></li>'
    )
