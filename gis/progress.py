"""Progress of long work, and the wish to stop it."""

from __future__ import annotations

from collections.abc import Callable

from layers.errors import CancelledError
from layers.text import Text


class Progress:
    """What a long function tells, and asks, while it works.

    Parameters
    ----------
    report : callable, optional
        Called with a fraction 0-1 and what is being done. May come from any thread.
    cancelled : callable, optional
        Returns True once the user wants to stop.

    Notes
    -----
    Nothing long needs to know whether a window or a terminal listens; a
    default `Progress()` is silent and never cancelled.
    """

    def __init__(
        self,
        report: Callable[[float, Text], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._report = report
        self._cancelled = cancelled

    def step(self, fraction: float, doing: Text) -> None:
        """Tell how far the work is.

        Raises
        ------
        CancelledError
            If the user cancelled: the caller leaves everything as it was.
        """
        self.check()
        if self._report:
            self._report(fraction, doing)

    def check(self) -> None:
        """Raise `CancelledError` if the user cancelled."""
        if self._cancelled and self._cancelled():
            raise CancelledError(
                Text("已取消，未作任何更改。", "Cancelled; nothing was changed."), code="cancelled"
            )

    def part(self, start: float, end: float) -> Progress:
        """Return a progress whose 0-1 is `start`-`end` of this one."""
        report = self._report
        if report is None:
            return Progress(None, self._cancelled)
        return Progress(lambda f, t: report(start + f * (end - start), t), self._cancelled)
