"""Open problem spots that a revision leaves as they are, or works on without saying so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import shapely

from gis.rules.answers import answered_codes
from gis.rules.registry import change_rule, found
from gis.rules.since import Since
from layers.codes import code_of
from layers.errors import Finding
from layers.feature import Feature
from layers.kinds.spots import CLOSED
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

UNTOUCHED = "rules.spot-untouched"
UNNAMED = "rules.spot-near-work"
REACH_M: Final = 5.0
"""Work this near to a spot touches it."""


@change_rule(UNTOUCHED, "待解决的问题本版没有触及", "an open problem spot that this revision leaves as it is")
def untouched_spots(snapshot: Snapshot, since: Since) -> Iterator[Finding]:
    """Find open spots that an earlier revision began to answer and this one neither names nor touches.

    Those that nothing ever answered are another rule's finding.
    """
    named = {code for group in since.groups for code in group.codes}
    begun = answered_codes(snapshot) - named
    for layer, feature in _open_spots(snapshot):
        if code_of(feature.attributes.get("code")) in begun and not _works_at(feature, since):
            words = Text(
                "{name}：仍待解决，与 {before} 相比没有修改触及它",
                "{name}: still open, and nothing changed about it since {before}",
            ).format(name=layer.name_of(feature), before=since.label)
            yield found(UNTOUCHED, words, layer, feature)


@change_rule(
    UNNAMED, "改造触及问题点但没有注明回应", "work at a problem spot that does not say it answers it"
)
def unnamed_work(snapshot: Snapshot, since: Since) -> Iterator[Finding]:
    """Find open spots that nothing answers although this revision works on their very place."""
    answered = answered_codes(snapshot)
    for layer, feature in _open_spots(snapshot):
        if code_of(feature.attributes.get("code")) in answered:
            continue
        if labels := _works_at(feature, since):
            words = Text(
                "{name}：{labels} 就在此处，如已解决请在“回应问题”中注明",
                "{name}: {labels} is at this very place; if it is an answer, name the spot in “answers”",
            ).format(name=layer.name_of(feature), labels=", ".join(labels))
            yield found(UNNAMED, words, layer, feature, "info", "answers")


def _open_spots(snapshot: Snapshot) -> Iterator[tuple[Layer, Feature]]:
    for layer in snapshot.with_role("drainage-spot", "traffic-spot"):
        for feature in layer.table:
            if feature.attributes.get("status") not in CLOSED:
                yield layer, feature


def _works_at(spot: Feature, since: Since) -> list[str]:
    """Return the numbers of the changes that reach a spot."""
    if spot.geometry is None or spot.geometry.is_empty:
        return []
    return [
        group.label
        for group in since.groups
        if group.place is not None and shapely.dwithin(group.place, spot.geometry, REACH_M)
    ]
