"""What surveyors and designers write inside a house: 砼6, 混5, 3号楼, 幼儿园."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from layers.schema import Value

_STRUCTURES: Final = {
    "砼": "frame", "钢砼": "frame", "钢混": "frame", "框": "frame", "框架": "frame",
    "混凝土": "frame", "钢筋混凝土": "frame",
    "混": "brick", "混合": "brick", "砖混": "brick", "砖": "brick",
    "剪": "shear", "框剪": "shear", "剪力墙": "shear",
    "简": "simple", "简易": "simple", "棚": "simple", "铁棚": "simple", "木棚": "simple", "破": "simple",
}  # fmt: skip
_WORDS: Final = "|".join(sorted(_STRUCTURES, key=len, reverse=True))
_HOUSE: Final = re.compile(rf"({_WORDS})\s*(?:(\d{{1,2}})(?:层|F)?|\((\d{{1,2}})\))?(?:[-+/(].{{0,6}})?")
_OTHER_HOUSE: Final = re.compile(r"(?:砖木|石木|土木|钢|石|土|木|铁)\s*(\d{1,2})(?:层|F)?")
"""Structures that no choice stands for; the floors are told all the same."""
_FLOORS: Final = re.compile(r"(?:地上)?(\d{1,2})\s*(?:F|层)(?:\s*/.*)?", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"([A-Za-z\u4e00-\u9fff]{0,4}?\d{1,4}(?:-\d{1,2})?)\s*(?:#|号)\s*(?:住宅)?(?:楼|栋|幢)?"
)
_BLOCK: Final = re.compile(r"[A-Za-z]?\d{1,4}(?:栋|幢|楼)")
_USES: Final = (
    ("kindergarten", re.compile(r"幼儿园|托儿所")),
    ("office", re.compile(r"居委会|社区服务|物业|办公|警务室|派出所")),
    (
        "service",
        re.compile(r"配电|变电|换热|泵房|厕所|公?厕$|传达室|门卫|车库|储藏|锅炉|垃圾房|活动室|车棚"),
    ),
    ("shop", re.compile(r"商铺|商业|超市|门头房|门市|沿街")),
)
_HOUSING: Final = re.compile(r"(?:多层|高层)?(?:住宅|居民)楼?")
_LONGEST: Final = 30


def building_values(text: str) -> dict[str, Value] | None:
    """Return the attributes that a text inside an outline stands for, or None if it says something else.

    Examples
    --------
    >>> building_values("砼6"), building_values("3#"), building_values("DN300")
    ({'structure': 'frame', 'floors': 6}, {'number': '3号楼'}, None)
    """
    values: dict[str, Value] = {}
    for line in unicodedata.normalize("NFKC", text).split("\n"):
        said = _line_values(line.strip())
        words = [said] if said is not None else [_line_values(word) for word in _words_of(line)]
        for one in words:
            if one is None or not agree(values, one):
                return None
            values |= one
    return values or None


def agree(known: Mapping[str, Value], said: Mapping[str, Value]) -> bool:
    """Tell whether what another text says contradicts nothing that is known."""
    return all(known.get(name, value) == value for name, value in said.items())


def _words_of(line: str) -> list[str]:
    """Return the single notes of a line that holds several: ``3#砼6``, ``砼6 1号楼``."""
    return re.sub(r"([#号])(?=[^\s\d楼栋幢住])", r"\1 ", line).split()


def _line_values(line: str) -> dict[str, Value] | None:
    if not line:
        return {}
    if match := _HOUSE.fullmatch(line):
        structure = _STRUCTURES[match.group(1)]
        values: dict[str, Value] = {"structure": structure}
        if floors := match.group(2) or match.group(3):
            values["floors"] = int(floors)
        return values | ({"use": "service"} if structure == "simple" else {})
    if match := _FLOORS.fullmatch(line) or _OTHER_HOUSE.fullmatch(line):
        return {"floors": int(match.group(1))}
    if match := _NUMBER.fullmatch(line):
        return {"number": f"{match.group(1)}号楼"}
    if _BLOCK.fullmatch(line):
        return {"number": line}
    if _HOUSING.fullmatch(line):
        return {"use": "housing"}
    use = next((use for use, pattern in _USES if len(line) <= _LONGEST and pattern.search(line)), None)
    return {"name": line, "use": use} if use else None
