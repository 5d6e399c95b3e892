"""HTML text that cannot become markup."""

from __future__ import annotations

import html
import re
from typing import Final

_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def escaped(text: object) -> str:
    """Return text for element content and quoted attributes.

    Characters that HTML cannot hold become the replacement character.

    Examples
    --------
    >>> escaped('<b>"A & B"</b>')
    '&lt;b&gt;&quot;A &amp; B&quot;&lt;/b&gt;'
    """
    return html.escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", str(text)), quote=True)


def both(zh: object, en: object, tag: str = "p") -> str:
    """Return an element with the Chinese words and, where they differ, the English ones below."""
    if str(zh) == str(en):
        return f"<{tag}><bdi>{escaped(zh)}</bdi></{tag}>"
    second = f'<span lang="en" class="second"><bdi>{escaped(en)}</bdi></span>'
    return f"<{tag}><bdi>{escaped(zh)}</bdi> {second}</{tag}>"
