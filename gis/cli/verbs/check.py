"""``check P``: rules over a state of the plan."""

from __future__ import annotations

import argparse

from gis.cli.console import Console
from gis.cli.findings import finding_lines, tally
from gis.cli.opening import named, opened, revision_argument
from gis.cli.parser import project_argument
from gis.cli.report import Report, finding_data
from gis.i18n import tr
from layers.text import Text

FOUND_ERRORS = 3
DESCRIPTION = Text(
    "按规则检查方案及其与上一版的修改，逐条列出发现的问题。有错误级问题时退出码为 3。",
    "Check a plan, and what it changed since the revision before, against the rules and list what was found. "
    "The exit code is 3 if there are errors.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    revision_argument(parser)


def run(args: argparse.Namespace, console: Console) -> Report:
    """Check it."""
    with opened(args.project, read_only=True, console=console) as project:
        from gis.lint import check_plan
        from gis.revisions.chapters import parent_of
        from gis.rules.registry import all_rules

        label = named(project, args.revision)
        findings = check_plan(project, label, console.progress())
        compared = parent_of(project, label)
    rules = len(all_rules())
    head = (
        tr("检查了 {n} 条规则：{t}", "{n} rules checked: {t}", n=rules, t=tally(findings))
        if findings
        else tr("检查了 {n} 条规则，没有发现问题。", "{n} rules checked; nothing found.", n=rules)
    )
    worst = any(f.severity == "error" for f in findings)
    data = {
        "revision": label,
        "compared_with": compared,
        "rules": [rule.code for rule in all_rules()],
        "findings": [finding_data(f) for f in findings],
    }
    return Report(data, [head, *finding_lines(findings, limit=40)], FOUND_ERRORS if worst else 0)
