"""Argument parsers that speak both languages and raise instead of exiting."""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Final, NoReturn

from gis.cli.help_lines import HelpLines
from gis.cli.report import table
from gis.cli.verbs import VERBS, Verb
from gis.i18n import tr
from layers.errors import UsageError
from layers.text import Text, same

PROGRAM: Final = os.environ.get("PLANBOARD_COMMAND") or "python app.py"
"""What the user types before a verb: the scripts that start the program say how they were called."""
_MOST_PX: Final = 20_000

EXIT_CODES: Final = (
    ("0", Text("成功", "done")),
    ("1", Text("程序错误（已记入日志）", "a fault of the program (in the log)")),
    ("2", Text("用法错误", "wrong usage")),
    ("3", Text("check 发现错误级问题", "check found errors")),
    (
        "10-13",
        Text(
            "输入文件无法使用（11 坐标系，12 版本过新，13 不是项目）",
            "input cannot be used (11 CRS, 12 newer format, 13 no project)",
        ),
    ),
    ("20-21", Text("操作被拒绝（21 只读）", "refused (21 read-only)")),
    ("30", Text("被他人占用或修改", "held or changed by somebody else")),
    ("40", Text("没有这个文件、图层、版次或对象", "no such file, layer, revision or feature")),
    ("50", Text("磁盘读写失败", "the disk refused")),
    ("60", Text("网页或图纸无法生成", "page or drawing cannot be made")),
    ("70", Text("已取消", "cancelled")),
)
"""What the numbers mean; `layers.errors` holds them one by one."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is a `UsageError`."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the arguments."""
        raise UsageError(
            same(message),
            Text("用法见：{prog} --help", "See: {prog} --help").format(prog=self.prog),
            code="usage",
        )


def verb_parser(verb: Verb, module: ModuleType) -> Parser:
    """Return the parser of one verb, with the options that every verb has."""
    words = tr(verb.help)
    description: Text | None = getattr(module, "DESCRIPTION", None)
    parser = Parser(
        prog=f"{PROGRAM} {verb.name}",
        description=tr(description) if description else words[:1].upper() + words[1:] + tr("。", "."),
        allow_abbrev=False,
        formatter_class=HelpLines,
    )
    module.arguments(parser)
    common = parser.add_argument_group(tr("通用选项", "common options"))
    common.add_argument(
        "--json", action="store_true", help=tr("结果输出为一个 JSON 对象", "print one JSON object")
    )
    common.add_argument("--language", choices=("zh", "en"), help=tr("界面语言", "language of the words"))
    return parser


def overview() -> str:
    """Return the help that lists the verbs."""
    rows = [(f"  {verb.name}", tr(verb.help)) for verb in VERBS]
    return "\n".join(
        [
            tr("Planboard 小区改造图板", "Planboard: maps and drawings for renovating old housing estates"),
            "",
            tr("用法：", "usage: ") + f"{PROGRAM} {tr('命令', 'VERB')} [...]",
            "      "
            + tr("不带参数打开窗口；", "without arguments: the window; ")
            + f"{PROGRAM} {tr('命令', 'VERB')} --help "
            + tr("查看一个命令。", "explains one verb."),
            "",
            tr("命令", "verbs"),
            *table(rows),
            "",
            tr("每个命令都可加", "every verb takes"),
            *table(
                [
                    (
                        "  --json",
                        tr("结果以一个 JSON 对象输出到标准输出", "one JSON object on standard output"),
                    ),
                    ("  --language zh|en", tr("语言", "language of the words")),
                ]
            ),
            "",
            tr("退出码", "exit codes"),
            *table([(f"  {code}", tr(words)) for code, words in EXIT_CODES]),
        ]
    )


def find_verb(name: str) -> Verb:
    """Return a verb by name, or raise `UsageError` with the nearest one."""
    for verb in VERBS:
        if verb.name == name:
            return verb
    near = difflib.get_close_matches(name, [v.name for v in VERBS], n=1)
    advice = Text("是不是“{near}”？", "Did you mean “{near}”?").format(near=near[0]) if near else None
    raise UsageError(
        Text("没有命令“{name}”。", "There is no verb “{name}”.").format(name=name),
        advice or Text("全部命令见：{p} --help", "All verbs: {p} --help").format(p=PROGRAM),
        code="usage.verb",
    )


def project_argument(parser: argparse.ArgumentParser) -> None:
    """Add the project file, the first argument of nearly every verb."""
    parser.add_argument(
        "project", type=Path, metavar=tr("项目.gpkg", "PROJECT.gpkg"), help=tr("项目文件", "project file")
    )


def out_argument(parser: argparse.ArgumentParser, help_words: Text) -> None:
    """Add ``-o OUT``."""
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar=tr("文件", "FILE"), help=tr(help_words)
    )


def positive(word: str) -> int:
    """Return a whole number above zero, or raise `UsageError`."""
    if not word.isdigit() or not int(word):
        raise UsageError(
            Text("“{word}”应为正整数。", "“{word}” should be a whole number above zero.").format(word=word),
            code="usage.number",
        )
    return int(word)


def size(word: str) -> tuple[int, int]:
    """Return width and height in pixels from ``1600x1000``, or raise `UsageError`."""
    width, cross, height = word.lower().replace("×", "x").partition("x")
    numbers = [int(n) for n in (width, height) if n.isdigit() and n]
    if not cross or len(numbers) != 2 or not all(1 <= n <= _MOST_PX for n in numbers):
        raise UsageError(
            Text(
                "大小应写作 1600x1000，每边不超过 {most} 像素。",
                "Write the size as 1600x1000, at most {most} pixels a side.",
            ).format(most=_MOST_PX),
            code="usage.size",
        )
    return numbers[0], numbers[1]


def language_in(arguments: Sequence[str]) -> str | None:
    """Return what follows ``--language``, before anything else is parsed: help needs it."""
    for i, argument in enumerate(arguments):
        if argument == "--language" and i + 1 < len(arguments):
            return arguments[i + 1]
        if argument.startswith("--language="):
            return argument.partition("=")[2]
    return None
