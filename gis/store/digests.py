"""What seals a revision: a digest of everything that it holds.

A state is a set of lines, one for each feature: layer, feature id, hash of its content; and the
settings that belong to the plan. Two algorithms turn that into a digest.

The first, of files up to format 4, is SHA-256 over the sorted lines. It is still checked where a revision
was frozen with it, but takes as long as the plan is large.

The second adds the lines up. Each is stretched by SHAKE-128 to 21 numbers of 64 bits, and the numbers of
all lines are added place by place, modulo 2^64. A sum does not depend on order, so the one of a revision
follows from that of its parent: what changed goes out as it was and comes in as it is. The digest is
SHA-256 over sum and settings; the sum is kept beside it, and believed only if it gives that very digest.

That is safe although a sum looks weak. Damage changes a line, hence all 1,344 bits of its numbers, and goes
unnoticed with a chance of 2^-1344. Somebody who wants two plans of one sum must find lines that cancel out.
No line can stand twice in a plan, for an id is there once in its layer, so multiples are of no use; with
single lines the best way known (the generalised birthday of Wagner) takes about 2^(2 * sqrt(1344)) = 2^73
steps, and a short vector in the lattice of such sums takes more. Two contents with one hash of 128 bits, of
which the lines are made, take 2^64: the sum is not where a seal would break.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256, shake_128
from itertools import islice
from typing import Any, Final

import apsw
import numpy as np

from gis.store.settings import belongs_to_plan

_BYTES: Final = 168
"""What SHAKE-128 gives in one go."""
_HASH: Final = 16
_AT_ONCE: Final = 4096
"""Lines whose numbers are made at a time: those of a large plan would be twenty megabytes."""

Line = bytes
"""A feature as a digest sees it: layer, a zero, id, hash. No two are spelled alike, for a layer holds no
zero and every hash has 16 bytes."""


def spelled(layer: str, uids: Iterable[str], hashes: Iterable[bytes]) -> list[Line]:
    """Return the lines of features of one layer."""
    start = layer.encode() + b"\0"
    return [start + uid.encode() + digest for uid, digest in zip(uids, hashes, strict=True)]


def sorted_digest(lines: Iterable[Line], settings: Mapping[str, str]) -> str:
    """Return the digest of a state by the first algorithm.

    Parameters
    ----------
    settings : mapping of name to JSON text
        Those that only steer the display are left out.
    """
    texts = sorted(_as_text(line) for line in lines)
    return sha256("\n".join([*texts, *_plan(settings)]).encode()).hexdigest()


def _as_text(line: Line) -> str:
    return f"{line[:-_HASH].decode().replace(chr(0), chr(9), 1)}\t{line[-_HASH:].hex()}"


def summed_digest(content: bytes, settings: Mapping[str, str]) -> str:
    """Return the digest of a state by the second algorithm, from the sum of its lines."""
    return sha256(content + "\n".join(_plan(settings)).encode()).hexdigest()


def _plan(settings: Mapping[str, str]) -> list[str]:
    return sorted(f"{name}\t{text}" for name, text in settings.items() if belongs_to_plan(name))


def numbers_of(lines: Iterable[Line]) -> np.ndarray:
    """Return the numbers of lines, shape (n, 21)."""
    stretched = b"".join([shake_128(line).digest(_BYTES) for line in lines])
    return np.frombuffer(stretched, "<u8").reshape(-1, _BYTES // 8)


def sum_of(lines: Iterable[Line]) -> bytes:
    """Return the sum of lines."""
    total, rest = np.zeros(_BYTES // 8, dtype="<u8"), iter(lines)
    while part := list(islice(rest, _AT_ONCE)):
        total += numbers_of(part).sum(axis=0, dtype="<u8")
    return packed(total)


def exchanged(content: bytes, gone: Iterable[Line], come: Iterable[Line]) -> bytes:
    """Return a sum after some lines went and others came."""
    before = np.frombuffer(content, "<u8")
    less, more = (np.frombuffer(sum_of(lines), "<u8") for lines in (gone, come))
    return packed(before - less + more)


def packed(numbers: np.ndarray) -> bytes:
    """Return a sum as it is kept."""
    return numbers.astype("<u8").tobytes()


def working_sum(db: apsw.Connection, names: Mapping[int, str]) -> bytes:
    """Return the sum of the working plan as its versions are noted, which reads a line for each feature.

    Parameters
    ----------
    names : mapping of layer number to layer id
    """
    rows: Any = db.execute(
        "SELECT h.layer_id, f.uid, r.hash FROM pb_head h CROSS JOIN pb_feature f ON f.feat_id = h.feat_id"
        " CROSS JOIN pb_row r ON r.row_id = h.row_id"
    )
    starts = {number: name.encode() + b"\0" for number, name in names.items()}
    return sum_of(starts[layer] + uid.encode() + digest for layer, uid, digest in rows if layer in starts)
