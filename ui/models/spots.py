"""Problem spots of both kinds as one list: what a row shows, and the filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from layers.changes import Key
from layers.codes import code_of
from layers.feature import Feature
from layers.kind import Role
from layers.kinds.spots import CLOSED, STATUSES
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text, date_words, natural, same
from ui.models.words import days_words, plain, value_words

SPOT_ROLES: tuple[Role, Role] = ("drainage-spot", "traffic-spot")
_LETTERS: dict[Role, str] = {"drainage-spot": "D", "traffic-spot": "T", "comment": "C"}
WEEKEND = {"sat", "sun"}
NOON = 12


@dataclass(frozen=True)
class Spot:
    """One problem spot as a list shows it."""

    key: Key
    role: Role
    code: str
    title: str
    category: Text
    severity: int
    status: str
    status_words: Text
    when: Text
    source: Text
    reported_on: str
    weekdays: frozenset[str]
    hours: str
    rain_date: str
    search: str

    @property
    def closed(self) -> bool:
        """Whether it has found an answer, of whatever kind."""
        return self.status in CLOSED

    @property
    def about(self) -> Text:
        """The second line of a row: category, time, source."""
        parts = [p for p in (self.category, self.when, self.source) if p.zh]
        return Text(" · ".join(p.zh for p in parts), " · ".join(p.en for p in parts))


@dataclass(frozen=True)
class SpotFilter:
    """What the list shows; empty entries let everything pass.

    Parameters
    ----------
    role : str
    status : str
        A status code, ``"open"`` or ``"closed"``.
    severity : int
        At least this.
    time : str
        ``workdays``, ``weekend``, ``morning``, ``afternoon``, ``rain``, or ``rain:<date>``.
    text : str
    """

    role: str = ""
    status: str = ""
    severity: int = 1
    time: str = ""
    text: str = ""

    def keeps(self, spot: Spot) -> bool:
        """Tell whether a spot is shown."""
        return (
            (not self.role or spot.role == self.role)
            and self._keeps_status(spot)
            and spot.severity >= self.severity
            and self._keeps_time(spot)
            and all(plain(word) in spot.search for word in self.text.split())
        )

    def _keeps_status(self, spot: Spot) -> bool:
        if self.status in ("open", "closed"):
            return spot.closed == (self.status == "closed")
        return not self.status or spot.status == self.status

    def _keeps_time(self, spot: Spot) -> bool:
        rain, _, date = self.time.partition(":")
        if rain == "rain":
            return spot.rain_date == date if date else bool(spot.rain_date)
        if self.time in ("workdays", "weekend"):
            return bool((spot.weekdays & WEEKEND) if self.time == "weekend" else (spot.weekdays - WEEKEND))
        if self.time in ("morning", "afternoon"):
            return any((hour < NOON) == (self.time == "morning") for hour in _start_hours(spot.hours))
        return True


def spots_of(snapshot: Snapshot) -> tuple[Spot, ...]:
    """Return every problem spot: open ones first, then by severity and code."""
    found = [_spot(layer, feature) for layer in snapshot.with_role(*SPOT_ROLES) for feature in layer.table]
    return tuple(sorted(found, key=lambda s: (s.closed, -s.severity, natural(s.code))))


def rain_dates(spots: Iterable[Spot]) -> tuple[str, ...]:
    """Return the days of rain that spots name, latest first."""
    return tuple(sorted({s.rain_date for s in spots if s.rain_date}, reverse=True))


def next_code(snapshot: Snapshot, layer_id: str) -> str:
    """Return the next free code of a layer of spots or comments: D08 after D07.

    The letter is that of the codes already there, or of the role.
    """
    layer = snapshot.layers[layer_id]
    codes = [code_of(c) for c in layer.table.columns["code"] if c]
    letters = _LETTERS.get(layer.kind.role, "T")
    taken = [int(c.removeprefix(letters)) for c in codes if c.removeprefix(letters).isdigit()]
    return f"{letters}{max(taken, default=0) + 1:02d}"


def status_words(code: str) -> Text:
    """Return the words of a status code."""
    return next((choice.title for choice in STATUSES if choice.code == code), same(code))


def _spot(layer: Layer, feature: Feature) -> Spot:
    values = {name: "" if value is None else value for name, value in feature.attributes.items()}

    def word(name: str) -> Text:
        field = layer.kind.field(name)
        return field.word(values.get(name) or None) if field else same("")

    severity = values.get("severity")
    code, title = str(values.get("code", "")), str(values.get("title", ""))
    parts = (
        code,
        title,
        word("category").zh,
        word("category").en,
        str(values.get("description", "")),
        word("source").zh,
    )
    return Spot(
        key=(layer.id, feature.uid),
        role=layer.kind.role,
        code=code,
        title=title,
        category=word("category"),
        severity=severity if isinstance(severity, int) else 1,
        status=str(values.get("status", "")),
        status_words=word("status"),
        when=_when(layer, feature),
        source=word("source"),
        reported_on=str(values.get("reported_on", "")),
        weekdays=frozenset(str(values.get("weekdays", "")).split(",")) - {""},
        hours=str(values.get("hours", "")),
        rain_date=str(values.get("rain_date", "")),
        search=plain(" ".join(parts)),
    )


def _when(layer: Layer, feature: Feature) -> Text:
    values = feature.attributes
    parts: list[Text] = []
    if rain := values.get("rain_date"):
        parts.append(Text("{d}降雨", "rain of {d}").format(d=date_words(rain)))
    depth = layer.kind.field("depth_m")
    if depth and values.get("depth_m") is not None:
        parts.append(Text("水深 {v}", "{v} deep").format(v=value_words(depth, values["depth_m"])))
    days = layer.kind.field("weekdays")
    if days and values.get("weekdays"):
        parts.append(days_words(str(values["weekdays"]), days))
    if values.get("hours"):
        parts.append(same(str(values["hours"])))
    return Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))


def _start_hours(hours: str) -> list[int]:
    """Return the hours at which time windows begin: 7 and 16 of "07:20-08:10, 16:00-17:00"."""
    windows = hours.replace("，", ",").replace("、", ",").replace(";", ",").split(",")
    starts = [w.strip().partition(":")[0] for w in windows]
    return [int(s) for s in starts if s.isdigit()]
