"""The plan in numbers: bays, lane metres, green, pipes, buildings, open problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.revisions.comparison import Quantity
from layers.kind import Role
from layers.layer import Layer
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.table import Table, numbers, values_equal
from layers.text import Text

_PIECES = Text("个", "pcs")
_M = Text("m", "m")
_M2 = Text("m²", "m²")
_BUILDINGS = Text("栋", "buildings")

_BUILDING_STATES: Final[Mapping[str, tuple[Text, tuple[Value, ...]]]] = {
    "existing": (Text("现状建筑", "Buildings that stay"), ("existing", None)),
    "renovated": (Text("改造建筑", "Buildings to be renovated"), ("renovated",)),
    "new": (Text("新建建筑", "New buildings"), ("new",)),
    "demolish": (Text("拟拆除建筑", "Buildings to be demolished"), ("demolish",)),
    "reserved": (Text("预留建筑", "Buildings reserved for later"), ("reserved",)),
}

CLOSED_STATUSES = ("answered", "done", "not-adopted")


def quantities(before: Snapshot, after: Snapshot) -> tuple[Quantity, ...]:
    """Return the numbers of both states, in the order a reader asks for them.

    Lengths in metres and areas in square metres of the project's CRS. What is
    to be demolished or only reserved does not count as supply. A quantity that
    is zero on both sides is left out.
    """
    pipes = sorted({*_pipe_lengths(before), *_pipe_lengths(after)})
    old, new = _measure(before, pipes), _measure(after, pipes)
    rows = []
    for code in new:
        title, unit, decimals, _ = new[code]
        rows.append(Quantity(code, title, unit, old[code][3], new[code][3], decimals))
    return tuple(q for q in rows if q.before or q.after)


_Measured = dict[str, tuple[Text, Text, int, float]]


def _measure(state: Snapshot, diameters_mm: Sequence[int]) -> _Measured:
    rows: _Measured = {
        "parking.bays": (Text("机动车停车位", "Parking bays"), _PIECES, 0, _bays(state, bicycles=False)),
        "parking.drop-off": (Text("接送临停车位", "Drop-off bays"), _PIECES, 0, _drop_off(state)),
        "road.length": (Text("车行道路", "Roads for cars"), _M, 0, _road_length(state)),
        "green.area": (Text("绿地面积", "Green area"), _M2, 0, _green_area(state)),
        "drain.inlets": (Text("雨水口", "Inlets"), _PIECES, 0, _inlets(state)),
    }
    rows |= _pipes(state, diameters_mm)
    rows |= {
        f"building.{name}": (title, _BUILDINGS, 0, _count(state, "footprint", state=values))
        for name, (title, values) in _BUILDING_STATES.items()
    }
    rows |= {
        "spots.open": (Text("待解决问题点", "Open problem spots"), _PIECES, 0, _spots(state, closed=False)),
        "spots.closed": (
            Text("已回应问题点", "Answered problem spots"),
            _PIECES,
            0,
            _spots(state, closed=True),
        ),
    }
    return rows


def _where(table: Table, **values: Iterable[Value]) -> NDArray[np.bool_]:
    mask = np.ones(len(table), dtype=bool)
    for name, wanted in values.items():
        column = table.columns.get(name)
        mask &= values_equal(column, wanted) if column is not None else False
    return mask


def _standing(layer: Layer) -> NDArray[np.bool_]:
    return ~_where(layer.table, state=("demolish", "reserved"))


def _bays(state: Snapshot, *, bicycles: bool) -> float:
    total = 0.0
    for layer in state.with_role("parking"):
        chosen = _standing(layer) & (_where(layer.table, use=("bicycle",)) == bicycles)
        total += float(numbers(layer.table.columns["bays"], 1.0)[chosen].sum())
    return total


def _drop_off(state: Snapshot) -> float:
    layers = state.with_role("parking")
    masks = [(layer, _standing(layer) & _where(layer.table, use=("drop-off",))) for layer in layers]
    return sum(float(numbers(layer.table.columns["bays"], 1.0)[mask].sum()) for layer, mask in masks)


def _road_length(state: Snapshot) -> float:
    total = 0.0
    for layer in state.with_role("network-edge"):
        chosen = _standing(layer) & _where(layer.table, **{"class": ("main", "lane")})
        total += float(np.nansum(shapely.length(layer.table.geometry[chosen])))
    return total


def _green_area(state: Snapshot) -> float:
    total = 0.0
    for layer in state.with_role("green"):
        chosen = _standing(layer) & ~_where(layer.table, cover=("plaza", "sports", "water"))
        total += float(np.nansum(shapely.area(layer.table.geometry[chosen])))
    return total


def _inlets(state: Snapshot) -> float:
    layers = state.with_role("drain-node")
    return float(sum((_standing(layer) & _where(layer.table, type=("inlet",))).sum() for layer in layers))


def _pipes(state: Snapshot, diameters_mm: Sequence[int]) -> _Measured:
    lengths = _pipe_lengths(state)
    return {
        f"pipe.DN{d}": (Text(f"雨水管 DN{d}", f"Storm pipe DN{d}"), _M, 0, lengths.get(d, 0.0))
        for d in diameters_mm
    }


def _pipe_lengths(state: Snapshot) -> dict[int, float]:
    """Return metres of storm and combined pipe by diameter in mm."""
    lengths: dict[int, float] = {}
    for layer in state.with_role("drain-line"):
        storm = _standing(layer) & _where(layer.table, system=("storm", "combined"))
        diameters = numbers(layer.table.columns["diameter_mm"], 0.0)[storm]
        for diameter, length in zip(diameters, shapely.length(layer.table.geometry[storm]), strict=True):
            if diameter:
                lengths[int(diameter)] = lengths.get(int(diameter), 0.0) + float(length)
    return lengths


def _count(snapshot: Snapshot, role: Role, **values: Iterable[Value]) -> float:
    return float(sum(_where(layer.table, **values).sum() for layer in snapshot.with_role(role)))


def _spots(state: Snapshot, *, closed: bool) -> float:
    layers = state.with_role("drainage-spot", "traffic-spot")
    return float(sum((_where(layer.table, status=CLOSED_STATUSES) == closed).sum() for layer in layers))
