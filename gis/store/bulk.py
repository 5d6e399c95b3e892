"""Making many small objects at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def many_objects() -> Iterator[None]:
    """Pause the search for cyclic garbage while a block makes many tuples and features.

    It would look at all of them again and again and find nothing: a third of the time of reading
    a large project.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()
