"""Residents' comments of the sample, and the office's replies: fictional, like everything here.

Some texts hold a telephone number or a room number, as real ones do. They are
made up and say so; they are there so that a test can see that none gets out.
"""

from __future__ import annotations

from dataclasses import dataclass

from shapely import Point

from layers.schema import Value
from sample_data.draft import Draft
from sample_data.grid import XY
from sample_data.streets import DEAD_ENDS, LANES, NORTH_ROAD

HIDDEN = {"layer.comment.visible": False}
"""Project setting: comments are looked up in lists, the map stays calm."""


@dataclass(frozen=True)
class Comment:
    """What somebody said, when, how and where.

    Parameters
    ----------
    code, channel, received_on : str
    place : (float, float) or None
        Local metres; None if it is about the whole plan.
    about : str
        Codes of problem spots.
    gist : str
        What may be read by all.
    text : str
        What was said; stays in the office.
    """

    code: str
    channel: str
    received_on: str
    place: XY | None
    about: str
    gist: str
    text: str

    @property
    def attributes(self) -> dict[str, Value]:
        """The fields that are filled when it comes in."""
        return {
            "code": self.code,
            "gist": self.gist,
            "text": self.text,
            "channel": self.channel,
            "received_on": self.received_on,
            "about": self.about or None,
        }


# One block a comment: which way and when, where and about what; the gist; what was said.
# fmt: off
COMMENTS: tuple[Comment, ...] = (
    Comment("C01", "notice-board", "2020-04-23", (382.0, 306.0), "T03,T04",
     "希望拆开煤场围墙，把环北路和环东路连起来",
     "煤场早就不用了，围墙挡在那里，去东门要绕一大圈。"),
    Comment("C02", "meeting", "2020-04-28", (398.0, 312.0), "T05",
     "打通道路占了绿地，要求在附近补上",
     "业主会议发言：路可以修，绿地不能越修越少。"),
    Comment("C03", "phone", "2020-05-06", (132.0, LANES["n8"] + 6.0), "T10",
     "8至10号楼晚上没处停车，希望在楼北划车位",
     "来电人住8号楼2单元302室，回电 138-0000-0000（号码、房号均为虚构）。下班回来转两圈也停不下。"),
    Comment("C04", "notice-board", "2020-04-26", DEAD_ENDS["中一巷东端"], "T06",
     "希望把中一巷打通到中心广场",
     "车开到头只能倒出来。"),
    Comment("C05", "group", "2020-06-02", (324.0, NORTH_ROAD + 7.0), "T10,R2-2",
     "环北路北侧新车位占了绿地，请恢复",
     "群里多人跟帖：那排树下是我们夏天乘凉的地方。"),
    Comment("C06", "site-office", "2020-06-05", (189.5, 166.0), "T11",
     "广场和社区用房有台阶，轮椅和婴儿车上不去",
     "来访人推轮椅，家住15号楼1单元101室（虚构）。"),
    Comment("C07", "group", "2020-06-09", (131.5, 156.0), "",
     "买了电动汽车，小区里没有充电车位",
     "现在从三楼窗户拉线下来充电，知道不安全，没有别的办法。"),
    Comment("C08", "door", "2020-06-11", (284.0, 191.0), "",
     "车棚漏雨，电动自行车没有充电的地方",
     "入户登记：愿意交充电费，联系电话 139-0000-0001（虚构）。"),
    Comment("C09", "phone", "2020-06-15", (61.0, 288.5), "D07",
     "楼北污水井夏天返味，化粪池多年没有清掏",
     "来电人住1号楼3单元102室（虚构），要求到现场看。"),
    Comment("C10", "meeting", "2020-06-20", (236.0, LANES["n8"] - 5.0), "T09",
     "消防车进不了北三巷，请划线禁停",
     "座谈会上提出：去年有一次救护车也没能开进来。"),
    Comment("C11", "notice-board", "2020-06-22", None, "",
     "希望加装电梯",
     "留言条，署名六楼老住户。"),
    Comment("C12", "site-office", "2020-06-24", (226.0, 166.0), "T11",
     "广场晚上暗，没有地方坐",
     "来访人希望多装几盏灯，凳子要带靠背。"),
    Comment("C13", "notice-board", "2020-07-08", (57.0, LANES["n8"] + 4.0), "T07,D05",
     "8号楼希望北三巷西端与环西路接通",
     "留言条：断头处又积水又没法掉头。"),
    Comment("C14", "phone", "2020-07-13", (310.0, NORTH_ROAD + 9.5), "R2-2",
     "新车位车灯夜里照进一楼窗户，希望种绿篱挡一挡",
     "来电人住6号楼4单元101室，电话 137-0000-0002（虚构）。"),
)
# fmt: on


def draw_comments(board: Draft, until: str) -> None:
    """Draw the comments received until a day (ISO date) that are not drawn yet."""
    for comment in COMMENTS:
        if comment.received_on <= until and not board.has("comment", comment.code):
            place = None if comment.place is None else Point(comment.place)
            board.add("comment", comment.code, place, **comment.attributes)


def reply(board: Draft, code: str, outcome: str, text: str, on: str) -> None:
    """Give a comment its outcome and the reply of the office."""
    board.edit("comment", code, outcome=outcome, reply=text, answered_on=on)
