"""Beginning an alternative: what it is called, and from where it starts."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from gis.i18n import tr
from gis.project import Project
from layers.revision import WORKING
from layers.text import Text
from ui.dialogs.form_dialog import FormDialog

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
                "比选方案有自己的修改和版次，随时可以切换、并列比较，最后采纳其中一个或一部分。现在的方案保持不变。",
                "An alternative has edits and revisions of its own. Switch, compare side by side, and adopt "
                "one or a part of it in the end. The plan as it is now stays.",
            ),
            Text("新建", "Create"),
            500,
        )
        self._taken = {branch.name for branch in project.branches}
        self.name = QLineEdit(_free_name(self._taken))
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
        if not name or name in self._taken:
            self.show_problem(
                Text("已有同名方案，请换一个名称。", "That name is taken; choose another.")
                if name
                else Text("请填写名称。", "Enter a name.")
            )
            self.name.setFocus()
            return
        self.chosen.emit(name, self.start.currentData(), self.switch.isChecked())
        self.accept()


def _free_name(taken: set[str]) -> str:
    """Return 方案A, or the next one that is free."""
    names = (tr("方案{l}", "Plan {l}", l=letter) for letter in _LETTERS)
    return next((name for name in names if name not in taken), "")
