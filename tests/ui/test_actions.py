"""The registry of acts, and what is generated from it."""

import re
from collections import Counter

import pytest

from tests.ui.conftest import EAST, NORTH
from ui.acts.catalogue import ACTIONS, MENUS, TOOL_STRIP, Menu
from ui.tools.catalogue import TOOLS


def in_menus(menu):
    for item in menu.items:
        if isinstance(item, Menu):
            yield from in_menus(item)
        else:
            yield item


def test_every_act_is_in_a_menu():
    shown = {item for menu in MENUS for item in in_menus(menu)}
    assert set(ACTIONS) - shown == set()
    assert shown - set(ACTIONS) == {"-", "*recent"}
    assert set(TOOL_STRIP) - set(ACTIONS) == {"-"}


def test_no_shortcut_is_used_twice():
    uses = Counter(key for action in ACTIONS.values() for key in action.keys)
    assert [key for key, count in uses.items() if count > 1] == []


def test_every_map_tool_has_an_act_and_every_tool_act_a_tool():
    assert {a.tool for a in ACTIONS.values() if a.tool and a.id != "tool.snapping"} == set(TOOLS)


def test_every_icon_is_in_the_family(qapp):
    from ui.theme.icons import icon

    for action in ACTIONS.values():
        if action.icon:
            assert not icon(action.icon).isNull()
    with pytest.raises(KeyError):
        icon("no-such-icon")


def test_every_act_does_something(window):
    silent = [name for name, act in window.actions_.qt.items() if act.receivers(act.triggered) == 0]
    assert silent == []


def test_editing_acts_rest_while_a_revision_is_seen(window, project):
    project.freeze("第一版")
    window.session.show_state("R1", project.state("R1"))
    asleep = [a.id for a in ACTIONS.values() if a.need in ("editable", "edit-selection", "undo", "redo")]
    assert [name for name in asleep if window.actions_.qt[name].isEnabled()] == []
    window.session.show_working()
    assert window.actions_.qt["tool.draw-line"].isEnabled()
    assert window.actions_.qt["edit.undo"].isEnabled()


def test_no_chinese_is_left_in_english_but_the_users_own_words(window):
    window.session.speak("en")
    words = {act.text() for act in window.actions_.qt.values()} | {
        act.toolTip() for act in window.actions_.qt.values()
    }
    chinese = {w for w in words if re.search("[\u4e00-\u9fff]", w)}
    assert chinese == {"简体中文"}


@pytest.mark.parametrize(("tool", "places"), [("draw-line", 3), ("draw-arc", 2)])
def test_undo_takes_back_the_last_place_of_what_is_half_drawn_and_leaves_the_plan(window, tool, places):
    canvas, done = window.canvas, window.session.project.history.done
    canvas.active_layer = "road"
    canvas.set_tool(tool)
    for n in range(places):
        canvas.tool.take((EAST + 5 * n, NORTH + 30 + n * n))
    window.actions_.trigger("edit.undo")
    assert len(canvas.tool.points) == places - 1
    for _ in range(places - 1):
        window.actions_.trigger("edit.undo")
    assert canvas.tool.points == []
    assert window.session.project.history.done == done
    window.actions_.trigger("edit.undo")
    assert len(window.session.project.history.done) == len(done) - 1
