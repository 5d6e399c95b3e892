"""What is left of an archive that was cut: its list of contents stands at the end, its files before it.

Child process only.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final, NamedTuple

from layers.errors import Finding
from layers.text import Text

_LOCAL: Final = b"PK\x03\x04"
_HEAD: Final = struct.Struct("<4s5H3I2H")
_DEFLATED: Final = 8
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800
_CHUNK: Final = 1 << 20
_CUT: Final = Text(
    "压缩包不完整（缺少末尾），取出了 {n} 个完整的文件",
    "the archive is cut; {n} whole files are in it",
)
_ONLY: Final = Text(
    "压缩包不完整（缺少末尾），只取出了“{p}”的前一部分",
    "the archive is cut: of “{p}” only the beginning is left",
)
_PART: Final = Text("{w}，另有“{p}”的前一部分", "{w}, and the beginning of “{p}”")


class Salvaged(NamedTuple):
    """What was found in a cut archive.

    Parameters
    ----------
    archive : bytes
        A new archive with it; the beginning of a file that is not whole is in it, too.
    finding : Finding
        That it is cut, and what of it is there.
    """

    archive: bytes
    finding: Finding


class _Member(NamedTuple):
    info: zipfile.ZipInfo
    content: bytes
    whole: bool
    end: int


def salvaged(path: Path, most_bytes: int) -> Salvaged | None:
    """Return what is left of an archive, or None if nothing is, or it would grow beyond all bounds."""
    if path.stat().st_size > most_bytes:
        return None
    data = path.read_bytes()
    out, room, at = io.BytesIO(), most_bytes, 0
    whole, parts = 0, []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        while room > 0 and (at := data.find(_LOCAL, at)) >= 0:
            member = _member(data, at, room)
            if member is None:
                at += len(_LOCAL)
                continue
            made.writestr(member.info, member.content)
            room -= len(member.content)
            whole += member.whole
            parts += [] if member.whole else [Path(member.info.filename).name]
            at = member.end
    if room <= 0 or not whole + len(parts):
        return None
    words = _ONLY.format(p=parts[0]) if not whole else _CUT.format(n=whole)
    if whole and parts:
        words = _PART.format(w=words, p=parts[0])
    return Salvaged(out.getvalue(), Finding("import.truncated", words, "warning", file=path.name))


def _member(data: bytes, at: int, room: int) -> _Member | None:
    """Return the file whose head stands at a place, as far as it is there; None if it cannot be had."""
    if at + _HEAD.size > len(data):
        return None
    _, _, flags, method, _, _, _, size, _, name_size, more = _HEAD.unpack_from(data, at)
    start = at + _HEAD.size + name_size + more
    name = data[at + _HEAD.size : at + _HEAD.size + name_size]
    if flags & _ENCRYPTED or not name or start >= len(data):
        return None
    info = zipfile.ZipInfo(name.decode("utf-8" if flags & _UTF8 else "cp437", "replace"))
    if method == _DEFLATED:
        return _inflated(info, data, start, room)
    if method or not size:
        return None
    content = data[start : start + min(size, room)]
    return _Member(info, content, len(content) == size, start + len(content))


def _inflated(info: zipfile.ZipInfo, data: bytes, start: int, room: int) -> _Member | None:
    engine, parts, at, left = zlib.decompressobj(-zlib.MAX_WBITS), [], start, room
    try:
        while at < len(data) and not engine.eof and left > 0:
            parts.append(engine.decompress(data[at : at + _CHUNK]))
            left -= len(parts[-1])
            at += _CHUNK
    except zlib.error:
        pass  # what came before the damage is there
    content = b"".join(parts)[:room]
    end = min(at, len(data)) - len(engine.unused_data) if engine.eof else len(data)
    return _Member(info, content, engine.eof, end) if content else None
