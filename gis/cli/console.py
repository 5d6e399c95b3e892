"""The one place that prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from gis.cli.findings import finding_lines
from gis.cli.report import Report, error_data, finding_data
from gis.i18n import tr
from gis.progress import Progress
from layers.errors import Finding, PlanboardError
from layers.text import Text

_CLEAR_LINE = "\r\x1b[K"


class Console:
    """Where results, words and progress go.

    Parameters
    ----------
    as_json : bool
        One JSON object on standard output, everything else on standard error.
    """

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self._progress_shown = False
        self._noticed: list[Finding] = []
        for stream in (sys.stdout, sys.stderr):
            _speak_utf8(stream)

    def notice(self, findings: Iterable[Finding]) -> None:
        """Take note of what opening a project found, such as edits of other programs; `show` tells it."""
        self._noticed += findings

    def show(self, report: Report) -> int:
        """Print the outcome of a verb and return its exit code."""
        self._end_progress()
        _write(sys.stderr, "\n".join(finding_lines(self._noticed)))
        if self.as_json:
            data = report.data | self._noticed_data()
            _write(sys.stdout, json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))
            _write(sys.stderr, "\n".join(report.lines))
        else:
            _write(sys.stdout, "\n".join(report.lines))
        return report.exit_code

    def show_error(self, error: PlanboardError) -> int:
        """Print what went wrong and what to do, and return the exit code."""
        self._end_progress()
        _write(sys.stderr, "\n".join(finding_lines(self._noticed)))
        if self.as_json:
            data = error_data(error) | self._noticed_data()
            _write(sys.stdout, json.dumps(data, ensure_ascii=False, indent=1))
        lines = [tr(error.message)]
        if error.advice:
            lines.append(tr(error.advice))
        _write(sys.stderr, "\n".join([*lines, *finding_lines(error.findings)]))
        return error.exit_code

    def _noticed_data(self) -> dict[str, Any]:
        return {"noticed": [finding_data(f) for f in self._noticed]} if self._noticed else {}

    def progress(self) -> Progress:
        """Return a progress that writes one moving line on a terminal, and nothing elsewhere."""
        return Progress(self._report if sys.stderr.isatty() else None)

    def _report(self, fraction: float, doing: Text) -> None:
        self._progress_shown = True
        sys.stderr.write(f"{_CLEAR_LINE}{fraction:4.0%}  {tr(doing)}")
        sys.stderr.flush()

    def _end_progress(self) -> None:
        if self._progress_shown:
            sys.stderr.write(_CLEAR_LINE)
            self._progress_shown = False


def _write(stream: TextIO, words: str) -> None:
    if words:
        stream.write(words + "\n")
        stream.flush()


def _speak_utf8(stream: TextIO) -> None:
    """Never fail on a character: an old Windows console may know only its own code page."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None:
        return
    if stream.isatty():
        reconfigure(errors="replace")
    else:
        reconfigure(encoding="utf-8", errors="replace")
