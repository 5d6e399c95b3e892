"""What the publishing form promises: nothing public unseen, answers kept, errors said in place."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QLabel

from gis.i18n import tr
from gis.project import Project
from layers.changes import Change, ChangeSet
from layers.revision import WORKING
from layers.text import Text
from tests.gis.publish.decoding import everything_in
from ui.dialogs.publish_dialog import LOOKED_UP, MEMORY, PublishDialog


def edited(project, layer, uid, **values):
    feature = project.snapshot.layers[layer].table.get(uid)
    new = replace(feature, attributes={**feature.attributes, **values})
    project.apply(ChangeSet.of([Change(layer, feature, new)]), Text("改", "edit"))


@pytest.fixture
def photo(project, keys):
    """A photo on D01: white, so that what is black was covered."""
    data = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(data, "JPEG")
    photo_id = project.add_photo(data.getvalue(), "a.jpg")
    edited(project, *keys["D01"], photos=photo_id)
    return photo_id


@pytest.fixture
def form(window, qtbot, tmp_path):
    made = []

    def make(view=WORKING):
        dialog = PublishDialog(window, window.session, view, tmp_path, window.tasks, window.check)
        dialog.show()
        made.append(dialog)
        looked(qtbot, dialog)
        return dialog

    yield make
    from PyQt6 import sip

    for dialog in made:
        if not sip.isdeleted(dialog):
            dialog.reject()


def looked(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.order.same_as(dialog.reviewed), timeout=20_000)


def published(qtbot, dialog):
    looked(qtbot, dialog)
    dialog.submit()
    qtbot.waitUntil(lambda: dialog.views.currentWidget() is dialog.made, timeout=30_000)


def page_words(dialog):
    return [label.text() for label in dialog.sight.preview.findChildren(QLabel)]


def put_down(editor, value):
    editor.show_value(None)
    editor._display(value, False)
    editor.finish()


def test_a_page_is_written_recorded_and_told_with_its_hash(form, qtbot, project, tmp_path):
    import hashlib

    project.freeze("第一版")
    dialog = form()
    published(qtbot, dialog)
    path = tmp_path / "Estate-R1.html"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert project.postings[-1].sha256 == digest
    assert digest in dialog.made._facts.text()
    assert dialog.made.path == path


def test_nothing_is_published_before_it_was_looked_at(form, qtbot, tmp_path):
    dialog = form()
    dialog.draft.put("publish.office", "新名称")
    dialog.submit()
    assert dialog.foot.problem.isVisible()
    assert list(tmp_path.glob("*.html")) == []
    looked(qtbot, dialog)
    assert dialog.foot.problem.text() == tr(LOOKED_UP)
    dialog.background.changed.emit()
    assert not dialog.foot.problem.isVisible()


def test_a_page_made_of_an_earlier_look_is_never_published(form, qtbot, tmp_path):
    """It may be ready only after the next look has begun."""
    dialog = form()
    qtbot.waitUntil(lambda: dialog.page is not None, timeout=20_000)
    early = dialog.page
    put_down(dialog.notice.office, "稷下街道指挥部")
    looked(qtbot, dialog)
    dialog._page = early
    assert dialog.page is None
    published(qtbot, dialog)
    assert "稷下街道指挥部" in everything_in(dialog.made.path.read_bytes())


def test_another_profile_is_looked_at_anew_before_it_is_published(form, qtbot, tmp_path):
    dialog = form()
    dialog.scope.profile.setCurrentIndex(dialog.scope.profile.findData("internal"))
    dialog.submit()
    assert dialog.foot.problem.isVisible()
    assert not dialog.foot.busy
    looked(qtbot, dialog)
    assert dialog.reviewed.profile == "internal"
    assert list(tmp_path.glob("*.html")) == []


def test_the_review_names_what_is_public_of_a_layer(form, project):
    project.freeze("第一版")
    dialog = form()
    public = dialog.sight.review.topLevelItem(0)
    assert public.text(0).split()[0] == "将公开"
    buildings = next(public.child(i) for i in range(public.childCount()) if public.child(i).text(0) == "建筑")
    fields = {buildings.child(i).text(0): buildings.child(i).text(1) for i in range(buildings.childCount())}
    assert "10" in fields["楼号"]


def test_the_preview_follows_what_is_typed(form, qtbot):
    dialog = form()
    put_down(dialog.notice.contact, "指挥部一层")
    put_down(dialog.notice.comment_until, "2020年7月17日")
    looked(qtbot, dialog)
    assert "指挥部一层" in page_words(dialog)
    assert "2020年7月17日" in page_words(dialog)


def test_the_page_says_what_was_typed_even_of_a_frozen_revision(form, qtbot, project, tmp_path):
    project.freeze("第一版")
    dialog = form()
    put_down(dialog.notice.office, "稷下街道指挥部")
    published(qtbot, dialog)
    assert "稷下街道指挥部" in everything_in((tmp_path / "Estate-R1.html").read_bytes())
    assert project.snapshot.settings["publish.office"] == "稷下街道指挥部"


def test_answers_are_one_step_that_can_be_undone_and_are_there_next_time(form, project, window):
    before = len(project.history.done)
    dialog = form()
    put_down(dialog.notice.office, "指挥部")
    dialog.scope.profile.setCurrentIndex(dialog.scope.profile.findData("internal"))
    dialog.reject()
    assert [step.label.zh for step in project.history.done[before:]] == ["发布设置"]
    again = form()
    assert again.scope.name == "internal"
    assert again.notice.office.value == "指挥部"
    again.reject()
    window.session.undo()
    assert MEMORY not in project.snapshot.settings


def test_leaving_without_an_answer_changes_nothing(form, project):
    before = len(project.history.done)
    form().reject()
    assert len(project.history.done) == before


def test_what_is_masked_is_listed_with_what_becomes_of_it_and_leads_to_the_map(
    form, qtbot, project, keys, window
):
    edited(project, *keys["T01"], title="找王建国13812345678")
    dialog = form()
    masked = next(g for g in dialog._looked.groups if g.title.en == "Personal data masked")
    assert [row.became for row in masked.rows] == ["找王建国138****5678"]
    asked = []
    dialog.place_requested.connect(lambda place, state: asked.append((place.key, state)))
    head = dialog.sight.left_out.tree.topLevelItem(0)
    dialog.sight.left_out.tree.setCurrentItem(head.child(0))
    assert dialog.sight.left_out.go.isEnabled()
    dialog.sight.left_out.go.click()
    assert asked == [(keys["T01"], WORKING)]
    assert not dialog.isVisible()
    edited(project, *keys["T01"], title="找指挥部")
    dialog.come_back()
    looked(qtbot, dialog)
    assert not any(g.title.en == "Personal data masked" for g in dialog._looked.groups)


def test_the_window_goes_to_the_place_and_offers_the_way_back(window, qtbot, project, keys):
    edited(project, *keys["T01"], title="电话13812345678")
    window.file_actions.publish()
    dialog = window.file_actions._publishing._form
    looked(qtbot, dialog)
    dialog.sight.left_out.tree.setCurrentItem(dialog.sight.left_out.tree.topLevelItem(0).child(0))
    dialog.sight.left_out.go.click()
    assert window.session.selection == {keys["T01"]}
    window.file_actions.publish()
    assert window.file_actions._publishing._form is dialog
    assert dialog.isVisible()
    dialog.reject()


def test_a_form_that_waits_goes_with_its_project(window, qtbot, project, keys):
    edited(project, *keys["T01"], title="电话13812345678")
    window.file_actions.publish()
    dialog = window.file_actions._publishing._form
    looked(qtbot, dialog)
    dialog.sight.left_out.tree.setCurrentItem(dialog.sight.left_out.tree.topLevelItem(0).child(0))
    dialog.sight.left_out.go.click()
    with qtbot.waitSignal(dialog.destroyed, timeout=5_000):
        window.session.set_project(project)
    assert window.file_actions._publishing._form is None


def test_names_are_read_from_the_roster_of_the_office(form, qtbot, tmp_path):
    path = tmp_path / "花名册.csv"
    path.write_bytes("楼号,户主,电话\n3,王建国,138\n5,欧阳娜娜,139\n".encode("gb18030"))
    page = form().roster
    page.names.setPlainText("李四五\n王建国")
    page.add_from(path)
    qtbot.waitUntil(lambda: page.read.isEnabled(), timeout=20_000)
    assert page.names.toPlainText().splitlines() == ["李四五", "王建国", "欧阳娜娜"]
    (tmp_path / "空.xlsx").write_bytes(b"")
    page.add_from(tmp_path / "空.xlsx")
    qtbot.waitUntil(lambda: page.read.isEnabled(), timeout=20_000)
    assert page.problem.text()


def test_names_of_the_roster_are_masked_at_once(form, qtbot, project, keys):
    edited(project, *keys["T01"], title="找王建国")
    dialog = form()
    dialog.roster.names.setPlainText("王建国\n李")
    looked(qtbot, dialog)
    masked = next(g for g in dialog._looked.groups if g.title.en == "Personal data masked")
    assert [row.became for row in masked.rows] == ["找王**"]


def test_unticking_a_layer_keeps_it_back(form, qtbot):
    dialog = form()
    tree = dialog.scope.tree
    item = next(i for i in map(tree.topLevelItem, range(tree.topLevelItemCount())) if i.text(0) == "道路")
    item.setCheckState(0, Qt.CheckState.Unchecked)
    looked(qtbot, dialog)
    assert [layer.public for layer in dialog._looked.review.layers if layer.id == "road"] == [False]


def test_a_profile_of_the_estate_is_kept_in_the_project(form, qtbot, project, tmp_path):
    dialog = form()
    tree = dialog.scope.tree
    dialog.scope.add_profile("居委会张贴")
    item = next(i for i in map(tree.topLevelItem, range(tree.topLevelItemCount())) if i.text(0) == "建筑")
    item.child(0).setCheckState(0, Qt.CheckState.Unchecked)
    published(qtbot, dialog)
    with Project.open(project.path, read_only=True) as found:
        kept = found.snapshot.settings["publish.profile.居委会张贴"]
    assert "number" not in kept["layers"]["building"]
    assert project.postings[-1].profile == "居委会张贴"


def test_a_ticked_photo_is_on_the_page_black_where_it_was_covered(form, qtbot, project, photo):
    dialog = form()
    dialog.nav.setCurrentRow(3)
    assert dialog.sight.shown.currentWidget() is dialog.sight.editor
    qtbot.waitUntil(lambda: not dialog.sight.editor.canvas.picture_rect().isEmpty(), timeout=10_000)
    dialog.photos.list.item(0).setCheckState(Qt.CheckState.Checked)
    place = dialog.sight.editor.canvas.picture_rect()
    start, end = place.topLeft().toPoint(), place.center().toPoint()
    canvas = dialog.sight.editor.canvas
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(4, 4))
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    assert "1" in dialog.photos.list.item(0).text().splitlines()[-1]
    looked(qtbot, dialog)
    (public,) = dialog._looked.review.content.photos
    picture = Image.open(io.BytesIO(public.data)).convert("L")
    assert picture.getpixel((picture.width // 4, picture.height // 4)) < 20
    assert picture.getpixel((picture.width * 3 // 4, picture.height * 3 // 4)) > 235


def test_a_photo_that_is_not_ticked_stays_out(form, photo):
    dialog = form()
    assert dialog._looked.review.content.photos == ()
    assert any(g.title.en == "Photos left out" for g in dialog._looked.groups)


def test_a_background_that_cannot_be_read_is_said_at_its_field(form, qtbot, tmp_path):
    dialog = form()
    dialog.background.path.setText(str(tmp_path / "no.png"))
    dialog.background.attribution.setText("测绘院")
    dialog.background.changed.emit()
    qtbot.waitUntil(lambda: dialog.background.problem.text() != "", timeout=10_000)
    assert not dialog.go.isEnabled()
    dialog.background._forget()
    looked(qtbot, dialog)
    assert dialog.go.isEnabled()


def test_a_picture_below_the_plan_can_go_into_the_page_without_looking_for_its_file(
    form, qtbot, project, tmp_path
):
    from gis.raster.reference import reference
    from layers.background import with_backgrounds

    path = tmp_path / "航拍.png"
    Image.new("RGB", (200, 150), "green").save(path)
    east, north = project.snapshot.extent()[0] - 20, project.snapshot.extent()[3] + 20
    kept = reference(path, project.path, crs="EPSG:4548", transform=(1.0, 0.0, east, 0.0, -1.0, north))
    project.apply(with_backgrounds(project.snapshot.settings, [kept]), Text("底图", "background"))
    dialog = form()
    page = dialog.background
    page.own.setCurrentIndex(1)
    page.own.activated.emit(1)
    page.attribution.setText("某测绘院")
    page.attribution.editingFinished.emit()
    looked(qtbot, dialog)
    assert dialog._looked.review.content.background.attribution == "某测绘院"


def test_a_background_shows_how_much_of_the_budget_it_takes(form, qtbot, tmp_path):
    Image.new("RGB", (200, 200), "green").save(tmp_path / "air.png")
    (tmp_path / "air.pgw").write_text("1\n0\n0\n-1\n616600\n4078100\n", "ascii")
    dialog = form()
    dialog.background.path.setText(str(tmp_path / "air.png"))
    dialog.background.attribution.setText("测绘院")
    dialog.background.changed.emit()
    looked(qtbot, dialog)
    assert "KB" in dialog.background.told.text()
    assert "测绘院" in page_words(dialog)


def test_a_folder_that_cannot_be_written_is_said_in_the_form_and_the_form_stays(form, qtbot, tmp_path):
    dialog = form()
    dialog.target.path.setText(str(tmp_path / "nowhere" / "page.html"))
    dialog.submit()
    qtbot.waitUntil(lambda: dialog.foot.problem.text() != "", timeout=20_000)
    assert dialog.views.currentWidget() is not dialog.made
    assert dialog.go.isEnabled()


def test_publishing_can_be_stopped_and_writes_nothing(form, qtbot, tmp_path, monkeypatch):
    import time

    from ui.dialogs import publish_dialog

    def slow(order, looked_at, page, out, progress):
        for _ in range(400):
            progress.check()
            time.sleep(0.01)
        out.write_text("made")

    monkeypatch.setattr(publish_dialog, "write_page", slow)
    dialog = form()
    dialog.submit()
    assert dialog.foot.busy
    dialog.foot.cancel.click()
    qtbot.waitUntil(lambda: not dialog.foot.busy, timeout=5_000)
    assert "取消" in dialog.foot.problem.text()
    assert list(tmp_path.glob("*.html")) == []
    assert dialog.go.isEnabled()


def test_a_site_is_published_and_updated_from_the_form(form, qtbot, project, tmp_path):
    project.freeze("第一版")
    dialog = form()
    dialog.target.as_site.setChecked(True)
    published(qtbot, dialog)
    folder = dialog.made.path.parent
    first = (folder / "Estate-R1.html").read_bytes()
    project.freeze("第二版")
    again = form()
    assert again.target.site
    assert "R1" in again.target.there.text()
    published(qtbot, again)
    assert (folder / "Estate-R2.html").exists()
    assert (folder / "Estate-R1.html").read_bytes() != first
    assert [p.revision for p in project.postings] == ["R1", "R1", "R2"]


@pytest.mark.parametrize("site", [False, True])
def test_without_a_name_to_save_to_nothing_is_published_and_the_form_says_so(form, project, site):
    project.freeze("第一版")
    dialog = form()
    dialog.target.as_site.setChecked(site)
    dialog.target.path.setText(" ")
    dialog.submit()
    assert "保存到" in dialog.foot.problem.text()
    assert not dialog.foot.busy
    assert dialog.target.path.hasFocus()
    assert project.postings == ()


def test_what_a_folder_holds_is_told_of_the_folder_that_is_written(form, qtbot, project, tmp_path):
    project.freeze("第一版")
    dialog = form()
    dialog.target.as_site.setChecked(True)
    published(qtbot, dialog)
    again = form()
    assert "R1" in again.target.there.text()
    again.target.path.setFocus()
    again.target.path.selectAll()
    qtbot.keyClicks(again.target.path, str(tmp_path / "other"))
    assert again.target.there.text() == ""
    qtbot.keyClick(again.target.path, Qt.Key.Key_Tab)
    assert "新建文件夹" in again.target.there.text()


def test_a_file_of_another_program_is_not_published_over(form, qtbot, project, tmp_path):
    project.freeze("第一版")
    dialog = form()
    dialog.target.target.write_text("<html>notes of somebody</html>")
    looked(qtbot, dialog)
    dialog.submit()
    qtbot.waitUntil(lambda: not dialog.foot.busy, timeout=5_000)
    assert "已经存在" in dialog.foot.problem.text()
    assert dialog.target.target.read_text() == "<html>notes of somebody</html>"


def test_the_text_for_the_chat_names_file_and_deadline_and_is_copied(form, qtbot, project):
    project.freeze("第一版")
    dialog = form()
    put_down(dialog.notice.comment_until, "2999-07-17")
    published(qtbot, dialog)
    dialog.made.copy.click()
    words = QGuiApplication.clipboard().text()
    assert "Estate-R1.html" in words
    assert "2999年7月17日" in words


def test_the_text_for_the_chat_about_an_older_revision_names_no_deadline_of_today(
    form, qtbot, project, tmp_path
):
    project.freeze("第一版")
    project.freeze("第二版")
    dialog = form("R1")
    dialog.draft.put("publish.comment_until", "2031-05-06")
    dialog.target.path.setText(str(tmp_path / "a.html"))
    published(qtbot, dialog)
    assert "2031" not in dialog.made.words.toPlainText()
    assert not dialog.notice.of_then.isHidden()


def test_a_look_in_the_browser_records_nothing(form, qtbot, project):
    dialog = form()
    with qtbot.waitSignal(dialog.open_requested, timeout=30_000) as told:
        dialog.look_in_browser()
    assert told.args[0].read_text("utf-8").startswith("<!")
    assert project.postings == ()


def test_a_read_only_project_can_be_published_and_is_left_as_it_is(window, qtbot, project, tmp_path):
    project.freeze("第一版")
    copy = tmp_path / "copy.gpkg"
    project.save_copy(copy)
    with Project.open(copy, read_only=True) as found:
        window.session.set_project(found)
        dialog = PublishDialog(window, window.session, WORKING, tmp_path, window.tasks, window.check)
        dialog.show()
        put_down(dialog.notice.office, "指挥部")
        published(qtbot, dialog)
        dialog.reject()
        assert "publish.office" not in found.snapshot.settings
        window.session.set_project(project)
    assert "指挥部" in everything_in((tmp_path / "Estate-R1.html").read_bytes())


def test_the_size_of_the_page_is_told_before_it_is_published_and_is_true(form, qtbot, tmp_path):
    dialog = form()
    qtbot.waitUntil(lambda: "KB" in dialog.sight.state.text(), timeout=20_000)
    dialog.target.path.setText(str(tmp_path / "a.html"))
    published(qtbot, dialog)
    size = round((tmp_path / "a.html").stat().st_size / 1024)
    assert f"{size} KB" in dialog.sight.state.text()
