"""Codes of problem spots, comments and changes as people write them in one field."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from layers.kind import Role
    from layers.schema import Value
    from layers.snapshot import Snapshot

ASKING: Final[tuple[Role, ...]] = ("drainage-spot", "traffic-spot", "comment")
"""What asks for changes; it is a reason and no change of the plan itself."""

_BETWEEN: Final = re.compile(r"[,、;\s]+")


def code_of(value: Value) -> str:
    """Return a code as it is compared: t13 and Ｔ１３ are T13. Empty if there is none.

    Examples
    --------
    >>> code_of(" ｔ１３ "), code_of(None), code_of(7)
    ('T13', '', '7')
    """
    return "" if value is None else unicodedata.normalize("NFKC", str(value)).strip().upper()


def split_codes(value: Value) -> tuple[str, ...]:
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


def asked_in(snapshot: Snapshot) -> dict[str, str]:
    """Return what asks for changes by its code: titles of spots and gists of comments, never their text."""
    found: dict[str, str] = {}
    for layer in snapshot.with_role(*ASKING):
        columns = layer.table.columns
        words = columns.get("title", columns.get("gist"))
        if words is None or "code" not in columns:
            continue
        for value, title in zip(columns["code"], words, strict=True):
            if code := code_of(value):
                found.setdefault(code, str(title or ""))
    return found
