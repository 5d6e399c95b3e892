"""A damaged project in the window: told, and what can be read of it saved beside at a click."""

import pytest

from gis.project import Project
from gis.store.doctor import examine
from tests.gis.store.plans import damaged_through_sql, emptied
from ui.actions.rescue import free_beside


@pytest.fixture
def offers(window):
    told = []
    window.session.offered.connect(told.append)
    return told


@pytest.fixture
def damaged(project, tmp_path):
    project.freeze("一稿")
    path = tmp_path / "坏.gpkg"
    project.save_copy(path)
    return path


def save_act(offers):
    return next(act for offer in offers for words, act in offer.acts if words.zh == "另存能读出的内容")


@pytest.mark.parametrize("table", ["building", "pb_journal"])
def test_what_can_be_read_of_a_damaged_project_is_saved_beside_and_opened_at_a_click(
    window, qtbot, damaged, offers, keys, table
):
    before = emptied(damaged, table)
    window.file_actions.open_path(damaged)
    if table == "pb_journal":  # it opens, and the damage is found beside
        qtbot.waitUntil(lambda: window.session.project.path == damaged, timeout=10_000)
        window.watch.look()
    qtbot.waitUntil(lambda: bool(offers), timeout=10_000)
    assert "已损坏" in offers[0].what.zh
    save_act(offers)()
    saved = damaged.with_name("坏-救回.gpkg")
    qtbot.waitUntil(
        lambda: window.session.project is not None and window.session.project.path == saved, timeout=20_000
    )
    assert window.session.snapshot.feature(keys["3"]) is not None
    assert [r.label for r in window.session.project.revisions] == ["R1"]
    qtbot.waitUntil(lambda: any("救回" in offer.what.zh for offer in offers))
    assert damaged.read_bytes() == before


def test_a_damaged_object_is_told_and_repaired_at_a_click(window, qtbot, damaged, offers, keys):
    _, uid = keys["3"]
    swap = f"UPDATE building SET geom = (SELECT geom FROM building WHERE uid != '{uid}') WHERE uid = '{uid}'"
    damaged_through_sql(damaged, swap, "DELETE FROM pb_dirty")
    sound = window.session.snapshot.feature(keys["3"])
    window.file_actions.open_path(damaged)
    qtbot.waitUntil(lambda: window.session.project.path == damaged, timeout=10_000)
    assert window.session.snapshot.feature(keys["3"]) != sound
    window.watch.look()
    qtbot.waitUntil(lambda: bool(offers), timeout=10_000)
    assert "受损" in offers[0].what.zh
    next(act for words, act in offers[0].acts if words.zh == "修复")()
    qtbot.waitUntil(lambda: window.session.project is not None, timeout=20_000)
    assert window.session.project.path == damaged
    assert window.session.snapshot.feature(keys["3"]) == sound
    assert not examine(damaged.with_name("坏.before-repair.gpkg")).sound


def test_what_was_saved_before_is_not_gone_over(tmp_path, project):
    path = tmp_path / "x.gpkg"
    first = free_beside(path)
    first.write_bytes(b"")
    assert free_beside(path) not in (first, path)
    assert isinstance(project, Project)
