"""Making many small objects at once."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MANY: Final = 50_000
"""So many new objects are no longer looked through for cycles once the block that made them ends."""
_lock = threading.Lock()
_inside: list[bool] = []
"""An entry for each block under way, in any thread; the first knows whether the search was on before."""


@contextmanager
def many_objects(*, stay: bool = False) -> Iterator[None]:
    """Pause the search for cyclic garbage while a block makes many tuples and features.

    It would look at all of them again and again and find nothing: a third of the time of reading
    a large project. All threads wait for each look, so a window would stand still for up to half a second.
    That holds for the first look after the block too: of very many, all that lives then is never looked at.

    Parameters
    ----------
    stay : bool
        Whether what was made lives on, without cycles: later searches need not look at it either. It goes
        as soon as nobody needs it.
    """
    with _lock:
        _inside.append(gc.isenabled())
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            if stay or gc.get_count()[0] > MANY:
                gc.freeze()
            before = _inside.pop() if len(_inside) > 1 else None
            if before is None and _inside.pop():
                gc.enable()
