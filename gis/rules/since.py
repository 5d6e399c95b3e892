"""What a plan changed since the state before it, as rules look at it."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import Geometry

from layers.changes import Key
from layers.text import Text


@dataclass(frozen=True)
class ChangedGroup:
    """One numbered change, or a change without a place.

    Parameters
    ----------
    label : str
        ``R3-17``; empty if it has no number.
    title : Text
        What it does.
    keys : tuple of (layer id, feature id)
    codes : tuple of str
        Problem spots and comments that it says it answers.
    reasoned : bool
        Whether it names any reason at all.
    place : Geometry or None
        The ground it touches, metres.
    """

    label: str
    title: Text
    keys: tuple[Key, ...]
    codes: tuple[str, ...]
    reasoned: bool
    place: Geometry | None


@dataclass(frozen=True)
class Since:
    """The changes of a state since the revision it was made from.

    Parameters
    ----------
    label : str
        That revision.
    groups : tuple of ChangedGroup
    """

    label: str
    groups: tuple[ChangedGroup, ...]
