"""The sample estate, published as a newcomer does it."""

import pytest
from playwright.sync_api import expect

from gis.project import Project
from gis.publish import publish
from sample_data.estate import write_sample


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder / "sample.gpkg")
    project = Project.open(folder / "sample.gpkg")
    try:
        publish(project, folder / "page.html", revision="R3", compare="R1")
    finally:
        project.close()
    return (folder / "page.html").read_bytes()


def test_the_sample_is_one_small_file(page):
    assert len(page) < 260_000


@pytest.mark.parametrize("size", [(1440, 900), (390, 844), (320, 568)])
def test_the_sample_opens_and_every_tab_has_something_to_say(reader, page, size):
    opened = reader.open(page, size=size)
    items = {
        "changes": ".groups > li",
        "find": "#buildings li",
        "problems": ".spots > li",
        "legend": ".layer",
    }
    for tab, item in items.items():
        opened.click(f"#tab-{tab}")
        assert opened.locator(f"#pane-{tab} {item}").count() > 8, tab
    assert opened.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_every_change_and_every_problem_of_the_sample_opens(reader, page):
    opened = reader.open(page)
    groups = opened.locator(".groups > li > button")
    for number in range(groups.count()):
        groups.nth(number).click()
        expect(groups.nth(number)).to_have_attribute("aria-expanded", "true")
    opened.click("#tab-problems")
    spots = opened.locator(".spots > li > button")
    for number in range(0, spots.count(), 4):
        spots.nth(number).click()
        expect(opened.locator(".details h2")).to_be_visible()
        opened.keyboard.press("Escape")


def test_every_revision_of_the_sample_is_shown_both_ways(reader, page):
    opened = reader.open(page, locale="en-GB")
    for revision in ("1", "0", "2"):
        opened.select_option("#revision", revision)
        for mode in opened.locator("#views button").all():
            mode.click()
            expect(mode).to_have_attribute("aria-pressed", "true")
