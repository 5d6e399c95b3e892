"""The private list of people whose names are looked for in texts; it is never published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from gis.exchange.table_ends import WORKBOOKS
from gis.privacy import Masks
from gis.progress import Progress
from layers.errors import BadInputError, NotFoundError
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text

NAMES: Final = "publish.names"
"""Setting: a list of names, or one text with a name a line (or between commas)."""
NAMES_FILE: Final = "publish.names_file"
"""Setting: a file as `names_in_file` reads it; a relative path starts at the project's folder."""

_TABLES: Final = (".csv", *WORKBOOKS)
_COLUMN: Final = re.compile(
    r"姓\s*名|户主|业主|住户|产权人|联系人|居民|负责人|经办人|\b(?:name|owner|resident|tenant|contact)s?\b",
    re.I,
)
"""How a column of people is called."""
_NOBODY: Final = re.compile(r"编?号|数|电话|手机|证|地址|楼|单元|number|phone|no\.|count|building|file", re.I)
"""What makes it a column of something else: 业主电话, 住户数, building name."""


def names_of(snapshot: Snapshot, project: Path) -> tuple[str, ...]:
    """Return the names of a project's roster, from its settings and its file.

    Raises
    ------
    BadInputError
        If the file that the setting names cannot be read: publishing without
        the list would publish what it was made to keep back.
    """
    given = snapshot.settings.get(NAMES)
    words = [str(name) for name in given] if isinstance(given, list) else _split(str(given or ""))
    path = snapshot.settings.get(NAMES_FILE)
    if path:
        words += names_in_file(project.parent / str(path))
    return tuple(dict.fromkeys(name.strip() for name in words if name.strip()))


def masks_for(snapshot: Snapshot, project: Path, *, internal: bool) -> Masks | None:
    """Return what a table of a project passes before it is given away; None for one that stays inside.

    Raises
    ------
    BadInputError
        If the roster cannot be read.
    """
    return None if internal else Masks(names_of(snapshot, project))


def names_in_file(path: Path, progress: Progress | None = None) -> tuple[str, ...]:
    """Return the names in a file: the columns of people in a table, or all words of a text file.

    Parameters
    ----------
    path : Path
        A workbook or CSV table with titles such as 姓名 or 户主, of which all sheets are read; or a text
        with a name a line or between commas. UTF-8, UTF-16 or GB18030, told by its bytes.
    progress : Progress, optional

    Raises
    ------
    BadInputError
        If the file cannot be read, or holds no names.
    """
    found = _table_names(path, progress) if path.suffix.lower() in _TABLES else _split(_text(path))
    names = tuple(dict.fromkeys(name.strip() for name in found if name.strip()))
    if not names:
        raise _no_names(path)
    return names


def _table_names(path: Path, progress: Progress | None) -> list[str]:
    from gis.exchange.looking import look_into  # late: publishing needs no tables
    from gis.exchange.source import Unplaced

    try:
        sheets = look_into(path, "all", progress or Progress()).read.values()
    except NotFoundError as error:
        raise _unreadable(path) from error
    tables = [sheet.table for sheet in sheets if isinstance(sheet, Unplaced)]
    refused = [sheet for sheet in sheets if not isinstance(sheet, Unplaced)]
    if refused:
        raise refused[0]  # a sheet that was passed over might hold names
    if not tables and path.suffix.lower() == ".csv":  # a list without titles
        return [name for name in _split(_text(path)) if not any(c.isdigit() for c in name)]
    columns = [column for one in tables for title, column in one.columns.items() if _names_people(title)]
    return [word for column in columns for word in _words(column)]


def _names_people(title: str) -> bool:
    return bool(_COLUMN.search(title)) and not _NOBODY.search(title)


def _words(values: Sequence[Value]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield from _split(value)


def _no_names(path: Path) -> BadInputError:
    return BadInputError(
        Text("{name} 中没有找到姓名。", "No names were found in {name}.").format(name=path.name),
        Text(
            "表格要有“姓名”“户主”或“业主”一列；文本一行一个姓名。",
            "A table needs a column called name or owner; a text has a name a line.",
        ),
        code="publish.names",
    )


def _unreadable(path: Path) -> BadInputError:
    return BadInputError(
        Text("名册文件无法读取：{name}", "The roster cannot be read: {name}").format(name=path.name),
        Text(
            "未发布任何内容。请放回文件，或在项目设置中清除它。",
            "Nothing was published. Put the file back, or clear the setting.",
        ),
        code="publish.names",
    )


def _text(path: Path) -> str:
    from gis.exchange.encoding import decode_document  # late: publishing needs no tables

    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path) from error
    return decode_document(data)[0]


def _split(text: str) -> list[str]:
    for mark in (",", "，", "、", ";", "；", "\t", "\r"):
        text = text.replace(mark, "\n")
    return text.split("\n")
