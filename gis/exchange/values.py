"""Fitting foreign values to the type of a field, or saying why they do not fit."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from gis.exchange.building_numbers import chinese_number
from gis.exchange.synonyms import CODES, plain_name
from layers.schema import Choice, Field, Value
from layers.text import Text

_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")
_AROUND: Final = frozenset(
    ("", "层", "f", "户", "个", "单元", "年", "米", "m", "mm", "毫米", "小时", "h", "dn", "φ",
     "约", "大约", "地上", "左右", "户左右", "余户", "级", "位", "车位",
     "平方米", "㎡", "m2", "元", "人", "处", "座", "栋")
)  # fmt: skip
_TIMES: Final = {"万": 10_000, "千": 1000}
_NOTHING: Final = frozenset(("-", "--", "—", "——", "/", "无", "不详", "待定", "n/a", "#n/a", "null", "none"))
"""What people write into a cell of numbers or dates for which there is none."""
_YEARS: Final = (1000.0, 3000.0)
_CHINESE: Final = re.compile("[零〇一二两三四五六七八九十百]+")
_TRUE: Final = frozenset(("true", "yes", "y", "1", "是", "t", "√", "有", "-1"))
_FALSE: Final = frozenset(("false", "no", "n", "0", "否", "f", "×", "无"))
_PHOTOS: Final = re.compile(r"^[0-9a-f]{64}(?:,[0-9a-f]{64})*$")
_MEASURED: Final = ("integer", "real", "date")
_MONTH: Final = re.compile(r"^(\d{4})\s*[-/.年]\s*\d{1,2}(?!\d)")
"""The beginning of a date where only the year is wanted."""
_DATE: Final = re.compile(r"^(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?(?:[T ].*)?$")


class Fitted(NamedTuple):
    """A value that a field takes, or None and the reason."""

    value: Value
    problem: Text | None = None


def fit(field: Field, value: Value) -> Fitted:
    """Return a value as the field wants it.

    Empty text is no value. A value that does not fit comes back as None with
    the problem; the caller keeps the original elsewhere.

    Examples
    --------
    >>> from layers.schema import Field
    >>> fit(Field("floors", Text("层数", "Floors"), "integer"), "6层").value
    6
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return Fitted(None)
    if field.type in _MEASURED and str(value).strip().casefold() in _NOTHING:
        return Fitted(None)
    fitted = _converted(field, value)
    if fitted is None:
        words = Text("“{v}”不适合字段“{f}”", "“{v}” does not fit “{f}”")
        return Fitted(None, words.format(v=str(value)[:40], f=field.title))
    problem = field.problem(fitted)
    if problem:
        words = Text("“{v}”不适合字段“{f}”：{why}", "“{v}” does not fit “{f}”: {why}")
        return Fitted(None, words.format(v=str(value)[:40], f=field.title, why=problem))
    return Fitted(field.kept(fitted))


def _converted(field: Field, value: Value) -> Value:
    if field.type == "integer":
        whole = number(value)
        if whole is None and _holds_years(field) and (date := _MONTH.match(_narrow(value))):
            return int(date[1])
        return int(whole) if whole is not None and whole == int(whole) else None
    if field.type == "real":
        real = number(value)
        return None if real is None else float(real)
    if field.type == "boolean":
        return _truth(value)
    if field.type == "date":
        return _date(value)
    if field.type == "choice" and field.domain:
        return _code(field.domain, value)
    if field.type == "choices" and field.domain:
        codes = [_code(field.domain, part) for part in re.split(r"[,，、;；/\s]+", str(value)) if part]
        return None if None in codes else ",".join(str(c) for c in codes)
    if field.type == "photos":
        return str(value) if _PHOTOS.match(str(value)) else None
    return _text(value)


def number(value: Value) -> float | int | None:
    """Return the number that a value holds, with its unit if that is a usual one, or None."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if not any(c.isdigit() for c in text):
        text = _CHINESE.sub(lambda m: str(chinese_number(m.group())), text, count=1)
    match = next((m for m in _NUMBER.finditer(text) if any(c.isdigit() for c in m.group())), None)
    if match is None:
        return None
    before, after = text[: match.start()].strip().casefold(), text[match.end() :].strip().casefold()
    times = _TIMES.get(after, 1)
    if before not in _AROUND or (after not in _AROUND and times == 1):
        return None
    digits = match.group().replace(",", "")
    real = float(digits)
    if times > 1:
        product = round(real * times, 6)
        return int(product) if product.is_integer() else product
    return int(digits) if digits.lstrip("+-").isdigit() else real if abs(real) < 1e300 else None


def _holds_years(field: Field) -> bool:
    low, high = field.minimum, field.maximum
    return low is not None and high is not None and _YEARS[0] <= low <= high <= _YEARS[1]


def _narrow(value: Value) -> str:
    return unicodedata.normalize("NFKC", str(value)).strip()


def _truth(value: Value) -> bool | None:
    word = str(value).strip().casefold()
    word = word.removesuffix(".0")
    return True if word in _TRUE else False if word in _FALSE else None


def _date(value: Value) -> str | None:
    text = unicodedata.normalize("NFKC", str(value)).strip()
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day = match.groups()
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _code(domain: tuple[Choice, ...], value: Value) -> str | None:
    if any(choice.code == value for choice in domain):
        return str(value)
    plain = plain_name(str(value))
    for choice in domain:
        if plain in (plain_name(choice.code), plain_name(choice.title.zh), plain_name(choice.title.en)):
            return choice.code
    for choice in domain:
        if plain and plain in map(plain_name, CODES.get(choice.code, ())):
            return choice.code
    return None


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
