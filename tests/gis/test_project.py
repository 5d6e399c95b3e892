"""The open project, as everything above it uses it."""

import threading

import pytest

from gis.progress import Progress
from gis.project import Project, photo_id_of
from layers.changes import Change, ChangeSet, SettingChange
from layers.errors import (
    BadInputError,
    CancelledError,
    ConflictError,
    CrsError,
    NotFoundError,
    ReadOnlyError,
    RefusedError,
)
from layers.posting import Posting
from layers.text import Text
from tests.gis.store.plans import EDIT, box, content, drop, house, put, reopened

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


@pytest.fixture
def project(tmp_path):
    project = Project.create(tmp_path / "p.gpkg", "金茵小区", "EPSG:4548", {"project.note": "老旧小区"})
    yield project
    project.close()


def heard(project):
    seen = []
    project.changed.connect(seen.append)
    return seen


def test_a_new_project_has_every_standard_layer_empty_and_its_title(project):
    assert project.snapshot.title == "金茵小区"
    assert project.snapshot.crs == "EPSG:4548"
    assert project.snapshot.settings["project.note"] == "老旧小区"
    assert {"building", "drainage_spot", "traffic_spot", "plan_element"} <= set(project.snapshot.layers)
    assert all(len(layer.table) == 0 for layer in project.snapshot.layers.values())
    assert not project.read_only
    assert project.findings == ()


def test_a_project_is_never_made_over_an_existing_file(project):
    with pytest.raises(RefusedError) as refused:
        Project.create(project.path, "other", "EPSG:4548")
    assert refused.value.code == "file.exists"


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:999999", "", "nonsense"])
def test_a_crs_that_is_unknown_or_not_in_metres_leaves_no_file(tmp_path, crs):
    with pytest.raises(CrsError):
        Project.create(tmp_path / "q.gpkg", "t", crs)
    assert list(tmp_path.iterdir()) == []


def test_the_signal_goes_out_after_the_step_is_in_the_snapshot_and_in_the_file(project):
    seen = []

    def on_changed(changes):
        other = Project.open(project.path, read_only=True)
        seen.append((len(changes), len(project.snapshot.layers["building"].table), content(other.snapshot)))
        other.close()

    project.changed.connect(on_changed)
    put(project, house("a"), house("b", 20))
    assert seen == [(2, 2, content(project.snapshot))]


def test_a_refused_edit_changes_nothing_and_sends_no_signal(project):
    put(project, house("a"))
    seen, before, history = heard(project), content(project.snapshot), project.history
    bad = [
        ChangeSet.of([Change("building", None, house("a"))]),  # exists already
        ChangeSet.of([Change("building", house("a", 5), None)]),  # is not like that
        ChangeSet.of([Change("building", None, house("b", colour="red"))]),  # no such field
        ChangeSet.of([Change("building", None, house("b", floors=float("nan")))]),
        ChangeSet.of([Change("building", None, house("b", name=b"bytes"))]),
        ChangeSet.of([Change("building", None, house("b", name="\ud800"))]),
        ChangeSet.of([Change("castle", None, house("b"))]),
        ChangeSet({}, {"x": SettingChange("not this", 1)}),
        ChangeSet({}, {"x": SettingChange(None, {1, 2})}),
    ]
    for changes in bad:
        with pytest.raises((ConflictError, RefusedError, NotFoundError)):
            project.apply(changes, EDIT)
    assert seen == []
    assert content(project.snapshot) == before
    assert project.history == history
    with reopened(project) as again:
        assert content(again.snapshot) == before


def test_an_empty_change_set_is_no_step(project):
    seen = heard(project)
    project.apply(ChangeSet(), EDIT)
    assert project.history.done == ()
    assert seen == []


def test_steps_keep_their_name_in_both_languages_and_survive_reopening(project):
    put(project, house("a"), label=Text("画楼", "Draw building"))
    put(project, house("a", 3), label=Text("移动", "Move"))
    project.undo()
    with reopened(project) as again:
        assert [s.label for s in again.history.done] == [Text("画楼", "Draw building")]
        assert [s.label for s in again.history.undone] == [Text("移动", "Move")]
        assert again.history.done[0].time[:2] == "20"
        assert again.redo() is not None
        assert again.snapshot.feature(("building", "a")) == house("a", 3)
        assert again.redo() is None
        again.undo()
        again.undo()
        assert again.undo() is None
        assert len(again.snapshot.layers["building"].table) == 0


def test_a_new_edit_after_undo_drops_what_could_be_redone(project):
    put(project, house("a"))
    put(project, house("b", 20))
    project.undo()
    put(project, house("c", 40))
    assert project.history.undone == ()
    assert project.redo() is None
    assert set(project.snapshot.layers["building"].table.uids) == {"a", "c"}


def test_undo_and_redo_return_and_send_what_they_changed(project):
    put(project, house("a"))
    seen = heard(project)
    back = project.undo()
    forth = project.redo()
    assert seen == [back, forth]
    assert back.inverse() == forth


def test_settings_are_undone_with_everything_else_and_the_title_follows(project):
    change = ChangeSet(
        {},
        {
            "project.title": SettingChange("金茵小区", "金茵二区"),
            "layer.tree.visible": SettingChange(None, False),
        },
    )
    project.apply(change, EDIT)
    assert project.snapshot.title == "金茵二区"
    assert not project.snapshot.layers["tree"].visible
    with reopened(project) as again:
        assert again.snapshot.title == "金茵二区"
        assert not again.snapshot.layers["tree"].visible
        again.undo()
        assert again.snapshot.title == "金茵小区"
        assert again.snapshot.layers["tree"].visible


def test_a_setting_reads_in_memory_as_it_will_after_reopening(project):
    project.apply(ChangeSet({}, {"view.box": SettingChange(None, (1, 2.5, "三"))}), EDIT)
    assert project.snapshot.settings["view.box"] == [1, 2.5, "三"]
    with reopened(project) as again:
        assert again.snapshot.settings["view.box"] == [1, 2.5, "三"]


def test_an_edit_made_from_a_stale_state_is_a_conflict(project):
    put(project, house("a"))
    stale = project.snapshot.feature(("building", "a"))
    put(project, house("a", 3))
    with pytest.raises(ConflictError):
        project.apply(ChangeSet.of([Change("building", stale, stale.with_attributes(floors=9))]), EDIT)
    assert project.snapshot.feature(("building", "a")) == house("a", 3)


def test_a_step_may_be_committed_in_a_worker_and_adopted_later_in_between_others(project):
    seen = heard(project)
    pending = project.prepare(ChangeSet.of([Change("building", None, house("slow"))]), EDIT)
    worker = threading.Thread(target=project.commit, args=(pending,))
    worker.start()
    worker.join()
    assert "slow" not in project.snapshot.layers["building"].table
    put(project, house("quick", 30))
    project.adopt(pending)
    assert set(project.snapshot.layers["building"].table.uids) == {"slow", "quick"}
    assert len(seen) == 2
    with reopened(project) as again:
        assert set(again.snapshot.layers["building"].table.uids) == {"slow", "quick"}


def test_a_project_opened_read_only_says_why_and_refuses_everything_that_writes(project):
    put(project, house("a"))
    project.freeze("一稿")
    path = project.path
    project.close()
    with Project.open(path, read_only=True) as seen:
        assert seen.read_only
        assert seen.read_only_reason is not None
        for act in (
            lambda: put(seen, house("b")),
            seen.undo,
            seen.redo,
            lambda: seen.freeze("x"),
            lambda: seen.restore("R1"),
            lambda: seen.add_photo(PNG, "x.png"),
            lambda: seen.record_posting(
                Posting("R1", None, "public", "a.html", "0" * 64, "2020-07-25T09:00:00+08:00")
            ),
        ):
            with pytest.raises(ReadOnlyError):
                act()
        assert seen.state("R1").feature(("building", "a")) == house("a")


def test_a_photo_is_kept_once_by_its_content(project):
    first, second = project.add_photo(PNG, "积水.png"), project.add_photo(PNG, "again.png")
    assert first == second
    with reopened(project) as again:
        photo = again.photo(first)
        assert (photo.name, photo.mime, photo.data) == ("积水.png", "image/png", PNG)
        with pytest.raises(NotFoundError):
            again.photo("0" * 64)


def test_what_is_no_picture_is_no_photo(project):
    with pytest.raises(BadInputError):
        project.add_photo(b"%PDF-1.7", "plan.pdf")


def test_of_several_photos_all_are_kept_or_none(project):
    wrong = [(PNG, "a.png"), (b"%PDF-1.7", "plan.pdf")]
    with pytest.raises(BadInputError):
        project.add_photos(wrong)
    asked = iter([False, True])
    with pytest.raises(CancelledError):
        project.add_photos([(PNG, "a.png"), (PNG + b"x", "b.png")], Progress(None, lambda: next(asked)))
    with pytest.raises(NotFoundError):
        project.photo(photo_id_of(PNG, "a.png"))
    assert project.add_photos([(PNG, "a.png"), (PNG, "b.png")]) == (photo_id_of(PNG, ""),) * 2


def test_postings_are_kept_in_order_and_name_a_known_revision(project):
    project.freeze("一稿")
    posting = Posting("R1", None, "public", "R1.html", "ab" * 32, "2020-07-25T09:00:00+08:00")
    project.record_posting(posting)
    with pytest.raises(NotFoundError):
        project.record_posting(
            Posting("R9", None, "public", "R9.html", "ab" * 32, "2020-07-25T09:00:00+08:00")
        )
    with reopened(project) as again:
        assert again.postings == (posting,)


def test_closing_twice_does_no_harm(project):
    project.close()
    project.close()


def test_removing_and_undoing_keeps_the_id_and_the_row_number(project):
    put(project, house("a"), house("b", 20))
    drop(project, "a")
    project.undo()
    assert project.snapshot.feature(("building", "a")) == house("a")
    assert box() == project.snapshot.feature(("building", "a")).geometry
    with reopened(project) as again:
        assert list(again.snapshot.layers["building"].table.uids) == ["a", "b"]


@pytest.fixture
def writing(project):
    """A project in the middle of a step that another thread writes; ends it when asked."""
    put(project, house("a"))
    project.freeze("一稿")
    photo = project.add_photo(PNG, "x.png")
    project.record_posting(Posting("R1", None, "public", "R1.html", "ab" * 32, "2020-07-25T09:00:00+08:00"))
    put(project, house("b", 30))
    pending = project.prepare(ChangeSet.of([Change("building", None, house("c", 60))]), EDIT)
    begun, ended = threading.Event(), threading.Event()

    def in_the_middle():
        begun.set()
        assert ended.wait(30)

    writer = threading.Thread(target=lambda: project._commit(pending, after=in_the_middle))
    writer.start()
    assert begun.wait(30)
    yield project, photo, ended.set
    ended.set()
    writer.join()
    project.adopt(pending)
    assert [c.uid for c in project.changes_between("R1", "working")] == ["b", "c"]


def test_looking_does_not_wait_for_a_step_that_another_thread_writes(writing):
    project, photo, _ = writing
    found = []

    def look():
        found.append(project.photo(photo).data)
        found.append([posting.revision for posting in project.postings])
        found.append([change.uid for change in project.changes_between("R1", "working")])

    looker = threading.Thread(target=look, daemon=True)
    looker.start()
    looker.join(10)
    assert found == [PNG, ["R1"], ["b"]]


def test_looking_waits_where_a_step_keeps_every_reader_out(writing, monkeypatch):
    project, photo, end = writing
    monkeypatch.setattr(type(project._store), "reader", lambda _: None)
    found = []
    looker = threading.Thread(target=lambda: found.append(project.photo(photo).data), daemon=True)
    looker.start()
    looker.join(0.2)
    assert found == []
    end()
    looker.join(10)
    assert found == [PNG]


@pytest.mark.parametrize("looks", [0, 1, 5])
def test_an_edit_cancelled_while_it_is_written_leaves_nothing_behind(project, looks):
    put(project, house("a"))
    seen, before, history = heard(project), content(project.snapshot), project.history
    many = ChangeSet.of([Change("building", None, house(f"n{i}", i)) for i in range(2000)])
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > looks

    with pytest.raises(CancelledError):
        project.apply(many, EDIT, Progress(None, cancelled))
    assert len(asked) >= looks
    assert not seen
    assert content(project.snapshot) == before
    assert project.history == history
    with Project.open(project.path, read_only=True) as other:
        assert content(other.snapshot) == before
    project.apply(many, EDIT, Progress(None, lambda: False))
    assert len(project.snapshot.layers["building"].table) == 2001


def test_a_freeze_that_is_cancelled_leaves_the_plan_without_a_revision(project):
    put(project, house("a"))
    before = content(project.snapshot)
    with pytest.raises(CancelledError):
        project.freeze("一稿", progress=Progress(cancelled=lambda: True))
    assert not project.revisions
    assert content(project.snapshot) == before
    with reopened(project) as again:
        assert not again.revisions
        assert again.freeze("一稿").label == "R1"
        assert again.state("R1").feature(("building", "a")) == house("a")
