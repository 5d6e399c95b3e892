"""Where layers of a drawing go, as presets and users say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from layers.schema import Value


@dataclass(frozen=True)
class Aim:
    """A layer of the project and what its features get from the drawing's layer alone.

    Parameters
    ----------
    layer : str
        Layer id.
    values : mapping of field name to value
    """

    layer: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerRule:
    """A pattern of layer names and where such layers go; no aim means: reference.

    Parameters
    ----------
    pattern : str
        Regular expression, searched in the upper-case name.
    aims : tuple of Aim
        The first whose kind takes the geometry.
    """

    pattern: str
    aims: tuple[Aim, ...] = ()
