"""XML from anybody: read piece by piece, so that a cut file gives its whole part.

Entities are refused before they can grow, nothing outside the file is ever
fetched, and nesting has a limit. Runs in the child process only.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from layers.errors import BadInputError, Finding
from layers.text import Text

_DEEPEST: Final = 400
_CHUNK: Final = 1 << 16
_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CHINESE: Final = ("gb2312", "gbk", "gb18030", "cp936", "gb_2312-80")


class _Reader:
    """Feeds a tree builder, hands over finished elements and forgets them."""

    def __init__(self, wanted: frozenset[str], take: Callable[[list[Element], Element], None]) -> None:
        self.wanted, self._take = wanted, take
        self.begun = False
        self._builder = TreeBuilder()
        self.open: list[Element] = []
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = _refuse_entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.begun = True
        plain = {local_name(key): value for key, value in attributes.items()}
        self.open.append(self._builder.start(local_name(name), plain))
        if len(self.open) > _DEEPEST:
            raise BadInputError(
                Text("XML 嵌套过深，未导入。", "The XML is nested too deeply; nothing was imported."),
                code="import.nesting",
            )

    def _end(self, name: str) -> None:
        element = self._builder.end(local_name(name))
        self.open.pop()
        if element.tag in self.wanted and not any(e.tag in self.wanted for e in self.open):
            self._take(self.open, element)
            if self.open:
                self.open[-1].remove(element)

    def _text(self, words: str) -> None:
        if self.open:
            self._builder.data(words)


def parse(
    path: Path,
    wanted: frozenset[str],
    take: Callable[[list[Element], Element], None],
    take_open: Callable[[Element], None],
) -> Finding | None:
    """Read a document and hand over each wanted element when it is complete.

    Parameters
    ----------
    path : Path
    wanted : frozenset of str
        Local names; what lies inside another wanted element is not handed over by itself.
    take : callable
        Called with the open ancestors, outermost first, and the element.
    take_open : callable
        Called with the wanted element, if any, inside which a damaged document ends.

    Returns
    -------
    Finding or None
        Where and why reading stopped before the end.

    Raises
    ------
    BadInputError
        If it declares entities, or is nested absurdly deep.
    """
    return parse_document(path.read_bytes(), path.name, wanted, take, take_open)


def parse_document(
    data: bytes,
    file: str,
    wanted: frozenset[str],
    take: Callable[[list[Element], Element], None],
    take_open: Callable[[Element], None],
) -> Finding | None:
    """Read a document as `parse` does; `file` is what its findings call it."""
    reader = _Reader(wanted, take)
    data = as_utf8(data)
    try:
        for start in range(0, len(data), _CHUNK):
            reader.parser.Parse(data[start : start + _CHUNK], False)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        return _stopped(file, reader, error, take_open)
    return None


def _stopped(
    file: str, reader: _Reader, error: expat.ExpatError, take_open: Callable[[Element], None]
) -> Finding:
    if reader.begun and not reader.open:
        words = Text("文档结束后还有多余内容，已忽略", "there is something behind its end, which is ignored")
        return Finding("import.trailing", words, "info", file=file)
    unfinished = next((e for e in reader.open if e.tag in reader.wanted), None)
    if unfinished is not None:
        take_open(unfinished)
    words = Text(
        "文件在第 {line} 行损坏或被截断（{why}），只读到此处",
        "the file is damaged or cut at line {line} ({why}); only what stands before came in",
    ).format(line=error.lineno, why=expat.errors.messages.get(error.code, str(error.code)))
    return Finding("import.truncated", words, "warning", file=file)


def refuse_entities(data: bytes) -> None:
    """Raise `BadInputError` if an XML document (UTF-8) declares entities before its root."""
    prolog = re.match(rb"(?s)(?:\s|<\?.*?\?>|<!--.*?-->)*(<!DOCTYPE[^>\[]*\[[^\]]*<!ENTITY)?", data)
    if prolog and prolog.group(1):
        raise _entities_refused()


def as_utf8(data: bytes) -> bytes:
    """Return a document in UTF-8 whatever it was in; the parser is told so and believes no declaration."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode()
    data = data.removeprefix(codecs.BOM_UTF8).lstrip()
    declared = _DECLARED.match(data)
    name = declared.group(1).decode().lower() if declared else "utf-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        codec = "gb18030" if name in (*_CHINESE, "utf-8", "utf8") else name
        try:
            return data.decode(codec, "replace").encode()
        except LookupError:
            return data.decode("gb18030", "replace").encode()
    return data


def local_name(name: str) -> str:
    """Return a name without its namespace.

    Examples
    --------
    >>> local_name("http://www.opengis.net/kml/2.2 Placemark"), local_name("gx:Track")
    ('Placemark', 'Track')
    """
    return name.rpartition(" ")[2].rpartition(":")[2]


def text_of(element: Element | None) -> str | None:
    """Return the trimmed text of an element, or None if there is none."""
    words = "".join(element.itertext()).strip() if element is not None else ""
    return words or None


def _refuse_entity(*_: object) -> None:
    raise _entities_refused()


def _entities_refused() -> BadInputError:
    return BadInputError(
        Text(
            "文件含 XML 实体定义，可能有害，未导入。",
            "The file defines XML entities, which may be harmful; nothing was imported.",
        ),
        Text("正常的 KML、GPX、GML 不需要它们。", "KML, GPX and GML do not need them."),
        code="import.entities",
    )
