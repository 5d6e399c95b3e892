"""Which row of a drawing becomes what: the fate of every single one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.dxf.aims import Aim
from gis.exchange.dxf.drawing import Drawing
from gis.exchange.dxf.mapping import REFERENCE, DxfMapping, Target, plain_layer
from layers.column import BLOCK, Column
from layers.kind import Kind
from layers.layer import Layer
from layers.packed_shapes import pack_shapes
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.table import boxes_of
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
_MOST_SHARED: Final = 4096
_Key = TypeVar("_Key")


_NO_VALUES: Final[Mapping[str, Value]] = MappingProxyType({})


@dataclass(slots=True)
class Placed:
    """A row that becomes a feature. There are hundreds of thousands: what can be looked up is not kept.

    Parameters
    ----------
    row : int
    layer : str
        Layer id.
    values : mapping of field name to Value
        Shared among those that have the same (`Sorting.shared`): never changed, only replaced.
    shape : shapely.Geometry, optional
        Not given: that of the row.
    closed : bool
        Whether the line of the row is the outline of an area.
    uid : str, optional
        Of the feature that it is a newer version of.
    ours : bool
        Whether we exported it ourselves: only its shape counts.
    """

    row: int
    layer: str
    values: Mapping[str, Value] = field(default_factory=lambda: _NO_VALUES)
    shape: shapely.Geometry | None = None
    closed: bool = False
    uid: str | None = None
    ours: bool = False


class _Fit(NamedTuple):
    """How a kind takes the shape of a row, and what the shape tells besides."""

    closed: bool = False
    shape: shapely.Geometry | None = None
    more: Mapping[str, Value] = _NO_VALUES


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
        self.types: Sequence[str] = drawing.columns["type"].tolist()
        self.names: Sequence[str] = drawing.columns["layer"].tolist()
        self.fate: list[str] = [_OPEN] * len(drawing)
        self.own_layers: set[str] = set()
        self.is_chain: NDArray[np.bool_] = drawing.geometry.mapped(_are_chains, bool)
        self._dimension: NDArray[np.int8] = drawing.geometry.mapped(shapely.get_dimensions, np.int8)
        self.boxes = boxes_of(drawing.geometry)
        self._targets: dict[str, Target] = {}
        self._shared: dict[tuple[tuple[str, type, Value], ...], Mapping[str, Value]] = {}
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

    def shared(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the same values; those that many features have are kept once."""
        key = tuple((name, type(value), value) for name, value in values.items())
        known = self._shared.get(key)
        if known is None and len(self._shared) < _MOST_SHARED:
            self._shared[key] = values
        return values if known is None else known

    def dimension(self, placed: Placed) -> int:
        """Return whether a feature is a point (0), a line (1) or an area (2)."""
        if placed.shape is not None:
            return int(shapely.get_dimensions(placed.shape))
        return 2 if placed.closed else int(self._dimension[placed.row])

    def shapes(self, placed: Sequence[Placed]) -> NDArray[np.object_]:
        """Return the shapes of some features, shape (k,)."""
        found = self.drawing.geometry[np.array([p.row for p in placed], dtype=np.intp)]
        closed = np.flatnonzero([p.closed for p in placed])
        if len(closed):
            coordinates, owner = shapely.get_coordinates(found[closed], return_index=True)
            found[closed] = shapely.polygons(shapely.linearrings(coordinates, indices=owner))
        for i, one in enumerate(placed):
            if one.shape is not None:
                found[i] = one.shape
        return found

    def packed_shapes(self, placed: Sequence[Placed]) -> Column:
        """Return the shapes of some features in little memory."""
        parts = (self.shapes(placed[at : at + BLOCK]) for at in range(0, len(placed), BLOCK))
        return Column(map(pack_shapes, parts), pack_shapes)

    def target(self, name: str) -> Target:
        """Return where a layer of the drawing goes."""
        if name not in self._targets:
            self._targets[name] = self.mapping.target(name)
        return self._targets[name]

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The layers of the drawing that anything to be settled is on."""
        return tuple(self._targets)

    def aim_at(self, name: str, layer_id: str, why: Text) -> None:
        """Send a layer of the drawing to a layer of the project, unless the user said where it goes."""
        said = map(plain_layer, self.mapping.said)
        if plain_layer(name) not in said and not self.mapping.everything:
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
        rows = [row for row in self.open_rows() if (self.types[row] in TEXTS) == texts]
        makes_area = self.drawing.geometry.mapped(_make_areas, bool)
        for row in rows:
            target = self.target(self.names[row])
            if not target.aims or self.types[row] in _DRAWN_ONLY:
                self.put(Placed(row, REFERENCE))
                continue
            self._settle(row, bool(makes_area[row]), target)

    def settle_doubles(self) -> None:
        """Merge fills into the outlines that they fill."""
        for layer in {p.layer for p in self.placed if p.layer != REFERENCE}:
            areas = [p for p in self.placed if p.layer == layer and self.dimension(p) == 2]
            fills = [p for p in areas if self.types[p.row] in _FILLS and p.uid is None]
            outlines = [p for p in areas if self.types[p.row] not in _FILLS]
            if fills and outlines:
                self._merge(fills, outlines)

    def kind(self, layer_id: str) -> Kind | None:
        """Return the kind of a layer of the project, or None."""
        layer: Layer | None = self.snapshot.layers.get(layer_id)
        return layer.kind if layer else None

    def _settle(self, row: int, makes_area: bool, target: Target) -> None:
        for aim in self._likeliest(row, target.aims):
            kind = self.kind(aim.layer)
            if kind is None:
                continue
            if self.types[row] in TEXTS:
                if kind.field("text") is not None:
                    words = self.drawing.sparse("text")[row]
                    self.put(Placed(row, aim.layer, self.values(aim, target, kind) | {"text": words}))
                    return
                continue
            fit = self._fitted(row, makes_area, kind)
            if fit is not None:
                if "width_m" in aim.values:
                    _count(self.remarkable.widthless, (self.names[row], aim.layer))
                values = self.shared({**self.values(aim, target, kind), **fit.more})
                self.put(Placed(row, aim.layer, values, fit.shape, fit.closed))
                return
        if self.types[row] not in TEXTS:
            _count(self.remarkable.not_taken, (self.names[row], target.aims[0].layer))
        self.put(Placed(row, REFERENCE))

    def _likeliest(self, row: int, aims: Sequence[Aim]) -> Sequence[Aim]:
        """Return aims in the order in which they count: a circle as wide as a crown is a tree, not a lawn."""
        if self.types[row] != "CIRCLE":
            return aims
        shape = self.drawing.geometry[row]
        kinds = {aim.layer: self.kind(aim.layer) for aim in aims}
        return sorted(aims, key=lambda aim: not (kind := kinds[aim.layer]) or not _crown(kind, shape))

    def _fitted(self, row: int, makes_area: bool, kind: Kind) -> _Fit | None:
        """Return how a kind takes the shape of a row; None if it does not."""
        takes = {_DIMENSIONS[g] for g in kind.geometry}
        if 2 in takes and makes_area:
            if not self.drawing.geometry[row].is_ring:
                _count(self.remarkable.closed, self.names[row])
            return _Fit(closed=True)
        if int(self._dimension[row]) in takes:
            return _Fit()
        if takes == {0} and self.types[row] in ("CIRCLE", "ELLIPSE") and self.is_chain[row]:
            shape = self.drawing.geometry[row]
            return _Fit(shape=shapely.centroid(shapely.Polygon(shape)), more=_crown(kind, shape))
        return None

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
        west, south, east, north = self._around(rows)
        return bool(max(east - west, north - south) <= _SYMBOL_M)

    def _around(self, rows: Sequence[int]) -> tuple[float, float, float, float]:
        """Return the box around the shapes of some rows."""
        boxes = self.boxes[np.array(rows)]
        (west, south), (east, north) = np.nanmin(boxes[:, :2], axis=0), np.nanmax(boxes[:, 2:], axis=0)
        return float(west), float(south), float(east), float(north)

    def _put_symbol(self, row: int, inside: Sequence[int], found: tuple[Aim, Target, Kind]) -> None:
        aim, target, kind = found
        drawn = [r for r in inside if self.types[r] not in TEXTS]
        more: dict[str, Value] = {}
        if drawn:
            box = shapely.box(*self._around(drawn))
            more = _crown(kind, box)
        self.put(Placed(row, aim.layer, self.shared(self.values(aim, target, kind) | more)))
        for part in inside:
            self.fate[part] = MERGED
        self.remarkable.symbols += 1

    def _merge(self, fills: list[Placed], outlines: list[Placed]) -> None:
        around, inside = self.shapes(outlines), self.shapes(fills)
        tree = shapely.STRtree(around)
        gone: set[int] = set()
        for fill, shape in zip(fills, inside, strict=True):
            if any(_same_area(shape, around[i]) for i in tree.query(shape)):
                gone.add(fill.row)
                self.fate[fill.row] = MERGED
                _count(self.remarkable.doubled, self.names[fill.row])
        self.placed = [p for p in self.placed if p.row not in gone]


def kept_words(drawing: Drawing, rows: NDArray[np.intp]) -> list[dict[str, Value]]:
    """Return what is worth keeping of each row under the imported attributes."""
    names, handles, attributes = (drawing.columns[name][rows] for name in ("layer", "handle", "attributes"))
    sparse = [(f"dxf_{name}", drawing.columns[name][rows]) for name in ("block", "code", "z")]
    result: list[dict[str, Value]] = []
    for i, name in enumerate(names):
        kept: dict[str, Value] = {"dxf_layer": name}
        if handles[i]:
            kept["dxf_handle"] = handles[i]
        kept |= {title: values[i] for title, values in sparse if values[i] is not None}
        result.append(kept | (json.loads(attributes[i]) if attributes[i] else {}))
    return result


def _count(counts: dict[_Key, int], key: _Key) -> None:
    counts[key] = counts.get(key, 0) + 1


def _are_chains(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    chains: NDArray[np.bool_] = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    return chains


def _make_areas(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which shapes are chains that end where they begin, within 5 cm, and enclose something."""
    made = _are_chains(shapes) & (shapely.get_num_coordinates(shapes) > 3)
    chains = shapes[made]
    ends = shapely.distance(shapely.get_point(chains, 0), shapely.get_point(chains, -1))
    coordinates, owner = shapely.get_coordinates(chains, return_index=True)
    areas = shapely.area(shapely.polygons(shapely.linearrings(coordinates, indices=owner)))
    result: NDArray[np.bool_] = made
    result[made] = (ends <= GAP_M) & (areas > 0)
    return result


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
