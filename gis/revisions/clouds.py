"""Neighbouring changes under one number: change clouds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, Point, Polygon

from gis.revisions.comparison import SIGNS, ChangeGroup, FeatureChange
from layers.asking import asked_in
from layers.snapshot import Snapshot
from layers.text import Text, same

REACH_M = 9.0
"""Changes without a reason belong to what is nearer than this."""

SAME_ANSWER_REACH_M = 30.0
"""Changes that answer the same problem belong together up to this distance."""

MARGIN_M = 2.5
_CLOSINGS_M = (1.0, 4.0, 8.0, SAME_ANSWER_REACH_M / 2 + 0.5)
_POLYGON = 3  # shapely's number of that type
"""How far a cloud may bridge gaps between its changes; the smallest that makes one piece."""

BAND_M = 45.0
"""Numbers run in bands of this height from north to south, west to east inside."""


def group_changes(
    changes: Sequence[FeatureChange], label: str, states: Sequence[Snapshot]
) -> tuple[ChangeGroup, ...]:
    """Put changes into numbered groups.

    Parameters
    ----------
    changes : sequence of FeatureChange
        Those without a geometry are left out.
    label : str
        Label of the target revision, for ``R3-17``.
    states : sequence of Snapshot
        Where titles of the answered problem spots and gists of comments are looked up, first match wins.

    Notes
    -----
    Changes that name a common problem spot or comment as their reason, or that
    name none and give the same reason in words, are linked within
    `SAME_ANSWER_REACH_M`; a group is a connected set of links. A change without
    a reason joins the nearest such group within `REACH_M`, and never bridges
    two; those left over group among themselves. So every change is in exactly
    one group, and the order of the input does not matter.
    """
    placed = [
        _Placed.of(c, place) for c in changes if (place := place_of(c)) is not None and not place.is_empty
    ]
    components = _components(placed)
    clouds = _clouds(components)
    drawn = [([p.change for p in group], cloud) for group, cloud in zip(components, clouds, strict=True)]
    drawn.sort(key=lambda item: _reading_order(item[1], item[0]))
    titles = asked_titles(states)
    return tuple(_group(i, group, cloud, label, titles) for i, (group, cloud) in enumerate(drawn, start=1))


@dataclass(frozen=True)
class _Placed:
    """A change with what grouping asks for, worked out once."""

    change: FeatureChange
    place: Geometry
    answers: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, change: FeatureChange, place: Geometry) -> _Placed:
        return cls(change, place, frozenset(change.reason.answers), frozenset(change.reason.words))

    @property
    def reasoned(self) -> bool:
        return bool(self.answers or self.words)

    def shares_reason(self, other: _Placed) -> bool:
        """Tell whether two changes with a reason belong together.

        One meeting decides many things: its name links only what answers nothing else.
        """
        if self.answers or other.answers:
            return bool(self.answers & other.answers)
        return bool(self.words & other.words)


def place_of(change: FeatureChange) -> Geometry | None:
    """Return the ground a change touches: of a reshaped feature only what differs."""
    before = change.before.geometry if change.before else None
    after = change.after.geometry if change.after else None
    if before is None or after is None or change.kind == "changed":
        return change.geometry
    if change.kind == "moved":
        return shapely.union(before, after)
    differs = shapely.symmetric_difference(*shapely.make_valid([before, after]))
    return change.geometry if shapely.is_empty(differs) else differs


def _components(placed: Sequence[_Placed]) -> list[list[_Placed]]:
    """Group changes with a reason by shared reasons; the others join the nearest group or each other."""
    reasoned = sorted((p for p in placed if p.reasoned), key=lambda p: p.change.key)
    groups = _linked(reasoned, SAME_ANSWER_REACH_M, _Placed.shares_reason)
    group_of = {p.change.key: group for group in groups for p in group}
    tree = shapely.STRtree(_places(reasoned))
    alone: list[_Placed] = []
    for item in (p for p in placed if not p.reasoned):
        near = tree.query_nearest(item.place, max_distance=REACH_M) if reasoned else ()
        # the smallest key where several are equally near, so that the order of the input does not matter
        (group_of[reasoned[min(near)].change.key] if len(near) else alone).append(item)
    return groups + _linked(alone, REACH_M, lambda _a, _b: True)


def _linked(
    placed: Sequence[_Placed], reach_m: float, belong: Callable[[_Placed, _Placed], bool]
) -> list[list[_Placed]]:
    """Return the connected sets of changes that are near each other and belong together."""
    parent = list(range(len(placed)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    places = _places(placed)
    for a, b in shapely.STRtree(places).query(places, predicate="dwithin", distance=reach_m).T:
        if a < b and belong(placed[a], placed[b]):
            low, high = sorted((root(a), root(b)))
            parent[high] = low
    groups: dict[int, list[_Placed]] = {}
    for i, item in enumerate(placed):
        groups.setdefault(root(i), []).append(item)
    return list(groups.values())


def _places(placed: Sequence[_Placed]) -> NDArray[np.object_]:
    places = np.empty(len(placed), dtype=object)
    places[:] = [p.place for p in placed]
    return places


def _clouds(groups: Sequence[Sequence[_Placed]]) -> list[Polygon]:
    """Return one outline around each group, as tight as one piece allows.

    All at once: a thousand scattered changes are common after an import.
    """
    if not groups:
        return []
    shapes = [_ground(group) for group in groups]
    ends = np.cumsum([len(s) for s in shapes])
    grown = np.split(shapely.buffer(np.concatenate(shapes), MARGIN_M, quad_segs=3), ends[:-1])
    cores = shapely.simplify(np.array([shapely.union_all(g) for g in grown], dtype=object), 0.1)
    outlines = shapely.convex_hull(cores)
    waiting = np.arange(len(cores))
    for close in _CLOSINGS_M:
        closed = shapely.buffer(shapely.buffer(cores[waiting], close, quad_segs=4), -close, quad_segs=4)
        whole = shapely.get_type_id(closed) == _POLYGON
        outlines[waiting[whole]] = shapely.simplify(closed[whole], 0.3)
        waiting = waiting[~whole]
    return list(shapely.polygons(shapely.get_exterior_ring(outlines)))


def _ground(group: Sequence[_Placed]) -> NDArray[np.object_]:
    """Return the shapes that a cloud goes around.

    Of changes without a reason only the ground near the reasoned ones counts:
    a lawn that gives way to a new bay also ends elsewhere.
    """
    reasoned = [p for p in group if p.reasoned]
    shapes = _places(reasoned or group)
    if not reasoned or len(reasoned) == len(group):
        return shapes
    near = shapely.buffer(shapely.union_all(shapes), REACH_M)
    joined = shapely.make_valid(_places([p for p in group if not p.reasoned]))
    return np.concatenate([shapes, shapely.intersection(joined, near)])


def _reading_order(cloud: Polygon, group: Sequence[FeatureChange]) -> tuple[float, float, str]:
    west, _, _, north = cloud.bounds
    return -np.floor(north / BAND_M), west, min(c.uid for c in group)


def _group(
    number: int, changes: Sequence[FeatureChange], cloud: Polygon, label: str, titles: dict[str, Text]
) -> ChangeGroup:
    codes = tuple(dict.fromkeys(code for change in changes for code in change.reason.answers))
    because = tuple(map(same, _in_words(changes)))
    signs = Counter(SIGNS[change.kind] for change in changes)
    corner = max(cloud.exterior.coords, key=lambda p: p[0] + p[1])
    return ChangeGroup(
        number=number,
        label=f"{label}-{number}",
        title=group_title(changes),
        changes=tuple(sorted(changes, key=lambda c: (c.layer, c.uid))),
        cloud=cloud,
        anchor=Point(corner),
        answers=codes,
        reasons=(*(titles[code] for code in codes if code in titles), *because),
        sign=signs.most_common(1)[0][0],
        because=because,
    )


def _in_words(changes: Iterable[FeatureChange]) -> list[str]:
    """Return the reasons in words that some changes give, each once; those of one change in their order."""
    said = sorted({change.reason.words for change in changes})
    return list(dict.fromkeys(words for several in said for words in several))


def asked_titles(states: Sequence[Snapshot]) -> dict[str, Text]:
    """Return what was asked for, by code: titles of problem spots and gists of comments, never their text.

    ``T03 环北路东端断头``; the first of `states` that has a code says how it is called.
    """
    titles: dict[str, Text] = {}
    for state in states:
        for code, title in asked_in(state).items():
            titles.setdefault(code, same(f"{code} {title}".strip()))
    return titles


_VERBS = {
    "added": Text("新增", "Added"),
    "removed": Text("取消", "Dropped"),
    "moved": Text("移动", "Moved"),
    "reshaped": Text("调整", "Reshaped"),
    "changed": Text("调整", "Changed"),
}
_STATE_VERBS = {
    "new": Text("新建", "New"),
    "renovated": Text("改造", "Renovated"),
    "demolish": Text("拆除", "Demolished"),
    "reserved": Text("预留", "Reserved"),
    "existing": Text("保留", "Retained"),
}


def verb_of(change: FeatureChange) -> Text:
    """Say in a planner's verb what a change does: 新建, 改造, 拆除 ..., or 移动, 调整."""
    state = str(change.after.attributes.get("state")) if change.after else ""
    if change.kind == "added" and state in ("new", "renovated", "demolish", "reserved"):
        return _STATE_VERBS[state]
    if any(f.field.name == "state" for f in change.fields) and state in _STATE_VERBS:
        return _STATE_VERBS[state]
    return _VERBS[change.kind]


def group_title(changes: Iterable[FeatureChange], most: int = 3) -> Text:
    """Say what a group does: ``新建停车位 14；拆除围墙 1``, ``New parking bay ×14; Demolished wall``.

    New things come first, then works, demolition and smaller changes. Counts
    are features, and bays where a feature says how many it has. Only the first
    `most` items are named, and one more if it is the last; the rest is counted: 另 N 项.
    """
    counts: Counter[tuple[Text, Text]] = Counter()
    for change in changes:
        counts[verb_of(change), change.noun] += _weight(change)
    ranks = {verb: rank for rank, verb in enumerate((*_STATE_VERBS.values(), *_VERBS.values()))}
    ordered = sorted(counts.items(), key=lambda item: (ranks[item[0][0]], -item[1], item[0][1]))
    top = ordered if len(ordered) == most + 1 else ordered[:most]
    zh = [f"{verb.zh}{title.zh} {n}" for (verb, title), n in top]
    en = [f"{verb.en} {_within(title)}" + (f" ×{n}" if n > 1 else "") for (verb, title), n in top]
    if rest := len(counts) - len(top):
        zh.append(f"另 {rest} 项")
        en.append(f"and {rest} more")
    return Text("；".join(zh), "; ".join(en))


def _within(title: Text) -> str:
    """Return English words inside a sentence: a word of the program in lower case, a name as it is."""
    return title.en if title.en == title.zh else title.en.lower()


def _weight(change: FeatureChange) -> int:
    """Count bays where a feature says how many it has; a bicycle shed is one shed."""
    feature = change.after or change.before
    bays = feature.attributes.get("bays") if feature else None
    sheltered = feature is not None and feature.attributes.get("use") == "bicycle"
    return bays if isinstance(bays, int) and bays > 0 and not sheltered else 1
