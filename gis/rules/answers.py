"""Answers and problem spots must fit together."""

from __future__ import annotations

from collections.abc import Iterator

from gis.rules.registry import found, rule
from layers.codes import split_codes
from layers.errors import Finding
from layers.kinds.spots import CLOSED
from layers.snapshot import Snapshot
from layers.text import Text

UNKNOWN = "rules.answer-unknown"
OPEN = "rules.spot-unanswered"
CLAIMED = "rules.spot-not-backed"


def spot_codes(snapshot: Snapshot) -> set[str]:
    """Return the codes of all problem spots."""
    return {
        str(code)
        for layer in snapshot.with_role("drainage-spot", "traffic-spot")
        for code in layer.table.columns.get("code", ())
        if code
    }


def comment_codes(snapshot: Snapshot) -> set[str]:
    """Return the numbers of all residents' comments."""
    layers = snapshot.with_role("comment")
    return {str(code) for layer in layers for code in layer.table.columns.get("code", ()) if code}


def answered_codes(snapshot: Snapshot) -> set[str]:
    """Return the codes that some feature says it answers."""
    return {
        code
        for layer in snapshot.layers.values()
        for answers in layer.table.columns.get("answers", ())
        for code in split_codes(answers)
    }


@rule(UNKNOWN, "回应的问题编号不存在", "a feature answers a spot that does not exist")
def unknown_answers(snapshot: Snapshot) -> Iterator[Finding]:
    """Find features whose ``answers`` name a code that no spot and no comment has."""
    known = spot_codes(snapshot) | comment_codes(snapshot)
    for layer in snapshot.layers.values():
        for feature in layer.table if "answers" in layer.table.columns else ():
            for code in split_codes(feature.attributes.get("answers")):
                if code not in known:
                    words = Text(
                        "{name} 回应的问题 {code} 不存在", "{name} answers {code}, which does not exist"
                    )
                    words = words.format(name=layer.name_of(feature), code=code)
                    yield found(UNKNOWN, words, layer, feature, "error", "answers")


@rule(OPEN, "待解决的问题没有方案回应", "an open problem spot that nothing answers")
def unanswered_spots(snapshot: Snapshot) -> Iterator[Finding]:
    """Find open spots that no feature answers."""
    answered = answered_codes(snapshot)
    for layer in snapshot.with_role("drainage-spot", "traffic-spot"):
        for feature in layer.table:
            values = feature.attributes
            if values.get("status") not in CLOSED and values.get("code") not in answered:
                yield found(
                    OPEN,
                    Text("{name}：方案尚未回应", "{name}: nothing in the plan answers it"),
                    layer,
                    feature,
                )


@rule(CLAIMED, "问题标为已回应，但没有对应的方案对象", "a spot called answered that nothing answers")
def unbacked_spots(snapshot: Snapshot) -> Iterator[Finding]:
    """Find spots whose status says that the plan answers them while no feature does."""
    answered = answered_codes(snapshot)
    for layer in snapshot.with_role("drainage-spot", "traffic-spot"):
        for feature in layer.table:
            values = feature.attributes
            if values.get("status") == "answered" and values.get("code") not in answered:
                words = Text(
                    "{name}：标为方案已回应，但没有对象回应它",
                    "{name}: said to be answered, but by no feature",
                )
                yield found(CLAIMED, words, layer, feature)
