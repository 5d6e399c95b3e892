"""Where the names of circles stand: each below its circle, and none touches another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QFontMetrics

HEIGHT: Final = 14
_APART_PX, _LEAST_PX = 8, 26


@dataclass(frozen=True)
class Wish:
    """What is to be written below a circle.

    Parameters
    ----------
    middle, top : int
        Of the words, in pixels.
    names : tuple of str
        What it may be called, the best first.
    measure : QFontMetrics
    reach : int
        How many pixels it may go to either side.
    cut : Qt.TextElideMode
        Which part goes if not even the last name fits; with `ElideNone` it is not written then.
    """

    middle: int
    top: int
    names: tuple[str, ...]
    measure: QFontMetrics
    reach: int
    cut: Qt.TextElideMode = Qt.TextElideMode.ElideNone


@dataclass(frozen=True)
class Word:
    """What is written, and where."""

    text: str
    box: QRect


def placed(wishes: Iterable[Wish], width: int) -> list[Word | None]:
    """Return what is written for each wish, the most important of them first; None if nothing is.

    Parameters
    ----------
    width : int
        Of the whole strip, in pixels.
    """
    found: list[Word | None] = []
    for wish in wishes:
        left, right = _room(wish, [word.box for word in found if word is not None], width)
        found.append(_written(wish, left, right))
    return found


def _room(wish: Wish, taken: Sequence[QRect], width: int) -> tuple[int, int]:
    """Return from where to where nothing else is written on the line of a wish."""
    left, right = max(0, wish.middle - wish.reach), min(width, wish.middle + wish.reach)
    for box in taken:
        if abs(box.top() - wish.top) < HEIGHT - 2:  # lines may stand close
            if box.center().x() < wish.middle:
                left = max(left, box.right() + _APART_PX)
            else:
                right = min(right, box.left() - _APART_PX)
    return left, right


def _written(wish: Wish, left: int, right: int) -> Word | None:
    most = right - left
    shown = next((name for name in wish.names if wish.measure.horizontalAdvance(name) + 2 <= most), None)
    if shown is None and wish.names and wish.cut != Qt.TextElideMode.ElideNone and most >= _LEAST_PX:
        shown = wish.measure.elidedText(wish.names[-1], wish.cut, most - 2)
    if not shown:
        return None
    long = wish.measure.horizontalAdvance(shown) + 2
    start = max(left, min(wish.middle - long // 2, right - long))
    return Word(shown, QRect(start, wish.top, long, HEIGHT))


def ends_of(title: str) -> tuple[str, ...]:
    """Return a title and what is left of it without its first words: the end tells revisions apart.

    Examples
    --------
    >>> ends_of("公示稿 第3版")
    ('公示稿 第3版', '第3版')
    """
    words = title.split()
    return tuple(" ".join(words[at:]) for at in range(len(words)))
