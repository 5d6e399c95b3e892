"""Which of the layers that a file offers hold its records once."""

from __future__ import annotations

from collections.abc import Sequence

from gis.exchange.raw import SourceLayer


def separate_layers(layers: Sequence[SourceLayer]) -> tuple[SourceLayer, ...]:
    """Return the layers of a file without what repeats others: the folders of a KML, or the whole."""
    wholes = {layer.part_of for layer in layers} - {None}
    kept: list[SourceLayer] = []
    for layer in layers:
        if layer.name in wholes and layer.part_of is None:
            inside = [part for part in layers if part.part_of == layer.name]
            kept += inside if sum(part.features for part in inside) >= layer.features else [layer]
        elif layer.part_of is None:
            kept.append(layer)
    return tuple(kept)


def holds_several(layers: Sequence[SourceLayer]) -> bool:
    """Tell whether a file has several layers that hold something, repeat no other, and are not hidden."""
    return sum(layer.features != 0 and not layer.hidden for layer in separate_layers(layers)) > 1
