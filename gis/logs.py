"""The log file, and what becomes of errors that nobody expected."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

from layers.errors import PlanboardError

NAME: Final = "planboard"
_MAX_BYTES: Final = 1_000_000


def log_file() -> Path:
    """Return where the log is written: the user's own log folder."""
    import platformdirs  # late: `--help` does not need it

    return Path(platformdirs.user_log_dir(NAME, appauthor=False)) / f"{NAME}.log"


def start_logging(path: Path | None = None) -> Path | None:
    """Send the program's log to its file; a second call changes nothing.

    Returns the file, or None if the folder cannot be written: a full or locked
    disk must not keep the program from starting.
    """
    path = path or log_file()
    logger = logging.getLogger(NAME)
    for running in [h for h in logger.handlers if isinstance(h, RotatingFileHandler)]:
        if Path(running.baseFilename) == path.absolute():
            return path
        logger.removeHandler(running)
        running.close()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_MAX_BYTES, backupCount=2, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return path


class Unexpected:
    """A block whose unforeseen errors go to the log instead of the screen.

    Errors that the user can do something about (`PlanboardError`) and
    interruptions pass through; anything else is written to the log with its
    traceback, and `error` holds it afterwards.

    Examples
    --------
    >>> with Unexpected(log=None) as crash:
    ...     1 / 0
    >>> type(crash.error).__name__
    'ZeroDivisionError'
    """

    def __init__(self, log: Path | None = None, *, write: bool = True) -> None:
        self.error: Exception | None = None
        self.log = log
        self._write = write

    def __enter__(self) -> Unexpected:
        """Begin the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Keep what happened; say that it is dealt with."""
        if not isinstance(error, Exception) or isinstance(error, (PlanboardError, BrokenPipeError)):
            return False
        self.error = error
        if self._write:
            self.log = start_logging(self.log)
            logging.getLogger(NAME).error("unexpected error", exc_info=(type(error), error, trace))
        return True
