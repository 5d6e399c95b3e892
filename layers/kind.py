"""What a layer can be: a declaration of fields, role and looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from layers.schema import Choice, Field, GeometryType, Value
from layers.style import Style
from layers.text import Text

Role = Literal[
    "boundary",
    "reference",
    "green",
    "tree",
    "network-edge",
    "parking",
    "footprint",
    "barrier",
    "drain-line",
    "drain-node",
    "facility",
    "plan-element",
    "drainage-spot",
    "traffic-spot",
    "comment",
    "annotation",
]
"""What engines ask for instead of a kind's name, so that a user's own layer can serve too."""


@dataclass(frozen=True)
class Kind:
    """The declaration of a layer kind.

    Parameters
    ----------
    name : str
        Stable ASCII identifier and default table name.
    title : Text
        What people read.
    role : Role
        What engines look for.
    geometry : tuple of GeometryType
        The shapes a feature may have; Multi* of them are allowed too.
    fields : tuple of Field
        In the order a form shows them.
    style : Style
        Default look.
    name_template : str
        How one feature is called in lists, ``{field}`` filled with its words.
    number_field : str, optional
        The field people search by and numbers are read from.
    number_words : Text, optional
        How a bare number is said in a name, ``{n}`` filled: 3号楼. The field itself stays 3,
        and labels on map, page and sheet write it so.
    order : int
        Place from bottom (0) to top.
    group : Text
        Heading in the layer panel.
    public : bool
        Whether the public profile publishes this layer at all.
    geometry_required : bool
        Whether every feature has a place. A comment may be about the whole plan.
    shown : bool
        Whether a new layer of this kind is visible.
    """

    name: str
    title: Text
    role: Role
    geometry: tuple[GeometryType, ...]
    fields: tuple[Field, ...]
    style: Style
    order: int
    group: Text
    name_template: str = ""
    number_field: str | None = None
    number_words: Text | None = None
    public: bool = True
    geometry_required: bool = True
    shown: bool = True

    def field(self, name: str) -> Field | None:
        """Return a field by name, or None."""
        return next((f for f in self.fields if f.name == name), None)

    def domain(self, name: str) -> tuple[Choice, ...]:
        """Return the code list of a field; empty if it has none."""
        found = self.field(name)
        return found.domain if found else ()

    def kept(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return values that somebody entered as their fields keep them."""
        fields = {field.name: field for field in self.fields}
        return {name: fields[name].kept(v) if name in fields else v for name, v in values.items()}

    def defaults(self) -> dict[str, Value]:
        """Return the attributes that a new feature starts with."""
        return {f.name: f.default for f in self.fields if f.default is not None}

    def drawn(self) -> dict[str, Value]:
        """Return what is different for a feature that is drawn in the plan: it is not there yet."""
        return {f.name: f.drawn for f in self.fields if f.drawn is not None}

    def copied(self, values: Mapping[str, Value], *, existing: bool = False) -> dict[str, Value]:
        """Return what a copy of a feature starts with: it is drawn in the plan, a thing of its own.

        So it is not there yet, unless the original is planned as well (new, reserved). It has no number,
        which must stay unique, and no photos, which show the original; and as it comes to be for a reason
        of its own, only the copy of what is planned has the reason of the original.

        Parameters
        ----------
        existing : bool
            Whether what exists is traced: then the copy is there, too.
        """
        anew = {
            f.name: f.default if existing else f.drawn
            for f in self.fields
            if f.drawn is not None and (existing or values.get(f.name) not in f.kept_in_copies)
        }
        other = any(values.get(name) != value for name, value in anew.items())
        left_out = {
            f.name
            for f in self.fields
            if f.name == self.number_field or f.type == "photos" or (f.of_change and other)
        }
        return {name: value for name, value in {**values, **anew}.items() if name not in left_out}

    @property
    def ends(self) -> tuple[Field, Field] | None:
        """What belongs to the first and to the last point of a line, such as invert levels; or None."""
        first = next((f for f in self.fields if f.end == "first"), None)
        last = next((f for f in self.fields if f.end == "last"), None)
        return (first, last) if first is not None and last is not None else None


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind to the program; the last line of a file in ``layers/kinds``.

    Raises
    ------
    ValueError
        If the name is taken: two kinds of one name would share a table.
    """
    if kind.name in _KINDS:
        raise ValueError(f"layer kind {kind.name!r} is registered twice")
    _KINDS[kind.name] = kind
    return kind


def registered() -> dict[str, Kind]:
    """Return the kinds registered so far, by name."""
    return dict(_KINDS)
