"""Which picture is on screen, and what is painted again."""

import threading

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QImage

from layers.text import same
from tests.ui.canvas.mapping import MIDDLE, key_of
from ui.canvas import frame as frames
from ui.canvas.newest_job import NewestJob


@pytest.fixture
def prepared(monkeypatch):
    """Count which layers are prepared."""
    layers = []
    original = frames.prepare_layer

    def counting(layer, *rest):
        layers.append(layer.id)
        return original(layer, *rest)

    monkeypatch.setattr(frames, "prepare_layer", counting)
    return layers


def settled(canvas, qtbot):
    qtbot.waitUntil(lambda: not canvas.rendering)


def test_a_picture_nobody_waits_for_any_more_never_lands(qtbot):
    from concurrent.futures import ThreadPoolExecutor

    landed, gate = [], threading.Event()
    with ThreadPoolExecutor(2) as threads:
        job = NewestJob(threads)
        job.landed.connect(landed.append)
        job.start(lambda check: gate.wait(5) and "old")
        job.start(lambda check: "new")
        qtbot.waitUntil(lambda: landed == ["new"])
        gate.set()
        qtbot.wait(50)
        job.close()
    assert landed == ["new"]


def test_work_is_told_to_stop_when_newer_work_begins(qtbot):
    from concurrent.futures import ThreadPoolExecutor

    stopped, begun, newer = threading.Event(), threading.Event(), threading.Event()

    def long_work(check):
        begun.set()
        newer.wait(5)
        try:
            check()
        finally:
            stopped.set()

    with ThreadPoolExecutor(2) as threads:
        job = NewestJob(threads)
        job.start(long_work)
        assert begun.wait(5)
        job.start(lambda check: None)
        newer.set()
        assert stopped.wait(5)
        qtbot.waitUntil(lambda: not job.busy)
        job.close()


def test_an_unforeseen_error_of_the_painter_is_not_swallowed(qtbot):
    from concurrent.futures import ThreadPoolExecutor

    with qtbot.captureExceptions() as raised, ThreadPoolExecutor(1) as threads:
        job = NewestJob(threads)
        job.start(lambda check: 1 / 0)
        qtbot.waitUntil(lambda: bool(raised))
        job.close()
    assert raised[0][0] is ZeroDivisionError


def test_panning_shows_the_kept_picture_and_paints_no_layer(canvas, hand, prepared):
    kept = canvas.pictures.frame
    hand.drag_px(QPoint(200, 150), QPoint(60, 30), MIDDLE)
    image = canvas.grab().toImage()
    assert canvas.pictures.frame is kept
    assert prepared == []
    # The middle of the first building, 80 px left of the middle, has moved with the hand.
    assert image.pixelColor(200 - 80 + 60, 150 + 30) == kept.picture.image.pixelColor(200 - 80 + 60, 150 + 45)


def test_after_the_pan_a_picture_of_the_new_place_is_made(canvas, hand, qtbot):
    hand.drag_px(QPoint(200, 150), QPoint(60, 30), MIDDLE)
    settled(canvas, qtbot)
    shown = canvas.pictures.frame.order.viewport
    assert (shown.centre_x, shown.centre_y) == (canvas.viewport.centre_x, canvas.viewport.centre_y)


def test_an_edit_paints_only_the_layer_it_touched(canvas, session, project, prepared, qtbot):
    from gis.edit.features import remove_features

    key = key_of(project, "tree")
    session.run(same("1"), lambda state: remove_features(state, [key]))
    settled(canvas, qtbot)
    assert prepared == ["tree"]
    assert canvas.pictures.frame.order.snapshot is project.snapshot


def test_hiding_and_fading_a_layer_paints_none_again(canvas, session, project, prepared, qtbot):
    from layers.changes import ChangeSet, SettingChange

    before = canvas.grab().toImage()
    changes = ChangeSet({}, {"layer.building.visible": SettingChange(None, False)})
    session.run(same("1"), lambda state: changes)
    settled(canvas, qtbot)
    assert prepared == []
    assert canvas.grab().toImage() != before


def test_a_hidden_layer_is_not_under_the_pointer(canvas, session, project, hand):
    from layers.changes import ChangeSet, SettingChange

    changes = ChangeSet({}, {"layer.building.visible": SettingChange(None, False)})
    session.run(same("1"), lambda state: changes)
    hand.click(-20, 0)
    assert session.selection == frozenset()


def test_another_language_gives_another_picture(canvas, session, qtbot):
    from gis.i18n import set_language

    first = canvas.pictures.frame
    set_language("en")
    session.language_changed.emit()
    settled(canvas, qtbot)
    assert canvas.pictures.frame is not first
    assert canvas.pictures.frame.order.language == "en"


def test_pictures_have_the_pixels_of_the_screen(canvas):
    view = canvas.viewport
    fine = frames.device_viewport(view, 2.0, margin=0.0)
    assert (fine.width_px, fine.height_px) == (2 * view.width_px, 2 * view.height_px)
    assert fine.extent == pytest.approx(view.extent)
    assert fine.scale_denominator == pytest.approx(view.scale_denominator)


def test_an_exported_image_shows_the_plan_but_not_the_selection(canvas, session, project, qtbot):
    plain = canvas.export_image()
    assert isinstance(plain, QImage)
    assert plain.width() == canvas.width() * canvas.devicePixelRatioF()
    session.select([key_of(project, "building")])
    qtbot.waitUntil(lambda: canvas.pictures.selection is not None)
    assert canvas.export_image() == plain
    assert canvas.grab().toImage().pixelColor(120, 150) != plain.pixelColor(120, 150)


def test_a_closed_project_leaves_an_empty_map(canvas, session):
    session.set_project(None)
    assert canvas.pictures.frame is None
    assert not canvas.grab().isNull()


def test_the_banner_tells_a_revision_and_only_then(canvas, session, project):
    from ui.canvas.painting import state_words

    assert state_words(canvas) == ""
    project.freeze("公示稿")
    session.show_state("R1", project.state("R1"))
    assert state_words(canvas) == "R1 · 只读"


def test_the_triangle_of_a_change_tells_what_changed_and_selects_it(canvas, hand, session, project, qtbot):
    from gis.edit.features import move_features
    from gis.render.cloud_lines import badges
    from gis.revisions.compare import compare
    from tests.ui.canvas.mapping import EAST, NORTH
    from ui.canvas.painting import tip_lines

    project.freeze("公示稿")
    key = key_of(project, "building")
    session.run(same("1"), lambda state: move_features(state, [key], -2.0, 0.0))
    comparison = compare(project.state("R1"), project.snapshot)
    session.show_state("working", project.snapshot, comparison)
    settled(canvas, qtbot)
    view = canvas.pictures.frame.picture.viewport
    left, top, right, bottom = badges(comparison, view)[0].box
    x, y = view.to_world((left + right) / 2, (top + bottom) / 2)
    hand.move(x - EAST, y - NORTH)
    qtbot.waitUntil(lambda: canvas.hover.group is not None)
    assert tip_lines(canvas)[0].words.startswith(comparison.groups[0].label)
    hand.click(x - EAST, y - NORTH)
    assert session.selection == {key}


def test_crowded_changes_are_under_letters_far_away_and_a_click_on_one_comes_near(
    canvas, hand, session, project, qtbot
):
    import shapely

    from gis.edit.construct import add_features
    from gis.render.cloud_lines import badges
    from gis.revisions.compare import compare
    from gis.revisions.districts import District
    from tests.ui.canvas.mapping import EAST, NORTH
    from ui.canvas.painting import tip_lines

    project.freeze("公示稿")
    trees = [shapely.Point(EAST + 30 * x, NORTH + 30 * y) for x in range(6) for y in range(6)]
    session.run(same("1"), lambda state: add_features(state, "tree", trees, {}))
    comparison = compare(project.state("R1"), project.snapshot)
    assert len(comparison.groups) == 36
    session.show_state("working", project.snapshot, comparison)
    canvas.resize(1000, 700)
    canvas.set_scale(5000)
    settled(canvas, qtbot)
    frame = canvas.pictures.frame
    letters = [group for group in frame.comparison.groups if isinstance(group, District)]
    assert letters
    assert sorted(p.number for g in frame.comparison.groups for p in g.parts) == list(range(1, 37))
    view = frame.picture.viewport
    box = next(badge.box for badge in badges(frame.comparison, view) if badge.text == letters[0].mark)
    place = [v - o for v, o in zip(view.to_world((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), (EAST, NORTH),
                                   strict=True)]  # fmt: skip
    hand.move(*place)
    qtbot.waitUntil(lambda: canvas.hover.group is not None)
    assert tip_lines(canvas)[0].words.startswith(letters[0].mark)
    before = canvas.viewport.metres_per_px
    hand.click(*place)
    settled(canvas, qtbot)
    assert canvas.viewport.metres_per_px < before / 2
    assert not session.selection
    assert not any(isinstance(group, District) for group in canvas.pictures.frame.comparison.groups)


def test_a_large_plan_is_there_roughly_before_it_is_there_wholly(qtbot, session, monkeypatch):
    from gis.render import rough
    from ui.canvas.canvas import MapCanvas

    monkeypatch.setattr(rough, "LARGE", 0)
    widget = MapCanvas(session)
    qtbot.addWidget(widget)
    seen = []
    widget.pictures.landed.connect(
        lambda: seen.append(widget.pictures.frame.rough) if widget.pictures.frame else None
    )
    widget.resize(400, 300)
    widget.show()
    qtbot.waitUntil(lambda: False in seen, timeout=10000)
    assert seen[0] is True
    assert seen[-1] is False
    widget.pictures.close()
