"""The record of what was posted: what is current, and what has been replaced by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layers.posting import Posting, superseded
from layers.revision import Revision
from layers.text import Text, same

PAGE, SHEET = Text("网页", "Page"), Text("图纸", "Drawing")
READERS = {
    "public": Text("公开", "public"),
    "brochure": Text("宣传册", "brochure"),
    "internal": Text("内部", "internal"),
    "notice-board": Text("公示栏", "notice board"),
}


@dataclass(frozen=True)
class PostingRow:
    """One posting, and what replaced it.

    Parameters
    ----------
    posting : Posting
    superseded_by : Posting or None
        The latest one for the same readers, in the same form; None if this is it.
    """

    posting: Posting
    superseded_by: Posting | None

    @property
    def what(self) -> Text:
        """Page or drawing."""
        return PAGE if self.posting.form == "page" else SHEET

    @property
    def readers(self) -> Text:
        """Who it was made for."""
        return READERS.get(self.posting.profile, same(self.posting.profile))

    @property
    def standing(self) -> Text:
        """Whether it is current, or what has replaced it."""
        newer = self.superseded_by
        if newer is None:
            return Text("现行", "current")
        if newer.revision == self.posting.revision:
            return Text("已被同一版的新文件取代", "superseded by a newer file of the same revision")
        return Text("已被 {r} 取代", "superseded by {r}").format(r=newer.revision)


def rows_of(postings: Sequence[Posting], revisions: Sequence[Revision] = ()) -> tuple[PostingRow, ...]:
    """Return the record, latest first.

    Parameters
    ----------
    postings : sequence of Posting
        Oldest first.
    revisions : sequence of Revision
        In the order they came into the project.
    """
    newer = superseded(postings, revisions)
    return tuple(PostingRow(p, newer.get(p.key)) for p in reversed(postings))
