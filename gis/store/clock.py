"""Time as the file writes it. Order never comes from it: a clock may go backwards."""

from __future__ import annotations

from datetime import datetime

from layers.errors import RefusedError
from layers.text import Text


def now() -> str:
    """Return the local time in ISO form, to the second, with its offset."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def checked_time(text: str) -> str:
    """Return a given time in the form of `now`.

    Raises
    ------
    RefusedError
        If it is no ISO date and time with an offset.

    Examples
    --------
    >>> checked_time("2020-04-20T09:00+08:00")
    '2020-04-20T09:00:00+08:00'
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise RefusedError(
            Text("“{text}”不是带时区的日期时间。", "“{text}” is no date and time with an offset.").format(
                text=text
            ),
            code="time.form",
        )
    return time.isoformat(timespec="seconds")
