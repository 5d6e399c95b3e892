"""What is about to come into the plan, for a preview over the map."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.pick import Box
from layers.changes import ChangeSet
from layers.column import Column
from layers.packed_changes import PackedChanges
from layers.packed_shapes import pack_shapes
from layers.table import Table, boxes_of

Tone: TypeAlias = Literal["added", "changed", "gone", "focus"]


class ProposalPart(NamedTuple):
    """Shapes of one meaning, in the CRS of the plan; None for features without a place."""

    tone: Tone
    geometry: Column


@dataclass(frozen=True, eq=False)
class Proposal:
    """Shapes that are shown over the plan and are no part of it yet, from bottom to top."""

    parts: tuple[ProposalPart, ...]

    @cached_property
    def extent(self) -> Box | None:
        """The box around all that would come in or change; a worker that asks for it saves the window it."""
        return box_of([part.geometry for part in self.parts if part.tone != "gone"])

    def with_focus(self, geometry: NDArray[np.object_]) -> Proposal:
        """Return the proposal with some shapes marked besides; none if there are no shapes."""
        rest = tuple(part for part in self.parts if part.tone != "focus")
        focus = ProposalPart("focus", Column.of(geometry))
        return Proposal((*rest, focus) if len(geometry) else rest)


def proposal_of(changes: ChangeSet) -> Proposal:
    """Return what changes would put on the map, and what they would take off it."""
    packed = PackedChanges.of(changes.features)
    shapes: dict[Tone, list[shapely.Geometry | None]] = {"gone": [], "changed": [], "added": []}
    for change in packed.others.values():
        if change.after is None:
            shapes["gone"].append(change.before.geometry if change.before else None)
        else:
            shapes["added" if change.before is None else "changed"].append(change.after.geometry)
    tables: dict[Tone, list[Table]] = {"gone": [*packed.go.values()], "added": [*packed.come.values()]}
    parts = [
        ProposalPart(tone, _column([*(t.geometry for t in tables.get(tone, ())), _plain(found)]))
        for tone, found in shapes.items()
    ]
    return Proposal(tuple(part for part in parts if len(part.geometry)))


def ready_proposal(changes: ChangeSet) -> Proposal:
    """Return `proposal_of` changes with its extent known already, for a worker to hand to the window."""
    proposal = proposal_of(changes)
    _ = proposal.extent
    return proposal


def _plain(shapes: Collection[shapely.Geometry | None]) -> Column:
    return Column.packed(as_array(shapes), pack_shapes)


def _column(columns: Sequence[Column]) -> Column:
    return Column.joined([column for column in columns if len(column)], pack_shapes)


def as_array(shapes: Collection[shapely.Geometry | None]) -> NDArray[np.object_]:
    """Return shapes as an object array without those that are missing."""
    there = [shape for shape in shapes if shape is not None]
    array = np.empty(len(there), dtype=object)
    array[:] = there
    return array


def box_of(columns: Iterable[Column]) -> Box | None:
    """Return the box around all shapes of some columns, or None if there are none."""
    boxes = [box for column in columns if (box := boxes_of(column).around()) is not None]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
