"""A process together with all that it starts in turn: begun as one, ended as one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any


def group_options() -> dict[str, Any]:
    """Return how to start a process that `end_group` can end, without a window of its own."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def end_group(child: subprocess.Popen[bytes]) -> None:
    """End a process and what it started, such as a converter of drawings, which would go on by itself.

    Does no more than wait if all of them have ended.
    """
    if sys.platform == "win32":
        if child.poll() is None:
            told = subprocess.DEVNULL
            command = ["taskkill", "/T", "/F", "/PID", str(child.pid)]
            subprocess.run(command, check=False, stdout=told, stderr=told, **group_options())
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    if child.poll() is None:
        child.kill()
    child.wait()
