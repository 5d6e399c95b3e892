"""The file as others see it: who holds it, when it becomes free, what was written from outside."""

import subprocess
import sys

import apsw
import pytest

from gis.edit.features import move_features
from gis.project import Project
from layers.text import Text

OUTSIDE = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.create_function("ST_IsEmpty", 1, lambda shape: 0)
for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
    db.create_function(name, 1, lambda shape: 0)
db.execute("UPDATE road SET name = '环路'")
db.commit()
"""


@pytest.fixture
def held(window, qtbot, project, tmp_path):
    """A copy that somebody else edits, open in the window."""
    path = tmp_path / "held.gpkg"
    project.save_copy(path)
    holder = Project.open(path)
    window.file_actions.open_path(path)
    qtbot.waitUntil(lambda: window.session.project is not project, timeout=10_000)
    yield holder
    holder.close()


def test_a_project_that_somebody_edits_is_read_only_and_says_who_has_it(window, held):
    assert not window.session.editable
    assert not window.view_bar.isHidden()
    assert tr_holder(window) in window.view_bar._label.text()


def tr_holder(window):
    return window.session.project.read_only_reason.zh


def test_it_can_be_edited_as_soon_as_the_other_one_closes_it(window, qtbot, held, keys):
    held.apply(move_features(held.snapshot, [keys["3"]], 12, 0), Text("移", "move"))
    moved = held.snapshot.feature(keys["3"])
    window.watch.try_take_over()
    qtbot.wait(100)
    assert not window.session.editable
    held.close()
    qtbot.waitUntil(lambda: window.session.editable, timeout=10_000)
    qtbot.waitUntil(lambda: window.session.snapshot.feature(keys["3"]) == moved, timeout=10_000)
    qtbot.waitUntil(window.view_bar.isHidden, timeout=10_000)
    qtbot.waitUntil(window.status.read_only.isHidden, timeout=10_000)
    assert window.actions_.qt["tool.draw-line"].isEnabled()


def test_what_another_program_writes_appears_with_a_message_and_can_be_undone(
    window, qtbot, project, monkeypatch
):
    offers = []
    window.session.offered.connect(offers.append)
    subprocess.run([sys.executable, "-c", OUTSIDE, str(project.path)], check=True, timeout=30)
    monkeypatch.setattr(window, "isActiveWindow", lambda: True)
    window.watch.look()
    qtbot.waitUntil(lambda: bool(offers), timeout=10_000)
    (road,) = window.session.snapshot.layers["road"].table
    assert road.attributes["name"] == "环路"
    assert "1" in offers[0].what.zh
    offers[0].acts[0][1]()
    (road,) = window.session.snapshot.layers["road"].table
    assert road.attributes["name"] == "中心路"


def test_a_field_that_another_program_takes_away_is_told_once_and_is_back_with_its_values(
    window, qtbot, project, monkeypatch, keys
):
    told = []
    window.session.message.connect(lambda what, level, _: told.append((what.zh, level)))
    before = window.session.snapshot.feature(keys["3"])
    gone = OUTSIDE.replace("UPDATE road SET name = '环路'", "ALTER TABLE building DROP COLUMN floors")
    subprocess.run([sys.executable, "-c", gone, str(project.path)], check=True, timeout=30)
    monkeypatch.setattr(window, "isActiveWindow", lambda: True)
    for _ in range(4):  # the first look may be at the whole file
        window.watch.look()
        qtbot.waitUntil(lambda: not window.watch._busy, timeout=10_000)
    assert [("层数" in words, level) for words, level in told] == [(True, "warning")]
    assert window.session.snapshot.feature(keys["3"]) == before


def test_damage_in_the_past_of_a_project_is_told_and_the_plan_can_still_be_looked_at(
    window, qtbot, project, tmp_path
):
    path = tmp_path / "damaged.gpkg"
    project.save_copy(path)
    with apsw.Connection(str(path)) as db:
        (page,) = db.execute("SELECT max(pageno) FROM dbstat WHERE name = 'pb_row'").fetchone()
        size = db.pragma("page_size")
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(data)
    told = []
    window.session.offered.connect(lambda offer: told.append((offer.what.zh, offer.level)))
    window.file_actions.open_path(path)
    qtbot.waitUntil(lambda: window.session.project is not project, timeout=10_000)
    damaged = window.session.project
    window.watch.look()
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert [kind for words, kind in told if "已损坏" in words] == ["error"]
    assert not window.session.editable
    assert not window.view_bar.isHidden()
    assert not window.actions_.qt["tool.draw-line"].isEnabled()
    assert len(window.session.snapshot.layers["road"].table) > 0
    window.session.set_project(None)
    damaged.close()
    assert path.read_bytes() == data


def test_edits_of_another_program_on_several_layers_are_one_message_when_a_file_is_opened(
    window, qtbot, project, tmp_path
):
    path = tmp_path / "edited.gpkg"
    project.save_copy(path)
    both = OUTSIDE.replace("db.commit()", "db.execute('UPDATE building SET floors = 9')\ndb.commit()")
    subprocess.run([sys.executable, "-c", both, str(path)], check=True, timeout=30)
    path.chmod(0o444)
    told = []
    window.session.message.connect(lambda what, level, advice: told.append((what.zh, advice.zh)))
    window.file_actions.open_path(path)
    qtbot.waitUntil(lambda: window.session.project.path == path, timeout=10_000)
    ((what, advice),) = told
    assert "建筑" in what
    assert "道路" in what
    assert advice.startswith("这里已计入")
    (road,) = window.session.snapshot.layers["road"].table
    assert road.attributes["name"] == "环路"
    assert "只能查看" in window.canvas.tool.first_hint.zh
    window.session.project.close()
    window.session.set_project(None)
