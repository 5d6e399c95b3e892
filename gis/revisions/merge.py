"""Merging two plans that grew apart from one: three-way, feature by feature and cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from shapely import Geometry

from layers.changes import Change, ChangeSet, Key, SettingChange
from layers.feature import Feature
from layers.schema import Field, Value

Side = Literal["ours", "theirs"]

GEOMETRY: Final = "geometry"
EXISTENCE: Final = "existence"
"""Names of the cells that are no attribute: the shape, and whether the feature is there at all."""

_MISSING: Final = object()


@dataclass(frozen=True)
class Conflict:
    """One cell that both sides changed, to different things.

    Parameters
    ----------
    key : (layer id, feature id), or None for a project setting
    cell : str
        A field name, `GEOMETRY`, `EXISTENCE`, or the name of a setting.
    base, ours, theirs
        The three values; for `EXISTENCE` the three features (None: not there).
    """

    key: Key | None
    cell: str
    base: object
    ours: object
    theirs: object

    @property
    def id(self) -> ConflictId:
        """What names this conflict in a list of decisions."""
        return self.key, self.cell


ConflictId: TypeAlias = tuple[Key | None, str]


@dataclass(frozen=True)
class MergePlan:
    """What merging would do to our side.

    Parameters
    ----------
    changes : ChangeSet
        From our state to the merged one, with our value wherever there is a conflict.
    conflicts : tuple of Conflict
        In the order of layers and ids; decide each, then call `resolved`.
    """

    changes: ChangeSet
    conflicts: tuple[Conflict, ...]
    _ours: Mapping[Key, Feature | None]

    def resolved(self, decisions: Mapping[ConflictId, Side]) -> ChangeSet:
        """Return the change set to apply to our state.

        Raises
        ------
        ValueError
            If a conflict is left undecided.
        """
        undecided = [c.id for c in self.conflicts if c.id not in decisions]
        if undecided:
            raise ValueError(f"{len(undecided)} conflicts are undecided, the first is {undecided[0]}")
        merged = {key: change.after for key, change in self.changes.features.items()}
        settings = dict(self.changes.settings)
        for conflict in self.conflicts:
            if decisions[conflict.id] == "ours":
                continue
            if conflict.key is None:
                settings[conflict.cell] = SettingChange(conflict.ours, conflict.theirs)
            else:
                merged[conflict.key] = _with_theirs(
                    conflict, merged.get(conflict.key, self._ours.get(conflict.key))
                )
        changes = [
            Change(key[0], self._ours.get(key), after)
            for key, after in merged.items()
            if after is not None or self._ours.get(key) is not None
        ]
        return ChangeSet.of(changes, settings)


def all_to(side: Side, conflicts: Sequence[Conflict]) -> dict[ConflictId, Side]:
    """Return the decision that gives every conflict to one side."""
    return {conflict.id: side for conflict in conflicts}


def plan_merge(
    ours: ChangeSet, theirs: ChangeSet, fields: Mapping[tuple[str, str], Field] | None = None
) -> MergePlan:
    """Plan how to bring their changes into our state.

    Parameters
    ----------
    ours, theirs : ChangeSet
        Both from the common state: what we did since, and what they did since.
    fields : mapping of (str, str) to Field, optional
        The fields by layer and name: which hold several values, such as photos, and which hold codes.

    Returns
    -------
    MergePlan

    Notes
    -----
    The rule for a cell (an attribute, the geometry, a setting): changed on one
    side, take it; changed on both to the same, take it; changed on both to
    different things, a conflict. Codes that are only spelled otherwise are the
    same. A list holds what either side added, and not what either took out: two
    photos of one spot need no decision. A feature deleted on one side and changed
    on the other is a conflict in either direction. A feature that both added under
    one id is compared cell by cell with an empty base. So merging A into B and B
    into A end equal, as long as conflicts are decided alike.
    """
    changes: list[Change] = []
    conflicts: list[Conflict] = []
    ours_after: dict[Key, Feature | None] = {}
    for key in sorted(theirs.features):
        their, our = theirs.features[key], ours.features.get(key)
        ours_after[key] = our.after if our else their.before
        if our is None:
            changes.append(their)
            continue
        merged, found = _merge_feature(key, our, their, fields or {})
        conflicts += found
        if merged is not None and our.after is not None and merged != our.after:
            changes.append(Change(key[0], our.after, merged))
    settings, found = _merge_settings(ours.settings, theirs.settings)
    return MergePlan(ChangeSet.of(changes, settings), (*conflicts, *found), ours_after)


def _merge_feature(
    key: Key, our: Change, their: Change, fields: Mapping[tuple[str, str], Field]
) -> tuple[Feature | None, list[Conflict]]:
    base, ours, theirs = our.before, our.after, their.after
    if ours is None or theirs is None:
        same = ours is None and theirs is None
        return ours, [] if same else [Conflict(key, EXISTENCE, base, ours, theirs)]
    conflicts: list[Conflict] = []

    def cell(name: str, b: object, o: object, t: object) -> object:
        field = fields.get((key[0], name))
        if _same(o, t):
            return o
        if field is not None and field.codes:
            b, o, t = (field.kept(v) if isinstance(v, str) else v for v in (b, o, t))
        if _same(o, t) or _same(b, t):
            return o
        if _same(b, o):
            return t
        if field is not None and field.is_list:
            return _merge_list(b, o, t)
        conflicts.append(Conflict(key, name, b, o, t))
        return o

    geometry = cell(GEOMETRY, base.geometry if base else _MISSING, ours.geometry, theirs.geometry)
    names = dict.fromkeys((*ours.attributes, *theirs.attributes))
    attributes: dict[str, Value] = {}
    for name in names:
        before = base.attributes.get(name) if base else _MISSING
        attributes[name] = cell(name, before, ours.attributes.get(name), theirs.attributes.get(name))  # type: ignore[assignment]
    ancestors = _merge_ancestors(base.ancestors if base else (), ours.ancestors, theirs.ancestors)
    return Feature(ours.uid, geometry, attributes, ancestors), conflicts


def _merge_list(base: object, ours: object, theirs: object) -> str | None:
    """Return what of the base neither took out, then what either added: alike in both directions."""
    before, mine, other = (
        str(v).split(",") if isinstance(v, str) and v else [] for v in (base, ours, theirs)
    )
    kept = [item for item in before if item in mine and item in other]
    return ",".join([*kept, *sorted({*mine, *other}.difference(before))]) or None


def _merge_ancestors(
    base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...]
) -> tuple[str, ...]:
    """Take the side that differs from the base; if both do, everything that either was made from."""
    if theirs in (ours, base):
        return ours
    return theirs if ours == base else tuple(sorted({*ours, *theirs}))


def _same(a: object, b: object) -> bool:
    """Equal as stored: 1, 1.0 and True differ, geometries are compared by their bytes."""
    if isinstance(a, Geometry) and isinstance(b, Geometry):
        return bool(a.wkb == b.wkb)
    return type(a) is type(b) and a == b


def _merge_settings(
    ours: Mapping[str, SettingChange], theirs: Mapping[str, SettingChange]
) -> tuple[dict[str, SettingChange], list[Conflict]]:
    changes: dict[str, SettingChange] = {}
    conflicts: list[Conflict] = []
    for name in sorted(theirs):
        their, our = theirs[name], ours.get(name)
        if our is None:
            changes[name] = their
        elif our.after != their.after:
            conflicts.append(Conflict(None, name, our.before, our.after, their.after))
    return changes, conflicts


def _with_theirs(conflict: Conflict, feature: Feature | None) -> Feature | None:
    theirs = conflict.theirs
    if conflict.cell == EXISTENCE or feature is None:
        return theirs if isinstance(theirs, Feature) else None
    if conflict.cell == GEOMETRY:
        return feature.with_geometry(theirs)
    return feature.with_attributes(**{conflict.cell: theirs})  # type: ignore[arg-type]


__all__ = ["EXISTENCE", "GEOMETRY", "Conflict", "ConflictId", "MergePlan", "Side", "all_to", "plan_merge"]
