"""The record of what was posted: what is current, and what has been replaced by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gis.revisions.posting_table import FORMS, readers_told, standing_told
from layers.posting import Posting, published_again, superseded
from layers.revision import Revision
from layers.text import Text


@dataclass(frozen=True)
class PostingRow:
    """One posting, and what replaced it.

    Parameters
    ----------
    posting : Posting
    superseded_by : Posting or None
        The latest one for the same readers, in the same form; None if this is it.
    again : bool
        Whether the very same file was published once more.
    """

    posting: Posting
    superseded_by: Posting | None
    again: bool = False

    @property
    def what(self) -> Text:
        """Page or drawing."""
        return FORMS[self.posting.form]

    @property
    def readers(self) -> Text:
        """Who it was made for."""
        return readers_told(self.posting)

    @property
    def standing(self) -> Text:
        """Whether it is current, or what has replaced it."""
        return standing_told(self.posting, self.superseded_by, again=self.again)


def rows_of(postings: Sequence[Posting], revisions: Sequence[Revision] = ()) -> tuple[PostingRow, ...]:
    """Return the record, latest first.

    Parameters
    ----------
    postings : sequence of Posting
        Oldest first.
    revisions : sequence of Revision
        In the order they came into the project.
    """
    newer, again = superseded(postings, revisions), published_again(postings)
    return tuple(PostingRow(p, newer.get(p.key), p.key in again) for p in reversed(postings))
