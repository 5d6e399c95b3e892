"""From a command to a window: application, language, first project, and the net below bugs."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from importlib import import_module
from pathlib import Path
from types import TracebackType

from PyQt6 import sip
from PyQt6.QtCore import QObject, Qt, QThreadPool, QTimer, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication

from gis import spare_memory
from gis.i18n import set_language, system_language
from gis.logs import NAME, log_file, start_logging
from gis.settings import Settings, load_settings
from ui.connections import connect_parts
from ui.qt_words import speak_qt
from ui.recent import load_memory, recent_files
from ui.session import Session
from ui.theme.appearance import apply_theme
from ui.theme.icons import icon
from ui.theme.tokens import LIGHT, THEMES
from ui.window import Window

_IDLE_MS = 4_000


def start(path: Path | None = None) -> int:
    """Open the window and run until it is closed."""
    start_logging()
    settings = load_settings()
    set_language(settings.language or system_language())
    app = application(settings)
    window = make_window(settings)
    net = SafetyNet(window)
    net.spread()
    window.fit_screen()
    window.show()
    keep_what_is_there()
    window.session.project_opened.connect(gc.freeze)
    QTimer.singleShot(0, lambda: open_first(window, path))
    QTimer.singleShot(_IDLE_MS, load_ahead)
    try:
        return app.exec()
    finally:
        net.take_in()
        end(window)


def end(window: Window) -> None:
    """Take a closed window down before the application it needs, and wait for what still works for it.

    At the end of the process nothing says which of the two goes first, and threads that draw letters need the
    fonts of the application.
    """
    sip.delete(window)
    pool = QThreadPool.globalInstance()
    if pool is not None:
        pool.waitForDone()


def load_ahead() -> None:
    """Load in the background what the first import needs; it takes a tenth of a second."""
    threading.Thread(target=import_module, args=("ui.imports.import_dock",), daemon=True).start()


def keep_what_is_there() -> None:
    """Let the search for cyclic garbage look only at what comes from now on.

    What the program is made of lives as long as it; looking at it again and again took a twentieth of a
    second each time.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


def application(settings: Settings) -> QApplication:
    """Return the application, dressed; there is one in a process."""
    spare_memory.prepare()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName(NAME)
    app.setApplicationDisplayName("")
    app.setDesktopFileName(NAME)
    apply_theme(app, THEMES.get(settings.theme, LIGHT))
    app.setWindowIcon(icon("map-trifold", "#0B6E6E"))
    return app


def make_window(settings: Settings) -> Window:
    """Return a window without a project."""
    session = Session()
    window = Window(session, settings, load_memory())
    connect_parts(window)
    session.setParent(window)
    session.language_changed.connect(speak_qt)
    speak_qt()
    return window


def open_first(window: Window, path: Path | None) -> None:
    """Open what was asked for, the last project, or the sample estate."""
    files = window.file_actions
    last = next((recent for recent, there in recent_files(window.settings) if there), None)
    if path is not None:
        files.open_path(path)
    elif last is not None:
        files.open_path(last)
    else:
        files.open_sample()
    window.canvas.setFocus()


class SafetyNet(QObject):
    """Catches what nobody expected, in any thread: one line in the log, one report panel.

    Signals
    -------
    caught(str)
        The traceback as text; crosses from worker threads to the window.
    """

    caught = pyqtSignal(str)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._hooks = (sys.excepthook, threading.excepthook)
        self.caught.connect(self._report)

    def spread(self) -> None:
        """Take over the hooks of this process."""
        sys.excepthook = self.catch
        threading.excepthook = lambda args: self.catch(args.exc_type, args.exc_value, args.exc_traceback)

    def take_in(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._hooks

    def catch(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Log an exception and tell the window."""
        import traceback

        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        told = error if error is not None else kind()
        logging.getLogger(NAME).error("unexpected error", exc_info=(kind, told, trace))
        self.caught.emit("".join(traceback.format_exception(kind, told, trace)))

    def _report(self, words: str) -> None:
        from ui.dialogs.report_dialog import show_report

        show_report(self._window, words, log_file())
