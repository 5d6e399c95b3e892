"""Whether a text is a web page, whatever its name says."""

from __future__ import annotations

from typing import Final

_TAGS: Final = (
    "<!doctype html", "<html", "<table", "<head", "<meta", "<body", "<style", "<div", "<tr", "<center",
)  # fmt: skip


def looks_like_page(words: str) -> bool:
    """Tell by its beginning whether a text is a page with HTML, plain or as MHTML."""
    start = words.lstrip("\ufeff \t\r\n").lower()
    return start.startswith(_TAGS) or ("<table" in start and start.startswith("<")) or _is_mhtml(start)


def _is_mhtml(start: str) -> bool:
    return "mime-version:" in start[:600] and "content-type: multipart/related" in start[:2000]
