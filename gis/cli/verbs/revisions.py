"""``revisions P``: what was frozen, and what was posted of it."""

from __future__ import annotations

import argparse

from gis.cli.console import Console
from gis.cli.opening import opened
from gis.cli.parser import project_argument
from gis.cli.report import Report, one_line, table
from gis.cli.summary import revision_data
from gis.cli.verbs.posting import posting_data, posting_lines
from gis.i18n import tr


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)


def run(args: argparse.Namespace, console: Console) -> Report:
    """List them."""
    with opened(args.project, read_only=True, console=console) as project:
        found, postings, posted = project.revisions, posting_data(project), posting_lines(project)
    rows = [
        (r.label, r.created[:16].replace("T", " "), one_line(r.title, 30), one_line(r.note, 70))
        for r in found
    ]
    heads = tr("版次", "Label"), tr("时间", "Time"), tr("标题", "Title"), tr("说明", "Note")
    lines = table(rows, heads) if rows else [tr("尚无版次。", "There are no revisions yet.")]
    if posted:
        lines += ["", tr("公示记录", "Postings"), *posted]
    data = {
        "revisions": [revision_data(r) for r in found],
        "postings": postings,
    }
    return Report(data, lines)
