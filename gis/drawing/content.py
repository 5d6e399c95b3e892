"""What a sheet says, before anyone decides where it stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from gis.links import state_link
from gis.revisions.comparison import Comparison
from layers.revision import WORKING, Revision
from layers.snapshot import Snapshot
from layers.text import Language, Text

# not strftime: its names follow the locale of the machine
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class SheetContent:
    """Everything on a sheet, in the one language it is printed in.

    Parameters
    ----------
    snapshot : Snapshot
        The state to draw.
    comparison : Comparison or None
        What changed since the state it is compared with.
    revisions : tuple of Revision
        All revisions up to the drawn one, oldest first.
    language : {"zh", "en"}
    printed_on : datetime.date
        Date for the title block of a working plan; revisions carry their own.
    """

    snapshot: Snapshot
    comparison: Comparison | None
    revisions: tuple[Revision, ...]
    language: Language
    printed_on: dt.date = field(default_factory=dt.date.today)

    def word(self, zh: str, en: str, **values: object) -> str:
        """Return one of the sheet's own phrases in its language."""
        return self.say(Text(zh, en).format(**values))

    def say(self, text: Text) -> str:
        """Return a text in the sheet's language."""
        return text.in_language(self.language)

    def setting(self, name: str) -> str:
        """Return a project setting as plain words, empty if it is not set.

        A setting may hold one text, or one for each language.
        """
        value = self.snapshot.settings.get(name) or ""
        return str(value.get(self.language) or "") if isinstance(value, dict) else str(value)

    @property
    def notice_period(self) -> str:
        """From when to when residents may comment, or as much of it as is set."""
        first, last = self.setting("publish.comment_from"), self.setting("publish.comment_until")
        words = [written_date(day, self.language) for day in (first, last) if day]
        return self.word("至", " – ").join(words)

    @property
    def revision(self) -> Revision | None:
        """The drawn revision; None for the working plan."""
        return next((r for r in self.revisions if r.label == self.snapshot.revision), None)

    @property
    def label(self) -> str:
        """``R3``, or the words for the working plan."""
        return self.snapshot.revision or self.word("当前方案（未定稿）", "Working plan (not frozen)")

    def page_link(self, address: str) -> str:
        """Return the link to the page at an address, in the state that the sheet shows."""
        return state_link(address, self.snapshot.revision or "", english=self.language == "en")

    @property
    def date(self) -> str:
        """Date of the revision, or of printing for the working plan."""
        made = self.revision.created[:10] if self.revision else self.printed_on.isoformat()
        return written_date(made, self.language)

    def label_of(self, state: str) -> str:
        """Return what a state is called on paper."""
        return self.word("当前方案", "Working plan") if state == WORKING else state


def written_date(iso: str, language: Language) -> str:
    """Write an ISO date as people read it: 2020年7月25日, 25 July 2020.

    Text that is no date is returned as it is.
    """
    try:
        day = dt.date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
