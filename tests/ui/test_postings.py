"""The posting record and the review before publishing."""

import hashlib
from dataclasses import replace

import pytest
from PIL import Image
from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QToolButton

from gis.store.connection import connect
from layers.posting import Board, Posting
from ui.dialogs.board_dialog import BoardDialog
from ui.models.postings import rows_of
from ui.panels.postings_panel import PostingsPanel


def posting(revision, name, profile="public", digest="00"):
    return Posting(revision, None, profile, name, digest * 32, "2020-07-25T10:00:00+08:00")


def test_a_newer_page_for_the_same_readers_supersedes_and_a_drawing_does_not():
    pages = posting("R1", "a.html"), posting("R2", "b.html", digest="01")
    rows = rows_of([pages[0], posting("R1", "a.pdf", "notice-board"), pages[1]])
    assert [(row.posting.file_name, row.standing.en) for row in rows] == [
        ("b.html", "current"),
        ("a.pdf", "current"),
        ("a.html", "superseded by R2"),
    ]


def test_an_identical_file_is_called_the_same_file_and_not_a_newer_one():
    first = posting("R1", "a.html")
    again = replace(first, file_name="b.html", created="2020-07-26T10:00:00+08:00")
    latest, earlier = rows_of([first, again])
    assert latest.standing.zh == "现行"
    assert "同一个文件" in earlier.standing.zh
    assert earlier.superseded_by is None


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


@pytest.fixture
def posted(project):
    """R1 posted first, R2 afterwards; R1 hangs at two places, one of them still."""
    project.freeze("第一版")
    project.freeze("第二版")
    first = posting("R1", "a.html", digest="01")
    project.record_posting(first)
    project.set_board(first.key, Board("东门公示栏", "2020-07-01"))
    project.set_board(first.key, Board("物业门口", "2020-07-01", "2020-07-09"))
    project.record_posting(posting("R2", "b.html", digest="02"))
    return first


def boards_of(panel):
    items = [panel.list.topLevelItem(at) for at in range(panel.list.topLevelItemCount())]
    return [item.child(i).text(0) for item in items for i in range(item.childCount())]


def test_what_was_just_published_is_chosen_so_that_it_is_what_is_noted_next(window, project, posted):
    panel = window.postings
    panel.list.setCurrentItem(panel.list.topLevelItem(1))
    window.session.postings_changed.emit()
    assert panel.list.currentItem().text(2) == "a.html"
    project.record_posting(posting("R2", "c.html", digest="03"))
    window.session.postings_changed.emit()
    assert panel.list.currentItem().text(2) == "c.html"


def test_what_still_hangs_though_superseded_is_told(window, posted):
    told = boards_of(window.postings)
    assert len(told) == 2
    assert "仍挂着" in told[0]
    assert "仍挂着" not in told[1]
    assert "1 处" in window.postings._old.text()


def test_where_a_posting_hangs_is_noted_with_days_and_a_photo(window, project, posted, qtbot, tmp_path):
    picture = tmp_path / "board.png"
    Image.new("RGB", (40, 30), "red").save(picture)
    newest = project.postings[-1]
    dialog = BoardDialog(window, window.session, newest, None, ["东门公示栏"])
    qtbot.addWidget(dialog)
    dialog.chosen.connect(lambda board, photos: window.posting_actions.note(newest, board, True, photos))
    dialog.place.setCurrentText("")
    dialog.submit()
    assert not dialog.problem.isHidden()
    dialog.place.setCurrentText("东门公示栏")
    dialog.since.show_value("2020/7/26")
    dialog.until.show_value("2020-07-20")
    dialog.submit()
    assert "早于" in dialog.problem.text()
    dialog.until.show_value(None)
    dialog.photos.add_files([picture])
    dialog.submit()
    assert "还在读取" in dialog.problem.text()
    qtbot.waitUntil(lambda: not dialog.photos.busy)
    assert photos_in(project) == 0
    dialog.submit()
    (board,) = project.postings[-1].boards
    assert (board.place, board.since, board.until) == ("东门公示栏", "2020-07-26", "")
    assert project.photo(board.photos[0]).data
    assert any("照片 1 张" in words for words in boards_of(window.postings))


def shown_color(button):
    return button.icon().pixmap(QSize(40, 30)).toImage().pixelColor(20, 15).name()


def photos_in(project):
    db = connect(project.path, read_only=True)
    try:
        return db.execute("SELECT count(*) FROM pb_photo").get
    finally:
        db.close()


@pytest.mark.parametrize("kept", [True, False])
def test_a_photo_of_a_board_is_kept_only_if_the_board_is(window, project, posted, qtbot, tmp_path, kept):
    picture = tmp_path / "board.png"
    Image.new("RGB", (40, 30), "red").save(picture)
    window.posting_actions.ask_board(project.postings[-1], None)
    dialog = window.findChild(BoardDialog)
    dialog.place.setCurrentText("东门公示栏")
    dialog.photos.add_files([picture, picture])
    qtbot.waitUntil(lambda: not dialog.photos.busy)
    (thumb,) = (b for b in dialog.photos.findChildren(QToolButton) if "放大" in b.toolTip())
    qtbot.waitUntil(lambda: shown_color(thumb) == "#ff0000")
    dialog.submit() if kept else dialog.reject()
    assert photos_in(project) == int(kept)
    assert [len(b.photos) for b in project.postings[-1].boards] == [1] * kept


def test_a_place_that_was_removed_can_be_put_back(window, project, posted, qtbot):
    board = project.postings[0].boards[0]
    window.posting_actions.remove(posted, board)
    assert [b.place for b in project.postings[0].boards] == ["物业门口"]
    window.messages.cards[-1].offer.acts[0][1]()
    assert [b.place for b in project.postings[0].boards] == ["物业门口", "东门公示栏"]


def test_a_read_only_project_lets_nobody_note_anything(window, project, posted, qtbot, monkeypatch):
    monkeypatch.setattr(type(project), "read_only", property(lambda _: True))
    window.postings.reload()
    assert not window.postings._note.isEnabled()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [520, 740, 1200])
def test_every_column_of_the_record_that_is_shown_is_seen_whole(window, posted, width, language):
    window.session.speak(language)
    panel = PostingsPanel(window.session, window.tasks)
    panel.resize(width, 240)
    panel.show()
    head, view = panel.list.header(), panel.list.viewport()
    assert head.length() <= view.width()
    for at in [at for at in (0, 1, 3, 4, 5) if not panel.list.isColumnHidden(at)]:
        words = panel.list.topLevelItem(0).text(at)
        assert panel.list.fontMetrics().horizontalAdvance(words) < panel.list.columnWidth(at)
    assert panel.list.isColumnHidden(7) == (width < 1000)
    panel.deleteLater()
    window.session.speak("zh")
