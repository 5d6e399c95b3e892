"""The private list of names, typed or read from the office's roster."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PyQt6 import sip
from PyQt6.QtWidgets import QFileDialog, QPlainTextEdit

from gis.exchange.table_ends import WORKBOOKS, patterns
from gis.i18n import tr
from layers.errors import PlanboardError
from layers.text import Text
from ui.dialogs.form_page import FormPage
from ui.dialogs.settings_draft import SettingsDraft
from ui.panels.parts import button, label, row
from ui.tasks import Tasks


class RosterPage(FormPage):
    """Names of people that are looked for in every text and masked; never published."""

    NAMES: Final = "publish.names"

    def __init__(self, draft: SettingsDraft, tasks: Tasks) -> None:
        super().__init__(
            Text("名单", "Roster"),
            Text(
                "一行一个姓名，也可以从花名册读取。公开的文字里出现这些姓名就会遮盖，例如“王**”。"
                "名单只留在项目文件里，不会发布。电话、身份证号、房号、车牌、邮箱总会遮盖，不用写在这里。",
                "One name a line, or read them from a roster. Where a public text names them they are "
                "masked. The list stays in the project file. Phone, identity-card and room numbers, plates "
                "and mail addresses are always masked.",
            ),
        )
        self._draft = draft
        self.names = QPlainTextEdit()
        self.names.setTabChangesFocus(True)
        given = draft.get(self.NAMES)
        self.names.setPlainText("\n".join(map(str, given)) if isinstance(given, list) else str(given or ""))
        self.names.setAccessibleName(tr("名单", "Roster"))
        self.names.textChanged.connect(self._keep)
        self.count = label(role="soft")
        self._tasks = tasks
        self.read = button(tr("从花名册读取…", "Read a roster…"), glyph="table")
        self.read.setAutoDefault(False)
        self.read.clicked.connect(self._ask_file)
        self.problem = label(role="error", wrap=True)
        self.problem.hide()
        self.add_wide(self.names, 1)
        self.add_wide(self.problem)
        self.add_wide(row(self.count, None, self.read))
        self._show_count()

    def add_from(self, path: Path) -> None:
        """Add the names that a workbook, a CSV table or a text file holds, read in the background."""
        from gis.roster import names_in_file

        def take(found: tuple[str, ...]) -> None:
            if not sip.isdeleted(self):
                known = self.names.toPlainText().splitlines()
                self.names.setPlainText("\n".join(dict.fromkeys([*filter(None, known), *found])))
                self.read.setEnabled(True)

        def fail(error: PlanboardError) -> None:
            if not sip.isdeleted(self):
                self.problem.setText(" ".join(tr(w) for w in (error.message, error.advice) if w is not None))
                self.problem.show()
                self.read.setEnabled(True)

        self.problem.hide()
        self.read.setEnabled(False)
        words = Text("读取花名册", "Reading the roster")
        self._tasks.run(words, lambda progress: names_in_file(path, progress), take, fail, quiet=True)

    def _ask_file(self) -> None:
        words = Text("花名册：Excel、CSV 或文本", "Roster: workbook, CSV or text")
        pattern = f"{tr(words)} ({patterns(*WORKBOOKS, '.csv', '.txt')})"
        name, _ = QFileDialog.getOpenFileName(self.window(), tr("花名册", "Roster"), "", pattern)
        if name:
            self.add_from(Path(name))

    def _keep(self) -> None:
        names = [line.strip() for line in self.names.toPlainText().splitlines() if line.strip()]
        self._draft.put(self.NAMES, list(dict.fromkeys(names)) or None)
        self._show_count()

    def _show_count(self) -> None:
        found = self._draft.get(self.NAMES)
        count = len(found) if isinstance(found, list) else 0
        self.count.setText(tr("共 {n} 个姓名", "Names: {n}", n=count))
