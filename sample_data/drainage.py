"""Storm and foul drains.

Storm water of each lane runs to the loop road, north along it, and east along
the northern road to the city drain. The northern road is the lowest ground,
and its drain is narrower than those that feed it: the estate's flooding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot

from shapely import LineString, Point

from sample_data.draft import Draft
from sample_data.grid import XY, steps
from sample_data.streets import (
    EAST_RING,
    EAST_STREET,
    LANES,
    MIDDLE,
    NORTH_ROAD,
    west_ring,
)

TRUNK_SLOPE = 0.0042
COLLECTOR_SLOPE = 0.0014
TRUNK_DEPTH_M, BRANCH_DEPTH_M, FOUL_DEPTH_M = 1.75, 1.05, 2.1
"""Ground to invert at the head of a trunk, of a lane's branch, and of a foul main."""
NORTH_DRAIN = "雨水北干管"


def ground(x: float, y: float) -> float:
    """Return the ground level in metres: falling north, with a hollow before the northern road."""
    hollow = 0.35 * max(0.0, 1 - hypot((x - 160) / 150, (y - 288) / 34))
    return round(38.9 - 0.0046 * y + 0.0006 * x - hollow, 2)


@dataclass
class Drain:
    """A run of pipes from its head downstream.

    Parameters
    ----------
    name, system : str
        Working name; ``"storm"`` or ``"foul"``.
    points : list of (x, y)
        Manholes in the direction of flow.
    inverts : list of float
        Pipe invert at each manhole, metres.
    """

    name: str
    system: str
    points: list[XY]
    inverts: list[float] = field(default_factory=list)

    def invert_near(self, place: XY) -> tuple[XY, float]:
        """Return the manhole nearest to a place, and its invert."""
        i = min(
            range(len(self.points)),
            key=lambda k: hypot(self.points[k][0] - place[0], self.points[k][1] - place[1]),
        )
        return self.points[i], self.inverts[i]


def draw_drainage(board: Draft) -> None:
    """Draw all drains, manholes and inlets there are before the renovation."""
    _storm(board)
    _foul(board)


def falling(drain: Drain, head_m: float, slope: float) -> Drain:
    """Set the inverts of a drain from its head level and slope (m/m, falling along the points)."""
    level = head_m
    drain.inverts = [round(level, 3)]
    for start, end in pairwise(drain.points):
        level -= slope * hypot(end[0] - start[0], end[1] - start[1])
        drain.inverts.append(round(level, 3))
    return drain


def lay(board: Draft, drain: Drain, diameter_mm: int, material: str = "concrete", **attributes: str) -> None:
    """Draw the pipes of a drain and a manhole at every point that has none yet."""
    for i, (start, end) in enumerate(pairwise(drain.points)):
        board.add(
            "pipe",
            f"{drain.name} {i + 1}",
            LineString([start, end]),
            system=drain.system,
            diameter_mm=diameter_mm,
            material=material,
            invert_up_m=drain.inverts[i],
            invert_down_m=drain.inverts[i + 1],
            **attributes,
        )
    for point, invert in zip(drain.points, drain.inverts, strict=True):
        manhole(board, drain.system, point, invert, **attributes)


def manhole(board: Draft, system: str, point: XY, invert_m: float, **attributes: str) -> None:
    """Draw a manhole unless there is one already."""
    name = f"{system} {point[0]:.2f} {point[1]:.2f}"
    if ("drain_node", name) in board.shapes:
        return
    count = sum(1 for n, _ in board.named("drain_node", system)) + 1
    number = f"{'Y' if system == 'storm' else 'W'}{count:03d}"
    board.add(
        "drain_node",
        name,
        Point(point),
        number=number,
        type="manhole",
        system=system,
        ground_m=ground(*point),
        invert_m=invert_m,
        **attributes,
    )


def inlet(board: Draft, name: str, place: XY, manhole_at: XY, invert_m: float, **attributes: str) -> None:
    """Draw an inlet and the pipe that links it to a manhole of the given invert."""
    top = round(invert_m + 0.01 * hypot(place[0] - manhole_at[0], place[1] - manhole_at[1]) + 0.05, 3)
    board.add(
        "drain_node",
        f"inlet {name}",
        Point(place),
        number=name,
        type="inlet",
        system="storm",
        ground_m=ground(*place),
        invert_m=top,
        **attributes,
    )
    board.add(
        "pipe",
        f"inlet link {name}",
        LineString([place, manhole_at]),
        system="storm",
        diameter_mm=200,
        material="hdpe" if attributes else "concrete",
        invert_up_m=top,
        invert_down_m=round(invert_m + 0.05, 3),
        **attributes,
    )


def _west(y: float) -> XY:
    return (round(west_ring(y) - 0.9, 3), y)


def _east(y: float) -> XY:
    return (EAST_RING + 0.9, y)


def _storm(board: Draft) -> None:
    west_ys = (
        30.0,
        LANES["s1"],
        LANES["s2"],
        LANES["s3"],
        MIDDLE,
        LANES["c5"],
        LANES["c6"],
        LANES["n7"],
        LANES["n8"],
    )
    corner = (round(west_ring(NORTH_ROAD) + 9.0, 3), NORTH_ROAD + 0.9)
    west = falling(
        Drain("雨水西干管", "storm", [*map(_west, west_ys), _west(280.0), corner]),
        ground(*_west(30.0)) - TRUNK_DEPTH_M,
        TRUNK_SLOPE,
    )
    east_ys = (
        30.0,
        LANES["s1"],
        LANES["s2"],
        LANES["s3"],
        MIDDLE,
        176.0,
        LANES["c6"],
        LANES["n7"],
        LANES["n8"],
    )
    outlet = (EAST_RING + 0.9, NORTH_ROAD + 0.9)
    east = falling(
        Drain("雨水东干管", "storm", [*map(_east, east_ys), outlet]),
        ground(*_east(30.0)) - TRUNK_DEPTH_M,
        TRUNK_SLOPE,
    )
    xs = [corner[0], *(x for x in steps(90.0, 354.0, 38.0)), outlet[0]]
    north = falling(
        Drain(NORTH_DRAIN, "storm", [(x, NORTH_ROAD + 0.9) for x in xs]), west.inverts[-1], COLLECTOR_SLOPE
    )
    lay(board, west, 400)
    lay(board, north, 300)
    lay(board, east, 500)
    _outfall(board, outlet, min(north.inverts[-1], east.inverts[-1]))
    for key in ("s1", "s2", "s3", "n7", "n8"):
        _branches(board, key, west, east)
    _branch(board, "雨水 c5w", LANES["c5"], (160.0, 124.0, 88.0, 52.0), west)
    _branch(board, "雨水 c6w", LANES["c6"], (204.0, 171.0, 132.0, 92.0, 56.0), west)
    _branch(board, "雨水 c6e", LANES["c6"], (222.0, 259.0, 304.0, 342.0, 374.0), east)
    _branch(board, "雨水 中w", MIDDLE, (206.0, 171.0, 132.0, 92.0, 56.0), west)
    _branch(board, "雨水 中e", MIDDLE, (222.0, 259.0, 304.0, 342.0, 374.0), east)
    _inlets(board, west, east)


def _outfall(board: Draft, start: XY, invert_m: float) -> None:
    end = (EAST_STREET - 2.0, start[1])
    fall = round(invert_m - 0.004 * (end[0] - start[0]), 3)
    board.add(
        "drain_node",
        "outfall storm",
        Point(end),
        number="YC1",
        type="outfall",
        system="storm",
        ground_m=ground(*end),
        invert_m=fall,
    )
    board.add(
        "pipe",
        "雨水出口",
        LineString([start, end]),
        system="storm",
        diameter_mm=600,
        material="concrete",
        invert_up_m=invert_m,
        invert_down_m=fall,
    )


def _branches(board: Draft, key: str, west: Drain, east: Drain) -> None:
    y = LANES[key]
    _branch(
        board,
        f"雨水 {key}w",
        y,
        (206.0, 170.0, 132.0, 94.0, 66.0) if key == "n8" else (206.0, 170.0, 132.0, 94.0, 56.0),
        west,
    )
    far = (222.0, 260.0, 298.0, 336.0, 372.0)
    _branch(board, f"雨水 {key}e", y, far, east)


def _branch(board: Draft, name: str, y: float, xs: Sequence[float], trunk: Drain) -> None:
    """Lay a branch along a lane into the trunk, steep enough to keep its cover at the head."""
    joint, invert = trunk.invert_near((xs[-1], y))
    points = [*((x, y + 0.6) for x in xs), joint]
    length = sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))
    drop_in = 0.05
    head = min(ground(*points[0]) - BRANCH_DEPTH_M, invert + drop_in + 0.006 * length)
    head = max(head, invert + drop_in + 0.003 * length)
    lay(board, falling(Drain(name, "storm", points), head, (head - invert - drop_in) / length), 300)


def _inlets(board: Draft, west: Drain, east: Drain) -> None:
    """Draw inlets: enough in the south, few in the north."""
    count = 0
    for name, node in list(board.named("drain_node", "storm")):
        x, y = node.x, node.y
        lane = y < 240 and 40 < x < 395
        northern = abs(y - NORTH_ROAD - 0.9) < 0.1 and int(x) in (128, 278)
        if not (lane or northern):
            continue
        count += 1
        invert = float(board.feature("drain_node", name).attributes["invert_m"])  # type: ignore[arg-type]
        inlet(board, f"YS{count:02d}", (x + 1.2, y - 1.9 if lane else y - 3.3), (x, y), invert)
    for trunk in (west, east):
        for point, invert in zip(trunk.points[1:7], trunk.inverts[1:7], strict=True):
            count += 1
            side = -1.7 if trunk is west else 1.7
            inlet(board, f"YS{count:02d}", (round(point[0] + side, 3), point[1] + 3.5), point, invert)


def _foul(board: Draft) -> None:
    west_ys = (
        50.0,
        *(LANES[k] - 2.6 for k in ("s1", "s2", "s3")),
        139.0,
        *(LANES[k] - 2.6 for k in ("c5", "c6", "n7", "n8")),
        286.4,
    )
    west = [(round(west_ring(y) + 1.4, 3), y) for y in west_ys]
    west_drain = falling(Drain("污水西干管", "foul", west), ground(*west[0]) - FOUL_DEPTH_M, 0.005)
    lay(board, west_drain, 300)
    east_ys = (
        50.0,
        *(LANES[k] - 2.6 for k in ("s1", "s2", "s3")),
        139.0,
        168.0,
        *(LANES[k] - 2.6 for k in ("c6", "n7")),
    )
    east = [(EAST_RING - 1.4, y) for y in east_ys]
    east_drain = falling(Drain("污水东干管", "foul", east), ground(*east[0]) - FOUL_DEPTH_M, 0.005)
    lay(board, east_drain, 300)
    _foul_exit(board, "污水西出口", west[-1], (west_ring(286.4) - 46.0, 286.4), west_drain.inverts[-1])
    _foul_exit(board, "污水东出口", east[-1], (EAST_STREET + 2.0, east[-1][1]), east_drain.inverts[-1])
    for key in ("s1", "s2", "s3", "c5", "c6", "n7", "n8"):
        _foul_branch(
            board,
            f"污水 {key}w",
            LANES[key] - 2.6,
            (164.0 if key in ("c5", "c6") else 204.0),
            52.0,
            west_drain,
        )
        if key in ("s1", "s2", "s3", "n7"):
            _foul_branch(board, f"污水 {key}e", LANES[key] - 2.6, 224.0, 388.0, east_drain)
    _foul_branch(board, "污水 s4w", 139.0, 204.0, 52.0, west_drain)
    _foul_branch(board, "污水 s4e", 139.0, 224.0, 388.0, east_drain)
    _foul_branch(board, "污水 n9w", 286.4, 204.0, 56.0, west_drain)


def _foul_exit(board: Draft, name: str, start: XY, end: XY, invert_m: float) -> None:
    end = (round(end[0], 3), end[1])
    lay(board, falling(Drain(name, "foul", [start, end]), invert_m, 0.005), 400)


def _foul_branch(board: Draft, name: str, y: float, head_x: float, last_x: float, trunk: Drain) -> None:
    """Lay a house drain along a row, with a septic tank before the trunk."""
    joint, invert = trunk.invert_near((last_x, y))
    xs = list(steps(head_x, last_x, 38.0))
    points = [*((round(x, 2), y) for x in xs), joint]
    length = abs(head_x - joint[0])
    lay(board, falling(Drain(name, "foul", points), round(invert + 0.04 + 0.004 * length, 3), 0.004), 200)
    board.edit("drain_node", f"foul {points[-2][0]:.2f} {points[-2][1]:.2f}", type="septic")
