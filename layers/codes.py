"""Codes of problem spots, comments and changes as people write them in one field."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BETWEEN: Final = re.compile(r"[,、;\s]+")


def code_of(value: object) -> str:
    """Return a code as it is compared: t13 and Ｔ１３ are T13. Empty if there is none.

    Examples
    --------
    >>> code_of(" ｔ１３ "), code_of(None), code_of(7)
    ('T13', '', '7')
    """
    return "" if value is None else unicodedata.normalize("NFKC", str(value)).strip().upper()


def split_codes(value: object) -> tuple[str, ...]:
    """Return the codes in an ``answers`` or ``about`` value, in their order, without repeats.

    Examples
    --------
    >>> split_codes("T03, d05；Ｃ01、t03"), split_codes(None)
    (('T03', 'D05', 'C01'), ())
    """
    return tuple(dict.fromkeys(code for code in _BETWEEN.split(code_of(value)) if code))


def spelled(value: str, *, several: bool) -> str | None:
    """Return codes as they are kept, in one spelling whoever wrote them; None if there is none.

    Examples
    --------
    >>> spelled(" t13", several=False), spelled("t13、Ｄ05", several=True), spelled(" ", several=True)
    ('T13', 'T13,D05', None)
    """
    return (",".join(split_codes(value)) if several else code_of(value)) or None
