"""What forms that compare a file with the plan have in common: rows to tick, and the look at one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import shapely

from gis.exchange.source import Source
from gis.exchange.update import UpdateRow
from gis.i18n import tr
from gis.progress import Progress
from layers.changes import ChangeSet, Key
from layers.errors import Finding, PlanboardError
from layers.packed_changes import PackedChanges
from layers.snapshot import Snapshot
from layers.text import Text
from ui.imports.import_form import ImportForm
from ui.imports.update_list import UpdateList
from ui.models.coordinates import roomy
from ui.models.proposal import Proposal, as_array
from ui.session import Session
from ui.tasks import Tasks


@dataclass(frozen=True)
class Ticked:
    """What comes in as it is ticked, and its preview."""

    changes: ChangeSet
    proposal: Proposal


class UpdateForm(ImportForm):
    """An import whose rows can be compared with the plan and ticked one by one."""

    def __init__(self, session: Session, tasks: Tasks, name: str) -> None:
        super().__init__(session, tasks, name)
        self.updates = UpdateList()
        self.ticked: Ticked | None = None
        self.updates.ticked.connect(self._on_ticked)
        self.updates.row_chosen.connect(self._look_at_row)
        self.findings.finding_chosen.connect(self._look_at)

    def add_comparison(self) -> None:
        """Add the pages of the comparison and of the findings, which come last."""
        self._update_page = self.add_page(Text("对比", "Comparison"), self.updates)
        self.add_page(Text("发现", "Findings"), self.findings)
        self.name_page(self._update_page, "", shown=False)
        self.show_findings(())
        self.go.setText(tr("导入", "Import"))

    @property
    def busy(self) -> bool:
        """Whether something is being read or worked out, or a tick waits to be."""
        return super().busy or self.updates.pending

    def chooser(self) -> Callable[[frozenset[Key]], Ticked] | None:
        """Return what works out, beside the window, what comes in without some rows; None before it can."""
        return None

    def show_ticked(self, *, again: bool = False) -> None:
        """Preview what is ticked, and say on the button how much that is; nothing before that is known."""

    def shape_of_row(self, row: UpdateRow) -> shapely.Geometry | None:
        """Return where what a row is about will lie, or lies."""
        return None

    def shape_of_finding(self, finding: Finding) -> shapely.Geometry | None:
        """Return where the record of a finding lies in the plan, if that can be told."""
        return None

    def show_rows(
        self, rows: Sequence[UpdateRow], dropped: frozenset[Key], titles: Mapping[str, str] | None = None
    ) -> None:
        """List what the file changes; `titles` of layers if there are several."""
        self.updates.fill(rows, dropped, titles)
        self.name_page(self._update_page, tr("对比 {n}", "Comparison {n}", n=len(rows)), shown=bool(rows))

    def open_comparison(self) -> None:
        """Show the page of the comparison."""
        self.open_page(self._update_page)

    def preview_ticked(self, findings: Sequence[Finding], nothing: Text, *, again: bool = False) -> None:
        """Show what is ticked on the map; say what is doubtful about it, or that it is nothing."""
        if self.ticked is None:
            return
        count = len(self.ticked.changes.features)
        self.preview(self.ticked.proposal, again=again)
        self.go.setText(tr("导入 {n} 个", "Import {n}", n=f"{count:,}") if count else tr("导入", "Import"))
        self.go.setEnabled(count > 0)
        if count:
            self.show_doubt(findings)
        else:
            self.show_problem(nothing)

    def on_failed(self, error: PlanboardError) -> None:
        """Say what is wrong; the choices stay open."""
        self.ticked = None
        self.updates.fill(())
        self.name_page(self._update_page, "", shown=False)
        super().on_failed(error)

    def _on_ticked(self) -> None:
        choose, dropped = self.chooser(), self.updates.dropped
        if choose is None:
            return

        def work(progress: Progress) -> Ticked:
            progress.check()
            return choose(dropped)

        def done(ticked: Ticked) -> None:
            self.ticked = ticked
            self.show_ticked()

        self.begin_quietly(work, done)

    def _look_at_row(self, row: UpdateRow) -> None:
        self._show_shape(self.shape_of_row(row))

    def _look_at(self, finding: Finding) -> None:
        self._show_shape(self.shape_of_finding(finding))

    def _show_shape(self, shape: shapely.Geometry | None) -> None:
        proposal = self.session.proposal
        if shape is not None and proposal is not None:
            self.session.propose(proposal.with_focus(as_array([shape])))
            self.session.zoom_requested.emit(roomy(shape.bounds))


def count_fates(changes: ChangeSet) -> tuple[int, int, int]:
    """Return how many features are new, updated and removed."""
    packed = PackedChanges.of(changes.features)
    others = packed.others.values()
    fresh = sum(map(len, packed.come.values())) + sum(change.before is None for change in others)
    gone = sum(map(len, packed.go.values())) + sum(change.after is None for change in others)
    return fresh, len(changes.features) - fresh - gone, gone


def with_removed(told: Text, gone: int) -> Text:
    """Return what is told of an import, with how many features it removes."""
    return Text("{t}，移除 {n}", "{t}, {n} removed").format(t=told, n=gone) if gone else told


def shape_in_plan(source: Source, record: int, snapshot: Snapshot) -> shapely.Geometry | None:
    """Return where a record of a file would lie in the plan, or None."""
    from gis.crs import transform

    if not source.crs or record not in source.records:
        return None
    one = source.geometry[[source.records.index(record)]]
    if shapely.is_missing(one).all():
        return None
    shape: shapely.Geometry = transform(one, source.crs, snapshot.crs)[0]
    return shape
