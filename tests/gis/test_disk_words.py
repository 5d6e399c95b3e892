import errno

import pytest

from gis.disk_words import disk_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "不存在"),
        (errno.EACCES, "没有权限"),
        (errno.ENOSPC, "磁盘已满"),
        (errno.EROFS, "只读"),
        (errno.ENAMETOOLONG, "名称太长"),
    ],
)
def test_why_the_disk_refused_is_said_in_chinese_too(number, words):
    assert words in disk_words(OSError(number, "said in English")).zh


def test_what_has_no_words_here_is_told_as_the_system_says_it():
    assert disk_words(OSError(9999, "very odd")).zh == "very odd"
    assert disk_words(OSError("no number")).en == "no number"


def test_a_real_refusal_is_among_them(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        (tmp_path / "none" / "a").write_text("x")
    assert disk_words(caught.value).zh == "文件或文件夹不存在"
