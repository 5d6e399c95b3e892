"""Residents' comments 居民意见: what somebody said about the plan, and what became of it.

What was said stays inside; the gist, written by the office without names,
numbers or rooms, is what people read.
"""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import IMPORTED, PROBLEMS
from layers.schema import Field, choices
from layers.style import Label, Marker, Rule, Style
from layers.text import Text

CHANNELS = choices(
    notice_board=("宣传栏", "Notice board"),
    site_office=("指挥部", "Site office"),
    phone=("电话", "Phone"),
    group=("业主群", "Owners' group"),
    door=("入户", "Door-to-door visit"),
    meeting=("会议", "Meeting"),
)
OUTCOMES = choices(
    open=("待答复", "Open"),
    adopted=("采纳", "Adopted"),
    partly=("部分采纳", "Partly adopted"),
    not_adopted=("未采纳", "Not adopted"),
    out_of_scope=("不属本项目", "Out of scope"),
)
TAKEN_UP = ("adopted", "partly")
"""Outcomes that promise a change of the plan."""
DECIDED = (*TAKEN_UP, "not-adopted", "out-of-scope")
"""Outcomes that somebody was told, or must be told."""

COMMENTS = register(
    Kind(
        name="comment",
        title=Text("居民意见", "Residents' comments"),
        role="comment",
        geometry=("point",),
        fields=(
            Field("code", Text("意见编号", "Comment no."), public=True, codes="one"),
            Field("gist", Text("意见摘要", "Gist"), required=True, public=True),
            Field("text", Text("意见原文", "What was said"), "long_text"),
            Field("channel", Text("渠道", "Channel"), "choice", domain=CHANNELS),
            Field("received_on", Text("收到日期", "Received on"), "date"),
            Field("about", Text("所涉问题或变更", "About spots or changes"), public=True, codes="several"),
            Field(
                "outcome",
                Text("处理结果", "Outcome"),
                "choice",
                domain=OUTCOMES,
                default="open",
                required=True,
                public=True,
            ),
            Field("reply", Text("答复", "Reply"), "long_text", public=True),
            Field("answered_on", Text("答复日期", "Answered on"), "date", public=True),
            IMPORTED,
        ),
        style=Style(
            (
                Rule(
                    Text("已答复", "Answered"),
                    (
                        Marker(
                            "circle", 2.6, line=palette.COMMENT, line_mm=0.3, casing=palette.HALO, tick=True
                        ),
                    ),
                    {"outcome": DECIDED},
                ),
                Rule(
                    Text("待答复", "Open"),
                    (Marker("circle", 2.6, fill=palette.COMMENT, line=palette.HALO, casing=palette.HALO),),
                ),
            ),
            labels=(
                Label("{code}", 1.8, palette.COMMENT, placement="upper-right", priority=2, max_scale=1000),
            ),
        ),
        order=92,
        group=PROBLEMS,
        name_template="{code} {gist}",
        number_field="code",
        geometry_required=False,
        shown=False,
    )
)
