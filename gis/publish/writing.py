"""Putting finished files in place: whole, checked, in one step."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from gis.disk_words import disk_words
from layers.errors import PublishError, RefusedError, StorageError
from layers.text import Text

_OURS: Final = b'<meta name="generator" content="Planboard">'
_LOOKED_AT: Final = 65_536
"""Bytes at the beginning of a page in which its generator stands."""


def check_free(out: Path) -> None:
    """See that a page may be put where it is wanted: over an older page, never over anything else.

    Raises
    ------
    RefusedError
        If a file is there that no publication made.
    """
    try:
        with out.open("rb") as file:
            begin = file.read(_LOOKED_AT)
    except OSError:  # nothing there, or writing will say why not
        return
    if begin and _OURS not in begin:
        raise RefusedError(
            Text(
                "“{name}”已经存在，而且不是发布的网页，未覆盖。",
                "“{name}” is there already and is no published page; it was left alone.",
            ).format(name=out.name),
            Text("请换一个文件名，或先移走原来的文件。", "Choose another name, or move that file away."),
            code="publish.foreign",
        )


def write_whole(out: Path, data: bytes) -> None:
    """Write beside, read back, and put in place in one step.

    Raises
    ------
    PublishError
        If what lies on the disk is not what was written.
    StorageError
        If the disk refuses. Any older file is then as it was.
    """
    beside = None
    try:
        handle, beside = tempfile.mkstemp(prefix=".planboard-", suffix=".html", dir=out.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if Path(beside).read_bytes() != data:
            raise PublishError(
                Text(
                    "写入的网页与生成的不一致，未替换原文件。", "The page on disk differs from what was made."
                ),
                Text("请换一个磁盘或文件夹再试。", "Try another disk or folder."),
                code="publish.check",
            )
        Path(beside).chmod(0o644)
        os.replace(beside, out)
        beside = None
    except OSError as error:
        raise StorageError(
            Text("无法写入 {path}：{why}。", "Cannot write {path}: {why}.").format(
                path=out.name, why=disk_words(error)
            ),
            Text("原有文件保持不变。请换一个文件夹，或先关闭正在打开它的程序。",
                 "Any older file is as it was. Choose another folder, or close the program that holds it."),
            code="publish.write",
        ) from error  # fmt: skip
    finally:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
