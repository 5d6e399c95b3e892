"""What was imported into the project so far, and what was found; it can be exported as a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QWidget
from shapely import Point

from gis.exchange.import_records import ImportRecord, records_of
from gis.i18n import language, tr
from gis.import_sheets import counts_words, import_sheets
from gis.progress import Progress
from layers.errors import Finding
from layers.text import Text
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.table_choice import TableChoice, ask_table, masks_told
from ui.imports.finding_search import FindingSearch
from ui.models.coordinates import roomy
from ui.models.words import moment_words
from ui.opening import reveal
from ui.panels.parts import label
from ui.session import Session
from ui.tasks import Tasks

_NEAR_M: Final = 0.5
_GAP_PX: Final = 12


class ImportRecordsDialog(FormDialog):
    """Imports on the left, the newest first; the findings of the chosen one on the right."""

    def __init__(self, parent: QWidget, session: Session, tasks: Tasks, folder: Path) -> None:
        super().__init__(
            parent,
            Text("导入记录和发现", "Imports and findings"),
            Text(
                "每次导入的统计和发现都保存在项目中；撤销导入时一并撤销。",
                "What each import brought and found stays with the project, and goes with its undo.",
            ),
            Text("导出表格…", "Export a sheet …"),
            900,
        )
        self._session, self._tasks, self._folder = session, tasks, folder
        self.records: tuple[ImportRecord, ...] = (
            records_of(session.project.snapshot) if session.project is not None else ()
        )
        self.imports = QListWidget()
        self.imports.setWordWrap(True)
        self.imports.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.findings = FindingSearch()
        self.findings.looked_at.connect(self._look_at)
        for record in self.records:
            item = QListWidgetItem(
                f"{record.file}\n{tr(moment_words(record.when))}  ·  {tr(counts_words(record))}"
            )
            item.setData(Qt.ItemDataRole.UserRole, record)
            self.imports.addItem(item)
        self.imports.currentItemChanged.connect(lambda now, _: self._show(now))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.imports)
        split.addWidget(self.findings)
        split.setSizes([300, 560])
        split.setChildrenCollapsible(False)
        split.setHandleWidth(_GAP_PX)
        split.setMinimumHeight(360)
        self.nothing = label(tr("还没有导入过数据。", "Nothing was imported yet."), "soft")
        self.body.addWidget(self.nothing)
        self.body.addWidget(split, 1)
        self.nothing.setVisible(not self.records)
        split.setVisible(bool(self.records))
        self._cancel.setText(tr("关闭", "Close"))
        self.go.setEnabled(bool(self.records))
        self.imports.setCurrentRow(0)

    def submit(self) -> None:
        """Ask for a file and write all imports and findings there."""
        suggested = self._folder / f"{tr('导入发现', 'import-findings')}.xlsx"
        choice = ask_table(self, Text("导出导入发现", "Export the import findings"), suggested)
        if choice is not None:
            self.export_to(choice)

    def export_to(self, choice: TableChoice) -> None:
        """Write all imports and findings in the background."""
        session, records = self._session, self.records
        project = session.project
        if project is None:
            return
        snapshot = project.snapshot

        def work(progress: Progress) -> tuple[Path, Text]:
            from gis.revisions.sheet_writing import write_sheets
            from gis.roster import masks_for

            progress.check()
            masks = masks_for(snapshot, project.path, internal=choice.internal)
            sheets = import_sheets(records, snapshot)
            return write_sheets(sheets, choice.out, language(), masks)[0], masks_told(masks)

        def done(written: tuple[Path, Text]) -> None:
            out, became = written
            acts = [(Text("打开所在文件夹", "Show in folder"), lambda: reveal(out))]
            words = Text("已导出：{n}（{b}）", "Exported: {n} ({b})").format(n=out.name, b=became)
            session.offer(words, acts, "success")

        self._tasks.run(Text("导出导入发现", "Exporting the findings"), work, done)
        self.accept()

    def _show(self, item: QListWidgetItem | None) -> None:
        record = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(record, ImportRecord):
            self.findings.show_findings(record.findings, record.more)

    def _look_at(self, finding: Finding) -> None:
        """Go to the place of a finding, and mark what of its layer lies there."""
        snapshot, place = self._session.snapshot, finding.place
        if snapshot is None or place is None:
            return
        layer = snapshot.layers.get(finding.layer or "")
        if layer is not None and len(layer.table):
            point = np.array([Point(place)], dtype=object)
            _, rows = layer.table.tree.query(point, predicate="dwithin", distance=_NEAR_M)
            self._session.select([(layer.id, layer.table.uids[int(row)]) for row in rows[:1]])
        self._session.zoom_requested.emit(roomy((*place, *place)))
        self.accept()
