"""What a page and a sheet say about commenting: by whom posted, until when, how, where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gis.links import ADDRESS
from layers.snapshot import Snapshot

NOTICE_SETTINGS: Final[Mapping[str, str]] = {
    "office": "publish.office",
    "contact": "publish.contact",
    "how_to_comment": "publish.how_to_comment",
    "comment_from": "publish.comment_from",
    "comment_until": "publish.comment_until",
    "address": ADDRESS,
}
"""Settings that somebody fills in for publication; a text is a string or ``{"zh": ..., "en": ...}``."""

_PERIOD: Final = ("publish.comment_from", "publish.comment_until")


def with_todays_notice(state: Snapshot, today: Snapshot, *, newest: bool) -> Snapshot:
    """Return a state that says how to reach the office as the project says it today.

    A revision is frozen before it is posted: telephone, address and period are often
    filled in afterwards. What today is silent about stays as it was frozen.

    Parameters
    ----------
    state : Snapshot
        What is published.
    today : Snapshot
        The project's working plan.
    newest : bool
        Whether no later revision exists: only then does today's notice period concern it.
    """
    keys = [key for key in NOTICE_SETTINGS.values() if newest or key not in _PERIOD]
    said = {key: today.settings[key] for key in keys if today.settings.get(key)}
    changed = {key: value for key, value in said.items() if state.settings.get(key) != value}
    return replace(state, settings={**state.settings, **changed}) if changed else state
