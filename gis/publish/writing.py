"""Putting finished files in place: whole, checked, in one step."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from layers.errors import PublishError, StorageError
from layers.text import Text


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
            Text("无法写入 {path}：{why}", "Cannot write {path}: {why}").format(
                path=out.name, why=error.strerror or str(error)
            ),
            Text("原有文件保持不变。请换一个文件夹，或先关闭正在打开它的程序。",
                 "Any older file is as it was. Choose another folder, or close the program that holds it."),
            code="publish.write",
        ) from error  # fmt: skip
    finally:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
