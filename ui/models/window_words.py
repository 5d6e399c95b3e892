"""Words for the window: advice that only a command line can follow is left out."""

from __future__ import annotations

import re
from typing import Final

from layers.text import Text

_BRACKETED: Final = re.compile(r"\s*[（(][^（）()]*(?:--[a-z]|命令行|command line)[^（）()]*[）)]")
_CLAUSE: Final = re.compile(r"(?<=[。；])|(?<=[.;])\s+")
_OPTION: Final = re.compile(r"--[a-z]")


def window_words(words: Text) -> Text:
    """Return words without what names an option of the command line.

    Examples
    --------
    >>> window_words(Text("请选择图层。命令行用 --layer 名称。", "Choose one. As an option: --layer NAME."))
    Text(zh='请选择图层。', en='Choose one.')
    """
    return Text(_without(words.zh, "。"), _without(words.en, "."))


def _without(words: str, stop: str) -> str:
    if not _OPTION.search(words):
        return words
    kept = [part for part in _CLAUSE.split(_BRACKETED.sub("", words)) if not _OPTION.search(part)]
    joined = (" " if stop == "." else "").join(part.strip() for part in kept).strip()
    return joined.rstrip("；;") + stop if joined.endswith(("；", ";")) else joined
