"""Freezing the working plan: what the revision is called and what it says."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from gis.i18n import tr
from gis.project import Project
from gis.revisions.chapters import parent_of, revisions_to
from layers.revision import MAIN, WORKING, next_label
from layers.text import Text, counted
from ui.dialogs.form_dialog import FormDialog
from ui.panels.check_line import CheckLine
from ui.panels.parts import label
from ui.plan_check import PlanCheck


class FreezeDialog(FormDialog):
    """Asks for label, title, note and author.

    Signals
    -------
    chosen(str, str, str, str)
    findings_requested()
        The user wants to read what the check found.
    """

    chosen = pyqtSignal(str, str, str, str)

    findings_requested = pyqtSignal()

    def __init__(self, parent: QWidget, project: Project, author: str, check: PlanCheck) -> None:
        super().__init__(
            parent,
            Text("冻结为新版次", "Freeze a revision"),
            Text(
                "版次一旦冻结就不再改变，可以随时查看、比较、发布和出图；当前方案可以继续编辑。",
                "A revision never changes again. It can be viewed, compared, published and drawn any time; "
                "the working plan can be edited on.",
            ),
            Text("冻结", "Freeze"),
            520,
        )
        self.label = QLineEdit(_next_label(project))
        self.label.setMaximumWidth(120)
        self.label.setPlaceholderText(tr("自动编号", "automatic"))
        self.title = QLineEdit(tr(_next_title(project)))
        self.note = QPlainTextEdit()
        self.note.setFixedHeight(96)
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText(tr("改了什么、为什么改", "What changed, and why"))
        self.author = QLineEdit(author)
        self.author.setPlaceholderText(tr("设计单位或经办人", "Design office or person"))
        self.add_row(Text("版次", "Label"), self.label)
        self.add_row(Text("名称", "Title"), self.title)
        self.add_row(Text("修改说明", "Note"), self.note)
        self.add_row(Text("编制", "Author"), self.author)
        self.body.addWidget(label(tr(_since(project)), "soft", wrap=True))
        self.check = CheckLine(check)
        self.check.list_requested.connect(self._show_findings)
        self.check.ask(WORKING)
        self.body.addWidget(self.check)
        self.title.setFocus()
        self.title.selectAll()

    def _show_findings(self) -> None:
        self.reject()
        self.findings_requested.emit()

    def submit(self) -> None:
        if not self.title.text().strip():
            self.show_problem(Text("请填写版次名称。", "Enter a title."))
            self.title.setFocus()
            return
        texts = (self.label.text(), self.title.text(), self.note.toPlainText(), self.author.text())
        self.chosen.emit(*(text.strip() for text in texts))
        self.accept()


def _next_label(project: Project) -> str:
    """Return the label that freezing would give of itself."""
    labels = (revision.label for revision in project.revisions)
    return next_label(labels, project.branch, parent_of(project, WORKING) or "")


def _next_title(project: Project) -> Text:
    """Count the line that leads here: drafts of an alternative, or a colleague's, are none of this plan."""
    line = revisions_to(project, WORKING)
    number = sum(revision.branch == project.branch for revision in line) + 1
    if project.branch == MAIN:
        return Text("公示稿 第{n}版", "Posted draft {n}").format(n=number)
    return Text("{b} 第{n}稿", "{b}, draft {n}").format(b=project.branch, n=number)


def _since(project: Project) -> Text:
    """Say how much was changed since the last revision: freezing twice is easily done."""
    last = parent_of(project, WORKING)
    if last is None:
        return Text("这是第一版。", "This is the first revision.")
    changed = len(project.changes_between(last, WORKING).features)
    if not changed:
        return Text("提示：自 {l} 以来没有任何修改。", "Note: nothing has changed since {l}.").format(l=last)
    count = counted(changed, " {n} 个对象", "{n} object", "{n} objects")
    return Text("自 {l} 以来修改了{n}。", "{n} changed since {l}.").format(l=last, n=count)
