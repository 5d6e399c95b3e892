"""R1: a drop-off loop beside the kindergarten lane, and the first inlets in the north."""

from __future__ import annotations

from shapely import Point

from sample_data.draft import Draft
from sample_data.drainage import inlet
from sample_data.grid import XY, bend, rect
from sample_data.kindergarten import GATE
from sample_data.spots import answer
from sample_data.streets import LANES, MIDDLE, NORTH_ROAD, NURSERY_LANE
from sample_data.works import clear, new_bays, new_road, new_trees, split_road

LOOP_X, LOOP_Y = 281.0, 184.0
"""Western and northern leg of the drop-off loop."""


def draw_first(board: Draft) -> None:
    """Draw R1."""
    _loop(board)
    _drop_off_bays(board)
    _waiting_area(board)
    _inlets(board)
    _answers(board)


def _loop(board: Draft) -> None:
    split_road(board, "中心路 5", (LOOP_X, MIDDLE), "中心路 5 东")
    split_road(board, "育才巷 1", (NURSERY_LANE, LOOP_Y), "育才巷 1 北")
    south = board.shapes["road", "育才巷 1"]
    board.edit(
        "road", "育才巷 1", south.reverse(), oneway=True, state="renovated", answers="T01", surface="asphalt"
    )
    corner = (LOOP_X, LOOP_Y)
    points: list[XY] = [
        (LOOP_X, MIDDLE),
        *bend((LOOP_X, LOOP_Y - 9), corner, (LOOP_X + 9, LOOP_Y)),
        (NURSERY_LANE, LOOP_Y),
    ]
    new_road(board, "接送环线", points, "接送环线", 4.5, "T01,T02", oneway=True)


def _drop_off_bays(board: Draft) -> None:
    x = LOOP_X + 2.25
    east = [rect(x, y, x + 2.5, y + 6.0) for y in (150.8, 156.8, 162.8, 168.8)]
    west = [rect(LOOP_X - 4.75, y, LOOP_X - 2.25, y + 6.0) for y in (150.8, 156.8, 162.8)]
    lane = [rect(NURSERY_LANE - 4.5, y, NURSERY_LANE - 2.0, y + 6.0) for y in (150.8, 156.8, 175.5)]
    new_bays(board, "接送临停", [*east, *west, *lane], "T01,T02", use="drop-off", note="每次停放不超过5分钟")


def _waiting_area(board: Draft) -> None:
    waiting = rect(289.0, 164.5, 301.6, 174.0)
    board.add(
        "plan_element",
        "家长等候区",
        waiting,
        name="家长等候区",
        category="public",
        state="new",
        answers="T01",
        description="透水砖铺装，设座椅和遮阳，与幼儿园大门以抬升式人行横道相连。",
    )
    clear(board, waiting, "T01")
    y = GATE[1]
    board.add(
        "plan_element",
        "抬升式人行横道",
        rect(NURSERY_LANE - 2.0, y - 2.5, NURSERY_LANE + 2.0, y + 2.5),
        name="抬升式人行横道",
        category="traffic",
        state="new",
        answers="T01,D10",
        description="路面抬升0.10米，坡脚设线性排水沟。",
    )
    new_trees(
        board, "等候区新植", [(291.0, 162.0), (296.5, 162.0), (291.0, 177.0), (296.5, 177.0)], "法桐", 4.0
    )


def _inlets(board: Draft) -> None:
    y = NORTH_ROAD + 0.9
    for i, x in enumerate((90.0, 128.0, 166.0, 241.0, 316.0), 1):
        name = _manhole_near(board, x, y)
        _new_inlet(board, f"YN{i:02d}", name, (0.0, -3.4), "D01" if x < 214 else "D02")
    for i, x in enumerate((260.0, 298.0, 336.0), 6):
        name = _manhole_near(board, x, LANES["n8"] + 0.6)
        _new_inlet(board, f"YN{i:02d}", name, (1.2, -1.9), "D06")
    board.add(
        "plan_element",
        "单元门口截水",
        rect(102.0, 285.6, 109.0, 286.2),
        name="截水沟",
        category="drainage",
        state="new",
        answers="D04",
        description="2号楼单元门口设截水沟并抬高门槛0.10米。",
    )


def _manhole_near(board: Draft, x: float, y: float) -> str:
    nodes = [(node.distance(Point(x, y)), name) for name, node in board.named("drain_node", "storm")]
    return min(nodes)[1]


def _new_inlet(board: Draft, name: str, manhole: str, shift: XY, answers: str) -> None:
    at = board.shapes["drain_node", manhole]
    invert = float(board.feature("drain_node", manhole).attributes["invert_m"])  # type: ignore[arg-type]
    inlet(board, name, (at.x + shift[0], at.y + shift[1]), (at.x, at.y), invert, state="new", answers=answers)


def _answers(board: Draft) -> None:
    answer(board, "T01", "增设单向接送环线和10个临停车位，育才巷南段改为单行。")
    answer(board, "T02", "接送车辆进入环线排队，不再占用中心路。")
    answer(board, "D04", "单元门口设截水沟，门槛抬高0.10米。")
    answer(board, "D06", "北三巷东段新增3处雨水口。")
    answer(board, "D10", "门前路面重做，横道坡脚设线性排水沟。")
    answer(board, "D08", "已列入日常养护，4月完成清淤。", "done")
    for code in ("D01", "D02", "D03"):
        answer(
            board,
            code,
            "首批雨水口已布置，干管扩径正在核算。" if code != "D03" else "正在核算管径。",
            "in-design",
        )
