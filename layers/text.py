"""Words in both languages of the program."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, Literal, NamedTuple

Language = Literal["zh", "en"]

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Text(NamedTuple):
    """A sentence or term in Simplified Chinese and in English.

    Both halves stand side by side in the code, so that neither can be missing
    and a reviewer sees whether they say the same.

    Parameters
    ----------
    zh, en : str
        The two halves. They may hold ``{name}`` fields; fill them with `format`.

    Examples
    --------
    >>> Text("楼号", "Building no.").in_language("en")
    'Building no.'
    >>> Text("共 {n} 户", "{n} households").format(n=3).zh
    '共 3 户'
    """

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the half of one language."""
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Fill both halves; a value that is itself a `Text` is filled half by half.

        Values are only ever substituted, never parsed: braces inside a value
        stay as they are.
        """
        zh = {k: v.zh if isinstance(v, Text) else v for k, v in values.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))


def counted(n: int, zh: str, one: str, many: str) -> Text:
    """Return a `Text` that counts, ``{n}`` filled: English has two words for it.

    Examples
    --------
    >>> counted(1, "{n} 处变更", "{n} change", "{n} changes").en
    '1 change'
    """
    return Text(zh, one if n == 1 else many).format(n=n)


def same(word: str) -> Text:
    """Return a `Text` whose halves are equal: a number, a code, a user's own words."""
    return Text(word, word)


def sentences(*told: Text) -> Text:
    """Return sentences one after the other.

    Examples
    --------
    >>> sentences(Text("一。", "One."), Text("二。", "Two."))
    Text(zh='一。二。', en='One. Two.')
    """
    return Text("".join(t.zh for t in told), " ".join(t.en for t in told))


def date_words(iso: object) -> Text:
    """Write an ISO date or time as 2020年7月25日; anything else stays as it is.

    Examples
    --------
    >>> date_words("2020-07-25T10:00:00+08:00").zh
    '2020年7月25日'
    """
    try:
        day = dt.date.fromisoformat(str(iso)[:10])
    except ValueError:
        return same(str(iso))
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def natural(words: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts 2号楼 before 10号楼.

    Examples
    --------
    >>> sorted(["10号楼", "2号楼"], key=natural)
    ['2号楼', '10号楼']
    """
    if words.isdecimal():
        return ((0, int(words), ""),)
    parts = re.split(r"(\d+)", words)
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p.lower()) for p in parts if p)
