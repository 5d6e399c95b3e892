"""From a sample project to a published page, with a real mouse and a real keyboard."""

import re

import pytest

from gis.project import Project
from layers.changes import ChangeSet, SettingChange
from layers.text import Text
from sample_data.estate import write_sample
from tests.flows.screen import HEIGHT, WIDTH, Screen, until

MAP = (304, 102, 1046 - 304, 700 - 102)
MIDDLE = (MAP[0] + MAP[2] // 2, MAP[1] + MAP[3] // 2)
CLOUDS = (MAP[0], MAP[1] + 140, MAP[2], 420)
CHANGE = "#C2185B"
OLD_STATE = "#3D5A80"
DONE = "#1B6E3C"
PREVIEW = (640, 70, 640, 580)
TIMELINE_Y = 62


def steps(path):
    with Project.open(path, read_only=True) as project:
        return [step.label.zh for step in project.history.done]


def building(path, number):
    with Project.open(path, read_only=True) as project:
        return next(f for f in project.snapshot.layers["building"].table if f.attributes["number"] == number)


@pytest.mark.screen
def test_a_newcomer_gets_from_the_sample_to_a_published_page(tmp_path):
    path, page = tmp_path / "plan.gpkg", tmp_path / "page.html"
    write_sample(path)
    with Project.open(path) as project:
        known = project.snapshot.settings.get("publish.comment_until")
        period = ChangeSet({}, {"publish.comment_until": SettingChange(known, "2999-12-31")})
        project.apply(period, Text("公示期", "period"))
    before, first = steps(path), building(path, "3")
    home = tmp_path / "home"
    home.mkdir()
    with Screen(home) as screen:
        program = screen.start(path)
        window = until(lambda: screen.windows("小区改造图板"))[0]
        screen.do("windowsize", "--sync", window, WIDTH, HEIGHT)
        screen.do("windowmove", window, 0, 0)
        screen.do("windowfocus", "--sync", window)
        until(lambda: screen.count("#DAD5CD", MAP) > 2000)

        # Find building 3, drag it, take it back.
        screen.keys("ctrl+k")
        screen.type("3#")
        screen.keys("Return")
        until(lambda: screen.count("#00A6D6", MAP) > 20)
        until(lambda: _still(screen))
        screen.drag(MIDDLE, (MIDDLE[0] + 60, MIDDLE[1] + 30))
        until(lambda: len(steps(path)) == len(before) + 1)
        assert building(path, "3") != first
        screen.keys("ctrl+z")
        until(lambda: len(steps(path)) == len(before))
        assert building(path, "3") == first

        # Draw an area into the layer of buildings.
        screen.keys("Escape", "a")
        for x, y in ((-200, 150), (-120, 150), (-120, 210), (-200, 210)):
            screen.click(MIDDLE[0] + x, MIDDLE[1] + y)
        screen.keys("Return")
        until(lambda: len(steps(path)) == len(before) + 1)

        # Report a problem on the map.
        screen.keys("Escape", "t")
        screen.click(MIDDLE[0] + 100, MIDDLE[1] - 120)
        screen.type("Cars block the gate")
        screen.keys("ctrl+Return")
        until(lambda: len(steps(path)) == len(before) + 2)
        assert steps(path)[-1] == "添加问题点 T14"

        # Freeze it, compare it, publish it.
        screen.click(MIDDLE[0] + 160, MIDDLE[1] - 160)
        screen.keys("ctrl+r")
        until(lambda: screen.windows("冻结为新版次"))
        screen.keys("Return")
        until(lambda: _labels(path) == ["R1", "R2", "R3", "R4"])
        screen.keys("Escape", "ctrl+shift+f")
        screen.drag(*_last_two_revisions(screen))
        until(lambda: screen.count(CHANGE, CLOUDS) > 150)
        screen.picture(tmp_path / "compared.png")
        screen.keys("ctrl+shift+p")
        until(lambda: screen.windows("发布网页"))
        screen.picture(tmp_path / "publishing.png")
        screen.keys("Tab", "Tab", "Tab", "Tab", "ctrl+a")
        screen.type(str(page))
        until(lambda: screen.count(CHANGE, PREVIEW) > 60, 60)
        screen.keys(*["shift+Tab"] * 5, "Return")
        until(page.exists, 60)
        until(lambda: screen.count(DONE, (0, 0, WIDTH, HEIGHT)) > 30)
        screen.keys("Return")
        until(screen.opened.exists)
        screen.keys("Escape")
        assert "page.html" in screen.opened.read_text("utf-8")
        assert re.search("<html", page.read_text("utf-8"))

        screen.keys("ctrl+q")
        assert program.wait(20) == 0
    assert [log for log in home.rglob("planboard.log") if "unexpected" in log.read_text("utf-8")] == []
    assert len(list(home.rglob("planboard.log"))) == 1
    with Project.open(path) as project:
        spot = next(f for f in project.snapshot.layers["traffic_spot"].table if f.attributes["code"] == "T14")
        assert spot.attributes["title"] == "Cars block the gate"
        assert project.postings[-1].file_name == "page.html"


@pytest.mark.screen
def test_revisions_are_seen_side_by_side_swiped_and_played_by_keyboard(tmp_path):
    path = tmp_path / "plan.gpkg"
    write_sample(path)
    before = steps(path)
    home = tmp_path / "home"
    home.mkdir()
    with Screen(home) as screen:
        program = screen.start(path)
        window = until(lambda: screen.windows("小区改造图板"))[0]
        screen.do("windowsize", "--sync", window, WIDTH, HEIGHT)
        screen.do("windowmove", window, 0, 0)
        screen.do("windowfocus", "--sync", window)
        until(lambda: screen.count("#DAD5CD", MAP) > 2000)
        left, right = (MAP[0], MAP[1] + 60, MAP[2] // 2, 400), (MIDDLE[0], MAP[1] + 60, MAP[2] // 2, 400)

        # The working plan with R3 at its left: only the old state is framed in blue.
        screen.keys("ctrl+shift+c")
        until(lambda: screen.count(CHANGE, MAP) > 100)
        screen.keys("ctrl+backslash")
        until(lambda: screen.count(OLD_STATE, left) > 300 and screen.count(OLD_STATE, right) < 20)
        screen.picture(tmp_path / "split.png")

        # A swipe: all of R3 at one end, nothing of it at the other.
        screen.keys("ctrl+shift+backslash", "End")
        until(lambda: screen.count(OLD_STATE, right) > 300)
        screen.keys("Home")
        until(lambda: screen.count(OLD_STATE, MAP) < 60)

        # Played through: old states in turn, and the working plan again at the end.
        screen.keys("ctrl+shift+backslash", "ctrl+0")
        until(lambda: screen.count(CHANGE, MAP) < 60)
        screen.keys("Shift+F3", "F3")
        until(lambda: screen.count(OLD_STATE, MAP) > 300)
        until(lambda: screen.count(OLD_STATE, MAP) < 60 and screen.count(CHANGE, MAP) > 100, 60)

        screen.keys("ctrl+q")
        assert program.wait(20) == 0
    assert steps(path) == before
    assert [log for log in home.rglob("planboard.log") if "unexpected" in log.read_text("utf-8")] == []


def _labels(path):
    with Project.open(path, read_only=True) as project:
        return [revision.label for revision in project.revisions]


def _last_two_revisions(screen):
    """Return where the circles of R3 and R4 are: rings of grey, the working plan's is full."""
    row = screen.pixels()[TIMELINE_Y, MAP[0] : MAP[0] + 480].astype(int)
    accent = MAP[0] + int((abs(row - (0x0B, 0x6E, 0x6E)).sum(axis=1) < 30).argmax()) + 7
    ring = (abs(row - (0x8A, 0x92, 0x9A)).sum(axis=1) < 30).nonzero()[0]
    first = MAP[0] + int(ring[0]) + 7
    gap = (accent - first) / 4
    return (round(first + 2 * gap), TIMELINE_Y), (round(first + 3 * gap), TIMELINE_Y)


def _still(screen):
    """Tell whether the map has stopped gliding."""
    import time

    first = screen.count("#DAD5CD", MAP)
    time.sleep(0.4)
    return first == screen.count("#DAD5CD", MAP)
