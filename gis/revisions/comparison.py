"""The values a comparison consists of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from shapely import Geometry, Point

from layers.changes import Key
from layers.feature import Feature
from layers.reason import NO_REASON, Reason
from layers.schema import Field, Value
from layers.text import Text

ChangeKind = Literal["added", "removed", "moved", "reshaped", "changed"]

SIGNS: dict[ChangeKind, str] = {"added": "+", "removed": "−", "moved": "→", "reshaped": "◇", "changed": "~"}
KIND_WORDS: dict[ChangeKind, Text] = {
    "added": Text("新增", "added"),
    "removed": Text("取消", "removed"),
    "moved": Text("移位", "moved"),
    "reshaped": Text("改形", "reshaped"),
    "changed": Text("改属性", "changed"),
}


@dataclass(frozen=True)
class FieldChange:
    """One attribute, old and new."""

    field: Field
    before: Value
    after: Value


@dataclass(frozen=True)
class FeatureChange:
    """What happened to one feature.

    Parameters
    ----------
    kind : ChangeKind
        The strongest thing that happened; a moved feature may have `fields` too.
    layer, uid : str
    layer_title, name, noun : Text
        What the layer and the feature are called, and what sort of thing it is in the
        words of the legend (after the change if it still exists).
    before, after : Feature or None
    fields : tuple of FieldChange
    distance_m, bearing_deg : float
        How far and whereto it moved (0 = grid north, clockwise); 0 unless moved.
    area_change_m2, length_change_m : float
        After minus before, whole areas or lengths; for added and removed ones too.
    origins : tuple of Text
        What the features are called that it was split off, or that were merged into it.
    reason : Reason
        Why, as far as it was said between the two states.
    """

    kind: ChangeKind
    layer: str
    uid: str
    layer_title: Text
    name: Text
    before: Feature | None
    after: Feature | None
    fields: tuple[FieldChange, ...] = ()
    distance_m: float = 0.0
    bearing_deg: float = 0.0
    area_change_m2: float = 0.0
    length_change_m: float = 0.0
    noun: Text = Text("对象", "Object")
    origins: tuple[Text, ...] = ()
    reason: Reason = NO_REASON

    @property
    def made_from(self) -> tuple[str, ...]:
        """Ids of the features it was split off or that were merged into it, by this change."""
        known = self.before.ancestors if self.before else ()
        return tuple(uid for uid in (self.after.ancestors if self.after else ()) if uid not in known)

    @property
    def key(self) -> Key:
        """Layer id and feature id."""
        return self.layer, self.uid

    @property
    def geometry(self) -> Geometry | None:
        """Where it is now, or where it was."""
        feature = self.after if self.after is not None and self.after.geometry is not None else self.before
        return feature.geometry if feature else None


@dataclass(frozen=True)
class ChangeGroup:
    """Neighbouring changes under one number: a change cloud.

    Parameters
    ----------
    number : int
        1, 2, 3 ... from north-west to south-east, the same on screen, page and paper.
    label : str
        ``R3-17``: target revision and number.
    title : Text
        Such as ``新增 停车位 14``.
    changes : tuple of FeatureChange
    cloud : shapely.Geometry
        Polygon around the changes, metres.
    anchor : shapely.Point
        Where the number stands.
    answers : tuple of str
        Codes of the problem spots and comments that its changes are said to answer.
    reasons : tuple of Text
        Titles of those spots and gists of those comments, in the order of `answers`, then `because`.
    sign : str
        ``+ − → ~`` by what prevails.
    because : tuple of Text
        Reasons given in words: a meeting, a constraint.
    """

    number: int
    label: str
    title: Text
    changes: tuple[FeatureChange, ...]
    cloud: Geometry
    anchor: Point
    answers: tuple[str, ...]
    reasons: tuple[Text, ...]
    sign: str
    because: tuple[Text, ...] = ()

    @property
    def mark(self) -> str:
        """What its sign on a map says: the number."""
        return str(self.number)

    @property
    def parts(self) -> tuple[ChangeGroup, ...]:
        """The groups it stands for: itself."""
        return (self,)


@dataclass(frozen=True)
class Quantity:
    """One number of the plan before and after, in a unit."""

    code: str
    title: Text
    unit: Text
    before: float
    after: float
    decimals: int = 0

    @property
    def delta(self) -> float:
        """After minus before, both as they are shown, so that a table adds up."""
        return round(round(self.after, self.decimals) - round(self.before, self.decimals), self.decimals)


@dataclass(frozen=True)
class Facet:
    """One thing about the look of a layer, old and new.

    Parameters
    ----------
    name : str
        ``visible``, ``opacity``, ``title``, ``group``, ``scales``, ``filter``, ``style``, ``labels``
        or ``order``.
    title, before, after : Text
    """

    name: str
    title: Text
    before: Text
    after: Text


@dataclass(frozen=True)
class Restyled:
    """A layer that looks different, and in what."""

    layer: str
    title: Text
    facets: tuple[Facet, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between two states of one plan.

    Parameters
    ----------
    before, after : str
        Revision labels, or ``"working"``.
    changes : tuple of FeatureChange
        Problem spots and comments are not plan changes: they are in `spot_changes`.
    spot_changes : tuple of FeatureChange
    groups : tuple of ChangeGroup
        Every change of `changes` with a geometry is in exactly one group.
    quantities : tuple of Quantity
    restyled : tuple of Restyled
        The layers that look different, from top to bottom.
    """

    before: str
    after: str
    changes: tuple[FeatureChange, ...]
    spot_changes: tuple[FeatureChange, ...]
    groups: tuple[ChangeGroup, ...]
    quantities: tuple[Quantity, ...]
    restyled: tuple[Restyled, ...] = ()

    def group_of(self, key: Key) -> ChangeGroup | None:
        """Return the group a feature's change belongs to, or None."""
        return self._group_by_key.get(key)

    @cached_property
    def _group_by_key(self) -> dict[Key, ChangeGroup]:
        """The group of each feature: asked for every row of a list, so it is made once."""
        found: dict[Key, ChangeGroup] = {}
        for group in self.groups:
            for change in group.changes:
                found.setdefault(change.key, group)
        return found
