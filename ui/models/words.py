"""How dates, numbers and codes are written in lists and forms."""

from __future__ import annotations

import datetime as dt
import unicodedata

from gis.measure import compass_words
from gis.revisions.comparison import FeatureChange
from layers.feature import Feature
from layers.layer import Layer
from layers.revision import MAIN, WORKING
from layers.schema import Field, Value
from layers.text import Text, date_words, same

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def state_title(label: str) -> Text:
    """Return what people call a state of the plan: R2, 方案A, 当前方案."""
    if label == WORKING:
        return Text("当前方案", "the working plan")
    return Text("主方案", "the main plan") if label == MAIN else same(label)


def moment_words(iso: str) -> Text:
    """Write a moment for the history: 14:05 today, else the date and the time."""
    try:
        moment = dt.datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return same(iso)
    clock = moment.strftime("%H:%M")
    if moment.date() == dt.datetime.now().astimezone().date():
        return same(clock)
    day = date_words(moment.isoformat())
    return Text(f"{day.zh} {clock}", f"{day.en} {clock}")


def days_words(codes: str, field: Field) -> Text:
    """Write days of the week, runs joined: 周一至周五."""
    chosen = [code for code in WEEK if code in codes.split(",")]
    if len(chosen) == len(WEEK):
        return Text("每天", "every day")
    first, last = (WEEK.index(chosen[0]), WEEK.index(chosen[-1])) if chosen else (0, 0)
    if len(chosen) > 2 and last - first + 1 == len(chosen):
        return Text("{a}至{b}", "{a}–{b}").format(a=field.word(chosen[0]), b=field.word(chosen[-1]))
    return field.word(codes)


def feature_title(layer: Layer, feature: Feature) -> Text:
    """Say what a feature is called where its layer is not named beside it: 3号楼, not 3."""
    name = layer.name_of(feature)
    if not name.zh.isdigit():
        return name
    if layer.kind.role == "footprint":
        return Text(f"{name.zh}号楼", f"Building {name.en}")
    return Text(f"{layer.title.zh} {name.zh}", f"{layer.title.en} {name.en}")


def unit_words(field: Field) -> Text:
    """Return the unit after a number; Chinese measure words have no place in English."""
    return Text(field.unit, field.unit if field.unit.isascii() or "²" in field.unit else "")


def value_words(field: Field, value: Value) -> Text:
    """Write one attribute value with its unit, ``–`` if there is none."""
    if value is None or value == "":
        return same("–")
    if field.type == "date":
        return date_words(value)
    if isinstance(value, float):
        value = round(value, 3)
    words = field.word(value) if not isinstance(value, float) else same(f"{value:g}")
    if field.type == "photos":
        count = len([p for p in str(value).split(",") if p])
        return Text(f"{count} 张", f"{count}")
    unit = unit_words(field)
    return Text(f"{words.zh} {unit.zh}".strip(), f"{words.en} {unit.en}".strip())


def number_words(number: str) -> Text:
    """Return the number of a change as people say it: R2-3; one of the plan being edited has no revision yet.

    Examples
    --------
    >>> number_words("working-3").zh
    '当前-3'
    """
    if number.startswith(f"{WORKING}-"):
        at = number.removeprefix(f"{WORKING}-")
        return Text(f"当前-{at}", f"now-{at}")
    return same(number)


def change_words(change: FeatureChange) -> Text:
    """Say what changed about one feature: distance, sizes, old -> new values."""
    parts: list[Text] = []
    if change.kind == "moved":
        parts.append(
            Text("向{d} {m:.1f} m", "{m:.1f} m {d}").format(
                d=compass_words(change.bearing_deg), m=change.distance_m
            )
        )
    if abs(change.area_change_m2) >= 0.1:
        parts.append(same(_signed(change.area_change_m2, "m²")))
    if abs(change.length_change_m) >= 0.1 and not change.area_change_m2:
        parts.append(same(_signed(change.length_change_m, "m")))
    for field in change.fields:
        old, new = value_words(field.field, field.before), value_words(field.field, field.after)
        parts.append(
            Text(f"{field.field.title.zh} {old.zh} → {new.zh}", f"{field.field.title.en} {old.en} → {new.en}")
        )
    return Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def _signed(number: float, unit: str) -> str:
    return f"{number:+,.1f} {unit}".replace("-", "−")


def plain(words: str) -> str:
    """Return text ready for comparing: half width, lower case, no spaces.

    Examples
    --------
    >>> plain("３ 号楼")
    '3号楼'
    """
    if words.isascii():
        return words.lower().replace(" ", "")
    return "".join(unicodedata.normalize("NFKC", words).lower().split())


def staying_words(count: int) -> tuple[Text, Text]:
    """Say that undo or redo left something alone that was told otherwise since, and why."""
    what = Text("{n} 处意见、问题点或发布设置未撤销或重做。", "{n} reports or settings of publishing stay.")
    why = Text("它们在另一方案中又有更新，以新的为准。", "They were updated since, on another alternative.")
    return what.format(n=count), why
