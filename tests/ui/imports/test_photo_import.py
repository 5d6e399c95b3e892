"""Photos in the window: several at once, placed by their position, or by a click from the tray."""

import shutil

import pytest
from PIL import Image
from pyproj import Transformer
from PyQt6.QtCore import QPoint, Qt
from shapely import Point

from gis.exchange.import_records import records_of
from gis.exchange.photo_tray import waiting_photos
from gis.import_sheets import import_sheets
from layers.errors import StorageError
from layers.text import Text
from ui.dialogs.import_records_dialog import ImportRecordsDialog
from ui.dialogs.table_choice import TableChoice

EAST, NORTH = 616650.0, 4077999.0
READY_MS = 30_000


def shot(path, color, place=None):
    """Write a photo, with a position if there is one."""
    image = Image.new("RGB", (64, 48), color)
    exif = image.getexif()
    exif[0x9003] = "2026:07:25 08:10:00"
    if place is not None:
        lon, lat = Transformer.from_crs(4548, 4326, always_xy=True).transform(*place)
        block = exif.get_ifd(0x8825)
        block[1], block[2], block[3], block[4] = "N", _degrees(lat), "E", _degrees(lon)
    image.save(path, exif=exif)
    return path


def _degrees(value):
    minutes = (value % 1) * 60
    return int(value), int(minutes), round((minutes % 1) * 60, 4)


@pytest.fixture
def photos(tmp_path):
    return [
        shot(tmp_path / "near.jpg", "red", (EAST + 3, NORTH + 60)),
        shot(tmp_path / "alone.jpg", "green", (EAST + 40, NORTH + 30)),
        shot(tmp_path / "微信 1.jpg", "blue"),
        shot(tmp_path / "微信 2.jpg", "white"),
    ]


@pytest.fixture
def imported(window, qtbot, photos, project, bring):
    form = bring(photos)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert (form.plan.attached, form.plan.created) == (("near.jpg",), ("alone.jpg",))
    form.submit()
    qtbot.waitUntil(lambda: len(waiting_photos(project.snapshot)) == 2, timeout=READY_MS)
    return form


def test_a_folder_of_photos_comes_in_as_its_photos(window, qtbot, photos, tmp_path, bring):
    below = tmp_path / "DCIM" / "100"
    below.mkdir(parents=True)
    shot(below / "deep.JPG", "yellow")
    (tmp_path / "DCIM" / "readme.md").write_text("nothing")
    form = bring([tmp_path / "DCIM", photos[0]])
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert (form.plan.attached, form.plan.waiting) == (("near.jpg",), ("deep.JPG",))


def test_photos_that_are_not_ticked_stay_out(window, qtbot, photos, project, bring):
    form = bring(photos)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    rows = {form.photos.item(n).text().split("\n")[0]: form.photos.item(n) for n in range(4)}
    rows["alone.jpg"].setCheckState(Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: form.plan is not None and not form.plan.created, timeout=READY_MS)
    assert "不导入 1" in form.summary.text()
    assert "不导入" in form.photos.item(1).text()
    form.photos.item(2).setCheckState(Qt.CheckState.Unchecked)
    form.photos.item(1).setCheckState(Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: form.plan is not None and len(form.plan.photos) == 3, timeout=READY_MS)
    form.submit()
    qtbot.waitUntil(lambda: len(waiting_photos(project.snapshot)) == 1, timeout=READY_MS)
    (record,) = records_of(project.snapshot)
    assert record.counts["left_out"] == 1


def test_photos_go_to_the_nearest_spot_or_make_one_or_wait(imported, project):
    spots = {f.attributes["code"]: f for f in project.snapshot.layers["drainage_spot"].table}
    assert spots["D01"].attributes["photos"]
    assert spots["D02"].geometry.distance(Point(EAST + 40, NORTH + 30)) < 0.5
    assert [photo.name for photo in waiting_photos(project.snapshot)] == ["微信 1.jpg", "微信 2.jpg"]


def test_a_click_places_a_waiting_photo_and_takes_up_the_next(imported, window, qtbot, project):
    window.file_actions.show_tray()
    tray = window.file_actions.importing.form
    assert tray.photos.count() == 2
    window.canvas.zoom_full()
    tray.arm()
    x, y = window.canvas.viewport.to_px(EAST + 70, NORTH + 20)
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    qtbot.waitUntil(lambda: tray.photos.count() == 1, timeout=10_000)
    assert window.picker.active
    spot = project.snapshot.layers["drainage_spot"].table.at(2)
    assert spot.attributes["code"] == "D03"
    tray.put(Point(EAST + 1, NORTH + 61))
    qtbot.waitUntil(lambda: tray.photos.count() == 0, timeout=10_000)
    first = project.snapshot.layers["drainage_spot"].table.at(0)
    assert len(first.attributes["photos"].split(",")) == 2
    tray.leave()
    assert not window.picker.active
    assert len(project.snapshot.layers["drainage_spot"].table) == 3


def test_a_photo_taken_off_the_tray_comes_back_with_undo(imported, window, qtbot, project):
    window.file_actions.show_tray()
    tray = window.file_actions.importing.form
    tray._drop()
    qtbot.waitUntil(lambda: tray.photos.count() == 1, timeout=10_000)
    window.session.undo()
    qtbot.waitUntil(lambda: tray.photos.count() == 2, timeout=10_000)
    tray.leave()


def test_what_was_found_stays_with_the_project_and_exports_to_a_sheet(
    imported, window, qtbot, project, tmp_path
):
    import openpyxl

    window.file_actions.show_imports()
    dialog = window.findChild(ImportRecordsDialog)
    assert dialog.findings.list.topLevelItemCount() == 2
    dialog.export_to(TableChoice(tmp_path / "发现.xlsx", internal=False))
    qtbot.waitUntil((tmp_path / "发现.xlsx").exists, timeout=READY_MS)
    book = openpyxl.load_workbook(tmp_path / "发现.xlsx")
    assert [sheet.title for sheet in book] == ["导入记录", "导入发现"]
    assert book["导入发现"].max_row == 3
    assert len(import_sheets(records_of(project.snapshot), project.snapshot)[1].rows) == 2


def test_photos_and_another_file_are_not_mixed_up(window, photos, tmp_path, qtbot, bring):
    told = []
    window.session.message.connect(lambda what, level, advice: told.append(what.en))
    (tmp_path / "a.csv").write_text("楼号,户数\n2,30\n", encoding="utf-8")
    form = bring([*photos, tmp_path / "a.csv"])
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    assert form.name == "a.csv"
    assert told == ["a.csv comes first, the other 4 after it."]
    offers = []
    window.session.offered.connect(offers.append)
    form.give_up()
    assert offers[0].what.en == "4 more files have not been imported."
    offers[0].acts[0][1]()
    assert window.file_actions.importing.form.name == "4 张照片"


def test_photos_of_one_name_and_the_same_picture_twice_are_told_apart(window, qtbot, tmp_path, bring):
    (tmp_path / "西区").mkdir()
    shot(tmp_path / "1.jpg", "red", (EAST + 3, NORTH + 60))
    shot(tmp_path / "西区" / "1.jpg", "green")
    shutil.copy(tmp_path / "1.jpg", tmp_path / "2.jpg")
    form = bring([tmp_path / "1.jpg", tmp_path / "2.jpg", tmp_path / "西区" / "1.jpg"])
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    rows = [form.photos.item(n) for n in range(3)]
    says = [row.text().split("\n")[1] for row in rows]
    assert "D01" in says[0]
    assert says[1] == "与“1.jpg”是同一张照片，只导入一次"
    assert "没有拍摄位置" in says[2]
    choosable = [row.data(Qt.ItemDataRole.CheckStateRole) is not None for row in rows]
    assert choosable == [True, False, True]


def test_photos_that_cannot_be_kept_are_told_and_may_be_tried_again(
    window, qtbot, photos, project, bring, monkeypatch
):
    form = bring(photos)
    qtbot.waitUntil(lambda: not form.busy, timeout=READY_MS)
    told = []
    window.session.message.connect(lambda what, level, advice: told.append((what.en, level)))
    full, keep = StorageError(Text("盘满", "disk full"), code="store.full"), project.add_photos

    def refuse(*_):
        raise full

    monkeypatch.setattr(project, "add_photos", refuse)
    form.submit()
    qtbot.waitUntil(lambda: bool(told) and form.go.isEnabled(), timeout=READY_MS)
    assert told == [("disk full", "error")]
    assert form.problem.text() == ""
    monkeypatch.setattr(project, "add_photos", keep)
    form.submit()
    qtbot.waitUntil(lambda: len(waiting_photos(project.snapshot)) == 2, timeout=READY_MS)
