"""What an open project says of its publications: which file of which revision, and where it hangs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from psygnal import Signal

from gis.past import Past
from gis.store import revisions
from gis.store.attachments import add_photo
from gis.store.postings import add_posting, put_board, read_postings, remove_board
from layers.posting import Board, Posting
from layers.revision import WORKING


class PostingRecord(Past):
    """A plan with its past, and the record of what was made public of it."""

    postings_changed = Signal()
    _postings: tuple[Posting, ...] | None = None

    def _read(self) -> None:
        super()._read()
        self._postings = None

    def _read_postings(self) -> None:
        self._postings = read_postings(self._store.db)

    def record_posting(self, posting: Posting) -> None:
        """Note what was published or posted."""
        with self._access():
            self._check_writable()
            with self._store.writing():
                if posting.revision != WORKING:
                    revisions.find(self._store.db, posting.revision)
                add_posting(self._store.db, posting)
            self._read_postings()
        self.postings_changed.emit()

    def set_board(self, key: str, board: Board, photos: Iterable[tuple[bytes, str]] = ()) -> None:
        """Note where a posting hangs from when to when, or set it anew if its `uid` is known.

        Parameters
        ----------
        key : str
            Of the posting (`Posting.key`).
        board : Board
            Its photos are in the project already: `add_photo`.
        photos : iterable of (bytes, file name), optional
            Further ones, kept in the project and added to the board; all of it or nothing.

        Raises
        ------
        RefusedError
            If it has no place, or its days are no days.
        BadInputError
            If a photo is no picture.
        NotFoundError
            If the posting or a photo is unknown.
        ReadOnlyError, StorageError
        """
        with self._access():
            self._check_writable()
            with self._store.writing():
                more = [add_photo(self._store.db, data, name) for data, name in photos]
                kept = tuple(dict.fromkeys((*board.photos, *more)))
                put_board(self._store.db, key, replace(board, photos=kept))
            self._read_postings()
        self.postings_changed.emit()

    def remove_board(self, uid: str) -> None:
        """Take a board out of the record: it was noted by mistake.

        Raises
        ------
        NotFoundError
            If it is unknown.
        ReadOnlyError, StorageError
        """
        with self._access():
            self._check_writable()
            with self._store.writing():
                remove_board(self._store.db, uid)
            self._read_postings()
        self.postings_changed.emit()

    @property
    def postings(self) -> tuple[Posting, ...]:
        """What was published or posted, oldest first; known without waiting for a step being written."""
        if self._postings is None:
            with self._looking() as db:
                found = self._postings = read_postings(db)
                return found
        return self._postings
