"""One feature: a stable id, a geometry, and attributes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shapely import Geometry

from layers.schema import Value


@dataclass(frozen=True)
class Feature:
    """An object of the plan as it was at one moment.

    Parameters
    ----------
    uid : str
        Identity for life: 32 hexadecimal digits, kept through edits, exports
        and imports. Never shown to the public.
    geometry : shapely.Geometry or None
        In the CRS of the project, metres.
    attributes : mapping of str to Value
        Field name to value. Treat as read-only.
    ancestors : tuple of str
        Ids of the features it was made from: of the one it was split off, of those merged into it.
    """

    uid: str
    geometry: Geometry | None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    ancestors: tuple[str, ...] = ()

    def with_attributes(self, **values: Value) -> Feature:
        """Return the same feature with some attributes set anew."""
        return replace(self, attributes={**self.attributes, **values})

    def with_geometry(self, geometry: Geometry | None) -> Feature:
        """Return the same feature in another place or shape."""
        return replace(self, geometry=geometry)

    def with_ancestors(self, *uids: str) -> Feature:
        """Return the same feature, made from further ones as well; its own id is not among them."""
        known = dict.fromkeys((*self.ancestors, *uids))
        return replace(self, ancestors=tuple(uid for uid in known if uid != self.uid))

    def __eq__(self, other: object) -> bool:
        """Compare id, attributes, ancestors and geometry bytes (not topological equality).

        ``1`` and ``1.0`` differ, so that an undo returns exactly what was there.
        """
        if not isinstance(other, Feature):
            return NotImplemented
        if self is other:
            return True
        return (
            self.uid == other.uid
            and self.ancestors == other.ancestors
            and _typed(self.attributes) == _typed(other.attributes)
            and (self.geometry is other.geometry or _bytes(self.geometry) == _bytes(other.geometry))
        )

    def __hash__(self) -> int:
        """Hash by id: a set may hold several versions of one feature."""
        return hash(self.uid)


def _typed(attributes: Mapping[str, Value]) -> dict[str, tuple[type, Value]]:
    return {name: (type(value), value) for name, value in attributes.items() if value is not None}


def _bytes(geometry: Geometry | None) -> bytes | None:
    return None if geometry is None else geometry.wkb


def new_uid() -> str:
    """Make an identity for a new feature. The one place where ids are born."""
    return uuid.uuid4().hex
