"""One browser serves all page tests; every page is watched and must behave."""

import signal

import pytest

from gis.publish.page import build_page
from tests.gis.publish.plans import content
from tests.pages.chromium import Reader, Windows, chromium


def pytest_collection_modifyitems(items):
    """Keep the page tests on one worker, so that few browsers start."""
    for item in items:
        if "tests/pages/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("pages"))


TEST_S = 120


@pytest.fixture(autouse=True)
def hurried():
    """End a test in which the browser never answers, with the line that waits; not every step has a limit."""

    def late(*_):
        raise TimeoutError(f"a page test took longer than {TEST_S} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(TEST_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def two():
    """The page of the tiny estate in two revisions, made once for all."""
    return build_page(content())


@pytest.fixture(scope="session")
def windows(browser):
    return Windows(browser)


@pytest.fixture
def reader(windows, tmp_path):
    """Open pages; at the end none may have complained, asked for anything, or run foreign code."""
    opened = Reader(windows, tmp_path)
    yield opened
    ran = [page.evaluate("() => String(window.PWN) + String(window.__xss)") for page in opened.pages]
    requested = [page.requests for page in opened.pages]
    opened.close()
    assert opened.misdeeds == []
    assert all(word == "undefinedundefined" for word in ran)
    assert all(len(urls) == 1 for urls in requested), requested
