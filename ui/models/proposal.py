"""What is about to come into the plan, for a preview over the map."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.pick import Box
from layers.changes import Change, Key

Tone: TypeAlias = Literal["added", "changed", "gone", "focus"]


class ProposalPart(NamedTuple):
    """Shapes of one meaning, in the CRS of the plan; None for features without a place."""

    tone: Tone
    geometry: NDArray[np.object_]


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
        return Proposal((*rest, ProposalPart("focus", geometry)) if len(geometry) else rest)


def proposal_of(
    changes: Iterable[Change], gone: Iterable[shapely.Geometry | None] = (), dropped: Collection[Key] = ()
) -> Proposal:
    """Return what changes would put on the map.

    Parameters
    ----------
    changes : iterable of Change
    gone : iterable of shapely.Geometry or None
        Shapes of the features that the file no longer has.
    dropped : collection of Key
        Changes that will not be made.
    """
    shapes: dict[Tone, list[shapely.Geometry | None]] = {"gone": list(gone), "changed": [], "added": []}
    for change in changes:
        if change.key in dropped:
            continue
        if change.after is None:
            shapes["gone"].append(change.before.geometry if change.before else None)
        else:
            shapes["added" if change.before is None else "changed"].append(change.after.geometry)
    return Proposal(tuple(ProposalPart(tone, as_array(found)) for tone, found in shapes.items() if found))


def ready_proposal(
    changes: Iterable[Change], gone: Iterable[shapely.Geometry | None] = (), dropped: Collection[Key] = ()
) -> Proposal:
    """Return `proposal_of` changes with its extent known already, for a worker to hand to the window."""
    proposal = proposal_of(changes, gone, dropped)
    _ = proposal.extent
    return proposal


def as_array(shapes: Collection[shapely.Geometry | None]) -> NDArray[np.object_]:
    """Return shapes as an object array without those that are missing."""
    there = [shape for shape in shapes if shape is not None]
    array = np.empty(len(there), dtype=object)
    array[:] = there
    return array


def box_of(arrays: Iterable[NDArray[np.object_]]) -> Box | None:
    """Return the box around all shapes of some arrays, or None if there are none."""
    boxes = [shapely.total_bounds(array) for array in arrays if len(array)]
    boxes = [box for box in boxes if np.isfinite(box).all()]
    if not boxes:
        return None
    low, high = np.min(boxes, axis=0)[:2], np.max(boxes, axis=0)[2:]
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
