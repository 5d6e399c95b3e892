"""``info P``: what a project holds."""

from __future__ import annotations

import argparse

from gis.cli.console import Console
from gis.cli.opening import opened
from gis.cli.parser import project_argument
from gis.cli.report import Report
from gis.cli.summary import summary_data, summary_lines


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)


def run(args: argparse.Namespace, console: Console) -> Report:
    """Say it."""
    with opened(args.project, read_only=True, console=console) as project:
        return Report({"path": str(args.project), **summary_data(project)}, summary_lines(project))
