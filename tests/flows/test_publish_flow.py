"""A clerk publishes a page with a covered photo, and draws the sheet, with a real mouse and keyboard."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from gis.project import Project
from gis.publish.publication import preview
from layers.changes import Change, ChangeSet, SettingChange
from layers.text import Text
from sample_data.estate import write_sample
from tests.flows.screen import HEIGHT, WIDTH, Screen, until

WHOLE = (0, 0, WIDTH, HEIGHT)
CHANGE, DONE, BLACK, GROUND = "#C2185B", "#1B6E3C", "#000000", "#3FA7D6"
NAV_X, NAV_Y, NAV_STEP = 120, 47, 36


def with_photo(path):
    """Write a sample with a photo of one colour on D01."""
    write_sample(path)
    data = io.BytesIO()
    Image.new("RGB", (800, 600), GROUND).save(data, "PNG")
    with Project.open(path) as project:
        photo = project.add_photo(data.getvalue(), "gate.png")
        layer = project.snapshot.layers["drainage_spot"]
        spot = next(f for f in layer.table if f.attributes["code"] == "D01")
        new = replace(spot, attributes={**spot.attributes, "photos": photo})
        until_ = SettingChange(project.snapshot.settings.get("publish.comment_until"), "2999-12-31")
        period = {"publish.comment_until": until_}
        project.apply(ChangeSet.of([Change("drainage_spot", spot, new)], period), Text("照片", "photo"))
    return photo


@pytest.mark.screen
def test_a_clerk_covers_a_photo_publishes_the_plan_and_draws_the_sheet(tmp_path):
    path, page = tmp_path / "plan.gpkg", tmp_path / "page.html"
    photo = with_photo(path)
    home = tmp_path / "home"
    home.mkdir()
    with Screen(home) as screen:
        program = screen.start(path)
        window = until(lambda: screen.windows("小区改造图板"))[0]
        screen.do("windowsize", "--sync", window, WIDTH, HEIGHT)
        screen.do("windowmove", window, 0, 0)
        screen.do("windowfocus", "--sync", window)
        until(lambda: screen.count("#DAD5CD", WHOLE) > 2000)

        # The working plan, to a file of the clerk's own choosing.
        screen.keys("ctrl+shift+p")
        form = until(lambda: screen.windows("发布网页"))[0]
        screen.do("windowmove", "--sync", form, 62, 20)
        until(lambda: screen.count(CHANGE, WHOLE) > 60, 40)
        screen.keys("Tab", "End", "Tab", "Tab", "Tab", "ctrl+a")
        screen.type(str(page))

        # The photo: ticked with the space bar, covered with the mouse.
        screen.click(NAV_X, NAV_Y + 3 * NAV_STEP)
        place = until(lambda: _spread(screen, GROUND), 40)
        west, north, east, south = place
        screen.drag((west + 30, north + 30), ((west + east) // 2, (north + south) // 2))
        until(lambda: screen.count(BLACK, WHOLE) > 5000)
        screen.click(230, 150)
        until(lambda: screen.count(CHANGE, WHOLE) == 0)
        screen.picture(tmp_path / "covered.png")
        screen.click(665, 46)
        until(lambda: screen.count(CHANGE, WHOLE) > 60, 40)

        # Published: the hash is in the record, the way to the browser is in hand.
        # What was not looked up yet is not published: Enter is pressed until it is.
        screen.click(NAV_X, NAV_Y)
        screen.keys("shift+Tab")
        until(lambda: page.exists() or screen.keys("Return"), 60)
        until(lambda: screen.count(DONE, WHOLE) > 30, 40)
        screen.picture(tmp_path / "published.png")
        screen.keys("Return")
        until(screen.opened.exists)
        screen.keys("Escape")
        until(lambda: not screen.windows("发布网页"))

        # The sheet, with the keyboard alone.
        screen.keys("ctrl+p")
        until(lambda: screen.windows("出图"))
        until(lambda: screen.count("#FFFFFF", (560, 60, 700, 560)) > 5000, 40)
        screen.keys("shift+Tab", "Return")
        until(lambda: list(tmp_path.glob("*.pdf")), 60)
        screen.keys("ctrl+q")
        assert program.wait(20) == 0
    assert [log for log in home.rglob("planboard.log") if "unexpected" in log.read_text("utf-8")] == []
    with Project.open(path) as project:
        assert [p.profile for p in project.postings] == ["public", "notice-board"]
        assert len(project.snapshot.settings[f"photo.{photo}.blackout"]) == 1
        (public,) = preview(project, revision="working").content.photos
    picture = Image.open(io.BytesIO(public.data)).convert("L")
    assert picture.getpixel((picture.width // 4, picture.height // 4)) < 20
    assert picture.getpixel((picture.width * 3 // 4, picture.height * 3 // 4)) > 60


def _spread(screen, color):
    """Return west, north, east, south of a colour that covers much of the screen."""
    wanted = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    there = (abs(screen.pixels().astype(int) - wanted).sum(axis=2) < 6)[:, 620:]
    if there.sum() < 50_000:
        return None
    rows, columns = there.any(axis=1).nonzero()[0], there.any(axis=0).nonzero()[0]
    return 620 + int(columns[0]), int(rows[0]), 620 + int(columns[-1]), int(rows[-1])
