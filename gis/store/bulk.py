"""Making many small objects at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def many_objects(*, stay: bool = False) -> Iterator[None]:
    """Pause the search for cyclic garbage while a block makes many tuples and features.

    It would look at all of them again and again and find nothing: a third of the time of reading
    a large project. All threads wait for each look, so a window would stand still for up to half a second.

    Parameters
    ----------
    stay : bool
        Whether what was made lives on, without cycles: later searches need not look at it either. It goes
        as soon as nobody needs it.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
        if stay:
            gc.freeze()
    finally:
        if paused:
            gc.enable()
