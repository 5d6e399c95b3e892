"""Why something changed: what it answers, and reasons in words.

A reason belongs to one change: that of a feature between two frozen states. It
is said in one of two ways. Who writes ``answers`` or ``reason`` at a feature
says why it is being changed now: only what was written since the older state
counts (`newly_said`), for what stood there before was said about an earlier
change. Where a feature cannot say it, because it is gone, or because the same
words hold once more, the plan keeps a record: a setting whose name says since
which revision, in which layer and of which feature.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from layers.changes import Change, ChangeSet, JsonValue, Key
from layers.codes import split_codes
from layers.feature import Feature

ANSWERS: Final = "answers"
WORDS: Final = "reason"
"""The fields in which a feature says why."""

_PREFIX: Final = "reason."


@dataclass(frozen=True)
class Reason:
    """Why something changed.

    Parameters
    ----------
    answers : tuple of str
        Codes of problem spots and comments.
    words : tuple of str
        A meeting, a constraint; one entry for each time it was said.
    """

    answers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, answers: object, words: object) -> Reason:
        """Return a reason as it is written: codes in one text, words in another.

        Examples
        --------
        >>> Reason.of("t13，C01", " 4月28日  会议 ")
        Reason(answers=('T13', 'C01'), words=('4月28日 会议',))
        """
        told = " ".join(words.split()) if isinstance(words, str) else ""
        return cls(split_codes(answers) if isinstance(answers, str) else (), (told,) if told else ())

    def __bool__(self) -> bool:
        """Tell whether anything is said."""
        return bool(self.answers or self.words)

    def then(self, later: Reason) -> Reason:
        """Return this and what was said later, each once."""
        return Reason(
            tuple(dict.fromkeys((*self.answers, *later.answers))),
            tuple(dict.fromkeys((*self.words, *later.words))),
        )

    def without(self, other: Reason) -> Reason:
        """Return what the other one does not say."""
        return Reason(
            tuple(code for code in self.answers if code not in other.answers),
            tuple(words for words in self.words if words not in other.words),
        )

    def within(self, other: Reason) -> Reason:
        """Return what the other one says, too."""
        return self.without(self.without(other))

    @property
    def code_text(self) -> str:
        """The codes as one field holds them."""
        return ",".join(self.answers)

    @property
    def word_text(self) -> str:
        """The words as one field holds them."""
        return "；".join(self.words)


NO_REASON: Final = Reason()


@dataclass(frozen=True)
class Rewording:
    """What somebody changed of a reason: applied to the reason as it is by then, it takes nothing else away.

    Parameters
    ----------
    added, removed : tuple of str
        Codes written beside those that stood there, and codes that were deleted.
    words : tuple of str or None
        In the place of the words there are; None if they were left alone.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    words: tuple[str, ...] | None = None

    @classmethod
    def between(cls, shown: Reason, typed: Reason) -> Rewording:
        """Return what makes of a reason that was shown the one that is typed.

        Examples
        --------
        >>> new = Rewording.between(Reason(("T13",)), Reason(("D05",)))
        >>> new.of(Reason(("T13", "C01"), ("会议",)))
        Reason(answers=('C01', 'D05'), words=('会议',))
        """
        words = typed.words if typed.words != shown.words else None
        return cls(typed.without(shown).answers, shown.without(typed).answers, words)

    def __bool__(self) -> bool:
        """Tell whether anything is said by it; if not, it takes away."""
        return bool(self.added or self.words)

    def of(self, reason: Reason) -> Reason:
        """Return what a reason becomes."""
        kept = reason.without(Reason(self.removed))
        answers = kept.then(Reason(self.added)).answers
        return Reason(answers, reason.words if self.words is None else self.words)


def said_by(feature: Feature | None) -> Reason:
    """Return what stands at a feature."""
    if feature is None:
        return NO_REASON
    values = feature.attributes
    return Reason.of(values.get(ANSWERS), values.get(WORDS))


def stood_before(changes: ChangeSet, change: Change) -> Reason:
    """Return what stood at a changed feature before, and at those it was split off or merged from.

    A piece brings along what was written at the whole; that was said about another change.
    """
    stood = said_by(change.before)
    for uid in change.after.ancestors if change.after is not None else ():
        origin = changes.features.get((change.layer, uid))
        stood = stood.then(said_by(origin.before)) if origin is not None else stood
    return stood


def newly_said(changes: ChangeSet, change: Change) -> Reason:
    """Return what was written at a feature by the change itself."""
    return said_by(change.after).without(stood_before(changes, change)) if change.after else NO_REASON


def record_name(span: str, key: Key) -> str:
    """Return the name of the setting that holds a reason of a change.

    Parameters
    ----------
    span : str
        The ``uuid`` of the revision since which the feature was changed.
    """
    return f"{_PREFIX}{span}.{key[0]}.{key[1]}"


def key_of_record(name: str) -> Key | None:
    """Return the feature that a setting is a reason of; None if it is another setting.

    Examples
    --------
    >>> key_of_record(record_name("ab12", ("tree", "cd34"))), key_of_record("project.title")
    (('tree', 'cd34'), None)
    """
    if not name.startswith(_PREFIX):
        return None
    span, _, rest = name.removeprefix(_PREFIX).partition(".")
    layer, _, uid = rest.rpartition(".")
    return (layer, uid) if span and layer and uid else None


def record_data(reason: Reason) -> JsonValue:
    """Return what the setting of a reason holds; None if nothing is said."""
    if not reason:
        return None
    return {ANSWERS: list(reason.answers), WORDS: list(reason.words)}


def record_of(value: JsonValue) -> Reason:
    """Read a reason from a setting, trusting nothing: what cannot be read says nothing."""
    if not isinstance(value, dict):
        return NO_REASON
    answers, words = value.get(ANSWERS), value.get(WORDS)
    said = NO_REASON
    for code in answers if isinstance(answers, list) else ():
        said = said.then(Reason.of(code, None))
    for word in words if isinstance(words, list) else ():
        said = said.then(Reason.of(None, word))
    return said


def records_in(settings: Mapping[str, JsonValue]) -> Iterator[tuple[Key, Reason]]:
    """Yield the features that a state keeps reasons of, and the reasons."""
    for name, value in settings.items():
        key = key_of_record(name)
        if key is not None and (said := record_of(value)):
            yield key, said


def reasons_given(steps: Iterable[ChangeSet]) -> dict[Key, Reason]:
    """Return the reasons of changes, by feature: what was said in each step, the oldest first, each once.

    Parameters
    ----------
    steps : iterable of ChangeSet
        From each frozen state to the next.
    """
    given: dict[Key, Reason] = {}
    for changes in steps:
        for change in changes:
            _add(given, change.key, newly_said(changes, change))
        said = {name: setting.after for name, setting in changes.settings.items()}
        for key, reason in records_in(said):
            _add(given, key, reason)
    return given


def _add(given: dict[Key, Reason], key: Key, reason: Reason) -> None:
    if reason:
        given[key] = given.get(key, NO_REASON).then(reason)
