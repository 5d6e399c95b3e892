"""Lines of help as a terminal shows them: Chinese takes two columns and breaks anywhere, words stay whole."""

from __future__ import annotations

import argparse
import re
from typing import Final

from gis.cli.report import width

_OPEN: Final = "（“《"
_CLOSE: Final = "，。；：、）”》！？"
_WIDE: Final = "\u2e80-\uffef"
_PIECE: Final = re.compile(
    rf"(\s*)([{_OPEN}]*(?:[^\s{_WIDE}{_OPEN}{_CLOSE}]+|[{_WIDE}{_OPEN}{_CLOSE}])[{_CLOSE}]*)"
)
"""The space before what must stay on one line, and that: a word or one character, with its punctuation."""
_GAP: Final = 2


class HelpLines(argparse.HelpFormatter):
    """Help whose columns and lines fit whatever they are written in."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrapped(text, width - len(indent)))

    def _format_action(self, action: argparse.Action) -> str:
        """Take as many spaces before the help as wide characters stand before it."""
        first, newline, rest = super()._format_action(action).partition("\n")
        head = re.match(r"\s*\S.*?(?=\s{2,}\S)", first)
        if head is None:
            return first + newline + rest
        words = first[head.end() :].lstrip()
        at, before = len(first) - len(words), width(head[0])
        gap = " " * (at - before) if before + _GAP <= at else "\n" + " " * at
        return head[0] + gap + words + newline + rest


def wrapped(text: str, columns: int) -> list[str]:
    """Return text in lines of so many columns; no line begins with a closing sign.

    Examples
    --------
    >>> wrapped("可导入 CSV、Excel（含 WPS）。", 12)
    ['可导入 CSV、', 'Excel（含', 'WPS）。']
    """
    lines = [""]
    for space, piece in _PIECE.findall(text):
        gap = " " if space and lines[-1] else ""
        if lines[-1] and width(lines[-1] + gap + piece) > columns:
            lines.append(piece)
        else:
            lines[-1] += gap + piece
    return lines
