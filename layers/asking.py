"""What asks for changes: problem spots and comments, each with a code that reasons name."""

from __future__ import annotations

from typing import Final

from layers.codes import code_of
from layers.kind import Role
from layers.snapshot import Snapshot

ASKING: Final[tuple[Role, ...]] = ("drainage-spot", "traffic-spot", "comment")
"""What asks for changes; it is a reason and no change of the plan itself."""


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
