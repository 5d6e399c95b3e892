"""Lines of the table that a benchmark prints, each with its verdict."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["met", "met*", "MISSED", "told"]
"""``met*``: by processor time only, while other programs kept the processors busy."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    case: str
    bar: str
    measured: str
    verdict: Verdict = "told"

    def line(self) -> str:
        """Return it as text, with how many programs wanted a processor in the last minute."""
        return f"{self.case:<58}{self.bar:<18}{self.verdict:<8}{self.measured}  [{os.getloadavg()[0]:.1f}]"


def verdict(clock: float, work: float, most: float) -> Verdict:
    """Judge by the clock; where it misses the bar on a busy machine, by processor time, which is said."""
    if clock <= most:
        return "met"
    busy = os.getloadavg()[0] > (os.cpu_count() or 1)
    return "met*" if busy and work <= most else "MISSED"
