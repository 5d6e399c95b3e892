"""Damaged project files: is the damage named, the readable rest saved beside, the original left alone?"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gis.project import Project
from gis.store.doctor import examine
from gis.store.salvage import salvage
from layers.errors import PlanboardError

PAGE = 4096
HEADER = 100
Damage = Callable[[bytearray, random.Random], None]


def truncated(data: bytearray, chance: random.Random) -> None:
    """Cut the file off somewhere."""
    del data[chance.randrange(1, len(data)) :]


def flipped(data: bytearray, chance: random.Random) -> None:
    """Turn one bit, anywhere behind the header."""
    data[chance.randrange(HEADER, len(data))] ^= 1 << chance.randrange(8)


def garbled(data: bytearray, chance: random.Random) -> None:
    """Overwrite a run of bytes with others."""
    start, length = chance.randrange(HEADER, len(data)), chance.randrange(2, 200)
    part = data[start : start + length]
    data[start : start + length] = chance.randbytes(len(part))


def zeroed(data: bytearray, chance: random.Random) -> None:
    """Empty a whole page, as a failing disk does."""
    page = chance.randrange(1, len(data) // PAGE)
    data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)


DAMAGES: dict[str, Damage] = {
    "file cut off": truncated,
    "one bit flipped": flipped,
    "some bytes overwritten": garbled,
    "a page full of zeros": zeroed,
}


@dataclass
class Verdicts:
    """What became of the damaged files of one kind."""

    runs: int = 0
    unharmed: int = 0
    named: int = 0
    saved: int = 0
    lost: list[str] = field(default_factory=list)


def damage_files(
    base: Path,
    folder: Path,
    runs: int,
    chance: random.Random,
    damage: Damage,
    whole: Callable[[Project], object],
) -> Verdicts:
    """Damage fresh copies of a project and say what the program makes of each.

    Parameters
    ----------
    whole : callable
        Returns everything that a project holds, to be compared.
    """
    with Project.open(base, read_only=True) as project:
        state = whole(project)
    verdicts = Verdicts()
    for run in range(runs):
        data = bytearray(base.read_bytes())
        damage(data, chance)
        path = folder / f"damaged-{run}.gpkg"
        path.write_bytes(data)
        judge_damaged(path, [state], verdicts, whole)
        for left in folder.glob(f"{path.stem}.*"):
            left.unlink()
    return verdicts


def judge_damaged(
    path: Path, states: Sequence[object], verdicts: Verdicts, whole: Callable[[Project], object]
) -> None:
    """Say what the program makes of one damaged file, which was in one of some states."""
    data = path.read_bytes()
    verdicts.runs += 1
    named = _is_named(path)
    saved = _is_saved(path)
    if path.read_bytes() != data:
        verdicts.lost.append(f"{path.name}: looking at it changed it")
        return
    opened = shutil.copy(path, path.with_suffix(".open.gpkg"))
    if _is_whole(Path(opened), states, whole):
        verdicts.unharmed += 1
    elif named:
        verdicts.named += 1
        verdicts.saved += saved
    else:
        verdicts.lost.append(f"{path.name}: damaged, and nothing says so")


def _is_named(path: Path) -> bool:
    try:
        return not examine(path).sound
    except PlanboardError:
        return True


def _is_saved(path: Path) -> bool:
    out = path.with_suffix(".rest.gpkg")
    try:
        return salvage(path, out).features > 0
    except PlanboardError:
        return False


def _is_whole(path: Path, states: Sequence[object], whole: Callable[[Project], object]) -> bool:
    try:
        with Project.open(path) as project:
            found = whole(project)
            for revision in project.revisions:
                project.state(revision.label)
    except PlanboardError:
        return False
    return found in states
