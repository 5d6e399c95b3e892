"""One way to write building numbers in one plan: 25, 25号楼 and 25# are one house, and get one label."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from layers.layer import Layer
from layers.schema import Value
from layers.text import Text

_WRITTEN: Final = re.compile(r"(?:第\s*)?0*([0-9]+(?:-[0-9]+)?)\s*(号楼|号|#楼|#|栋|幢|座|楼)?")
_FEWEST: Final = 3
_MOST: Final = 5000
AS_HERE: Final = Text(
    "{n} 个楼号按本项目的写法导入，如“{old}”写作“{new}”",
    "{n} building numbers are written as in this plan, such as {new} for {old}",
)


@dataclass(frozen=True)
class Rewritten:
    """Building numbers in the way of a plan.

    Parameters
    ----------
    values : list
        As many as were given; what is no plain number stays as it is.
    count : int
        How many are written otherwise now.
    example : tuple of str
        One of them, before and after.
    """

    values: list[Value]
    count: int
    example: tuple[str, str]

    @property
    def told(self) -> Text:
        """What to say about it."""
        return AS_HERE.format(n=self.count, old=self.example[0], new=self.example[1])


def ending_here(layer: Layer) -> str | None:
    """Return what stands behind the digits of all building numbers of a layer, or None if they differ.

    Three numbers at least make a habit; at most 5,000 are looked at. Other layers have none.
    """
    name = layer.kind.number_field
    if layer.kind.role != "footprint" or name is None:
        return None
    return common_ending(layer.table.columns[name])


def common_ending(numbers: Iterable[Value]) -> str | None:
    """Return what stands behind the digits of numbers, or None if they are few or differ.

    Examples
    --------
    >>> common_ending(["1", "2", None, "13", "幼儿园"]), common_ending(["1#", "2#", "3#"])
    ('', '#')
    >>> common_ending(["1", "2号楼", "3"]), common_ending(["1", "2"])
    (None, None)
    """
    written = [found for value in islice(numbers, _MOST) if value is not None and (found := _parts(value))]
    endings = {ending for _, ending in written}
    return endings.pop() if len(endings) == 1 and len(written) >= _FEWEST else None


def rewritten(values: Sequence[Value], ending: str) -> Rewritten:
    """Return numbers as a plan writes them.

    Examples
    --------
    >>> rewritten(["25号楼", "北区3号楼", 7, None, "第08栋"], "").values
    ['25', '北区3号楼', 7, None, '8']
    >>> rewritten([7, 8.0, "9幢"], "号楼").values
    ['7号楼', '8号楼', '9号楼']
    """
    changed: dict[int, str] = {}
    for at, value in enumerate(values):
        parts = _parts(value)
        new = f"{parts[0]}{ending}" if parts else None
        if new is not None and new != str(value).strip().removesuffix(".0"):
            changed[at] = new
    first = next(iter(changed), None)
    example = ("", "") if first is None else (str(values[first]), changed[first])
    return Rewritten([changed.get(at, value) for at, value in enumerate(values)], len(changed), example)


def _parts(value: Value) -> tuple[str, str] | None:
    """Return digits and ending of a number, or None if it is more than that."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        if not value.is_integer():
            return None
        value = int(value)
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", str(value)).strip())
    return (match[1], match[2] or "") if match else None
