"""The Qt application that fonts and images need, in a program without a window."""

from __future__ import annotations

import os
import sys

from PyQt6.QtGui import QGuiApplication

_kept: list[QGuiApplication] = []


def ensure_application() -> None:
    """Make a Qt application if there is none yet; offscreen, so that no screen is needed.

    The window makes its own before anything is drawn; the command line and
    tests may have none.
    """
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QGuiApplication(sys.argv[:1]))
