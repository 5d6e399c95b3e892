"""Finding what identifies a person in free text, and masking it.

Phone numbers, identity-card numbers, room numbers, number plates and mail
addresses are looked for in ASCII and in full-width writing. Rather too much is
masked than too little: a masked word can be asked about, a published one
cannot be taken back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from layers.text import Text

_PLAIN: Final = (
    {code + 0xFEE0: code for code in range(0x21, 0x7F)}
    | dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), 0x2D)
    | dict.fromkeys((0x3000, 0xA0, 0x2009, 0x202F, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), 0x20)
)
"""Full-width characters, dashes and what is not seen to ASCII, one for one, so that places stay the same."""

_NUMERAL: Final = "[0-9一二三四五六七八九十]"
_SPOKEN: Final = "[〇○零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]"
_FIGURE: Final = "[0-9〇○零一二三四五六七八九]"
_GAP: Final = "[-. /·_,()\n]{0,3}"
_MEASURED: Final = r"\d|\s*(?:年|米|元|人|平|m|㎡|毫|厘)"
"""What follows a number that is no room."""
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


@dataclass(frozen=True)
class _Sign:
    """What to look for, what it is called, and what stands in its place.

    A pattern that begins with a run begins at the run's start only (a lookbehind), or a
    long word would be searched again from each of its letters.
    """

    what: Text
    pattern: re.Pattern[str]
    masked: Callable[[str], str]


def _stars_for_digits(found: str) -> str:
    return re.sub(r"[0-9A-Za-z]", "*", found)


def _phone(found: str) -> str:
    digits = [i for i, c in enumerate(found) if c.isdigit()]
    if len(digits) < 11 or found.startswith("0"):
        return re.sub(r"\d", "*", found)
    hidden = set(digits[-8:-4])
    return "".join("*" if i in hidden else c for i, c in enumerate(found))


def _last_number(found: str) -> str:
    number = [*re.finditer(rf"(?:{_FIGURE}|十)+", found)][-1]
    return f"{found[: number.start()]}***{found[number.end() :]}"


_SIGNS: Final = (
    _Sign(
        Text("身份证号", "identity-card number"),
        re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|\d{6}[ -]{1,2}\d{4}[ -]?\d{4}[ -]{1,2}\d{3}[\dXx])(?!\d)"),
        lambda found: re.sub(r"[\dXx]", "*", found),
    ),
    _Sign(
        Text("银行卡号", "bank-card number"),
        re.compile(r"(?<![\d.])(?:\d{16,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?)(?!\d)"),
        lambda found: re.sub(r"\d", "*", found),
    ),
    _Sign(
        Text("电话号码", "phone number"),
        re.compile(
            rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"
            r"|(?<!\d)1(?:(?P<gap>[-. /·])[3-9])(?:(?P=gap)\d){9}(?!\d)"
            r"|(?<!\d)(?<!\d[- ])(?=1\d{1,9}([- ]))1[3-9](?:\2?\d){9}(?!\2?\d)"
            r"|(?<!\d)\(?0\d{2,3}\)?[- ]?\d{7,8}(?!\d)"
            r"|(?:(?<=电话)|(?<=手机)|(?<=座机)|(?<=[Tt]el)|(?<=phone))[^0-9\n]{0,4}\d(?:[ -]?\d){6,}"
        ),
        _phone,
    ),
    _Sign(
        Text("电话号码", "phone number"),
        re.compile(rf"(?<!{_SPOKEN})[一幺壹][三四五六七八九叁肆伍陆柒捌玖]{_SPOKEN}{{9}}(?!{_SPOKEN})"),
        lambda found: f"{found[:3]}****{found[7:]}",
    ),
    _Sign(
        Text("微信或QQ号", "chat account"),
        re.compile(
            r"(?i:(?<=微信)|(?<=微信号)|(?<=wechat)|(?<=wx)|(?<=qq)|(?<=qq号)|(?<=^vx)|(?<=[^a-z]vx)|(?<=加v))"
            r"[^0-9A-Za-z\n]{0,3}"
            r"(?=[\w-]*\d)[A-Za-z0-9][\w-]{4,19}(?![\w-])"
            r"|(?:(?<=微信号)[: ]{0,3}|(?<=微信): ?)[A-Za-z][A-Za-z0-9_-]{5,19}(?![A-Za-z0-9_-])"
        ),
        _stars_for_digits,
    ),
    _Sign(
        Text("房号", "room number"),
        re.compile(
            r"(?<![\d.])\d{1,3}\s*(?:号楼|栋|幢|#|号)?\s*-\s*\d{1,2}\s*-\s*\d{3,4}(?!\d)"
            rf"|(?<!{_NUMERAL}){_NUMERAL}+\s*单元\s*-?\s*{_FIGURE}{{3,4}}(?!{_NUMERAL})"
            rf"|(?<!{_NUMERAL}){_NUMERAL}+\s*单元\s*{_NUMERAL}{{1,3}}\s*[楼层]\s*[东西南北中]{{1,2}}户"
            rf"|(?:号楼|栋|幢|#)\s*-?\s*(?:\d{{1,2}}\s*-\s*|[A-Za-z])?\d{{3,4}}(?!{_MEASURED})"
            r"|(?<!\d)\d{3,4}(?=\s*(?:室|房间|号房|住户))"
            rf"|(?<!{_FIGURE}){_FIGURE}{{3,4}}(?=\s*(?:室|号房))"
            r"|(?i:\b(?:room|rm\.?|flat|apt\.?|apartment|unit)\s*(?:no\.?\s*)?(?:\d{1,2}\s*-\s*)?\d{3,4}\b)"
        ),
        _last_number,
    ),
    _Sign(
        Text("车牌号", "number plate"),
        re.compile(rf"[{_PROVINCES}]\s?[A-Z][·. ]?[A-Z0-9]{{5,6}}(?![A-Z0-9])"),
        lambda found: found[0] + _stars_for_digits(found[1:]),
    ),
    _Sign(
        Text("邮箱", "mail address"),
        re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+"),
        lambda found: re.sub(r"[^@.]", "*", found),
    ),
)


NAME: Final = Text("名册中的姓名", "name from the roster")


def _surname(found: str) -> str:
    """Keep what a neighbour would be called by (王**), or an initial."""
    kept = 2 if found[:2] in _COMPOUND and len(found) > 2 else 1
    return found[:kept] + re.sub(r"\S", "*", found[kept:])


_COMPOUND: Final = frozenset(
    re.findall("..", "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐司徒夏侯宇文长孙端木南宫独孤")
)


@lru_cache(maxsize=64)
def roster(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds the names of a roster, or None if it holds none.

    Names of one character are left out: they would mask half of any text.
    A name is found with or without a space or a dot between its parts, a Chinese one between its
    characters too. Latin names match in any case.
    """
    words = {" ".join(name.translate(_PLAIN).split()) for name in names}
    usable = sorted((w for w in words if len(w.replace(" ", "")) > 1), key=len, reverse=True)
    if not usable:
        return None
    parts = [_spaced(word) for word in usable]
    latin = [rf"(?<![A-Za-z]){part}(?![A-Za-z])" if part[0].isascii() else part for part in parts]
    return re.compile("|".join(latin), re.IGNORECASE)


def _spaced(name: str) -> str:
    if name.isascii():
        return r"\s*".join(map(re.escape, name.split()))
    return "[ ·]?".join(re.escape(c) for c in name if c not in " ·")


@lru_cache(maxsize=65536)
def masked(text: str, names: re.Pattern[str] | None = None) -> tuple[str, tuple[Text, ...]]:
    """Return the text with personal data masked, and what was found.

    Nothing but the found places changes, so that a harmless text comes back
    as it was. `names` finds the people of a private roster (`roster`).

    Examples
    --------
    >>> masked("请联系 13812345678")[0]
    '请联系 138****5678'
    >>> masked("３－２－５０１漏水")[0]
    '３－２－***漏水'
    >>> masked("2020-07-25 积水 0.30 m")[1]
    ()
    """
    plain = text.translate(_PLAIN)
    kinds: list[Text] = []
    for sign in (*_SIGNS, *((_Sign(NAME, names, _surname),) if names else ())):
        for match in reversed(list(sign.pattern.finditer(plain))):
            start, end = match.span()
            hidden = sign.masked(match.group())
            text = text[:start] + _kept(text[start:end], match.group(), hidden) + text[end:]
            plain = plain[:start] + hidden + plain[end:]
            kinds.append(sign.what)
    return text, tuple(dict.fromkeys(kinds))


class Masks:
    """The masks as something that is given away passes them: with a roster, and counted.

    Parameters
    ----------
    names : sequence of str
        The private roster (`gis.roster.names_of`).
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._names = roster(tuple(names))
        self.found: Counter[Text] = Counter()
        self.places = 0

    def word(self, word: str) -> str:
        """Return one text without personal data."""
        clean, found = masked(word, self._names)
        self.found.update(found)
        self.places += bool(found)
        return clean

    def text(self, text: Text) -> Text:
        """Return both halves without personal data; what both show counts once."""
        if text.zh == text.en:
            return Text(*[self.word(text.zh)] * 2)
        clean, found = masked(text.en, self._names)
        before = self.places
        zh = self.word(text.zh)
        if found and self.places == before:
            self.word(text.en)
        return Text(zh, clean)


def _kept(original: str, found: str, hidden: str) -> str:
    """Return the mask with every character that it leaves alone as it was written."""
    same = next((i for i, (a, b) in enumerate(zip(found, hidden, strict=False)) if a != b), len(found))
    if len(hidden) != len(found):
        return original[:same] + hidden[same:]
    return "".join(o if f == h else h for o, f, h in zip(original, found, hidden, strict=True))
