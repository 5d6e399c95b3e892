"""Files for one look: in a folder of this start of the program, gone when it ends."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from gis.disk_words import disk_words
from layers.errors import StorageError
from layers.text import Text


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="planboard-", ignore_cleanup_errors=True)


def temporary_file(name: str, data: bytes) -> Path:
    """Write a file that lasts as long as the program runs.

    Raises
    ------
    StorageError
        If there is no room for it.
    """
    try:
        path = Path(_folder().name) / name
        path.write_bytes(data)
    except OSError as error:
        raise StorageError(
            Text("临时文件无法写入：{why}", "A temporary file cannot be written: {why}").format(
                why=disk_words(error)
            ),
            Text("请清理系统盘后再试。", "Make room on the system's disk."),
            code="file.temporary",
        ) from error
    return path
