"""Blocks of attribute values: one value for all, numbers for few values, plain numbers, or one long text."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from layers.column import Block, ObjectArray, Plain, Rows, objects

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
    listed = values.tolist()
    types = set(map(type, listed)) - {_NONE}
    if not types:
        return Same(None, len(listed))
    if len(types) > 1:  # 1, 1.0 and True are one key of a mapping
        return Plain(values.copy())
    kind = types.pop()
    if kind is float:
        return _floats(listed)
    if kind not in (str, int, bool):
        return Plain(values.copy())
    known = dict.fromkeys(listed)
    if len(known) <= _MOST_CODES and len(known) <= max(2, len(listed) // 4):
        return _coded(listed, list(known))
    return _texts(listed) if kind is str else _integers(listed, values)


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
    codes = np.fromiter(map(number.__getitem__, listed), np.uint8, len(listed))
    return Coded(codes, objects([_shared(value) for value in known]))


def _shared(value: Any) -> Any:
    """Return the one object that stands for a word in all blocks."""
    return sys.intern(value) if type(value) is str else value


def _texts(listed: list[str | None]) -> Block:
    words = ["" if word is None else word for word in listed]
    ends = np.fromiter(accumulate(map(len, words), initial=0), np.uint32, len(words) + 1)
    joined = "".join(words)
    return Texts(joined, ends.astype(np.min_scalar_type(len(joined))), _missing(listed))


def _integers(listed: list[int | None], values: ObjectArray) -> Block:
    known = [number for number in listed if number is not None]
    low, high = min(known), max(known)
    if type(low) is not int or not (low >= -(2**63) and high < 2**63):
        return Plain(values.copy())
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
