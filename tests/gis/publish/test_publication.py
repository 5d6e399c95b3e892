import hashlib
import os
from pathlib import Path

import pytest

from gis.progress import Progress
from gis.project import Project
from gis.publish import preview, publish
from layers.changes import Change, ChangeSet, SettingChange
from layers.errors import CancelledError, NotFoundError, PublishError, RefusedError, StorageError
from layers.text import Text
from tests.gis.publish.decoding import layers_of, payload_of
from tests.gis.publish.plans import second, snapshot

DONE = Text("改", "edit")


def difference(before, after):
    changes = []
    for name, one in after.layers.items():
        old = before.layers[name].table if name in before.layers else None
        uids = dict.fromkeys([*(old.uids if old else ()), *one.table.uids])
        changes += [
            Change(name, old.get(uid) if old else None, one.table.get(uid))
            for uid in uids
            if (old.get(uid) if old else None) != one.table.get(uid)
        ]
    return ChangeSet.of(changes)


@pytest.fixture
def project(tmp_path):
    """A project with two revisions and a working plan that went on."""
    made = Project.create(tmp_path / "plan.gpkg", "试验小区", "EPSG:4548")
    made.apply(difference(made.snapshot, snapshot()), DONE)
    made.freeze("公示稿 第1版", "初稿", "张三")
    made.apply(difference(made.snapshot, second()), DONE)
    made.freeze("公示稿 第2版", author="张三")
    yield made
    made.close()


def test_a_revision_becomes_one_file_whose_hash_is_recorded(project, tmp_path):
    result = publish(project, tmp_path / "页面.html", revision="R2")
    data = result.path.read_bytes()
    assert hashlib.sha256(data).hexdigest() == result.sha256
    assert (len(data), result.counts["revisions"], result.counts["layers"]) == (result.bytes, 2, 6)
    (posting,) = project.postings
    assert (posting.revision, posting.compared_with, posting.profile) == ("R2", "R1", "public")
    assert (posting.sha256, posting.file_name) == (result.sha256, "页面.html")


def test_publishing_again_gives_the_same_bytes(project, tmp_path):
    first = publish(project, tmp_path / "a.html", revision="R2")
    assert publish(project, tmp_path / "b.html", revision="R2").sha256 == first.sha256


def test_publishing_changes_nothing_in_the_plan(project, tmp_path):
    before = project.snapshot, project.history, project.revisions
    publish(project, tmp_path / "a.html", revision="R2")
    assert (project.snapshot, project.history, project.revisions) == before


def test_a_page_ends_with_the_revision_that_was_asked_for(project, tmp_path):
    publish(project, tmp_path / "a.html", revision="R1")
    header = layers_of(payload_of((tmp_path / "a.html").read_bytes()))
    assert [r["label"] for r in header["revisions"]] == ["R1"]
    assert header["comparisons"] == []


def test_the_working_plan_is_published_as_a_draft_after_all_revisions(project, tmp_path):
    publish(project, tmp_path / "a.html", revision="working", compare="R1")
    header = layers_of(payload_of((tmp_path / "a.html").read_bytes()))
    assert [r["working"] for r in header["revisions"]] == [False, False, True]
    assert [(c["before"], c["after"]) for c in header["comparisons"]] == [(0, 1), (0, 2)]


def test_a_read_only_project_is_published_without_a_record(project, tmp_path):
    project.close()
    closed = Project.open(tmp_path / "plan.gpkg", read_only=True)
    try:
        assert publish(closed, tmp_path / "a.html", revision="R2").bytes > 10_000
        assert closed.postings == ()
    finally:
        closed.close()


@pytest.mark.parametrize(("revision", "compare"), [("R9", None), ("R2", "R9"), ("R1", "R9"), ("", None)])
def test_an_unknown_revision_is_refused_and_the_known_ones_are_named(project, tmp_path, revision, compare):
    with pytest.raises(NotFoundError) as caught:
        publish(project, tmp_path / "a.html", revision=revision, compare=compare)
    assert caught.value.advice
    assert not (tmp_path / "a.html").exists()


@pytest.mark.parametrize("other", ["R2", "working", "R1"])
def test_what_is_not_earlier_cannot_be_compared_with_and_the_way_out_is_named(project, tmp_path, other):
    with pytest.raises(RefusedError) as caught:
        publish(project, tmp_path / "a.html", revision="R1", compare=other)
    assert caught.value.code == "publish.order"
    assert caught.value.advice
    assert not (tmp_path / "a.html").exists()


def test_the_page_of_the_newest_revision_says_todays_contact(project, tmp_path):
    said = ChangeSet({}, {"publish.contact": SettingChange(None, "0533-7000000 转 8")})
    project.apply(said, DONE)
    assert preview(project, revision="R2").content.notice.contact.zh == "0533-7000000 转 8"


def test_an_unknown_profile_is_refused_before_anything_is_read(project, tmp_path):
    with pytest.raises(NotFoundError):
        publish(project, tmp_path / "a.html", revision="R2", profile="all")


def test_a_folder_that_is_not_there_is_told_and_nothing_is_left(project, tmp_path):
    with pytest.raises(StorageError):
        publish(project, tmp_path / "none" / "a.html", revision="R2")
    assert project.postings == ()


@pytest.mark.parametrize("content", [b"<html>my own page</html>", b"PK\x03\x04", b"x" * 200_000])
def test_a_file_that_no_publication_made_is_never_written_over(project, tmp_path, content):
    out = tmp_path / "a.html"
    out.write_bytes(content)
    with pytest.raises(RefusedError) as caught:
        publish(project, out, revision="R2")
    assert "a.html" in caught.value.message.zh
    assert out.read_bytes() == content
    assert project.postings == ()


def test_a_published_page_and_an_empty_file_are_written_over(project, tmp_path):
    out = tmp_path / "a.html"
    out.touch()
    for revision in ("R1", "R2", "R2"):
        assert publish(project, out, revision=revision).sha256
    assert len(project.postings) == 3


def test_a_failing_disk_leaves_the_old_page_and_no_rubbish(project, tmp_path, monkeypatch):
    out = tmp_path / "pages" / "a.html"
    out.parent.mkdir()
    publish(project, out, revision="R1")
    old = out.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError) as caught:
        publish(project, out, revision="R2")
    assert "磁盘已满" in caught.value.message.zh
    assert "disk is full" in caught.value.message.en
    assert out.read_bytes() == old
    assert list(out.parent.iterdir()) == [out]


def test_a_file_that_reads_back_otherwise_is_not_put_in_place(project, tmp_path, monkeypatch):
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda self: read(self)[:-1] if ".planboard-" in self.name else read(self)
    )
    with pytest.raises(PublishError):
        publish(project, tmp_path / "a.html", revision="R2")
    assert not (tmp_path / "a.html").exists()
    assert not list(tmp_path.glob(".planboard-*"))


def test_cancelling_leaves_no_file_and_no_record(project, tmp_path):
    steps = []
    progress = Progress(lambda fraction, _: steps.append(fraction), lambda: len(steps) > 3)
    with pytest.raises(CancelledError):
        publish(project, tmp_path / "a.html", revision="R2", progress=progress)
    assert project.postings == ()
    assert not list(tmp_path.glob("*.html"))


def test_progress_only_goes_forward(project, tmp_path):
    steps = []
    publish(
        project,
        tmp_path / "a.html",
        revision="R2",
        progress=Progress(lambda fraction, _: steps.append(fraction)),
    )
    assert steps == sorted(steps)
    assert 0 <= steps[0] <= steps[-1] <= 1


def test_a_preview_says_what_would_be_left_out_without_writing(project, tmp_path):
    before = sorted(p.name for p in tmp_path.iterdir())
    found = preview(project, revision="R2")
    assert {f.code for f in found.removed} >= {
        "publish.layer",
        "publish.field",
        "publish.author",
        "publish.change",
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    assert "张三" not in str(found.content)


def test_a_reason_that_was_written_down_stands_at_its_change(project, tmp_path):
    bay = project.snapshot.layers["parking"].table.at(0)
    project.apply(
        ChangeSet.of(
            [Change("parking", bay, bay.with_attributes(bays=4, reason="居民要求多一个车位 13812345678"))]
        ),
        DONE,
    )
    publish(project, tmp_path / "a.html", revision="working")
    groups = layers_of(payload_of((tmp_path / "a.html").read_bytes()))["comparisons"][-1]["groups"]
    assert [g["because"] for g in groups] == [["居民要求多一个车位 138****5678"]]
