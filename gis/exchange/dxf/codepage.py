"""Which encoding the text of a drawing is in: version, header, and above all the bytes."""

from __future__ import annotations

import contextlib
import re
import struct
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from gis.exchange.dxf.pieces import FAULTS
from gis.exchange.dxf.wording import unescaped
from gis.exchange.encoding import GB18030, LATIN, chinese_share, detect, label_codec
from layers.errors import UsageError
from layers.text import Text

BINARY_MARK: Final = b"AutoCAD Binary DXF\r\n\x1a\x00"
_UNICODE_SINCE: Final = "AC1021"
_VERSIONS: Final = {
    "AC1003": "R2.6", "AC1004": "R9", "AC1006": "R10", "AC1009": "R12", "AC1012": "R13", "AC1014": "R14",
    "AC1015": "R2000", "AC1018": "R2004", "AC1021": "R2007", "AC1024": "R2010", "AC1027": "R2013",
    "AC1032": "R2018",
}  # fmt: skip
_HEAD: Final = 65536
_LINE: Final = re.compile(rb"[^\r\n]+")
_ESCAPE: Final = re.compile(rb"\\[UuMm]\+[0-9A-Fa-f]{4,5}")
_BLOCK: Final = 1 << 20
_MOST_LINES: Final = 4000
_LONGEST_LINE: Final = 2000
_SAMPLES: Final = 5
_SENTENCE: Final = 18
_ENOUGH: Final = 0.5
_SURE: Final = 0.7
_NEARLY_ALL: Final = 0.75
_USER: Final = Text("由用户指定", "as the user says")
_VERSION_RULE: Final = Text("R2007 起规定用 UTF-8", "prescribed since R2007")
_LIKELIER: Final = Text(
    "两种编码都读得通；按文件标注的中文代码页，字都是常用汉字",
    "both encodings fit; in the Chinese code page that the file names, all are common characters",
)
_MOSTLY: Final = Text(
    "绝大多数文字符合 UTF-8，少数已损坏", "nearly all text is valid UTF-8; a few are damaged"
)
_WESTERN: Final = Text("不像中文；按西文读取", "it does not look Chinese; read as Western text")


class TextEncoding(NamedTuple):
    """The encoding of a drawing's text.

    Parameters
    ----------
    codec : str
        Python's name.
    evidence : Text
    header : str
        The code page the header names; empty if none.
    contradicts : bool
        Whether the header or the version says something else than the bytes.
    samples : tuple of str
        Up to five texts of the drawing, decoded, for a preview.
    """

    codec: str
    evidence: Text
    header: str
    contradicts: bool
    samples: tuple[str, ...]


def find_encoding(data: bytes, wanted: str | None = None) -> TextEncoding:
    """Find the encoding of a DXF file.

    Parameters
    ----------
    data : bytes
        The file, ASCII or binary.
    wanted : str, optional
        What the user says; goes before everything.

    Raises
    ------
    UsageError
        If there is no encoding of that name.
    """
    version, header = header_value(data, b"$ACADVER"), header_value(data, b"$DWGCODEPAGE")
    lines = _telling_lines(data)
    if wanted:
        codec = label_codec(wanted)
        if codec is None:
            raise UsageError(
                Text("没有文字编码“{name}”。", "There is no encoding “{name}”.").format(name=wanted[:40]),
                Text("可用：utf-8、gbk、gb18030", "There are utf-8, gbk, gb18030"),
                code="import.encoding",
            )
        return TextEncoding(codec, _USER, header, False, _samples(data, lines, codec))
    is_unicode = version >= _UNICODE_SINCE
    label = "utf-8" if is_unicode else header.replace("_", " ")
    found = detect(lines, label)
    codec, evidence, contradicts = found.name.lower(), found.evidence, found.contradicts
    if codec != "utf-8" and _mostly_utf8(lines):
        codec, evidence, contradicts = "utf-8", _MOSTLY, not is_unicode
    elif is_unicode and codec == "utf-8":
        evidence = _VERSION_RULE
    elif codec == "utf-8" and label_codec(label) == "gb18030" and _rather_chinese(lines):
        codec, evidence, contradicts = GB18030.lower(), _LIKELIER, False
    elif codec == "gb18030" and label_codec(label) != "gb18030" and chinese_share(lines) < _SURE:
        codec, evidence, contradicts = LATIN.lower(), _WESTERN, False
    return TextEncoding(codec, evidence, header, contradicts, _samples(data, lines, codec))


def header_value(data: bytes, name: bytes) -> str:
    """Return a text of the header such as ``$ACADVER``; empty if it is not there."""
    place = data.find(name, 0, _HEAD)
    if place < 0:
        return ""
    match = re.match(rb"[\x00-\x20\d]{1,14}?([A-Za-z][\w.\- ]{1,23})", data[place + len(name) :][:60])
    return match.group(1).decode("ascii", "replace").strip() if match else ""


def release_of(version: str) -> str:
    """Return what people call a version: R2010 for AC1024."""
    return _VERSIONS.get(version, version or "R12")


def reading_codec(data: bytes) -> str:
    """Return the codec that ezdxf itself takes for a binary file."""
    from ezdxf.tools.codepage import toencoding

    if header_value(data, b"$ACADVER") >= _UNICODE_SINCE:
        return "utf-8"
    return toencoding(header_value(data, b"$DWGCODEPAGE"))


def _telling_lines(data: bytes) -> list[bytes]:
    """Return texts with bytes above 127, without escapes, at most so many."""
    if data.isascii():
        return []
    lines = _strings(data) if data.startswith(BINARY_MARK) else _lines(data)
    bare = (_ESCAPE.sub(b"", line) for line in islice(lines, _MOST_LINES))
    return [line for line in bare if not line.isascii()]


def _lines(data: bytes) -> Iterator[bytes]:
    """Yield the lines of an ASCII file that are not all ASCII."""
    import numpy as np

    octets, stop = np.frombuffer(data, dtype=np.uint8), 0
    for at in range(0, len(data), _BLOCK):
        for place in np.flatnonzero(octets[at : at + _BLOCK] > 127).tolist():
            if at + place < stop:
                continue
            start = _line_start(data, at + place)
            match = _LINE.match(data, start)
            stop = match.end() if match else at + place + 1
            yield data[start:stop][:_LONGEST_LINE]


def _strings(data: bytes) -> Iterator[bytes]:
    """Yield the strings of a binary file that are not all ASCII; fewer if it is damaged."""
    from ezdxf.lldxf.const import DXFError
    from ezdxf.lldxf.tagger import binary_tags_loader

    codec = reading_codec(data)
    try:
        for tag in binary_tags_loader(data):
            if isinstance(tag.value, str) and not tag.value.isascii():
                yield tag.value.encode(codec, "surrogateescape")
    except (DXFError, struct.error, *FAULTS):
        return


def _line_start(data: bytes, place: int) -> int:
    start = place
    low = max(place - _LONGEST_LINE, 0)
    while start > low and data[start - 1] > 31:
        start -= 1
    return start


def _mostly_utf8(lines: list[bytes]) -> bool:
    """Tell whether texts are UTF-8 with Chinese, but for a few that were cut or come from elsewhere."""
    whole = chinese = 0
    for line in lines:
        with contextlib.suppress(UnicodeDecodeError):
            text = line.decode("utf-8")
            whole += 1
            chinese += any(letter >= "\u2e80" for letter in text)
    return chinese > 0 and whole >= _NEARLY_ALL * len(lines)


def _rather_chinese(lines: list[bytes]) -> bool:
    """Tell whether texts that happen to be UTF-8 make sense only as Chinese of the code page."""
    as_utf8 = "".join(line.decode("utf-8", "ignore") for line in lines)
    cjk = any("\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" for c in as_utf8)
    return not cjk and chinese_share(lines) >= _ENOUGH


def _unlike_a_name(line: bytes) -> int:
    """Return how far a text is from the length of a short sentence: from that, people tell if it is right."""
    return abs(len(line) - _SENTENCE)


def _samples(data: bytes, lines: list[bytes], codec: str) -> tuple[str, ...]:
    escaped = re.findall(rb"[^\r\n]*\\[UuMm]\+[0-9A-Fa-f]{4}[^\r\n]*", data[:2_000_000])[:50]
    seen: dict[str, None] = {}
    for line in sorted([*lines[:400], *escaped], key=_unlike_a_name):
        text = unescaped(line.decode(codec, "replace")).strip()
        if any(c > "\x7f" for c in text) and "\\" not in text:
            seen[text[:60]] = None
        if len(seen) == _SAMPLES:
            break
    return tuple(seen)
