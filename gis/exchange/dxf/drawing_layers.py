"""The layers of a drawing as a person looks at them, and where each may go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import Bounds
from gis.exchange.dxf.aims import Aim
from gis.exchange.dxf.drawing import Drawing
from gis.exchange.dxf.entity_words import entity_words
from gis.exchange.dxf.presets import COMMON
from gis.exchange.source import bounds_of
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

_STRAY_M: Final = 50_000.0
_LONGEST: Final = 40
_SAMPLES: Final = 3


class DrawingLayer(NamedTuple):
    """One layer of a drawing.

    Parameters
    ----------
    name : str
    rows : int
        Entities and parts of blocks on it.
    hidden : bool
        Whether it is off or frozen.
    color : str
        ``#rrggbb``, that of most of its rows.
    forms : tuple of (Text, int)
        What is on it, the most first.
    samples : tuple of str
        Up to three of its texts.
    """

    name: str
    rows: int
    hidden: bool
    color: str
    forms: tuple[tuple[Text, int], ...]
    samples: tuple[str, ...]


class DrawingTarget(NamedTuple):
    """A layer of the project that may take a layer of a drawing, and what its features get.

    Parameters
    ----------
    layer : str
        Layer id.
    aim : Aim
    title : Text
        The layer, or the layer with the attribute: “排水节点 · 雨水口”.
    group : Text
    """

    layer: str
    aim: Aim
    title: Text
    group: Text


def layer_rows(drawing: Drawing) -> dict[str, NDArray[np.intp]]:
    """Return the rows of each layer of a drawing that has any."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(drawing.columns["layer"]):
        rows.setdefault(name, []).append(row)
    return {name: np.array(members, dtype=np.intp) for name, members in rows.items()}


def drawing_layers(
    drawing: Drawing, rows: Mapping[str, NDArray[np.intp]] | None = None
) -> tuple[DrawingLayer, ...]:
    """Return the layers of a drawing that have anything, the fullest first.

    Parameters
    ----------
    drawing : Drawing
    rows : mapping of str to array, optional
        What `layer_rows` returned for it, if that is known already.
    """
    known = layer_rows(drawing) if rows is None else rows
    made = [_layer(drawing, name, members.tolist()) for name, members in known.items()]
    return tuple(sorted(made, key=lambda layer: (-layer.rows, layer.name)))


def drawing_targets(snapshot: Snapshot) -> tuple[DrawingTarget, ...]:
    """Return where layers of a drawing may go: every layer, then its variants that have common names."""
    targets: dict[tuple[str, str], DrawingTarget] = {}
    variants = [aim for rule in COMMON for aim in rule.aims]
    for layer in snapshot.layers.values():
        if layer.kind.role == "reference":
            continue
        plain = DrawingTarget(layer.id, Aim(layer.id), layer.title, layer.kind.group)
        targets[layer.id, ""] = plain
        for aim in variants:
            title = target_title(layer, aim) if aim.layer == layer.id else layer.title
            if title != layer.title:
                targets.setdefault(
                    (layer.id, title.zh), DrawingTarget(layer.id, aim, title, layer.kind.group)
                )
    return tuple(targets.values())


def target_title(layer: Layer, aim: Aim) -> Text:
    """Return what people call a target: the layer with the words of the attributes that it gives."""
    words = [f.word(aim.values[f.name]) for f in layer.fields if aim.values.get(f.name) is not None]
    title = layer.title
    for word in words:
        title = Text("{a} · {b}", "{a} · {b}").format(a=title, b=word)
    return title


def main_bounds(drawing: Drawing) -> Bounds | None:
    """Return the box around a drawing without single strays far from everything else."""
    there = drawing.geometry[~shapely.is_missing(drawing.geometry)]
    if len(there) < 3:
        return bounds_of(there)
    boxes = shapely.bounds(there)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    away = np.hypot(*(middles - np.median(middles, axis=0)).T)
    return bounds_of(there[away <= max(_STRAY_M, float(np.median(away)) * 4)])


def _layer(drawing: Drawing, name: str, rows: Sequence[int]) -> DrawingLayer:
    types, texts, colors = (drawing.columns[c] for c in ("type", "text", "color"))
    forms = Counter(entity_words(str(types[row])) for row in rows)
    samples = dict.fromkeys(str(texts[row])[:_LONGEST] for row in rows if texts[row])
    color = Counter(str(colors[row]) for row in rows).most_common(1)[0][0]
    hidden = bool(drawing.layers.get(name, False))
    return DrawingLayer(name, len(rows), hidden, color, tuple(forms.most_common()), tuple(samples)[:_SAMPLES])
