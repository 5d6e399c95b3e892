"""What the editor of looks promises: the map follows, one step keeps it, cancelling returns."""

from __future__ import annotations

import json

import pytest
from PyQt6 import sip
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from gis.styling import color_of, mode_of
from layers.kinds import standard_kinds
from ui.panels.look_editor import Look, LookEditor
from ui.tasks import Tasks


@pytest.fixture
def tasks(session, qtbot):
    made = Tasks(session)
    yield made
    made.stop_all()


@pytest.fixture
def open_editor(qtbot, session, project, tasks):
    made = []

    def open_on(layer_id, page="symbol"):
        editor = LookEditor(None, project.snapshot.layers[layer_id], tasks, page)
        editor.show()
        made.append(editor)
        return editor

    yield open_on
    for editor in made:
        if not sip.isdeleted(editor):
            editor.reject()


def test_a_change_is_tried_at_once_and_kept_as_one_step(open_editor, qtbot, project, session):
    editor = open_editor("building")
    tried = []
    editor.tried.connect(lambda _, look: tried.append(look))
    editor.applied.connect(
        lambda layer_id, look: session.run(editor.layer.title, lambda s: look.edit(s, layer_id))
    )
    editor.symbol.choose_mode("single")
    editor.symbol.form.parts.setCurrentRow(1)
    assert mode_of(tried[-1].style) == "single"
    steps = len(project.history.done)
    editor.accept()
    assert len(project.history.done) == steps + 1
    assert mode_of(project.snapshot.layers["building"].style) == "single"
    session.undo()
    assert mode_of(project.snapshot.layers["building"].style) == "category"


def test_cancelling_shows_the_layer_as_it_was(open_editor, project):
    editor = open_editor("building")
    tried = []
    editor.tried.connect(lambda _, look: tried.append(look))
    editor.symbol.choose_mode("single")
    editor.reject()
    assert tried[-1] is None
    assert "style.building" not in project.snapshot.settings


def test_nothing_changed_is_no_step(open_editor, project):
    editor = open_editor("road")
    steps = len(project.history.done)
    editor.accept()
    assert len(project.history.done) == steps


def test_categories_are_made_of_the_values_of_a_field(open_editor, qtbot):
    editor = open_editor("building")
    editor.symbol.choose_mode("category")
    editor.symbol.category_field.set_value("number")
    editor.symbol.make_categories()
    assert editor.symbol.problem.text() == "正在分类…"
    qtbot.waitUntil(lambda: not editor.symbol.problem.text())
    titles = [r.title.zh for r in editor.look.style.rules]
    assert sorted(titles[:-1]) == ["10", "2", "3"]
    assert titles[-1] == "其他"


def test_classes_are_made_in_a_worker(open_editor, qtbot):
    editor = open_editor("building")
    editor.symbol.choose_mode("class")
    editor.symbol.class_field.set_value("households")
    editor.symbol.make_classes()
    qtbot.waitUntil(lambda: mode_of(editor.look.style) == "class", timeout=20000)
    assert editor.look.style.labels == editor.layer.style.labels


def test_classes_that_come_after_another_way_was_chosen_are_not_taken(open_editor, qtbot, tasks):
    editor = open_editor("building")
    editor.symbol.choose_mode("class")
    editor.symbol.class_field.set_value("households")
    editor.symbol.make_classes()
    editor.symbol.choose_mode("single")
    qtbot.waitUntil(lambda: not tasks.running, timeout=20000)
    assert mode_of(editor.look.style) == "single"
    assert editor.symbol.problem.text() == ""


def test_a_field_without_numbers_says_so_in_place(open_editor, qtbot):
    editor = open_editor("building")
    editor.symbol.choose_mode("class")
    editor.symbol.class_field.set_value("year")
    editor.symbol.make_classes()
    qtbot.waitUntil(lambda: "建成年份" in editor.symbol.problem.text(), timeout=20000)


def test_a_rule_by_expression_draws_what_meets_it(open_editor, qtbot):
    editor = open_editor("building")
    editor.symbol._add_rule()
    editor.symbol.form.condition.setText("户数 > 24")
    editor.symbol.form._on_condition()
    made = editor.look.style.rules[-2]
    assert [made.matches({"households": n}) for n in (24, 25)] == [False, True]


def test_nonsense_as_a_condition_is_refused_in_place_and_changes_nothing(open_editor):
    editor = open_editor("building")
    editor.symbol._add_rule()
    before = editor.look
    editor.symbol.form.condition.setText("户数 >")
    editor.symbol.form._on_condition()
    assert editor.look == before
    assert editor.symbol.form.problem.text()


def test_a_colour_chosen_in_the_palette_colours_the_part(open_editor, qtbot):
    from ui.panels.style_fields import ColorField

    editor = open_editor("building")
    field = editor.symbol.form.findChildren(ColorField)[0]
    field.set_color("#123456")
    assert color_of(editor.look.style.rules[0].symbol) == "#123456"


def test_parts_are_added_moved_and_removed(open_editor):
    editor = open_editor("building")
    form = editor.symbol.form
    form.add_part("hatch")
    assert type(editor.look.style.rules[0].symbol[-1]).__name__ == "Hatch"
    form._shift_part(-1)
    assert type(editor.look.style.rules[0].symbol[-2]).__name__ == "Hatch"
    form._drop_part()
    assert editor.look.style == editor.layer.style


def test_a_label_follows_its_form(open_editor):
    editor = open_editor("building", "label")
    count = len(editor.look.style.labels)
    editor.label.add("{households}户")
    editor.label._set(size_mm=4.0, placement="below")
    made = editor.look.style.labels[-1]
    assert len(editor.look.style.labels) == count + 1
    assert (made.template, made.size_mm, made.placement) == ("{households}户", 4.0, "below")


def test_symbols_and_labels_of_two_pages_come_together(open_editor):
    editor = open_editor("building")
    editor.label.add("{households}")
    editor.symbol.choose_mode("single")
    assert mode_of(editor.look.style) == "single"
    assert editor.look.style.labels[-1].template == "{households}"


def test_nonsense_in_a_field_keeps_the_editor_open_until_it_is_mended(open_editor, project):
    editor = open_editor("building")
    applied = []
    editor.applied.connect(lambda _, look: applied.append(look))
    editor.shown.filter.setText("floors >> 5")
    editor.accept()
    assert editor.isVisible()
    assert not applied
    assert editor._word.text() == "请先改正红框中的内容。"
    editor.shown.filter.setText("floors > 5")
    editor.accept()
    assert not editor.isVisible()
    assert len(applied) == 1
    assert applied[0].told(Look.of(editor.layer)).zh == "图层 {n} 的筛选"


def test_a_filter_is_counted_and_nonsense_said_in_place(open_editor):
    editor = open_editor("building", "shown")
    page = editor.shown
    page.filter.setText("户数 > 24")
    page.take_filter()
    assert "2 / 3" in page.said.text()
    kept = editor.look.filter
    page.filter.setText("户数 >> 24")
    page.take_filter()
    assert editor.look.filter == kept
    assert "第" in page.said.text()


def test_scales_that_hold_nothing_are_not_taken(open_editor):
    editor = open_editor("building", "shown")
    editor.shown.nearest.setCurrentText("1:2000")
    editor.shown.farthest.setCurrentText("1:500")
    assert editor.look.scales == (2000, 0)
    editor.shown.farthest.setCurrentText("1:5,000")
    assert editor.look.scales == (2000, 5000)


def test_a_style_goes_through_the_clipboard_as_text(open_editor, qtbot):
    first = open_editor("building")
    first.copy()
    assert json.loads(QApplication.clipboard().text())["format"] == "planboard-style"
    other = open_editor("green")
    other.paste()
    assert other.look.style == first.look.style
    other.reset()
    assert other.look.style == other.layer.kind.style


def test_a_clipboard_without_a_style_is_said_and_changes_nothing(open_editor):
    editor = open_editor("building")
    QApplication.clipboard().setText("hello")
    editor.paste()
    assert not editor.changed


def test_enter_ends_a_field_and_does_not_close(open_editor, qtbot):
    editor = open_editor("building")
    qtbot.keyClick(editor.symbol.form.title, Qt.Key.Key_Return)
    assert editor.isVisible()
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()


@pytest.mark.parametrize("name", sorted(standard_kinds()))
def test_every_symbol_of_every_sort_of_layer_can_be_opened(open_editor, name):
    editor = open_editor(name)
    for at in range(editor.symbol.rules.count()):
        editor.symbol.rules.setCurrentRow(at)
        for part in range(editor.symbol.form.parts.count()):
            editor.symbol.form.parts.setCurrentRow(part)
    assert not editor.changed


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_the_editor_stays_as_wide_as_it_was_placed(open_editor, session, qtbot, tongue):
    session.speak(tongue)
    editor = open_editor("building")
    width = editor.width()
    for mode in editor.symbol.modes:
        editor.symbol.choose_mode(mode)
        qtbot.wait(20)
        assert editor.width() == width, mode
