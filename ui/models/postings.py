"""The record of what was posted: what is current, and what has been replaced by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from layers.revision import Posting
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
        return PAGE if _form(self.posting) == "html" else SHEET

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


def rows_of(postings: Sequence[Posting]) -> tuple[PostingRow, ...]:
    """Return the record, latest first.

    Parameters
    ----------
    postings : sequence of Posting
        Oldest first.
    """
    latest = {(p.profile, _form(p)): p for p in postings}
    newer = [(p, latest[p.profile, _form(p)]) for p in reversed(postings)]
    return tuple(PostingRow(p, None if last is p else last) for p, last in newer)


def _form(posting: Posting) -> str:
    """Return ``html`` for pages and ``sheet`` for drawings of any kind."""
    return "html" if PurePath(posting.file_name).suffix.lower() in (".html", ".htm") else "sheet"
