"""What has replaced what on the notice boards."""

from dataclasses import replace
from hashlib import sha256

from layers.posting import Board, Posting, published_again, superseded
from layers.revision import MAIN, Revision


def made(label, day, parent=None, branch=MAIN, merge_parent=None):
    created = f"2020-{day}T09:00:00+08:00"
    return Revision(label, label, parent, "", "", "", created, "", branch=branch, merge_parent=merge_parent)


def posted(revision, day, name="a.html", profile="public"):
    digest = sha256(f"{revision} {day}".encode()).hexdigest()
    return Posting(revision, None, profile, name, digest, f"2020-{day}T12:00:00+08:00")


REVISIONS = (made("R1", "04-01"), made("R2", "05-01", "R1"), made("R3", "06-01", "R2"))


def replaced(postings, revisions=REVISIONS):
    newer = superseded(postings, revisions)
    return [newer[p.key].revision if p.key in newer else None for p in postings]


def test_a_later_revision_replaces_an_earlier_one_in_the_same_form_for_the_same_readers():
    page, sheet = posted("R1", "04-02"), posted("R1", "04-02", "a.pdf", "notice-board")
    internal, newest = posted("R1", "04-02", profile="internal"), posted("R3", "06-02")
    assert replaced([page, sheet, internal, newest]) == ["R3", None, None, None]


def test_an_old_revision_printed_again_replaces_nothing_newer():
    assert replaced([posted("R3", "06-02"), posted("R1", "07-01")]) == [None, "R3"]


def test_a_newer_file_of_the_same_revision_replaces_the_older_one():
    first, second = posted("R2", "05-02"), posted("R2", "05-03")
    assert superseded([first, second], REVISIONS) == {first.key: second}


def test_the_very_same_file_published_again_replaces_nothing():
    first, third = posted("R2", "05-02"), posted("R2", "05-05")
    again = replace(first, created="2020-05-03T12:00:00+08:00", file_name="copy.html")
    assert superseded([first, again], REVISIONS) == {}
    assert published_again([first, again]) == {first.key}
    assert superseded([first, again, third], REVISIONS) == {first.key: third, again.key: third}


def test_alternatives_stand_beside_one_another_until_the_main_plan_goes_on():
    both = (
        *REVISIONS,
        made("A-R4", "06-10", "R3", "方案A"),
        made("B-R4", "06-11", "R3", "方案B"),
        made("A-R5", "06-20", "A-R4", "方案A"),
    )
    a, b = posted("A-R4", "06-12"), posted("B-R4", "06-12", "b.html")
    assert replaced([a, b], both) == [None, None]
    assert replaced([a, b, posted("A-R5", "06-21")], both) == ["A-R5", None, None]
    assert replaced([posted("R3", "06-02"), b], both) == ["B-R4", None], "it was made from R3"
    adopted = (*both, made("R4", "07-01", "R3", merge_parent="A-R4"))
    assert replaced([a, b, posted("R4", "07-02")], adopted) == ["R4", "R4", None]


def test_a_draft_of_the_working_plan_holds_until_the_next_revision_is_posted():
    draft = posted("working", "05-15")
    assert replaced([posted("R2", "05-02"), draft]) == ["working", None]
    assert replaced([draft, posted("R3", "06-02")]) == ["R3", None]
    assert replaced([posted("R3", "06-02"), draft]) == [None, "R3"]


def test_a_time_that_is_none_does_not_stop_the_record():
    odd = Posting("working", None, "public", "a.html", "0" * 64, "yesterday")
    assert replaced([odd, posted("R1", "04-02")]) == ["R1", None]


def test_a_board_hangs_from_its_first_day_to_its_last():
    board = Board("东门公示栏", "2020-04-02", "2020-04-09")
    assert [board.hangs_on(f"2020-04-0{d}") for d in (1, 2, 9)] == [False, True, True]
    assert not board.hangs_on("2020-04-10")
    assert Board("东门公示栏", "2020-04-02").hangs_on("2031-01-01")


def test_the_key_of_a_posting_is_that_of_its_file_and_time():
    posting = posted("R1", "04-02")
    assert posting.key == posting.on_board(Board("东门", "2020-04-02")).key
    assert posting.key != posted("R1", "04-03").key
