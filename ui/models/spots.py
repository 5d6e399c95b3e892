"""Problem spots of both kinds as one list: what a row shows, and the filter."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Final

from layers.changes import ChangeSet, Key
from layers.codes import code_of
from layers.feature import Feature
from layers.kind import Role
from layers.kinds.spots import CLOSED, STATUSES
from layers.layer import Layer
from layers.schema import Field, Value
from layers.snapshot import Snapshot
from layers.table import values_equal
from layers.text import Text, date_words, natural, same
from ui.models.words import days_words, plain, value_words

SPOT_ROLES: tuple[Role, Role] = ("drainage-spot", "traffic-spot")
_LETTERS: dict[Role, str] = {"drainage-spot": "D", "traffic-spot": "T", "comment": "C"}
WEEKEND = {"sat", "sun"}
NOON = 12
_RUN: Final = 500
"""So many spots are sorted at once."""

Order = tuple[bool, int, tuple[tuple[int, int, str], ...]]


@dataclass(frozen=True)
class Spot:
    """One problem spot as a list shows it; `order` is its place in the list."""

    key: Key
    order: Order
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
            and all(word in spot.search for word in self._words)
        )

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(plain(word) for word in self.text.split())

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


Reading = Generator[None, None, tuple[Spot, ...]]


def spots_of(snapshot: Snapshot) -> tuple[Spot, ...]:
    """Return every problem spot: open ones first, then by severity and code."""
    return at_once(reading(snapshot))


def reading(snapshot: Snapshot) -> Reading:
    """Read every problem spot in steps of one; the generator returns what `spots_of` does."""
    return _sorted(reader.read(feature) for reader in _readers(snapshot) for feature in reader.layer.table)


def rereading(spots: Sequence[Spot], changes: ChangeSet, snapshot: Snapshot) -> Reading:
    """Bring spots up to date with a change of the plan in small steps.

    Only spots that changed are read; `snapshot` is the plan after the change, `spots` are in order.
    """
    gone: set[Key] = set()
    come: list[Spot] = []
    for reader in _readers(snapshot):
        for change in changes.by_layer.get(reader.layer.id, ()):
            gone.add(change.key)
            if change.after is not None:
                come.append(reader.read(change.after))
            yield
    added = yield from _sorted(iter(come))
    kept = (spot for spot in spots if spot.key not in gone)
    return (yield from _merged([kept, iter(added)]))


def at_once(reading: Reading) -> tuple[Spot, ...]:
    """Return the result of all the steps of a reading."""
    while True:
        try:
            next(reading)
        except StopIteration as end:
            return end.value


def open_codes(snapshot: Snapshot) -> set[str]:
    """Return the codes of the problem spots that found no answer yet, as they are compared."""
    found: set[str] = set()
    for layer in snapshot.with_role(*SPOT_ROLES):
        codes = layer.table.columns["code"][~values_equal(layer.table.columns["status"], CLOSED)]
        found.update(map(code_of, codes.tolist()))
    return found


def closed_count(snapshot: Snapshot) -> tuple[int, int]:
    """Return how many problem spots found an answer, and how many there are."""
    layers = snapshot.with_role(*SPOT_ROLES)
    closed = sum(int(values_equal(layer.table.columns["status"], CLOSED).sum()) for layer in layers)
    return closed, sum(len(layer.table) for layer in layers)


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


def _readers(snapshot: Snapshot) -> list[_Reader]:
    return [_Reader(layer) for layer in snapshot.with_role(*SPOT_ROLES)]


def _sorted(spots: Iterator[Spot]) -> Reading:
    """Sort run by run: all at once would hold up the window."""
    runs: list[list[Spot]] = []
    run: list[Spot] = []
    for spot in spots:
        run.append(spot)
        if len(run) == _RUN:
            runs.append(sorted(run, key=attrgetter("order")))
            run = []
        yield
    runs.append(sorted(run, key=attrgetter("order")))
    return (yield from _merged(runs))


def _merged(runs: Iterable[Iterable[Spot]]) -> Reading:
    """Merge what is sorted, some at a step."""
    whole: list[Spot] = []
    spots = merge(*runs, key=attrgetter("order"))
    while some := list(islice(spots, _RUN)):
        whole += some
        yield
    return tuple(whole)


class _Reader:
    """Reads the spots of one layer; says the same words once."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self._fields = {field.name: field for field in layer.kind.fields}
        self._said: dict[tuple[str, Value], Text] = {}

    def read(self, feature: Feature) -> Spot:
        """Return a feature as the list shows it."""
        layer, values = self.layer, feature.attributes

        def text(name: str) -> str:
            value = values.get(name)
            return "" if value is None else str(value)

        category, source, status = (self._word(values, n) for n in ("category", "source", "status"))
        severity = values.get("severity")
        code, title = text("code"), text("title")
        level = severity if isinstance(severity, int) else 1
        parts = (code, title, category.zh, category.en, text("description"), source.zh)
        return Spot(
            key=(layer.id, feature.uid),
            order=(text("status") in CLOSED, -level, natural(code)),
            role=layer.kind.role,
            code=code,
            title=title,
            category=category,
            severity=level,
            status=text("status"),
            status_words=status,
            when=self._when(values),
            source=source,
            reported_on=text("reported_on"),
            weekdays=frozenset(text("weekdays").split(",")) - {""},
            hours=text("hours"),
            rain_date=text("rain_date"),
            search=plain(" ".join(parts)),
        )

    def _word(self, values: Mapping[str, Value], name: str) -> Text:
        value = values.get(name) or None
        if (said := self._said.get((name, value))) is None:
            field = self._fields.get(name)
            said = self._said[name, value] = field.word(value) if field else same("")
        return said

    def _when(self, values: Mapping[str, Value]) -> Text:
        parts: list[Text] = []
        if rain := values.get("rain_date"):
            parts.append(self._rain(rain))
        depth, days = self._fields.get("depth_m"), self._fields.get("weekdays")
        if depth and values.get("depth_m") is not None:
            parts.append(_depth_words(depth, values["depth_m"]))
        if days and values.get("weekdays"):
            parts.append(days_words(str(values["weekdays"]), days))
        if values.get("hours"):
            parts.append(same(str(values["hours"])))
        return Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))

    def _rain(self, day: Value) -> Text:
        if (said := self._said.get(("rain", day))) is None:
            said = Text("{d}降雨", "rain of {d}").format(d=date_words(day))
            self._said["rain", day] = said
        return said


def _depth_words(field: Field, depth: Value) -> Text:
    return Text("水深 {v}", "{v} deep").format(v=value_words(field, depth))


def _start_hours(hours: str) -> list[int]:
    """Return the hours at which time windows begin: 7 and 16 of "07:20-08:10, 16:00-17:00"."""
    windows = hours.replace("，", ",").replace("、", ",").replace(";", ",").split(",")
    starts = [w.strip().partition(":")[0] for w in windows]
    return [int(s) for s in starts if s.isdigit()]
