"""The three posted revisions, each an answer to problem spots, and what came after.

R1 answers the kindergarten and sets the first inlets in the north; R2 joins
dead ends and enlarges the northern drain; R3 follows the comments on R2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sample_data.draft import Draft
from sample_data.first_posting import draw_first
from sample_data.second_posting import draw_second
from sample_data.third_posting import draw_third, draw_working

__all__ = ["REVISIONS", "Posting", "draw_working"]

AUTHOR = "设计单位(示例)"


@dataclass(frozen=True)
class Posting:
    """The words of a revision, and the function that draws it on the board."""

    label: str
    title: str
    note: str
    author: str
    draw: Callable[[Draft], None]
    posted: str


REVISIONS: tuple[Posting, ...] = (
    Posting(
        "R1",
        "公示稿 第1版",
        "2020年4月20日张贴。幼儿园接送环线与临停车位，北区首批雨水口。",
        AUTHOR,
        draw_first,
        "2020-04-20T09:00:00+08:00",
    ),
    Posting(
        "R2",
        "公示稿 第2版",
        "2020年5月28日张贴。打通环路东北角和南二巷，北干管扩径，车位与绿地相应调整。",
        AUTHOR,
        draw_second,
        "2020-05-28T09:00:00+08:00",
    ),
    Posting(
        "R3",
        "公示稿 第3版",
        "2020年7月10日张贴。按公示意见恢复绿地，增设无障碍坡道、充电车位和雨水口，改造中心广场。",
        AUTHOR,
        draw_third,
        "2020-07-10T09:00:00+08:00",
    ),
)
