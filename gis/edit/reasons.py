"""Saying why something changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from layers.asking import asked_in
from layers.changes import Change, ChangeSet, Key, SettingChange
from layers.errors import RefusedError
from layers.feature import Feature
from layers.layer import Layer
from layers.reason import (
    ANSWERS,
    WORDS,
    Reason,
    key_of_record,
    record_data,
    record_name,
    said_by,
    stood_before,
)
from layers.snapshot import Snapshot
from layers.text import Text

_MOST_NAMED = 12


def give_reasons(snapshot: Snapshot, since: ChangeSet, span: str, given: Mapping[Key, Reason]) -> ChangeSet:
    """Return the change that gives changes of the working plan their reasons; an empty one takes it away.

    A feature that is there says it itself, in its own fields, beside what it said before. What it
    cannot say, because it is gone or because the same was said about an earlier change, the plan keeps.

    Parameters
    ----------
    since : ChangeSet
        From the revision that the plan was made from to the plan.
    span : str
        The ``uuid`` of that revision.
    given : mapping of (layer id, feature id) to Reason
        The whole reason of each change.

    Raises
    ------
    RefusedError
        If a feature has not changed, or a code is that of no problem spot and no comment.
    """
    _check_codes(snapshot, given)
    changes: list[Change] = []
    settings: dict[str, SettingChange] = {}
    for key, reason in given.items():
        change = since.features.get(key)
        if change is None:
            raise _unchanged(snapshot, key)
        stood = stood_before(since, change)
        layer, now = snapshot.layers[key[0]], snapshot.feature(key)
        rest = reason
        if now is not None and _says_why(layer):
            after = _saying(now, stood, reason)
            changes.append(Change(key[0], now, after))
            rest = reason.within(stood)  # what it says anew is said; the rest stood there already
        settings |= {
            name: SettingChange(snapshot.settings.get(name), None)
            for name in _other_records(since, span, key)
        }
        own = record_name(span, key)
        settings[own] = SettingChange(snapshot.settings.get(own), record_data(rest))
    return ChangeSet.of(changes, settings)


def _says_why(layer: Layer) -> bool:
    return layer.kind.field(ANSWERS) is not None and layer.kind.field(WORDS) is not None


def _saying(feature: Feature, stood: Reason, reason: Reason) -> Feature:
    """Return a feature that says a reason, beside what it said about earlier changes."""
    said = said_by(feature)
    kept = [code for code in said.answers if code in stood.answers or code in reason.answers]
    codes = tuple(dict.fromkeys((*kept, *reason.answers)))
    fresh = Reason((), tuple(words for words in reason.words if words not in stood.words)).word_text
    earlier = said.words and said.words[0] in stood.words
    words = fresh or (said.word_text if earlier else stood.word_text)
    values = {}
    if codes != said.answers:
        values[ANSWERS] = ",".join(codes) or None
    if words != said.word_text:
        values[WORDS] = words or None
    return feature.with_attributes(**values) if values else feature


def _other_records(since: ChangeSet, span: str, key: Key) -> Iterator[str]:
    """Yield the records of this change that came in by a merge: the reason is said anew."""
    own = record_name(span, key)
    for name, setting in since.settings.items():
        if name != own and setting.after is not None and key_of_record(name) == key:
            yield name


def _check_codes(snapshot: Snapshot, given: Mapping[Key, Reason]) -> None:
    known = asked_in(snapshot)
    named = dict.fromkeys(code for reason in given.values() for code in reason.answers)
    unknown = [code for code in named if code not in known]
    if not unknown:
        return
    listed = ", ".join(sorted(known)[:_MOST_NAMED]) + (" …" if len(known) > _MOST_NAMED else "")
    raise RefusedError(
        Text(
            "没有编号为 {code} 的问题点或意见。", "No problem spot and no comment has the number {code}."
        ).format(code=", ".join(unknown)),
        Text("现有编号：{names}", "There are: {names}").format(names=listed)
        if known
        else Text("请把理由写成文字。", "Say the reason in words."),
        code="reason.code",
    )


def _unchanged(snapshot: Snapshot, key: Key) -> RefusedError:
    name = snapshot.name_of(key) or Text("这个对象", "That object")
    return RefusedError(
        Text(
            "{name}自上一版以来没有变更，不需要理由。",
            "{name} has not changed since the last revision; there is nothing to give a reason for.",
        ).format(name=name),
        code="reason.unchanged",
    )
