"""The style sheet of the window, filled from the tokens."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from string import Template

from ui.theme.tokens import BASE_PX, HEADING_PX, RADIUS_PX, SMALL_PX, Theme

_SHEET = Path(__file__).with_name("window.qss")


def style_sheet(theme: Theme, caret: str, caret_right: str, tick: str, dash: str) -> str:
    """Return the sheet of one theme.

    Parameters
    ----------
    theme : Theme
    caret, caret_right, tick, dash : str
        Paths of the small pictures that Qt's sheets want as files.
    """
    return Template(_SHEET.read_text("utf-8")).substitute(
        asdict(theme),
        base=BASE_PX,
        small=SMALL_PX,
        heading=HEADING_PX,
        radius=RADIUS_PX,
        caret=caret,
        caret_right=caret_right,
        tick=tick,
        dash=dash,
    )
