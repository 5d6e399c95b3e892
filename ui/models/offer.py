"""What the window says over the map, and what is said of an edit besides its being done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gis.edit.place import stray_words
from layers.text import Text, counted, same

Level = Literal["info", "success", "warning", "error"]


@dataclass(frozen=True)
class Offer:
    """A message with acts the user may choose, such as opening what was made."""

    what: Text
    level: Level
    advice: Text
    acts: tuple[tuple[Text, Callable[[], None]], ...]
    passing: bool = False
    """Whether it goes when another tool is taken up, another layer drawn into, or another state shown."""
    refusal: bool = False
    """Whether an edit was refused as things were: it goes as well when something else is selected."""
    waits: bool = False
    """Whether it is a question: it stays until it is answered or closed."""
    of_step: bool = False
    """Whether it is about the step just made: it goes with the next one, or when it is taken back."""


def forsaken_offer(count: int, select: Callable[[], None]) -> Offer:
    """Say that dimensions or leaders have lost what they belonged to, and offer to select them."""
    words = counted(
        count,
        "{n} 个尺寸或引线所指的对象已删除，它们仍在原处。",
        "What a dimension or leader belongs to is deleted; it stays where it was.",
        "What {n} dimensions or leaders belong to is deleted; they stay where they were.",
    )
    return Offer(words, "warning", same(""), ((Text("选中它们", "Select them"), select),))


def astray_offer(away_m: float, undo: tuple[Text, Callable[[], None]]) -> Offer:
    """Ask whether something is really meant to be that far from the plan."""
    far = stray_words(away_m)
    return Offer(
        Text(f"离小区 {far}：坐标是否输错？", f"That is {far} from the plan: is the coordinate right?"),
        "warning",
        Text("改动已保存；不是本意就撤销。", "It is kept; undo it if it was not meant."),
        (undo,),
        waits=True,
        of_step=True,
    )
