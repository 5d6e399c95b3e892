"""Which row of a drawing becomes what: the fate of every single one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.dxf.aims import Aim
from gis.exchange.dxf.drawing import Drawing
from gis.exchange.dxf.mapping import REFERENCE, DxfMapping, Target
from layers.kind import Kind
from layers.layer import Layer
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text

HIDDEN: Final = "hidden"
SET_ASIDE: Final = "set-aside"
UNREADABLE: Final = "unreadable"
MERGED: Final = "merged"
DISSOLVED: Final = "dissolved"
FEATURE: Final = "feature"
LEFT_OUT: Final = "left-out"
_OPEN: Final = ""
_FATES: Final = {"hidden": HIDDEN, "unreadable": UNREADABLE, "broken": UNREADABLE, "empty": SET_ASIDE}

TEXTS: Final = frozenset({"TEXT", "MTEXT", "ATTRIB"})
_DRAWN_ONLY: Final = frozenset({"ACAD_PROXY_ENTITY"})
_FILLS: Final = frozenset({"HATCH", "MPOLYGON", "SOLID", "TRACE"})
_DIMENSIONS: Final[Mapping[str, int]] = {"point": 0, "line": 1, "polygon": 2}
GAP_M: Final = 0.05
"""Ends that are nearer than this are meant to meet."""
_SYMBOL_M: Final = 30.0
_SAME_M: Final = 0.05
_Key = TypeVar("_Key")


@dataclass
class Placed:
    """A row that becomes a feature.

    Parameters
    ----------
    row : int
    layer : str
        Layer id.
    shape : shapely.Geometry
    values : dict of field name to Value
    uid : str, optional
        Of the feature that it is a newer version of.
    ours : bool
        Whether we exported it ourselves: only its shape counts.
    """

    row: int
    layer: str
    shape: shapely.Geometry
    values: dict[str, Value] = field(default_factory=dict)
    uid: str | None = None
    ours: bool = False


@dataclass
class Remarkable:
    """What happened to many rows at once and is told in one sentence: by layer, or with the rows."""

    closed: dict[str, int] = field(default_factory=dict)
    not_taken: dict[tuple[str, str], int] = field(default_factory=dict)
    doubled: dict[str, int] = field(default_factory=dict)
    widthless: dict[tuple[str, str], int] = field(default_factory=dict)
    joined: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, int] = field(default_factory=dict)
    notes_outside: list[int] = field(default_factory=list)
    notes_at_odds: list[int] = field(default_factory=list)
    renumbered: dict[str, Text] = field(default_factory=dict)
    symbols: int = 0
    recognised: int = 0
    unmet: dict[str, int] = field(default_factory=dict)


class Sorting:
    """The rows of a drawing on their way to layers.

    Parameters
    ----------
    drawing : Drawing
    snapshot : Snapshot
    mapping : DxfMapping
    with_hidden : bool
        Whether what is off or frozen comes in too.
    """

    def __init__(self, drawing: Drawing, snapshot: Snapshot, mapping: DxfMapping, with_hidden: bool) -> None:
        self.drawing, self.snapshot, self.mapping = drawing, snapshot, mapping
        self.placed: list[Placed] = []
        self.remarkable = Remarkable()
        self.types: Sequence[str] = drawing.columns["type"]
        self.names: Sequence[str] = drawing.columns["layer"]
        self.fate: list[str] = [_OPEN] * len(drawing)
        self.own_layers: set[str] = set()
        self._targets: dict[str, Target] = {}
        for row, status in enumerate(drawing.sparse("status")):
            if status and not (with_hidden and status == HIDDEN):
                self.fate[row] = _FATES[status]
                if status == HIDDEN:
                    _count(self.remarkable.hidden, self.names[row])
        for row in self.open_rows():
            if self.target(self.names[row]).left_out:
                self.fate[row] = LEFT_OUT

    def open_rows(self) -> list[int]:
        """Return the rows whose fate is not settled yet."""
        return [row for row, fate in enumerate(self.fate) if not fate]

    def put(self, placed: Placed) -> None:
        """Let a row become a feature."""
        self.placed.append(placed)
        self.fate[placed.row] = FEATURE

    def target(self, name: str) -> Target:
        """Return where a layer of the drawing goes."""
        if name not in self._targets:
            self._targets[name] = self.mapping.target(name)
        return self._targets[name]

    def aim_at(self, name: str, layer_id: str, why: Text) -> None:
        """Send a layer of the drawing to a layer of the project, unless the user said where it goes."""
        if name not in self.mapping.said and not self.mapping.everything:
            self._targets[name] = replace(self.mapping.with_layer(name, layer_id).target(name), why=why)

    def note_unmet(self, layer: Layer, met: int) -> None:
        """Note what our export of a layer no longer has, unless only a small part of the layer went out."""
        shapes = layer.table.geometry
        unmet = int(np.count_nonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))) - met
        if 0 <= unmet <= met:
            self.own_layers.add(layer.id)
            if unmet:
                self.remarkable.unmet[layer.id] = unmet

    def settle_blocks(self) -> None:
        """Turn block references into symbols where a layer of points wants them, else into their parts."""
        parents = self.drawing.sparse("parent")
        parts: dict[int, list[int]] = {}
        for row in self.open_rows():
            if parents[row]:
                parts.setdefault(int(parents[row]) - 1, []).append(row)
        for row in self.open_rows():
            if self.types[row] != "INSERT":
                continue
            inside = parts.get(row, [])
            if (aim := self._symbol_aim(row, inside)) is not None:
                self._put_symbol(row, inside, aim)
            elif inside:
                self.fate[row] = DISSOLVED

    def settle_rest(self, *, texts: bool) -> None:
        """Send every open row to the layer that its drawing layer names, or to the reference.

        Parameters
        ----------
        texts : bool
            Whether to settle texts, or everything else: buildings read the texts in between.
        """
        shapes = self.drawing.geometry
        rows = [row for row in self.open_rows() if (self.types[row] in TEXTS) == texts]
        dimension = shapely.get_dimensions(shapes)
        ends_meet = _ends_meet(shapes)
        for row in rows:
            target = self.target(self.names[row])
            shape = shapes[row]
            if not target.aims or self.types[row] in _DRAWN_ONLY:
                self.put(Placed(row, REFERENCE, shape))
                continue
            self._settle(row, shape, int(dimension[row]), bool(ends_meet[row]), target)

    def settle_doubles(self) -> None:
        """Merge fills into the outlines that they fill."""
        for layer in {p.layer for p in self.placed if p.layer != REFERENCE}:
            areas = [p for p in self.placed if p.layer == layer and shapely.get_dimensions(p.shape) == 2]
            fills = [p for p in areas if self.types[p.row] in _FILLS and p.uid is None]
            outlines = [p for p in areas if self.types[p.row] not in _FILLS]
            if fills and outlines:
                self._merge(fills, outlines)

    def kind(self, layer_id: str) -> Kind | None:
        """Return the kind of a layer of the project, or None."""
        layer: Layer | None = self.snapshot.layers.get(layer_id)
        return layer.kind if layer else None

    def _settle(self, row: int, shape: Any, dimension: int, meets: bool, target: Target) -> None:
        words = self.drawing.sparse("text")[row]
        for aim in self._likeliest(row, shape, target.aims):
            kind = self.kind(aim.layer)
            if kind is None:
                continue
            if self.types[row] in TEXTS:
                if kind.field("text") is not None:
                    self.put(Placed(row, aim.layer, shape, self.values(aim, target, kind) | {"text": words}))
                    return
                continue
            fitted, more = self._fitted(row, shape, dimension, meets, kind)
            if fitted is not None:
                if "width_m" in aim.values:
                    _count(self.remarkable.widthless, (self.names[row], aim.layer))
                self.put(Placed(row, aim.layer, fitted, self.values(aim, target, kind) | more))
                return
        if self.types[row] not in TEXTS:
            _count(self.remarkable.not_taken, (self.names[row], target.aims[0].layer))
        self.put(Placed(row, REFERENCE, shape))

    def _likeliest(self, row: int, shape: Any, aims: Sequence[Aim]) -> Sequence[Aim]:
        """Return aims in the order in which they count: a circle as wide as a crown is a tree, not a lawn."""
        if self.types[row] != "CIRCLE":
            return aims
        kinds = {aim.layer: self.kind(aim.layer) for aim in aims}
        return sorted(aims, key=lambda aim: not (kind := kinds[aim.layer]) or not _crown(kind, shape))

    def _fitted(
        self, row: int, shape: Any, dimension: int, meets: bool, kind: Kind
    ) -> tuple[Any, dict[str, Value]]:
        """Return the shape as a kind takes it (None if it does not), and what it tells besides."""
        takes = {_DIMENSIONS[g] for g in kind.geometry}
        is_chain = shape.geom_type == "LineString"
        if 2 in takes and is_chain and meets and shapely.get_num_coordinates(shape) > 3:
            polygon = shapely.Polygon(shape)
            if not shape.is_ring:
                _count(self.remarkable.closed, self.names[row])
            if polygon.area > 0:
                return polygon, {}
        if dimension in takes:
            return shape, {}
        if takes == {0} and self.types[row] in ("CIRCLE", "ELLIPSE") and is_chain:
            return shapely.centroid(shapely.Polygon(shape)), _crown(kind, shape)
        return None, {}

    def values(self, aim: Aim, target: Target, kind: Kind) -> dict[str, Value]:
        """Return what the features of a layer of the drawing get from its name alone."""
        values = dict(aim.values)
        if target.state and kind.field("state") is not None:
            values["state"] = target.state
        return values

    def _symbol_aim(self, row: int, inside: Sequence[int]) -> tuple[Aim, Target, Kind] | None:
        block = self.drawing.sparse("block")[row] or ""
        for target in (self.target(self.names[row]), self.target(block)):
            for aim in target.aims:
                kind = self.kind(aim.layer)
                if kind is not None and "point" in kind.geometry and self._is_small(inside):
                    return aim, target, kind
        return None

    def _is_small(self, rows: Sequence[int]) -> bool:
        if not rows:
            return True
        west, south, east, north = shapely.total_bounds(self.drawing.geometry[np.array(rows)])
        return bool(max(east - west, north - south) <= _SYMBOL_M)

    def _put_symbol(self, row: int, inside: Sequence[int], found: tuple[Aim, Target, Kind]) -> None:
        aim, target, kind = found
        drawn = [r for r in inside if self.types[r] not in TEXTS]
        more: dict[str, Value] = {}
        if drawn:
            box = shapely.box(*shapely.total_bounds(self.drawing.geometry[np.array(drawn)]))
            more = _crown(kind, box)
        self.put(Placed(row, aim.layer, self.drawing.geometry[row], self.values(aim, target, kind) | more))
        for part in inside:
            self.fate[part] = MERGED
        self.remarkable.symbols += 1

    def _merge(self, fills: list[Placed], outlines: list[Placed]) -> None:
        tree = shapely.STRtree([p.shape for p in outlines])
        gone: set[int] = set()
        for fill in fills:
            for i in tree.query(fill.shape):
                if _same_area(fill.shape, outlines[i].shape):
                    gone.add(fill.row)
                    self.fate[fill.row] = MERGED
                    _count(self.remarkable.doubled, self.names[fill.row])
                    break
        self.placed = [p for p in self.placed if p.row not in gone]


def kept_words(drawing: Drawing, row: int) -> dict[str, Value]:
    """Return what is worth keeping of a row under the imported attributes."""
    kept: dict[str, Value] = {"dxf_layer": drawing.columns["layer"][row]}
    if drawing.columns["handle"][row]:
        kept["dxf_handle"] = drawing.columns["handle"][row]
    for name in ("block", "code", "z"):
        if (value := drawing.sparse(name)[row]) is not None:
            kept[f"dxf_{name}"] = value
    attributes = drawing.sparse("attributes")[row]
    return kept | (json.loads(attributes) if attributes else {})


def _count(counts: dict[_Key, int], key: _Key) -> None:
    counts[key] = counts.get(key, 0) + 1


def _ends_meet(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which chains end where they begin, within 5 cm."""
    ends = shapely.distance(shapely.get_point(shapes, 0), shapely.get_point(shapes, -1))
    met: NDArray[np.bool_] = ends <= GAP_M
    return met


def _crown(kind: Kind, shape: Any) -> dict[str, Value]:
    width = kind.field("crown_m")
    if width is None:
        return {}
    west, south, east, north = shape.bounds
    size = round(max(east - west, north - south), 2)
    return {} if width.problem(size) else {"crown_m": size}


def _same_area(fill: Any, outline: Any) -> bool:
    if max(abs(a - b) for a, b in zip(fill.bounds, outline.bounds, strict=True)) > _SAME_M:
        return False
    apart = shapely.symmetric_difference(shapely.make_valid(fill), shapely.make_valid(outline))
    return float(apart.area) <= _SAME_M * max(float(outline.length), 1.0)
