"""The posting record and the review before publishing."""

import hashlib

from layers.posting import Posting
from ui.dialogs.publish_dialog import PublishDialog
from ui.models.postings import rows_of
from ui.panels.postings_panel import PostingsPanel


def posting(revision, name, profile="public", digest="00"):
    return Posting(revision, None, profile, name, digest * 32, "2020-07-25T10:00:00+08:00")


def test_a_newer_page_for_the_same_readers_supersedes_and_a_drawing_does_not():
    rows = rows_of([posting("R1", "a.html"), posting("R1", "a.pdf", "notice-board"), posting("R2", "b.html")])
    assert [(row.posting.file_name, row.standing.en) for row in rows] == [
        ("b.html", "current"),
        ("a.pdf", "current"),
        ("a.html", "superseded by R2"),
    ]


def test_pages_for_other_readers_stand_beside_each_other():
    rows = rows_of([posting("R1", "a.html"), posting("R2", "b.html", "internal")])
    assert [row.superseded_by for row in rows] == [None, None]


def test_the_record_is_listed_and_a_file_is_held_against_it(qtbot, window, project, tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(b"as it was posted")
    project.freeze("第一版")
    project.record_posting(
        Posting(
            "R1", None, "public", "page.html", hashlib.sha256(page.read_bytes()).hexdigest(), "2020-07-25"
        )
    )
    panel = PostingsPanel(window.session, window.tasks)
    qtbot.addWidget(panel)
    assert panel.list.topLevelItem(0).text(0) == "R1"
    assert panel.list.topLevelItem(0).text(5) == "现行"
    told = []
    window.session.message.connect(lambda what, level, advice: told.append(level))
    panel.verify(page)
    qtbot.waitUntil(lambda: told == ["success"], timeout=10_000)
    page.write_bytes(b"altered")
    panel.verify(page)
    qtbot.waitUntil(lambda: told == ["success", "warning"], timeout=10_000)


def dialog_of(window, project, tmp_path):
    project.freeze("第一版")
    return PublishDialog(window, project, "working", tmp_path, window.tasks, window.check)


def test_nothing_is_published_before_what_will_be_public_was_shown(window, qtbot, project, tmp_path):
    dialog = dialog_of(window, project, tmp_path)
    dialog.show()
    chosen = []
    dialog.chosen.connect(lambda *answers: chosen.append(answers))
    dialog.submit()
    assert chosen == []
    qtbot.waitUntil(lambda: dialog.reviewed is not None, timeout=20_000)
    titles = [dialog.review.topLevelItem(at).text(0) for at in range(dialog.review.topLevelItemCount())]
    assert [title.split()[0] for title in titles] == ["将公开", "不公开的图层", "已去除或遮盖"]
    dialog.submit()
    assert [answers[:3] for answers in chosen] == [("R1", "", "public")]


def test_another_profile_is_reviewed_anew(window, qtbot, project, tmp_path):
    dialog = dialog_of(window, project, tmp_path)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.reviewed is not None, timeout=20_000)
    dialog.profile.setCurrentIndex(dialog.profile.findData("internal"))
    chosen = []
    dialog.chosen.connect(lambda *answers: chosen.append(answers))
    dialog.submit()
    assert chosen == []
    qtbot.waitUntil(lambda: dialog.reviewed == ("R1", "", "internal"), timeout=20_000)
    dialog.reject()


def test_the_review_names_what_is_public_of_a_layer_and_what_is_kept_back(window, qtbot, project, tmp_path):
    dialog = dialog_of(window, project, tmp_path)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.reviewed is not None, timeout=20_000)
    public = dialog.review.topLevelItem(0)
    buildings = next(public.child(i) for i in range(public.childCount()) if public.child(i).text(0) == "建筑")
    fields = {buildings.child(i).text(0): buildings.child(i).text(1) for i in range(buildings.childCount())}
    assert "10" in fields["楼号"]
    dialog.reject()
