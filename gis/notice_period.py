"""The days for comments 公示期: whether they can be those of what is being posted, and what to propose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from layers.changes import JsonValue
from layers.text import Text, date_words

FIRST: Final = "publish.comment_from"
LAST: Final = "publish.comment_until"
USUAL_DAYS: Final = 7
"""How long a plan hangs before it is decided on, if nobody says otherwise."""


@dataclass(frozen=True)
class PeriodTrouble:
    """What is wrong with a notice period.

    Parameters
    ----------
    words : Text
    grave : bool
        Whether residents would be told that they come too late: not to be posted without a clear yes.
    """

    words: Text
    grave: bool


@dataclass(frozen=True)
class NoticePeriod:
    """From which day to which; None where it is not said, or is no day."""

    first: dt.date | None
    last: dt.date | None

    @classmethod
    def of(cls, settings: Mapping[str, JsonValue]) -> NoticePeriod:
        """Return what some settings say."""
        return cls(_day(settings.get(FIRST)), _day(settings.get(LAST)))

    @classmethod
    def beginning(cls, today: dt.date, days: int = USUAL_DAYS) -> NoticePeriod:
        """Return the period of some days that begins on a day, the first and the last one counted.

        Examples
        --------
        >>> NoticePeriod.beginning(dt.date(2026, 11, 22)).last
        datetime.date(2026, 11, 28)
        """
        return cls(today, today + dt.timedelta(days=days - 1))

    @property
    def settings(self) -> dict[str, str]:
        """The settings that say it."""
        days = ((FIRST, self.first), (LAST, self.last))
        return {name: day.isoformat() for name, day in days if day is not None}

    def trouble(self, today: dt.date, label: str = "", made: str = "") -> PeriodTrouble | None:
        """Return what is wrong with it for something that is posted today, or None.

        Parameters
        ----------
        today : datetime.date
        label, made : str
            The frozen revision that is posted, and when it was frozen (ISO); empty for the working plan.
        """
        first, last, frozen = self.first, self.last, _day(made)
        if first is not None and last is not None and last < first:
            return _trouble(_TURNED, grave=True, first=first, last=last)
        if last is not None and last < today:
            words = _OF_BEFORE if frozen is not None and last < frozen else _OVER
            return _trouble(words, grave=True, last=last, made=frozen, label=label)
        if first is not None and frozen is not None and first < frozen:
            return _trouble(_EARLY, grave=False, first=first, made=frozen, label=label)
        return None


_TURNED: Final = Text(
    "意见截止日 {last} 早于公示开始日 {first}。", "Comments end on {last}, before they begin on {first}."
)
_OVER: Final = Text(
    "公示期已在 {last} 截止：居民会以为不能再提意见。",
    "Comments ended on {last}: residents will think that they come too late.",
)
_OF_BEFORE: Final = Text(
    "公示期已在 {last} 截止，早于 {label} 的定稿日 {made}：这还是上一版的公示期。",
    "Comments ended on {last}, before {label} was frozen on {made}: "
    "this is still the period of the revision before.",
)
_EARLY: Final = Text(
    "公示开始日 {first} 早于 {label} 的定稿日 {made}：这像是上一版的公示期。",
    "The notice begins on {first}, before {label} was frozen on {made}: "
    "it looks like the period of the revision before.",
)


def _trouble(words: Text, *, grave: bool, label: str = "", **days: dt.date | None) -> PeriodTrouble:
    told = {name: date_words(day.isoformat()) for name, day in days.items() if day is not None}
    return PeriodTrouble(words.format(label=label, **told), grave)


def _day(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
