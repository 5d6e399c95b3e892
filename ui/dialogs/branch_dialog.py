"""Alternatives: beginning one, giving it another name, removing it."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QSizePolicy, QWidget

from gis.i18n import tr
from gis.project import Project
from layers.errors import PlanboardError
from layers.revision import WORKING, Removal
from layers.text import Text, same
from ui.dialogs.form_dialog import FormDialog
from ui.panels.parts import label

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class BranchDialog(FormDialog):
    """Asks for name and start of an alternative.

    Signals
    -------
    chosen(str, str, bool)
        Name, label of the revision (``"working"``: as the plan is now), whether to go there at once.
    """

    chosen = pyqtSignal(str, str, bool)

    def __init__(self, parent: QWidget, project: Project, start: str) -> None:
        super().__init__(
            parent,
            Text("新建比选方案", "New alternative"),
            Text(
                "比选方案有自己的修改和版次，随时可以切换、并列比较，最后采纳其中一个或一部分。现在的方案保持不变。"
                "居民意见和问题点各方案共用一份。",
                "An alternative has edits and revisions of its own. Switch, compare side by side, and adopt "
                "one or a part of it in the end. The plan as it is now stays. Comments and problem spots are "
                "common to all alternatives.",
            ),
            Text("新建", "Create"),
            500,
        )
        self._project = project
        self.name = QLineEdit(_free_name({branch.name for branch in project.branches}))
        self.start = QComboBox()
        self.start.addItem(
            tr("当前方案（含未冻结的修改）", "The plan as it is now, unfrozen edits too"), WORKING
        )
        for revision in reversed(project.revisions):
            self.start.addItem(f"{revision.label}  {revision.title}", revision.label)
        self.start.setCurrentIndex(max(0, self.start.findData(start)))
        self.switch = QCheckBox(tr("建好后切换到新方案", "Switch to it at once"))
        self.switch.setChecked(True)
        self.add_row(Text("名称", "Name"), self.name)
        self.add_row(Text("起点", "Begins from"), self.start)
        self.body.addWidget(self.switch)
        self.name.setFocus()
        self.name.selectAll()

    def submit(self) -> None:
        name = self.name.text().strip()
        problem = _problem(self._project, name)
        if problem is not None:
            self.show_problem(problem)
            self.name.setFocus()
            return
        self.chosen.emit(name, self.start.currentData(), self.switch.isChecked())
        self.accept()


class RenameBranchDialog(FormDialog):
    """Asks for another name of an alternative.

    Signals
    -------
    chosen(str, str)
        Its name so far, and the new one.
    """

    chosen = pyqtSignal(str, str)

    def __init__(self, parent: QWidget, project: Project, old: str) -> None:
        super().__init__(
            parent,
            Text("比选方案改名", "Rename the alternative"),
            Text(
                "只改名称：内容、版次和撤销记录都不变。已有的版次号不变。",
                "Only the name changes: content, revisions with their labels, and undo stay.",
            ),
            Text("改名", "Rename"),
        )
        self._project, self._old = project, old
        self.name = QLineEdit(old)
        self.add_row(Text("原名", "So far"), _words(old, wrap=False))
        self.add_row(Text("新名称", "New name"), self.name)
        self.name.setFocus()
        self.name.selectAll()

    def submit(self) -> None:
        """Take the name if it will do."""
        name = self.name.text().strip()
        problem = _problem(self._project, name, self._old)
        if problem is not None:
            self.show_problem(problem)
            self.name.setFocus()
            return
        self.chosen.emit(self._old, name)
        self.accept()


class RemoveBranchDialog(FormDialog):
    """Says what removing an alternative takes away and what stays; nothing happens before it is confirmed.

    Signals
    -------
    chosen(str)
    """

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget, removal: Removal) -> None:
        super().__init__(
            parent,
            Text("删除比选方案“{b}”", "Remove the alternative “{b}”").format(b=removal.name),
            Text(
                "方案从时间轴和各列表中去掉。以后可以从比选方案菜单取回。",
                "It goes from the timeline and all lists. The menu of alternatives can bring it back.",
            ),
            Text("删除方案", "Remove it"),
            500,
        )
        self._name = removal.name
        self.gone, self.stay = _words(tr(_gone(removal))), _words(tr(_kept(removal)))
        self.add_row(Text("移走", "Goes"), self.gone)
        self.add_row(Text("保留", "Stays"), self.stay)
        self.go.setProperty("role", "danger")
        self.be_cautious()

    def submit(self) -> None:
        """Do it."""
        self.chosen.emit(self._name)
        self.accept()


def _words(text: str, *, wrap: bool = True) -> QLabel:
    """Return words beside a caption, on one line with it."""
    made = label(text, wrap=wrap)
    if not wrap:  # one line takes no spare height
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    made.setContentsMargins(0, 7, 0, 0)
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    return made


def _gone(removal: Removal) -> Text:
    if not removal.unfrozen:
        return Text("没有未冻结的修改", "no unfrozen edits")
    one = removal.unfrozen == 1
    words = Text("未冻结的修改 {n} 处", "{n} unfrozen edit" if one else "{n} unfrozen edits")
    return words.format(n=removal.unfrozen)


def _kept(removal: Removal) -> Text:
    if not removal.revisions:
        return Text(
            "其他方案、全部版次；意见和问题点（各方案共用）",
            "the other plans and all revisions; comments and problem spots, which are common to all",
        )
    return Text(
        "版次 {r}：仍可查看、比较、发布和恢复；意见和问题点（各方案共用）",
        "revisions {r}: to view, compare, publish and restore; comments and problem spots, which are common"
        " to all",
    ).format(r=Text("、".join(removal.revisions), ", ".join(removal.revisions)))


def _problem(project: Project, name: str, old: str | None = None) -> Text | None:
    """Return why an alternative cannot be called so, or None."""
    if not name:
        return Text("请填写名称。", "Enter a name.")
    try:
        project.check_branch_name(name, old)
    except PlanboardError as error:
        advice = error.advice or same("")
        return Text(error.message.zh + advice.zh, f"{error.message.en} {advice.en}".strip())
    return None


def _free_name(taken: set[str]) -> str:
    """Return 方案A, or the next one that is free."""
    names = (tr("方案{l}", "Plan {l}", l=letter) for letter in _LETTERS)
    return next((name for name in names if name not in taken), "")
