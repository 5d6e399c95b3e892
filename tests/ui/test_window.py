"""The window as a whole: both languages, sizes, files, messages."""

import re

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QToolButton, QWidget

from gis.edit.features import remove_features
from gis.project import Project
from layers.text import Text
from ui.panels.docks import DRAWER_PX
from ui.panels.layer_rows import LAYER_ID
from ui.panels.parts import Elided
from ui.recent import WindowMemory, load_memory, recent_files, save_memory

CHINESE = re.compile("[\u4e00-\u9fff]")
STRONG = Qt.FocusPolicy.TabFocus
USERS_OWN = {"北门积水", "幼儿园门口拥堵", "断头路", "中心路", "简体中文"}


def worded(window):
    for widget in window.findChildren(QLabel):
        yield widget, widget.text()
        yield widget, widget.toolTip()
    for widget in window.findChildren(QAbstractButton):
        yield widget, widget.text()
        yield widget, widget.toolTip()
    for widget in window.findChildren(QLineEdit):
        yield widget, widget.placeholderText()


def test_the_window_bears_the_programs_name_before_a_project_is_open(empty_window):
    assert empty_window.windowTitle() == "小区改造图板"
    assert empty_window.status.hint.text() == ""


def test_the_window_bears_the_plans_name_and_says_what_the_tool_expects(window):
    assert window.windowTitle() == "Estate - 小区改造图板"
    assert window.status.hint.text().startswith("单击选择")


def test_switching_to_english_leaves_no_chinese_word(window, keys):
    window.session.speak("en")
    for page in window.drawer.pages:
        window.drawer.open_page(page)
    for key in ("D01", "T02", "3"):
        window.session.select([keys[key]])
        left = {
            t
            for w, t in worded(window)
            if w.isVisible() and CHINESE.search(t) and not any(o in t for o in USERS_OWN)
        }
        assert left == set()


def test_switching_back_leaves_no_english_word(window, keys):
    window.session.speak("en")
    window.session.speak("zh")
    window.session.select([keys["3"]])
    allowed = re.compile(r"Estate|EPSG|Ctrl|R\d|^\d|^$|DN|Enter|Esc|plan\.gpkg|1:")
    left = {
        t
        for w, t in worded(window)
        if w.isVisible() and not CHINESE.search(t) and re.search("[A-Za-z]{3}", t)
    }
    assert {t for t in left if not allowed.search(t)} == set()


SIZES = {"1366x768": (1366, 768), "1920x1080 at 150 %": (1280, 720), "1366x768 at 150 %": (911, 512)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_window_fits_a_small_office_screen_even_enlarged(window, language, keys):
    window.session.speak(language)
    for page in window.drawer.pages:
        window.drawer.open_page(page)
        for chosen in ([], [keys["T02"]], [keys["3"], keys["2"]]):
            window.session.select(chosen)
            assert window.minimumSizeHint().width() <= 911
            assert window.minimumSizeHint().height() <= 512


def is_plain(widget):
    """Tell whether a widget shows its whole text in one line."""
    if isinstance(widget, QToolButton) and widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly:
        return widget.icon().isNull()
    if isinstance(widget, QLabel):
        return not widget.wordWrap() and not isinstance(widget, Elided)
    return isinstance(widget, QAbstractButton)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_label_or_button_is_cut_off(window, language, keys, qtbot, size):
    window.resize(*size)
    window.session.speak(language)
    window.session.select([keys["T02"]])
    cut = []
    for page in window.drawer.pages:
        window.drawer.open_page(page)
        qtbot.wait(30)
        for widget, text in worded(window):
            if is_plain(widget) and widget.isVisible() and text and text == widget.text():
                need = widget.fontMetrics().horizontalAdvance(text.replace("&", ""))
                if need > widget.width() + 1:
                    cut.append((page, text, need, widget.width()))
    assert cut == []


def test_a_drawer_tab_opens_and_a_second_click_closes(window):
    window.drawer.open_page("history")
    assert window.drawer.is_open
    window.drawer._on_tab("history")
    assert not window.drawer.is_open


def test_a_drawer_left_open_opens_low_at_the_next_start(qtbot):
    from gis.settings import Settings
    from ui import start

    start.application(Settings())
    save_memory(WindowMemory(drawer_open=True, drawer_page="spots"))
    made = start.make_window(Settings())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    qtbot.waitExposed(made)
    assert made.drawer.is_open
    qtbot.waitUntil(lambda: made.drawer.height() <= DRAWER_PX + 40)
    made.close()


def test_a_geopackage_that_is_no_project_is_offered_for_import(window, qtbot, tmp_path, project):
    from gis.exchange.export import export

    plain = tmp_path / "plain.gpkg"
    export(project.snapshot, plain, ["building"])
    offers = []
    window.session.offered.connect(offers.append)
    window.file_actions.open_path(plain)
    qtbot.waitUntil(lambda: bool(offers), timeout=10_000)
    assert offers[0].acts[0][0].en == "Import into this project…"
    assert window.session.project is project


def test_the_boxes_of_a_plan_are_worked_out_before_the_window_gets_it(
    empty_window, qtbot, tmp_path, monkeypatch
):
    import threading

    from layers.table import Table
    from tests.ui.canvas.mapping import make_project

    make_project(tmp_path / "plan.gpkg").close()
    asked, extent = [], Table.extent

    def told(table):
        asked.append((threading.current_thread() is threading.main_thread(), "bounds" in vars(table)))
        return extent(table)

    monkeypatch.setattr(Table, "extent", told)
    empty_window.file_actions.open_path(tmp_path / "plan.gpkg")
    qtbot.waitUntil(lambda: empty_window.session.project is not None, timeout=10_000)
    assert (False, False) in asked
    assert (True, False) not in asked
    project = empty_window.session.project
    empty_window.session.set_project(None)
    project.close()


def test_a_file_that_cannot_be_opened_is_told_with_advice_and_the_project_stays(
    window, qtbot, tmp_path, project
):
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"this is no database")
    told = []
    window.session.message.connect(lambda what, level, advice: told.append((level, what)))
    window.file_actions.open_path(broken)
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert told[0][0] == "error"
    assert window.session.project is project


def test_a_new_project_is_opened_and_heads_the_recent_ones(window, qtbot, tmp_path, project):
    path = tmp_path / "new.gpkg"
    window.file_actions.create(path, "新区", "EPSG:4548")
    qtbot.waitUntil(lambda: window.session.project is not project, timeout=10_000)
    made = window.session.project
    assert isinstance(made, Project)
    assert made.snapshot.title == "新区"
    assert window.windowTitle().startswith("新区")
    assert recent_files(window.settings)[0] == (path, True)


def test_a_recent_project_that_is_gone_is_known_to_be_gone(window, tmp_path):
    window.settings = window.settings.opened(tmp_path / "gone.gpkg")
    assert recent_files(window.settings)[0][1] is False


def test_the_layout_is_remembered_and_a_damaged_memory_is_forgotten(tmp_path):
    path = tmp_path / "window.json"
    assert save_memory(WindowMemory(drawer_open=True, coordinate_style="survey"), path)
    assert load_memory(path) == WindowMemory(drawer_open=True, coordinate_style="survey")
    path.write_text('{"drawer_open": "yes", "geometry": 3, "coordinate_style": "degrees"}', "utf-8")
    assert load_memory(path) == WindowMemory(coordinate_style="degrees")
    path.write_text("{", "utf-8")
    assert load_memory(path) == WindowMemory()


def test_a_bug_in_a_slot_is_reported_and_logged(window, qtbot):
    from PyQt6.QtWidgets import QPlainTextEdit

    from gis.logs import log_file, start_logging
    from ui.start import SafetyNet

    start_logging(log_file())
    net = SafetyNet(window)
    try:
        raise ZeroDivisionError("a test of the net")
    except ZeroDivisionError as error:
        net.catch(type(error), error, error.__traceback__)
    dialogs = [d for d in window.findChildren(QPlainTextEdit) if "a test of the net" in d.toPlainText()]
    assert len(dialogs) == 1
    assert "a test of the net" in log_file().read_text("utf-8")
    dialogs[0].window().close()


def test_switches_and_folds_are_as_they_were_left_at_the_next_start(qtbot, project):
    from gis.settings import Settings
    from ui import start

    start.application(Settings())
    first = start.make_window(Settings())
    qtbot.addWidget(first)
    first.session.set_project(project)
    tree = first.layers.tree
    tree.topLevelItem(0).setExpanded(False)
    legend = next(item for item in tree._items().values() if item.childCount() and item.parent().isExpanded())
    legend.setExpanded(True)
    folded, opened = tree.topLevelItem(0).text(0), str(legend.data(0, LAYER_ID))
    first.canvas.snapping = False
    first.actions_.trigger("edit.shared_borders")
    first.remember()
    first.session.set_project(None)
    second = start.make_window(Settings())
    qtbot.addWidget(second)
    second.session.set_project(project)
    again = second.layers.tree
    states = {
        again.topLevelItem(i).text(0): again.topLevelItem(i).isExpanded()
        for i in range(again.topLevelItemCount())
    }
    assert [name for name, is_open in states.items() if not is_open] == [folded]
    assert again._items()[opened].isExpanded()
    assert not second.canvas.snapping
    assert not second.actions_.qt["tool.snapping"].isChecked()
    assert second.session.shared_borders
    assert second.actions_.qt["edit.shared_borders"].isChecked()
    second.session.set_project(None)


def test_a_window_that_is_taken_down_whole_says_nothing_more(qtbot, project):
    from PyQt6 import sip

    from gis.settings import Settings
    from ui import start

    start.application(Settings())
    made = start.make_window(Settings())
    made.show()
    made.session.set_project(project)
    qtbot.waitExposed(made)
    made.session.set_project(None)
    with qtbot.captureExceptions() as raised:
        sip.delete(made)
    assert raised == []


def test_words_about_the_tool_and_its_layer_go_with_either(window):
    window.session.offer(Text("甲", "a"), [], "warning", passing=True)
    window.session.offer(Text("乙", "b"), [], "warning")
    window.actions_.trigger("tool.draw-line")
    assert [card.offer.what.en for card in window.messages.cards] == ["b"]
    window.session.offer(Text("甲", "a"), [], "warning", passing=True)
    window.layers.set_active("road")
    assert [card.offer.what.en for card in window.messages.cards] == ["b"]


def test_an_error_goes_when_the_next_edit_is_done_and_not_before(window, keys):
    window.session.tell(Text("坏了", "broken"), "error")
    window.session.offer(Text("坏了", "broken, too"), [(Text("开", "open"), lambda: None)], "error")
    window.actions_.trigger("tool.draw-line")
    assert len(window.messages.cards) == 2
    window.session.run(Text("删", "x"), lambda state: remove_features(state, [keys["3"]]))
    assert [card.offer.what.en for card in window.messages.cards] == ["broken, too"]


def test_the_buttons_of_a_message_are_reached_by_tab_and_the_map_has_the_keyboard_afterwards(window, qtbot):
    done = []
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    acts = [(Text("甲", "a"), lambda: done.append(1)), (Text("乙", "b"), lambda: done.append(2))]
    window.session.offer(Text("去哪里？", "Where?"), acts, "warning")
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    (card,) = window.messages.cards
    assert card.buttons[0].hasFocus()
    QTest.keyClick(card.buttons[0], Qt.Key.Key_Tab)
    QTest.keyClick(card.buttons[1], Qt.Key.Key_Space)
    assert done == [2]
    assert window.canvas.hasFocus()


def test_escape_takes_a_message_away_that_has_the_keyboard(window, qtbot):
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    window.session.tell(Text("坏了", "broken"), "error")
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    (card,) = window.messages.cards
    QTest.keyClick(card.buttons[0], Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()
    qtbot.waitUntil(lambda: not window.messages.cards)


def test_a_shortcut_that_can_do_nothing_now_says_why(window, qtbot, keys):
    told = []
    window.session.offered.connect(lambda offer: told.append(offer.what.zh))
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    QTest.keyClick(window.canvas, Qt.Key.Key_U)
    assert told == ["合并：请先选中对象。"]
    window.session.select([keys["2"]])
    assert not window.messages.cards


def test_switching_shared_borders_is_told(window):
    told = []
    window.session.message.connect(lambda what, level, advice: told.append(what.zh))
    window.actions_.trigger("edit.shared_borders")
    assert window.session.shared_borders
    assert "已开启" in told[-1]


def test_f10_opens_the_menus(window, qtbot):
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    QTest.keyClick(window.canvas, Qt.Key.Key_F10)
    first = window.header.bar.actions()[0].menu()
    qtbot.waitUntil(first.isVisible)
    first.close()


def test_escape_leads_from_every_panel_back_to_the_map(window, qtbot):
    window.activateWindow()
    window.show_page("findings")
    for widget in (window.layers.tree, window.table, window.header.draw, window.status.scale, window.history):
        inner = next((w for w in (widget, *widget.findChildren(QWidget)) if w.focusPolicy() & STRONG), widget)
        inner.setFocus()
        QTest.keyClick(inner, Qt.Key.Key_Escape)
        qtbot.waitUntil(window.canvas.hasFocus)


def test_tab_never_leads_into_a_closed_drawer(window, qtbot):
    window.activateWindow()
    window.canvas.setFocus()
    window.drawer.set_open(False)
    for _ in range(60):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert not QApplication.focusWidget().visibleRegion().isEmpty()
    assert window.drawer.titleBarWidget().width() == window.drawer.width() == window.centralWidget().width()
    window.drawer.set_open(True)
    assert window.drawer.widget().isEnabled()


def test_enter_leads_from_the_selection_to_its_form(window, keys, qtbot):
    window.activateWindow()
    window.session.select([keys["3"]])
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.attributes.isAncestorOf(QApplication.focusWidget()))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()


def test_tab_leads_from_what_is_selected_on_the_map_to_its_form(window, qtbot, keys):
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    window.session.select([keys["2"]])
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert window.attributes.isAncestorOf(window.focusWidget())
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()
