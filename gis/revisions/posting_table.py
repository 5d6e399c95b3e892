"""The posting record as words and as a sheet: 公示记录."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gis.revisions.ledger_table import revision_told
from gis.revisions.sheets import Cell, Column, Sheet
from layers.posting import Board, Posting, published_again, superseded
from layers.revision import Revision
from layers.text import Text, same

FORMS: Final = {"page": Text("网页", "Page"), "sheet": Text("图纸", "Drawing")}
READERS: Final = {
    "public": Text("公开", "public"),
    "brochure": Text("宣传册", "brochure"),
    "internal": Text("内部", "internal"),
    "notice-board": Text("公示栏", "notice board"),
}
_COLUMNS: Final = (
    Column(Text("序号", "No."), 6, "whole"),
    Column(Text("版次", "Revision"), 10),
    Column(Text("形式", "Form"), 8),
    Column(Text("面向", "For"), 10),
    Column(Text("文件", "File"), 34),
    Column(Text("发布日期", "Made on"), 12, "date"),
    Column(Text("张贴地点", "Place"), 24),
    Column(Text("自", "From"), 12, "date"),
    Column(Text("至", "To"), 12, "date"),
    Column(Text("照片", "Photos"), 7, "whole"),
    Column(Text("备注", "Note"), 24),
    Column(Text("现状", "Standing"), 22),
    Column(Text("文件指纹 SHA-256", "SHA-256"), 66, "id"),
)


def readers_told(posting: Posting) -> Text:
    """Say who a posting was made for."""
    return READERS.get(posting.profile, same(posting.profile))


def standing_told(posting: Posting, newer: Posting | None, *, again: bool = False) -> Text:
    """Say whether a posting holds, or what has replaced it; `again` if the same file was published since."""
    if newer is None and again:
        return Text("现行（后来又发布，是同一个文件）", "current (published again, the same file)")
    if newer is None:
        return Text("现行", "current")
    if newer.revision == posting.revision:
        return Text("已被同一版的新文件取代", "superseded by a newer file of the same revision")
    return Text("已被 {r} 取代", "superseded by {r}").format(r=revision_told(newer.revision))


def compared_told(label: str | None) -> Text:
    """Say what something is compared with; None is nothing."""
    return Text("不对比", "nothing") if label is None else revision_told(label)


def days_told(board: Board) -> Text:
    """Say from when to when it hangs."""
    if not board.until:
        return Text("{a} 起", "since {a}").format(a=board.since)
    return Text("{a} 至 {b}", "{a} to {b}").format(a=board.since, b=board.until)


def still_hanging(
    postings: Sequence[Posting], revisions: Sequence[Revision], day: str
) -> Iterator[tuple[Posting, Board, Posting]]:
    """Yield what hangs on a day although something newer has replaced it: posting, board, newer one."""
    newer = superseded(postings, revisions)
    for posting in postings:
        if posting.key in newer:
            yield from ((posting, b, newer[posting.key]) for b in posting.boards if b.hangs_on(day))


def posting_sheet(postings: Sequence[Posting], revisions: Sequence[Revision]) -> Sheet:
    """Return the record as a sheet: one row a board, in the order it was made.

    Parameters
    ----------
    postings : sequence of Posting
        Oldest first.
    revisions : sequence of Revision
        In the order they came into the project.
    """
    newer, again = superseded(postings, revisions), published_again(postings)
    rows = [
        _row(
            number, posting, board, standing_told(posting, newer.get(posting.key), again=posting.key in again)
        )
        for number, posting in enumerate(postings, 1)
        for board in posting.boards or (None,)
    ]
    return Sheet("postings", Text("公示记录", "Postings"), _COLUMNS, tuple(rows))


def _row(number: int, posting: Posting, board: Board | None, standing: Text) -> tuple[Cell, ...]:
    hangs: tuple[Cell, ...] = (None,) * 5
    if board is not None:
        hangs = (board.place, board.since, board.until or None, len(board.photos), board.note or None)
    return (
        number,
        revision_told(posting.revision),
        FORMS[posting.form],
        readers_told(posting),
        posting.file_name,
        posting.created[:10],
        *hangs,
        standing,
        posting.sha256,
    )
