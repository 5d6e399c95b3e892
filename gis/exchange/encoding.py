"""Which encoding text bytes are in: the bytes themselves count for more than any label."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import Final, NamedTuple

from layers.text import Text

UTF8: Final = "UTF-8"
GB18030: Final = "GB18030"
LATIN: Final = "CP1252"

_LDID: Final = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x13: "cp932", 0x26: "cp866", 0x4D: "cp936",
    0x4E: "cp949", 0x4F: "cp950", 0x50: "cp874", 0x64: "cp852", 0x65: "cp866", 0x78: "cp950",
    0x79: "cp949", 0x7A: "cp936", 0x7B: "cp932", 0x7C: "cp874", 0xC8: "cp1250", 0xC9: "cp1251",
    0xCA: "cp1254", 0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip
_NUMBERS: Final = {
    "65001": "utf-8",
    "54936": "gb18030",
    "88591": "latin-1",
    "88592": "iso8859-2",
    "936": "gb18030",
}
_TRADE: Final = frozenset("砼篦箅窨幢")
"""Everyday words of surveyors and builders that are not among the common characters of GB 2312."""
_ENOUGH: Final = 0.5
_FEW: Final = 3


class Encoding(NamedTuple):
    """An encoding and why it was taken.

    Parameters
    ----------
    name : str
    evidence : Text
    contradicts : bool
        Whether a label in the file says something else.
    """

    name: str
    evidence: Text
    contradicts: bool = False


class Decoded(NamedTuple):
    """Text, and how it came out of its bytes."""

    text: str
    fault: Text | None = None


def label_codec(label: str) -> str | None:
    """Return Python's name of the encoding that a ``.cpg`` file names, or None.

    Examples
    --------
    >>> label_codec("ANSI 936"), label_codec("65001"), label_codec("Big-5"), label_codec("?")
    ('gb18030', 'utf-8', 'big5', None)
    """
    word = label.strip().strip("\x00").lower()
    for prefix in ("ansi", "oem", "cp", "windows-"):
        word = word.removeprefix(prefix).strip()
    word = _NUMBERS.get(word, f"cp{word}" if word.isdigit() else word)
    if word in ("gbk", "gb2312", "gb_2312-80", "euc-cn"):
        return "gb18030"
    if word in ("big-5", "big-five"):  # what MapInfo and others write
        return "big5"
    try:
        return codecs.lookup(word).name
    except (LookupError, ValueError):  # no such codec; a word that cannot be the name of one
        return None


def ldid_codec(number: int) -> str | None:
    """Return the encoding that byte 29 of a DBF names, or None if it says nothing useful."""
    name = _LDID.get(number)
    return "gb18030" if name == "cp936" else name


def detect(texts: Iterable[bytes], label: str | None = None, ldid: int = 0) -> Encoding:
    """Find the encoding of texts.

    Parameters
    ----------
    texts : iterable of bytes
        As they stand in the file. Only those with bytes above 127 tell anything.
    label : str, optional
        Content of the ``.cpg`` file.
    ldid : int
        Language driver id of the DBF header.

    Returns
    -------
    Encoding
        UTF-8 if all texts are UTF-8; else what the label says if it fits; else
        GB18030 if the texts look Chinese in it; else Windows Latin. A few words of two-byte
        characters can be both: ``一`` in GBK is ``һ`` in UTF-8. There a label of GBK decides.
    """
    telling = [t for t in set(texts) if not t.isascii()]
    named = label_codec(label) if label else ldid_codec(ldid)
    if not telling:
        return Encoding(_title(named) if named else UTF8, Text("文字全是 ASCII", "all text is ASCII"))
    if all(_fits(t, "utf-8") for t in telling) and not _rather_gbk(telling, named):
        words = Text("全部文字符合 UTF-8", "all text is valid UTF-8")
        return Encoding(UTF8, words, contradicts=named is not None and named != "utf-8")
    chinese = chinese_share(telling)
    trusted = named is not None and named not in ("utf-8", "latin-1", "iso8859-1", "cp1252")
    if trusted and all(_fits(t, str(named)) for t in telling):
        return Encoding(_title(str(named)), Text("文件自己的标注", "the file says so itself"))
    if chinese >= _ENOUGH:
        words = Text(
            "不符合 UTF-8；按 GB18030 解码，{share:.0%} 是常用汉字",
            "not UTF-8; as GB18030 {share:.0%} of it are common Chinese characters",
        ).format(share=chinese)
        return Encoding(GB18030, words, contradicts=named not in (None, "gb18030"))
    words = Text("不符合 UTF-8，也不像中文；按西文读取", "neither UTF-8 nor Chinese; read as Western text")
    return Encoding(LATIN, words, contradicts=named == "utf-8")


def decode(text: bytes, encoding: str, full_width: bool = False) -> Decoded:
    """Decode one value; say what is wrong if the bytes do not fit.

    Parameters
    ----------
    text : bytes
    encoding : str
    full_width : bool
        Whether the value fills its field, so that its last character may have been cut in half.
    """
    try:
        return Decoded(text.decode(encoding))
    except UnicodeDecodeError as error:
        if full_width and error.start >= len(text) - 3:
            cut = Text("文字在字段末尾被截断", "the text was cut at the end of the field")
            return Decoded(text[: error.start].decode(encoding, "replace"), cut)
    for other in ("utf-8", "gb18030"):
        if _fits(text, other):
            words = Text("此值的编码与其他不同，按 {e} 读取", "encoded unlike the rest; read as {e}")
            return Decoded(text.decode(other, "replace"), words.format(e=_title(other)))
    words = Text("有无法识别的字符，已用 � 代替", "it has unreadable characters, shown as �")
    return Decoded(text.decode(encoding, "replace"), words)


def decode_document(data: bytes) -> tuple[str, Encoding]:
    """Decode a whole text file such as GeoJSON: by its byte order mark, as UTF-8, or as GB18030."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), Encoding(
            "UTF-16", Text("有字节序标记", "it has a byte order mark")
        )
    try:
        return data.decode("utf-8-sig"), Encoding(UTF8, Text("符合 UTF-8", "it is valid UTF-8"))
    except UnicodeDecodeError:
        found = detect([data])
        return data.decode(found.name, "replace"), found._replace(contradicts=True)


def chinese_share(texts: Iterable[bytes]) -> float:
    """Return which share of the characters above ASCII are common Chinese ones if read as GB18030.

    Western text read as GB18030 gives rare characters (a letter with an accent
    swallows the plain letter behind it); real Chinese text hardly any.
    """
    common = total = 0
    for text in texts:
        for character in text.decode("gb18030", "replace"):
            if character > "\x7f":
                total += 1
                common += _is_common(character)
    return common / total if total else 0.0


def _rather_gbk(texts: list[bytes], named: str | None) -> bool:
    """Tell whether texts that are UTF-8 too are what a label of GBK says: no Chinese but in GBK.

    One in eight Chinese characters in GBK is a letter of UTF-8 too, of some other script. A few rare ones
    may all be so by chance; many only if they are common.
    """
    if named != "gb18030":
        return False
    letters = {c for t in texts for c in t.decode("utf-8", "replace") if c > "\x7f"}
    if any(c >= "\u0800" and _in_gbk(c) for c in letters):  # not by chance a letter that no Chinese uses
        return False
    return len(letters) <= _FEW or chinese_share(texts) >= _ENOUGH


def _in_gbk(character: str) -> bool:
    try:
        return bool(character.encode("gbk"))
    except UnicodeEncodeError:
        return False


def _is_common(character: str) -> bool:
    try:
        pair = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xB0 <= pair[0] <= 0xD7 or pair[0] in (0xA1, 0xA3) or character in _TRADE


def _fits(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start > 0 and len(text) >= 10
    return True


def _title(codec: str) -> str:
    return codec.upper()
