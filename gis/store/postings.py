"""The record of postings, and of the boards they hang on, in the project file.

A posting never changes. A board does (it comes down, a photo is added): each change counts its
version up, and of two copies of the project the higher version is the newer; a board that was taken
out of the record stays as a mark, so that no colleague's copy brings it back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final

import apsw

from layers.errors import NotFoundError, RefusedError
from layers.posting import Board, Posting
from layers.text import Text

_LONGEST: Final = 120
_COLUMNS: Final = "revision, compared_with, profile, file_name, sha256, created"
_BOARD: Final = "uid, posting, place, since, until, photos, note, version, removed"


def add_posting(db: apsw.Connection, posting: Posting) -> None:
    """Note a posting and its boards."""
    db.execute(
        f"INSERT INTO pb_posting({_COLUMNS}) VALUES (?,?,?,?,?,?)",
        (
            posting.revision,
            posting.compared_with,
            posting.profile,
            posting.file_name,
            posting.sha256,
            posting.created,
        ),
    )
    for board in posting.boards:
        put_board(db, posting.key, board)


def read_postings(db: apsw.Connection) -> tuple[Posting, ...]:
    """Return all postings with their boards, oldest first."""
    boards: dict[str, list[Board]] = {}
    query = "SELECT posting, place, since, until, photos, note, uid FROM pb_board WHERE NOT removed"
    noted: Any = db.execute(f"{query} ORDER BY board_id")
    for key, place, since, until, photos, note, uid in noted:
        boards.setdefault(key, []).append(Board(place, since, until, tuple(json.loads(photos)), note, uid))
    rows: Any = db.execute(f"SELECT {_COLUMNS} FROM pb_posting ORDER BY posting_id")
    found = [Posting(*row) for row in rows]
    return tuple(replace(one, boards=tuple(boards.get(one.key, ()))) for one in found)


def put_board(db: apsw.Connection, key: str, board: Board) -> None:
    """Note where a posting hangs, or set it anew.

    Raises
    ------
    RefusedError
        If it has no place or no true dates.
    NotFoundError
        If the posting or a photo is not in the project.
    """
    _check(db, key, board)
    photos = json.dumps(list(board.photos))
    db.execute(
        f"INSERT INTO pb_board({_BOARD}) VALUES (?,?,?,?,?,?,?,1,0) ON CONFLICT(uid) DO UPDATE SET"
        " posting = excluded.posting, place = excluded.place, since = excluded.since,"
        " until = excluded.until, photos = excluded.photos, note = excluded.note,"
        " version = version + 1, removed = 0",
        (board.uid, key, board.place.strip(), board.since, board.until, photos, board.note),
    )


def remove_board(db: apsw.Connection, uid: str) -> None:
    """Take a board out of the record, or raise `NotFoundError`."""
    db.execute("UPDATE pb_board SET removed = 1, version = version + 1 WHERE uid = ? AND NOT removed", (uid,))
    if not db.changes():
        raise NotFoundError(
            Text("公示记录中没有这个张贴地点。", "That place is not in the posting record."),
            code="board.unknown",
        )


BoardRow = tuple[Any, ...]
"""A board as the file has it, in the order of the columns."""


def board_rows(db: apsw.Connection) -> dict[str, BoardRow]:
    """Return every board by its id, those taken out included."""
    return {row[0]: tuple(row) for row in db.execute(f"SELECT {_BOARD} FROM pb_board ORDER BY board_id")}


def newer_boards(ours: apsw.Connection, theirs: apsw.Connection) -> list[BoardRow]:
    """Return the boards that a colleague's copy has alone, or newer than ours.

    Both sides choose alike: the higher version, of equal versions the one whose words come later.
    """
    known = board_rows(ours)
    return [
        row for uid, row in board_rows(theirs).items() if uid not in known or _age(known[uid]) < _age(row)
    ]


def take_boards(db: apsw.Connection, rows: Iterable[BoardRow]) -> None:
    """Write boards of a colleague's copy over ours, inside the open transaction."""
    marks = ",".join("?" * len(_BOARD.split(",")))
    for row in rows:
        db.execute("DELETE FROM pb_board WHERE uid = ?", (row[0],))
        db.execute(f"INSERT INTO pb_board({_BOARD}) VALUES ({marks})", row)


def _age(row: BoardRow) -> tuple[Any, ...]:
    return (row[-2], row[-1], *row[:-2])


def _check(db: apsw.Connection, key: str, board: Board) -> None:
    place = board.place.strip()
    if not place or len(place) > _LONGEST or not place.isprintable():
        raise RefusedError(
            Text("请写明张贴地点。", "Say where it hangs."),
            Text("例如：东门公示栏。", "For example: notice board at the east gate."),
            code="board.place",
        )
    if not _day(board.since) or (board.until and not (_day(board.until) and board.since <= board.until)):
        raise RefusedError(
            Text("张贴日期不对：{a} 至 {b}。", "These days are wrong: {a} to {b}.").format(
                a=board.since or "–", b=board.until or "–"
            ),
            Text(
                "请写作 2026-11-01；结束日期不早于开始日期，未撤下时留空。",
                "Write them as 2026-11-01; the last one is not before the first, and empty while it hangs.",
            ),
            code="board.days",
        )
    if not any(posting.key == key for posting in read_postings(db)):
        raise NotFoundError(Text("没有这条公示记录。", "There is no such posting."), code="posting.unknown")
    for photo in board.photos:
        if db.execute("SELECT 1 FROM pb_photo WHERE photo_id = ?", (photo,)).get is None:
            raise NotFoundError(
                Text("照片不在项目中。", "That photo is not in the project."), code="photo.unknown"
            )


def _day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
