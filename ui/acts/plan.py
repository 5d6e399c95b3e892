"""The acts about alternatives, merging, comments, findings and postings."""

from __future__ import annotations

from typing import Final

from layers.text import Text
from ui.acts.act import Action, Menu

COMPARING: Final = (
    Action(
        "compare.split",
        Text("左右对照", "Side by side"),
        "columns",
        ("Ctrl+\\",),
        "revision",
        Text("前后两张图同步移动和缩放", "Before and after, moving and zooming together"),
        checkable=True,
    ),
    Action(
        "compare.swipe",
        Text("卷帘对比", "Swipe between two"),
        "square-half",
        ("Ctrl+Shift+\\",),
        "revision",
        Text("拖动手柄看前后", "Drag the handle between before and after"),
        checkable=True,
    ),
    Action(
        "play.toggle",
        Text("播放或暂停", "Play or pause"),
        "play",
        ("F3",),
        "revision",
        Text("依次播放各版，标出每一步的变更", "Play through the revisions, each with its changes marked"),
    ),
    Action("play.back", Text("上一版", "Revision before"), "skip-back", ("[",), "revision"),
    Action("play.forward", Text("下一版", "Next revision"), "skip-forward", ("]",), "revision"),
    Action("play.faster", Text("播放快慢", "How fast"), "gauge", ("Shift+F3",), "revision"),
)
COMPARING_MENU: Final = Menu(
    Text("对照与播放", "See both, play through"),
    ("compare.split", "compare.swipe", "-", "play.toggle", "play.back", "play.forward", "play.faster"),
)

BRANCHES: Final = (
    Action(
        "branch.new",
        Text("新建比选方案…", "New alternative…"),
        "git-branch",
        need="writable",
        hint=Text("从任何一版开始，另起一个方案", "Begin another plan from any revision"),
    ),
    Action("branch.switch", Text("切换方案", "Switch alternative"), "swap", ("Ctrl+Shift+B",), "adoptable"),
    Action("branch.compare", Text("与另一方案比较", "Compare alternatives"), "git-diff", need="branches"),
    Action("branch.adopt", Text("采纳另一方案…", "Adopt an alternative…"), "git-merge", need="adoptable"),
    Action(
        "branch.adopt_selection",
        Text("只采纳所选对象…", "Adopt the selected objects…"),
        "selection-plus",
        need="adopt-selection",
        hint=Text("从另一方案取来所选对象", "Take the selected objects from the other alternative"),
    ),
    Action("branch.rename", Text("方案改名…", "Rename an alternative…"), "pencil-line", need="adoptable"),
    Action(
        "branch.remove",
        Text("删除方案…", "Remove an alternative…"),
        "trash",
        need="adoptable",
        hint=Text("已冻结的版次保留，删除的方案可以取回", "Its revisions stay, and it can be brought back"),
    ),
    Action(
        "merge.file",
        Text("合并同事的副本…", "Merge a colleague's copy…"),
        "git-merge",
        need="writable",
        hint=Text("逐条列出带来的修改和冲突", "Lists what comes in, and conflicts one by one"),
    ),
)

BRANCHES_MENU: Final = Menu(
    Text("比选方案", "Alternatives"),
    (
        "branch.new",
        "branch.switch",
        "branch.compare",
        "-",
        "branch.adopt",
        "branch.adopt_selection",
        "-",
        "branch.rename",
        "branch.remove",
    ),
)

REASONS: Final = (
    Action(
        "findings.show",
        Text("发布前检查", "Check the plan"),
        "shield-check",
        ("Shift+F8",),
        "project",
        Text("没有理由的修改、无回应的问题、越界和重叠", "No reason, no answer, outside, overlaps"),
    ),
    Action(
        "changes.reason",
        Text("写明修改理由", "Give a change its reason"),
        "pencil-line",
        ("Ctrl+Alt+W",),
        "revision",
        Text(
            "所选变更为什么修改；没有选中时找到第一处没有理由的",
            "Of what is chosen, or the first without one",
        ),
    ),
    Action("postings.show", Text("公示记录", "Postings"), "push-pin", ("Shift+F9",), "project"),
    Action(
        "changes.export",
        Text("导出变更表…", "Export the changes…"),
        "export",
        need="comparison",
        hint=Text("Excel、CSV 或 GeoJSON", "Excel, CSV or GeoJSON"),
    ),
    Action(
        "comments.show", Text("居民意见列表", "Comment list"), "chat-circle-text", ("Shift+F7",), "project"
    ),
    Action(
        "comments.add", Text("添加居民意见…", "Add a comment…"), "note-pencil", ("Ctrl+Shift+N",), "editable"
    ),
    Action(
        "comments.paste",
        Text("粘贴居民意见", "Paste a comment"),
        "clipboard-text",
        ("Ctrl+Alt+V",),
        "editable",
        Text("从网页上复制、在群里发来的意见", "One copied from the page and sent in a chat"),
    ),
    Action(
        "ledger.show",
        Text("你提了什么，我们改了什么", "What you said, what we changed"),
        "book-open",
        ("Shift+F6",),
        "project",
    ),
    Action("ledger.export", Text("导出台账…", "Export the ledger…"), "export", need="project"),
)
