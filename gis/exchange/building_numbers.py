"""Building numbers as people write them: 3号楼, 3#, ３, 三号楼, 第3栋."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from layers.schema import Value

_DIGITS: Final = {word: digit for digit, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE: Final = re.compile("[零〇一二两三四五六七八九十百]+(?=[号栋幢座楼#-]|$)")
_NOISE: Final = re.compile(
    r"(?:第|号住宅楼|号楼|住宅楼|号|栋|幢|座|楼|#|№|no\.?|building|bldg\.?|block|[\s.。()（）\-—_])+"
)
_USUAL: Final = re.compile(r"0*([0-9]+)(?:号楼|号|栋|幢|楼|#)?")
"""How most are written: read at once, since a hundred thousand of them are."""
_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")


def number_key(value: Value) -> str:
    """Return what two ways to write one building number have in common.

    A name in front, such as a quarter, stays part of it: 北区3号楼 is not 3号楼.

    Examples
    --------
    >>> {number_key(w) for w in ("3号楼", "3#", "３", "三号楼", "第03栋", "No. 3", 3, 3.0)}
    {'3'}
    >>> number_key("北区十二号楼"), number_key("甲3号楼"), number_key("幼儿园"), number_key(None)
    ('北区12', '甲3', '幼儿园', '')

    What stands between two numbers parts them: a second stairwell is no building of two digits.

    >>> number_key("1-2"), number_key("1栋2"), number_key("A-3")
    ('1-2', '1-2', 'a3')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if usual := _USUAL.fullmatch(str(value)):
        return usual[1]
    words = unicodedata.normalize("NFKC", str(value)).casefold()
    words = _CHINESE.sub(lambda m: str(chinese_number(m.group())), words)
    return _ZEROS.sub("", _NOISE.sub(_between, words)) or words.strip()


def _between(noise: re.Match[str]) -> str:
    """Return what is left of the words around a number: a dash where they stand between two."""
    before, after = noise.string[: noise.start()][-1:], noise.string[noise.end() :][:1]
    return "-" if before.isdigit() and after.isdigit() else ""


def chinese_number(words: str) -> int:
    """Return a whole number below a thousand written in Chinese.

    Examples
    --------
    >>> [chinese_number(w) for w in ("三", "十", "十二", "二十", "三十一", "一百零五", "二三")]
    [3, 10, 12, 20, 31, 105, 23]
    """
    if not set(words) & {"十", "百"}:
        return int("".join(str(_DIGITS[c]) for c in words))
    total, digit = 0, 0
    for c in words:
        if c in _DIGITS:
            digit = _DIGITS[c]
        else:
            total += (digit or 1) * (100 if c == "百" else 10)
            digit = 0
    return total + digit
