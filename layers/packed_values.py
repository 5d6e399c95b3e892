"""Blocks of attribute values: one value for all, numbers for few values, plain numbers, or one long text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from layers.column import BLOCK, LEAST, Block, ObjectArray, Plain, Rows, objects

_NONE: Final = type(None)
_MOST_CODES: Final = 256


def pack_values(values: ObjectArray) -> Block:
    """Return some values packed so that they come out exactly: ``None``, ``1``, ``1.0`` and ``True`` differ.

    Examples
    --------
    >>> block = pack_values(objects(["brick", None, "brick"]))
    >>> block.take(None).tolist(), len(block.coded()[1])
    (['brick', None, 'brick'], 2)
    """
    return _packed(values.tolist())


def value_blocks(
    values: Sequence[Any],
    read: Callable[[Sequence[Any]], Sequence[Any]] | None = None,
    before: Block | None = None,
) -> Iterator[Block]:
    """Yield a column packed in blocks, as `layers.column.blocks_of` does, from what is no array yet.

    Parameters
    ----------
    read : callable, optional
        Makes values of what a file gave, and leaves text and whole numbers as they are.
    before : Block, optional
        The block that comes before: the few values of one are mostly those of the next, so they are
        tried first.
    """
    for start in range(0, len(values), BLOCK):
        some = values[start : start + BLOCK]
        block = _coded_like(some, before) if isinstance(before, Coded) else None
        if block is None:
            exact = list(read(some) if read is not None else some)
            block = _packed(exact) if len(exact) >= LEAST else Plain(objects(exact))
        yield block
        before = block if isinstance(block, Coded) or before is None else before


def _coded_like(listed: Sequence[Any], before: Coded) -> Block | None:
    """Return a block of no other values than another one; None if there are others."""
    known = before.values.tolist()
    types = set(map(type, known)) - {_NONE}
    if types != {str} and set(map(type, listed)) - {_NONE} != types:  # 1, 1.0 and True are one key
        return None
    number = {value: i for i, value in enumerate(known)}
    try:
        codes = np.frombuffer(bytes(map(number.__getitem__, listed)), dtype=np.uint8)
    except (KeyError, TypeError):  # what damage makes of a value may not even be hashable
        return None
    if (codes == codes[0]).all():
        return Same(known[codes[0]], len(codes))
    return Coded(codes, before.values)


def _packed(listed: list[Any]) -> Block:
    types = set(map(type, listed)) - {_NONE}
    if not types:
        return Same(None, len(listed))
    if len(types) > 1:  # 1, 1.0 and True are one key of a mapping
        return Plain(objects(listed))
    kind = types.pop()
    if kind is float:
        return _floats(listed)
    if kind not in (str, int, bool):
        return Plain(objects(listed))
    known = dict.fromkeys(listed)
    if len(known) <= _MOST_CODES and len(known) <= max(2, len(listed) // 4):
        return _coded(listed, list(known))
    return _texts(listed) if kind is str else _integers(listed)


class Same:
    """One value for all rows."""

    __slots__ = ("count", "value")

    def __init__(self, value: object, count: int) -> None:
        self.value = value
        self.count = count

    def __len__(self) -> int:
        """Count the rows."""
        return self.count

    def take(self, at: Rows | None) -> ObjectArray:
        """Return the value for some rows, or for all."""
        result = np.empty(self.count if at is None else len(at), dtype=object)
        result[:] = [self.value]
        return result

    def coded(self) -> tuple[NDArray[Any], Sequence[Any]]:
        """Return a zero for each row, and the value."""
        return np.zeros(self.count, dtype=np.uint8), [self.value]


class Coded:
    """Few different values, and a byte for each row that says which.

    Parameters
    ----------
    codes : array of uint8, shape (n,)
    values : object array
    """

    __slots__ = ("codes", "values")

    def __init__(self, codes: NDArray[np.uint8], values: ObjectArray) -> None:
        self.codes = codes
        self.values = values

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.codes)

    def take(self, at: Rows | None) -> ObjectArray:
        """Return the values of some rows, or of all."""
        return self.values[self.codes if at is None else self.codes[at]]

    def coded(self) -> tuple[NDArray[Any], Sequence[Any]]:
        """Return a number for each row, and what they stand for."""
        return self.codes, self.values.tolist()


class Texts:
    """Texts, one after the other in one.

    Parameters
    ----------
    joined : str
    ends : array of int, shape (n + 1,)
        Text i is ``joined[ends[i]:ends[i + 1]]``.
    missing : mask or None
        Rows that hold None.
    """

    __slots__ = ("ends", "joined", "missing")

    def __init__(self, joined: str, ends: NDArray[Any], missing: NDArray[np.bool_] | None) -> None:
        self.joined = joined
        self.ends = ends
        self.missing = missing

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.ends) - 1

    def take(self, at: Rows | None) -> ObjectArray:
        """Return the texts of some rows, or of all."""
        joined = self.joined
        if at is None:
            found = objects([joined[a:b] for a, b in pairwise(self.ends.tolist())])
        else:
            spans = zip(self.ends[at].tolist(), self.ends[at + 1].tolist(), strict=True)
            found = objects([joined[a:b] for a, b in spans])
        return _without(found, self.missing, at)

    def coded(self) -> None:
        """Return None: most texts stand there once."""
        return


class Numbers:
    """Whole or real numbers, each in as many bytes as the largest needs.

    Parameters
    ----------
    numbers : array, shape (n,)
        Of integers or float64.
    missing : mask or None
        Rows that hold None.
    """

    __slots__ = ("missing", "numbers")

    def __init__(self, numbers: NDArray[Any], missing: NDArray[np.bool_] | None) -> None:
        self.numbers = numbers
        self.missing = missing

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.numbers)

    def take(self, at: Rows | None) -> ObjectArray:
        """Return the numbers of some rows, or of all."""
        chosen = self.numbers if at is None else self.numbers[at]
        return _without(objects(chosen.tolist()), self.missing, at)

    def coded(self) -> None:
        """Return None: most numbers stand there once."""
        return


def _coded(listed: list[Any], known: list[Any]) -> Block:
    if len(known) == 1:
        return Same(_shared(known[0]), len(listed))
    number = {value: i for i, value in enumerate(known)}
    codes = np.frombuffer(bytes(map(number.__getitem__, listed)), dtype=np.uint8)
    return Coded(codes, objects([_shared(value) for value in known]))


def _shared(value: Any) -> Any:
    """Return the one object that stands for a word in all blocks."""
    return sys.intern(value) if type(value) is str else value


def _texts(listed: list[str | None]) -> Block:
    missing = _missing(listed)
    words: Sequence[Any] = listed if missing is None else ["" if word is None else word for word in listed]
    ends = np.zeros(len(words) + 1, dtype=np.uint32)
    np.cumsum(np.fromiter(map(len, words), np.uint32, len(words)), out=ends[1:])
    joined = "".join(words)
    return Texts(joined, ends.astype(np.min_scalar_type(len(joined))), missing)


def _integers(listed: list[int | None]) -> Block:
    known = [number for number in listed if number is not None]
    low, high = min(known), max(known)
    if type(low) is not int or not (low >= -(2**63) and high < 2**63):
        return Plain(objects(listed))
    kind = next(k for k in (np.int8, np.int16, np.int32, np.int64) if _fits(low, high, k))
    numbers = np.array([0 if number is None else number for number in listed], dtype=kind)
    return Numbers(numbers, _missing(listed))


def _fits(low: int, high: int, kind: type[np.signedinteger[Any]]) -> bool:
    room = np.iinfo(kind)
    return room.min <= low and high <= room.max


def _floats(listed: list[float | None]) -> Block:
    numbers = np.array([0.0 if number is None else number for number in listed], dtype=np.float64)
    return Numbers(numbers, _missing(listed))


def _missing(listed: Sequence[object]) -> NDArray[np.bool_] | None:
    if None not in listed:
        return None
    return np.fromiter((value is None for value in listed), bool, len(listed))


def _without(found: ObjectArray, missing: NDArray[np.bool_] | None, at: Rows | None) -> ObjectArray:
    if missing is not None:
        found[missing if at is None else missing[at]] = None
    return found
