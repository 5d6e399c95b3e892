"""File names that every system takes: Windows, Linux, web servers, chat programs."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from layers.errors import UsageError
from layers.text import Text

_MOST_BYTES: Final = 80
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_LONGEST_NAME: Final = 240
"""Bytes; the file systems take 255, and there are numbers and endings to come."""
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³])$", re.IGNORECASE)


def file_stem(*words: str, most_bytes: int = _MOST_BYTES) -> str:
    """Return a name without path, ending or surprises, made of some words.

    Letters and digits of any script stay, everything else becomes a hyphen; no
    reserved name of Windows, at most `most_bytes` bytes in UTF-8, never empty.
    The last word is kept whole as long as it fits.

    Examples
    --------
    >>> file_stem("金茵小区(示例)", "R3")
    '金茵小区-示例-R3'
    >>> file_stem("CON")
    'page-CON'
    >>> file_stem("../..")
    'page'
    """
    *front, last = [_tame(word) for word in words] or [""]
    head = _cut("-".join(filter(None, front)), most_bytes - len(last.encode()) - 1)
    stem = _cut("-".join(filter(None, (head, last))), most_bytes)
    if not stem:
        return "page"
    return f"page-{stem}" if _RESERVED.match(stem) else stem


def check_file_name(name: str) -> None:
    """Refuse a name that some system would not take: the file travels.

    Raises
    ------
    UsageError
        For characters that Windows forbids, names that it keeps for devices, one that ends in a space
        or a dot, and one that is too long.
    """
    bad = sorted(set(_FORBIDDEN.findall(name)))
    stem = name.split(".")[0].strip()
    if bad:
        words = Text("文件名不能含有 {c}", "A file name cannot hold {c}")
        why = words.format(c=" ".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in bad))
    elif _RESERVED.match(stem):
        words = Text("“{n}”是 Windows 保留的名字", "“{n}” is a name that Windows keeps for itself")
        why = words.format(n=stem)
    elif name != name.rstrip(" ."):
        why = Text("文件名不能以空格或句点结尾", "A file name cannot end in a space or a dot")
    elif len(name.encode()) > _LONGEST_NAME:
        why = Text("文件名太长", "The file name is too long")
    else:
        return
    raise UsageError(
        Text("{w}：{n}", "{w}: {n}").format(w=why, n=name[:80]),
        Text("请换一个文件名。", "Choose another name."),
        code="export.name",
    )


def _tame(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word)
    kept = "".join(c if unicodedata.category(c)[0] in "LN" else "-" for c in plain)
    return re.sub("-+", "-", kept).strip("-")


def _cut(word: str, most_bytes: int) -> str:
    return word.encode()[: max(0, most_bytes)].decode("utf-8", "ignore").strip("-")
