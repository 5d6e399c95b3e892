"""Every comment must end in an answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, Literal

from gis.rules.answers import answered_codes, comment_codes, spot_codes
from gis.rules.registry import found, rule
from layers.codes import code_of, split_codes
from layers.errors import Finding
from layers.feature import Feature
from layers.kinds.comments import DECIDED, TAKEN_UP
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

OPEN = "rules.comment-open"
SILENT = "rules.comment-without-reply"
CLAIMED = "rules.comment-not-backed"
ABOUT = "rules.comment-about-unknown"
DOUBLED = "rules.code-doubled"
_CHANGE_NUMBER: Final = re.compile(r".+-\d+").fullmatch
"""``R3-17``: whether that revision has so many changes is not for a rule to know."""


def _comments(snapshot: Snapshot) -> Iterator[tuple[Layer, Feature]]:
    return ((layer, feature) for layer in snapshot.with_role("comment") for feature in layer.table)


@rule(OPEN, "意见尚未答复", "a comment that waits for an answer")
def open_comments(snapshot: Snapshot) -> Iterator[Finding]:
    """Find comments without an outcome."""
    for layer, feature in _comments(snapshot):
        if feature.attributes.get("outcome") not in DECIDED:
            yield found(
                OPEN,
                Text("{name}：尚未答复", "{name}: not answered yet"),
                layer,
                feature,
                "warning",
                "outcome",
            )


@rule(SILENT, "意见有处理结果但没有答复", "a comment with an outcome but no reply")
def silent_outcomes(snapshot: Snapshot) -> Iterator[Finding]:
    """Find comments that were decided without a word; a refusal without a reason is an error."""
    for layer, feature in _comments(snapshot):
        values = feature.attributes
        if values.get("outcome") not in DECIDED or str(values.get("reply") or "").strip():
            continue
        taken_up = values.get("outcome") in TAKEN_UP
        severity: Literal["warning", "error"] = "warning" if taken_up else "error"
        words = (
            Text("{name}：已采纳，但没有写明答复", "{name}: adopted, but there is no reply")
            if taken_up
            else Text("{name}：未采纳，但没有说明原因", "{name}: not adopted, and nothing says why")
        )
        yield found(SILENT, words, layer, feature, severity, "reply")


@rule(CLAIMED, "意见标为采纳，但没有对应的修改", "a comment called adopted that no change answers")
def unbacked_comments(snapshot: Snapshot) -> Iterator[Finding]:
    """Find comments that were taken up while no feature of the plan names them."""
    named = answered_codes(snapshot)
    for layer, feature in _comments(snapshot):
        values = feature.attributes
        if values.get("outcome") in TAKEN_UP and code_of(values.get("code")) not in named:
            words = Text(
                "{name}：标为采纳，但没有对象回应它", "{name}: said to be adopted, but by no feature"
            )
            yield found(CLAIMED, words, layer, feature, "warning", "code")


@rule(ABOUT, "意见所涉编号不存在", "a comment about a spot that does not exist")
def unknown_subjects(snapshot: Snapshot) -> Iterator[Finding]:
    """Find comments about a code that is no spot, no comment, and no number of a change."""
    known = spot_codes(snapshot) | comment_codes(snapshot)
    for layer, feature in _comments(snapshot):
        for code in split_codes(feature.attributes.get("about")):
            if code not in known and not _CHANGE_NUMBER(code):
                words = Text(
                    "{name}：所涉的 {code} 不存在", "{name}: it is about {code}, which does not exist"
                )
                words = words.format(name=layer.name_of(feature), code=code)
                yield found(ABOUT, words, layer, feature, "warning", "about")


@rule(DOUBLED, "编号重复", "a code that two spots or comments share")
def doubled_codes(snapshot: Snapshot) -> Iterator[Finding]:
    """Find problem spots and comments with the number of another: answers could mean either."""
    asking = [
        (layer, feature)
        for layer in snapshot.with_role("drainage-spot", "traffic-spot", "comment")
        for feature in layer.table
    ]
    counts = Counter(code_of(feature.attributes.get("code")) for _, feature in asking)
    for layer, feature in asking:
        code = code_of(feature.attributes.get("code"))
        if code and counts[code] > 1:
            words = Text("{name}：编号 {code} 重复", "{name}: number {code} is used twice")
            words = words.format(name=layer.name_of(feature), code=code)
            yield found(DOUBLED, words, layer, feature, "error", "code")
