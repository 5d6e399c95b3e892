"""Text in drawings: escapes, control codes, and words the file's encoding cannot hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Recode = Callable[[str], str]
"""Turns a string as ezdxf decoded it into the string the author wrote."""

_UNICODE: Final = re.compile(r"\\[Uu]\+([0-9A-Fa-f]{4})")
_MULTIBYTE: Final = re.compile(r"\\[Mm]\+([1-5])([0-9A-Fa-f]{4})")
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE: Final = re.compile("[\ud800-\udfff]")
_PAGES: Final = {"1": "cp932", "2": "cp950", "3": "cp949", "4": "johab", "5": "gb18030"}
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\u2028\u2029]+")
_REPLACEMENT: Final = "\ufffd"
_LONGEST: Final = 4000


def unescaped(text: str) -> str:
    r"""Return text with ``\U+XXXX`` and ``\M+nXXXX`` replaced by the characters they stand for.

    Examples
    --------
    >>> unescaped(r"\U+0033\M+5BAC5\M+5C2A5")
    '3号楼'
    """
    if "\\" not in text:
        return text
    text = _UNICODE.sub(lambda m: chr(int(m.group(1), 16)), text)
    text = _MULTIBYTE.sub(_from_page, text)
    return _PAIR.sub(lambda m: m.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)


def recoder(read_as: str, meant: str) -> Recode:
    """Return what corrects a string that was decoded losslessly in one encoding but is in another.

    Parameters
    ----------
    read_as, meant : str
        Codecs. Bytes that fit neither come out as ``�``.
    """

    def recode(text: str) -> str:
        if text.isascii():
            return unescaped(text)
        if read_as != meant or _LONE.search(text):  # halves of a letter that were two lines in the file
            text = _again(text, read_as, meant)
        return _LONE.sub(_REPLACEMENT, unescaped(text))

    return recode


def line_of(text: str) -> str:
    """Return text as one line without control characters, cut where nobody reads on."""
    return _CONTROL.sub(" ", text).strip()[:_LONGEST]


def safe_text(text: str) -> str:
    r"""Return text that a DXF line can carry: no line ends, no codes that CAD would obey.

    Examples
    --------
    >>> safe_text("50%%C^J x\n0\nEOF")
    '50%%%%%%C^ J x 0 EOF'
    """
    plain = _LONE.sub(_REPLACEMENT, line_of(text))
    return plain.replace("^", "^ ").replace("%%", "%%%%%%").replace("\\", "＼")


def _again(text: str, read_as: str, meant: str) -> str:
    try:
        stored = text.encode(read_as, "surrogateescape")
    except UnicodeEncodeError:  # a loader has already replaced escapes in it
        return text
    return stored.decode(meant, "surrogateescape")


def _from_page(match: re.Match[str]) -> str:
    try:
        return bytes.fromhex(match.group(2)).decode(_PAGES[match.group(1)])
    except (UnicodeDecodeError, LookupError):
        return match.group()
