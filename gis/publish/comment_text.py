"""A comment as a short text that survives a chat, a telephone and a sheet of paper.

The page makes it ("copy a comment"), a resident adds a sentence and sends it,
and the program reads it back::

    【改造意见 R3-7】
    小区：金茵小区
    对象：新建停车位 18
    位置：12号楼北侧约20米
    意见：这里能不能多留一个无障碍车位？

The first line is what counts; the others are there for people, and may be
missing, joined into one line, or written with other colons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gis.publish.chat_lines import names_with_colons, names_with_times, without_chat
from layers.revision import WORKING
from layers.text import Language, Text, same

HEAD: Final = Text("改造意见", "Plan comment")
ESTATE: Final = Text("小区", "Estate")
ABOUT: Final = Text("对象", "About")
PLACE: Final = Text("位置", "Place")
WORDS: Final = Text("意见", "My comment")
DRAFT: Final = Text("草稿", "Draft")
"""What people read for the working plan in a number: ``草稿-7``."""

LABELS: Final = (ESTATE, ABOUT, PLACE, WORDS)

_GAP: Final = "[\\s\u200b-\u200d\u2060\ufeff]"
_TITLE: Final = rf"{_GAP}*(?:{HEAD.zh}{_GAP}*|{HEAD.en}{_GAP}+)"
_NUMBER: Final = "[-－‐‑‒–—―−]\\s*([0-9０-９]{1,7})"
_HEAD: Final = re.compile(
    rf"[【\[［〖]{_TITLE}([^\n【】\[\]［］〖〗]+?)\s*{_NUMBER}\s*[】\]］〗]"
    rf"|^[ \t【\[［〖]*{_TITLE}((?=\S*[A-Za-z]|{DRAFT.zh})[^\s【】\[\]［］〖〗]{{1,40}}?){_NUMBER}"
    r"(?=\s|$|[：:，,。])",
    re.IGNORECASE | re.MULTILINE,
)
"""With its brackets anywhere; at the start of a line also without, or with one of them lost."""
_LABEL: Final = {
    label: re.compile(rf"(?:^|(?<=\s))(?:{label.zh}|{label.en})\s*[:：]", re.IGNORECASE) for label in LABELS
}


@dataclass(frozen=True)
class CommentText:
    """What such a text says.

    Parameters
    ----------
    revision : str
        Label of the revision the page showed, ``R3``; ``working`` for a draft.
    number : int
        Below 1001 a numbered change, from there on an object (`gis.publish.numbering`).
    estate, about, place : str
        In words, for people; empty if they got lost on the way.
    words : str
        What the resident wrote; empty if nothing.
    """

    revision: str
    number: int
    estate: str = ""
    about: str = ""
    place: str = ""
    words: str = ""

    @property
    def label(self) -> str:
        """The number as people read it: ``R3-7``."""
        return f"{self.revision}-{self.number}"


def number_in_words(label: str) -> Text:
    """Return a number as people read it; that of the working plan begins with its name.

    Examples
    --------
    >>> number_in_words("working-7").zh
    '草稿-7'
    """
    before, _, number = label.rpartition("-")
    return (
        Text("{draft}-{n}", "{draft}-{n}").format(draft=DRAFT, n=number) if before == WORKING else same(label)
    )


def format_comment(comment: CommentText, language: Language = "zh") -> str:
    """Return the text of a comment, the resident's words last.

    Examples
    --------
    >>> print(format_comment(CommentText("R3", 7, "金茵小区", "停车位", "12号楼旁", "太少")))
    【改造意见 R3-7】
    小区：金茵小区
    对象：停车位
    位置：12号楼旁
    意见：太少
    """
    colon, left, right = ("：", "【", "】") if language == "zh" else (": ", "[", "]")
    revision = " ".join(re.sub(r"[【】\[\]［］〖〗]", " ", comment.revision).split())
    lines = [f"{left}{HEAD.in_language(language)} {revision}-{comment.number}{right}"]
    for label, said in ((ESTATE, comment.estate), (ABOUT, comment.about), (PLACE, comment.place)):
        if said.strip():
            lines.append(f"{label.in_language(language)}{colon}{' '.join(said.split())}")
    lines.append(f"{WORDS.in_language(language)}{colon}{comment.words.strip()}")
    return "\n".join(lines)


def parse_comment(text: str) -> CommentText | None:
    """Return the first comment in a text, or None if there is none."""
    return next(iter(parse_comments(text)), None)


def parse_comments(text: str) -> tuple[CommentText, ...]:
    r"""Return every comment in a text, such as a chat copied whole.

    What stands before the first and between them (names, times) stays out, and what follows the words
    of a comment from the first line on that only the chat can have written (`gis.publish.chat_lines`).

    Examples
    --------
    >>> parse_comment("张三 09:12\n[Plan comment R3-7] My comment: too few bays").words
    'too few bays'
    """
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads), len(text)][1:]
    parts = [text[head.end() : end] for head, end in zip(heads, ends, strict=False)]
    before = [text[: head.start()] for head in heads]
    colons, times = any(map(names_with_colons, before)), any(map(names_with_times, before))
    spoken = [
        without_chat(part, next_speaks=i + 1 < len(parts), colons=colons, times=times)
        for i, part in enumerate(parts)
    ]
    return tuple(map(_read, heads, spoken))


def _read(head: re.Match[str], rest: str) -> CommentText:
    found = [(label, match) for label in LABELS if (match := _first(label, rest))]
    values = dict.fromkeys(LABELS, "")
    for i, (label, match) in enumerate(found):
        end = found[i + 1][1].start() if i + 1 < len(found) else len(rest)
        said = rest[match.end() : end].strip()
        values[label] = said if label is WORDS else " ".join(said.split())
    if not found:
        values[WORDS] = rest.strip()
    revision = " ".join((head[1] or head[3]).split())
    return CommentText(
        WORKING if revision.casefold() in (DRAFT.zh, DRAFT.en.casefold()) else revision,
        int(head[2] or head[4]),
        values[ESTATE],
        values[ABOUT],
        values[PLACE],
        values[WORDS],
    )


def _first(label: Text, rest: str) -> re.Match[str] | None:
    """Return where a label stands: at the start of a line if it does anywhere, else behind a space.

    The words come last and may hold any of the labels, so only what stands
    before them counts for the others.
    """
    pattern = _LABEL[label]
    limit = len(rest)
    if label is not WORDS and (words := _first(WORDS, rest)):
        limit = words.start()
    lines = [m for m in pattern.finditer(rest, 0, limit) if not rest[: m.start()].rpartition("\n")[2].strip()]
    return lines[0] if lines else pattern.search(rest, 0, limit)
