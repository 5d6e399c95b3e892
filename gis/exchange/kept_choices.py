"""What the user chose for a file, kept for the next one with the same columns.

Kept is only what differs from what Planboard guesses, beside the user's settings, as the mappings of drawings
are (`gis.exchange.dxf.saved_presets`). It is offered again only as far as it fits what now stands there.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from gis.crs_candidates import HERE_M, PLAIN, Candidate, Reading
from gis.crs_names import parse_crs
from gis.exchange.source import TABLES, Unplaced
from gis.exchange.standing import standing_of
from gis.exchange.synonyms import plain_name
from gis.exchange.tables.chosen_places import PlaceColumns, with_place_columns
from gis.exchange.values import fit
from gis.kept_text import keep_text, kept_text
from gis.settings import settings_file
from layers.errors import CrsError
from layers.layer import Layer
from layers.schema import Field
from layers.snapshot import Snapshot
from layers.text import Text

_FILE: Final = "last-columns.json"
_MOST_FILES: Final = 200
_TRIED: Final = 500
_MOST_PLACES: Final = 0.5
_COLUMN: Final = Text("“{c}”填入“{f}”", "“{c}” into “{f}”")
_COLUMN_UNFIT: Final = Text(
    "“{c}”填入“{f}”（这次 {k} 个值中有 {n} 个不适合）",
    "“{c}” into “{f}” ({n} of {k} values do not fit this time)",
)
_COLUMN_GONE: Final = Text("“{c}”填入“{f}”（已没有这个字段）", "“{c}” into “{f}” (no such field now)")
_EXTRA: Final = Text("“{c}”保留为附加属性", "“{c}” kept as an extra")
_OUT: Final = Text("“{c}”不导入", "“{c}” left out")
_LAYER: Final = Text("导入到“{l}”", "into “{l}”")
_LAYER_GONE: Final = Text("导入到“{l}”（本项目没有这个图层）", "into “{l}” (this project has no such layer)")
_CRS: Final = Text("坐标系 {c}", "system {c}")
_CRS_UNFIT: Final = Text(
    "坐标系 {c}（这次的坐标不会落在本项目处）", "system {c} (these numbers would not lie at this plan)"
)
_PLACES: Final = Text("坐标取自“{a}”“{b}”", "coordinates in “{a}” and “{b}”")
_ONE_PLACE: Final = Text("坐标取自“{a}”", "coordinates in “{a}”")
_PLACES_UNFIT: Final = Text(
    "坐标取自“{a}”“{b}”（这次其中没有坐标）", "coordinates in “{a}” and “{b}” (there are none this time)"
)
_NO_PLACES: Final = Text("不取坐标", "no coordinates")
_WAY: Final = Text("更新的对应方式", "the way to match")


@dataclass(frozen=True)
class Choices:
    """What a user chose for a file otherwise than it was guessed.

    Parameters
    ----------
    layer : str, optional
        Id of the layer it comes into.
    columns : mapping of str to str
        Column to field; an empty field keeps it as an extra.
    left_out : tuple of str
        Columns that do not come in.
    crs : str, optional
    reading : Reading
        Together with `crs`.
    places : PlaceColumns, optional
        Where the coordinates of a table stand.
    way : str, optional
        How records find what they update, as in `plan_import`.
    """

    layer: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    crs: str | None = None
    reading: Reading = PLAIN
    places: PlaceColumns | None = None
    way: str | None = None

    @property
    def says_anything(self) -> bool:
        """Whether anything differs from the guess."""
        return self != Choices()

    @property
    def said(self) -> dict[str, str]:
        """Column to field for `plan_import`; an empty field for what is kept as an extra or left out."""
        return {**self.columns, **dict.fromkeys(self.left_out, "")}

    def over(self, older: Choices) -> Choices:
        """Return these choices, and those of older ones about what nothing is said of here."""
        columns = {c: f for c, f in older.columns.items() if c not in self.left_out}
        mine = {*self.columns, *self.left_out}
        return Choices(
            self.layer or older.layer,
            {**columns, **self.columns},
            tuple(dict.fromkeys((*self.left_out, *(c for c in older.left_out if c not in mine)))),
            self.crs or older.crs,
            self.reading if self.crs else older.reading,
            self.places or older.places,
            self.way or older.way,
        )


class Offer(NamedTuple):
    """What was chosen last for such a file.

    Parameters
    ----------
    choices : Choices
        As far as they fit this one.
    taken : tuple of Text
        What they are, for people.
    unfit : Choices
        What does not fit, to be kept for the file after this one.
    refused : tuple of Text
        What that is, and why it does not fit.
    """

    choices: Choices
    taken: tuple[Text, ...]
    unfit: Choices
    refused: tuple[Text, ...]


def titles_of(unplaced: Unplaced) -> tuple[str, ...]:
    """Return the columns by which a file is known again, in any order."""
    table = unplaced.table
    return tuple(sorted({plain_name(name) or name for name in table.titles or table.columns}))


def kept_choices(titles: Sequence[str]) -> Choices | None:
    """Return what was chosen last for a file with such columns, or None."""
    found = _stored().get(_key(titles))
    return _read(found) if found is not None and titles else None


def keep_choices(titles: Sequence[str], choices: Choices) -> None:
    """Keep what was chosen; what says nothing is forgotten.

    That it cannot be written is no reason to trouble anybody: the next file is guessed then.
    """
    stored = {key: value for key, value in _stored().items() if key != _key(titles)}
    if choices.says_anything and titles:
        stored[_key(titles)] = _written(choices)
    elif not _path().exists():
        return
    last = dict(islice(stored.items(), max(0, len(stored) - _MOST_FILES), None))
    with contextlib.suppress(OSError):
        keep_text(_path(), json.dumps({"files": last}, ensure_ascii=False, indent=1))


def offer_of(choices: Choices, unplaced: Unplaced, snapshot: Snapshot, guessed: str) -> Offer:
    """Sort what was chosen last by whether it fits a file.

    Parameters
    ----------
    choices : Choices
    unplaced : Unplaced
        As it was guessed.
    snapshot : Snapshot
    guessed : str
        Id of the layer that is taken if none was chosen.
    """
    work = _Fitting(unplaced, snapshot)
    layer = snapshot.layers[work.layer(choices.layer) or guessed]
    places = work.places(choices.places)
    crs = work.crs(choices.crs, choices.reading)
    columns, left_out = work.columns(choices, layer)
    way = choices.way
    if way is not None:
        work.taken.append(_WAY)
    fits = Choices(
        layer.id if layer.id == choices.layer else None, columns, left_out, crs,
        choices.reading if crs else PLAIN, places, way,
    )  # fmt: skip
    return Offer(fits, tuple(work.taken), work.unfit, tuple(work.refused))


class _Fitting:
    """Tries choices on a file, and collects what is to be said of each."""

    def __init__(self, unplaced: Unplaced, snapshot: Snapshot) -> None:
        self.unplaced, self.snapshot = unplaced, snapshot
        self.taken: list[Text] = []
        self.refused: list[Text] = []
        self.unfit = Choices()

    def layer(self, wanted: str | None) -> str | None:
        if wanted is None:
            return None
        found = self.snapshot.layers.get(wanted)
        if found is None:
            self._refuse(_LAYER_GONE.format(l=wanted), Choices(layer=wanted))
            return None
        self.taken.append(_LAYER.format(l=found.title))
        return wanted

    def places(self, wanted: PlaceColumns | None) -> PlaceColumns | None:
        if wanted is None or self.unplaced.table.format not in TABLES:
            return None
        moved = with_place_columns(self.unplaced, wanted)
        there = sum(shape is not None for shape in moved.geometry)
        a, b = wanted
        if a and (not moved.table.shaped or there < _MOST_PLACES * len(moved.geometry)):
            self._refuse(_PLACES_UNFIT.format(a=a, b=b), Choices(places=wanted))
            return None
        self.unplaced = moved
        words = _PLACES if a != b else _ONE_PLACE if a else _NO_PLACES
        self.taken.append(words.format(a=a, b=b))
        return wanted

    def crs(self, wanted: str | None, reading: Reading) -> str | None:
        if wanted is None or not self.unplaced.table.shaped:
            return None
        words = Candidate(wanted, reading).title
        standing = standing_of(self.unplaced.geometry, Candidate(wanted, reading), self.snapshot)
        empty = self.snapshot.extent() is None
        if not empty and (standing is None or standing.away_m > HERE_M):
            self._refuse(_CRS_UNFIT.format(c=words), Choices(crs=wanted, reading=reading))
            return None
        self.taken.append(_CRS.format(c=words))
        return wanted

    def columns(self, choices: Choices, layer: Layer) -> tuple[dict[str, str], tuple[str, ...]]:
        there = self.unplaced.table.columns
        fields = {f.name: f for f in layer.fields}
        columns: dict[str, str] = {}
        for column, name in choices.columns.items():
            if column not in there:
                continue
            if name and name not in fields:
                self._refuse(_COLUMN_GONE.format(c=column, f=name), Choices(columns={column: name}))
            elif not name or self._fits(column, fields[name]):
                columns[column] = name
                words = _COLUMN.format(c=column, f=fields[name].title) if name else _EXTRA.format(c=column)
                self.taken.append(words)
        out = tuple(column for column in choices.left_out if column in there)
        self.taken += [_OUT.format(c=column) for column in out]
        return columns, out

    def _fits(self, column: str, wanted: Field) -> bool:
        """Tell whether most values of a column fit a field; those of the next file may be others."""
        values = self.unplaced.table.columns[column]
        given = list(islice((v for v in values if v not in (None, "")), _TRIED))
        wrong = sum(fit(wanted, value).problem is not None for value in given)
        if 2 * wrong > len(given):
            words = _COLUMN_UNFIT.format(c=column, f=wanted.title, n=wrong, k=len(given))
            self._refuse(words, Choices(columns={column: wanted.name}))
            return False
        return True

    def _refuse(self, words: Text, choice: Choices) -> None:
        self.refused.append(words)
        self.unfit = choice.over(self.unfit)


def _path() -> Path:
    return settings_file().parent / _FILE


def _key(titles: Sequence[str]) -> str:
    return "\n".join(sorted(titles))


def _stored() -> dict[str, Any]:
    try:
        data = json.loads(kept_text(_path()))
    except (OSError, ValueError, RecursionError):
        return {}
    files = data.get("files") if isinstance(data, dict) else None
    return files if isinstance(files, dict) else {}


def _written(choices: Choices) -> dict[str, Any]:
    return {
        "layer": choices.layer,
        "columns": dict(choices.columns),
        "left_out": list(choices.left_out),
        "crs": choices.crs,
        "swapped": choices.reading.swapped,
        "unit_m": choices.reading.unit_m,
        "places": list(choices.places) if choices.places is not None else None,
        "way": choices.way,
    }


def _read(stored: Any) -> Choices | None:
    """Return what `_written` wrote; None if somebody else wrote it."""
    try:
        places = stored["places"]
        crs = stored["crs"]
        return Choices(
            str(stored["layer"]) if stored["layer"] else None,
            {str(c): str(f) for c, f in stored["columns"].items()},
            tuple(map(str, stored["left_out"])),
            parse_crs(str(crs)) if crs else None,
            Reading(bool(stored["swapped"]), float(stored["unit_m"])),
            PlaceColumns(*map(str, places)) if places is not None else None,
            str(stored["way"]) if stored["way"] else None,
        )
    except (LookupError, TypeError, ValueError, AttributeError, CrsError):
        return None
