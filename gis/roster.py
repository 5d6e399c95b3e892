"""The private list of people whose names are looked for in texts; it is never published."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from layers.errors import BadInputError
from layers.snapshot import Snapshot
from layers.text import Text

NAMES: Final = "publish.names"
"""Setting: a list of names, or one text with a name a line (or between commas)."""
NAMES_FILE: Final = "publish.names_file"
"""Setting: a text file with a name a line; a relative path starts at the project's folder."""


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
        words += _split(_text(project.parent / str(path)))
    return tuple(dict.fromkeys(name.strip() for name in words if name.strip()))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError(
            Text("名册文件无法读取：{name}", "The roster cannot be read: {name}").format(name=path.name),
            Text(
                "未发布任何内容。请放回文件，或在项目设置中清除它。",
                "Nothing was published. Put the file back, or clear the setting.",
            ),
            code="publish.names",
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _split(text: str) -> list[str]:
    for mark in (",", "，", "、", ";", "；", "\t", "\r"):
        text = text.replace(mark, "\n")
    return text.split("\n")
