"""A column in one piece of memory: how text and numbers by the hundred thousand travel between processes.

A list of Python objects costs ten times the memory and most of the time of reading a large file. A packed
column looks like a list to whoever asks for single values.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Final, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from layers.schema import Value

SEPARATOR: Final = "\x1e"
"""A control character that no encoding in use takes for part of another."""
_BYTE: Final = SEPARATOR.encode()
_SAMPLE: Final = 1000
_WHOLE: Final = (-(2**63), 2**63 - 1)

_BLANKS: Final = {
    "text": (_BYTE, b""),
    "real": (b"", bytes(8)),
    "whole": (b"", bytes(8)),
    "json": (b", ", b"null"),
}
"""What stands between two values, and for none."""

Kind: TypeAlias = Literal["text", "real", "whole", "json"]
Positions: TypeAlias = NDArray[np.int32]


def _nowhere() -> Positions:
    return np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class PackedColumn(Sequence[Value]):
    """Values of one kind.

    Parameters
    ----------
    kind : str
        ``text``: joined by `SEPARATOR`; ``real``, ``whole``: eight bytes each; ``json``: anything.
    data : bytes
    missing : array of int
        Positions without a value, in ascending order; what `data` holds there does not count.
    encoding : str
        Of text; Latin-1 while nobody knows.

    Examples
    --------
    >>> column = pack(["3号楼", None, "4号楼"])
    >>> column[0], column[1], len(column)
    ('3号楼', None, 3)
    """

    kind: Kind
    data: bytes
    missing: Positions = field(default_factory=_nowhere)
    encoding: str = "utf-8"

    @cached_property
    def _values(self) -> list[Value]:
        if self.kind == "json":
            return list(json.loads(self.data.decode("utf-8", "surrogatepass")))
        values: list[Value]
        if self.kind == "text":
            values = _shared(self.data.decode(self.encoding, "surrogatepass").split(SEPARATOR))
        else:
            values = np.frombuffer(self.data, "<f8" if self.kind == "real" else "<i8").tolist()
        for position in self.missing.tolist():
            values[position] = None
        return values

    def recoded(self, encoding: str) -> PackedColumn | None:
        """Return text whose bytes were of unknown encoding; None if a value does not fit the encoding."""
        if self.kind != "text":
            return self
        try:
            text = self.data.decode(encoding)
            if encoding.lower().replace("-", "") == "utf8":
                return replace(self, encoding="utf-8")
            return replace(self, data=text.encode(), encoding="utf-8")
        except (UnicodeError, LookupError):
            return None

    def telling(self) -> list[bytes]:
        """Return the bytes that tell the encoding: in one piece if they are UTF-8, else value by value."""
        if self.kind != "text" or self.data.isascii():
            return []
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError:
            return self.data.split(_BYTE)
        return [self.data]

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Value]: ...
    def __getitem__(self, index: int | slice) -> Value | Sequence[Value]:
        return self._values[index]

    def __len__(self) -> int:
        if self.kind in ("real", "whole"):
            return len(self.data) // 8
        return len(self._values) if self.kind == "json" else self.data.count(_BYTE) + 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (list, PackedColumn)) and self._values == list(other)

    def __hash__(self) -> int:
        return hash((self.kind, self.data, self.missing.tobytes()))

    def __iter__(self) -> Iterator[Value]:
        return iter(self._values)


def _shared(values: list[str]) -> list[Value]:
    """Return words of which equal ones are one object, if many are: a code list needs no memory."""
    start = values[:_SAMPLE]
    if len(set(start)) * 2 > len(start):
        return list(values)
    known: dict[str, str] = {}
    return [known.setdefault(value, value) for value in values]


def pack(values: Sequence[Value]) -> PackedColumn:
    """Return a column packed; whole columns of one type are much smaller and quicker than JSON."""
    if isinstance(values, PackedColumn):
        return values
    kinds = set(map(type, values))
    missing = _nowhere()
    present = values
    if type(None) in kinds and len(kinds) == 2:
        missing = np.array([i for i, value in enumerate(values) if value is None], dtype=np.int32)
        blank = next(kind for kind in kinds if kind is not type(None))()
        present = [blank if value is None else value for value in values]
        kinds = {type(blank)}
    return _of_one_kind(present, kinds, missing) or _as_json(values)


def joined(parts: Sequence[PackedColumn | int]) -> PackedColumn:
    """Return columns one behind the other as one; a number stands for so many rows without a value.

    Examples
    --------
    >>> list(joined([pack(["3号楼", "4号楼"]), 2, pack(["5号楼"])]))
    ['3号楼', '4号楼', None, None, '5号楼']
    """
    kinds = {part.kind for part in parts if isinstance(part, PackedColumn)}
    if len(kinds) != 1:
        return _as_json(list(chain.from_iterable([None] * p if isinstance(p, int) else p for p in parts)))
    kind = kinds.pop()
    glue, blank = _BLANKS[kind]
    pieces = [glue.join([blank] * p) if isinstance(p, int) else _bare(p) for p in parts]
    if kind == "json":
        return PackedColumn(kind, b"[" + glue.join(pieces) + b"]")
    missing, start = [_nowhere()], 0
    for part in parts:
        empty = np.arange(part, dtype=np.int32) if isinstance(part, int) else part.missing
        missing.append(empty + np.int32(start))
        start += part if isinstance(part, int) else len(part)
    return PackedColumn(kind, glue.join(pieces), np.concatenate(missing))


def _bare(column: PackedColumn) -> bytes:
    return column.data[1:-1] if column.kind == "json" else column.data


def _as_json(values: Sequence[Value]) -> PackedColumn:
    plain = json.dumps(list(values), ensure_ascii=False)
    return PackedColumn("json", plain.encode("utf-8", "surrogatepass"))


def _of_one_kind(values: Sequence[Value], kinds: set[type], missing: Positions) -> PackedColumn | None:
    if kinds == {str}:
        joined = SEPARATOR.join(values)  # type: ignore[arg-type]  # all are text
        if joined.count(SEPARATOR) == len(values) - 1:
            return PackedColumn("text", joined.encode("utf-8", "surrogatepass"), missing)
    if kinds == {float}:
        return PackedColumn("real", np.array(values, dtype="<f8").tobytes(), missing)
    if kinds == {int}:
        whole = [v for v in values if isinstance(v, int)]
        if min(whole) >= _WHOLE[0] and max(whole) <= _WHOLE[1]:
            return PackedColumn("whole", np.array(whole, dtype="<i8").tobytes(), missing)
    return None
