"""Counts that add up, such as households and bays: sums where features merge, shares where one is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapely import Geometry

from gis.edit.geometries import refused, size
from gis.edit.line_ends import cut_words
from layers.changes import ChangeSet
from layers.feature import Feature
from layers.layer import Layer
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text


def sums(layer: Layer, features: Sequence[Feature]) -> dict[str, Value]:
    """Return the sums of the counts that add up, where at least one feature has a number.

    Raises
    ------
    RefusedError
        If a sum does not fit its field.
    """
    found: dict[str, Value] = {}
    for field in layer.fields:
        numbers = [value for f in features if isinstance(value := f.attributes.get(field.name), (int, float))]
        if field.summed and numbers:
            total = sum(numbers)
            if (problem := field.problem(total)) is not None:
                raise refused(
                    "merge.sum",
                    f"{field.title.zh}相加得 {total}，{problem.zh}。",
                    f"{field.title.en} would be {total}. {problem.en}.",
                )
            found[field.name] = total
    return found


def shares(layer: Layer, feature: Feature, pieces: Sequence[Geometry]) -> list[dict[str, Value]]:
    """Return for each piece of a feature its share of the counts that add up, by its size.

    Whole numbers stay whole, and the shares make the whole again.
    """
    sizes = [size(piece) for piece in pieces]
    made: list[dict[str, Value]] = [{} for _ in pieces]
    for field in layer.fields:
        value = feature.attributes.get(field.name)
        if field.summed and isinstance(value, (int, float)) and not isinstance(value, bool):
            for values, share in zip(made, _shared(value, sizes), strict=True):
                values[field.name] = share
    return made


def split_words(snapshot: Snapshot, changes: ChangeSet) -> Text:
    """Say into how many pieces features were split, how counts were shared, and which levels were worked out.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before.
    """
    whole = [c.before for c in changes if c.before is not None]
    pieces = [c.after for c in changes if c.after is not None]
    words = Text("已分成 {n} 块。", "Split into {n} pieces.").format(n=len(pieces))
    told = [t for old in whole for t in _told(snapshot, changes, old)]
    if told:
        words = Text(
            "{words}按大小分摊：{shares}，请核对。", "{words} Shared by size: {shares}. Please check."
        ).format(words=words, shares=Text("；".join(t.zh for t in told), "; ".join(t.en for t in told)))
    levels = cut_words(snapshot, changes)
    return words if levels is None else Text(f"{words.zh}{levels.zh}", f"{words.en} {levels.en}")


def _told(snapshot: Snapshot, changes: ChangeSet, old: Feature) -> Iterator[Text]:
    own = [c for c in changes if c.after is not None and old.uid in (c.after.uid, *c.after.ancestors)]
    for field in snapshot.layers[own[0].layer].fields if own else ():
        value = old.attributes.get(field.name)
        if field.summed and value and len(own) > 1:
            parts = " + ".join(str(c.after.attributes.get(field.name)) for c in own if c.after is not None)
            yield Text(f"{field.title.zh} {value} = {parts}", f"{field.title.en} {value} = {parts}")


def _shared(value: float, sizes: Sequence[float]) -> list[Value]:
    whole = sum(sizes) or 1.0
    exact = [value * part / whole for part in sizes]
    if not isinstance(value, int):
        first = [round(part, 3) for part in exact[1:]]
        return [round(value - sum(first), 3), *first]
    made = [int(part) for part in exact]
    behind = sorted(range(len(made)), key=lambda i: made[i] - exact[i])
    for i in behind[: value - sum(made)]:
        made[i] += 1
    return list(made)
