"""Links to a state of a published page: which revision, what is picked, which way of looking.

The page reads them back (``readFragment`` in ``gis/publish/assets/script/chrome.js``).
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias
from urllib.parse import quote, urlsplit

from layers.snapshot import Snapshot

View: TypeAlias = Literal["before", "after", "changes", "swipe"]

ADDRESS: Final = "publish.address"
"""Setting: where the page is published, ``https://…``; told on the page and led to by the code on a sheet."""
_ADDRESS_BEFORE: Final = "publish.url"
"""How the code's address was called before it was one with the page's."""

DRAFT: Final = "draft"
"""What stands for the working plan, which has no label."""


def published_address(snapshot: Snapshot) -> str:
    """Return the address of publication that a project names, or nothing if it is none of the web."""
    for name in (ADDRESS, _ADDRESS_BEFORE):
        address = str(snapshot.settings.get(name) or "").strip()
        if is_web_address(address):
            return address
    return ""


def is_web_address(address: str) -> bool:
    """Tell whether an address leads to a page: a phone would run or open anything else that it scans.

    Examples
    --------
    >>> is_web_address("https://example.org/jinyin/"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.netloc)


def state_link(
    address: str, revision: str, *, feature: str = "", view: View = "after", english: bool = False
) -> str:
    """Return the link that opens a page in a state.

    Parameters
    ----------
    address : str
        Of the page; a fragment of its own is dropped.
    revision : str
        Label of the revision; empty or ``working`` for the working plan.
    feature : str
        What is picked: a number (R3-17, R3-1704), a problem's code, a building's number.
    view : {"before", "after", "changes", "swipe"}
    english : bool
        Whether the page opens in English; otherwise the reader's own language decides.

    Examples
    --------
    >>> state_link("https://example.org/a.html", "R3", feature="R3-17", view="changes")
    'https://example.org/a.html#r=R3&v=changes&f=R3-17'
    """
    label = revision if revision and revision != "working" else DRAFT
    parts = [f"r={quote(label, safe='')}"]
    if view != "after":
        parts.append(f"v={view}")
    if english:
        parts.append("l=en")
    if feature:
        parts.append(f"f={quote(feature, safe='')}")
    return f"{address.partition('#')[0]}#{'&'.join(parts)}"
