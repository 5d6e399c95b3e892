"""Why the disk refused, in words: what the system says itself is English on most computers."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from layers.errors import StorageError
from layers.text import Text, same

_REFUSED: Final = Text("没有权限，或文件正被其他程序使用", "no permission, or another program holds the file")
_FULL: Final = Text("磁盘已满", "the disk is full")
_GONE: Final = Text("网络或移动磁盘已断开", "the network or the removable disk is gone")
_WORDS: Final = {
    errno.ENOENT: Text("文件或文件夹不存在", "no such file or folder"),
    errno.ENOTDIR: Text("路径中有一项不是文件夹", "a part of the path is no folder"),
    errno.EISDIR: Text("这是一个文件夹", "it is a folder"),
    errno.EEXIST: Text("已有同名文件", "a file of that name is there"),
    errno.EACCES: _REFUSED,
    errno.EPERM: _REFUSED,
    errno.EBUSY: Text("正被其他程序使用", "another program holds it"),
    errno.EROFS: Text("磁盘是只读的", "the disk is read-only"),
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: Text("文件超过磁盘格式允许的大小", "the file is larger than this disk can hold"),
    errno.ENAMETOOLONG: Text("名称太长", "the name is too long"),
    errno.EMFILE: Text("打开的文件太多", "too many files are open"),
    errno.EIO: Text("磁盘读写出错", "the disk failed"),
    errno.ENODEV: _GONE,
    errno.ENXIO: _GONE,
    errno.ENOTCONN: _GONE,
    errno.ECONNABORTED: _GONE,
    errno.ECONNRESET: _GONE,
    errno.ESTALE: _GONE,
    errno.ETIMEDOUT: _GONE,
    errno.EHOSTUNREACH: _GONE,
    errno.ENETUNREACH: _GONE,
}

_UNREADABLE: Final = Text("无法读取 {file}：{why}。", "{file} cannot be read: {why}.")
_PLUG_IN: Final = Text(
    "请检查 U 盘或网络是否连接好，再试一次；项目未作更改。",
    "Check that the disk or network is connected and try again; the project is unchanged.",
)


def disk_words(error: OSError) -> Text:
    """Return why the system refused; its own words where there are none here.

    Examples
    --------
    >>> disk_words(FileNotFoundError(2, "No such file or directory")).zh
    '文件或文件夹不存在'
    >>> disk_words(OSError("odd")).zh
    'odd'
    """
    return _WORDS.get(error.errno or 0, same(error.strerror or str(error)))


@contextmanager
def told_by_disk(path: Path) -> Iterator[None]:
    """Turn what the system says about a file that is only looked at into an error in words.

    A medium that was unplugged, or a share that is gone, refuses even to say whether a file exists.

    Raises
    ------
    StorageError
    """
    try:
        yield
    except OSError as error:
        words = _UNREADABLE.format(file=path.name or path, why=disk_words(error))
        raise StorageError(words, _PLUG_IN, code="file.unreachable") from None
