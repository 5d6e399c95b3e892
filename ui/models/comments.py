"""Residents' comments as a list: what a row shows, and the filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from layers.changes import Key
from layers.codes import code_of, split_codes
from layers.feature import Feature
from layers.kinds.comments import DECIDED
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text, date_words, natural, same
from ui.models.words import plain


@dataclass(frozen=True)
class Comment:
    """One comment as a list shows it.

    Parameters
    ----------
    key : Key
    code, gist, reply, channel, outcome : str
    channel_words, outcome_words : Text
    received_on : str
        ISO date, or empty.
    about : tuple of str
        Codes of spots and numbers of changes.
    placed : bool
        Whether it has a place on the map.
    search : str
    """

    key: Key
    code: str
    gist: str
    reply: str
    channel: str
    channel_words: Text
    outcome: str
    outcome_words: Text
    received_on: str
    about: tuple[str, ...]
    placed: bool
    search: str

    @property
    def closed(self) -> bool:
        """Whether somebody decided about it."""
        return self.outcome in DECIDED

    @property
    def below(self) -> Text:
        """The second line of a row: where it came from, what it is about, and the reply."""
        about = "、".join(self.about)
        parts = [
            self.channel_words,
            date_words(self.received_on) if self.received_on else same(""),
            Text("关于 {c}", "about {c}").format(c=about) if about else same(""),
            Text("答复：{r}", "reply: {r}").format(r=self.reply) if self.reply else same(""),
        ]
        return Text(" · ".join(p.zh for p in parts if p.zh), " · ".join(p.en for p in parts if p.en))


@dataclass(frozen=True)
class CommentFilter:
    """What the list shows; empty entries let everything pass.

    Parameters
    ----------
    state : str
        ``"open"``, ``"closed"``, or an outcome.
    channel : str
    text : str
    """

    state: str = ""
    channel: str = ""
    text: str = ""

    def keeps(self, comment: Comment) -> bool:
        """Tell whether a comment is shown."""
        return (
            self._keeps_state(comment)
            and (not self.channel or comment.channel == self.channel)
            and all(plain(word) in comment.search for word in self.text.split())
        )

    def _keeps_state(self, comment: Comment) -> bool:
        if self.state in ("open", "closed"):
            return comment.closed == (self.state == "closed")
        return not self.state or comment.outcome == self.state


def comments_of(snapshot: Snapshot) -> tuple[Comment, ...]:
    """Return every comment: those that wait for an answer first, then by code."""
    found = [_comment(layer, feature) for layer in snapshot.with_role("comment") for feature in layer.table]
    return tuple(sorted(found, key=lambda c: (c.closed, natural(c.code))))


def about(snapshot: Snapshot, codes: Iterable[str]) -> tuple[Comment, ...]:
    """Return the comments that name one of some codes."""
    wanted = {code_of(code) for code in codes}
    return tuple(comment for comment in comments_of(snapshot) if wanted & set(comment.about))


def _comment(layer: Layer, feature: Feature) -> Comment:
    values = {name: str(value or "") for name, value in feature.attributes.items()}

    def word(name: str) -> Text:
        field = layer.kind.field(name)
        return field.word(values.get(name) or None) if field else same("")

    parts = (values.get(name, "") for name in ("code", "gist", "text", "reply", "about"))
    return Comment(
        key=(layer.id, feature.uid),
        code=values.get("code", ""),
        gist=values.get("gist", ""),
        reply=" ".join(values.get("reply", "").split()),
        channel=values.get("channel", ""),
        channel_words=word("channel"),
        outcome=values.get("outcome", ""),
        outcome_words=word("outcome"),
        received_on=values.get("received_on", ""),
        about=split_codes(values.get("about")),
        placed=feature.geometry is not None,
        search=plain(" ".join(parts)),
    )
