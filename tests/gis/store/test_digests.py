"""The digest that seals a revision: the same for the same plan, another one for any other."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.project import Project
from gis.store import revisions
from gis.store.connection import connect
from gis.store.digests import exchanged, sorted_digest, spelled, sum_of, summed_digest, working_sum
from gis.store.doctor import examine
from layers.errors import StorageError
from tests.gis.store.edit_series import SERIES
from tests.gis.store.plans import content, drop, house, put
from tests.gis.store.test_migrations import made_format_four


def line(layer, uid, digest=bytes(16)):
    return spelled(layer, [uid], [digest])[0]


LINES = st.builds(
    line, st.sampled_from(["building", "tree"]), st.text(max_size=3), st.binary(min_size=16, max_size=16)
)


def contents(path):
    with connect(path, read_only=True) as db:
        return dict(db.execute("SELECT label, content FROM pb_revision").fetchall())


def counted_anew(project):
    """Return the sum of the working plan, line by line."""
    return working_sum(project._store.db, project._store.names)


@given(st.sets(LINES, min_size=1, max_size=6), st.data())
def test_a_sum_depends_on_every_line_and_on_no_order(lines, data):
    listed = data.draw(st.permutations(sorted(lines)))
    assert sum_of(listed) == sum_of(sorted(lines))
    assert sum_of(listed[1:]) != sum_of(listed)
    other = bytes([*listed[0][:-1], listed[0][-1] ^ 1])
    assert sum_of([other, *listed[1:]]) != sum_of(listed)


@given(st.sets(LINES, max_size=6), st.sets(LINES, max_size=6))
def test_exchanging_lines_gives_the_sum_of_what_is_there_then(before, after):
    assert exchanged(sum_of(before), before - after, after - before) == sum_of(after)


def test_lines_that_are_spelled_alike_without_their_borders_differ():
    pairs = [("a", "bc"), ("ab", "c"), ("abc", ""), ("", "abc"), ("a", "b\0c")]
    assert len({sum_of([line(*pair)]) for pair in pairs}) == len(pairs)


@pytest.mark.parametrize("seal", [lambda lines, s: summed_digest(sum_of(lines), s), sorted_digest])
def test_a_setting_of_the_plan_changes_the_digest_and_one_of_the_display_does_not(seal):
    lines = [line("tree", "a")]
    assert seal(lines, {"project.title": '"a"'}) != seal(lines, {"project.title": '"b"'})
    assert seal(lines, {"view.x": "1"}) == seal(lines, {})


def test_the_sum_kept_with_each_revision_is_that_of_its_lines_whatever_led_to_it(project):
    put(project, house("b", 20))
    project.freeze("一稿")
    for step in SERIES:
        revised = len(project.revisions)
        step(project)
        if len(project.revisions) > revised:
            assert contents(project.path)[project.revisions[-1].label] == counted_anew(project)
    assert len(project.revisions) == 4


def test_freezing_looks_only_at_what_changed(project, monkeypatch):
    put(project, *(house(f"h{i}", i * 20) for i in range(9)))
    project.freeze("一稿")

    def refused(*_):
        raise AssertionError("every line was read")

    monkeypatch.setattr(revisions, "working_sum", refused)
    put(project, house("h3", -50))
    drop(project, "h4")
    project.freeze("二稿")
    monkeypatch.undo()
    assert contents(project.path)["R2"] == counted_anew(project)
    assert project.state("R2").feature(("building", "h3")) == house("h3", -50)


def test_equal_plans_have_one_digest_in_whatever_file_and_order_they_were_made(tmp_path):
    digests = []
    for name, order in (("a", "xyz"), ("b", "zxy")):
        with Project.create(tmp_path / f"{name}.gpkg", "t", "EPSG:4548") as project:
            for uid in order:
                put(project, house(uid, ord(uid) * 20))
            put(project, house("gone", 0))
            drop(project, "gone")
            digests.append(project.freeze("一稿").digest)
    assert digests[0] == digests[1]


def test_a_sum_that_is_not_the_one_frozen_is_not_built_upon(project):
    put(project, house("a"))
    project.freeze("一稿")
    project.close()
    with connect(project.path) as db:
        db.execute("DROP TRIGGER pb_revision_update_seal")
        db.execute("UPDATE pb_revision SET content = zeroblob(168)")
    with Project.open(project.path) as again:
        put(again, house("b", 30))
        again.freeze("二稿")
        assert contents(again.path)["R2"] == counted_anew(again)
        assert content(again.state("R2")) == content(again.snapshot)


def test_a_journal_that_lost_an_entry_is_not_built_upon(project):
    put(project, house("a"))
    project.freeze("一稿")
    put(project, house("a", 5))
    put(project, house("b", 30))
    project.close()
    with connect(project.path) as db:
        db.execute("UPDATE pb_journal SET after_row = before_row WHERE seq = 2")
        db.execute("UPDATE pb_journal SET after_row = 1 WHERE seq = 3")
    with Project.open(project.path) as again:
        again.freeze("二稿")
        assert contents(again.path)["R2"] == counted_anew(again)


def test_revisions_of_the_first_algorithm_still_open_and_the_next_one_is_of_the_second(project):
    states = {}
    for number in range(3):
        put(project, house("a", number * 9), house(f"b{number}", number * 30))
        states[project.freeze("稿").label] = content(project.snapshot)
    project.close()
    made_format_four(project.path)
    with Project.open(project.path) as again:
        put(again, house("a", 100))
        states[again.freeze("稿").label] = content(again.snapshot)
        put(again, house("a", 200))
        states[again.freeze("稿").label] = content(again.snapshot)
        assert {label: content(again.state(label)) for label in states} == states
        assert [c is not None for c in contents(again.path).values()] == [False, False, False, True, True]
    assert examine(project.path).findings == ()


@pytest.mark.parametrize("first", [True, False])
def test_a_value_changed_inside_is_found_by_either_algorithm(project, first):
    put(project, house("a"), house("b", 30))
    project.freeze("一稿")
    put(project, house("a", 9))
    project.freeze("二稿")
    project.close()
    if first:
        made_format_four(project.path)
        with Project.open(project.path):
            pass
    with connect(project.path) as db:
        db.execute("DROP TRIGGER pb_row_update_seal")
        db.execute("UPDATE pb_row SET attrs = replace(attrs, '6', '7') WHERE row_id = 1")
        assert db.changes() == 1
    assert [f.record for f in examine(project.path).findings if f.code == "doctor.revision"] == ["R1"]
    with Project.open(project.path) as again:
        again.state("R2")
        with pytest.raises(StorageError):
            again.state("R1")


def test_a_seal_says_nothing_of_the_day_so_that_a_plan_brought_back_has_its_old_digest(project):
    put(project, house("a"))
    first = project.freeze("一稿")
    put(project, house("a", 9))
    second = project.freeze("二稿")
    project.restore("R1")
    third = project.freeze("三稿")
    assert first.digest == third.digest != second.digest
    assert all(a.label != b.label for a, b in pairwise((first, second, third)))
