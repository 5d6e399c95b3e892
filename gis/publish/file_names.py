"""File names that every system takes: Windows, Linux, web servers, chat programs."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MOST_BYTES: Final = 80
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³])$", re.IGNORECASE)


def file_stem(*words: str, most_bytes: int = _MOST_BYTES) -> str:
    """Return a name without path, ending or surprises, made of some words.

    Letters and digits of any script stay, everything else becomes a hyphen; no
    reserved name of Windows, at most `most_bytes` bytes in UTF-8, never empty.
    The last word is kept whole as long as it fits.

    Examples
    --------
    >>> file_stem("金茵小区(示例)", "R3")
    '金茵小区-示例-R3'
    >>> file_stem("CON")
    'page-CON'
    >>> file_stem("../..")
    'page'
    """
    *front, last = [_tame(word) for word in words] or [""]
    head = _cut("-".join(filter(None, front)), most_bytes - len(last.encode()) - 1)
    stem = _cut("-".join(filter(None, (head, last))), most_bytes)
    if not stem:
        return "page"
    return f"page-{stem}" if _RESERVED.match(stem) else stem


def _tame(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word)
    kept = "".join(c if unicodedata.category(c)[0] in "LN" else "-" for c in plain)
    return re.sub("-+", "-", kept).strip("-")


def _cut(word: str, most_bytes: int) -> str:
    return word.encode()[: max(0, most_bytes)].decode("utf-8", "ignore").strip("-")
