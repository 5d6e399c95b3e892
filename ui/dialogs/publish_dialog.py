"""Publishing a page: which revision, for whom, and what exactly will be public."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QGridLayout, QWidget

from gis.i18n import tr
from gis.progress import Progress
from gis.project import Project
from gis.publish.profile import PROFILES
from layers.errors import PlanboardError
from layers.text import Text
from ui.dialogs.form_dialog import PathField
from ui.dialogs.output_dialogs import OutputDialog, file_stem, with_ending
from ui.panels.check_line import CheckLine
from ui.panels.parts import column, label
from ui.panels.review_view import ReviewView
from ui.plan_check import PlanCheck
from ui.tasks import Task, Tasks

if TYPE_CHECKING:
    from gis.publish.review import Review

_SETTLE_MS = 120
_REVIEW_PX = (430, 300)


class PublishDialog(OutputDialog):
    """Asks what to publish as a page, and shows what will be public before anything is written.

    Signals
    -------
    chosen(str, str, str, Path)
        Revision, compared with (may be empty), profile, file.
    findings_requested(str)
        The user wants to read what the check of a state found.
    """

    chosen = pyqtSignal(str, str, str, object)
    findings_requested = pyqtSignal(str)

    def __init__(
        self, parent: QWidget, project: Project, view: str, folder: Path, tasks: Tasks, check: PlanCheck
    ) -> None:
        super().__init__(
            parent,
            project,
            view,
            Text("发布网页", "Publish page"),
            Text(
                "生成一个网页文件，手机和电脑离线都能打开。只发布允许公开的内容；写文件之前，先在右侧核对。",
                "Makes one page file that phones and computers open without a network. Only what may be "
                "public is published; look at it on the right before the file is written.",
            ),
            Text("发布", "Publish"),
        )
        self._folder, self._tasks = folder, tasks
        self._task: Task | None = None
        self.reviewed: tuple[str, str, str] | None = None
        self.profile = QComboBox()
        for profile in PROFILES.values():
            self.profile.addItem(tr(profile.title), profile.name)
        self.path = PathField(folder, Text("网页文件", "Page file"), "HTML (*.html)")
        self.add_row(Text("保存到", "File"), self.path, self.path.browse)
        self.add_row(Text("面向", "For"), self.profile)
        self.check = CheckLine(check)
        self.check.list_requested.connect(self._show_findings)
        self.body.addWidget(self.check)
        self.body.addStretch(1)
        self._add_review()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._read)
        for combo in (self.revision, self.compare, self.profile):
            combo.currentIndexChanged.connect(self._on_choice)
        self.finished.connect(self._stop)
        self.suggest()
        self._on_choice()

    def suggest(self) -> None:
        name = file_stem(self.project, str(self.revision.currentData()))
        self.path.setText(str(self._folder / f"{name}.html"))

    def submit(self) -> None:
        if self.reviewed != self._choice():
            words = Text(
                "正在核对将要公开的内容，请看过右侧后再发布。",
                "What will be public is being looked up; read it on the right, then publish.",
            )
            self.show_problem(words)
            return
        self.chosen.emit(*self._choice(), with_ending(self.path.path, "html"))
        self.accept()

    def _add_review(self) -> None:
        """Put what will be public beside the form."""
        self.review = ReviewView()
        self.review.setMinimumSize(*_REVIEW_PX)
        self._state = label(role="section")
        right = column(self._state, spacing=6)
        right.addWidget(self.review, 1)
        beside = QGridLayout()
        beside.setHorizontalSpacing(20)
        whole = self.layout()
        assert whole is not None
        whole.removeItem(self.body)
        beside.addLayout(self.body, 0, 0)
        beside.addLayout(right, 0, 1)
        beside.setColumnStretch(0, 2)
        beside.setColumnStretch(1, 3)
        whole.insertLayout(2, beside, 1)  # type: ignore[attr-defined]
        self.resize(980, 560)

    def _choice(self) -> tuple[str, str, str]:
        return (
            str(self.revision.currentData()),
            str(self.compare.currentData() or ""),
            str(self.profile.currentData()),
        )

    def _on_choice(self) -> None:
        self.show_problem(None)
        self.go.setEnabled(True)
        self._state.setText(tr("正在核对将要公开的内容…", "Looking up what will be public…"))
        self._settle.start()

    def _read(self) -> None:
        """Look up in the background what will be public."""
        choice = self._choice()
        revision, compare, profile = choice
        self.check.ask(revision)
        self._stop()

        def work(progress: Progress) -> Review:
            from gis.publish.publication import preview

            return preview(
                self.project, revision=revision, compare=compare or None, profile=profile, progress=progress
            )

        self._task = self._tasks.run(
            Text("核对公开内容", "Looking up what is public"),
            work,
            lambda found: self._take(choice, found),
            lambda error: self._refuse(choice, error),
            quiet=True,
        )

    def _take(self, choice: tuple[str, str, str], review: Review) -> None:
        if not sip.isdeleted(self) and choice == self._choice():
            self.review.show_review(review)
            self._state.setText(tr(_summary(review)))
            self.reviewed = choice
            self.show_problem(None)

    def _refuse(self, choice: tuple[str, str, str], error: PlanboardError) -> None:
        if not sip.isdeleted(self) and choice == self._choice():
            self.review.clear()
            self._state.setText("")
            self.show_problem(error.message)
            self.go.setEnabled(False)

    def _show_findings(self) -> None:
        self.reject()
        self.findings_requested.emit(str(self.revision.currentData()))

    def _stop(self) -> None:
        if self._task is not None and self._task.under_way:
            self._task.cancel()


def _summary(review: Review) -> Text:
    """Say in one line what is public and what is not."""
    public = sum(layer.public for layer in review.layers)
    masked = sum(finding.code != "publish.layer" for finding in review.removed)
    return Text(
        "公开 {p} 个图层，不公开 {i} 个，去除或遮盖 {m} 处",
        "{p} layers public, {i} kept back, {m} things left out or masked",
    ).format(p=public, i=len(review.layers) - public, m=masked)
