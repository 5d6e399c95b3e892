"""What a writer of one format takes and gives; `gis.exchange.export` chooses among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from layers.errors import Finding
from layers.layer import Layer
from layers.snapshot import Snapshot


@dataclass
class Written:
    """What a writer made in its folder.

    Parameters
    ----------
    files : list of Path
    counts : dict of str to int
        Features written, by layer.
    findings : list of Finding
        What the format could not hold.
    """

    files: list[Path] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


Writer = Callable[[Snapshot, Sequence[Layer], Path], Written]
