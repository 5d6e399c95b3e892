"""R2: the loop closed in the north-east, the second lane joined, the northern drain enlarged."""

from __future__ import annotations

import shapely

from sample_data.comments import draw_comments, reply
from sample_data.draft import Draft
from sample_data.drainage import NORTH_DRAIN
from sample_data.grid import bend, rect
from sample_data.housing import slabs
from sample_data.parking import PARALLEL, SQUARE
from sample_data.spots import answer, draw_spots
from sample_data.streets import DEAD_ENDS, EAST_RING, LANES, NORTH_ROAD
from sample_data.works import new_bays, new_road, new_trees, split_road


def draw_second(board: Draft) -> None:
    """Draw R2."""
    draw_spots(board, "2020-05-28")
    draw_comments(board, "2020-05-28")
    _north_east(board)
    _second_lane(board)
    _bays(board)
    _drain(board)
    _answers(board)


def _north_east(board: Draft) -> None:
    corner = (EAST_RING, NORTH_ROAD)
    curve = bend((EAST_RING - 16, NORTH_ROAD), corner, (EAST_RING, NORTH_ROAD - 16))
    new_road(
        board,
        "环路东北角",
        [DEAD_ENDS["环北路东端"], *curve, DEAD_ENDS["环东路北端"]],
        "环东路",
        6.0,
        "T03,T04,C01",
    )
    for name in ("煤场围墙 南2", "煤场围墙 西2"):
        board.edit("barrier", name, state="demolish", answers="T03,T04,C01")
    lawn = rect(364.0, 298.0, 408.0, 313.0).buffer(-2).buffer(2)
    board.add(
        "green",
        "东北角绿地",
        lawn,
        name="东北角绿地",
        cover="lawn",
        state="new",
        answers="C02",
        reason="4月28日业主会议：绿地就近补偿",
    )
    new_trees(board, "东北角新植", [(369.0 + 7 * i, 309.0) for i in range(6)], "国槐", 4.0, "C02")


def _second_lane(board: Draft) -> None:
    junction = (EAST_RING, LANES["s2"])
    split_road(board, "环东路 2", junction, "环东路 2 北")
    new_road(board, "南二巷 4", [DEAD_ENDS["南二巷东端"], junction], "南二巷", 4.0, "T05")


def _bays(board: Draft) -> None:
    for number in (8, 9, 10):
        slab = slabs()[number - 1]
        x = max(round(slab.x + slab.length_m / 2 - 3 * PARALLEL[0], 1), DEAD_ENDS["北三巷西端"][0] + 4.0)
        y = LANES["n8"] + 2.0
        new_bays(
            board,
            f"{number}号楼北新增",
            [rect(x + 6 * i, y, x + 6 * i + 6, y + 2.5) for i in range(6)],
            "T10,C03",
        )
    slab = slabs()[11]
    x = round(slab.x + slab.length_m / 2 - 3 * PARALLEL[0], 1)
    new_bays(
        board,
        "12号楼北新增",
        [rect(x + 6 * i, LANES["n8"] + 2.0, x + 6 * i + 6, LANES["n8"] + 4.5) for i in range(6)],
        "T09,T10",
    )
    y = NORTH_ROAD + 3.0
    new_bays(
        board,
        "环北路北新增",
        [rect(300 + SQUARE[0] * i, y, 302.5 + SQUARE[0] * i, y + SQUARE[1]) for i in range(10)],
        "T10",
    )
    for name, _ in board.named("parking", "环东路东 2"):
        if int(name.split()[-1]) <= 2:
            board.edit("parking", name, state="demolish", answers="T05", reason="路口视距，让出南二巷出口")


def _drain(board: Draft) -> None:
    for name, _ in board.named("pipe", NORTH_DRAIN):
        board.edit("pipe", name, diameter_mm=600, material="hdpe", state="renovated", answers="D01,D02,D03")
    board.edit("pipe", "雨水出口", diameter_mm=800, material="hdpe", state="renovated", answers="D03")
    drain = shapely.union_all([s for _, s in board.named("pipe", NORTH_DRAIN)]).buffer(0.2)
    for name, node in board.named("drain_node", "storm"):
        if drain.contains(node):
            board.edit("drain_node", name, state="renovated", answers="D03")


def _answers(board: Draft) -> None:
    answer(board, "D01", "北干管由DN300扩至DN600，并配套雨水口，按2年一遇校核。")
    answer(board, "D02", "北干管扩径后与西段一并解决。")
    answer(board, "D03", "北干管全线扩至DN600，出口管扩至DN800。")
    answer(board, "D12", "已清除树根并疏通，后续纳入年度养护。", "done")
    answer(board, "T03", "拆除一段煤场围墙，环北路与环东路连通。")
    answer(board, "T04", "与环北路连通，形成消防环路。")
    answer(board, "T05", "接通南二巷与环东路，绿地在东北角补偿。")
    answer(
        board,
        "T06",
        "打通后车辆将穿越中心广场，影响老人儿童活动，不予采纳；尽端划定禁停区供掉头。",
        "not-adopted",
    )
    answer(board, "T10", "北区新增34个车位。")
    on = "2020-05-28"
    reply(board, "C01", "adopted", "拆除一段煤场围墙，环北路与环东路连通。", on)
    reply(board, "C02", "adopted", "东北角新建绿地约650平方米，植国槐6株。", on)
    reply(board, "C03", "adopted", "8至10号楼北侧各划6个车位。", on)
    reply(
        board,
        "C04",
        "not-adopted",
        "打通后车辆将穿越中心广场，影响老人儿童活动；改为在尽端划定禁停区，供车辆掉头。",
        on,
    )
