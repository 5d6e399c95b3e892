"""What a page and a sheet say about commenting: by whom posted, until when, how, where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gis.links import ADDRESS
from layers.changes import JsonValue
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

TITLE: Final = "publish.title"
"""Setting: what a page is called, if not by the name of the project."""
LANGUAGE: Final = "publish.language"
"""Setting: what a page opens in, ``"zh"`` or ``"en"``; as the reader's browser asks if not set."""
SHEET: Final = "draw."
"""Beginning of the settings that say what stands in a sheet's title block."""

_PERIOD: Final = ("publish.comment_from", "publish.comment_until")


def as_said(
    state: Snapshot, today: Snapshot, settings: Mapping[str, JsonValue] | None, *, newest: bool
) -> Snapshot:
    """Return a state that says how to comment: as some settings at hand say it, or the project of today.

    Either way an older state keeps its own notice period.
    """
    if settings is None:
        return with_todays_notice(state, today, newest=newest)
    return with_notice_of(state, settings if newest else with_period_of(settings, state))


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
    keys = [key for key in _keys(today.settings) if newest or key not in _PERIOD]
    said = {key: today.settings[key] for key in keys if today.settings.get(key)}
    changed = {key: value for key, value in said.items() if state.settings.get(key) != value}
    return replace(state, settings={**state.settings, **changed}) if changed else state


def with_notice_of(state: Snapshot, settings: Mapping[str, JsonValue]) -> Snapshot:
    """Return a state that says just what some settings say; what they are silent about it does not say."""
    own = {*_keys(state.settings), *_keys(settings)}
    kept = {key: value for key, value in state.settings.items() if key not in own}
    return replace(state, settings={**kept, **{key: settings[key] for key in own if settings.get(key)}})


def with_period_of(settings: Mapping[str, JsonValue], state: Snapshot) -> dict[str, JsonValue]:
    """Return settings with the notice period of an older state: that period is history."""
    kept = {key: value for key, value in settings.items() if key not in _PERIOD}
    return {**kept, **{key: state.settings[key] for key in _PERIOD if state.settings.get(key)}}


def _keys(settings: Mapping[str, JsonValue]) -> list[str]:
    return [*NOTICE_SETTINGS.values(), TITLE, LANGUAGE, *(key for key in settings if key.startswith(SHEET))]
