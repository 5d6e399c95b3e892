"""What a writer of one format takes and gives; `gis.exchange.export` chooses among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, TypeVar

import numpy as np

from gis.progress import Progress
from layers.errors import Finding
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table
from layers.text import Text

T = TypeVar("T")
_EVERY: Final = 200
_ROWS: Final = 2_000


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


class Writer(Protocol):
    """Writes layers into one format, in a folder of its own."""

    def __call__(self, snapshot: Snapshot, layers: Sequence[Layer], out: Path, told: Told, /) -> Written:
        """Write them; `told` is asked for every feature, so that the user can stop it."""
        ...


def pieces(table: Table, rows: int = _ROWS) -> Iterator[Table]:
    """Yield a table in parts: a whole layer of shapes would fill memory, and nobody could stop what it takes.

    Examples
    --------
    >>> from sample_data.large import large_table
    >>> [len(part) for part in pieces(large_table(5), 2)]
    [2, 2, 1]
    """
    for start in range(0, len(table), rows):
        yield table.where(np.arange(start, min(start + rows, len(table))))


class Told:
    """Counts the features of several layers while they are written.

    Parameters
    ----------
    progress : Progress, optional
    features : int
        How many there are in all.
    """

    def __init__(self, progress: Progress | None = None, features: int = 1) -> None:
        self._progress = progress or Progress()
        self._features, self._done = max(features, 1), 0.0

    def each(self, layer: Layer, items: Iterable[T], passes: float = 1.0) -> Iterator[T]:
        """Yield what is written of a layer, and tell how far it is; some formats go through it several times.

        Raises
        ------
        CancelledError
            If the user does not want it any more.
        """
        for number, item in enumerate(items):
            if number % _EVERY == 0:
                self.step(layer, 0)
            self._done += 1 / passes
            yield item

    def pieces(self, layer: Layer, rows: int = _ROWS) -> Iterator[Table]:
        """Yield the table of a layer in parts, and tell how far it is.

        Raises
        ------
        CancelledError
            If the user does not want it any more.
        """
        for part in pieces(layer.table, rows):
            self.step(layer, 0)
            yield part
            self.step(layer, len(part))

    def tell(self, share: float, doing: Text) -> None:
        """Tell how far it is, 0-1, where that is not counted in features.

        Raises
        ------
        CancelledError
            If the user does not want it any more.
        """
        self._progress.step(share, doing)

    def step(self, layer: Layer, features: int) -> None:
        """Tell that so many more features of a layer are written."""
        self._done += features
        self._progress.step(min(self._done / self._features, 1.0), layer.title)
