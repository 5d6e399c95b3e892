"""What a damaged project still says of its postings, and of the boards they hang on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import apsw

from gis.store.connection import transaction
from gis.store.postings import add_posting, put_board
from layers.errors import PlanboardError
from layers.posting import Board, Posting

_UNREADABLE: Final = (apsw.Error, UnicodeDecodeError, ValueError, TypeError)
_HIGHEST: Final = 2**40


def take_record(damaged: apsw.Connection, rest: apsw.Connection) -> tuple[int, int, int]:
    """Carry every posting and board that can be read over into the project that is saved.

    Photos must be there already: a board keeps those of its photos that were saved.

    Returns
    -------
    postings, boards, left : int
        How many were saved, and how many rows could be seen but not be saved.
    """
    photos = {row[0] for row in rest.execute("SELECT photo_id FROM pb_photo")}

    def posting(row: tuple[Any, ...]) -> None:
        add_posting(rest, Posting(*row))

    def board(row: tuple[Any, ...]) -> None:
        key, place, since, until, listed, note, uid = row
        kept = tuple(photo for photo in json.loads(listed) if photo in photos)
        put_board(rest, key, Board(place, since, until, kept, note, uid))

    postings, lost = _taken(rest, _rows(damaged, "pb_posting", _POSTING), posting)
    boards, fallen = _taken(rest, _rows(damaged, "pb_board", _BOARD, "NOT removed"), board)
    return postings, boards, lost + fallen


_POSTING: Final = "revision, compared_with, profile, file_name, sha256, created"
_BOARD: Final = "posting, place, since, until, photos, note, uid"
_Row = tuple[Any, ...] | None


def _taken(
    rest: apsw.Connection, rows: Iterable[_Row], take: Callable[[tuple[Any, ...]], None]
) -> tuple[int, int]:
    """Take row by row, each in a transaction of its own; return how many were saved and how many not."""
    saved = lost = 0
    for row in rows:
        if row is None or not all(value is None or isinstance(value, str) for value in row):
            lost += 1
            continue
        try:
            with transaction(rest):
                take(row)
        except (*_UNREADABLE, PlanboardError):
            lost += 1
        else:
            saved += 1
    return saved, lost


def _rows(db: apsw.Connection, table: str, columns: str, which: str = "1") -> Iterator[_Row]:
    """Yield rows by number; None for one that cannot be read. An older file may lack the table."""
    number, leap = 0, 1
    while number < _HIGHEST:
        try:
            query = f"SELECT rowid FROM {table} WHERE rowid > ? AND {which} ORDER BY rowid LIMIT 1"
            following = db.execute(query, (number,)).get
        except apsw.SQLError:
            return
        except _UNREADABLE:
            yield None
            number, leap = number + leap, leap * 2
            continue
        if not isinstance(following, int) or following <= number:
            return
        number, leap = following, 1
        try:
            yield db.execute(f"SELECT {columns} FROM {table} WHERE rowid = ?", (number,)).fetchone()
        except _UNREADABLE:
            yield None
