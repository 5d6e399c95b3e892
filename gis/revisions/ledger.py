"""The reason ledger: what was asked for, what was done about it in which revision, or why not.

It holds the words of public fields only: titles, gists, answers and replies,
never what a resident said in full. Those words are as the office wrote them;
as a table that is given away they pass the masks (`sheet_masking`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from gis.revisions.chapters import Chapter
from gis.revisions.classify import classify
from gis.revisions.clouds import asked_titles, group_title
from gis.revisions.comparison import ChangeGroup, Comparison, FeatureChange
from layers.asking import ASKING
from layers.changes import Change, Key
from layers.codes import code_of, split_codes
from layers.feature import Feature
from layers.kinds.comments import DECIDED
from layers.kinds.spots import CLOSED
from layers.layer import Layer
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text, same

WITHDRAWN: Final = Text("已撤回", "Withdrawn")
"""The standing of what a later revision no longer has."""


_PLACES: Final[Mapping[str, int]] = {role: i for i, role in enumerate(ASKING)}


@dataclass(frozen=True)
class Deed:
    """What a revision did about something.

    Parameters
    ----------
    revision : str
    change : str
        ``R2-3``; the label of the revision where its changes have no numbers.
    title : Text
        ``新建停车位 14；拆除围墙 1``.
    """

    revision: str
    change: str
    title: Text


@dataclass(frozen=True)
class Standing:
    """What something was said to be from a revision on."""

    revision: str
    words: Text


@dataclass(frozen=True)
class Entry:
    """A problem spot or a comment, and what became of it.

    Parameters
    ----------
    code : str
    layer, uid : str
    role : str
        ``drainage-spot``, ``traffic-spot`` or ``comment``.
    title : Text
        Title or gist, without the code.
    about : tuple of str
        Codes and change numbers that a comment is about.
    deeds : tuple of Deed
        Numbered changes that say they answer it, in the order of the revisions.
    standings : tuple of Standing
        Where its status or outcome changed, the last is that of today.
    reply : str
        Answer or reply, the office's own words.
    answered_on : str
        ISO date, or empty.
    closed : bool
        Whether somebody decided about it.
    """

    code: str
    layer: str
    uid: str
    role: str
    title: Text
    about: tuple[str, ...]
    deeds: tuple[Deed, ...]
    standings: tuple[Standing, ...]
    reply: str
    answered_on: str
    closed: bool

    @property
    def key(self) -> Key:
        """Layer id and feature id."""
        return self.layer, self.uid

    @property
    def standing(self) -> Text:
        """What it is said to be today."""
        return self.standings[-1].words

    @property
    def is_told(self) -> bool:
        """Whether whoever asked can read what became of it: a change that answers it, or words."""
        return bool(self.deeds or self.reply)


@dataclass(frozen=True)
class Answer:
    """A numbered change and its reasons.

    Parameters
    ----------
    change : str
        ``R2-3``; empty for changes without a place.
    revision : str
    title : Text
    codes : tuple of str
        Codes it answers that exist.
    reasons : tuple of Text
        Titles and gists with their codes, then reasons in words.
    because : tuple of Text
        The reasons in words alone.
    keys : tuple of (layer id, feature id)
    """

    change: str
    revision: str
    title: Text
    codes: tuple[str, ...]
    reasons: tuple[Text, ...]
    because: tuple[Text, ...]
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Ledger:
    """Everything that was asked for and everything that was changed, held against each other.

    Parameters
    ----------
    chapters : tuple of str
        Labels, oldest first.
    entries : tuple of Entry
        Drainage spots, traffic spots, comments; by code.
    answers : tuple of Answer
        The numbered changes of every chapter, then those without a place.
    """

    chapters: tuple[str, ...]
    entries: tuple[Entry, ...]
    answers: tuple[Answer, ...]

    def entry(self, code: str) -> Entry | None:
        """Return an entry by code, however it is written, or None."""
        return next((e for e in self.entries if code_of(e.code) == code_of(code)), None)

    @property
    def unexplained(self) -> tuple[Answer, ...]:
        """Changes that name no reason."""
        return tuple(a for a in self.answers if not a.reasons)


def ledger_of(chapters: Iterable[Chapter]) -> Ledger:
    """Return the reason ledger of a line of states.

    Parameters
    ----------
    chapters : iterable of Chapter
        Oldest first. What the first one did is told from the features that
        name a code, as it has nothing to be compared with.
    """
    asked = _Asked()
    done = [_told(chapter, asked) for chapter in chapters]
    answers = [_answer(change, asked.titles) for chapter in done for change in chapter.changes]
    return Ledger(tuple(c.label for c in done), asked.entries(done), tuple(answers))


@dataclass(frozen=True)
class _Told:
    """What is kept of a chapter once it has been read."""

    label: str
    deeds: tuple[tuple[str, Deed], ...]
    changes: tuple[Answer, ...]


def _told(chapter: Chapter, asked: _Asked) -> _Told:
    asked.read(chapter)
    return _Told(chapter.label, tuple(_deeds(chapter)), tuple(_changes(chapter)))


@dataclass
class _Gathered:
    layer: Layer
    feature: Feature
    standings: list[Standing] = field(default_factory=list)

    def stand(self, label: str, words: Text) -> None:
        if not self.standings or self.standings[-1].words != words:
            self.standings.append(Standing(label, words))


class _Asked:
    """Gathers what was asked for, chapter by chapter."""

    def __init__(self) -> None:
        self._found: dict[Key, _Gathered] = {}
        self.titles: dict[str, Text] = {}

    def read(self, chapter: Chapter) -> None:
        self.titles |= asked_titles([chapter.snapshot])
        here: set[Key] = set()
        for layer in chapter.snapshot.with_role(*ASKING):
            for feature in layer.table:
                one = self._found.setdefault((layer.id, feature.uid), _Gathered(layer, feature))
                one.layer, one.feature = layer, feature
                one.stand(chapter.label, _status(layer, feature))
                here.add((layer.id, feature.uid))
        for key in self._found.keys() - here:
            self._found[key].stand(chapter.label, WITHDRAWN)

    def entries(self, chapters: Iterable[_Told]) -> tuple[Entry, ...]:
        deeds: dict[str, list[Deed]] = {}
        for code, deed in (pair for chapter in chapters for pair in chapter.deeds):
            deeds.setdefault(code, []).append(deed)
        made = (_entry(one, deeds) for one in self._found.values())
        return tuple(sorted(made, key=lambda e: (_PLACES[e.role], _natural(e.code), e.uid)))


def _entry(one: _Gathered, deeds: Mapping[str, Sequence[Deed]]) -> Entry:
    values = one.feature.attributes
    code = str(values.get("code") or "")
    status = values.get("outcome" if one.layer.kind.role == "comment" else "status")
    return Entry(
        code=code,
        layer=one.layer.id,
        uid=one.feature.uid,
        role=one.layer.kind.role,
        title=_public(one, "title", "gist"),
        about=split_codes(values.get("about")),
        deeds=tuple(deeds.get(code_of(code), ())),
        standings=tuple(one.standings),
        reply=_public(one, "answer", "reply").zh,
        answered_on=_public(one, "answered_on").zh,
        closed=status in (*CLOSED, *DECIDED) or one.standings[-1].words == WITHDRAWN,
    )


def _public(one: _Gathered, *names: str) -> Text:
    """Return the first of some fields that the layer has; nothing if it may not be published."""
    found = next((f for name in names if (f := one.layer.kind.field(name))), None)
    value: Value = one.feature.attributes.get(found.name) if found and found.public else None
    return same(str(value or "").strip())


def _status(layer: Layer, feature: Feature) -> Text:
    found = layer.kind.field("status") or layer.kind.field("outcome")
    return found.word(feature.attributes.get(found.name)) if found else same("")


def _deeds(chapter: Chapter) -> Iterator[tuple[str, Deed]]:
    """Yield what a chapter did for each code."""
    if chapter.comparison is None:
        for code, changes in _told_by_features(chapter.snapshot).items():
            yield code, Deed(chapter.label, chapter.label, group_title(changes))
        return
    for group in chapter.comparison.groups:
        for code in group.answers:
            yield code, Deed(chapter.label, group.label, _title_for(code, group))
    for change in _loose(chapter.comparison):
        for code in change.reason.answers:
            yield code, Deed(chapter.label, chapter.label, group_title([change]))


def _title_for(code: str, group: ChangeGroup) -> Text:
    """Say what of a group answers one code: a cloud may hold the answers to several."""
    return group_title([c for c in group.changes if code in c.reason.answers])


def _told_by_features(snapshot: Snapshot) -> dict[str, list[FeatureChange]]:
    told: dict[str, list[FeatureChange]] = {}
    for layer in snapshot.layers.values():
        for i, codes in enumerate(layer.table.columns.get("answers", ())):
            change = classify(Change(layer.id, None, layer.table.at(i)), layer) if codes else None
            for code in split_codes(codes) if change else ():
                told.setdefault(code, []).append(change)  # type: ignore[arg-type]
    return told


def _changes(chapter: Chapter) -> Iterator[Answer]:
    """Yield the changes of a chapter with all codes they name; a later chapter may know their titles."""
    comparison = chapter.comparison
    if comparison is None:
        return
    for group in comparison.groups:
        keys = tuple(change.key for change in group.changes)
        yield Answer(group.label, chapter.label, group.title, group.answers, (), group.because, keys)
    for change in _loose(comparison):
        because, codes = tuple(map(same, change.reason.words)), change.reason.answers
        yield Answer("", chapter.label, group_title([change]), codes, (), because, (change.key,))


def _answer(change: Answer, titles: Mapping[str, Text]) -> Answer:
    codes = tuple(code for code in change.codes if code in titles)
    return replace(change, codes=codes, reasons=(*(titles[code] for code in codes), *change.because))


def _loose(comparison: Comparison) -> list[FeatureChange]:
    """Return the changes without a place, which belong to no cloud."""
    grouped = {change.key for group in comparison.groups for change in group.changes}
    return [change for change in comparison.changes if change.key not in grouped]


def _natural(code: str) -> tuple[tuple[int, str], ...]:
    """Sort D2 before D10."""
    parts = re.findall(r"\d+|\D+", code)
    return tuple((int(p), "") if p.isdigit() else (-1, p) for p in parts)
