"""Words for what the database and the disk refuse."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from json import JSONDecodeError
from pathlib import Path
from typing import Final

import apsw

from gis.disk_words import disk_words
from layers.errors import BadInputError, ConflictError, PlanboardError, StorageError
from layers.text import Text, same

UNCHANGED = Text(
    "文件没有改动，此前的所有编辑都在。", "The file was not changed; every earlier edit is in it."
)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn errors of apsw and of the disk into `PlanboardError`.

    Raises
    ------
    StorageError
        Disk full (names the disk), input/output error, damaged file.
    ConflictError
        Another program holds the file.
    BadInputError
        The file is no database.
    """
    try:
        yield
    except apsw.Error as error:
        raise worded(error, path) from error
    except OSError as error:
        raise _disk_error(error, path) from error
    except UnicodeDecodeError as error:
        raise damaged(path, "text that is not UTF-8") from error
    except JSONDecodeError as error:
        raise damaged(path, f"values that are no values: {error}") from error


def worded(error: apsw.Error, path: Path) -> PlanboardError:
    """Return the error to show for an error of apsw."""
    if isinstance(error, apsw.FullError):
        return full_disk(path)
    if isinstance(error, (apsw.BusyError, apsw.LockedError)):
        return ConflictError(
            Text("另一个程序正在写入“{name}”。", "Another program is writing to “{name}”.").format(
                name=path.name
            ),
            Text(
                "稍候再试；若 QGIS 打开着本项目，请先在其中保存编辑。",
                "Try again in a moment; if QGIS has the project open, save its edits first.",
            ),
            code="store.busy",
        )
    if isinstance(error, apsw.NotADBError):
        return not_a_geopackage(path)
    if isinstance(error, apsw.CorruptError):
        return damaged(path, str(error))
    if isinstance(error, (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError)):
        return StorageError(
            Text("无法写入“{path}”。", "Cannot write to “{path}”.").format(path=path),
            Text(
                "请检查文件夹权限，或另存到别处。",
                "Check the rights of the folder, or save a copy elsewhere.",
            ),
            code="store.denied",
        )
    return StorageError(
        Text("读写“{path}”失败：{why}", "Reading or writing “{path}” failed: {why}").format(
            path=path, why=error
        ),
        UNCHANGED,
        code="store.io",
    )


def full_disk(path: Path) -> StorageError:
    """Return the error for a full disk; it names the disk."""
    return StorageError(
        Text("磁盘“{disk}”已满，未能保存。", "The disk “{disk}” is full; this was not saved.").format(
            disk=disk_of(path)
        ),
        Text(
            "文件没有改动。请清理磁盘后重试，或另存到其他磁盘。",
            "The file was not changed. Free some space and try again, or save a copy on another disk.",
        ),
        code="store.full",
    )


def damaged(path: Path, what: str) -> StorageError:
    """Return the error for a damaged file; it says what is damaged, the words of SQLite go to the log."""
    error = StorageError(
        Text("项目文件“{name}”已损坏：{what}", "The project file “{name}” is damaged: {what}").format(
            name=path.name, what=_damage_words(what)
        ),
        Text(
            "原文件未作改动。可把还能读出的内容另存为新项目，或改用备份。",
            "The original was left as it is. What can still be read can be saved as a new"
            " project, or use a backup.",
        ),
        code="store.damaged",
    )
    error.add_note(what)
    return error


def unlike_rows(layers: Sequence[tuple[Text, int]]) -> StorageError:
    """Return the error for objects of which row and version differ, by the titles of their layers."""
    parts = [
        Text("“{layer}” {n} 个", "{n} on “{layer}”").format(layer=title, n=count) for title, count in layers
    ]
    where = Text("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))
    return StorageError(
        Text(
            "项目文件中有对象受损：{where}。",
            "Objects in the project file are damaged: {where}.",
        ).format(where=where),
        Text(
            "每个对象在文件里存有两份，可用完好的一份修复；修复前的文件会原样留存。",
            "The file holds every object twice; the sound one can be put back. The file as it is now will be"
            " kept.",
        ),
        code="store.rows",
    )


_PAGE: Final = re.compile(r"\bpage (\d+)")
_DAMAGE: Final = (
    ("shorter", Text("末尾缺失，文件不完整。", "its end is missing.")),
    ("malformed", Text("部分数据无法读出。", "a part of it cannot be read.")),
    ("index", Text("索引与数据不符。", "an index does not fit its data.")),
    ("no values", Text("记录中有内容无法读出。", "a part of its record cannot be read.")),
    ("not UTF-8", Text("部分文字无法读出。", "a part of its text cannot be read.")),
    ("never used", Text("部分数据页已失去联系。", "pages belong to nothing.")),
)


def _damage_words(what: str) -> Text:
    """Say what SQLite found in words that a person can read and pass on."""
    pages = list(dict.fromkeys(_PAGE.findall(what)))
    if pages:
        words = Text("第 {n} 数据页无法读出。", "page {n} cannot be read.")
        return words.format(n=", ".join(pages[:3]))
    known = next((words for part, words in _DAMAGE if part in what), None)
    return known or same(what.strip().partition("\n")[0][:100])


def not_a_geopackage(path: Path) -> BadInputError:
    """Return the error for a file that is something else."""
    return BadInputError(
        Text("“{name}”不是 GeoPackage 文件。", "“{name}” is not a GeoPackage.").format(name=path.name),
        Text(
            "Planboard 项目的扩展名是 .gpkg；其他格式请用“导入”。",
            "Planboard projects end in .gpkg; bring other formats in with Import.",
        ),
        code="store.not-geopackage",
    )


def _disk_error(error: OSError, path: Path) -> PlanboardError:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full_disk(path)
    return StorageError(
        Text("读写“{path}”失败：{why}", "Reading or writing “{path}” failed: {why}").format(
            path=path, why=disk_words(error)
        ),
        Text("请检查磁盘和文件夹权限。", "Check the disk and the rights of the folder."),
        code="store.io",
    )


def disk_of(path: Path) -> str:
    """Return the name of the disk a file is on: drive letter or mount point."""
    whole = Path(os.path.abspath(path))
    if whole.drive:
        return whole.drive
    while not os.path.ismount(whole) and whole != whole.parent:
        whole = whole.parent
    return str(whole)
