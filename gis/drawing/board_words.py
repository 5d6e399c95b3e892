"""What a notice board may say: the same masks as the page, before anything is painted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gis.privacy import Masks
from gis.revisions.comparison import ChangeGroup, Comparison
from layers.column import ObjectArray
from layers.errors import Finding
from layers.layer import Layer
from layers.revision import Revision
from layers.snapshot import Snapshot
from layers.table import Table
from layers.text import Text

_WORDS = frozenset({"text", "long_text"})


class BoardWords(Masks):
    """Masks phone, identity-card and room numbers and names of the roster, and counts them.

    Lines about how to reach the office are not masked: they are printed on
    purpose, from settings of their own.

    Parameters
    ----------
    names : sequence of str
        The private roster (`gis.roster.names_of`).
    """

    def findings(self) -> tuple[Finding, ...]:
        """Return what was masked, one finding for each sort of personal data."""
        message = Text("图上有 {n} 处{what}已遮盖。", "Masked on the sheet: {what}, {n} times.")
        return tuple(
            Finding("draw.masked", message.format(n=n, what=what), "warning")
            for what, n in self.found.items()
        )

    def snapshot(self, snapshot: Snapshot) -> Snapshot:
        """Return a state whose labels and names can be printed."""
        layers = {name: self._layer(layer) for name, layer in snapshot.layers.items()}
        return replace(snapshot, title=self.word(snapshot.title), layers=layers)

    def comparison(self, comparison: Comparison | None) -> Comparison | None:
        """Return a comparison whose groups can be printed."""
        return comparison and replace(comparison, groups=tuple(map(self._group, comparison.groups)))

    def revision(self, revision: Revision) -> Revision:
        """Return a revision whose title and note can be printed."""
        return replace(revision, title=self.word(revision.title), note=self.word(revision.note))

    def _group(self, group: ChangeGroup) -> ChangeGroup:
        return replace(
            group,
            title=self.text(group.title),
            reasons=tuple(map(self.text, group.reasons)),
            because=tuple(map(self.text, group.because)),
        )

    def _layer(self, layer: Layer) -> Layer:
        words = [
            f.name for f in layer.fields if f.public and f.type in _WORDS and f.name in layer.table.columns
        ]
        changed: dict[str, ObjectArray] = {}
        for name in words:
            column = layer.table.columns[name]
            clean = np.array([self.word(v) if isinstance(v, str) else v for v in column], dtype=object)
            if (clean != column).any():
                changed[name] = clean
        return layer.with_table(_with_columns(layer.table, changed)) if changed else layer


def _with_columns(table: Table, changed: dict[str, Any]) -> Table:
    return Table(table.uids, table.geometry, {**table.columns, **changed})
