"""Merging a colleague's copy: conflicts seen, decided and done as one step."""

import pytest
from PyQt6.QtWidgets import QApplication

from gis.edit.features import move_features, remove_features, set_attributes
from gis.project import Project
from layers.text import Text
from ui.models.merge_words import conflict_words, with_value
from ui.panels.merge_panel import ENTRY
from ui.session import PREVIEW

WORD = Text("改", "change")


@pytest.fixture
def copy(project, tmp_path, keys):
    """A copy: building 3 moved east, 2 raised, 10 gone; ours meanwhile: 3 moved south, 10 with 5 floors."""
    project.freeze("第一版")
    path = tmp_path / "colleague.gpkg"
    project.save_copy(path)
    with Project.open(path) as theirs:
        theirs.apply(move_features(theirs.snapshot, [keys["3"]], 12, 0), WORD)
        theirs.apply(set_attributes(theirs.snapshot, [keys["2"]], {"floors": 7}), WORD)
        theirs.apply(remove_features(theirs.snapshot, [keys["10"]]), WORD)
    project.apply(move_features(project.snapshot, [keys["3"]], 0, -6), WORD)
    project.apply(set_attributes(project.snapshot, [keys["10"]], {"floors": 5}), WORD)
    return path


@pytest.fixture
def merging(window, qtbot, copy):
    window.branch_actions.merge_path(copy)
    qtbot.waitUntil(lambda: window.merge.merge is not None, timeout=20_000)
    return window.merge


def test_what_comes_in_and_what_must_be_decided_are_listed_apart(merging, keys):
    tree = merging.tree
    listed = {
        tree.topLevelItem(at).text(0): [
            tree.topLevelItem(at).child(i).data(0, ENTRY) for i in range(tree.topLevelItem(at).childCount())
        ]
        for at in range(tree.topLevelItemCount())
    }
    conflicts = listed["双方都改了，需要选择  2"]
    assert {conflict.key for conflict in conflicts} == {keys["3"], keys["10"]}
    (incoming,) = listed["将并入的修改  1"]
    assert incoming.key == keys["2"]


def test_nothing_is_done_before_every_conflict_is_decided(merging, project, qtbot):
    assert not merging._go.isEnabled()
    assert "2" in merging._go.text()
    with qtbot.assertNotEmitted(merging.confirmed):
        merging._confirm()
    merging.decide(merging.undecided[0], "ours")
    assert not merging._go.isEnabled()
    merging.decide(merging.undecided[0], "ours")
    assert merging._go.isEnabled()


def test_one_side_for_the_rest_leaves_what_was_chosen_one_by_one(merging):
    first, second = merging.undecided
    assert merging._ours.text() == "全部用本方"
    merging.decide(first, "theirs")
    assert merging._ours.text() == "其余用本方"
    merging._ours.click()
    assert merging.decisions == {first.id: "theirs", second.id: "ours"}
    assert not merging._ours.isVisible()
    merging._again.click()
    assert merging.undecided == (first, second)
    assert not merging._go.isEnabled()


def test_a_decision_leads_to_the_next_open_conflict(merging):
    first, second = merging.undecided
    merging.decide(first, "theirs")
    assert merging.tree.currentItem().data(0, ENTRY) is second


def test_the_merge_is_one_step_that_can_be_undone(merging, window, project, keys, qtbot):
    before, steps = project.snapshot, len(project.history.done)
    merging.decide_rest("theirs")
    merging._confirm()
    qtbot.waitUntil(lambda: merging.merge is None, timeout=20_000)
    assert project.snapshot.feature(keys["10"]) is None
    assert project.snapshot.feature(keys["2"]).attributes["floors"] == 7
    assert len(project.history.done) == steps + 1
    window.session.undo()
    assert project.snapshot.feature(keys["10"]) == before.feature(keys["10"])
    assert project.snapshot.feature(keys["3"]) == before.feature(keys["3"])


def test_each_value_of_a_conflict_is_shown_on_the_map(merging, window, project, keys):
    conflict = next(c for c in merging.undecided if c.key == keys["3"])
    merging.tree.setCurrentItem(merging._items[conflict.id])
    merging._card.looks["theirs"].click()
    assert window.session.view == PREVIEW
    assert not window.session.editable
    assert window.session.snapshot.feature(keys["3"]).geometry.equals(conflict.theirs)
    merging._card.looks["ours"].click()
    assert window.session.view == "working"
    assert window.session.snapshot.feature(keys["3"]).geometry.equals(conflict.ours)


def test_a_conflict_says_how_each_side_moved_or_that_one_deleted(merging, project, keys):
    told = {c.key: conflict_words(c, project.snapshot) for c in merging.undecided}
    assert told[keys["3"]].name.zh == "3号楼"
    assert "向东 12.0 m" in told[keys["3"]].theirs.zh
    assert "向南 6.0 m" in told[keys["3"]].ours.zh
    assert told[keys["10"]].theirs.zh == "删除"


def test_looking_at_a_deleted_feature_takes_it_off_the_map(merging, project, keys):
    conflict = next(c for c in merging.undecided if c.key == keys["10"])
    assert with_value(project.snapshot, conflict, conflict.theirs).feature(keys["10"]) is None
    assert with_value(project.snapshot, conflict, conflict.ours) is project.snapshot


def test_an_edit_meanwhile_plans_the_merge_again_and_keeps_decisions(merging, window, project, keys, qtbot):
    kept = merging.undecided[0]
    merging.decide(kept, "ours")
    old = merging.merge
    window.session.show_working()
    window.session.run(WORD, lambda s: set_attributes(s, [keys["2"]], {"year": 1998}))
    qtbot.waitUntil(lambda: merging.merge is not old and merging.merge is not None, timeout=20_000)
    assert merging.decisions == {kept.id: "ours"}


def test_the_second_press_of_a_double_click_is_not_meant_for_the_page_that_comes_up(
    merging, window, qtbot, monkeypatch
):
    qtbot.wait(50)
    monkeypatch.setattr(QApplication, "doubleClickInterval", lambda: 1_500)
    window.drawer.open_page("postings")
    window.drawer.open_page("merge")
    place = merging._theirs.mapTo(window, merging._theirs.rect().center())
    assert window.childAt(place) is not merging._theirs
    qtbot.waitUntil(lambda: window.childAt(place) is merging._theirs, timeout=5_000)


def test_cancelling_changes_nothing_and_closes_the_page(merging, window, project):
    before = project.snapshot
    merging._cancel.click()
    assert merging.merge is None
    assert project.snapshot is before
    assert "merge" not in window.drawer.lasting_pages


def test_another_project_cannot_be_merged(window, qtbot, tmp_path, messages_of):
    path = tmp_path / "other.gpkg"
    Project.create(path, "Other", "EPSG:4548").close()
    window.branch_actions.merge_path(path)
    qtbot.waitUntil(lambda: bool(messages_of), timeout=10_000)
    assert messages_of[0][0] == "error"
    assert window.merge.merge is None


@pytest.fixture
def messages_of(window):
    told = []
    window.session.message.connect(lambda what, level, advice: told.append((level, what)))
    return told


def test_both_maps_stand_side_by_side_while_a_conflict_is_looked_at(merging, window, project, keys, qtbot):
    conflict = next(c for c in merging.undecided if c.key == keys["3"])
    merging.tree.setCurrentItem(merging._items[conflict.id])
    maps = window.maps
    assert maps.mode == "split"
    assert maps.paired
    assert maps.other.session.snapshot.feature(keys["3"]).geometry.equals(conflict.ours)
    assert maps.canvas.session.snapshot.feature(keys["3"]).geometry.equals(conflict.theirs)
    assert [card.title for card in maps.cards] == ["本方", "对方"]
    assert window.session.selection == {keys["3"]}


def test_after_the_merge_there_is_one_map_again_and_what_was_done_is_told(merging, window, told_words, qtbot):
    merging.decide_rest("theirs")
    merging._confirm()
    qtbot.waitUntil(lambda: merging.merge is None, timeout=20_000)
    assert window.maps.mode == "one"
    assert window.session.view == "working"
    assert "改动 3 个对象；冲突 2 处，用本方 0、用对方 2" in told_words()[-1]


@pytest.fixture
def told_words(window):
    return lambda: [card.offer.what.zh for card in window.messages.cards]
