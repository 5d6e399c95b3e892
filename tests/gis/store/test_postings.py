"""The record of postings: boards, dates, photos; and what a merge makes of them."""

from dataclasses import replace
from hashlib import sha256

import pytest

from gis.project import Project
from layers.errors import BadInputError, NotFoundError, ReadOnlyError, RefusedError
from layers.posting import Board, Posting
from tests.gis.store.plans import house, put

PHOTO = b"\xff\xd8\xff\xe0 a board"
POSTING = Posting("R1", None, "public", "R1.html", "ab" * 32, "2020-07-25T09:00:00+08:00")
BOARD = Board("东门公示栏", "2020-07-26", note="李工张贴")


@pytest.fixture
def posted(project):
    put(project, house("a"))
    project.freeze("第1版")
    project.record_posting(POSTING)
    return project


def boards(project):
    return project.postings[0].boards


def test_where_it_hangs_from_when_to_when_with_photos_is_kept(posted, path):
    photo = posted.add_photo(PHOTO, "board.jpg")
    board = replace(BOARD, photos=(photo,))
    posted.set_board(POSTING.key, board)
    posted.set_board(POSTING.key, Board("西门", "2020-07-27", "2020-08-03"))
    posted.set_board(POSTING.key, replace(board, until="2020-08-02"))
    posted.close()
    with Project.open(path) as again:
        assert [(b.place, b.since, b.until, b.photos, b.note) for b in boards(again)] == [
            ("东门公示栏", "2020-07-26", "2020-08-02", (photo,), "李工张贴"),
            ("西门", "2020-07-27", "2020-08-03", (), ""),
        ]


def test_a_posting_can_be_recorded_with_its_boards(posted):
    posted.record_posting(replace(POSTING, file_name="b.html", boards=(BOARD,)))
    assert posted.postings[1].boards == (BOARD,)


def test_each_change_of_the_record_is_told(posted):
    heard = []
    posted.postings_changed.connect(lambda: heard.append(len(boards(posted))))
    posted.set_board(POSTING.key, BOARD)
    posted.remove_board(BOARD.uid)
    assert heard == [1, 0]
    with pytest.raises(NotFoundError):
        posted.remove_board(BOARD.uid)


@pytest.mark.parametrize(
    "board",
    [
        Board(" ", "2020-07-26"),
        Board("东\n门", "2020-07-26"),
        Board("东" * 121, "2020-07-26"),
        Board("东门", ""),
        Board("东门", "26.7.2020"),
        Board("东门", "2020-07-26", "2020-07-25"),
        Board("东门", "2020-07-26", "2020-02-30"),
    ],
)
def test_a_board_without_a_place_or_true_days_is_refused(posted, board):
    with pytest.raises(RefusedError):
        posted.set_board(POSTING.key, board)
    assert boards(posted) == ()


def test_an_unknown_posting_or_photo_is_refused(posted):
    with pytest.raises(NotFoundError):
        posted.set_board("0" * 32, BOARD)
    with pytest.raises(NotFoundError):
        posted.set_board(POSTING.key, replace(BOARD, photos=("0" * 64,)))


def test_new_photos_are_kept_with_the_board_or_not_at_all(posted):
    posted.set_board(POSTING.key, BOARD, [(PHOTO, "board.jpg")])
    assert [posted.photo(p).data for p in boards(posted)[0].photos] == [PHOTO]
    other = b"\x89PNG\r\n\x1a\n other"
    with pytest.raises(RefusedError):
        posted.set_board(POSTING.key, replace(BOARD, since=""), [(other, "b.png")])
    with pytest.raises(BadInputError):
        posted.set_board(POSTING.key, BOARD, [(other, "b.png"), (b"text", "c.jpg")])
    with pytest.raises(NotFoundError):
        posted.photo(sha256(other).hexdigest())
    assert len(boards(posted)[0].photos) == 1


def test_a_project_that_may_not_be_written_keeps_its_record(posted, path):
    posted.set_board(POSTING.key, BOARD)
    posted.close()
    with Project.open(path, read_only=True) as seen:
        with pytest.raises(ReadOnlyError):
            seen.remove_board(BOARD.uid)
        assert boards(seen) == (BOARD,)


@pytest.fixture
def theirs(posted, tmp_path):
    posted.set_board(POSTING.key, BOARD)
    copy = tmp_path / "同事.gpkg"
    posted.save_copy(copy)
    with Project.open(copy) as other:
        yield other


def merge(project, path):
    project.apply_merge(project.plan_merge(path))


def test_boards_of_a_copy_come_along_and_the_newer_word_holds_on_both_sides(posted, theirs, tmp_path):
    west = Board("西门", "2020-07-27")
    theirs.set_board(POSTING.key, replace(BOARD, until="2020-08-02"))
    theirs.set_board(POSTING.key, west)
    posted.set_board(POSTING.key, Board("北门", "2020-07-28"))
    theirs.save_copy(tmp_path / "theirs.gpkg")
    posted.save_copy(tmp_path / "ours.gpkg")
    merge(posted, tmp_path / "theirs.gpkg")
    merge(theirs, tmp_path / "ours.gpkg")
    assert {b.uid: b for b in boards(posted)} == {b.uid: b for b in boards(theirs)}
    assert {b.place: b.until for b in boards(posted)} == {"东门公示栏": "2020-08-02", "西门": "", "北门": ""}


def test_a_board_taken_out_of_the_record_is_not_brought_back_by_a_copy(posted, theirs, tmp_path):
    posted.remove_board(BOARD.uid)
    theirs.save_copy(tmp_path / "theirs.gpkg")
    merge(posted, tmp_path / "theirs.gpkg")
    assert boards(posted) == ()
    posted.save_copy(tmp_path / "ours.gpkg")
    merge(theirs, tmp_path / "ours.gpkg")
    assert boards(theirs) == ()


def test_the_record_is_known_while_a_long_step_is_written(posted, monkeypatch):
    assert len(posted.postings) == 1
    posted.set_board(POSTING.key, BOARD)
    monkeypatch.setattr(posted, "_looking", lambda: pytest.fail("would wait for the step"))
    assert boards(posted) == (BOARD,)
