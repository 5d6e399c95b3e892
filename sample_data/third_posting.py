"""R3: what the comments on R2 changed; and the edits of the working plan since."""

from __future__ import annotations

from shapely import Point

from sample_data.barriers import YARD_WEST
from sample_data.comments import draw_comments, reply
from sample_data.commons import PLAZA_CENTRE
from sample_data.draft import Draft
from sample_data.drainage import inlet
from sample_data.grid import rect
from sample_data.spots import answer, draw_spots
from sample_data.streets import DEAD_ENDS, LANES, MIDDLE, NORTH_ROAD, SPINE, west_ring
from sample_data.works import clear, new_bays, new_road, new_trees, split_road


def draw_third(board: Draft) -> None:
    """Draw R3."""
    draw_spots(board, "2020-07-10")
    draw_comments(board, "2020-07-10")
    _green_back(board)
    _plaza(board)
    _charging(board)
    _shed(board)
    _inlets(board)
    _fire_lane(board)
    _reserve(board)
    _answers(board)


def _green_back(board: Draft) -> None:
    """Give back the part of the northern bays that took a lawn, as residents asked."""
    for i in range(7, 11):
        board.remove("parking", f"环北路北新增 {i}", "C05", "原为绿地，恢复种植")
    lawn = rect(315.6, NORTH_ROAD + 3.6, 330.0, NORTH_ROAD + 9.0).buffer(-1).buffer(1)
    board.add("green", "环北路恢复绿地", lawn, name="恢复绿地", cover="shrub", state="new", answers="T10,C05")
    new_trees(
        board,
        "恢复绿地新植",
        [(318.5, NORTH_ROAD + 6.0), (323.0, NORTH_ROAD + 6.0), (327.5, NORTH_ROAD + 6.0)],
        "樱花",
        3.6,
        "T10,C05",
    )


def _plaza(board: Draft) -> None:
    x = PLAZA_CENTRE[0]
    board.edit("green", "中心广场", state="renovated", answers="T11,C12")
    board.edit("facility", "宣传栏", state="renovated")
    crossing = rect(SPINE - 4.0, MIDDLE - 3.5, SPINE + 4.0, MIDDLE + 3.5)
    board.add(
        "plan_element",
        "广场前缓坡路口",
        crossing,
        name="抬升路口",
        category="traffic",
        state="new",
        answers="T11",
        description="路口整体抬升0.10米，限速20公里，方便步行到广场。",
    )
    board.add(
        "facility",
        "广场坡道",
        Point(x - 20.0, 151.5),
        name="无障碍坡道",
        type="ramp",
        state="new",
        answers="T11,C06",
    )
    board.add(
        "facility",
        "社区用房坡道",
        Point(187.2, 164.0),
        name="无障碍坡道",
        type="ramp",
        state="new",
        answers="C06",
    )


def _charging(board: Draft) -> None:
    for i in range(1, 7):
        board.edit("parking", f"中心路北 3 {i}", use="charging", state="renovated", answers="C07")
    for i in (11, 12):
        board.edit(
            "parking",
            f"中心路北 3 {i}",
            use="accessible",
            state="renovated",
            reason="无障碍车位不少于总数的2%",
        )
    board.add(
        "facility",
        "充电桩",
        Point(131.5, MIDDLE + 9.6),
        name="充电桩",
        type="charging",
        state="new",
        answers="C07",
    )


def _shed(board: Draft) -> None:
    board.edit("parking", "中心车棚", state="demolish", answers="C08", note="棚顶破损，移建到北侧")
    shed = rect(276.0, 196.2, 292.0, 201.6)
    board.add(
        "parking",
        "新车棚",
        shed,
        use="bicycle",
        bays=48,
        state="new",
        answers="C08",
        reason="电动自行车棚与住宅楼的防火间距",
        note="带充电插座的非机动车棚",
    )
    clear(board, shed, "C08")


def _inlets(board: Draft) -> None:
    for i, (name, code) in enumerate(
        (("storm 66.00 261.60", "D05"), ("storm 94.00 261.60", "D05"), ("storm 132.00 261.60", "D05")), 9
    ):
        at = board.shapes["drain_node", name]
        invert = float(board.feature("drain_node", name).attributes["invert_m"])  # type: ignore[arg-type]
        inlet(board, f"YN{i:02d}", (at.x + 1.2, at.y - 1.9), (at.x, at.y), invert, state="new", answers=code)
    for name, _ in board.named("pipe", "污水 n9w"):
        board.edit("pipe", name, diameter_mm=300, material="hdpe", state="renovated", answers="D07,C09")


def _fire_lane(board: Draft) -> None:
    board.edit("road", "北三巷 2", state="renovated", answers="T09", surface="asphalt")
    board.add(
        "plan_element",
        "消防通道标线",
        rect(224.0, LANES["n8"] - 2.0, 250.0, LANES["n8"] + 2.0),
        name="消防通道 禁止停车",
        category="traffic",
        state="new",
        answers="T09,C10",
        reason="消防通道净宽4 m",
        description="施划禁停网格线，保持净宽4米。",
    )


def _reserve(board: Draft) -> None:
    board.add(
        "plan_element",
        "预留养老用地",
        rect(YARD_WEST + 4.0, 249.5, 396.0, 263.0),
        name="社区养老服务用房",
        category="building",
        state="reserved",
        reason="街道养老服务设施布点",
        description="旧锅炉房处置方案确定后实施。",
    )


def _answers(board: Draft) -> None:
    answer(board, "D05", "北三巷西段新增3处雨水口。")
    answer(board, "D07", "1至4号楼北侧污水管更换为DN300，化粪池清掏。")
    answer(board, "T09", "路面重做并施划消防禁停标线，北侧设固定车位。")
    answer(board, "T10", "北区新增30个车位；按公示意见减少4个，恢复环北路绿地。")
    answer(board, "T11", "路口整体抬升，增设无障碍坡道，限速20公里。")
    on = "2020-07-10"
    reply(board, "C05", "partly", "减少4个车位，恢复绿地并补植樱花3株；其余6个车位保留。", on)
    reply(board, "C06", "adopted", "广场和社区用房入口各设一处无障碍坡道。", on)
    reply(board, "C07", "adopted", "中心路北侧6个车位改为充电车位。", on)
    reply(board, "C08", "adopted", "在北侧新建带充电插座的车棚，旧棚拆除。", on)
    reply(board, "C09", "adopted", "1至4号楼北侧污水管换为DN300，化粪池清掏。", on)
    reply(board, "C10", "adopted", "施划消防禁停标线，保持净宽4米。", on)
    reply(board, "C11", "out-of-scope", "加装电梯由各单元自愿申请，另行办理；指挥部代收申请。", on)
    reply(board, "C12", "adopted", "中心广场改造中增设路灯和带靠背的座凳。", on)


def draw_working(board: Draft) -> None:
    """Draw what was changed after R3 was posted: it has not been posted yet."""
    draw_comments(board, "2020-07-20")
    junction = (round(west_ring(LANES["n8"]), 3), LANES["n8"])
    split_road(board, "环西路 8", junction, "环西路 8 北")
    new_road(board, "北三巷 0", [junction, DEAD_ENDS["北三巷西端"]], "北三巷", 4.0, "T07,C13")
    new_bays(
        board,
        "北三巷西新增",
        [rect(52.0 + 6 * i, LANES["n8"] + 2.0, 58.0 + 6 * i, LANES["n8"] + 4.5) for i in range(2)],
        "T07",
    )
    board.add(
        "drain_node",
        "inlet YN12",
        Point(20.0, MIDDLE - 2.6),
        number="YN12",
        type="inlet",
        system="storm",
        ground_m=38.24,
        invert_m=37.3,
        state="new",
        answers="D11",
    )
    answer(board, "T07", "拟接通环西路，待下一版公示。", "in-design")
    answer(board, "D11", "拟在大门内侧增设雨水口，待下一版公示。", "in-design")
    board.add("note", "方案注", Point(64.0, LANES["n8"] + 7.0), text="拟接通环西路(未公示)")
    board.edit("facility", "便民市场", note="每周六、日开放")
