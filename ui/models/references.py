"""What a code stands for: a problem spot, a comment, or a numbered change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from layers.changes import Key
from layers.codes import code_of
from layers.feature import Feature
from layers.revision import FIRST_OBJECT
from layers.snapshot import Snapshot
from layers.text import Text, same

_NUMBER: Final = re.compile(r".+-(\d{1,7})").fullmatch

_CHANGED: Final = Text("变更 {c}", "Change {c}")
_OBJECT: Final = Text("对象 {c}", "Object {c}")


@dataclass(frozen=True)
class Reference:
    """A code as a person reads it.

    Parameters
    ----------
    code : str
    words : Text
    key : Key or None
        The spot or comment it stands for.
    is_number : bool
        Whether it is the number of a change, ``R2-3``, or of an object in a revision, ``R2-1704``.
    """

    code: str
    words: Text
    key: Key | None = None
    is_number: bool = False

    @property
    def known(self) -> bool:
        """Whether it leads anywhere."""
        return self.key is not None or self.is_number


def references_of(snapshot: Snapshot, codes: Iterable[str]) -> tuple[Reference, ...]:
    """Return what each code stands for, in the order given."""
    asked = {
        code_of(feature.attributes.get("code")): ((layer.id, feature.uid), feature)
        for layer in snapshot.with_role("drainage-spot", "traffic-spot", "comment")
        for feature in layer.table
    }
    return tuple(_reference(code, asked.get(code_of(code))) for code in codes)


def _reference(code: str, found: tuple[Key, Feature] | None) -> Reference:
    if found is not None:
        key, feature = found
        title = feature.attributes.get("title") or feature.attributes.get("gist") or ""
        return Reference(code, same(f"{code} {title}".strip()), key)
    if match := _NUMBER(code):
        words = _CHANGED if int(match[1]) < FIRST_OBJECT else _OBJECT
        return Reference(code, words.format(c=code), is_number=True)
    return Reference(code, Text("{c}（没有这个编号）", "{c} (no such number)").format(c=code))
