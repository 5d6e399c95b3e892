"""Zip archives and KMZ: unpacked into a folder of their own, within limits. Child process only."""

from __future__ import annotations

import errno
import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from gis.exchange.archive_salvage import salvaged
from gis.exchange.table_ends import TEXTS, WORKBOOKS
from layers.errors import BadInputError, Finding, NotFoundError
from layers.text import Text

_MOST_BYTES: Final = 600 * 1024**2
_MOST_MEMBERS: Final = 5000
_MAIN: Final = (".gpkg", ".shp", ".geojson", ".json", ".kml", ".gpx", ".gml", ".fgb", ".tab", ".mif",
                *TEXTS, *WORKBOOKS)  # fmt: skip
_SIDES: Final = (".shx", ".dbf", ".prj", ".cpg", ".qpj", ".dat", ".map", ".id", ".mid", ".xsd")
_DRAWINGS: Final = (".dxf", ".dwg")
_CHUNK: Final = 1 << 20
ZIP_FAULTS: Final = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, UnicodeDecodeError)
"""What reading a damaged archive raises."""
_UTF8_FLAG: Final = 0x800
_DAMAGED: Final = Text(
    "{file} 是损坏的压缩包，无法解开。", "{file} is a damaged archive and cannot be unpacked."
)


@contextmanager
def unpacked(path: Path, wanted: str | None = None, ends: tuple[str, ...] = _MAIN) -> Iterator[Path]:
    """Give the one file in an archive that can be imported, its side files beside it.

    Parameters
    ----------
    path : Path
    wanted : str, optional
        Which, if there are several.
    ends : tuple of str
        What counts.

    Raises
    ------
    BadInputError
        If the archive is damaged, too large when unpacked, or holds nothing of use.
    NotFoundError
        If the wanted file is not in it.
    """
    try:
        with opened(path) as archive, tempfile.TemporaryDirectory(prefix="planboard-") as folder:
            members = _members(archive, path, ends)
            _refuse_drawings_alone(archive, path, members, ends)
            main = _chosen(path, [name for name in members if name.lower().endswith(ends)], wanted)
            stem = main.rpartition(".")[0]
            room = _MOST_BYTES
            if members[main].file_size > room:  # what it admits is told at once; what it hides is found below
                raise _too_large(path)
            for name, member in members.items():
                if name == main or name.rpartition(".")[0].lower() == stem.lower():
                    room -= _unpack(archive, member, Path(folder, PurePosixPath(name).name), room, path)
            yield Path(folder, PurePosixPath(main).name)
    except (*ZIP_FAULTS, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise  # the disk, not the archive: a place before its beginning is no valid argument
        raise BadInputError(
            _DAMAGED.format(file=path.name),
            Text("若有密码，请先解压。（{why}）", "If it has a password, unpack it first. ({why})").format(
                why=str(error)[:80]
            ),
            code="import.archive",
        ) from None


def opened(path: Path) -> zipfile.ZipFile:
    """Return an archive; of one that was cut, what is left of it.

    Raises
    ------
    BadZipFile
        If nothing is.
    """
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        left = salvaged(path, _MOST_BYTES)
        if left is None:
            raise
        return zipfile.ZipFile(io.BytesIO(left.archive))


def what_is_cut(path: Path) -> list[Finding]:
    """Return that an archive is cut, if it is."""
    if zipfile.is_zipfile(path):
        return []
    left = salvaged(path, _MOST_BYTES)
    return [left.finding] if left is not None else []


def archive_files(path: Path) -> list[str]:
    """Return the files in an archive that can be imported."""
    try:
        with opened(path) as archive:
            return [name for name in _members(archive, path, _MAIN) if name.lower().endswith(_MAIN)]
    except (*ZIP_FAULTS, OSError) as error:
        raise BadInputError(_DAMAGED.format(file=path.name), code="import.archive") from error


def _members(archive: zipfile.ZipFile, path: Path, ends: tuple[str, ...]) -> dict[str, zipfile.ZipInfo]:
    """Return what is worth unpacking, by its name in Chinese where it is one."""
    listed = archive.infolist()
    if len(listed) > _MOST_MEMBERS:
        raise BadInputError(
            Text("{file} 中有 {n} 个文件，太多了。", "{file} holds {n} files, which is too many.").format(
                file=path.name, n=len(listed)
            ),
            code="import.archive",
        )
    named = {_name(member): member for member in listed if not member.filename.endswith(("/", "\\"))}
    return {
        name: member
        for name, member in named.items()
        if name.lower().endswith((*ends, *_SIDES)) and "__MACOSX" not in name and "/._" not in f"/{name}"
    }


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; Windows programs in China write GBK without saying so."""
    if member.flag_bits & _UTF8_FLAG:
        return member.filename
    try:
        stored = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return stored.decode(codec)
        except UnicodeDecodeError:
            continue
    return member.filename


def _chosen(path: Path, names: list[str], wanted: str | None) -> str:
    there = Text("其中有：{names}", "In it: {names}").format(names=", ".join(names[:20]) or "–")
    if wanted:
        found = [name for name in names if wanted in (name, PurePosixPath(name).name)]
        if found:
            return found[0]
        words = Text("{file} 中没有“{name}”。", "{file} has no “{name}”.")
        raise NotFoundError(words.format(file=path.name, name=wanted), there, code="import.layer-unknown")
    if not names:
        words = Text("{file} 中没有可导入的文件。", "{file} holds nothing that can be imported.")
        advice = Text("压缩包里的压缩包请先解压。", "Unpack an archive inside an archive first.")
        raise BadInputError(words.format(file=path.name), advice, code="import.archive")
    if len(names) > 1:
        words = Text(
            "{file} 中有 {n} 个可导入的文件，请指明导入哪一个。",
            "{file} holds {n} files that can be imported; say which.",
        ).format(file=path.name, n=len(names))
        advice = Text(
            "{there}。命令行用 --source-layer 名称。", "{there}. On the command line: --source-layer NAME."
        )
        raise BadInputError(words, advice.format(there=there), code="import.which-layer")
    return names[0]


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path, room: int, path: Path) -> int:
    """Write one member and return its size; what the archive claims about it is not believed."""
    written = 0
    with archive.open(member) as source, to.open("wb") as target:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > room:
                raise _too_large(path)
            target.write(chunk)
    return written


def _too_large(path: Path) -> BadInputError:
    words = Text("{file} 解压后超过 {n} MB，未导入。", "{file} unpacks to over {n} MB; not imported.")
    advice = Text(
        "请先解压，只把需要的文件拖进来。", "Unpack it first, and bring in only the files that you need."
    )
    return BadInputError(
        words.format(file=path.name, n=_MOST_BYTES // 1024**2), advice, code="import.too-large"
    )


def _refuse_drawings_alone(
    archive: zipfile.ZipFile, path: Path, members: Mapping[str, zipfile.ZipInfo], ends: tuple[str, ...]
) -> None:
    """Say what to do with an archive that holds drawings and nothing else of use."""
    drawings = [_name(m) for m in archive.infolist() if _name(m).lower().endswith(_DRAWINGS)]
    if drawings and not any(name.lower().endswith(ends) for name in members):
        words = Text(
            "{file} 中是图纸（{names}），请先解压，再导入图纸。",
            "{file} holds drawings ({names}): unpack it first, then import the drawing.",
        )
        names = "、".join(PurePosixPath(name).name for name in drawings[:5])
        raise BadInputError(words.format(file=path.name, names=names), code="import.archive")
