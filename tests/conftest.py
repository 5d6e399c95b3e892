"""What every test stands on: no screen, no user's settings, one language, nothing left running."""

import gc
import os
import sys
import threading
import time

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The machines that run the tests are slow and busy; a deadline would test them instead of us.
settings.register_profile("planboard", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("planboard")

# Qt keeps these windows of its own for the whole process.
QT_OWN_WINDOWS = {"QTipLabel", "QComboBoxPrivateContainer", "QShapedPixmapWidget"}


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory, monkeypatch):
    """Give each test an empty home for settings, data and logs."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name))


@pytest.fixture(scope="session", autouse=True)
def _application_with_widgets(qapp):
    """Make the application that windows need before any test draws.

    Drawing alone makes one without widgets, and a process can only ever have one.
    """
    return qapp


@pytest.fixture
def qtbot(qtbot, monkeypatch):
    """Hold what a test shows until the test is over.

    The plugin holds its widgets weakly: one that only refers to itself any more would be found by the search
    for garbage, which may begin while that very widget is painted.
    """
    held, add = [], qtbot.addWidget

    def add_and_hold(widget, **options):
        held.append(widget)
        add(widget, **options)

    monkeypatch.setattr(qtbot, "addWidget", add_and_hold)
    return qtbot


@pytest.fixture(autouse=True)
def _patient_window(monkeypatch):
    """Let the window wait for each edit: a slow disk changes no test. Some test what happens meanwhile."""
    module = sys.modules.get("ui.edit_queue")
    if module is not None:
        monkeypatch.setattr(module, "PATIENCE_S", 60.0)


@pytest.fixture(autouse=True)
def _one_language():
    """Start and leave each test in Chinese, whatever it switched to."""
    _speak_chinese()
    yield
    _speak_chinese()


def _speak_chinese() -> None:
    i18n = sys.modules.get("gis.i18n")
    if i18n is not None:
        i18n.set_language("zh")


@pytest.fixture(autouse=True)
def _no_leaked_threads():
    """Fail a test that leaves a thread or a pool job running."""
    before = set(threading.enumerate())
    yield
    _finish_pool()
    left = [thread for thread in threading.enumerate() if _is_leak(thread, before)]
    deadline = time.monotonic() + 2
    for thread in left:
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread for thread in left if thread.is_alive()]
    assert not left, f"the test left threads running: {left}"


def _is_leak(thread, before) -> bool:
    # Python makes a stand-in for each foreign (Qt) thread that runs its code, and keeps it for ever.
    return thread not in before and not isinstance(thread, threading._DummyThread)


def _finish_pool() -> None:
    core = sys.modules.get("PyQt6.QtCore")
    if core is not None:
        pool = core.QThreadPool.globalInstance()
        assert pool.waitForDone(5000), "the test left jobs running in Qt's thread pool"


@pytest.fixture(autouse=True)
def _no_leaked_widgets(_no_leaked_threads):
    """Fail a test that leaves a window behind."""
    before = _windows()
    yield
    left = _windows() - before
    if left:
        gc.collect()
        left = _windows() - before
    assert not left, f"the test left windows open: {sorted(type(window).__name__ for window in left)}"


def _windows() -> set:
    widgets = sys.modules.get("PyQt6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return set()
    core = sys.modules["PyQt6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    windows = widgets.QApplication.topLevelWidgets()
    return {window for window in windows if type(window).__name__ not in QT_OWN_WINDOWS}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Count a skipped test as failed where ./test has promised every tool: a skipped test proves nothing."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Treat a module that skips itself in the same way."""
    report = yield
    if report.skipped:
        _refuse_skip(report)
    return report


def _refuse_skip(report) -> None:
    if os.environ.get("PLANBOARD_FAIL_ON_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, which ./test does not accept: {report.longrepr}"


def pytest_terminal_summary(terminalreporter):
    """Repeat which gates of ./test failed, where the reader looks."""
    failed = os.environ.get("PLANBOARD_FAILED_GATES")
    if failed:
        terminalreporter.section("gates that failed before the tests", red=True)
        terminalreporter.line(failed)
