"""What is done in the background once an export is asked for, and what is said about it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from gis.exchange.export import ExportResult, export
from gis.exchange.extract import Extract, extracted
from gis.exchange.folder_export import export_folder
from gis.exchange.personal_fields import PersonalField, without_personal
from gis.exchange.written import Writer
from gis.i18n import language
from gis.progress import Progress
from gis.project import Project
from gis.revisions.comparison import Comparison
from layers.snapshot import Snapshot
from layers.text import Text, counted
from ui.dialogs.export_formats import CHANGES, FOLDER, ExportFormat
from ui.dialogs.table_choice import masks_told
from ui.opening import reveal
from ui.session import Session

_MOST_TOLD: Final = 2


class Exported(NamedTuple):
    """What lies on disk, and what became of personal data in a table."""

    result: ExportResult
    became: Text | None


@dataclass(frozen=True)
class ExportWork:
    """Everything that was answered in the form, for a worker.

    Parameters
    ----------
    project : Project
    state : Snapshot
        As it is, before anything is taken out of it.
    comparison : Comparison, optional
        What a list of changes is made of.
    entry : ExportFormat
    out : Path
    wish : Extract
    formats : tuple of str
        Those of a folder.
    personal : tuple of PersonalField
        To be left out.
    internal : bool
        Whether a list of changes keeps personal data.
    writer : Writer, optional
    """

    project: Project
    state: Snapshot
    comparison: Comparison | None
    entry: ExportFormat
    out: Path
    wish: Extract
    formats: tuple[str, ...]
    personal: tuple[PersonalField, ...]
    internal: bool
    writer: Writer | None

    def run(self, progress: Progress) -> Exported:
        """Write what was asked for."""
        progress.step(0.0, Text("正在准备数据", "Preparing the data"))
        if self.entry.name == CHANGES and self.comparison is not None:
            return self._changes(self.comparison)
        state = extracted(self.state, self.wish, self.entry.ending, progress.part(0.0, 0.1))
        state = without_personal(state, self.personal)
        part = progress.part(0.1, 1.0)
        if self.entry.name == FOLDER:
            return Exported(export_folder(state, self.out, self.formats, progress=part), None)
        forbidden = [self.project.path]
        result = export(state, self.out, forbidden=forbidden, writer=self.writer, progress=part)
        return Exported(result, None)

    def _changes(self, comparison: Comparison) -> Exported:
        from gis.revisions.change_table import write_changes
        from gis.roster import masks_for

        masks = masks_for(self.project.snapshot, self.project.path, internal=self.internal)
        files = write_changes(comparison, self.state, self.out, language(), masks)
        return Exported(ExportResult(files, {}, ()), masks_told(masks))

    def tell(self, session: Session, done: Exported) -> None:
        """Say what was written and where, what did not fit, and offer to show it."""
        result, became = done
        files, count = result.files, sum(result.counts.values())
        shown = files[0] if files else self.out
        kinds = counted(len(files), "{n} 个文件", "{n} file", "{n} files")
        words = Text("已导出：{n}（{c} 个对象，{f}）", "Exported: {n} ({c} features, {f})")
        if became is not None:
            words = Text("已导出：{n}（{b}）", "Exported: {n} ({b})")
        elif not count:
            words = Text("已导出：{n}", "Exported: {n}")
        name = self.out.name if self.out.exists() else shown.name
        told = words.format(n=name, b=became or "", c=f"{count:,}", f=kinds)
        where = Text("在 {p}", "In {p}").format(p=self.out.absolute().parent)
        acts = [(Text("打开所在文件夹", "Show in folder"), lambda: reveal(shown))]
        session.offer(told, acts, "success", where)
        doubts = [finding for finding in result.findings if finding.severity != "info"]
        for finding in doubts[:_MOST_TOLD]:
            layer = self.state.layers.get(finding.layer or "")
            words = finding.message
            if layer is not None:
                words = Text("{l}：{w}", "{l}: {w}").format(l=layer.title, w=words)
            session.tell(words, "warning")
        if len(doubts) > _MOST_TOLD:
            more = Text("还有 {n} 处没有写全。", "{n} more did not fit.")
            session.tell(more.format(n=len(doubts) - _MOST_TOLD), "warning")
