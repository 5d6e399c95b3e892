"""Argparse's own words in Chinese."""

from __future__ import annotations

import argparse
from typing import Final

from gis.i18n import language

_ZH: Final = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "optional arguments": "选项",
    "show this help message and exit": "显示本帮助",
    "the following arguments are required: %s": "缺少参数：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "expected one argument": "需要一个值",
    "expected at most one argument": "最多一个值",
    "expected at least one argument": "至少要有一个值",
    "expected %s argument": "需要 %s 个值",
    "expected %s arguments": "需要 %s 个值",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r 不在可选值之中（%(choices)s）",
    "invalid %(type)s value: %(value)r": "%(value)r 不合要求",
    "not allowed with argument %s": "不能与参数 %s 同时使用",
    "ignored explicit argument %r": "多余的值 %r",
    "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 不明确，可能是 %(matches)s",
}


def word(message: str) -> str:
    """Return one of argparse's messages in the language in force."""
    return _ZH.get(message, message) if language() == "zh" else message


def word_number(one: str, many: str, count: int) -> str:
    """Return the singular or the plural of one of argparse's messages."""
    return word(one if count == 1 else many)


def speak_argparse() -> None:
    """Let argparse look its words up here: it takes them from gettext, and we carry no catalogues."""
    setattr(argparse, "_", word)  # noqa: B010  the name is not in argparse's type information
    setattr(argparse, "ngettext", word_number)  # noqa: B010
