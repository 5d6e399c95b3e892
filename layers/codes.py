"""Codes of problem spots, comments and changes as people write them in one field."""

from __future__ import annotations

import re
from typing import Final

from layers.schema import Value

_BETWEEN: Final = re.compile(r"[,，、;；\s]+")


def split_codes(value: Value) -> tuple[str, ...]:
    """Return the codes in an ``answers`` or ``about`` value, in their order, without repeats.

    Examples
    --------
    >>> split_codes("T03, D05；C01"), split_codes(None)
    (('T03', 'D05', 'C01'), ())
    """
    return tuple(dict.fromkeys(code for code in _BETWEEN.split(str(value or "")) if code))
