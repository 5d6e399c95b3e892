"""Fields of layers that hold personal data, and layers without them, for an export that leaves the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from gis.exchange.extract import layer_with
from gis.privacy import Masks
from gis.progress import Progress
from layers.layer import Layer
from layers.schema import Field
from layers.snapshot import Snapshot
from layers.text import Text

_FREE: Final = ("text", "long_text")
_SAID_BY_PEOPLE: Final = "comment"
_LOOKING: Final = Text("正在查找个人信息", "Looking for personal data")


class PersonalField(NamedTuple):
    """One field that holds personal data.

    Parameters
    ----------
    layer : str
    field : Field
    filled : int
        Features in which it holds something personal.
    """

    layer: str
    field: Field
    filled: int


def personal_fields(
    snapshot: Snapshot, layers: Sequence[str], masks: Masks, progress: Progress | None = None
) -> tuple[PersonalField, ...]:
    """Return the fields in which names, numbers or people's own words stand.

    Parameters
    ----------
    snapshot : Snapshot
    layers : sequence of str
        Ids of the layers that are to be exported.
    masks : Masks
        What counts as personal, with the roster of the project.
    progress : Progress, optional

    Returns
    -------
    tuple of PersonalField
        Free texts that the masks would change, and what residents said, even if the masks find nothing in it.
    """
    progress = progress or Progress()
    found: list[PersonalField] = []
    for at, name in enumerate(layers):
        layer = snapshot.layers[name]
        for field in layer.fields:
            progress.step(at / len(layers), _LOOKING)
            if field.type in _FREE and (count := _personal(layer, field, masks, progress)):
                found.append(PersonalField(name, field, count))
    return tuple(found)


def without_personal(snapshot: Snapshot, personal: Sequence[PersonalField]) -> Snapshot:
    """Return the plan without what is not for others, for layers that hold personal data.

    Of their free texts only public ones without findings stay; other values are no texts and stay.
    A field that a file does not have is left alone when it comes back: nothing is blanked.
    """
    homes = {one.layer for one in personal}
    layers = {
        name: layer_with(layer, fields_kept(layer, personal)) if name in homes else layer
        for name, layer in snapshot.layers.items()
    }
    return replace(snapshot, layers=layers)


def _personal(layer: Layer, field: Field, masks: Masks, progress: Progress) -> int:
    words = [v for v in np.asarray(layer.table.columns[field.name]).tolist() if isinstance(v, str) and v]
    if layer.kind.role == _SAID_BY_PEOPLE and not field.public:
        return len(words)
    hidden: dict[str, bool] = {}
    for number, word in enumerate(dict.fromkeys(words)):
        if number % 200 == 0:
            progress.check()
        hidden[word] = masks.word(word) != word
    return sum(hidden[word] for word in words)


def fields_kept(layer: Layer, personal: Sequence[PersonalField]) -> frozenset[str]:
    """Return the names of the fields that stay in a layer for others; all if it holds nothing personal."""
    here = {one.field.name for one in personal if one.layer == layer.id}
    if not here:
        return frozenset(f.name for f in layer.fields)
    return frozenset(f.name for f in layer.fields if f.name not in here and (f.public or f.type not in _FREE))
