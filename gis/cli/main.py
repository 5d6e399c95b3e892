"""From words on the command line to an exit code."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import cast

from gis.cli.console import Console
from gis.cli.parser import PROGRAM, find_verb, language_in, overview, verb_parser
from gis.cli.report import Report
from gis.cli.words import speak_argparse
from gis.i18n import set_language, system_language
from gis.logs import Unexpected
from layers.errors import CancelledError, PlanboardError, UsageError
from layers.text import Language, Text

_HELP = ("-h", "--help", "help")


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say.

    Parameters
    ----------
    arguments : sequence of str
        Without the program's name.

    Returns
    -------
    int
        0, or the number of the error's family (`layers.errors`).
    """
    asked = language_in(arguments)
    set_language(cast("Language", asked) if asked in ("zh", "en") else system_language())
    speak_argparse()
    console = Console("--json" in arguments)
    with Unexpected() as crash:
        try:
            return console.show(_run(list(arguments), console))
        except PlanboardError as error:
            return console.show_error(error)
        except KeyboardInterrupt:
            return console.show_error(_cancelled())
        except BrokenPipeError:  # the reader (head, less) has seen enough
            sys.stdout = None  # nothing is left to flush at exit
            return 0
        except SystemExit as leaving:  # argparse after printing the help of a verb
            return int(leaving.code or 0)
    return console.show_error(_fault(crash))


def _run(arguments: list[str], console: Console) -> Report:
    common = _without_common(arguments)
    if common and common[0].startswith("-") and common[0] not in _HELP:
        raise UsageError(
            Text("不认识的选项：{name}", "There is no option {name}").format(name=common[0]),
            Text("全部命令见：{p} --help", "All verbs: {p} --help").format(p=PROGRAM),
            code="usage.option",
        )
    if not common or common[0] in _HELP:
        words = overview()
        return Report({"help": words}, words.split("\n"))
    verb = find_verb(common[0])
    module = importlib.import_module(verb.module)
    position = arguments.index(common[0])
    parsed = verb_parser(verb, module).parse_args(arguments[:position] + arguments[position + 1 :])
    report: Report = module.run(parsed, console)
    return report


def _without_common(arguments: list[str]) -> list[str]:
    """Drop the common options that may stand before the verb."""
    rest = list(arguments)
    while rest and rest[0].startswith("--"):
        if rest[0] == "--language":
            rest = rest[2:]
        elif rest[0] == "--json" or rest[0].startswith("--language="):
            rest = rest[1:]
        else:
            break
    return rest


def _cancelled() -> PlanboardError:
    return CancelledError(
        Text("已中断，未作任何更改。", "Interrupted; nothing was changed."), code="cancelled"
    )


def _fault(crash: Unexpected) -> PlanboardError:
    kind = type(crash.error).__name__
    log = str(crash.log) if crash.log else "–"
    return PlanboardError(
        Text("程序出错了（{kind}）。", "Planboard has a fault ({kind}).").format(kind=kind),
        Text("详情已写入日志：{log}", "Details are in the log: {log}").format(log=log),
        code="fault",
    )
