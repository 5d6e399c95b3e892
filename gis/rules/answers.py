"""Answers and problem spots must fit together."""

from __future__ import annotations

from collections.abc import Iterator

from gis.rules.registry import found, rule
from layers.changes import Key
from layers.codes import code_of, split_codes
from layers.errors import Finding
from layers.kind import Role
from layers.kinds.spots import CLOSED
from layers.reason import Reason, records_in
from layers.snapshot import Snapshot
from layers.text import Text

UNKNOWN = "rules.answer-unknown"
OPEN = "rules.spot-unanswered"
CLAIMED = "rules.spot-not-backed"


def spot_codes(snapshot: Snapshot) -> set[str]:
    """Return the codes of all problem spots."""
    return _codes(snapshot, "drainage-spot", "traffic-spot")


def comment_codes(snapshot: Snapshot) -> set[str]:
    """Return the numbers of all residents' comments."""
    return _codes(snapshot, "comment")


def _codes(snapshot: Snapshot, *roles: Role) -> set[str]:
    layers = snapshot.with_role(*roles)
    return {code_of(code) for layer in layers for code in layer.table.columns.get("code", ()) if code}


def answered_codes(snapshot: Snapshot) -> set[str]:
    """Return the codes that some feature says it answers, or that something was taken away for."""
    codes = {
        code
        for layer in snapshot.layers.values()
        for answers in layer.table.columns.get("answers", ())
        for code in split_codes(answers)
    }
    return codes.union(*(reason.answers for _, reason in removals_explained(snapshot)))


def removals_explained(snapshot: Snapshot) -> Iterator[tuple[Key, Reason]]:
    """Yield what is gone from a plan that keeps the reason why."""
    for key, reason in records_in(snapshot.settings):
        layer = snapshot.layers.get(key[0])
        if layer is not None and key[1] not in layer.table:
            yield key, reason


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
    for (name, uid), reason in removals_explained(snapshot):
        for code in reason.answers:
            if code not in known:
                words = Text(
                    "{layer}：取消的理由回应 {code}，它不存在",
                    "{layer}: something was removed for {code}, which does not exist",
                ).format(layer=snapshot.layers[name].title, code=code)
                yield Finding(UNKNOWN, words, "error", field="answers", layer=name, uid=uid)


@rule(OPEN, "待解决的问题没有方案回应", "an open problem spot that nothing answers")
def unanswered_spots(snapshot: Snapshot) -> Iterator[Finding]:
    """Find open spots that no feature answers."""
    answered = answered_codes(snapshot)
    for layer in snapshot.with_role("drainage-spot", "traffic-spot"):
        for feature in layer.table:
            values = feature.attributes
            if values.get("status") not in CLOSED and code_of(values.get("code")) not in answered:
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
            if values.get("status") == "answered" and code_of(values.get("code")) not in answered:
                words = Text(
                    "{name}：标为方案已回应，但没有对象回应它",
                    "{name}: said to be answered, but by no feature",
                )
                yield found(CLAIMED, words, layer, feature)
