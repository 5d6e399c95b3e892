"""What the acts of the help menu do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QUrl
from PyQt6.QtGui import QDesktopServices

from gis.logs import log_file

if TYPE_CHECKING:
    from ui.workplace import Workplace


class HelpActions(QObject):
    """Guide, shortcuts, log, about."""

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self._window = window

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        from ui.dialogs import help_dialogs

        window = self._window
        return {
            "help.guide": lambda: help_dialogs.show_guide(window),
            "help.keys": lambda: help_dialogs.show_keys(window),
            "help.about": lambda: help_dialogs.show_about(window),
            "help.log": self._open_log,
        }

    def _open_log(self) -> None:
        folder = log_file().parent
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
