"""Every task of a reader, with the keyboard alone: no step here touches a mouse or sets the focus."""

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def page(two):
    return two


def tab_to(opened, selector, most=80):
    """Press Tab until an element has the focus; it must be in sight then."""
    for _ in range(most):
        opened.keyboard.press("Tab")
        if opened.evaluate("s => document.activeElement.matches(s)", selector):
            seen = opened.evaluate(
                """() => {
                    const here = document.activeElement, b = here.getBoundingClientRect();
                    const top = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
                    return !!top && (here.contains(top) || top.contains(here));
                }"""
            )
            assert seen, f"{selector} has the focus behind something else"
            return
    raise AssertionError(f"Tab never reaches {selector}")


def press(opened, *keys):
    for key in keys:
        opened.keyboard.press(key)


def test_finding_a_building_and_going_back(reader, page):
    opened = reader.open(page)
    tab_to(opened, "#tab-changes")
    press(opened, "ArrowRight", "Tab")
    expect(opened.locator("#query")).to_be_focused()
    opened.keyboard.type("十二栋")
    press(opened, "Enter")
    expect(opened.locator("#card h2")).to_have_text("12号楼")
    expect(opened.locator("#card h2")).to_be_focused()
    press(opened, "Escape")
    expect(opened.locator("#query")).to_be_focused()


def test_reading_a_change_and_commenting_on_it(reader, page):
    opened = reader.open(page)
    tab_to(opened, ".groups .group")
    press(opened, "Enter")
    expect(opened.locator("#group-1 > button")).to_have_attribute("aria-expanded", "true")
    expect(opened.locator("#group-1 > button")).to_be_focused()
    tab_to(opened, ".comment .act", 4)
    press(opened, "Enter")
    expect(opened.locator("#group-1 textarea")).to_be_focused()
    opened.keyboard.type("请保留这棵树")
    assert opened.locator("#group-1 textarea").input_value().endswith("请保留这棵树")
    press(opened, "Tab")
    expect(opened.locator("#group-1 .strong")).to_be_focused()


def test_comparing_before_and_after_and_moving_the_divider(reader, page):
    opened = reader.open(page)
    picture = "() => document.querySelector('#map canvas').toDataURL()"
    tab_to(opened, "#views [data-mode=before]")
    after = opened.evaluate(picture)
    press(opened, "Enter")
    assert opened.evaluate(picture) != after
    press(opened, "Tab", "Tab", "Tab", "Enter")
    expect(opened.locator("#views [data-mode=swipe]")).to_have_attribute("aria-pressed", "true")
    tab_to(opened, "#swipe input", 4)
    middle = opened.evaluate(picture)
    press(opened, *["ArrowLeft"] * 20)
    opened.wait_for_timeout(60)
    assert opened.evaluate(picture) != middle


def test_switching_layers_revision_and_language(reader, page):
    opened = reader.open(page)
    tab_to(opened, "#revision")
    press(opened, "ArrowDown")
    expect(opened.locator("#older")).to_be_visible()
    tab_to(opened, "#language")
    press(opened, "Enter")
    expect(opened.locator("html")).to_have_attribute("lang", "en")
    tab_to(opened, "#tab-changes")
    press(opened, "End")
    expect(opened.locator("#tab-legend")).to_be_focused()
    tab_to(opened, "#pane-legend input")
    press(opened, "Space")
    assert not opened.evaluate("() => document.activeElement.checked")


def test_reading_about_a_problem_and_what_answers_it(reader, page):
    opened = reader.open(page)
    tab_to(opened, "#tab-changes")
    press(opened, "ArrowRight", "ArrowRight")
    expect(opened.locator("#tab-problems")).to_be_focused()
    tab_to(opened, ".spots .group")
    press(opened, "Enter")
    expect(opened.locator("#card h2")).to_be_focused()
    tab_to(opened, "#card .close", 20)
    press(opened, "Enter")
    expect(opened.locator(".spots .group").first).to_be_focused()


def test_nothing_holds_the_focus_for_ever(reader, page):
    opened = reader.open(page)
    seen = []
    for _ in range(120):
        opened.keyboard.press("Tab")
        seen.append(opened.evaluate("() => document.activeElement.id || document.activeElement.className"))
    assert seen.count("skip") >= 2
    opened.keyboard.press("Shift+Tab")
    assert opened.evaluate("() => document.activeElement !== document.body")
